import {
  CardError,
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  type ChargesError,
} from '../errors.js';
import type { Attribution, LookupResult } from './protocol.js';

/**
 * Refusals that a repeat of this key would get again. The others (API key, rate limit) can be fixed; nothing
 * was executed.
 */
export const isFinalRefusal = (error: ChargesError): boolean =>
  error.outcome === 'rejected' &&
  (error instanceof CardError ||
    error instanceof InvalidRequestError ||
    error instanceof NotFoundError ||
    error instanceof ConflictError);

/** What is known of an attempt that failed. */
export interface FailedAttempt {
  readonly error: ChargesError;
  /** An earlier success of the same write would be refused in the same way. */
  readonly isEchoOfSuccess: boolean;
  /** Something was sent under this key before this attempt. */
  readonly isRepeat: boolean;
  /** An earlier request of this key may still be in flight or may have taken effect. */
  readonly earlierIsOpen: boolean;
  /** The provider has no idempotency keys: it treats a duplicate request as a new one. */
  readonly withoutProviderKeys: boolean;
  /** Which request made an effect that a lookup finds now. */
  readonly effectBelongsTo: Attribution;
}

/** Reasons why a failure may not be the final outcome of the key. Any of them requires a lookup. */
export interface Doubts {
  /**
   * This refusal may be caused by our own earlier success: the key was sent before, or the failure's outcome
   * is unknown.
   */
  readonly mayBeOwnSuccess: boolean;
  /** The network may have delivered the only attempt twice and returned the response to the second copy. */
  readonly isDoubled: boolean;
  /** Without provider keys a duplicate request can be declined although the first copy was paid. */
  readonly isSecondCopy: boolean;
  /** An earlier request is unsettled, and this failure is `unknown`, so it does not settle it. */
  readonly earlierIsUnsettled: boolean;
}

export const doubtsOf = (attempt: FailedAttempt): Doubts => {
  const { error, isEchoOfSuccess, isRepeat, earlierIsOpen, withoutProviderKeys, effectBelongsTo } = attempt;
  if (error.outcome === 'not_sent')
    return { mayBeOwnSuccess: false, isDoubled: false, isSecondCopy: false, earlierIsUnsettled: false };
  return {
    mayBeOwnSuccess: isEchoOfSuccess && (isRepeat || error.outcome === 'unknown'),
    isDoubled: isEchoOfSuccess && effectBelongsTo !== 'somebody_elses',
    isSecondCopy: withoutProviderKeys && error instanceof CardError,
    earlierIsUnsettled: earlierIsOpen && error.outcome === 'unknown',
  };
};

/**
 * Which lookup a failure needs. For a decline one brief lookup is enough: it only checks whether an earlier
 * copy of the request was paid.
 */
export const lookupFor = (attempt: FailedAttempt, doubts: Doubts): 'none' | 'brief' | 'full' => {
  const { mayBeOwnSuccess, isDoubled, isSecondCopy, earlierIsUnsettled } = doubts;
  if (!mayBeOwnSuccess && !isDoubled && !isSecondCopy && !earlierIsUnsettled) return 'none';
  return mayBeOwnSuccess || isDoubled || attempt.earlierIsOpen ? 'full' : 'brief';
};

/**
 * The result of a lookup after a failure. `mixed_up`: it received another charge's response. `cut_short`: the
 * call's deadline or its signal ended it.
 */
export type LookupAfterFailure<Output> =
  | LookupResult<Output>
  | { readonly seen: 'not_looked' | 'failed_full' | 'failed_brief' | 'mixed_up' | 'cut_short' };

/** The outcome of a failed attempt for its key. */
export type Verdict<Output> =
  | { readonly is: 'succeeded'; readonly output: Output; readonly refundId: string | null }
  /**
   * `declined`: the lookup found the declined charge of this key, so no request with it can still take
   * effect.
   */
  | { readonly is: 'declined' | 'rejected' | 'unknown' | 'did_not_happen'; readonly error: ChargesError };

/**
 * The table of "After a failure" in docs/money-safety.md: the first row that applies decides. Pure, so that
 * each row can be tested by itself; after-failure.ts acts on the verdict.
 */
export const verdictOf = <Output>(
  attempt: FailedAttempt,
  doubts: Doubts,
  shown: LookupAfterFailure<Output>,
): Verdict<Output> => {
  const { error, earlierIsOpen, effectBelongsTo } = attempt;
  const isDecline = error instanceof CardError;
  // 1. The lookup found the effect. It is ours if it carries our key or is new, or if an earlier request may
  //    have made it. An effect that may predate the only attempt is not ours.
  if (shown.seen === 'happened' && (doubts.mayBeOwnSuccess || earlierIsOpen || effectBelongsTo === 'ours'))
    return { is: 'succeeded', output: shown.output, refundId: shown.refundId };
  // 2. The declined charge that carries our key is the result of the key.
  if (shown.seen === 'refused' && shown.error instanceof CardError)
    return { is: 'declined', error: isDecline ? error : shown.error };
  // 3. The key has conflicting charges. No refusal explains two or more. A single one with other parameters
  //    may be why the provider refused the key, but it does not explain a decline at a provider without
  //    idempotency keys: a request altered in transit may have made it.
  if (shown.seen === 'several' && (shown.count > 1 || doubts.isSecondCopy))
    return { is: 'unknown', error: shown.error };
  // 4. The failure itself leaves the outcome open.
  if (error.outcome === 'unknown') return { is: 'unknown', error };
  // 5. An earlier request is open. With the provider's own key a decline is the result of the key.
  if (earlierIsOpen && !isDecline) return { is: 'unknown', error };
  // 6. Our own success may have caused the refusal, and the lookup did not show otherwise.
  if (doubts.mayBeOwnSuccess) return { is: 'unknown', error };
  // 7. The lookup leaves the outcome open.
  if (isInconclusive(attempt, doubts, shown)) return { is: 'unknown', error };
  // 8. and 9. A final refusal is recorded as rejected. A request that was never sent, or was refused for a
  //    reason that can be fixed (API key, rate limit), did not happen: the same call may be repeated.
  return { is: isFinalRefusal(error) ? 'rejected' : 'did_not_happen', error };
};

/**
 * Whether the lookup leaves the outcome open. A failed brief lookup does not: the decline answered this very
 * request. A lookup that received another charge's response does: the decline may belong to another request,
 * too. So does one that the call left no time for: a process that stood still after sending learns of the
 * decline long after a second copy may have been paid.
 */
const isInconclusive = <Output>(
  attempt: FailedAttempt,
  doubts: Doubts,
  shown: LookupAfterFailure<Output>,
): boolean => {
  switch (shown.seen) {
    case 'happened':
    case 'mixed_up':
    case 'cut_short':
    case 'failed_full':
      return true;
    // Without a record there is nothing to look with.
    case 'not_looked':
      return lookupFor(attempt, doubts) === 'full';
    case 'unclear':
      return shown.candidates.length > 0 || lookupFor(attempt, doubts) === 'full';
    default:
      return false;
  }
};
