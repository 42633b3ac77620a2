import { JustifiRefusal, notFound, invalid } from './errors.js';
import { readReturnedFees } from './fees.js';
import { allowOnly, type Fields, metadataForLedger, readMap, readText } from './parameters.js';
import {
  type JustifiPayment,
  type JustifiRefund,
  refundableAmount,
  refundedAmount,
  takePayment,
  voidWindow,
} from './payment.js';
import type { JustifiState } from './state.js';

/** A payment by its id; another sub account's does not exist. */
export const findPayment = (state: JustifiState, id: string, account: string | undefined): JustifiPayment => {
  const payment = state.payments.get(id);
  if (payment === undefined || (account !== undefined && payment.account !== account)) throw notFound();
  return payment;
};

const stateRefusal = (state: JustifiState, code: string): JustifiRefusal =>
  new JustifiRefusal(state.switches.stateRefusalStatus, code);

/** `PATCH /v1/payments/{id}`: description, and metadata as a whole. */
export const updatePayment = (state: JustifiState, payment: JustifiPayment, body: Fields): void => {
  allowOnly(body, ['description', 'metadata']);
  const metadata = readMap(body, 'metadata');
  if ('description' in body) payment.description = readText(body, 'description');
  if ('metadata' in body) {
    payment.metadata = metadata;
    state.context.ledger.setMetadata(payment.id, metadataForLedger(metadata));
  }
  payment.updatedAt = state.context.now();
};

/** `POST /v1/payments/{id}/capture`: always the whole amount. */
export const capturePayment = (state: JustifiState, payment: JustifiPayment, body: Fields): void => {
  if (state.switches.captureAmount === 'refused') allowOnly(body, []);
  if (payment.state === 'succeeded' || payment.state === 'pending') {
    throw stateRefusal(state, 'payment_already_captured');
  }
  if (payment.state !== 'authorized') throw stateRefusal(state, 'charge_expired_for_capture');
  takePayment(state, payment, state.context.now());
};

/** `POST /v1/payments/{id}/void`: the whole payment, within 25 minutes, with all its fees. */
export const voidPayment = (state: JustifiState, payment: JustifiPayment): void => {
  const { context } = state;
  const isOpen =
    payment.state === 'pending' || payment.state === 'authorized' || payment.state === 'succeeded';
  const isTouched = payment.refunds.length > 0 || payment.disputes.length > 0 || payment.returned;
  if (!isOpen || isTouched || context.now() - payment.createdAt > voidWindow) {
    throw stateRefusal(state, 'payment_outside_void_window');
  }
  payment.cancelLapse();
  if (payment.state === 'succeeded') context.ledger.undoCapture(payment.id, 'voided');
  else context.ledger.move(payment.id, 'voided');
  payment.state = 'canceled';
  payment.voidId = context.ids.next('vo_', 22);
  payment.updatedAt = context.now();
  for (const fee of payment.fees) fee.remaining = 0;
};

const readRefundedAmount = (state: JustifiState, payment: JustifiPayment, body: Fields): number => {
  const given = body['amount'];
  const left = refundableAmount(payment);
  if (refundedAmount(payment) >= payment.amount) throw stateRefusal(state, 'payment_fully_refunded');
  if (payment.state !== 'succeeded' || payment.returned || left === 0) {
    throw stateRefusal(state, 'refund_exceeds_amount_available');
  }
  if (given === undefined || given === null) return left;
  if (typeof given !== 'number' || !Number.isInteger(given))
    throw invalid('amount_must_be_an_integer', 'amount');
  if (given <= 0) throw invalid('amount_below_minimum', 'amount');
  if (given > payment.amount) throw stateRefusal(state, 'refund_exceeds_payment_amount');
  if (given > left) throw stateRefusal(state, 'refund_exceeds_amount_available');
  return given;
};

const settleLater = (state: JustifiState, payment: JustifiPayment, refund: JustifiRefund): void => {
  const { refundOutcome, refundSettlesAfterMs } = state.switches;
  if (refundOutcome === 'succeeded' || refundOutcome === 'pending') return;
  const status = refundOutcome === 'pending_then_failed' ? 'failed' : 'succeeded';
  state.context.agenda.at(refund.createdAt + refundSettlesAfterMs, (dueAt) => {
    refund.status = status;
    refund.updatedAt = dueAt;
    payment.updatedAt = dueAt;
    state.context.ledger.changeRefund(payment.id, refund.id, { status });
  });
};

/** `POST /v1/payments/{id}/refunds`; everything that is left unless an amount is given. */
export const refundPayment = (state: JustifiState, payment: JustifiPayment, body: Fields): JustifiRefund => {
  const { context } = state;
  const now = context.now();
  allowOnly(body, ['amount', 'description', 'reason', 'metadata', 'fees']);
  const reason = readText(body, 'reason');
  if (reason !== null && !['duplicate', 'fraudulent', 'customer_request'].includes(reason)) {
    throw invalid('refund_reason_invalid', 'reason');
  }
  const metadata = readMap(body, 'metadata');
  const description = readText(body, 'description');
  if (payment.capturedAt !== null && now - payment.capturedAt > state.switches.refundWindowMs) {
    throw stateRefusal(state, 'payment_outside_refund_window');
  }
  const amount = readRefundedAmount(state, payment, body);
  const returnedFees = readReturnedFees(context, body, payment);
  const refund: JustifiRefund = {
    id: context.ids.next('re_', 22),
    paymentId: payment.id,
    account: payment.account,
    amount,
    description,
    reason,
    status: state.switches.refundOutcome === 'succeeded' ? 'succeeded' : 'pending',
    metadata,
    returnedFees,
    createdAt: now,
    updatedAt: now,
  };
  for (const returned of returnedFees) returned.fee.remaining = returned.remaining;
  payment.refunds.push(refund);
  payment.updatedAt = now;
  state.refunds.set(refund.id, refund);
  context.ledger.refund(payment.id, {
    id: refund.id,
    amount,
    status: refund.status,
    metadata: metadataForLedger(metadata),
  });
  settleLater(state, payment, refund);
  return refund;
};

/** A refund by its id; another sub account's does not exist. */
export const findRefund = (state: JustifiState, id: string, account: string | undefined): JustifiRefund => {
  const refund = state.refunds.get(id);
  if (refund === undefined || (account !== undefined && refund.account !== account)) throw notFound();
  return refund;
};

/** `PATCH /v1/refunds/{id}`: metadata, as a whole. */
export const updateRefund = (state: JustifiState, refund: JustifiRefund, body: Fields): void => {
  allowOnly(body, ['metadata']);
  refund.metadata = readMap(body, 'metadata');
  refund.updatedAt = state.context.now();
  state.context.ledger.changeRefund(refund.paymentId, refund.id, {
    metadata: metadataForLedger(refund.metadata),
  });
};
