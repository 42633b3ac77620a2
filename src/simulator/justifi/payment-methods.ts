import { invalid, JustifiRefusal, notFound } from './errors.js';
import { type Fields, readMap, readText, requireText } from './parameters.js';
import { type JustifiState, timestamp } from './state.js';
import { brandOf, isCardNumber, type Outcome, outcomeOfAccount, outcomeOfCard } from './test-cards.js';

/** A tokenized card or bank account, without its number. */
export interface PaymentMethod {
  id: string;
  kind: 'card' | 'bank_account';
  /** The sub account that it belongs to; null belongs to every one. */
  account: string | null;
  lastFour: string;
  brand: string;
  name: string;
  month: string | null;
  year: string | null;
  accountType: string | null;
  metadata: Fields | null;
  outcome: Outcome;
  signature: string;
  createdAt: number;
}

type NewPaymentMethod = Omit<PaymentMethod, 'id' | 'createdAt' | 'signature' | 'account'>;

const tokenizationFailed = (code: string, param: string): JustifiRefusal =>
  new JustifiRefusal(402, code, undefined, { param });

const cardFrom = (card: Fields, now: number): NewPaymentMethod => {
  const name = requireText(card, 'name', 'card_name_required');
  const number = requireText(card, 'number', 'card_number_required').replace(/[ -]/g, '');
  const month = requireText(card, 'month', 'month_invalid').padStart(2, '0');
  const year = requireText(card, 'year', 'year_invalid');
  requireText(card, 'address_postal_code', 'postal_code_invalid');
  if (!isCardNumber(number)) throw tokenizationFailed('card_number_invalid', 'number');
  if (!/^(?:0[1-9]|1[0-2])$/.test(month)) throw tokenizationFailed('month_invalid', 'month');
  if (!/^\d{4}$/.test(year)) throw tokenizationFailed('year_invalid', 'year');
  if (now >= Date.UTC(Number(year), Number(month), 1))
    throw tokenizationFailed('invalid_expiry_date', 'year');
  return {
    kind: 'card',
    lastFour: number.slice(-4),
    brand: brandOf(number),
    name,
    month,
    year,
    accountType: null,
    metadata: readMap(card, 'metadata'),
    outcome: outcomeOfCard(number, readText(card, 'verification') !== null),
  };
};

const bankAccountFrom = (bankAccount: Fields): NewPaymentMethod => {
  const text = (name: string): string => requireText(bankAccount, name, 'parameter_missing');
  const number = text('account_number');
  const accountType = text('account_type');
  if (!/^\d{9}$/.test(text('routing_number'))) throw invalid('parameter_missing', 'routing_number');
  if (!/^\d{4,17}$/.test(number)) throw tokenizationFailed('invalid_account_number', 'account_number');
  if (!['checking', 'savings'].includes(accountType)) throw invalid('parameter_missing', 'account_type');
  if (!['individual', 'company'].includes(text('account_owner_type'))) {
    throw invalid('parameter_missing', 'account_owner_type');
  }
  if (text('country').toUpperCase() !== 'US') throw invalid('country_invalid', 'country');
  if (text('currency') !== 'usd') throw invalid('currency_invalid', 'currency');
  return {
    kind: 'bank_account',
    lastFour: number.slice(-4),
    brand: readText(bankAccount, 'bank_name') ?? 'TEST BANK',
    name: text('account_owner_name'),
    month: null,
    year: null,
    accountType,
    metadata: readMap(bankAccount, 'metadata'),
    outcome: outcomeOfAccount(number),
  };
};

/** Keeps a card or bank account under a token. */
export const addPaymentMethod = (
  state: JustifiState,
  given: Fields,
  account: string | null,
): PaymentMethod => {
  const { context } = state;
  const card = readMap(given, 'card');
  const bankAccount = readMap(given, 'bank_account');
  if ((card === null) === (bankAccount === null)) throw invalid('payment_method_required', 'payment_method');
  const method: PaymentMethod = {
    ...(card === null ? bankAccountFrom(bankAccount ?? {}) : cardFrom(card, context.now())),
    id: context.ids.next('pm_', 22),
    account,
    signature: context.ids.next('', 32),
    createdAt: context.now(),
  };
  state.paymentMethods.set(method.id, method);
  return method;
};

/** A payment method that a sub account may use. */
export const findPaymentMethod = (state: JustifiState, id: string, account: string | null): PaymentMethod => {
  const method = state.paymentMethods.get(id);
  if (method === undefined) throw notFound();
  if (method.account !== null && account !== null && method.account !== account) throw notFound();
  return method;
};

const renderBankAccount = (state: JustifiState, method: PaymentMethod): Record<string, unknown> => {
  const dates = { created_at: timestamp(method.createdAt), updated_at: timestamp(method.createdAt) };
  const start = { id: method.id, token: method.id, metadata: method.metadata };
  if (!state.switches.bankAccountAsInSchema) {
    return { ...start, acct_last_four: method.lastFour, name: method.name, brand: method.brand, ...dates };
  }
  return {
    ...start,
    account_owner_name: method.name,
    account_type: method.accountType,
    bank_name: method.brand,
    account_number_last4: method.lastFour,
    ...dates,
  };
};

/** A payment method as the wire shows it. */
export const renderPaymentMethod = (state: JustifiState, method: PaymentMethod): Record<string, unknown> => {
  const outer = { customer_id: null, signature: method.signature };
  if (method.kind === 'bank_account') return { bank_account: renderBankAccount(state, method), ...outer };
  return {
    card: {
      id: method.id,
      acct_last_four: method.lastFour,
      brand: method.brand,
      digital_wallet: null,
      name: method.name,
      token: method.id,
      month: method.month,
      year: method.year,
      metadata: method.metadata,
      bin_details: null,
      address_line1_check: 'unchecked',
      address_postal_code_check: 'pass',
      created_at: timestamp(method.createdAt),
      updated_at: timestamp(method.createdAt),
    },
    ...outer,
  };
};
