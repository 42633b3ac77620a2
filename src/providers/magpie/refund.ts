import { upperCaseCode } from '../../models/currency-code.js';
import { attach } from '../../models/attachments.js';
import { defaultAdvice } from '../../models/decline.js';
import type { Failure, Refund, RefundStatus } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { WireCharge, WireRefund } from './wire.js';

const statuses: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
};

const reasons: Readonly<Record<string, NonNullable<Refund['reason']>>> = {
  duplicate: 'duplicate',
  fraudulent: 'fraudulent',
  fradulent: 'fraudulent',
  requested_by_customer: 'requested_by_customer',
  customer_request: 'requested_by_customer',
  other: 'other',
  others: 'other',
};

/** The provider gives no reason for a failed refund. */
const failure: Failure = {
  code: 'generic_decline',
  message: null,
  providerCode: null,
  declineCode: null,
  networkCode: null,
  advice: defaultAdvice.generic_decline,
};

const lookUp = <Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

const toStatus = (word: string | null, drift: ReportDrift): RefundStatus => {
  const status = word === null ? undefined : lookUp(statuses, word);
  if (status === undefined) drift('refunds.status', word === null ? 'missing' : 'unknown_value');
  return status ?? 'unknown';
};

/** One entry of `charge.refunds`. It names neither its charge nor metadata: the charge that carries it does. */
export const toRefund = (
  wire: WireRefund,
  charge: Pick<WireCharge, 'id' | 'currency'>,
  drift: ReportDrift,
): Refund => {
  const status = toStatus(wire.status ?? null, drift);
  const providerReason = wire.reason === '' ? null : (wire.reason ?? null);
  const refund: Refund = {
    provider: 'magpie',
    id: wire.id,
    chargeId: charge.id,
    amount: wire.amount,
    currency: upperCaseCode(wire.currency ?? charge.currency),
    status,
    reason: providerReason === null ? null : (lookUp(reasons, providerReason) ?? null),
    providerReason,
    failure: status === 'failed' ? { ...failure } : null,
    createdAt: readTimestamp(wire.created_at, 'refunds.created_at', drift),
    metadata: {},
  };
  return attach(refund, { raw: wire, stamp: null });
};

/** Every refund of a charge, as the provider orders them, or null where the answer did not carry them. */
export const toRefunds = (wire: WireCharge, drift: ReportDrift): Refund[] | null =>
  wire.refunds?.map((refund) => toRefund(refund, wire, drift)) ?? null;

/** The ids of the refunds that a charge has now. */
export const refundIdsOf = (wire: WireCharge): string[] => (wire.refunds ?? []).map((refund) => refund.id);

/** What refunds have given back or are about to: a failed one gives nothing back. */
export const countedRefunds = (wire: WireCharge): number | null =>
  wire.refunds == null
    ? null
    : wire.refunds.reduce((sum, refund) => (refund.status === 'failed' ? sum : sum + refund.amount), 0);

/**
 * The refunds that were not there before. Where one of them has the amount that was asked, only those: a refund made by
 * hand at the same moment is told apart by its amount.
 */
export const newRefunds = (
  wire: WireCharge,
  idsBefore: readonly string[],
  amount: number | null,
): readonly WireRefund[] => {
  const fresh = (wire.refunds ?? []).filter((refund) => !idsBefore.includes(refund.id));
  const matching = fresh.filter((refund) => refund.amount === amount);
  return matching.length > 0 ? matching : fresh;
};
