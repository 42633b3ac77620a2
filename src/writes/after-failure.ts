import type { callFacts } from '../calls/failures.js';
import { mayBeEchoOfSuccess } from '../calls/echo-of-success.js';
import {
  AbortError,
  CardError,
  IdempotencyConflictError,
  IntegrityError,
  OutcomeUnknownError,
  type ChargesError,
} from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { FoundEffect } from './before-sending.js';
import type { RecordKeeper } from './record.js';
import { conflictAfterSuccess, metConflict } from './key-conflict.js';
import type { Session, Write } from './protocol.js';
import { doubtsOf, lookupFor, verdictOf, type FailedAttempt, type LookupAfterFailure } from './verdict.js';

/**
 * Whether the provider's idempotency conflict is about a request that this store has no record of. On a
 * repeat, whose first request is recorded as identical, the conflict comes from our own request instead.
 */
const isOtherRequest = (error: ChargesError, session: Session, earlier: boolean): boolean =>
  error instanceof IdempotencyConflictError && (!earlier || metConflict(session.record));

/**
 * "This key was used with other parameters" proves that an earlier request was sent, but not its outcome:
 * look it up by its stamp before reporting an outcome.
 */
export const settleOtherRequest = async <Output>(
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session,
  error: ChargesError,
  resolved: unknown,
  conflictIsOld: boolean,
): Promise<never> => {
  const result = await write
    .lookUpBefore({ ...session.record, resolved }, session.storeNow())
    .catch(() => null);
  const end = async (state: 'rejected' | 'unknown', failure: ChargesError): Promise<never> => {
    await keeper.settle(session, state, { error: failure, sent: state === 'unknown' });
    throw failure;
  };
  switch (result?.seen) {
    case 'happened':
      return end('rejected', conflictAfterSuccess(keeper.facts, write.snapshot(result.output)));
    case 'several':
      return end(result.count > 1 ? 'unknown' : 'rejected', result.error);
    case 'refused':
      // A declined charge is the outcome of the first request. Any other state of the charge may have been
      // caused by the first request.
      if (!(result.error instanceof CardError)) break;
      return end('rejected', withDetails(error, { ...keeper.facts, outcome: 'rejected' }));
    case 'nothing':
      // The list may lag and the first request may still be in flight: a miss counts only after `settleMs`.
      if (!conflictIsOld) break;
      return end('rejected', withDetails(error, { ...keeper.facts, outcome: 'rejected' }));
    default:
  }
  return end('unknown', withDetails(error, { ...keeper.facts, outcome: 'unknown' }));
};

/** The lookup that a failure needs, with its own failures as results. */
const lookUpAfterFailure = async <Output>(
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session,
  resolved: unknown,
  kind: 'brief' | 'full',
): Promise<LookupAfterFailure<Output>> => {
  const lookUp = kind === 'full' ? write.lookUp : write.lookUpBriefly;
  try {
    return await lookUp({ ...session.record, resolved }, session.storeNow());
  } catch (failure) {
    if (failure instanceof IntegrityError) return { seen: 'mixed_up' };
    if (failure instanceof AbortError || keeper.isOver()) return { seen: 'cut_short' };
    return { seen: kind === 'full' ? 'failed_full' : 'failed_brief' };
  }
};

/**
 * Looks up the effect of a failed attempt where its own success may have caused the failure, records the
 * verdict, and throws unless the effect was found.
 */
export const settleFailure = async <Output>(
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session | null,
  error: ChargesError,
  known: Pick<FailedAttempt, 'isRepeat' | 'earlierIsOpen' | 'withoutProviderKeys'> & {
    readonly resolved: unknown;
    /**
     * An earlier attempt of this key got the same conflict at least `settleMs` ago, so that a miss is
     * conclusive.
     */
    readonly conflictIsOld: boolean;
  },
): Promise<FoundEffect<Output>> => {
  const { resolved } = known;
  const isSent = error.outcome !== 'not_sent';
  if (isSent && session !== null && isOtherRequest(error, session, known.isRepeat))
    return settleOtherRequest(write, keeper, session, error, resolved, known.conflictIsOld);
  const attempt: FailedAttempt = {
    ...known,
    error,
    isEchoOfSuccess: mayBeEchoOfSuccess(error),
    effectBelongsTo: write.attribution(resolved),
  };
  const doubts = doubtsOf(attempt);
  const kind = session === null ? 'none' : lookupFor(attempt, doubts);
  const shown: LookupAfterFailure<Output> =
    session === null || kind === 'none'
      ? { seen: 'not_looked' }
      : await lookUpAfterFailure(write, keeper, session, resolved, kind);
  const verdict = verdictOf(attempt, doubts, shown);
  switch (verdict.is) {
    case 'succeeded': {
      const isSettled = await keeper.settle(session, 'succeeded', { output: verdict.output });
      if (isSettled || verdict.refundId === null) return { output: verdict.output };
      // Another key has claimed the refund meanwhile: it is not ours.
      return leaveOpen(keeper, session, error, isSent);
    }
    case 'unknown': {
      if (verdict.error === error) return leaveOpen(keeper, session, error, isSent);
      await keeper.settle(session, 'unknown', { error: verdict.error, sent: true });
      throw verdict.error;
    }
    case 'declined': {
      const decline = verdict.error === error ? withDetails(error, keeper.facts) : verdict.error;
      await keeper.settle(session, 'rejected', { error: decline });
      throw decline;
    }
    case 'rejected':
    case 'did_not_happen': {
      const isSettled = await keeper.settle(session, verdict.is, verdict.is === 'rejected' ? { error } : {});
      // If not settled: another owner has the record and may send with this key.
      throw isSettled ? error : asOpen(keeper.facts, error);
    }
  }
};

/**
 * The same failure, which leaves open what became of the key. A decline becomes another error: whoever sees a
 * `CardError` asks for another card.
 */
export const asOpen = (
  facts: ReturnType<typeof callFacts>,
  failure: ChargesError,
  message = 'the request was declined, but another copy or another attempt of it may have been paid',
): ChargesError =>
  failure instanceof CardError
    ? new OutcomeUnknownError({
        ...facts,
        message,
        outcome: 'unknown',
        requestId: failure.requestId,
        retryAfterMs: null,
        candidates: [],
        cause: failure,
      })
    : withDetails(failure, { ...facts, outcome: 'unknown' });

const leaveOpen = async <Output>(
  keeper: RecordKeeper<Output>,
  session: Session | null,
  error: ChargesError,
  isSent: boolean,
): Promise<never> => {
  await keeper.settle(session, 'unknown', { error, sent: isSent });
  throw asOpen(keeper.facts, error);
};
