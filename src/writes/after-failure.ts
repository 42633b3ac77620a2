import {
  CardError,
  ConflictError,
  IdempotencyConflictError,
  IntegrityError,
  InvalidRequestError,
  NotFoundError,
  type ChargesError,
} from '../errors.js';
import { mayBeEchoOfSuccess } from '../calls/echo-of-success.js';
import { withDetails } from '../errors/with-details.js';
import type { Found } from './before-sending.js';
import type { Bookkeeping } from './record.js';
import { conflictAfterSuccess, metConflict } from './key-conflict.js';
import type { Session, Write } from './protocol.js';

/** Refusals that stay true for this key: a repeat gets them again. The others (keys, limits) may be cured, and were not executed. */
export const isFinalRefusal = (error: ChargesError): boolean =>
  error.outcome === 'rejected' &&
  (error instanceof CardError ||
    error instanceof InvalidRequestError ||
    error instanceof NotFoundError ||
    error instanceof ConflictError);

/** What is known of the attempt that failed. */
export interface FailedAttempt {
  /** An earlier owner's request may still be under way or may have taken effect. */
  readonly open: boolean;
  /** Something was sent under this key before this attempt. */
  readonly earlier: boolean;
  readonly resolved: unknown;
  /** The provider keeps no keys: a second copy of a request is executed, or refused, like any other. */
  readonly isLookedUp: boolean;
  /** An earlier attempt of this key met the same conflict, so long ago that a miss can be believed. */
  readonly conflictIsOld: boolean;
}

/**
 * Whether the provider knows the key with other parameters: of an earlier process that left no record here. The conflict of
 * a repeat, whose first request this record knows to be the same, is an echo of its own instead.
 */
const isOtherRequest = (error: ChargesError, session: Session, earlier: boolean): boolean =>
  error instanceof IdempotencyConflictError && (!earlier || metConflict(session.record));

/**
 * "This key was used with other parameters" says that an earlier request left, not what became of it: it is looked for by
 * its stamp before anything is told.
 */
export const settleOtherRequest = async <Output>(
  write: Write<Output>,
  books: Bookkeeping<Output>,
  session: Session,
  error: ChargesError,
  resolved: unknown,
  isOver: boolean,
): Promise<never> => {
  const sighting = await write
    .lookBefore({ ...session.record, resolved }, session.storeNow())
    .catch(() => null);
  const end = async (state: 'rejected' | 'unknown', failure: ChargesError): Promise<never> => {
    await books.settle(session, state, { error: failure, sent: state === 'unknown' });
    throw failure;
  };
  switch (sighting?.seen) {
    case 'happened':
      return end('rejected', conflictAfterSuccess(books.facts, write.snapshot(sighting.output)));
    case 'several':
      return end(sighting.count > 1 ? 'unknown' : 'rejected', sighting.error);
    case 'refused':
      // A declined charge is what became of the first request. Whatever else became of the target may be its doing.
      if (!(sighting.error instanceof CardError)) break;
      return end('rejected', withDetails(error, { ...books.facts, outcome: 'rejected' }));
    case 'nothing':
      // A list may lag, and the first request may be on its way: a miss counts once that is over.
      if (!isOver) break;
      return end('rejected', withDetails(error, { ...books.facts, outcome: 'rejected' }));
    default:
  }
  return end('unknown', withDetails(error, { ...books.facts, outcome: 'unknown' }));
};

/** Records how a failed attempt ended; finds the effect where the failure could be its echo. Throws unless it is found. */
export const settleFailure = async <Output>(
  write: Write<Output>,
  books: Bookkeeping<Output>,
  session: Session | null,
  error: ChargesError,
  { open, earlier, resolved, isLookedUp, conflictIsOld }: FailedAttempt,
): Promise<Found<Output>> => {
  const left = error.outcome !== 'not_sent';
  if (left && session !== null && isOtherRequest(error, session, earlier))
    return settleOtherRequest(write, books, session, error, resolved, conflictIsOld);
  // An answer that our own earlier success would cause, or a fault that the provider stored as the answer of the key.
  const echoes = mayBeEchoOfSuccess(error);
  const mayBeEcho = echoes && (earlier || error.outcome === 'unknown');
  // A network that delivers a request twice shows the second answer: a first attempt may be refused for its own success.
  const whose = write.whoseEffect(resolved);
  const mayBeDoubled = echoes && whose !== 'foreign';
  // Without keys the second copy of a request is declined on its own, for the money that the first one took.
  const mayBeSecondCopy = isLookedUp && error instanceof CardError;
  let isUnsettled = false;
  let isMixedUp = false;
  if (
    left &&
    session !== null &&
    (mayBeEcho || mayBeDoubled || mayBeSecondCopy || (open && error.outcome === 'unknown'))
  ) {
    const isDoubted = mayBeEcho || mayBeDoubled || open;
    const sighting = await (isDoubted ? write.look : write.lookBriefly)(
      { ...session.record, resolved },
      session.storeNow(),
    ).catch((failure: unknown) => {
      isMixedUp = failure instanceof IntegrityError;
      return null;
    });
    // What was there, or may have been, before the only attempt is not taken for its effect.
    if (sighting?.seen === 'happened' && (mayBeEcho || open || whose === 'own')) {
      const settled = await books.settle(session, 'succeeded', { output: sighting.output });
      if (settled || sighting.refundId === null) return { output: sighting.output };
    }
    // The declined charge that carries our key is the answer of the key.
    if (sighting?.seen === 'refused' && sighting.error instanceof CardError) {
      const decline = error instanceof CardError ? withDetails(error, books.facts) : sighting.error;
      await books.settle(session, 'rejected', { error: decline });
      throw decline;
    }
    // Another's charge under our key is what a refused key may mean. No refusal explains two of ours, and no decline a charge
    // that carries our key and is not what was asked: a request that was changed on its way made it.
    if (sighting?.seen === 'several' && (sighting.count > 1 || mayBeSecondCopy)) {
      await books.settle(session, 'unknown', { error: sighting.error, sent: true });
      throw sighting.error;
    }
    // A decline in the provider's own words stands where the look failed: it was given for this very request. Where the look
    // was given the response of another charge, the decline may be that of another request, too.
    isUnsettled =
      (sighting === null && (isDoubted || isMixedUp)) ||
      sighting?.seen === 'happened' ||
      (sighting?.seen === 'unclear' && (isDoubted || sighting.candidates.length > 0));
  }
  // With the provider's own key a decline is the answer of the key; everything else leaves an open attempt open.
  const stillOpen = (open && !(error instanceof CardError)) || (left && (mayBeEcho || isUnsettled));
  if (error.outcome === 'unknown' || stillOpen) {
    await books.settle(session, 'unknown', { error, sent: left });
    throw withDetails(error, { ...books.facts, outcome: 'unknown' });
  }
  // What was refused for a curable reason, or never left, did not happen: the same call may be made again.
  const isFinal = isFinalRefusal(error);
  const isOurs = await books.settle(
    session,
    isFinal ? 'rejected' : 'did_not_happen',
    isFinal ? { error } : {},
  );
  // Another owner has taken the record over, and may send under this key.
  throw isOurs ? error : withDetails(error, { outcome: 'unknown' });
};
