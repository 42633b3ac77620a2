import { stampMetadataKey } from '../../models/attachments.js';
import type { ReportDrift } from '../../provider.js';
import type { WireCharge, WireRefund } from './wire.js';

/** Amounts in Stripe's units. `captured` is null where an answer was damaged and does not say. */
export interface WireAmounts {
  readonly captured: number | null;
  readonly refunded: number;
}

const countedStatuses: ReadonlySet<string | null | undefined> = new Set([
  'succeeded',
  'pending',
  'requires_action',
]);

/** What a partial capture left untaken. Shapes before 2020 do not say; then nothing is taken for a release. */
const remainderOf = (charge: WireCharge): number =>
  charge.captured && typeof charge.amount_captured === 'number' ? charge.amount - charge.amount_captured : 0;

const isUnstamped = (refund: WireRefund): boolean => typeof refund.metadata?.[stampMetadataKey] !== 'string';

const isUnbooked = (refund: WireRefund): boolean =>
  refund.balance_transaction === null || refund.balance_transaction === undefined;

/**
 * The entry among the refunds that is no refund but the released remainder of a partial capture: never stamped by us,
 * exactly the remainder, and never booked. It was made at the capture, so of several the oldest (the last listed) is it.
 *
 * Charges that bring their refunds along unasked are of a version before 2022-11-15. Those versions always list the release
 * as a refund, and a booking proves nothing there.
 */
export const releaseAmong = (charge: WireCharge, refunds: readonly WireRefund[]): WireRefund | undefined => {
  const remainder = remainderOf(charge);
  if (remainder <= 0) return undefined;
  const alwaysListsIt = charge.refunds !== null && charge.refunds !== undefined;
  return refunds.findLast(
    (refund) => refund.amount === remainder && isUnstamped(refund) && (alwaysListsIt || isUnbooked(refund)),
  );
};

/** The entries that gave captured money back. Of a charge that was never captured there are none: those are releases. */
export const withoutReleases = (
  charge: WireCharge,
  refunds: readonly WireRefund[],
): readonly WireRefund[] => {
  if (!charge.captured) return [];
  const release = releaseAmong(charge, refunds);
  return refunds.filter((refund) => refund !== release);
};

/** The refunds inside a charge, if they are all there. */
export const embeddedRefunds = (charge: WireCharge): readonly WireRefund[] | null =>
  charge.refunds && charge.refunds.has_more !== true ? charge.refunds.data : null;

/**
 * Whether `amount_refunded` may hold the released remainder of a partial capture: some API versions count it, and the
 * number alone does not tell.
 */
export const isReleaseAmbiguous = (charge: WireCharge): boolean => {
  const remainder = remainderOf(charge);
  return remainder > 0 && charge.amount_refunded > 0 && charge.amount_refunded >= remainder;
};

const sumOfRefunds = (charge: WireCharge, refunds: readonly WireRefund[]): number =>
  withoutReleases(charge, refunds)
    .filter((refund) => countedStatuses.has(refund.status))
    .reduce((sum, refund) => sum + refund.amount, 0);

/** What was taken and given back of a captured charge. `refunds` are all of them, or null where the charge's own numbers do. */
export const capturedAmounts = (
  charge: WireCharge,
  refunds: readonly WireRefund[] | null,
  drift: ReportDrift,
): WireAmounts => {
  const isOldShape = charge.amount_captured === undefined;
  const captured = isOldShape ? charge.amount : (charge.amount_captured ?? null);
  const mustSum = isOldShape ? refunds !== null : isReleaseAmbiguous(charge);
  const refunded = mustSum && refunds !== null ? sumOfRefunds(charge, refunds) : charge.amount_refunded;
  if (refunded < 0 || (captured !== null && refunded > captured)) drift('amountRefunded', 'inconsistent');
  return { captured, refunded };
};
