import { eachOnce } from '../models/objects.js';
import { attach, splitMetadata, stampMetadataKey } from '../models/attachments.js';
import type { RefundReason } from '../models/params.js';
import type { Failure, Refund, RefundStatus } from '../models/refund.js';
import { failureWith } from './charge.js';
import { rowOf } from './fields.js';

/** What is said of a refund. What is left out is null; without metadata it is empty. */
export interface RefundFacts
  extends
    Pick<Refund, 'provider' | 'id' | 'chargeId' | 'amount' | 'currency' | 'status' | 'createdAt'>,
    Partial<Pick<Refund, 'reason' | 'providerReason'>> {
  /** As it stands on the wire: the stamp and `ownKeys` are taken out. */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Metadata keys of the adapter's own, beside the stamp. */
  readonly ownKeys?: readonly string[];
  /** Why it failed; asked of a failed refund only. */
  failure?(): Failure;
  /** The provider's resource, untouched. */
  readonly raw: unknown;
}

/** A normalized refund. */
export const makeRefund = (facts: RefundFacts): Refund => {
  const { metadata, stamp } = splitMetadata(facts.metadata, [stampMetadataKey, ...(facts.ownKeys ?? [])]);
  return attach<Refund>(
    {
      provider: facts.provider,
      id: facts.id,
      chargeId: facts.chargeId,
      amount: facts.amount,
      currency: facts.currency,
      status: facts.status,
      reason: facts.reason ?? null,
      providerReason: facts.providerReason ?? null,
      failure: facts.status === 'failed' ? (facts.failure?.() ?? failureWith('generic_decline')) : null,
      createdAt: facts.createdAt,
      metadata,
    },
    { raw: facts.raw, stamp },
  );
};

const refundReasons: Readonly<Record<string, RefundReason>> = {
  duplicate: 'duplicate',
  fraudulent: 'fraudulent',
  // An official Node.js client spells it so.
  fradulent: 'fraudulent',
  customer_request: 'requested_by_customer',
  requested_by_customer: 'requested_by_customer',
  other: 'other',
  others: 'other',
};

/** The reason that a provider's word means; null where it means none. */
export const refundReasonOf = (word: string | null | undefined): RefundReason | null =>
  rowOf(refundReasons, word) ?? null;

/** Whether a refund gives money back, or is about to: failed and canceled ones do not. */
export const countsAsRefunded = ({ status }: { readonly status: RefundStatus }): boolean =>
  status !== 'failed' && status !== 'canceled';

/** What refunds have given back or are about to, in minor units. One that an answer names twice counts once. */
export const refundedBy = (refunds: readonly Pick<Refund, 'id' | 'amount' | 'status'>[]): number =>
  eachOnce(refunds)
    .filter(countsAsRefunded)
    .reduce((sum, { amount }) => sum + amount, 0);
