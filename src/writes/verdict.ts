import {
  CardError,
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  type ChargesError,
} from '../errors.js';
import type { Attribution, LookupResult } from './protocol.js';

/** Refusals that stay true for this key: a repeat gets them again. The others (keys, limits) may be cured, and were not executed. */
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
  /** An earlier request of this key may still be under way or may have taken effect. */
  readonly isOpen: boolean;
  /** The provider keeps no keys: a second copy of a request is executed, or refused, like any other. */
  readonly isKeyless: boolean;
  /** Whose an effect would be that a lookup shows now. */
  readonly effectIs: Attribution;
}

/** Why a failure may not be the truth about the key. Any of them asks for a lookup. */
export interface Doubts {
  /** It could be the response to our own earlier success: the key was sent before, or the failure itself is open. */
  readonly isEcho: boolean;
  /** The network may have delivered the only attempt twice and shown the response to the second copy. */
  readonly isDoubled: boolean;
  /** Without keys a second copy is declined on its own, for the money that the first one took. */
  readonly isSecondCopy: boolean;
  /** An earlier request is open, and this failure does not say what became of it. */
  readonly isOpen: boolean;
}

export const doubtsOf = (attempt: FailedAttempt): Doubts => {
  const { error, isEchoOfSuccess, isRepeat, isOpen, isKeyless, effectIs } = attempt;
  if (error.outcome === 'not_sent')
    return { isEcho: false, isDoubled: false, isSecondCopy: false, isOpen: false };
  return {
    isEcho: isEchoOfSuccess && (isRepeat || error.outcome === 'unknown'),
    isDoubled: isEchoOfSuccess && effectIs !== 'somebody_elses',
    isSecondCopy: isKeyless && error instanceof CardError,
    isOpen: isOpen && error.outcome === 'unknown',
  };
};

/** A decline was given for this very request: it is only asked once, quickly, whether a first copy was paid. */
export const lookupFor = (attempt: FailedAttempt, doubts: Doubts): 'none' | 'brief' | 'full' => {
  const { isEcho, isDoubled, isSecondCopy, isOpen } = doubts;
  if (!isEcho && !isDoubled && !isSecondCopy && !isOpen) return 'none';
  return isEcho || isDoubled || attempt.isOpen ? 'full' : 'brief';
};

/** What a lookup after a failure showed. `mixed_up`: it was given the response of another charge. */
export type LookupAfterFailure<Output> =
  LookupResult<Output> | { readonly seen: 'not_looked' | 'failed_full' | 'failed_brief' | 'mixed_up' };

/** What a failed attempt comes to for its key. */
export type Verdict<Output> =
  | { readonly is: 'succeeded'; readonly output: Output; readonly refundId: string | null }
  /** `declined`: the lookup showed the declined charge of this key, so that no request of it can still take effect. */
  | { readonly is: 'declined' | 'rejected' | 'unknown' | 'did_not_happen'; readonly error: ChargesError };

/**
 * The table of "After a failure" in docs/money-safety.md: the first row that applies decides. Pure, so that each row can be
 * tested by itself; what follows from a verdict is done in after-failure.ts.
 */
export const verdictOf = <Output>(
  attempt: FailedAttempt,
  doubts: Doubts,
  shown: LookupAfterFailure<Output>,
): Verdict<Output> => {
  const { error, isOpen, effectIs } = attempt;
  const isDecline = error instanceof CardError;
  // 1. What was there, or may have been, before the only attempt is not taken for its effect.
  if (shown.seen === 'happened' && (doubts.isEcho || isOpen || effectIs === 'ours'))
    return { is: 'succeeded', output: shown.output, refundId: shown.refundId };
  // 2. The declined charge that carries our key is the answer of the key.
  if (shown.seen === 'refused' && shown.error instanceof CardError)
    return { is: 'declined', error: isDecline ? error : shown.error };
  // 3. Another's charge under our key is what a refused key may mean. No refusal explains two of ours, and no decline a charge
  //    that carries our key and is not what was asked: a request that was changed on its way made it.
  if (shown.seen === 'several' && (shown.count > 1 || doubts.isSecondCopy))
    return { is: 'unknown', error: shown.error };
  // 4. The failure itself does not know.
  if (error.outcome === 'unknown') return { is: 'unknown', error };
  // 5. An earlier request is open. With the provider's own key a decline is the answer of the key.
  if (isOpen && !isDecline) return { is: 'unknown', error };
  // 6. It may be the response to our own success, and the lookup did not show otherwise.
  if (doubts.isEcho) return { is: 'unknown', error };
  // 7. The lookup could not tell.
  if (isInconclusive(attempt, doubts, shown)) return { is: 'unknown', error };
  // 8. and 9. What was refused for a curable reason, or never left, did not happen: the same call may be made again.
  return { is: isFinalRefusal(error) ? 'rejected' : 'did_not_happen', error };
};

/**
 * A decline in the provider's own words stands where a quick lookup failed: it was given for this very request. Where the
 * lookup was given the response of another charge, the decline may be that of another request, too.
 */
const isInconclusive = <Output>(
  attempt: FailedAttempt,
  doubts: Doubts,
  shown: LookupAfterFailure<Output>,
): boolean => {
  switch (shown.seen) {
    case 'happened':
    case 'mixed_up':
    case 'failed_full':
      return true;
    case 'unclear':
      return shown.candidates.length > 0 || lookupFor(attempt, doubts) === 'full';
    default:
      return false;
  }
};
