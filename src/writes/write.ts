import {
  ChargesError,
  ConflictError,
  IdempotencyConflictError,
  IntegrityError,
  TimeoutError,
} from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { settleFailure, settleOtherRequest } from './after-failure.js';
import { lookUpBeforeSending, settleEarlierAttempt, type FoundEffect } from './before-sending.js';
import { createRecordKeeper, type RecordKeeper } from './record.js';
import { isOldConflict, keyIsAlive, mayBeKnown } from './clocks.js';
import { conflictAfterSuccess } from './key-conflict.js';
import { isOpen, type Session, type Write } from './protocol.js';
import { mayBeEchoOfSuccess } from '../calls/echo-of-success.js';
import type { Protocol } from '../calls/protocol.js';

/**
 * One write under one idempotency key: begin the record, prepare, check the lease, send, settle. A repeated
 * key is answered from the record or from a lookup at the provider; it is sent again only if that cannot move
 * money twice.
 */
export const runWrite = async <Output>(protocol: Protocol, write: Write<Output>): Promise<Output> => {
  const keeper = createRecordKeeper(protocol, write);
  const { facts } = keeper;
  const begun = await keeper.begin();
  if ('output' in begun) return write.refresh(begun.output);
  const { session, isPrepared, endedBefore, leftOpen } = begun;
  write.heldKey.begins();
  const withoutProviderKeys = protocol.keyLifetimeMs === null;
  const conflictIsOld = session !== null && isOldConflict(protocol, session);

  const sentBefore = session?.record.sentAt ?? null;
  // Sent without its record, as the settings allow: then only this client knows of it.
  const sentUnrecorded =
    protocol.sendsWithoutStore && sentBefore === null && write.heldKey.mayBeSentByAnother();

  // 1. Settle an open earlier attempt by lookup, or resend it while the provider still honours its
  //    idempotency key.
  let open = session !== null && isOpen(session.record);
  if (session !== null && open) {
    if (!keyIsAlive(protocol, session)) {
      const found = await settleEarlierAttempt(protocol, write, keeper, session);
      if (found !== 'did_not_happen') return found.output;
      open = false;
    }
  } else if (session !== null) {
    // Even with no open attempt the write may have taken effect: a process without a record sent it, the
    // store lost an owner's last update, or an earlier lookup missed it.
    const endedAfterSending = sentBefore !== null && endedBefore;
    const isLeft = leftOpen && (withoutProviderKeys || !mayBeKnown(protocol, session));
    if (write.looksUpFirst || (withoutProviderKeys && endedAfterSending) || isLeft) {
      const found = await lookUpBeforeSending(write, keeper, session);
      if (found !== null) return found.output;
    }
  }

  // 2. Read what the request needs once, record it, and reuse it in every repeat, if what it rests on still holds.
  let resolved: unknown = isPrepared ? write.resolvedAtOnce : (session?.record.resolved ?? null);
  if (!isPrepared) {
    try {
      if (sentBefore === null) resolved = await write.prepare();
      else await write.beforeRepeat(resolved);
    } catch (error) {
      const found = await afterPreparation(write, keeper, session, error, {
        open: open || sentUnrecorded,
        conflictIsOld,
      });
      return found.output;
    }
  }
  if (!isPrepared) await keeper.prepare(session, resolved, open || sentUnrecorded);

  // 3. `assertLease` runs directly before the first byte of every attempt: once the lease has expired,
  //    another owner may have taken over this write.
  const assertLease = () => {
    if (session !== null && !session.isLeased()) {
      const message = 'the time for this write ran out before it was sent';
      throw new TimeoutError({ ...facts, message, outcome: 'not_sent' });
    }
    if (session !== null && open && !keyIsAlive(protocol, session)) {
      const message = 'the provider may forget the key of an earlier attempt before this one arrives';
      throw new TimeoutError({ ...facts, message, outcome: 'not_sent' });
    }
  };

  let failure: ChargesError;
  try {
    const output = await write.send(resolved, assertLease);
    const isSettled = await keeper.settle(session, 'succeeded', { output });
    if (!isSettled && (await keeper.mayBeOthersRefund(output))) throw refundOfAnotherKey(keeper.facts);
    return output;
  } catch (error) {
    if (!(error instanceof ChargesError)) {
      await keeper.settle(session, 'unknown', { sent: true });
      throw error;
    }
    failure = error;
  }
  const found = await settleFailure(write, keeper, session, failure, {
    isRepeat: open || sentUnrecorded || sentBefore !== null,
    earlierIsOpen: open || sentUnrecorded,
    withoutProviderKeys,
    resolved,
    conflictIsOld,
  });
  return found.output;
};

/**
 * The store knows this refund, which has no stamp, as another key's, or cannot say whose it is: the response may belong
 * to that key's request.
 */
const refundOfAnotherKey = (facts: RecordKeeper<unknown>['facts']): ChargesError =>
  new IntegrityError({
    ...facts,
    code: 'crossed_answers',
    message: 'the response may be about a refund that another idempotency key made',
    outcome: 'unknown',
  });

/** Whether a refund was refused unsent for what its own success in an earlier process would cause, too. */
const mayBeOwnRefund = <Output>(
  write: Write<Output>,
  session: Session | null,
  error: unknown,
): error is ConflictError =>
  error instanceof ConflictError &&
  (error.code === 'already_refunded' ||
    (mayBeEchoOfSuccess(error) && session !== null && write.mayBeOlder(session.record)));

/**
 * Preparing moves no money, so its failure never makes the outcome unknown by itself. But a refusal may show
 * that an earlier process succeeded with this key: nothing is left to refund because it refunded, or the
 * provider knows the key from its first step.
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
  // If the first step is refused, an earlier process may still have created this charge with another source:
  // look it up.
  if (session !== null && !open && error instanceof ChargesError && error.outcome === 'rejected') {
    const mayBeOlder = write.operation === 'create' && write.mayBeOlder(session.record);
    const conflict = mayBeOlder ? await foundBefore(write, keeper, session) : null;
    if (conflict !== null) throw conflict;
  }
  if (mayBeOwnRefund(write, session, error)) {
    const result =
      session === null
        ? null
        : await write.lookUpBefore(session.record, session.storeNow()).catch(() => null);
    if (result?.seen === 'happened') {
      const isSettled = await keeper.settle(session, 'succeeded', { output: result.output });
      if (isSettled || result.refundId === null) return { output: result.output };
    }
    // The refund of the key failed, or is not what was asked.
    if (result?.seen === 'refused' || result?.seen === 'several') {
      const isOpen = result.seen === 'several' && result.count > 1;
      await keeper.settle(session, isOpen ? 'unknown' : 'rejected', { error: result.error, sent: isOpen });
      throw result.error;
    }
    // Unless the lookup proved a miss, the earlier refund may exist although the lookup did not find it.
    if (result?.seen !== 'nothing') withDetails(error, { outcome: 'unknown' });
  }
  const isReleased = await keeper.release(session, open);
  // If not released: another owner has the record and may send with this key.
  throw error instanceof ChargesError && (open || !isReleased)
    ? withDetails(error, { outcome: 'unknown' })
    : error;
};

/**
 * Looks up what an earlier process made with the key and records the conflict with it; null if nothing is
 * found.
 */
const foundBefore = async <Output>(
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session,
): Promise<ChargesError | null> => {
  const result = await write.lookUpBefore(session.record, session.storeNow()).catch(() => null);
  const conflict =
    result?.seen === 'happened'
      ? conflictAfterSuccess(keeper.facts, write.snapshot(result.output))
      : // A single charge with the key that differs from the request: the key was used with other parameters.
        result?.seen === 'several' && result.count === 1
        ? result.error
        : null;
  if (conflict === null) return null;
  await keeper.settle(session, 'rejected', { error: conflict });
  return conflict;
};
