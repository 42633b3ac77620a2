import { metadataIn, requiredAmount, requiredText, textIn, wordIn, type Attributes } from './attributes.js';
import { notFound, PaymongoRefusal } from './errors.js';
import { findPayment, ledgerIdOf } from './payments.js';
import type { PaymongoPayment, PaymongoRefund, PaymongoState } from './state.js';

const ledgerStatus = (status: PaymongoRefund['status']): 'pending' | 'succeeded' | 'failed' =>
  status === 'processing' ? 'pending' : status;

/** What has gone back or is on its way. */
const refundedOf = (payment: PaymongoPayment): number =>
  payment.refunds.reduce((sum, { amount, status }) => (status === 'failed' ? sum : sum + amount), 0);

/** `POST /v1/refunds`. */
export const createRefund = (state: PaymongoState, attributes: Attributes): PaymongoRefund => {
  const amount = requiredAmount(attributes, 100);
  const payment = findPayment(state, requiredText(attributes, 'payment_id'));
  requiredText(attributes, 'reason');
  const reason = wordIn(attributes, 'reason', ['duplicate', 'fraudulent', 'requested_by_customer', 'others']);
  const notes = textIn(attributes, 'notes', 255);
  const metadata = metadataIn(attributes);
  if (payment.status !== 'paid')
    throw new PaymongoRefusal(400, 'refund_not_allowed', 'The payment is not paid.');
  if (amount > payment.amount - refundedOf(payment)) {
    const text = 'The amount is more than what is left of the payment.';
    throw new PaymongoRefusal(400, 'allowed_amount_exceeded', text, { attribute: 'amount' });
  }
  const { context, switches } = state;
  const refund: PaymongoRefund = {
    id: context.ids.next('ref_', 24),
    paymentId: payment.id,
    amount,
    reason,
    notes,
    metadata,
    createdAt: context.now(),
    status: switches.refundStatus,
  };
  payment.refunds.push(refund);
  state.refunds.set(refund.id, refund);
  const ledgerId = ledgerIdOf(payment);
  const status = ledgerStatus(refund.status);
  context.ledger.refund(ledgerId, { id: refund.id, amount, status, metadata: { ...metadata } });
  if (status === 'pending')
    context.agenda.at(refund.createdAt + switches.refundMs, () => {
      refund.status = switches.pendingRefundsEnd;
      context.ledger.changeRefund(ledgerId, refund.id, { status: refund.status });
    });
  return refund;
};

/** A refund by its id. */
export const findRefund = (state: PaymongoState, id: string): PaymongoRefund => {
  const refund = state.refunds.get(id);
  if (refund === undefined) throw notFound('refund', id);
  return refund;
};
