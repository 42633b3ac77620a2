import type { JustifiDispute } from './disputes.js';
import { type Fields, metadataForLedger } from './parameters.js';
import type { PaymentMethod } from './payment-methods.js';
import type { JustifiState } from './state.js';

/** A fee of a payment. */
export interface PaymentFee {
  id: string;
  type: 'processing_fee' | 'platform_fee';
  amount: number;
  /** What was not given back yet. */
  remaining: number;
}

/** Money on its way back. */
export interface JustifiRefund {
  id: string;
  paymentId: string;
  account: string;
  amount: number;
  description: string | null;
  reason: string | null;
  status: 'pending' | 'succeeded' | 'failed';
  metadata: Fields | null;
  returnedFees: { id: string; fee: PaymentFee; amount: number; remaining: number }[];
  createdAt: number;
  updatedAt: number;
}

/** A payment as this face keeps it. The status on the wire follows from it. */
export interface JustifiPayment {
  readonly id: string;
  readonly account: string;
  readonly createdAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly captureStrategy: 'automatic' | 'manual';
  readonly method: PaymentMethod;
  readonly statementDescriptor: string | null;
  readonly expedited: boolean | null;
  readonly applicationFee: { id: string; amount: number } | null;
  readonly fees: PaymentFee[];
  readonly financialTransactionId: string;
  state: 'pending' | 'authorized' | 'succeeded' | 'failed' | 'canceled';
  description: string | null;
  metadata: Fields | null;
  errorCode: string | null;
  /** When the money was taken; stays after a void. */
  capturedAt: number | null;
  voidId: string | null;
  /** Canceled because nobody captured it in time. */
  lapsed: boolean;
  returned: boolean;
  refunds: JustifiRefund[];
  disputes: JustifiDispute[];
  updatedAt: number;
  cancelLapse: () => void;
}

/** How long an authorization lives, and how long a payment can be voided. */
export const [authorizationLifetime, voidWindow] = [7 * 86_400_000, 25 * 60_000];

/** What is refunded: failed refunds do not count. */
export const refundedAmount = (payment: JustifiPayment): number =>
  payment.refunds.reduce((sum, refund) => (refund.status === 'failed' ? sum : sum + refund.amount), 0);

/** What open and lost disputes hold. */
export const disputedAmount = (payment: JustifiPayment): number =>
  payment.disputes.reduce((sum, dispute) => (dispute.status === 'won' ? sum : sum + dispute.amount), 0);

/** What can still be refunded. */
export const refundableAmount = (payment: JustifiPayment): number =>
  Math.max(0, payment.amount - refundedAmount(payment) - disputedAmount(payment));

/** Enters a new payment into the ledger. */
export const openPayment = (state: JustifiState, payment: JustifiPayment): void => {
  state.payments.set(payment.id, payment);
  state.context.ledger.open({
    id: payment.id,
    account: payment.account,
    amount: payment.amount,
    currency: payment.currency.toUpperCase(),
    state: 'pending',
    metadata: metadataForLedger(payment.metadata),
  });
};

const touch = (payment: JustifiPayment, time: number): void => {
  payment.updatedAt = time;
};

/** Ends a payment that took nothing. */
export const failPayment = (
  state: JustifiState,
  payment: JustifiPayment,
  code: string,
  time: number,
): void => {
  payment.state = 'failed';
  payment.errorCode = code;
  touch(payment, time);
  state.context.ledger.move(payment.id, 'failed');
};

/** Reserves the money and waits for a capture; without one it lapses. */
export const authorizePayment = (state: JustifiState, payment: JustifiPayment): void => {
  const { agenda, ledger } = state.context;
  payment.state = 'authorized';
  ledger.move(payment.id, 'authorized');
  payment.cancelLapse = agenda.at(payment.createdAt + authorizationLifetime, (dueAt) => {
    if (payment.state !== 'authorized') return;
    payment.state = 'canceled';
    payment.lapsed = true;
    touch(payment, dueAt);
    ledger.move(payment.id, 'expired');
  });
};

/** Takes the money of an authorized payment. */
export const takePayment = (state: JustifiState, payment: JustifiPayment, time: number): void => {
  payment.cancelLapse();
  payment.state = 'succeeded';
  payment.capturedAt = time;
  touch(payment, time);
  state.context.ledger.capture(payment.id, payment.amount);
};

/** Takes the money at once. */
export const collectPayment = (state: JustifiState, payment: JustifiPayment, time: number): void => {
  state.context.ledger.move(payment.id, 'authorized');
  takePayment(state, payment, time);
};

/** A bank sends the money of a debit back. */
const returnDebit = (state: JustifiState, payment: JustifiPayment, time: number): void => {
  if (payment.state !== 'succeeded' || payment.refunds.some((refund) => refund.status !== 'failed')) return;
  payment.returned = true;
  payment.errorCode = 'insufficient_funds';
  if (state.switches.returnedDebitStatus === 'failed') payment.state = 'failed';
  touch(payment, time);
  state.context.ledger.undoCapture(payment.id, 'failed');
};

/** Plans how a bank debit settles, after its create was answered. */
export const settleDebitLater = (state: JustifiState, payment: JustifiPayment): void => {
  const { agenda } = state.context;
  const { debitSettlesAfterMs } = state.switches;
  payment.cancelLapse = agenda.at(payment.createdAt + debitSettlesAfterMs, (settledAt) => {
    if (payment.state !== 'pending') return;
    const { outcome } = payment.method;
    const code = outcome.type === 'fails_later' ? outcome.code : null;
    if (code !== null) {
      failPayment(state, payment, code, settledAt);
      return;
    }
    collectPayment(state, payment, settledAt);
    if (!state.switches.debitsReturn) return;
    agenda.at(settledAt + state.switches.debitReturnsAfterMs, (returnedAt) => {
      returnDebit(state, payment, returnedAt);
    });
  });
};
