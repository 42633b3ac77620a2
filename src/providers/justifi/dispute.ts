import * as z from 'zod';
import { upperCaseCode } from '../../models/currency-code.js';
import type { Dispute } from '../../models/dispute.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { ReportDrift } from '../../provider.js';
import { disputeWire, type DisputeWire } from './wire.js';

/** A dispute of a payment. Inside the payment it may lack its currency: it is in that of the payment. */
export const toDispute = (wire: DisputeWire, currency: string | null, drift: ReportDrift): Dispute => ({
  id: wire.id,
  status: wire.status ?? 'unknown',
  amount: wire.amount ?? wire.amount_cents ?? null,
  currency: wire.currency == null ? currency : upperCaseCode(wire.currency),
  reason: wire.reason ?? null,
  createdAt: readTimestamp(wire.created_at, 'created_at', drift),
});

const disputesWire = z.array(disputeWire).nullish();

/** The disputes of a payment; null where it does not tell them, or not readably. */
export const toDisputes = (wire: unknown, currency: string, drift: ReportDrift): Dispute[] | null => {
  const { data, success } = disputesWire.safeParse(wire);
  if (!success) drift('disputes', 'wrong_type');
  return data?.map((dispute) => toDispute(dispute, currency, drift)) ?? null;
};
