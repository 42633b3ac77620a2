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
  /** The method that was called, such as `create`. */
  readonly operation: string;
  /** The charge that was captured, voided, expired or refunded, or that a create in two steps had made; else null. */
  readonly target: string | null;
  /** The amount that was asked for, in ISO 4217 minor units; null where the call named none. */
  readonly amount: number | null;
  /** Upper-case ISO 4217 code; null where the call named none. */
  readonly currency: string | null;
  /** Milliseconds since 1970 by the store's clock. */
  readonly startedAt: number;
  /**
   * When a request was first about to be sent, in milliseconds since 1970 by the store's clock; null while
   * none was.
   */
  readonly sentAt: number | null;
  /** When the last attempt that may have moved money was over; null where it may still be under way. */
  readonly endedAt: number | null;
  /**
   * Until when it may still be under way, in milliseconds since 1970 by the store's clock: the end of the lease of whoever sent
   * last. Null where `endedAt` tells more, and in errors of version 0.1.0.
   */
  readonly sendUntil: number | null;
  /** The same moment as `sentAt` by the sender's own clock, in milliseconds since 1970: one of the two may have jumped. */
  readonly preparedAt: number | null;
  /**
   * How far the provider's clock was ahead of the sender's, in milliseconds, by the `Date` of its responses; negative where it
   * was behind, null where the sender had heard none.
   */
  readonly clockOffsetMs: number | null;
  /** The API that it was sent to, where the provider has several; else null. */
  readonly api: string | null;
  /** The hash of what was asked, to tell another request with the same key; null where it is not known. */
  readonly fingerprint: string | null;
  /** The refunds that the charge had before, where refunds carry no metadata. */
  readonly refundIdsBefore: readonly string[] | null;
  /** What had been captured before a capture of a part, in ISO 4217 minor units; null where nobody looked. */
  readonly capturedBefore: number | null;
}

/** One wrong field of a call. It never repeats the value. */
export interface FieldIssue {
  /** The field's place in the params, settings or options, with dots: `source.address.country`. */
  readonly path: string;
  /** What is wrong with it, such as `must be 3 or 4 digits`. */
  readonly message: string;
}

/** Everything an error may carry. */
export interface ErrorDetails {
  /** The text of the error, for developers. It must not hold a secret or card data. */
  readonly message: string;
  /** Whether money may have moved under the idempotency key. */
  readonly outcome: Outcome;
  /** A stable word for what went wrong. Default: that of the class, such as `conflict`. */
  readonly code?: string | undefined;
  /** The provider's name, such as `stripe`. */
  readonly provider?: string | null | undefined;
  /** The method that was called, such as `create`. */
  readonly operation?: string | null | undefined;
  /** The HTTP status of the provider's answer. */
  readonly statusCode?: number | null | undefined;
  /** The provider's own code of the error. */
  readonly providerCode?: string | null | undefined;
  /** The id that the provider gave the request. */
  readonly requestId?: string | null | undefined;
  /** The idempotency key of the write. */
  readonly idempotencyKey?: string | null | undefined;
  /** Whether the same call with the same key may succeed later. Default: what the class says. */
  readonly isRetryable?: boolean | undefined;
  /** The provider's id of the charge that the error is about. */
  readonly chargeId?: string | null | undefined;
  /** The fields that are wrong, without their values. */
  readonly issues?: readonly FieldIssue[] | undefined;
  /** For a `CardError`: the decline code that all providers share. Default `generic_decline`. */
  readonly declineCode?: DeclineCode | null | undefined;
  /** For a `CardError`: the code of the card network or issuer. */
  readonly networkCode?: string | null | undefined;
  /** For a `CardError`: what the caller should do. Default `use_other_card`. */
  readonly advice?: Advice | null | undefined;
  /**
   * For a `CardError`, the failed charge; for an `IdempotencyConflictError`, the charge of the first request.
   */
  readonly charge?: Charge | null | undefined;
  /**
   * For a `ConflictError`, the refund that failed at once; for an `IdempotencyConflictError`, that of the
   * first request.
   */
  readonly refund?: Refund | null | undefined;
  /** For a `RateLimitError` or an `OutcomeUnknownError`: how long to wait, in milliseconds. */
  readonly retryAfterMs?: number | null | undefined;
  /** Several charges or refunds that could be meant. */
  readonly candidates?: readonly string[] | undefined;
  /** What `reconcile` needs to find out in another process what became of the write. */
  readonly unresolved?: UnresolvedWrite | null | undefined;
  /** What was thrown below, kept as `cause` of the error. It is no part of `toJSON()`. */
  readonly cause?: unknown;
}
