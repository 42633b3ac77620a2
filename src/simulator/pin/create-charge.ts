import { type PinCard, type PinDecline, readCard } from './cards.js';
import { changed, decide, type PinCharge } from './charge.js';
import { minimumOf, settlementCurrency } from './currencies.js';
import { PinRefusal, Problems } from './errors.js';
import { type Parameters, readFlag, readInteger, readMap, readText } from './parameters.js';
import type { PinState } from './state.js';
import { openChallenge } from './three-d-secure.js';
import { findCustomer, findToken, nameCard } from './vault.js';

const [mostEntries, longestKey, longestValue] = [25, 50, 500];

const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
};

const readMetadata = (parameters: Parameters, problems: Problems): Record<string, string> => {
  const metadata: Record<string, string> = {};
  let fits = true;
  for (const [key, value] of Object.entries(readMap(parameters, 'metadata') ?? {})) {
    if (value === null) continue;
    const text = textOf(value);
    if (text === null || key.length > longestKey || text.length > longestValue) fits = false;
    metadata[key] = text ?? '';
  }
  if (!fits || Object.keys(metadata).length > mostEntries) {
    problems.add('metadata', 'Metadata must be flat, with at most 25 entries of limited length');
  }
  return metadata;
};

const readRequired = (
  parameters: Parameters,
  name: string,
  label: string,
  isValid: (text: string) => boolean,
  problems: Problems,
): string => {
  const text = readText(parameters, name) ?? '';
  if (!isValid(text)) problems.add(name, `${label} can't be blank or invalid`);
  return text;
};

const readAmount = (parameters: Parameters, currency: string, problems: Problems): number => {
  const amount = readInteger(parameters, 'amount') ?? 0;
  const minimum = minimumOf(currency);
  if (minimum === null) problems.add('currency', 'Currency is not supported');
  else if (amount < minimum) {
    problems.add('amount', `Amount must be at least ${String(minimum)} base units of ${currency}`);
  }
  return amount;
};

const sourceNames = ['card', 'card_token', 'customer_token', 'payment_source_token'] as const;

/** Where the card comes from; nothing is used up before the whole request is known to be good. */
const readSource = (state: PinState, parameters: Parameters, problems: Problems): (() => PinCard) => {
  const given = sourceNames.filter((name) => parameters[name] !== undefined && parameters[name] !== null);
  const [name] = given;
  if (name === undefined || given.length > 1) {
    problems.add('card_token', `Exactly one of ${sourceNames.join(', ')} is needed`);
    return () => {
      throw new PinRefusal('not_found');
    };
  }
  if (name === 'card') {
    const card = readCard(readMap(parameters, 'card') ?? {}, 'card.', state.context.now(), problems);
    return () => nameCard(state, card);
  }
  const token = readText(parameters, name) ?? '';
  if (name === 'customer_token') return () => findCustomer(state, token).card;
  return () => {
    const found = findToken(state, name === 'card_token' ? 'cardTokens' : 'paymentSources', token);
    found.used = true;
    return found.card;
  };
};

/** Reads `three_d_secure`: the address that the payer comes back to, or null when Pin is not to authenticate anybody. */
const readCallback = (parameters: Parameters, problems: Problems): string | null => {
  const given = readMap(parameters, 'three_d_secure');
  if (given === null || !readFlag(given, 'enabled', false)) return null;
  const callback = readText(given, 'callback_url') ?? '';
  if (!URL.canParse(callback) || !/^https?:/i.test(callback)) {
    problems.add('three_d_secure.callback_url', 'Callback url must be an address');
  }
  return callback;
};

/** Whether the merchant brought the result of an authentication made elsewhere. */
const isAuthenticated = (parameters: Parameters): boolean => {
  const given = readMap(parameters, 'three_d_secure');
  return given !== null && readText(given, 'cavv') !== null && readText(given, 'eci') !== null;
};

const readAdjustment = (
  parameters: Parameters,
  currency: string,
  problems: Problems,
): PinCharge['platformAdjustment'] => {
  const given = readMap(parameters, 'platform_adjustment');
  if (given === null) return { amount: 0, currency };
  const amount = readInteger(given, 'amount');
  if (amount === null || amount < 0) problems.add('platform_adjustment.amount', 'Amount is not valid');
  const adjusted = (readText(given, 'currency') ?? currency).toUpperCase();
  if (minimumOf(adjusted) === null) problems.add('platform_adjustment.currency', 'Currency is not supported');
  return { amount: amount ?? 0, currency: adjusted };
};

/** What a created charge answers with: itself, and where its payer has to go first. */
export interface CreatedCharge {
  charge: PinCharge;
  redirectUrl: string | null;
}

/** `POST /charges`. A decline is an error that names the failed charge. */
export const createCharge = (state: PinState, parameters: Parameters): CreatedCharge => {
  const { context, switches } = state;
  const problems = new Problems();
  const currency = (readText(parameters, 'currency') ?? settlementCurrency).toUpperCase();
  const isThere = (text: string): boolean => text.trim() !== '';
  const given = {
    amount: readAmount(parameters, currency, problems),
    currency,
    capture: readFlag(parameters, 'capture', true),
    description: readRequired(parameters, 'description', 'Description', isThere, problems),
    email: readRequired(parameters, 'email', 'Email', (text) => /^\S+@\S+$/.test(text), problems),
    ipAddress: switches.ipAddressRequired
      ? readRequired(parameters, 'ip_address', 'IP address', isThere, problems)
      : readText(parameters, 'ip_address'),
    metadata: readMetadata(parameters, problems),
    platformAdjustment: readAdjustment(parameters, settlementCurrency, problems),
  };
  const takeCard = readSource(state, parameters, problems);
  const callbackUrl = readCallback(parameters, problems);
  problems.refuse();

  const card = takeCard();
  const charge: PinCharge = {
    ...given,
    card,
    token: context.ids.next('ch_', 22),
    createdAt: context.now(),
    status: 'pending',
    failure: null,
    capturedAt: null,
    refunds: [],
    cancelLapse: () => undefined,
  };
  const { token, amount, metadata } = charge;
  const isChallenged = callbackUrl !== null && (card.challenge || switches.challengeEveryCard);
  const ledgerState = isChallenged ? 'requires_action' : 'pending';
  context.ledger.open({ id: token, amount, currency, state: ledgerState, metadata });
  state.charges.set(token, charge);
  if (isChallenged) {
    changed(state, charge);
    return { charge, redirectUrl: openChallenge(state, charge, callbackUrl) };
  }

  // An issuer that demands 3-D Secure declines whoever comes without.
  const isRefusedByIssuer = card.challenge && !isAuthenticated(parameters);
  const decline: PinDecline | null = isRefusedByIssuer ? 'card_declined' : card.decline;
  decide(state, charge, decline);
  if (decline !== null) throw new PinRefusal(decline, { chargeToken: token });
  return { charge, redirectUrl: null };
};
