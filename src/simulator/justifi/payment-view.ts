import { renderEmbeddedDispute } from './disputes.js';
import { visibleFees } from './fees.js';
import {
  disputedAmount,
  type JustifiPayment,
  type JustifiRefund,
  refundableAmount,
  refundedAmount,
} from './payment.js';
import { renderPaymentMethod } from './payment-methods.js';
import { type JustifiState, timestamp } from './state.js';

/** A refund as the wire shows it: without a currency. */
export const renderRefund = (refund: JustifiRefund, currency: string): Record<string, unknown> => ({
  id: refund.id,
  payment_id: refund.paymentId,
  amount: refund.amount,
  description: refund.description,
  reason: refund.reason,
  status: refund.status,
  metadata: refund.metadata,
  returned_fees: refund.returnedFees.map(({ id, fee, amount, remaining }) => ({
    id,
    payment_fee_id: fee.id,
    type: fee.type,
    returned_amount: amount,
    original_amount: fee.amount,
    currency,
    remaining_amount: remaining,
  })),
  created_at: timestamp(refund.createdAt),
  updated_at: timestamp(refund.updatedAt),
});

/** The status word, derived from the state, disputes and refunds. */
export const statusOf = (payment: JustifiPayment): string => {
  if (payment.state !== 'succeeded') return payment.state;
  if (disputedAmount(payment) > 0) return 'disputed';
  const refunded = refundedAmount(payment);
  if (refunded === 0) return 'succeeded';
  return refunded < payment.amount ? 'partially_refunded' : 'fully_refunded';
};

const renderAmounts = (state: JustifiState, payment: JustifiPayment): Record<string, unknown> => {
  const fees = visibleFees(payment, state.context.now());
  const feeAmount = fees.reduce((sum, fee) => sum + fee.amount, 0);
  const isUndone = payment.state === 'canceled' || payment.returned;
  const hidesAmounts = payment.state === 'canceled' && !state.switches.voidKeepsAmounts;
  const taken = payment.capturedAt === null || isUndone ? 0 : payment.amount;
  return {
    amount: payment.amount,
    amount_disputed: disputedAmount(payment),
    amount_refunded: refundedAmount(payment),
    amount_refundable: hidesAmounts ? 0 : refundableAmount(payment),
    amount_returned: payment.returned ? payment.amount : 0,
    balance: taken === 0 ? 0 : taken - refundedAmount(payment) - feeAmount - disputedAmount(payment),
    fee_amount: feeAmount,
    captured: state.switches.capturedLies || (payment.capturedAt !== null && !hidesAmounts),
    fees: fees.map((fee) => ({
      id: fee.id,
      type: fee.type,
      amount: fee.amount,
      currency: payment.currency,
      remaining_amount: fee.remaining,
    })),
  };
};

/** A payment as the wire shows it. */
export const renderPayment = (state: JustifiState, payment: JustifiPayment): Record<string, unknown> => ({
  id: payment.id,
  account_id: payment.account,
  ...renderAmounts(state, payment),
  currency: payment.currency,
  capture_strategy: payment.captureStrategy,
  status: statusOf(payment),
  description: payment.description,
  statement_descriptor: payment.statementDescriptor,
  disputed: disputedAmount(payment) > 0,
  disputes: payment.disputes.map(renderEmbeddedDispute),
  refunded: refundedAmount(payment) > 0,
  refunds: payment.refunds.map((refund) => renderRefund(refund, payment.currency)),
  returned: payment.returned,
  error_code: payment.errorCode,
  error_description: payment.errorCode?.replaceAll('_', ' ') ?? null,
  financial_transaction_id: payment.financialTransactionId,
  application_fee_rate_id: null,
  application_fee:
    payment.applicationFee === null
      ? null
      : {
          ...payment.applicationFee,
          currency: payment.currency,
          created_at: timestamp(payment.createdAt),
          updated_at: timestamp(payment.createdAt),
        },
  is_test: true,
  metadata: payment.metadata,
  payment_intent_id: null,
  checkout_id: null,
  terminal_id: null,
  payment_mode: payment.method.kind === 'card' ? 'ecom' : 'ach',
  expedited: payment.expedited,
  transaction_hold: null,
  payment_method: renderPaymentMethod(state, payment.method),
  created_at: timestamp(payment.createdAt),
  updated_at: timestamp(payment.updatedAt),
});

/** A movement of money on a payment. */
interface Movement {
  type: string;
  amount: number;
  source: { id: string; type: string };
  time: number;
}

const movementsOf = (payment: JustifiPayment, now: number): Movement[] => {
  const time = payment.capturedAt;
  // A void and a returned debit leave nothing behind that would be paid out.
  if (time === null || payment.state === 'canceled' || payment.returned) return [];
  const own = { id: payment.id, type: 'Payment' };
  return [
    { type: 'payment', amount: payment.amount, source: own, time },
    ...visibleFees(payment, now).map((fee) => ({
      type: 'payment_fee',
      amount: -fee.amount,
      source: { id: fee.id, type: 'Fee' },
      time,
    })),
    ...payment.disputes.flatMap((dispute) => {
      const source = { id: dispute.id, type: 'Dispute' };
      const opened = { type: 'dispute', amount: -dispute.amount, source, time: dispute.createdAt };
      const won = { type: 'dispute_refund', amount: dispute.amount, source, time: dispute.updatedAt };
      return dispute.status === 'won' ? [opened, won] : [opened];
    }),
    ...payment.refunds
      .filter((refund) => refund.status !== 'failed')
      .flatMap((refund) => [
        {
          type: 'refund',
          amount: -refund.amount,
          source: { id: refund.id, type: 'Refund' },
          time: refund.createdAt,
        },
        ...refund.returnedFees.map((fee) => ({
          type: 'fee_refund',
          amount: fee.amount,
          source: { id: fee.id, type: 'ReturnedFee' },
          time: refund.createdAt,
        })),
      ]),
  ];
};

/** The movements of a payment as the wire shows them, oldest first, each with the balance after it. */
export const renderMovements = (
  payment: JustifiPayment,
  now: number,
): { id: string; createdAt: number; rendered: Record<string, unknown> }[] => {
  let balance = 0;
  return movementsOf(payment, now)
    .sort((left, right) => left.time - right.time)
    .map(({ type, amount, source, time }) => {
      balance += amount;
      // By type and source, so that a movement keeps its id when an earlier one appears or disappears.
      const id = `pbt_${`${type}${source.id}`.replaceAll('_', '')}`;
      return {
        id,
        createdAt: time,
        rendered: {
          id,
          amount,
          balance,
          currency: payment.currency,
          financial_transaction_id: payment.financialTransactionId,
          payment_id: payment.id,
          payment_balance_txn_type: type,
          source_id: source.id,
          source_type: source.type,
          created_at: timestamp(time),
          updated_at: timestamp(time),
        },
      };
    });
};
