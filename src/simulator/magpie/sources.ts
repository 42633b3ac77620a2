import type { SimulatorRequest } from '../face.js';
import { brandOf, failureOf, hasExpired, isCardNumber, type MagpieCard, renderCard } from './cards.js';
import { MagpieRefusal } from './errors.js';
import { type FieldReader, type JsonMap, readBody } from './fields.js';
import { type MagpieState, timestamp } from './state.js';

const wallets = ['gcash', 'paymaya', 'wechat', 'alipay', 'unionpay', 'grabpay', 'instapay', 'qrph'] as const;
const banks = ['bpi', 'unionbank', 'metrobank', 'bdo', 'pnb', 'rcbc'] as const;
const types: readonly string[] = ['card', ...wallets, ...banks];
const bankTypes: ReadonlySet<string> = new Set(banks);

/** Where a payer is sent back to, and where the provider would notify. */
export interface SourceRedirect {
  success: string;
  fail: string;
  notify: string | null;
}

/** What is charged: a card, a wallet or a bank account. */
export interface MagpieSource {
  readonly id: string;
  readonly type: string;
  readonly card: MagpieCard | null;
  readonly redirect: SourceRedirect | null;
  readonly owner: JsonMap | null;
  readonly metadata: JsonMap;
  readonly createdAt: number;
  /** Saved for reuse. */
  readonly vaulted: boolean;
  used: boolean;
  updatedAt: number;
}

/** What a source is made of. */
export interface NewSource {
  type: string;
  card: MagpieCard | null;
  redirect: SourceRedirect | null;
  owner?: JsonMap | null;
  metadata?: JsonMap;
  vaulted?: boolean;
}

/** Whether a source is a bank account that is charged directly. */
export const isBank = (source: MagpieSource): boolean => bankTypes.has(source.type);

/** Keeps a source. */
export const addSource = (state: MagpieState, source: NewSource): MagpieSource => {
  const now = state.context.now();
  const added: MagpieSource = {
    id: state.context.ids.nextLowerCase('src_', 20),
    owner: null,
    metadata: {},
    vaulted: false,
    ...source,
    createdAt: now,
    used: false,
    updatedAt: now,
  };
  state.sources.set(added.id, added);
  return added;
};

const addressFields = {
  address_line1: 255,
  address_line2: 255,
  address_city: 255,
  address_state: 255,
  address_country: 255,
  address_zip: 50,
} as const;

/** A card, from a number that is not kept. */
export const makeCard = (
  state: MagpieState,
  number: string,
  details: Pick<MagpieCard, 'name' | 'expMonth' | 'expYear'> &
    Partial<Pick<MagpieCard, 'address' | 'challenge'>>,
): MagpieCard => ({
  address: Object.fromEntries(Object.keys(addressFields).map((name) => [name, null])),
  challenge: false,
  ...details,
  id: state.context.ids.nextLowerCase('card_', 20),
  last4: number.slice(-4),
  brand: brandOf(number),
  failureCode: failureOf(number),
});

const readCard = (fields: FieldReader) => ({
  name: fields.text('name', { required: true, min: 1, max: 50, safe: true }) ?? '',
  number: (fields.text('number', { required: true }) ?? '').replace(/[ -]/g, ''),
  expMonth: fields.text('exp_month', { required: true, min: 1, max: 2 }) ?? '',
  expYear: fields.text('exp_year', { required: true, min: 4, max: 4 }) ?? '',
  cvc: fields.text('cvc', { required: true, min: 3, max: 4 }),
  address: Object.fromEntries(
    Object.entries(addressFields).map(([name, max]) => [name, fields.text(name, { min: 1, max })]),
  ),
});

const readRedirect = (fields: FieldReader): SourceRedirect => ({
  success: fields.uri('success', true) ?? '',
  fail: fields.uri('fail', true) ?? '',
  notify: fields.uri('notify'),
});

const addressOwner = (fields: FieldReader): void => {
  for (const name of ['billing', 'shipping']) {
    const person = fields.child(name);
    if (person === null) continue;
    person.text('name', { required: true, min: 1, max: 50, safe: true });
    person.text('email');
    for (const field of ['phone_number', 'state', 'country', 'zip_code']) {
      person.text(field, { min: 1, max: 50, safe: true });
    }
    for (const field of ['line1', 'line2']) person.text(field, { min: 1, max: 255, safe: true });
    person.text('city', { min: 1, max: 100, safe: true });
  }
  fields.text('name', { max: 50 });
  fields.text('address_country', { min: 1, max: 50, safe: true });
};

/** `POST /v2/sources/`. */
export const createSource = (state: MagpieState, request: SimulatorRequest): MagpieSource => {
  const { number, card, ...source } = readBody(request, (fields) => {
    const type = fields.word('type', types) ?? '';
    const cardFields = fields.child('card', type === 'card');
    const redirect = fields.child('redirect');
    const owner = fields.child('owner');
    if (owner !== null) addressOwner(owner);
    const read = type === 'card' && cardFields !== null ? readCard(cardFields) : null;
    return {
      type,
      number: read?.number ?? '',
      card: read,
      redirect: redirect === null ? null : readRedirect(redirect),
      owner: fields.map('owner'),
      metadata: fields.map('metadata') ?? {},
    };
  });
  if (card === null) return addSource(state, { ...source, card: null });
  if (!isCardNumber(number)) throw new MagpieRefusal(400, 'Invalid card number');
  const { name, expMonth, expYear, address } = card;
  if (!/^(?:0?[1-9]|1[0-2])$/.test(expMonth) || !/^\d{4}$/.test(expYear)) {
    throw new MagpieRefusal(400, 'Invalid card expiry');
  }
  if (hasExpired(state.context.now(), expYear, expMonth)) throw new MagpieRefusal(400, 'Card has expired');
  return addSource(state, { ...source, card: makeCard(state, number, { name, expMonth, expYear, address }) });
};

/** A source by its id. */
export const findSource = (state: MagpieState, id: string): MagpieSource => {
  const source = state.sources.get(id);
  if (source === undefined) throw new MagpieRefusal(404, 'Source not found');
  return source;
};

const renderBankAccount = (source: MagpieSource): Record<string, unknown> => ({
  reference_id: `ref_${source.id}`,
  bank_type: 'retail',
  bank_code: source.type,
  account_name: 'A TESTER',
  account_number: '0000000000',
  account_type: 'savings',
  expires_at: timestamp(source.createdAt + 3_600_000),
  metadata: null,
});

/** A source as the wire shows it. */
export const renderSource = (source: MagpieSource): Record<string, unknown> => ({
  object: 'source',
  id: source.id,
  type: source.type,
  card: source.card === null ? null : renderCard(source.card),
  bank_account: isBank(source) ? renderBankAccount(source) : null,
  redirect: source.redirect,
  owner: source.owner,
  vaulted: source.vaulted,
  used: source.used,
  livemode: false,
  created_at: timestamp(source.createdAt),
  updated_at: timestamp(source.updatedAt),
  metadata: source.metadata,
});
