/** Behaviour of PayMongo that its documentation leaves open, or in which its sources disagree. */
export interface PaymongoSwitches {
  /** The answer to a key that comes again with other parameters: only that it is refused is documented. */
  keyMismatch: { status: 400 | 409 | 422; code: string };
  /** How long a key is remembered, in milliseconds. */
  keyLifetimeMs: number;
  /** Whether a payment shows the metadata of the intent that it was made for. */
  paymentMetadata: 'of_intent' | 'none';
  /** Whether the payments of a list are whole, or lack their refunds and their intent. */
  listedPayments: 'whole' | 'reduced';
  /** The status of an intent whose hold has lapsed. */
  lapsedStatus: 'cancelled' | 'awaiting_payment_method';
  /** The status of a fresh refund. */
  refundStatus: 'pending' | 'processing' | 'succeeded';
  /** What becomes of a refund that is not done at once. */
  pendingRefundsEnd: 'succeeded' | 'failed';
  /** How long a refund is on its way, in milliseconds. */
  refundMs: number;
  /** How long an authorization can be captured, in milliseconds. */
  holdMs: number;
  /** The smallest amount of an intent or a source; old pages say 10000. */
  smallestAmount: number;
  /** Whether `payment.refunded` holds the payment or the refund. */
  refundedEvent: 'payment' | 'refund';
}

const day = 86_400_000;

/** What is documented, or the more likely reading of it. */
export const paymongoSwitches: PaymongoSwitches = {
  keyMismatch: { status: 400, code: 'idempotency_key_mismatch' },
  keyLifetimeMs: day,
  paymentMetadata: 'of_intent',
  listedPayments: 'whole',
  lapsedStatus: 'cancelled',
  refundStatus: 'succeeded',
  pendingRefundsEnd: 'succeeded',
  refundMs: 3_600_000,
  holdMs: 7 * day,
  smallestAmount: 2000,
  refundedEvent: 'refund',
};
