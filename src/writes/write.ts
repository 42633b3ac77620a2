import {
  ChargesError,
  ConflictError,
  IdempotencyConflictError,
  IntegrityError,
  TimeoutError,
} from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { settleFailure, settleOtherRequest } from './after-failure.js';
import { lookOnce, lookTwice, type Found } from './before-sending.js';
import { createBookkeeping, type Bookkeeping } from './record.js';
import { isOldConflict, keyIsAlive, mayBeKnown } from './clocks.js';
import { conflictAfterSuccess } from './key-conflict.js';
import { isOpen, type Session, type Write } from './protocol.js';
import type { Protocol } from '../calls/protocol.js';

/**
 * One write under one key: record, prepare, permit, send, settle. A repeat of the key is answered from the record, or from
 * the provider; it is sent again only where that cannot move money twice.
 */
export const runWrite = async <Output>(protocol: Protocol, write: Write<Output>): Promise<Output> => {
  const { runtime } = protocol;
  const books = createBookkeeping(protocol, write);
  const { facts } = books;
  const begun = await books.begin();
  if ('output' in begun) return write.today(begun.output);
  const { session, endedBefore, leftOpen } = begun;
  const isLookedUp = protocol.keyLifetimeMs === null;
  const conflictIsOld = session !== null && isOldConflict(protocol, session);

  // 1. What an earlier attempt left open is settled first, or replayed while the provider still knows its key.
  const sentBefore = session?.record.sentAt ?? null;
  let open = session !== null && isOpen(session.record);
  if (session !== null && open) {
    if (!keyIsAlive(protocol, session)) {
      const found = await lookTwice(protocol, write, books, session);
      if (found !== 'did_not_happen') return found.output;
      open = false;
    }
  } else if (session !== null) {
    // Something may be there though no attempt is open: of an unrecorded process, of an owner whose last word the store
    // lost, or behind an earlier look that missed.
    const endedAfterSending = sentBefore !== null && endedBefore;
    const isLeft = leftOpen && (isLookedUp || !mayBeKnown(protocol, session));
    if (write.lookFirst || (isLookedUp && endedAfterSending) || isLeft) {
      const found = await lookOnce(write, books, session);
      if (found !== null) return found.output;
    }
  }

  // 2. What must be read is read once, recorded, and used again by every repeat.
  let resolved: unknown = session?.record.resolved ?? null;
  if (sentBefore === null) {
    try {
      resolved = await write.prepare();
    } catch (error) {
      const found = await afterPreparation(write, books, session, error, { open, conflictIsOld });
      return found.output;
    }
  }
  await books.prepare(session, resolved, open);

  // 3. The permit is asked directly before every first byte: past the lease somebody else may own this write.
  const permit = () => {
    if (session !== null && runtime.monotonic() >= session.leaseUntil) {
      const message = 'the time for this write ran out before it was sent';
      throw new TimeoutError({ ...facts, message, outcome: 'not_sent' });
    }
  };

  let failure: ChargesError;
  try {
    const output = await write.send(resolved, permit);
    const isEntered = await books.settle(session, 'succeeded', { output });
    if (!isEntered && (await books.isOthersRefund(output))) throw refundOfAnotherKey(books.facts);
    return output;
  } catch (error) {
    if (!(error instanceof ChargesError)) {
      await books.settle(session, 'unknown', { sent: true });
      throw error;
    }
    failure = error;
  }
  const found = await settleFailure(write, books, session, failure, {
    isRepeat: open || sentBefore !== null,
    isOpen: open,
    isKeyless: isLookedUp,
    resolved,
    conflictIsOld,
  });
  return found.output;
};

/** A refund without a stamp that the store knows as that of another key: the response was made for that one. */
const refundOfAnotherKey = (facts: Bookkeeping<unknown>['facts']): ChargesError =>
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
  books: Bookkeeping<Output>,
  session: Session | null,
  error: unknown,
  { open, conflictIsOld }: { readonly open: boolean; readonly conflictIsOld: boolean },
): Promise<Found<Output>> => {
  if (error instanceof ChargesError)
    withDetails(error, error.outcome === 'unknown' ? { ...books.facts, outcome: 'not_sent' } : books.facts);
  if (session !== null && !open && error instanceof IdempotencyConflictError)
    return settleOtherRequest(write, books, session, error, null, conflictIsOld);
  // A first step that is refused says nothing of a create that an earlier process had paid with another source.
  if (session !== null && !open && error instanceof ChargesError && error.outcome === 'rejected') {
    const conflict = write.mayBeOlder(session.record) ? await foundBefore(write, books, session) : null;
    if (conflict !== null) throw conflict;
  }
  const mayBeOwnSuccess = error instanceof ConflictError && error.code === 'already_refunded';
  if (session !== null && !open && mayBeOwnSuccess) {
    const sighting = await write.look(session.record, session.storeNow()).catch(() => null);
    if (sighting?.seen === 'happened') {
      const settled = await books.settle(session, 'succeeded', { output: sighting.output });
      if (settled || sighting.refundId === null) return { output: sighting.output };
    }
    // The provider knows the key: what it made is there, though the look did not show it.
    if (sighting?.seen !== 'nothing') withDetails(error, { outcome: 'unknown' });
  }
  const isOurs = await books.giveBack(session, open);
  // Whoever owns the record now may send under this key.
  throw error instanceof ChargesError && (open || !isOurs)
    ? withDetails(error, { outcome: 'unknown' })
    : error;
};

/** The conflict with what an earlier process made under the key, recorded; null where nothing is seen of it. */
const foundBefore = async <Output>(
  write: Write<Output>,
  books: Bookkeeping<Output>,
  session: Session,
): Promise<ChargesError | null> => {
  const sighting = await write.lookBefore(session.record, session.storeNow()).catch(() => null);
  if (sighting?.seen !== 'happened') return null;
  const conflict = conflictAfterSuccess(books.facts, write.snapshot(sighting.output));
  await books.settle(session, 'rejected', { error: conflict });
  return conflict;
};
