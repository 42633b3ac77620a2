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

/** A release succeeds at once. Answers of the oldest versions have no status. */
const isDone = ({ status }: WireRefund): boolean =>
  status === 'succeeded' || status === null || status === undefined;

/** No authorization lives longer, so no capture and no release of what it left is later: 30 days, and one for clocks. */
const longestAuthorization = 31 * 24 * 60 * 60;

/**
 * Whether an entry can have been made with the capture: while the authorization lived, and before every other entry, for
 * there is nothing to refund before a capture.
 */
const isMadeWithCapture = (
  charge: WireCharge,
  refund: WireRefund,
  refunds: readonly WireRefund[],
): boolean => {
  const { created } = refund;
  if (typeof created !== 'number') return true;
  if (typeof charge.created === 'number' && created - charge.created > longestAuthorization) return false;
  return refunds.every((other) => (other.created ?? created) >= created);
};

/**
 * The entry among the refunds that is no refund but the released remainder of a partial capture: never stamped by us,
 * exactly the remainder, done from its first moment, and never booked. It was made at the capture, so of several the oldest
 * (the last listed) is it.
 *
 * Charges that bring their refunds along unasked are of a version before 2022-11-15. Those versions always list the release
 * as a refund, and a booking proves nothing there.
 */
export const releaseAmong = (charge: WireCharge, refunds: readonly WireRefund[]): WireRefund | undefined => {
  const remainder = remainderOf(charge);
  if (remainder <= 0) return undefined;
  const alwaysListsIt = charge.refunds !== null && charge.refunds !== undefined;
  return refunds.findLast(
    (refund) =>
      refund.amount === remainder &&
      isUnstamped(refund) &&
      isDone(refund) &&
      isMadeWithCapture(charge, refund, refunds) &&
      (alwaysListsIt || isUnbooked(refund)),
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

/** The refunds inside a charge, if they are all there: an end that is not told is no end. */
export const embeddedRefunds = (charge: WireCharge): readonly WireRefund[] | null =>
  charge.refunds?.has_more === false ? charge.refunds.data : null;

/**
 * Whether `amount_refunded` may hold the released remainder of a partial capture: some API versions count it, and the
 * number alone does not tell.
 */
export const isReleaseAmbiguous = (charge: WireCharge): boolean => {
  const remainder = remainderOf(charge);
  return remainder > 0 && charge.amount_refunded > 0 && charge.amount_refunded >= remainder;
};

/** What went back, or is on its way. */
export const sumOfCounted = (refunds: readonly WireRefund[]): number =>
  refunds
    .filter((refund) => countedStatuses.has(refund.status))
    .reduce((sum, refund) => sum + refund.amount, 0);

const sumOfRefunds = (charge: WireCharge, refunds: readonly WireRefund[]): number =>
  sumOfCounted(withoutReleases(charge, refunds));

/** Whether the refunds that a charge brought along could not be read: only the shapes before 2020 need them. */
export const lacksRefunds = (charge: WireCharge): boolean =>
  charge.amount_captured === undefined && charge.refunds === null && charge.amount_refunded > 0;

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
