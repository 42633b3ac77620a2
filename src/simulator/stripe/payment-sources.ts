import { cardByName, cardByNumber, type TestCard } from './cards.js';
import { invalidParameter, invalidState, missingResource, Refusal } from './errors.js';
import { localMethodById, type LocalMethod } from './local-methods.js';
import type { PaymentMethodRecord, TokenRecord } from './records.js';
import { type Services, unixNow } from './services.js';
import type { Account } from './store.js';

interface CardFace {
  card: TestCard;
  expMonth: number;
  expYear: number;
  local?: LocalMethod;
}

const defaultExpiry = { expMonth: 4, expYear: 2034 };

/** Takes a `tok_…`: a test name as often as one likes, any other token once. */
export const takeToken = (services: Services, account: Account, id: string, param: string): CardFace => {
  const named = cardByName(id, 'tok_');
  if (named !== undefined) return { card: named, ...defaultExpiry };
  const token = account.tokens.find(id) ?? services.minted.get(id);
  if (token === undefined) throw missingResource('token', id, param);
  if (token.used) {
    throw invalidState(`You cannot use a Stripe token more than once: ${id}.`, {
      code: 'token_already_used',
      param,
    });
  }
  token.used = true;
  return token;
};

/** Makes a card from its number; only test numbers exist. */
export const cardFromNumber = (card: {
  number?: string;
  exp_month?: number;
  exp_year?: number;
}): CardFace => {
  const found = cardByNumber(card.number ?? '');
  if (found === undefined) {
    throw new Refusal(402, 'card_error', {
      code: 'incorrect_number',
      message: 'Your card number is incorrect.',
      param: 'number',
    });
  }
  return {
    card: found,
    expMonth: card.exp_month ?? defaultExpiry.expMonth,
    expYear: card.exp_year ?? defaultExpiry.expYear,
  };
};

/** Keeps a card as a payment method. */
export const addPaymentMethod = (
  services: Services,
  account: Account,
  face: CardFace,
  details: {
    prefix?: 'pm_' | 'card_';
    billing?: Record<string, unknown>;
    metadata?: Record<string, string>;
  } = {},
): PaymentMethodRecord => {
  const method: PaymentMethodRecord = {
    id: services.context.ids.next(details.prefix ?? 'pm_'),
    card: face.card,
    local: face.local ?? null,
    expMonth: face.expMonth,
    expYear: face.expYear,
    billing: details.billing ?? {},
    metadata: details.metadata ?? {},
    customer: null,
    isSetUp: false,
    created: unixNow(services),
  };
  account.paymentMethods.add(method);
  return method;
};

/** A method that is no card; nothing goes wrong with it but what the payer decides. */
export const localFace = (local: LocalMethod): CardFace => {
  const card = cardByName('tok_visa', 'tok_');
  if (card === undefined) throw new Error('The plain test card is missing.');
  return { card, ...defaultExpiry, local };
};

/** Finds what `payment_method` names; a test name such as `pm_card_visa` makes a fresh one. */
export const findPaymentMethod = (
  services: Services,
  account: Account,
  id: string,
  param = 'payment_method',
): PaymentMethodRecord => {
  const named = cardByName(id, 'pm_card_');
  if (named !== undefined) return addPaymentMethod(services, account, { card: named, ...defaultExpiry });
  const local = localMethodById(id);
  if (local !== undefined) return addPaymentMethod(services, account, localFace(local));
  return account.paymentMethods.get(id, param);
};

/** Finds what a bare charge charges: a token, or a customer's card. */
export const findChargeSource = (
  services: Services,
  account: Account,
  params: { source?: string; customer?: string },
): PaymentMethodRecord => {
  const { source, customer } = params;
  if (customer === undefined) {
    if (source === undefined) {
      throw invalidParameter('source', 'Must provide source or customer.', 'parameter_missing');
    }
    if (source.startsWith('card_')) {
      throw invalidState(`A source (${source}) was passed without its customer.`, { param: 'source' });
    }
    const token = takeToken(services, account, source, 'source');
    return addPaymentMethod(services, account, token, { prefix: 'card_' });
  }
  const owner = account.customers.get(customer, 'customer');
  const id = source ?? owner.defaultSource;
  const method = id === null ? undefined : account.paymentMethods.find(id);
  if (method?.customer !== customer) {
    throw new Refusal(404, 'invalid_request_error', {
      code: 'missing',
      message:
        id === null
          ? 'Cannot charge a customer that has no active card.'
          : `Customer ${customer} does not have a linked source with ID ${id}.`,
      param: id === null ? 'customer' : 'source',
    });
  }
  return method;
};

/** A token for a caller of `simulator.source`. */
export const mintToken = (services: Services, number: string): string => {
  const card = cardByNumber(number);
  if (card === undefined) throw new RangeError('There is no such test card.');
  const token: TokenRecord = { id: services.context.ids.next('tok_'), card, ...defaultExpiry, used: false };
  services.minted.set(token.id, token);
  return token.id;
};
