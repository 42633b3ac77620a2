import * as z from 'zod';
import type { Dispute } from '../../models/dispute.js';
import { isObject } from '../../models/objects.js';
import type { ReportDrift } from '../../provider.js';
import { fromWireCurrency, safeAmount } from './currency.js';
import { isoTime, relatedSchema, type WireCharge } from './wire.js';

/** A dispute, as far as it is read. */
export const disputeSchema = relatedSchema.extend({
  status: z.string(),
  amount: z.int().nullish(),
  currency: z.string().nullish(),
  reason: z.string().nullish(),
  created: z.int().nullish(),
});

/** A dispute in shared words. */
export const toDispute = (wire: z.infer<typeof disputeSchema>): Dispute => {
  const currency = wire.currency ? fromWireCurrency(wire.currency) : null;
  return {
    id: wire.id,
    status: wire.status,
    amount: currency === null ? null : safeAmount(wire.amount, currency),
    currency,
    reason: wire.reason ?? null,
    createdAt: isoTime(wire.created),
  };
};

/**
 * The disputes of a charge. Stripe tells of a charge that was never disputed; of one that was, only the shapes before 2023 hold
 * the dispute, and only where it was expanded.
 */
export const disputesOf = (charge: WireCharge | null, drift: ReportDrift): Dispute[] | null => {
  const dispute = charge?.dispute;
  if (!isObject(dispute)) return charge?.disputed === false ? [] : null;
  const { data } = disputeSchema.safeParse(dispute);
  if (data !== undefined) return [toDispute(data)];
  drift('dispute', 'wrong_type');
  return null;
};
