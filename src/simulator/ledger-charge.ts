/** Where a charge stands in the ledger. Refunds and disputes do not change it. */
export type LedgerState =
  'pending' | 'requires_action' | 'authorized' | 'captured' | 'voided' | 'expired' | 'failed';

/** Where a refund stands in the ledger. */
export type LedgerRefundStatus = 'pending' | 'succeeded' | 'failed' | 'canceled';

/** A refund of captured money. Released authorizations are none. */
export interface LedgerRefund {
  /** The provider's id of the refund. */
  id: string;
  /** ISO 4217 minor units. */
  amount: number;
  /** Where the refund stands. */
  status: LedgerRefundStatus;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** The pairs that the refund was made with. */
  metadata: Record<string, string>;
}

/** A charge as it truly is, whatever the provider told anybody. */
export interface LedgerCharge {
  /** The name of the simulated provider, such as `stripe`. */
  provider: string;
  /** The id that the create answered with. */
  id: string;
  /** The connected account or sub account it belongs to, or null for the main one. */
  account: string | null;
  /** What was asked for, in ISO 4217 minor units. */
  amount: number;
  /** Upper-case ISO 4217 code. */
  currency: string;
  /** What was taken from the payer, in ISO 4217 minor units, before refunds. */
  amountCaptured: number;
  /** What went back of the captured money: pending and succeeded refunds. */
  amountRefunded: number;
  /** Where the charge stands. */
  state: LedgerState;
  /** The pairs that the charge carries, the stamp of its idempotency key among them. */
  metadata: Record<string, string>;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Its refunds, oldest first. */
  refunds: LedgerRefund[];
}

/** What a subscriber hears, after the request or lapse that caused it is complete. */
export interface LedgerChange {
  /** Whether a charge or a refund was made or changed. */
  type: 'charge.created' | 'charge.changed' | 'refund.created' | 'refund.changed';
  /** The name of the simulated provider, such as `stripe`. */
  provider: string;
  /** The id of the charge. */
  chargeId: string;
  /** The id of the refund; null where the change is one of the charge itself. */
  refundId: string | null;
  /** The charge after the change, a copy. */
  charge: LedgerCharge;
}
