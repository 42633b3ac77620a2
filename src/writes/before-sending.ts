import { ChargesError, OutcomeUnknownError } from '../errors.js';
import { errorFromJSON } from '../errors/from-json.js';
import { withDetails } from '../errors/with-details.js';
import type { RecordKeeper } from './record.js';
import type { Session, Write } from './protocol.js';
import type { Protocol } from '../calls/protocol.js';
import { resolveOpen } from './resolve.js';

/** The output of an earlier attempt, or of an earlier process with the same key. */
export interface FoundEffect<Output> {
  readonly output: Output;
}

const outcomeUnknownError = (
  keeper: Pick<RecordKeeper<unknown>, 'facts'>,
  message: string,
  retryAfterMs: number | null,
  candidates: readonly string[],
  cause?: ChargesError,
): ChargesError =>
  new OutcomeUnknownError({
    ...keeper.facts,
    // An unreadable response may still have named the charge.
    chargeId: keeper.facts.chargeId ?? cause?.chargeId ?? null,
    message,
    outcome: 'unknown',
    retryAfterMs,
    candidates,
    cause,
  });

/** The message for an incomplete lookup before a first attempt. */
const unclearBefore = (
  { operation }: Pick<Write<unknown>, 'operation'>,
  candidates: readonly string[],
): string => {
  if (candidates.length === 0 && operation === 'refund')
    return 'nothing was sent: the refunds of the charge could not all be read, or they do not add up to refundedBefore';
  if (candidates.length === 0)
    return 'an earlier process may have sent this write, and the lookup at the provider could not see everything since; nothing was sent. A durable store, or a smaller lookbackMs, needs no such lookup';
  const shown = candidates.slice(0, 5).join(', ');
  return operation === 'refund'
    ? `nothing was sent: the charge has what this refund could have made in an earlier process (${shown}), and no record says whose it is. If it is not this one, say in refundedBefore what had been refunded before`
    : `nothing was sent: the provider has what this write could have made in an earlier process (${shown}), and it cannot be determined which write made it`;
};

/**
 * Looks up a write before it is sent, because an earlier process may have sent it. A match is returned; a
 * declined charge is ignored, because it took no money. If the lookup was incomplete, a create or refund is
 * not sent.
 */
export const lookUpBeforeSending = async <Output>(
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session,
): Promise<FoundEffect<Output> | null> => {
  try {
    const isFirst = session.record.attempt === 1;
    const result = await write[isFirst ? 'lookUpBefore' : 'lookUp'](session.record, session.storeNow());
    if (result.seen === 'several') throw result.error;
    if (result.seen === 'unclear' && write.needsClearLookup)
      throw outcomeUnknownError(keeper, unclearBefore(write, result.candidates), null, result.candidates);
    if (result.seen !== 'happened') return null;
    const isSettled = await keeper.settle(session, 'succeeded', { output: result.output });
    return isSettled || result.refundId === null ? { output: result.output } : null;
  } catch (error) {
    // Keep an earlier owner's record, so that the next call looks up again.
    const isKept = session.record.attempt > 1 && session.record.sentAt === null;
    const isSettled = await (isKept ? keeper.settle(session, 'unknown') : keeper.release(session, false));
    throw isSettled || !(error instanceof ChargesError) ? error : withDetails(error, { outcome: 'unknown' });
  }
};

/** Settles an open earlier attempt by lookup. Throws its outcome unless it succeeded or did not happen. */
export const settleEarlierAttempt = async <Output>(
  protocol: Protocol,
  write: Write<Output>,
  keeper: RecordKeeper<Output>,
  session: Session,
): Promise<FoundEffect<Output> | 'did_not_happen'> => {
  const limits = { deadline: write.deadline, signal: write.signal, operation: write.operation };
  let resolution: Awaited<ReturnType<typeof resolveOpen<Output>>>;
  try {
    resolution = await resolveOpen(protocol, session, (record, now) => write.lookUp(record, now), limits);
  } catch (error) {
    await keeper.settle(session, 'unknown');
    throw error instanceof ChargesError ? withDetails(error, { ...keeper.facts, outcome: 'unknown' }) : error;
  }

  const stillOpenError = (retryAfterMs: number | null, candidates: readonly string[]): ChargesError => {
    const earlier = session.record.result;
    return outcomeUnknownError(
      keeper,
      'it is not known yet what became of an earlier attempt with this idempotency key; nothing was sent again',
      retryAfterMs,
      candidates,
      earlier?.kind === 'error' ? errorFromJSON(earlier.value) : undefined,
    );
  };

  switch (resolution.seen) {
    case 'happened': {
      const isSettled = await keeper.settle(session, 'succeeded', { output: resolution.output });
      // A refund that another key claimed in between is not ours.
      if (!isSettled && resolution.refundId !== null) throw stillOpenError(null, [resolution.refundId]);
      return { output: resolution.output };
    }
    case 'refused':
      await keeper.settle(session, 'rejected', { error: resolution.error });
      throw resolution.error;
    case 'several':
      await keeper.settle(session, 'unknown');
      throw resolution.error;
    case 'did_not_happen':
      return 'did_not_happen';
    case 'unknown':
      await keeper.settle(session, 'unknown');
      throw stillOpenError(resolution.retryAfterMs, resolution.candidates);
  }
};
