import { attach, splitMetadata } from '../../models/attachments.js';
import type { Refund, RefundStatus } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { fromWireAmount, fromWireCurrency } from './currency.js';
import { lookUp, readRefundFailure } from './codes.js';
import { isoTime, type WireRefund, type WireRefundWithCharge } from './wire.js';

const statuses: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
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

/** The release of an authorization that lapsed, which Stripe books as a refund. */
export const lapseReason = 'expired_uncaptured_charge';

/** A refund of captured money. `chargeId` is the one id of the payment: the intent's, or that of a charge without one. */
export const toRefund = (
  wire: WireRefund | WireRefundWithCharge,
  chargeId: string,
  drift: ReportDrift,
  withRaw = true,
): Refund => {
  const currency = fromWireCurrency(wire.currency);
  const status = lookUp(statuses, wire.status) ?? 'unknown';
  // Null is a documented answer, and the oldest versions have no status.
  if (status === 'unknown' && wire.status) drift('refund.status', 'unknown_value');
  const reason = lookUp(reasons, wire.reason) ?? null;
  const { metadata, stamp } = splitMetadata(wire.metadata);
  return attach(
    {
      provider: 'stripe',
      id: wire.id,
      chargeId,
      amount: fromWireAmount(wire.amount, currency),
      currency,
      status,
      reason,
      providerReason: wire.reason ?? null,
      failure: status === 'failed' ? readRefundFailure(wire.failure_reason) : null,
      createdAt: isoTime(wire.created),
      metadata,
    },
    { raw: withRaw ? wire : undefined, stamp },
  );
};
