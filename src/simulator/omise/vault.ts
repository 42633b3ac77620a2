import { behaviourOf, brandOf, type CardBehaviour, fingerprintOf, type OmiseCard } from './cards.js';
import { OmiseRefusal } from './errors.js';
import { listObject } from './lists.js';
import { has, type Parameters, readInteger, readMap, readText } from './parameters.js';
import { type OmiseCustomer, type OmiseState, type OmiseToken, timestamp } from './state.js';

/** A card as the wire shows it. */
export const renderCard = (card: OmiseCard): Record<string, unknown> => ({
  object: 'card',
  id: card.id,
  livemode: false,
  location: card.customer === null ? null : `/customers/${card.customer}/cards/${card.id}`,
  deleted: false,
  street1: null,
  street2: null,
  city: card.city,
  state: null,
  phone_number: null,
  postal_code: card.postalCode,
  country: 'th',
  financing: 'credit',
  bank: '',
  brand: card.brand,
  fingerprint: card.fingerprint,
  first_digits: null,
  last_digits: card.lastDigits,
  name: card.name,
  expiration_month: card.expirationMonth,
  expiration_year: card.expirationYear,
  security_code_check: card.securityCodeCheck,
  tokenization_method: null,
  created_at: timestamp(card.createdAt),
});

/** A token as the wire shows it. */
export const renderToken = (token: OmiseToken): Record<string, unknown> => ({
  object: 'token',
  id: token.id,
  livemode: false,
  location: `/tokens/${token.id}`,
  used: token.used,
  charge_status: token.chargeStatus,
  card: renderCard(token.card),
  created_at: timestamp(token.createdAt),
});

const hasExpired = (now: number, year: number, month: number): boolean => now >= Date.UTC(year, month, 1);

/** Keeps a card under a fresh token. `behaviour` adds what no test number can say. */
export const addToken = (
  state: OmiseState,
  number: string,
  details: { name: string; month: number; year: number; city: string | null; postalCode: string | null },
  behaviour: Partial<CardBehaviour> = {},
): OmiseToken => {
  const { context } = state;
  const known = behaviourOf(number);
  if (known === null) throw new OmiseRefusal('invalid_card', 'number is invalid');
  const createdAt = context.now();
  const token: OmiseToken = {
    id: context.ids.nextLowerCase('tokn_test_', 19),
    used: false,
    chargeStatus: 'unknown',
    createdAt,
    card: {
      ...known,
      ...behaviour,
      id: context.ids.nextLowerCase('card_test_', 19),
      brand: brandOf(number),
      lastDigits: number.slice(-4),
      name: details.name,
      expirationMonth: details.month,
      expirationYear: details.year,
      fingerprint: fingerprintOf(number),
      city: details.city,
      postalCode: details.postalCode,
      createdAt,
      customer: null,
    },
  };
  state.tokens.set(token.id, token);
  return token;
};

/** `POST /tokens` of the vault. */
export const createToken = (state: OmiseState, parameters: Parameters): Record<string, unknown> => {
  const card = readMap(parameters, 'card');
  if (card === null) throw new OmiseRefusal('missing_card', 'card is missing');
  const number = readText(card, 'number')?.replace(/[ -]/g, '') ?? '';
  const name = readText(card, 'name');
  const month = readInteger(card, 'expiration_month') ?? Number.NaN;
  const shortYear = readInteger(card, 'expiration_year') ?? Number.NaN;
  const year = shortYear < 100 ? 2000 + shortYear : shortYear;

  const problems: string[] = [];
  if (name === null) problems.push("name can't be blank");
  if (behaviourOf(number) === null) problems.push('number is invalid');
  if (!(month >= 1 && month <= 12)) problems.push('expiration month is invalid');
  else if (!(year >= 2000) || hasExpired(state.context.now(), year, month)) {
    problems.push('expiration date cannot be in the past');
  }
  if (problems.length > 0) throw new OmiseRefusal('invalid_card', problems.join(' and '));

  const details = {
    name: name ?? '',
    month,
    year,
    city: readText(card, 'city'),
    postalCode: readText(card, 'postal_code'),
  };
  return renderToken(addToken(state, number, details));
};

/** Takes the card out of an unused token. */
export const useToken = (state: OmiseState, id: string): OmiseToken => {
  const token = state.tokens.get(id);
  if (token === undefined) throw new OmiseRefusal('not_found', `token ${id} was not found`);
  if (token.used) throw new OmiseRefusal('used_token');
  return token;
};

/** A customer as the wire shows it. */
export const renderCustomer = (state: OmiseState, customer: OmiseCustomer): Record<string, unknown> => ({
  object: 'customer',
  id: customer.id,
  livemode: false,
  location: `/customers/${customer.id}`,
  default_card: customer.defaultCard,
  email: customer.email,
  description: customer.description,
  metadata: customer.metadata,
  cards: listObject(
    customer.cards.map(renderCard),
    { limit: 20, offset: 0, total: customer.cards.length },
    `/customers/${customer.id}/cards`,
    state.context.now(),
  ),
  created_at: timestamp(customer.createdAt),
});

/** `POST /customers`, with the card of a token if one is given. */
export const createCustomer = (state: OmiseState, parameters: Parameters): Record<string, unknown> => {
  const { context } = state;
  const tokenId = has(parameters, 'card') ? readText(parameters, 'card') : null;
  const token = tokenId === null ? null : useToken(state, tokenId);
  const id = context.ids.nextLowerCase('cust_test_', 19);
  const customer: OmiseCustomer = {
    id,
    email: readText(parameters, 'email'),
    description: readText(parameters, 'description'),
    metadata: readMap(parameters, 'metadata') ?? {},
    cards: [],
    defaultCard: null,
    createdAt: context.now(),
  };
  if (token !== null) {
    token.used = true;
    customer.cards.push({ ...token.card, customer: id });
    customer.defaultCard = token.card.id;
  }
  state.customers.set(id, customer);
  return renderCustomer(state, customer);
};

/** A customer by its id. */
export const findCustomer = (state: OmiseState, id: string): OmiseCustomer => {
  const customer = state.customers.get(id);
  if (customer === undefined) throw new OmiseRefusal('not_found', `customer ${id} was not found`);
  return customer;
};
