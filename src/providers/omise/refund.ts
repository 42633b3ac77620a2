import { attach, splitMetadata, stampMetadataKey } from '../../models/attachments.js';
import { refundReasonSchema } from '../../models/params.js';
import type { Refund, RefundStatus } from '../../models/refund.js';
import { unknownDecline } from '../../models/decline.js';
import type { ReportDrift } from '../../provider.js';
import { readCurrency } from './currency.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import { relatedId, type RefundWire } from './wire.js';

/** Omise has no field for the reason of a refund: it rides in the metadata, where its own plugins keep it, too. */
export const reasonMetadataKey = 'reason';

/** Only `closed` was ever seen; the other words are what the documentation leaves room for. */
const statuses: ReadonlyMap<string, RefundStatus> = new Map([
  ['closed', 'succeeded'],
  ['pending', 'pending'],
  ['failed', 'failed'],
]);

const toStatus = (wire: RefundWire, drift: ReportDrift): RefundStatus => {
  // Accounts of before 2019 have refunds without the member, and they are done.
  if (wire.status === undefined) return 'succeeded';
  const status = statuses.get(wire.status ?? '');
  if (status === undefined) drift('status', 'unknown_value');
  return status ?? 'unknown';
};

/** The reason, and the metadata without it if it was ours: a refund with our stamp and one of our words. */
const readReason = (
  wire: RefundWire,
): Pick<Refund, 'reason' | 'providerReason' | 'metadata'> & { stamp: string | null } => {
  const { metadata, stamp } = splitMetadata(wire.metadata);
  const text = metadata[reasonMetadataKey];
  const reason = refundReasonSchema.safeParse(text).data ?? null;
  const isOurs = reason !== null && stamp !== null;
  return {
    reason,
    providerReason: text === undefined || text === '' ? null : text,
    metadata: isOurs
      ? splitMetadata(wire.metadata, [stampMetadataKey, reasonMetadataKey]).metadata
      : metadata,
    stamp,
  };
};

/** A refund of Omise as a refund. */
export const toRefund = (wire: RefundWire, drift: ReportDrift): Refund => {
  const status = toStatus(wire, drift);
  const { stamp, ...reason } = readReason(wire);
  const refund: Refund = {
    provider: 'omise',
    id: wire.id,
    chargeId: relatedId(wire.charge),
    amount: wire.amount,
    currency: readCurrency(wire.currency, 'currency', drift),
    status,
    ...reason,
    // Omise never says why.
    failure:
      status === 'failed'
        ? { ...unknownDecline, message: null, providerCode: null, declineCode: null, networkCode: null }
        : null,
    createdAt: readTimestamp(wire.created_at ?? wire.created, 'created_at', drift),
  };
  return attach(refund, { raw: wire, stamp });
};
