import type { Charge } from './charge.js';
import type { Advice, DeclineCode } from './decline.js';
import type { Refund } from './refund.js';

/**
 * May money have moved? `not_sent`: no byte of the request left. `rejected`: the provider refused it, nothing moved.
 * `unknown`: it may have moved; call the same method again with the same idempotency key, or `reconcile`.
 * The answer is for the idempotency key, not for the last attempt.
 */
export type Outcome = 'not_sent' | 'rejected' | 'unknown';

/** What a later process needs to find out what became of a write. It travels inside `toJSON()`. */
export interface UnresolvedWrite {
  /** Whose write it is: namespace, provider, mode and account. Only a client and options of the same can tell what became of it. */
  readonly scope: string;
  readonly operation: string;
  /** The charge that was captured, voided, expired or refunded, or that a create in two steps had made; else null. */
  readonly target: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  /** Milliseconds since 1970 by the store's clock. */
  readonly startedAt: number;
  readonly sentAt: number | null;
  /** When the last attempt that may have moved money was over; null where it may still be under way. */
  readonly endedAt: number | null;
  /** The same moment as `sentAt` by the sender's own clock, in milliseconds since 1970: one of the two may have jumped. */
  readonly preparedAt: number | null;
  /**
   * How far the provider's clock was ahead of the sender's, in milliseconds, by the `Date` of its responses; negative where it
   * was behind, null where the sender had heard none.
   */
  readonly clockOffsetMs: number | null;
  readonly fingerprint: string | null;
  /** The refunds that the charge had before, where refunds carry no metadata. */
  readonly refundIdsBefore: readonly string[] | null;
  /** What had been captured before a capture of a part, in ISO 4217 minor units; null where nobody looked. */
  readonly capturedBefore: number | null;
}

/** One wrong field of a call. It never repeats the value. */
export interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

/** Everything an error may carry. */
export interface ErrorDetails {
  readonly message: string;
  readonly outcome: Outcome;
  readonly code?: string | undefined;
  readonly provider?: string | null | undefined;
  readonly operation?: string | null | undefined;
  readonly statusCode?: number | null | undefined;
  readonly providerCode?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  readonly isRetryable?: boolean | undefined;
  readonly chargeId?: string | null | undefined;
  readonly issues?: readonly FieldIssue[] | undefined;
  readonly declineCode?: DeclineCode | null | undefined;
  readonly networkCode?: string | null | undefined;
  readonly advice?: Advice | null | undefined;
  readonly charge?: Charge | null | undefined;
  readonly refund?: Refund | null | undefined;
  readonly retryAfterMs?: number | null | undefined;
  /** Several charges or refunds that could be meant. */
  readonly candidates?: readonly string[] | undefined;
  readonly unresolved?: UnresolvedWrite | null | undefined;
  readonly cause?: unknown;
}
