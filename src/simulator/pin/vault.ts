import { type PinCard, readCard, renderCard } from './cards.js';
import { PinRefusal, Problems } from './errors.js';
import { type Parameters, readMap, readText } from './parameters.js';
import { type PinCustomer, type PinState, type PinToken, timestamp } from './state.js';
import { day } from './switches.js';

/** Card tokens and payment sources are good for a month. */
const tokenLifetime = 30 * day;

/** Gives a card its token, for one customer or for nobody. */
export const nameCard = (
  state: PinState,
  card: Omit<PinCard, 'token' | 'customer'>,
  customer: string | null = null,
): PinCard => ({ ...card, token: state.context.ids.next('card_', 22), customer });

/** Keeps a card under its single-use token. */
export const keepCard = (state: PinState, card: Omit<PinCard, 'token' | 'customer'>): PinCard => {
  const named = nameCard(state, card);
  const expiresAt = state.context.now() + tokenLifetime;
  state.cardTokens.set(named.token, { card: named, expiresAt, used: false });
  return named;
};

/** `POST /cards`. */
export const createCard = (state: PinState, parameters: Parameters): Record<string, unknown> => {
  const problems = new Problems();
  const card = readCard(parameters, '', state.context.now(), problems);
  problems.refuse();
  return renderCard(keepCard(state, card));
};

/** `POST /payment_sources`, for cards only. */
export const createPaymentSource = (state: PinState, parameters: Parameters): Record<string, unknown> => {
  const problems = new Problems();
  const type = readText(parameters, 'type');
  if (type !== 'card') problems.add('type', 'The simulator keeps payment sources of the type card only');
  const read = readCard(readMap(parameters, 'source') ?? {}, 'source.', state.context.now(), problems);
  problems.refuse();
  const card = nameCard(state, read);
  const token = state.context.ids.next('ps_', 22);
  const expiresAt = state.context.now() + tokenLifetime;
  state.paymentSources.set(token, { card, expiresAt, used: false });
  return { token, type: 'card', source: renderCard(card) };
};

/** A token that can still be charged. It is used up by whoever takes its card. */
export const findToken = (state: PinState, kind: 'cardTokens' | 'paymentSources', name: string): PinToken => {
  const token = state[kind].get(name);
  if (token === undefined || token.expiresAt <= state.context.now()) throw new PinRefusal('not_found');
  if (token.used) throw new PinRefusal(state.switches.usedTokenAs);
  return token;
};

/** A customer by its token. */
export const findCustomer = (state: PinState, token: string): PinCustomer => {
  const customer = state.customers.get(token);
  if (customer === undefined) throw new PinRefusal('not_found');
  return customer;
};

/** A customer as the wire shows it. */
export const renderCustomer = (customer: PinCustomer): Record<string, unknown> => ({
  token: customer.token,
  email: customer.email,
  created_at: timestamp(customer.createdAt),
  card: renderCard(customer.card),
});

/** `POST /customers`, with a card or the token of one. */
export const createCustomer = (state: PinState, parameters: Parameters): Record<string, unknown> => {
  const { context } = state;
  const problems = new Problems();
  const email = readText(parameters, 'email');
  const cardToken = readText(parameters, 'card_token');
  if (email === null) problems.add('email', "Email can't be blank");
  const typed =
    cardToken === null ? readCard(readMap(parameters, 'card') ?? {}, 'card.', context.now(), problems) : null;
  problems.refuse();
  const token = context.ids.next('cus_', 22);
  let card: PinCard;
  if (typed === null) {
    const kept = findToken(state, 'cardTokens', cardToken ?? '');
    kept.used = true;
    card = { ...kept.card, customer: token };
  } else {
    card = nameCard(state, typed, token);
  }
  const customer: PinCustomer = { token, email: email ?? '', card, createdAt: context.now() };
  state.customers.set(token, customer);
  return renderCustomer(customer);
};
