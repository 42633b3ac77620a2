import {
  CardError,
  ChargesError,
  ConflictError,
  IdempotencyConflictError,
  InvalidRequestError,
  NotFoundError,
  OutcomeUnknownError,
  TimeoutError,
} from '../errors.js';
import { errorFromJSON } from '../errors/from-json.js';
import { withDetails } from '../errors/with-details.js';
import { createBookkeeping } from './bookkeeping.js';
import { isOpen, type Protocol, type Session, type Write } from './protocol.js';
import { resolveOpen } from './resolve.js';

/** Refusals that stay true for this key: a repeat gets them again. The others (keys, limits) may be cured, and were not executed. */
const isFinalRefusal = (error: ChargesError): boolean =>
  error instanceof CardError ||
  error instanceof InvalidRequestError ||
  error instanceof NotFoundError ||
  error instanceof ConflictError;

/**
 * One write under one key: record, prepare, permit, send, settle. A repeat of the key is answered from the record, or from
 * the provider; it is sent again only where that cannot move money twice.
 */
export const runWrite = async <Output>(protocol: Protocol, write: Write<Output>): Promise<Output> => {
  const { runtime } = protocol;
  const books = createBookkeeping(protocol, write);
  const { facts } = books;
  const begun = await books.begin();
  if ('output' in begun) return begun.output;
  const { session, endedBefore } = begun;

  // 1. What an earlier attempt left open is settled first, or replayed while the provider still knows its key.
  const sentBefore = session?.record.sentAt ?? null;
  let open = session !== null && isOpen(session.record);
  if (session !== null && open) {
    const keyIsAlive =
      protocol.keyLifetimeMs !== null &&
      sentBefore !== null &&
      session.storeNow() - sentBefore < protocol.keyLifetimeMs;
    if (!keyIsAlive) {
      const found = await lookTwice(protocol, write, books, session);
      if (found !== 'did_not_happen') return found.output;
      open = false;
    }
  } else if (session !== null && needsOneLook(protocol, write, sentBefore !== null && endedBefore)) {
    const found = await lookOnce(write, books, session);
    if (found !== null) return found.output;
  }

  // 2. What must be read is read once, recorded, and used again by every repeat.
  let resolved: unknown = session?.record.resolved ?? null;
  if (sentBefore === null) {
    try {
      resolved = await write.prepare();
    } catch (error) {
      await books.giveBack(session, open);
      if (!(error instanceof ChargesError)) throw error;
      // A preparation moves no money, so nothing of it can leave the outcome open; a refusal that it found stays one.
      throw withDetails(error, error.outcome === 'unknown' ? { ...facts, outcome: 'not_sent' } : facts);
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
    await books.settle(session, 'succeeded', { output });
    return output;
  } catch (error) {
    if (!(error instanceof ChargesError)) {
      await books.settle(session, 'unknown', { sent: true });
      throw error;
    }
    failure = error;
  }
  const found = await settleFailure(write, books, session, failure, {
    open,
    earlier: open || sentBefore !== null,
    resolved,
  });
  return found.output;
};

type Books<Output> = ReturnType<typeof createBookkeeping<Output>>;

interface Found<Output> {
  readonly output: Output;
}

/** Whether something may be there though no attempt is open: an unrecorded process, or an earlier look that missed. */
const needsOneLook = (
  protocol: Protocol,
  write: Pick<Write<unknown>, 'lookFirst'>,
  endedAfterSending: boolean,
): boolean => (endedAfterSending ? protocol.keyLifetimeMs === null : write.lookFirst);

/** Before an attempt: a hit is the answer, anything else says nothing and the write goes out. */
const lookOnce = async <Output>(
  write: Write<Output>,
  books: Books<Output>,
  session: Session,
): Promise<Found<Output> | null> => {
  try {
    const sighting = await write.look(session.record, session.storeNow());
    if (sighting.seen === 'several') throw sighting.error;
    if (sighting.seen !== 'happened') return null;
    const settled = await books.settle(session, 'succeeded', { output: sighting.output });
    return settled || sighting.refundId === null ? { output: sighting.output } : null;
  } catch (error) {
    await books.giveBack(session, false);
    throw error;
  }
};

/** Settles what an earlier attempt left open, or throws what it came to. */
const lookTwice = async <Output>(
  protocol: Protocol,
  write: Write<Output>,
  books: Books<Output>,
  session: Session,
): Promise<Found<Output> | 'did_not_happen'> => {
  const limits = { deadline: write.deadline, signal: write.signal, operation: write.operation };
  let resolution: Awaited<ReturnType<typeof resolveOpen<Output>>>;
  try {
    resolution = await resolveOpen(protocol, session, (record, now) => write.look(record, now), limits);
  } catch (error) {
    await books.settle(session, 'unknown');
    throw error instanceof ChargesError ? withDetails(error, { ...books.facts, outcome: 'unknown' }) : error;
  }

  const stillUnknown = (retryAfterMs: number | null, candidates: readonly string[]): ChargesError => {
    const earlier = session.record.result;
    return new OutcomeUnknownError({
      ...books.facts,
      message:
        'it is not known yet what became of an earlier attempt with this idempotency key; nothing was sent again',
      outcome: 'unknown',
      retryAfterMs,
      candidates,
      cause: earlier?.kind === 'error' ? errorFromJSON(earlier.value) : undefined,
    });
  };

  switch (resolution.seen) {
    case 'happened': {
      const settled = await books.settle(session, 'succeeded', { output: resolution.output });
      // A refund that another key claimed in between is not ours.
      if (!settled && resolution.refundId !== null) throw stillUnknown(null, [resolution.refundId]);
      return { output: resolution.output };
    }
    case 'refused':
      await books.settle(session, 'rejected', { error: resolution.error });
      throw resolution.error;
    case 'several':
      await books.settle(session, 'unknown');
      throw resolution.error;
    case 'did_not_happen':
      return 'did_not_happen';
    case 'unknown':
      await books.settle(session, 'unknown');
      throw stillUnknown(resolution.retryAfterMs, resolution.candidates);
  }
};

/** Records how a failed attempt ended; finds the effect where the failure could be its echo. Throws unless it is found. */
const settleFailure = async <Output>(
  write: Write<Output>,
  books: Books<Output>,
  session: Session | null,
  error: ChargesError,
  {
    open,
    earlier,
    resolved,
  }: { readonly open: boolean; readonly earlier: boolean; readonly resolved: unknown },
): Promise<Found<Output>> => {
  const left = error.outcome !== 'not_sent';
  // An answer that our own earlier success would cause, or a fault that the provider stored as the answer of the key.
  // But the provider compares what one key asks for: of a first create, whose bytes come from the params alone, it is right.
  const isOtherRequest =
    error instanceof IdempotencyConflictError && !earlier && write.operation === 'create';
  const echoes = mayBeOwnSuccess(error) && !isOtherRequest;
  const mayBeEcho = echoes && (earlier || error.outcome === 'unknown');
  // A network that delivers a request twice shows the second answer: a first attempt may be refused for its own success.
  const whose = write.whoseEffect(resolved);
  const mayBeDoubled = echoes && whose !== 'foreign';
  let isUnsettled = false;
  if (left && session !== null && (mayBeEcho || mayBeDoubled || (open && error.outcome === 'unknown'))) {
    const record = { ...session.record, resolved };
    const sighting = await write.look(record, session.storeNow()).catch(() => null);
    // What was there, or may have been, before the only attempt is not taken for its effect.
    if (sighting?.seen === 'happened' && (mayBeEcho || open || whose === 'own')) {
      const settled = await books.settle(session, 'succeeded', { output: sighting.output });
      if (settled || sighting.refundId === null) return { output: sighting.output };
    }
    // The declined charge that carries our key is the answer of the key.
    if (sighting?.seen === 'refused' && sighting.error instanceof CardError) {
      await books.settle(session, 'rejected', { error: sighting.error });
      throw sighting.error;
    }
    // Another's charge under our key is what a refused key may mean; two of ours are what no refusal explains.
    if (sighting?.seen === 'several' && sighting.count > 1) {
      await books.settle(session, 'unknown', { error: sighting.error, sent: true });
      throw sighting.error;
    }
    isUnsettled =
      sighting === null ||
      sighting.seen === 'happened' ||
      (sighting.seen === 'unclear' && sighting.candidates.length > 0);
  }
  // With the provider's own key a decline is the answer of the key; everything else leaves an open attempt open.
  const stillOpen = (open && !(error instanceof CardError)) || (left && (mayBeEcho || isUnsettled));
  if (error.outcome === 'unknown' || stillOpen) {
    await books.settle(session, 'unknown', { error, sent: left });
    throw withDetails(error, { ...books.facts, outcome: 'unknown' });
  }
  if (error.outcome === 'rejected' && isFinalRefusal(error))
    await books.settle(session, 'rejected', { error });
  // What was refused for a curable reason, or never left, did not happen: the same call may be made again.
  else await books.settle(session, 'did_not_happen');
  throw error;
};

const ownSuccess = new WeakSet<ChargesError>();

/** Marks a refusal that an earlier success of the same write would cause, too. */
export const markOwnSuccess = <Failure extends ChargesError>(error: Failure): Failure => {
  ownSuccess.add(error);
  return error;
};

const mayBeOwnSuccess = (error: ChargesError): boolean => ownSuccess.has(error);
