import {
  CardError,
  ChargesError,
  ConflictError,
  ConnectionError,
  IdempotencyConflictError,
  InvalidRequestError,
  NotFoundError,
  OperationInProgressError,
  OutcomeUnknownError,
  TimeoutError,
  type Outcome,
} from '../errors.js';
import { errorFromJSON } from '../errors/from-json.js';
import { withDetails } from '../errors/with-details.js';
import type { OperationRecord } from '../models/operation-store.js';
import { sameRequest } from './fingerprint.js';
import { isOpen, leaseMarginMs, openSession, type Protocol, type Session, type Write } from './protocol.js';
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
  const { runtime, store } = protocol;
  const leaseMs = Math.max(0, write.deadline - runtime.monotonic()) + leaseMarginMs;
  const owner = runtime.uuid();
  const facts = { provider: protocol.provider, operation: write.operation, idempotencyKey: write.key, chargeId: write.target };

  const inProgress = (outcome: Outcome, code?: string) =>
    new OperationInProgressError({
      ...facts,
      code,
      message: 'the same write is running elsewhere: wait, then call again with the same idempotency key',
      outcome,
    });

  /** A failure of the store before anything was sent. */
  const storeRefusal = (error: unknown): ChargesError =>
    new ConnectionError({
      ...facts,
      code: 'store_unavailable',
      message: `the operation store failed, so nothing was sent (${storeReason(error)})`,
      outcome: 'not_sent',
      cause: error instanceof ChargesError ? error : undefined,
    });

  const tellStoreFailure = (action: string, error: unknown) => {
    protocol.emit({ type: 'store', ...facts, action, reason: storeReason(error) });
  };

  const begin = async (): Promise<Session | { readonly output: Output } | null> => {
    const askedAt = runtime.monotonic();
    const { scope, key, operation, target, fingerprint, refundLock } = write;
    try {
      const begun = await store.begin({ scope, key, operation, target, fingerprint, owner, leaseMs, refundLock });
      if (begun.status === 'locked') throw inProgress('not_sent', 'refund_in_progress');
      if (begun.status === 'made') return openSession(runtime, begun, askedAt, leaseMs);
      return await takeOver(begun.record, begun.now);
    } catch (error) {
      if (error instanceof ChargesError) throw error;
      if (!protocol.sendsWithoutStore) throw storeRefusal(error);
      tellStoreFailure('begin', error);
      return null;
    }
  };

  /** What an existing record means: an answer, a conflict, or an attempt to carry on from. */
  const takeOver = async (record: OperationRecord, now: number): Promise<Session | { readonly output: Output }> => {
    if (!sameRequest(record.fingerprint, write.fingerprint)) {
      throw new IdempotencyConflictError({
        ...facts,
        message: 'this idempotency key was used for another request: a changed request needs a new key',
        outcome: 'not_sent',
      });
    }
    if (record.state === 'succeeded') return { output: write.restore(record.result) };
    if (record.state === 'rejected') throw errorFromJSON(record.result?.value);
    if (record.state === 'started' && record.leaseUntil > now) throw inProgress('unknown');
    const askedAt = runtime.monotonic();
    const claimed = await store.claim({ scope: write.scope, key: write.key, attempt: record.attempt, owner, leaseMs });
    if (claimed === null) throw inProgress('unknown');
    return openSession(runtime, claimed, askedAt, leaseMs);
  };

  const settle = async (
    session: Session | null,
    state: 'unknown' | 'succeeded' | 'rejected' | 'did_not_happen',
    end: { readonly output?: Output; readonly error?: ChargesError; readonly sent?: boolean } = {},
  ): Promise<void> => {
    if (session === null) return;
    const result =
      end.output !== undefined
        ? write.snapshot(end.output)
        : end.error !== undefined
          ? { kind: 'error' as const, value: end.error.toJSON() }
          : null;
    const claimedRefund = end.output === undefined ? null : write.refundIdOf(end.output);
    try {
      const done = await store.settle(session.ownership, { state, result, sent: end.sent ?? false, claimedRefund });
      if (!done) tellStoreFailure('settle', 'the record has another owner');
    } catch (error) {
      // The write is what it is: the record stays `started` and is resolved by its stamp.
      tellStoreFailure('settle', error);
    }
  };

  /** Nothing of this attempt left. What an earlier attempt did is as open as it was. */
  const giveBack = async (session: Session | null, open: boolean): Promise<void> => {
    if (session === null) return;
    if (open) {
      await settle(session, 'unknown');
      return;
    }
    try {
      if (session.record.sentAt !== null || !(await store.release(session.ownership))) await settle(session, 'did_not_happen');
    } catch (error) {
      tellStoreFailure('release', error);
    }
  };

  const begun = await begin();
  if (begun !== null && 'output' in begun) return begun.output;
  const session = begun;

  const look = async (): Promise<{ readonly output: Output } | 'nothing' | 'unknown'> => {
    if (session === null) return 'unknown';
    const limits = { deadline: write.deadline, signal: write.signal, operation: write.operation };
    let resolution: Awaited<ReturnType<typeof resolveOpen<Output>>>;
    try {
      resolution = await resolveOpen(protocol, session, (record, now) => write.look(record, now), limits);
    } catch (error) {
      await settle(session, 'unknown');
      throw error instanceof ChargesError ? withDetails(error, { outcome: 'unknown', ...facts }) : error;
    }
    switch (resolution.seen) {
      case 'happened':
        await settle(session, 'succeeded', { output: resolution.output });
        return { output: resolution.output };
      case 'refused':
        await settle(session, 'rejected', { error: resolution.error });
        throw resolution.error;
      case 'several':
        await settle(session, 'unknown');
        throw resolution.error;
      case 'did_not_happen':
        return 'nothing';
      case 'unknown':
        await settle(session, 'unknown');
        throw new OutcomeUnknownError({
          ...facts,
          message: 'it is not known yet what became of an earlier attempt with this idempotency key; nothing was sent again',
          outcome: 'unknown',
          retryAfterMs: resolution.retryAfterMs,
          candidates: resolution.candidates,
          cause: session.record.result?.kind === 'error' ? errorFromJSON(session.record.result.value) : undefined,
        });
    }
  };

  // 1. What an earlier attempt left open is settled first, or replayed while the provider still knows its key.
  let open = session !== null && isOpen(session.record);
  const sentBefore = session?.record.sentAt ?? null;
  if (session !== null && open) {
    const keyIsAlive =
      protocol.keyLifetimeMs !== null && sentBefore !== null && session.storeNow() - sentBefore < protocol.keyLifetimeMs;
    if (!keyIsAlive) {
      const found = await look();
      if (typeof found === 'object') return found.output;
      open = false;
    }
  } else if (session !== null && sentBefore === null && write.lookFirst) {
    const sighting = await firstLook(write, session).catch(async (error: unknown) => {
      await giveBack(session, false);
      throw error;
    });
    if (sighting !== null) {
      await settle(session, 'succeeded', { output: sighting });
      return sighting;
    }
  }

  // 2. What must be read is read once, recorded, and used again by every repeat.
  let resolved: unknown = session?.record.resolved ?? null;
  try {
    if (sentBefore === null) resolved = await write.prepare();
  } catch (error) {
    await giveBack(session, open);
    throw error instanceof ChargesError ? withDetails(error, { ...facts, outcome: open ? 'unknown' : 'not_sent' }) : error;
  }
  if (session !== null) {
    try {
      if (!(await store.prepare(session.ownership, resolved))) throw inProgress(open ? 'unknown' : 'not_sent');
    } catch (error) {
      if (error instanceof ChargesError) throw error;
      if (!protocol.sendsWithoutStore) {
        await giveBack(session, open);
        throw storeRefusal(error);
      }
      tellStoreFailure('prepare', error);
    }
  }

  // 3. The permit is asked directly before every first byte: past the lease somebody else may own this write.
  const permit = () => {
    if (session !== null && runtime.monotonic() >= session.leaseUntil) {
      throw new TimeoutError({ ...facts, message: 'the time for this write ran out before it was sent', outcome: 'not_sent' });
    }
  };

  try {
    const output = await write.send(resolved, permit);
    await settle(session, 'succeeded', { output });
    return output;
  } catch (error) {
    if (!(error instanceof ChargesError)) {
      await settle(session, 'unknown', { sent: true });
      throw error;
    }
    return await afterFailure(error);
  }

  async function afterFailure(error: ChargesError): Promise<Output> {
    const earlier = open || sentBefore !== null;
    // An answer that our own earlier success would cause: look, then decide.
    if (error.outcome !== 'not_sent' && mayBeOwnSuccess(error) && (earlier || error.outcome === 'unknown') && session !== null) {
      const sighting = await write.look(session.record, session.storeNow()).catch(() => null);
      if (sighting?.seen === 'happened') {
        await settle(session, 'succeeded', { output: sighting.output });
        return sighting.output;
      }
      await settle(session, 'unknown', { sent: true });
      throw withDetails(error, { outcome: 'unknown', ...facts });
    }
    if (error.outcome === 'unknown') {
      await settle(session, 'unknown', { error, sent: true });
      throw error;
    }
    // With the provider's own key a decline is the answer of the key; everything else leaves an open attempt open.
    if (open && !(error instanceof CardError)) {
      await settle(session, 'unknown', { sent: error.outcome !== 'not_sent' });
      throw withDetails(error, { outcome: 'unknown', ...facts });
    }
    if (error.outcome === 'rejected' && isFinalRefusal(error)) await settle(session, 'rejected', { error });
    // `prepare` has marked the record as about to send, so it cannot be forgotten; what never left did not happen.
    else await settle(session, 'did_not_happen');
    throw error;
  }
};

/** Before a first attempt: a hit is the answer, anything else says nothing and the write goes out. */
const firstLook = async <Output>(write: Write<Output>, session: Session): Promise<Output | null> => {
  const sighting = await write.look(session.record, session.storeNow());
  if (sighting.seen === 'happened') return sighting.output;
  if (sighting.seen === 'several') throw sighting.error;
  return null;
};

const storeReason = (error: unknown): string =>
  typeof error === 'string' ? error : error instanceof Error ? error.name : 'unknown failure';

const ownSuccess = new WeakSet<ChargesError>();

/** Marks a refusal that an earlier success of the same write would cause, too. */
export const markOwnSuccess = (error: ChargesError): ChargesError => {
  ownSuccess.add(error);
  return error;
};

const mayBeOwnSuccess = (error: ChargesError): boolean => ownSuccess.has(error);
