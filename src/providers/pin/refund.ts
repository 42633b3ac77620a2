import { attach } from '../../models/attachments.js';
import { defaultAdvice } from '../../models/decline.js';
import type { Refund, RefundStatus } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { currencyOf, timestampOf, type Reading } from './charge.js';
import type { RefundWire } from './wire.js';

/**
 * `success` stays null for days. Pin's own sample shows a settled refund with `success: null` and the text `Success`, so
 * exactly that text without an error message counts as settled; a `refund.failed` event overrides it.
 */
export const refundStatusOf = (wire: RefundWire, drift: ReportDrift): RefundStatus => {
  const hasError = Boolean(wire.error_message);
  if (wire.success === true) {
    if (hasError) drift('error_message', 'inconsistent');
    return 'succeeded';
  }
  if (wire.success != null && wire.success !== false) {
    drift('success', 'wrong_type');
    return 'unknown';
  }
  if (wire.success === false || hasError) return 'failed';
  return wire.status_message === 'Success' ? 'succeeded' : 'pending';
};

/** One refund of Pin as a normalized refund. Pin keeps neither a reason nor metadata with it. */
export const toRefund = (
  wire: RefundWire,
  { drift }: Reading,
  status = refundStatusOf(wire, drift),
): Refund =>
  attach<Refund>(
    {
      provider: 'pin',
      id: wire.token,
      chargeId: wire.charge,
      amount: wire.amount,
      currency: currencyOf(wire, drift),
      status,
      reason: null,
      providerReason: null,
      failure:
        status === 'failed'
          ? {
              code: 'generic_decline',
              message: wire.error_message ?? null,
              providerCode: null,
              declineCode: null,
              networkCode: null,
              advice: defaultAdvice.generic_decline,
            }
          : null,
      createdAt: timestampOf(wire.created_at, 'created_at', drift),
      metadata: {},
    },
    { raw: wire },
  );
