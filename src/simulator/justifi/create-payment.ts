import { enabledAccount, platformAccount } from './accounts.js';
import { disputeLater } from './disputes.js';
import { invalid, JustifiRefusal } from './errors.js';
import { readApplicationFee, readFees } from './fees.js';
import { allowOnly, type Fields, readAmount, readMap, readText } from './parameters.js';
import {
  authorizePayment,
  collectPayment,
  failPayment,
  type JustifiPayment,
  openPayment,
  settleDebitLater,
} from './payment.js';
import { addPaymentMethod, type PaymentMethod } from './payment-methods.js';
import type { JustifiState } from './state.js';
import { type Outcome, outcomeOfDebitScenario, outcomeOfScenario } from './test-cards.js';

const fieldNames = [
  'amount',
  'currency',
  'capture_strategy',
  'payment_method',
  'email',
  'description',
  'statement_descriptor',
  'metadata',
  'application_fee_amount',
  'fees',
  'expedited',
];

/** The sub account of a write that needs one. */
export const requireAccount = (state: JustifiState, header: string | undefined): string => {
  if (header === undefined && state.switches.subAccountRequired) {
    throw new JustifiRefusal(400, 'sub_account_header_required');
  }
  const account = header ?? platformAccount;
  enabledAccount(account);
  return account;
};

const readMethod = (state: JustifiState, body: Fields, account: string): PaymentMethod => {
  const given = readMap(body, 'payment_method');
  if (given === null) throw invalid('payment_method_required', 'payment_method');
  const kinds = ['token', 'card', 'bank_account'].filter(
    (kind) => given[kind] !== undefined && given[kind] !== null,
  );
  if (kinds.length !== 1) throw invalid('payment_method_token_required', 'payment_method');
  const token = readText(kinds[0] === 'token' ? given : {}, 'token');
  if (token !== null) {
    const method = state.paymentMethods.get(token);
    const isVisible = method !== undefined && (method.account === null || method.account === account);
    if (!isVisible) throw invalid('payment_method_not_found', 'payment_method');
    return method;
  }
  if (kinds[0] === 'token') throw invalid('payment_method_token_required', 'payment_method');
  if (!state.switches.rawCardsAllowed) throw new JustifiRefusal(400, 'full_pan_not_allowed');
  return addPaymentMethod(state, given, account);
};

const readStrategy = (body: Fields, method: PaymentMethod): 'automatic' | 'manual' => {
  const strategy = body['capture_strategy'];
  if (strategy !== 'automatic' && strategy !== 'manual')
    throw invalid('capture_strategy_invalid', 'capture_strategy');
  if (strategy === 'manual' && method.kind === 'bank_account') {
    throw invalid('capture_strategy_invalid', 'capture_strategy');
  }
  return strategy;
};

const readDescriptor = (body: Fields): string | null => {
  const descriptor = readText(body, 'statement_descriptor');
  if (descriptor !== null && !/^[A-Za-z0-9_-]{5,22}$/.test(descriptor)) {
    throw invalid('invalid_characters', 'statement_descriptor');
  }
  return descriptor;
};

/** The scenario in the metadata beats what the card or bank account would do by itself. */
const outcomeOf = (method: PaymentMethod, metadata: Fields | null): Outcome => {
  const test = readMap(metadata ?? {}, 'payment_test');
  const scenario = test === null ? null : readText(test, 'scenario');
  if (scenario === null) return method.outcome;
  const outcome = method.kind === 'card' ? outcomeOfScenario(scenario) : outcomeOfDebitScenario(scenario);
  if (outcome === null) throw invalid('unexpected_parameter', 'payment_test');
  return outcome;
};

const readPayment = (state: JustifiState, body: Fields, account: string): JustifiPayment => {
  const { context } = state;
  allowOnly(body, fieldNames);
  const amount = readAmount(body, 'amount');
  const currency = readText(body, 'currency');
  if (currency === null) throw invalid('currency_required', 'currency');
  if (currency !== enabledAccount(account).currency) throw invalid('currency_invalid', 'currency');
  const email = readText(body, 'email');
  if (email !== null && !/^[^@\s]+@[^@\s]+$/.test(email)) throw invalid('email_invalid', 'email');
  const metadata = readMap(body, 'metadata');
  const statementDescriptor = readDescriptor(body);
  const description = readText(body, 'description');
  const applicationFee = readApplicationFee(context, body, amount, currency);
  const fees = readFees(context, body, amount, currency);
  // Last, because an inline card is kept as a payment method from here on.
  const method = readMethod(state, body, account);
  if (method.kind === 'bank_account' && currency !== 'usd') throw invalid('currency_invalid', 'currency');
  const now = context.now();
  return {
    id: context.ids.next('py_', 22),
    account,
    createdAt: now,
    amount,
    currency,
    captureStrategy: readStrategy(body, method),
    method: { ...method, outcome: outcomeOf(method, metadata) },
    statementDescriptor,
    expedited: method.kind === 'bank_account' && body['expedited'] === true ? true : null,
    applicationFee,
    fees,
    financialTransactionId: context.ids.next('ft_', 22),
    state: 'pending',
    description,
    metadata,
    errorCode: null,
    capturedAt: null,
    voidId: null,
    lapsed: false,
    returned: false,
    refunds: [],
    disputes: [],
    updatedAt: now,
    cancelLapse: () => undefined,
  };
};

/**
 * `POST /v1/payments`. A declined payment is kept and shows up in lists, but the answer is an error that does not name
 * it.
 */
export const createPayment = (state: JustifiState, body: Fields, account: string): JustifiPayment => {
  const payment = readPayment(state, body, account);
  const { outcome } = payment.method;
  if (outcome.type === 'times_out' && !state.switches.gatewayTimeoutCommits) {
    throw new JustifiRefusal(402, 'gateway_timeout_error');
  }
  openPayment(state, payment);
  if (outcome.type === 'declined') {
    failPayment(state, payment, outcome.details.decline_code ?? outcome.code, payment.createdAt);
    throw new JustifiRefusal(402, outcome.code, undefined, outcome.details);
  }
  if (payment.method.kind === 'bank_account') settleDebitLater(state, payment);
  else if (payment.captureStrategy === 'manual') authorizePayment(state, payment);
  else collectPayment(state, payment, payment.createdAt);
  disputeLater(state, payment);
  if (outcome.type === 'times_out') throw new JustifiRefusal(402, 'gateway_timeout_error');
  return payment;
};
