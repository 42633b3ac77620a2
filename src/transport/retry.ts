import type { ProviderFailure } from '../provider.js';
import type { ExchangeFailureReason } from './exchange.js';

/**
 * How a request may be repeated. `read`: freely. `provider-key`: with the same key and bytes while the provider remembers
 * the key. `once`: only if it is certain that nothing was executed.
 */
export type Repeatability = 'read' | 'provider-key' | 'once';

/** What became of an attempt that did not succeed. */
export type AttemptFailure =
  | {
      readonly type: 'no_answer';
      readonly sent: boolean;
      readonly reason: ExchangeFailureReason;
      /** The same request would fail again until somebody changes something. */
      readonly isPermanent: boolean;
    }
  | {
      readonly type: 'refusal';
      readonly kind: ProviderFailure['kind'];
      readonly outcome: ProviderFailure['outcome'];
      /** The provider's own advice, where it gives one. */
      readonly shouldRetry: boolean | null;
      readonly retryAfterMs: number | null;
      /** A 429 that is documented to mean "not executed", in the provider's own envelope. */
      readonly definitelyNotExecuted: boolean;
    };

export interface RetryQuestion {
  readonly repeatability: Repeatability;
  /** Attempts made so far. */
  readonly attempts: number;
  readonly maxRetries: number;
  readonly failure: AttemptFailure;
  /** Milliseconds left until the deadline. */
  readonly remainingMs: number;
  /** A random number in [0, 1). */
  readonly random: number;
}

export type RetryDecision = { readonly retry: true; readonly delayMs: number } | { readonly retry: false };

const firstBackoffMs = 500;
const longestBackoffMs = 8_000;
const stop: RetryDecision = { retry: false };

/** Exponential, with full jitter: clients that failed together do not come back together. */
const backoff = (attempts: number, random: number): number =>
  random * Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempts - 1));

/** After these no further attempt can do better. */
const endsTheCall: ReadonlySet<ExchangeFailureReason> = new Set(['aborted', 'too_large', 'cannot_start']);

const mayRepeat = ({ repeatability, failure }: RetryQuestion): boolean => {
  if (failure.type === 'no_answer') {
    if (failure.isPermanent || endsTheCall.has(failure.reason)) return false;
    return !failure.sent || repeatability !== 'once';
  }
  if (failure.shouldRetry === false) return false;
  if (failure.definitelyNotExecuted) return true;
  if (repeatability === 'once') return false;
  if (failure.shouldRetry === true) return true;
  switch (failure.kind) {
    case 'rate_limit':
    case 'provider':
      return true;
    case 'in_progress':
      return repeatability === 'provider-key';
    default:
      return false;
  }
};

/** The retry decision: a pure function of what is known. */
export const decideRetry = (question: RetryQuestion): RetryDecision => {
  if (!mayRepeat(question)) return stop;
  const { failure, attempts } = question;
  // Our own earlier attempt is still running at the provider: its answer is worth waiting for until the deadline.
  const awaitsOwnAttempt =
    failure.type === 'refusal' && failure.kind === 'in_progress' && question.maxRetries > 0;
  if (attempts > question.maxRetries && !awaitsOwnAttempt) return stop;
  const asked = failure.type === 'refusal' ? (failure.retryAfterMs ?? 0) : 0;
  const delayMs = Math.max(asked, backoff(attempts, question.random));
  return delayMs < question.remainingMs ? { retry: true, delayMs } : stop;
};

/** `Retry-After` in milliseconds: seconds or an HTTP date. Null where it is absent or makes no sense. */
export const parseRetryAfter = (header: string | undefined, now: number): number | null => {
  if (header === undefined) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim()))
    return Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(Number(header) * 1000));
  const moment = Date.parse(header);
  return Number.isNaN(moment) ? null : Math.max(0, moment - now);
};
