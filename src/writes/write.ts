import {
  ChargesError,
  ConflictError,
  IdempotencyConflictError,
  IntegrityError,
  TimeoutError,
} from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { settleFailure, settleOtherRequest } from './after-failure.js';
import { lookUpOnce, lookUpTwice, type FoundEffect } from './before-sending.js';
import { createRecordKeeper, type RecordKeeper } from './record.js';
import { isOldConflict, keyIsAlive, mayBeKnown } from './clocks.js';
import { conflictAfterSuccess } from './key-conflict.js';
import { isOpen, type Session, type Write } from './protocol.js';
import type { Protocol } from '../calls/protocol.js';

/**
 * One write under one key: record, prepare, assertLease, send, settle. A repeat of the key is answered from the record, or from
 * the provider; it is sent again only where that cannot move money twice.
 */
export const runWrite = async <Output>(protocol: Protocol, write: Write<Output>): Promise<Output> => {
  const { runtime } = protocol;
  const keeper = createRecordKeeper(protocol, write);
  const { facts } = keeper;
  const begun = await keeper.begin();
  if ('output' in begun) return write.today(begun.output);
  const { session, isPrepared, endedBefore, leftOpen } = begun;
  const isLookedUp = protocol.keyLifetimeMs === null;
  const conflictIsOld = session !== null && isOldConflict(protocol, session);

  // 1. What an earlier attempt left open is settled first, or replayed while the provider still knows its key.
  const sentBefore = session?.record.sentAt ?? null;
  let open = session !== null && isOpen(session.record);
  if (session !== null && open) {
    if (!keyIsAlive(protocol, session)) {
      const found = await lookUpTwice(protocol, write, keeper, session);
      if (found !== 'did_not_happen') return found.output;
      open = false;
    }
  } else if (session !== null) {
    // Something may be there though no attempt is open: of an unrecorded process, of an owner whose last word the store
    // lost, or behind an earlier lookup that missed.
    const endedAfterSending = sentBefore !== null && endedBefore;
    const isLeft = leftOpen && (isLookedUp || !mayBeKnown(protocol, session));
    if (write.looksUpFirst || (isLookedUp && endedAfterSending) || isLeft) {
      const found = await lookUpOnce(write, keeper, session);
      if (found !== null) return found.output;
    }
  }

  // 2. What must be read is read once, recorded, and used again by every repeat.
  let resolved: unknown = isPrepared ? write.resolvedAtOnce : (session?.record.resolved ?? null);
  if (sentBefore === null && !isPrepared) {
    try {
      resolved = await write.prepare();
    } catch (error) {
      const found = await afterPreparation(write, keeper, session, error, { open, conflictIsOld });
      return found.output;
    }
  }
  if (!isPrepared) await keeper.prepare(session, resolved, open);

  // 3. The assertLease is asked directly before every first byte: past the lease somebody else may own this write.
  const assertLease = () => {
    if (session !== null && runtime.monotonic() >= session.leaseUntil) {
      const message = 'the time for this write ran out before it was sent';
      throw new TimeoutError({ ...facts, message, outcome: 'not_sent' });
    }
  };

  let failure: ChargesError;
  try {
    const output = await write.send(resolved, assertLease);
    const isEntered = await keeper.settle(session, 'succeeded', { output });
    if (!isEntered && (await keeper.isOthersRefund(output))) throw refundOfAnotherKey(keeper.facts);
    return output;
  } catch (error) {
    if (!(error instanceof ChargesError)) {
      await keeper.settle(session, 'unknown', { sent: true });
      throw error;
    }
    failure = error;
  }
  const found = await settleFailure(write, keeper, session, failure, {
    isRepeat: open || sentBefore !== null,
    isOpen: open,
    isKeyless: isLookedUp,
    resolved,
    conflictIsOld,
  });
  return found.output;
};

/** A refund without a stamp that the store knows as that of another key: the response was made for that one. */
const refundOfAnotherKey = (facts: RecordKeeper<unknown>['facts']): ChargesError =>
  new IntegrityError({
    ...facts,
    code: 'crossed_answers',
    message: 'the answer is about a refund that another idempotency key made',
    outcome: 'unknown',
  });

/**
 * A preparation moves no money, so nothing of it leaves the outcome open. But what it refuses may be the success of an
 * earlier process with the same key: its refund is why nothing is left to refund, its request is what the provider knows
 * the key of a first step from.
 */
const afterPreparation = async <Output>(
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session | null,
  error: unknown,
  { open, conflictIsOld }: { readonly open: boolean; readonly conflictIsOld: boolean },
): Promise<FoundEffect<Output>> => {
  if (error instanceof ChargesError)
    withDetails(error, error.outcome === 'unknown' ? { ...keeper.facts, outcome: 'not_sent' } : keeper.facts);
  if (session !== null && !open && error instanceof IdempotencyConflictError)
    return settleOtherRequest(write, keeper, session, error, null, conflictIsOld);
  // A first step that is refused says nothing of a create that an earlier process had paid with another source.
  if (session !== null && !open && error instanceof ChargesError && error.outcome === 'rejected') {
    const conflict = write.mayBeOlder(session.record) ? await foundBefore(write, keeper, session) : null;
    if (conflict !== null) throw conflict;
  }
  const mayBeOwnSuccess = error instanceof ConflictError && error.code === 'already_refunded';
  if (session !== null && !open && mayBeOwnSuccess) {
    const result = await write.lookUp(session.record, session.storeNow()).catch(() => null);
    if (result?.seen === 'happened') {
      const settled = await keeper.settle(session, 'succeeded', { output: result.output });
      if (settled || result.refundId === null) return { output: result.output };
    }
    // The provider knows the key: what it made is there, though the lookup did not show it.
    if (result?.seen !== 'nothing') withDetails(error, { outcome: 'unknown' });
  }
  const isOurs = await keeper.release(session, open);
  // Whoever owns the record now may send under this key.
  throw error instanceof ChargesError && (open || !isOurs)
    ? withDetails(error, { outcome: 'unknown' })
    : error;
};

/** The conflict with what an earlier process made under the key, recorded; null where nothing is seen of it. */
const foundBefore = async <Output>(
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session,
): Promise<ChargesError | null> => {
  const result = await write.lookUpBefore(session.record, session.storeNow()).catch(() => null);
  const conflict =
    result?.seen === 'happened'
      ? conflictAfterSuccess(keeper.facts, write.snapshot(result.output))
      : // One charge that carries the key and is not what was asked: the key was used with other parameters.
        result?.seen === 'several' && result.count === 1
        ? result.error
        : null;
  if (conflict === null) return null;
  await keeper.settle(session, 'rejected', { error: conflict });
  return conflict;
};
