import { ChargesError } from './errors/charges-error.js';
import type { Charge } from './models/charge.js';
import type { Advice, DeclineCode } from './models/decline.js';
import type { ErrorDetails } from './models/error-details.js';
import type { Refund } from './models/refund.js';

export { ChargesError } from './errors/charges-error.js';
export type { ErrorDetails, FieldIssue, Outcome, UnresolvedWrite } from './models/error-details.js';

/**
 * Settings are missing, unknown or contradict each other: thrown when the client is made. A call rejects with it, and nothing was
 * sent, where the way to the provider cannot start, such as an `axios` instance whose adapter is missing.
 */
export class ConfigurationError extends ChargesError {
  static override readonly errorName: string = 'ConfigurationError';
  protected static override readonly defaultCode: string = 'configuration_error';
}

/** The provider has no such operation, or cannot tell there what `include` asks for. Nothing was sent. */
export class UnsupportedOperationError extends ChargesError {
  static override readonly errorName: string = 'UnsupportedOperationError';
  protected static override readonly defaultCode: string = 'unsupported_operation';
}

/** A field of the call is wrong: found here before sending (`not_sent`), or by the provider (`rejected`). */
export class InvalidRequestError extends ChargesError {
  static override readonly errorName: string = 'InvalidRequestError';
  protected static override readonly defaultCode: string = 'invalid_request';
}

/** The key or token was refused. */
export class AuthenticationError extends ChargesError {
  static override readonly errorName: string = 'AuthenticationError';
  protected static override readonly defaultCode: string = 'authentication_failed';
}

/** The key is good but may not do this, or the account may not. */
export class PermissionError extends ChargesError {
  static override readonly errorName: string = 'PermissionError';
  protected static override readonly defaultCode: string = 'permission_denied';
}

/** No such charge, refund or token at the provider. */
export class NotFoundError extends ChargesError {
  static override readonly errorName: string = 'NotFoundError';
  protected static override readonly defaultCode: string = 'not_found';
}

/** The issuer, the network or the payer declined. A new try needs a new idempotency key. */
export class CardError extends ChargesError {
  static override readonly errorName: string = 'CardError';
  protected static override readonly defaultCode: string = 'card_declined';
  /** The normalized decline code. */
  readonly declineCode: DeclineCode;
  /**
   * The code of the card network or issuer, such as `51`, as the provider told it; null where it told none.
   */
  readonly networkCode: string | null;
  /** What the caller should do. */
  readonly advice: Advice;
  /** The failed charge, where the provider keeps one. */
  readonly charge: Charge | null;

  constructor(details: ErrorDetails) {
    super(details);
    this.declineCode = details.declineCode ?? 'generic_decline';
    this.networkCode = details.networkCode ?? null;
    this.advice = details.advice ?? 'use_other_card';
    this.charge = details.charge ?? null;
  }

  override toJSON(): Record<string, unknown> {
    return {
      ...super.toJSON(),
      declineCode: this.declineCode,
      networkCode: this.networkCode,
      advice: this.advice,
      charge: this.charge,
    };
  }
}

/**
 * The charge is in a state that does not allow this: captured already, refunded, lapsed, window passed. Or a refund was taken and
 * failed at once.
 */
export class ConflictError extends ChargesError {
  static override readonly errorName: string = 'ConflictError';
  protected static override readonly defaultCode: string = 'conflict';
  /** The refund that failed at once (`refund_failed`): no money went back. */
  readonly refund: Refund | null;

  constructor(details: ErrorDetails) {
    super(details);
    this.refund = details.refund ?? null;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), refund: this.refund };
  }
}

/**
 * The idempotency key was used for another request. The outcome is that of the key: `unknown` while the first request may
 * have moved money and after it did, `rejected` where it was refused for good, `not_sent` where it is known that it did not
 * happen. Only the last two allow a new key.
 */
export class IdempotencyConflictError extends ChargesError {
  static override readonly errorName: string = 'IdempotencyConflictError';
  protected static override readonly defaultCode: string = 'idempotency_conflict';
  /** The charge that the first request made or changed, where it is known. */
  readonly charge: Charge | null;
  /** The refund that the first request made, where it is known. */
  readonly refund: Refund | null;

  constructor(details: ErrorDetails) {
    super(details);
    this.charge = details.charge ?? null;
    this.refund = details.refund ?? null;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), charge: this.charge, refund: this.refund };
  }
}

/** The same write is running elsewhere at this moment. Wait, then call again with the same key. */
export class OperationInProgressError extends ChargesError {
  static override readonly errorName: string = 'OperationInProgressError';
  protected static override readonly defaultCode: string = 'operation_in_progress';
  protected static override readonly retryable: boolean = true;
}

/** Too many requests. */
export class RateLimitError extends ChargesError {
  static override readonly errorName: string = 'RateLimitError';
  protected static override readonly defaultCode: string = 'rate_limited';
  protected static override readonly retryable: boolean = true;
  /** How long the provider asks to wait, or null. */
  readonly retryAfterMs: number | null;

  constructor(details: ErrorDetails) {
    super(details);
    this.retryAfterMs = details.retryAfterMs ?? null;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), retryAfterMs: this.retryAfterMs };
  }
}

/** The provider or the gateway behind it is at fault (5xx and codes that mean the same). */
export class ProviderError extends ChargesError {
  static override readonly errorName: string = 'ProviderError';
  protected static override readonly defaultCode: string = 'provider_error';
  protected static override readonly retryable: boolean = true;
}

/** The connection failed. `not_sent` where it is certain that no byte of the request left. */
export class ConnectionError extends ChargesError {
  static override readonly errorName: string = 'ConnectionError';
  protected static override readonly defaultCode: string = 'connection_failed';
  protected static override readonly retryable: boolean = true;
}

/** `timeoutMs` or `deadlineMs` passed. */
export class TimeoutError extends ChargesError {
  static override readonly errorName: string = 'TimeoutError';
  protected static override readonly defaultCode: string = 'timeout';
  protected static override readonly retryable: boolean = true;
}

/** The caller's signal aborted. `unknown` once the request may have left. */
export class AbortError extends ChargesError {
  static override readonly errorName: string = 'AbortError';
  protected static override readonly defaultCode: string = 'aborted';
}

/** The provider answered with something that cannot be read as what it should be. */
export class InvalidResponseError extends ChargesError {
  static override readonly errorName: string = 'InvalidResponseError';
  protected static override readonly defaultCode: string = 'invalid_response';
}

/** The answer is about another amount, currency, charge or key than was asked; or one key has several charges. */
export class IntegrityError extends ChargesError {
  static override readonly errorName: string = 'IntegrityError';
  protected static override readonly defaultCode: string = 'integrity';
  /** Every charge or refund that carries the key, where there are several. */
  readonly candidates: readonly string[];

  constructor(details: ErrorDetails) {
    super(details);
    this.candidates = details.candidates ?? [];
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), candidates: this.candidates };
  }
}

/** The library looked at the provider and could not settle what became of the write. */
export class OutcomeUnknownError extends ChargesError {
  static override readonly errorName: string = 'OutcomeUnknownError';
  protected static override readonly defaultCode: string = 'outcome_unknown';
  protected static override readonly retryable: boolean = true;
  /** When the next look can settle it, or null. */
  readonly retryAfterMs: number | null;
  /** The ids of the charges or refunds that could be what the write made. Empty where none was found. */
  readonly candidates: readonly string[];

  constructor(details: ErrorDetails) {
    super(details);
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.candidates = details.candidates ?? [];
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), retryAfterMs: this.retryAfterMs, candidates: this.candidates };
  }
}

/** The webhook is not what the provider signed with this secret. */
export class WebhookSignatureError extends ChargesError {
  static override readonly errorName: string = 'WebhookSignatureError';
  protected static override readonly defaultCode: string = 'webhook_signature';
}
