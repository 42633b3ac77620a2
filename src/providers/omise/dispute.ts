import { upperCaseCode } from '../../models/currency-code.js';
import type { Dispute } from '../../models/dispute.js';
import { currencySchema } from '../../models/refund.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { ReportDrift } from '../../provider.js';
import { disputeWire, type ChargeWire, type DisputeWire } from './wire.js';

/** A dispute of Omise as a dispute. */
export const toDispute = (wire: DisputeWire, drift: ReportDrift): Dispute => ({
  id: wire.id,
  status: wire.status,
  amount: wire.amount ?? null,
  // It only informs: a code that nobody knows must not make the charge unreadable.
  currency: currencySchema.safeParse(upperCaseCode(wire.currency ?? '')).data ?? null,
  reason: wire.reason_code ?? null,
  createdAt: readTimestamp(wire.created_at ?? wire.created, 'dispute.created_at', drift),
});

/** The dispute of a charge: Omise tells one at most. Null where the answer has no such member, or one that cannot be read. */
export const toDisputes = ({ dispute }: ChargeWire, drift: ReportDrift): Dispute[] | null => {
  if (dispute === undefined) return null;
  if (dispute === null) return [];
  const { data } = disputeWire.safeParse(dispute);
  if (data !== undefined) return [toDispute(data, drift)];
  drift('dispute', 'wrong_type');
  return null;
};

const closed: ReadonlySet<string> = new Set(['won', 'closed']);

/** Any dispute that is not known to be over, also one whose status cannot be read. */
export const isDisputed = ({ dispute }: ChargeWire): boolean => {
  if (dispute === null || dispute === undefined) return false;
  const { status } = dispute as { status?: unknown };
  return typeof status !== 'string' || !closed.has(status);
};
