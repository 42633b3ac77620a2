import type { ErrorDetails, FieldIssue, Outcome, UnresolvedWrite } from '../models/error-details.js';
import { isObject } from '../models/objects.js';
import { brandOf, brandsOf } from './brands.js';

/**
 * The root of every error of this library. `outcome` says whether money may have moved, `isRetryable` whether the same
 * call with the same idempotency key may succeed later. No error holds a request body, a header or a client's object.
 */
export class ChargesError extends Error {
  /** The stable class name, also across package copies and minifiers. */
  static readonly errorName: string = 'ChargesError';
  protected static readonly defaultCode: string = 'charges_error';
  protected static readonly retryable: boolean = false;

  /** A stable word for what went wrong. */
  readonly code: string;
  /**
   * The name of the provider that the call was for, such as `stripe`; `router` for a router's own errors.
   * Null where there is none.
   */
  readonly provider: string | null;
  /** The method that was called, such as `create`; null outside a call. */
  readonly operation: string | null;
  /** Whether money may have moved under this idempotency key: `not_sent`, `rejected` or `unknown`. */
  readonly outcome: Outcome;
  /** The HTTP status of the provider's answer; null where no answer decided. */
  readonly statusCode: number | null;
  /** The provider's own code of the error, as it was sent; null where there is none. */
  readonly providerCode: string | null;
  /** The id that the provider gave the request, for its support; null where it told none. */
  readonly requestId: string | null;
  /** On every error of a write: call again with it, or pass the error to `reconcile`. */
  readonly idempotencyKey: string | null;
  /** Whether the same call with the same idempotency key may succeed later. */
  readonly isRetryable: boolean;
  /** The provider's id of the charge that the error is about; null where it is not known. */
  readonly chargeId: string | null;
  /**
   * The fields that are wrong, or that the provider named, without their values; a provider's own text may quote one, such as an
   * id. Empty where it is about none.
   */
  readonly issues: readonly FieldIssue[];
  /** What `reconcile` reads in another process, where it is given the whole error; null where nothing is open. */
  readonly unresolved: UnresolvedWrite | null;

  constructor(details: ErrorDetails) {
    if (!isObject(details)) throw new TypeError('an error must be given { message, outcome }');
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    const constructor = new.target;
    Object.defineProperty(this, 'name', {
      value: constructor.errorName,
      enumerable: false,
      configurable: true,
    });
    for (const brand of brandsOf(constructor))
      Object.defineProperty(this, brand, { value: true, enumerable: false });
    this.code = details.code ?? constructor.defaultCode;
    this.provider = details.provider ?? null;
    this.operation = details.operation ?? null;
    const told: Partial<ErrorDetails> = details;
    this.outcome = told.outcome ?? 'unknown'; // In JavaScript it may be left out.
    this.statusCode = details.statusCode ?? null;
    this.providerCode = details.providerCode ?? null;
    this.requestId = details.requestId ?? null;
    this.idempotencyKey = details.idempotencyKey ?? null;
    this.isRetryable = details.isRetryable ?? constructor.retryable;
    this.chargeId = details.chargeId ?? null;
    this.issues = details.issues ?? [];
    this.unresolved = details.unresolved ?? null;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class without a name of its own (a user's subclass) has no brand and falls back to the prototype chain.
    if (!Object.hasOwn(this, 'errorName')) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && brandOf(this.errorName) in value;
  }

  /** Plain data for logs and queues; `reconcile` takes it in any process. */
  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      message: this.message,
      code: this.code,
      provider: this.provider,
      operation: this.operation,
      outcome: this.outcome,
      statusCode: this.statusCode,
      providerCode: this.providerCode,
      requestId: this.requestId,
      idempotencyKey: this.idempotencyKey,
      isRetryable: this.isRetryable,
      chargeId: this.chargeId,
      issues: this.issues,
      unresolved: this.unresolved,
    };
  }
}
