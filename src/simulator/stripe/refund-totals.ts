import type { ChargeRecord, RefundRecord } from './records.js';

/** Pending and succeeded refunds count; failed and canceled ones gave the money back to the merchant. */
const counts = (refund: RefundRecord): boolean =>
  refund.status === 'pending' || refund.status === 'succeeded';

const sum = (refunds: readonly RefundRecord[]): number =>
  refunds.reduce((total, each) => total + each.amount, 0);

/** What was refunded of the captured money, without releases. */
const refundedOfCapture = (charge: ChargeRecord): number =>
  sum(charge.refunds.filter((each) => !each.isRelease && counts(each)));

/** What can still be refunded. */
export const refundableOf = (charge: ChargeRecord): number =>
  charge.amountCaptured - refundedOfCapture(charge);

/**
 * `amount_refunded` and `refunded` as Stripe shows them. A voided or lapsed authorization shows as refunded in full;
 * `refunded` of a captured charge means that nothing of the captured money is left.
 */
export const shownRefunds = (charge: ChargeRecord): { amountRefunded: number; refunded: boolean } => {
  const released = sum(charge.refunds.filter((each) => each.isRelease));
  if (!charge.captured) return { amountRefunded: released, refunded: released > 0 };
  const refunded = refundedOfCapture(charge);
  return {
    amountRefunded: refunded + released,
    refunded: charge.amountCaptured > 0 && refunded === charge.amountCaptured,
  };
};
