import { upperCaseCode } from '../../models/currency-code.js';
import { attach, splitMetadata } from '../../models/attachments.js';
import { defaultAdvice } from '../../models/decline.js';
import type { Failure, Refund, RefundStatus } from '../../models/refund.js';
import type { RefundReason } from '../../models/params.js';
import type { ReportDrift } from '../../provider.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { RefundWire } from './wire.js';

/** What the caller's reason is called here. `other` has no word and is left out. */
export const wireReasons: Readonly<Record<RefundReason, string | undefined>> = {
  duplicate: 'duplicate',
  fraudulent: 'fraudulent',
  requested_by_customer: 'customer_request',
  other: undefined,
};

const reasons: Readonly<Record<string, RefundReason>> = {
  duplicate: 'duplicate',
  fraudulent: 'fraudulent',
  // The official Node.js client spells it so.
  fradulent: 'fraudulent',
  customer_request: 'requested_by_customer',
  requested_by_customer: 'requested_by_customer',
  other: 'other',
  others: 'other',
};

const statuses: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
};

const own = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** JustiFi gives no reason for a refund that failed. */
const refundFailure: Failure = {
  code: 'generic_decline',
  message: null,
  providerCode: null,
  declineCode: null,
  networkCode: null,
  advice: defaultAdvice.generic_decline,
};

/** The payment that a refund belongs to. The refund itself names neither its currency nor, inside its payment, the payment. */
export interface RefundedPayment {
  readonly id: string;
  readonly currency: string;
}

/** Reads a refund. */
export const toRefund = (wire: RefundWire, payment: RefundedPayment, drift: ReportDrift): Refund => {
  const status = own(statuses, wire.status);
  if (status === undefined) drift('refund.status', 'unknown_value');
  const { metadata, stamp } = splitMetadata(wire.metadata);
  const reason = wire.reason ?? '';
  const refund: Refund = {
    provider: 'justifi',
    id: wire.id,
    chargeId: wire.payment_id ?? payment.id,
    amount: wire.amount,
    currency: upperCaseCode(payment.currency),
    status: status ?? 'unknown',
    reason: own(reasons, reason) ?? null,
    providerReason: reason === '' ? null : reason,
    failure: status === 'failed' ? { ...refundFailure } : null,
    createdAt: readTimestamp(wire.created_at, 'refund.created_at', drift),
    metadata,
  };
  return attach(refund, { raw: wire, stamp });
};

/** Whether a refund takes part in the refunded total: failed ones gave nothing back. */
export const counts = ({ status }: Pick<RefundWire, 'status'>): boolean =>
  status === 'succeeded' || status === 'pending';
