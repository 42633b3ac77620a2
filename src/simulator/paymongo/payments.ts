import { currencyIn, mapIn, requiredAmount, requiredText, wordIn, type Attributes } from './attributes.js';
import { notFound, wrong, wrongState } from './errors.js';
import { findSource } from './methods.js';
import type { PaymongoPayment, PaymongoState } from './state.js';

/** Keeps a payment. */
export const addPayment = (
  state: PaymongoState,
  payment: Omit<PaymongoPayment, 'id' | 'createdAt' | 'refunds'>,
): PaymongoPayment => {
  const added: PaymongoPayment = {
    ...payment,
    id: state.context.ids.next('pay_', 24),
    createdAt: state.context.now(),
    refunds: [],
  };
  state.payments.set(added.id, added);
  return added;
};

/** `POST /v1/payments`: charges a wallet that the payer has approved, with its own amount, and once. */
export const createPayment = (state: PaymongoState, attributes: Attributes): PaymongoPayment => {
  const amount = requiredAmount(attributes, state.switches.smallestAmount);
  currencyIn(attributes);
  const given = mapIn(attributes, 'source');
  if (given === null) throw wrong('parameter_required', 'source', 'is required.');
  wordIn(given, 'type', ['source']);
  const source = findSource(state, requiredText(given, 'id'));
  if (source.status !== 'chargeable') throw wrongState(source.status, 'source');
  if (amount !== source.amount)
    throw wrong('parameter_invalid', 'amount', 'should be equal to the amount of the source.');
  source.status = 'paid';
  const payment = addPayment(state, {
    amount,
    intentId: null,
    source: { id: source.id, type: source.type },
    description: null,
    statementDescriptor: null,
    metadata: null,
    failedCode: null,
    status: 'paid',
  });
  const { ledger } = state.context;
  ledger.open({ id: payment.id, amount, currency: 'PHP', state: 'pending' });
  ledger.move(payment.id, 'authorized');
  ledger.capture(payment.id, amount);
  return payment;
};

/** A payment by its id. */
export const findPayment = (state: PaymongoState, id: string): PaymongoPayment => {
  const payment = state.payments.get(id);
  if (payment === undefined) throw notFound('payment', id);
  return payment;
};

/** The id under which the ledger has the money of a payment. */
export const ledgerIdOf = (payment: PaymongoPayment): string => payment.intentId ?? payment.id;

/** What a page of the list holds: the newest first, `after` an older one, `before` a newer one. */
export const pageOf = (
  state: PaymongoState,
  query: URLSearchParams,
): { payments: readonly PaymongoPayment[]; hasMore: boolean } => {
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1)
    throw wrong('parameter_below_minimum', 'limit', 'should be 1 or more.');
  if (limit > 100) throw wrong('parameter_above_maximum', 'limit', 'should be 100 or less.');
  const all = [...state.payments.values()].reverse();
  const place = (name: 'after' | 'before'): number | null => {
    const id = query.get(name);
    if (id === null) return null;
    const index = all.findIndex((payment) => payment.id === id);
    if (index < 0) throw notFound('payment', id);
    return index;
  };
  const [after, before] = [place('after'), place('before')];
  const newer = before === null ? all.length : before;
  const left = all.slice(after === null ? 0 : after + 1, newer);
  const payments = before !== null && after === null ? left.slice(-limit) : left.slice(0, limit);
  return { payments, hasMore: left.length > payments.length };
};
