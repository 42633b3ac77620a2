import { changed, type PinCharge, type PinRefund } from './charge.js';
import { PinRefusal, Problems } from './errors.js';
import { type Parameters, readInteger } from './parameters.js';
import { type PinState, timestamp } from './state.js';

/** What went back of a charge or is on its way; `status` narrows it. */
export const refundedAmount = (charge: PinCharge, withPending: boolean): number =>
  charge.refunds.reduce(
    (sum, { status, amount }) =>
      status === 'succeeded' || (withPending && status === 'pending') ? sum + amount : sum,
    0,
  );

const settleRefund = (state: PinState, charge: PinCharge, refund: PinRefund): void => {
  refund.status = state.switches.refundOutcome === 'succeeds' ? 'succeeded' : 'failed';
  state.context.ledger.changeRefund(charge.token, refund.token, { status: refund.status });
  changed(state, charge);
};

const readRefundAmount = (parameters: Parameters, left: number): number => {
  if (parameters['amount'] === undefined) return left;
  const amount = readInteger(parameters, 'amount') ?? 0;
  const problems = new Problems();
  if (amount <= 0) problems.add('amount', 'Amount must be a positive whole number of base units');
  problems.refuse();
  return amount;
};

/** `POST /charges/{token}/refunds`: pending first, settled later. */
export const refundCharge = (state: PinState, charge: PinCharge, parameters: Parameters): PinRefund => {
  const { context, switches } = state;
  const left = charge.status === 'captured' ? charge.amount - refundedAmount(charge, true) : 0;
  const amount = readRefundAmount(parameters, left);
  if (amount > left || left === 0) {
    const message =
      charge.status === 'captured'
        ? 'You have tried to refund more than the original charge'
        : 'The charge has not been captured';
    throw new PinRefusal('invalid_resource', { messages: { charge: [message] } });
  }
  if (switches.insufficientBalance) {
    throw new PinRefusal('insufficient_pin_balance', { inArray: switches.balanceErrorInArray });
  }
  const refund: PinRefund = {
    token: context.ids.next('rf_', 22),
    charge: charge.token,
    amount,
    currency: charge.currency,
    createdAt: context.now(),
    status: 'pending',
  };
  charge.refunds = [...charge.refunds, refund];
  state.refunds.set(refund.token, refund);
  context.ledger.refund(charge.token, { id: refund.token, amount, status: 'pending' });
  if (switches.refundSettlesAfterMs !== null) {
    context.agenda.at(context.now() + switches.refundSettlesAfterMs, () =>
      settleRefund(state, charge, refund),
    );
  }
  changed(state, charge);
  return refund;
};

/** A refund by its token. */
export const findRefund = (state: PinState, token: string): PinRefund => {
  const refund = state.refunds.get(token);
  if (refund === undefined) throw new PinRefusal('not_found');
  return refund;
};

const successOf = (state: PinState, refund: PinRefund): boolean | null => {
  if (refund.status === 'failed') return false;
  return refund.status === 'pending' ? null : state.switches.settledRefundSuccess;
};

const statusMessages = { pending: 'Pending', succeeded: 'Success', failed: 'Failed' } as const;

/** A refund as the wire shows it. */
export const renderRefund = (state: PinState, refund: PinRefund): Record<string, unknown> => ({
  token: refund.token,
  success: successOf(state, refund),
  amount: refund.amount,
  currency: refund.currency,
  charge: refund.charge,
  created_at: timestamp(refund.createdAt),
  error_message: refund.status === 'failed' ? 'The refund could not be processed.' : null,
  status_message: statusMessages[refund.status],
});
