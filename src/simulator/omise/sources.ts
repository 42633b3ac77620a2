import { OmiseRefusal } from './errors.js';
import { isCurrency } from './money.js';
import { has, type Parameters, readFlag, readInteger, readList, readMap, readText } from './parameters.js';
import { codeKindOf, flowOf, type SourceFlow } from './source-types.js';
import { type OmiseState, timestamp } from './state.js';

/** What a source tells the payer beside a URL: a code to scan, or numbers to type. */
export interface PaymentCode {
  scannableCode: Readonly<Record<string, unknown>> | null;
  references: Readonly<Record<string, unknown>> | null;
  /** Whether the payer has to do something with them. */
  asksPayer: boolean;
}

/** A way to pay that is no card. */
export interface OmiseSource {
  id: string;
  type: string;
  flow: SourceFlow;
  amount: number;
  currency: string;
  /** `unknown` until it is charged. */
  chargeStatus: string;
  zeroInterestInstallments: boolean | null;
  installmentTerm: number | null;
  /** The other details, as given. */
  details: Readonly<Record<string, unknown>>;
  code: PaymentCode;
  createdAt: number;
}

const textDetails = [
  'absorption_type',
  'bank',
  'barcode',
  'email',
  'ip',
  'mobile_number',
  'name',
  'phone_number',
  'platform_type',
  'promotion_code',
  'store_id',
  'store_name',
  'terminal_id',
] as const;

const mapDetails = ['billing', 'qr_settings', 'shipping'] as const;
const listDetails = ['discounts', 'items'] as const;

const readDetails = (parameters: Parameters): Record<string, unknown> => ({
  ...Object.fromEntries(textDetails.map((name) => [name, readText(parameters, name)])),
  ...Object.fromEntries(mapDetails.map((name) => [name, readMap(parameters, name)])),
  ...Object.fromEntries(listDetails.map((name) => [name, readList(parameters, name)])),
});

/** What of `references` exists in every answer that has them. */
const emptyReferences = {
  device_id: null,
  customer_amount: null,
  customer_currency: null,
  customer_exchange_rate: null,
  omise_tax_id: null,
  reference_number_1: null,
  reference_number_2: null,
  barcode: null,
  payment_code: null,
  va_code: null,
};

const day = 86_400_000;

/** The code or the numbers with which the payer of a charge pays offline. */
export const paymentCodeFor = (
  state: OmiseState,
  source: OmiseSource,
  chargeId: string,
  expiresAt: number,
): PaymentCode => {
  const { context } = state;
  const numbers = (length: number): string =>
    context.ids.next('', length).replace(/\D/g, (letter) => String(letter.charCodeAt(0) % 10));
  const document = (kind: string): Record<string, unknown> => {
    const id = context.ids.nextLowerCase('docu_test_', 19);
    const location = `/charges/${chargeId}/documents/${id}`;
    return {
      object: 'document',
      id,
      livemode: false,
      location,
      deleted: false,
      kind,
      filename: `${kind}code.svg`,
      download_uri: `${context.origin()}${location}/downloads/${context.ids.next('', 16)}`,
      created_at: timestamp(context.now()),
    };
  };
  // What a payer has on paper ends a day later, a charge may live longer.
  const ends = { expires_at: timestamp(Math.min(expiresAt, context.now() + day)) };
  switch (codeKindOf(source.type)) {
    case 'qr':
      return {
        references: null,
        scannableCode: { object: 'barcode', type: 'qr', image: document('qr') },
        asksPayer: true,
      };
    case 'bill':
      return {
        scannableCode: null,
        references: {
          ...ends,
          ...emptyReferences,
          omise_tax_id: numbers(13),
          reference_number_1: numbers(18),
          reference_number_2: numbers(18),
          barcode: document('bar')['download_uri'],
        },
        asksPayer: true,
      };
    case 'voucher':
      return {
        scannableCode: null,
        references: { ...ends, ...emptyReferences, payment_code: numbers(12) },
        asksPayer: true,
      };
    case 'none':
      // The shop has scanned the payer's own code: there is a date, and nothing to show.
      return {
        scannableCode: null,
        references: source.type.startsWith('barcode_') ? { ...ends, ...emptyReferences } : null,
        asksPayer: false,
      };
  }
};

/** Keeps a source. An inline source takes amount and currency from its charge. */
export const addSource = (
  state: OmiseState,
  parameters: Parameters,
  amount: number,
  currency: string,
): OmiseSource => {
  const type = readText(parameters, 'type') ?? '';
  const flow = flowOf(type);
  if (flow === undefined) throw new OmiseRefusal('bad_request', `source type ${type} is not supported`);
  const installmentTerm = readInteger(parameters, 'installment_term');
  if (type.startsWith('installment_') && !(installmentTerm !== null && installmentTerm > 0)) {
    throw new OmiseRefusal('bad_request', 'installment_term is missing');
  }
  const source: OmiseSource = {
    id: state.context.ids.nextLowerCase('src_test_', 19),
    type,
    flow,
    amount,
    currency,
    chargeStatus: 'unknown',
    zeroInterestInstallments: has(parameters, 'zero_interest_installments')
      ? readFlag(parameters, 'zero_interest_installments', false)
      : null,
    installmentTerm,
    details: readDetails(parameters),
    code: { scannableCode: null, references: null, asksPayer: false },
    createdAt: state.context.now(),
  };
  state.sources.set(source.id, source);
  return source;
};

/** A source as the wire shows it. */
export const renderSource = (source: OmiseSource): Record<string, unknown> => ({
  object: 'source',
  id: source.id,
  livemode: false,
  location: `/sources/${source.id}`,
  type: source.type,
  flow: source.flow,
  amount: source.amount,
  currency: source.currency,
  charge_status: source.chargeStatus,
  ...source.details,
  installment_term: source.installmentTerm,
  zero_interest_installments: source.zeroInterestInstallments,
  scannable_code: source.code.scannableCode,
  references: source.code.references,
  provider_references: null,
  receipt_amount: null,
  created_at: timestamp(source.createdAt),
});

/** `POST /sources`. */
export const createSource = (state: OmiseState, parameters: Parameters): Record<string, unknown> => {
  const amount = readInteger(parameters, 'amount');
  const currency = readText(parameters, 'currency')?.toUpperCase() ?? '';
  if (amount === null) throw new OmiseRefusal('bad_request', 'amount is missing');
  if (!(amount > 0)) throw new OmiseRefusal('invalid_amount', 'amount must be a positive whole number');
  if (!isCurrency(currency)) throw new OmiseRefusal('bad_request', 'currency is currently not supported');
  return renderSource(addSource(state, parameters, amount, currency));
};

/** `GET /sources/{id}`. */
export const findSource = (state: OmiseState, id: string): OmiseSource => {
  const source = state.sources.get(id);
  if (source === undefined) throw new OmiseRefusal('not_found', `source ${id} was not found`);
  return source;
};
