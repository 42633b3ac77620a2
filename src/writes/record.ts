import { ChargesError, ConnectionError, OperationInProgressError } from '../errors.js';
import { errorFromJSON } from '../errors/from-json.js';
import type { OperationRecord } from '../models/operation-store.js';
import { sameRequest } from './fingerprint.js';
import { keyConflict } from './key-conflict.js';
import {
  askedNow,
  leaseMarginMs,
  mayHaveBeenSent,
  openSession,
  type Session,
  type Write,
} from './protocol.js';
import type { Protocol } from '../calls/protocol.js';
import { withChanges } from '../models/objects.js';
import { lacksTables, storeFailureReason } from '../stores/failure.js';
import { assertReadable, isUnreadableRecord } from '../stores/stored-record.js';

/**
 * A write that may proceed: with its record, or without one if the settings allow sending without the store.
 */
export interface StartedWrite {
  readonly session: Session | null;
  /** Whether an earlier attempt ended as `did_not_happen`. */
  readonly endedBefore: boolean;
  /** Whether `begin` recorded the write as prepared already, so that nothing is left to do before sending. */
  readonly isPrepared: boolean;
  /**
   * Whether an earlier owner left the record `started` or `unknown`. After a failover the store may have lost
   * the mark that it was about to send.
   */
  readonly leftOpen: boolean;
}

/** The parts of a write that its record needs. */
export type RecordedWrite<Output> = Pick<
  Write<Output>,
  | 'scope'
  | 'key'
  | 'operation'
  | 'target'
  | 'fingerprint'
  | 'refundLock'
  | 'resolvedAtOnce'
  | 'deadline'
  | 'heldKey'
  | 'refundIdOf'
  | 'snapshot'
  | 'restore'
>;

const unsent = { resolved: null, sentAt: null, prepared: false } as const;

/** Keeps the record of one write in the store and reports the store's failures. */
export const createRecordKeeper = <Output>(
  protocol: Pick<Protocol, 'provider' | 'store' | 'runtime' | 'sendsWithoutStore' | 'secrets' | 'emit'>,
  write: RecordedWrite<Output>,
) => {
  const { runtime, store } = protocol;
  const leaseMs = Math.max(0, write.deadline - runtime.monotonic()) + leaseMarginMs;
  const owner = runtime.uuid();
  const facts = {
    provider: protocol.provider,
    operation: write.operation,
    idempotencyKey: write.key,
    chargeId: write.target,
  };

  const reasonOf = (error: unknown): string => storeFailureReason(error, protocol.secrets);

  const inProgress = () =>
    new OperationInProgressError({
      ...facts,
      message: 'the same write is running elsewhere: wait, then call again with the same idempotency key',
      outcome: 'unknown',
    });

  const refundInProgress = () =>
    new OperationInProgressError({
      ...facts,
      code: 'refund_in_progress',
      message:
        'another refund of this charge, under another key, is not settled yet: wait or reconcile it, then call again with the same idempotency key',
      outcome: 'not_sent',
    });

  /** The store failed before this attempt was sent. `open`: another attempt may have moved money. */
  const storeUnavailable = (error: unknown, open = false): ChargesError =>
    new ConnectionError({
      ...facts,
      code: 'store_unavailable',
      message: open
        ? `the operation store failed (${reasonOf(error)}): nothing was sent again, and what became of another attempt is not known`
        : `the operation store failed, so nothing was sent (${reasonOf(error)})`,
      outcome: open ? 'unknown' : 'not_sent',
      isRetryable: !lacksTables(error),
    });

  /** A record that cannot be read does not say what became of earlier attempts. */
  const unreadableRecordError = (what: string): ChargesError =>
    new ConnectionError({
      ...facts,
      code: 'record_unreadable',
      message: `the operation store gives ${what} in a form that cannot be read: nothing was sent again`,
      outcome: 'unknown',
    });

  const reportFailure = (action: string, error: unknown) => {
    protocol.emit({ type: 'store', ...facts, action, reason: reasonOf(error) });
  };

  /**
   * A store client may still execute a timed-out command once its server is back. Release that claim in the
   * background, so that a repeat need not wait for this call's lease to expire. `record`: the record to be
   * claimed; null if `begin` failed.
   */
  const releaseLateClaim = (record: OperationRecord | null): void => {
    const { scope, key } = write;
    const ownership = { scope, key, owner, attempt: (record?.attempt ?? 0) + 1 };
    const releaseClaim = async () => {
      if (await store.release(ownership)) return;
      const isEnded = record === null || record.state === 'did_not_happen';
      await store.settle(ownership, {
        state: isEnded ? 'did_not_happen' : 'unknown',
        result: record?.result ?? null,
      });
    };
    releaseClaim().catch(() => undefined);
  };

  /**
   * The result of an earlier success. If the stored result cannot be read, fail: the money has moved, so
   * never send again.
   */
  const recorded = (record: OperationRecord): Output => {
    try {
      return write.restore(record.result);
    } catch {
      throw unreadableRecordError('the result of this write, which succeeded before,');
    }
  };

  /** What an existing record means: a result, a conflict, or an attempt to take over. */
  const takeOver = async (
    record: OperationRecord,
    now: number,
  ): Promise<StartedWrite | { readonly output: Output }> => {
    if (!sameRequest(record.fingerprint, write.fingerprint)) throw keyConflict(facts, record, write);
    if (record.state === 'succeeded') return { output: recorded(record) };
    if (record.state === 'rejected') throw errorFromJSON(record.result?.value);
    if (record.state === 'started' && record.leaseUntil > now) throw inProgress();
    const askedAt = askedNow(runtime);
    const { scope, key } = write;
    const claim = { scope, key, attempt: record.attempt, owner, leaseMs };
    const claimed = await store.claim(claim).catch((error: unknown) => {
      if (protocol.sendsWithoutStore) throw error;
      reportFailure('claim', error);
      releaseLateClaim(record);
      throw storeUnavailable(error, mayHaveBeenSent(record) || write.heldKey.mayBeSentByAnother());
    });
    if (claimed === null) throw inProgress();
    const session = openSession(runtime, claimed, askedAt, leaseMs);
    return {
      session,
      isPrepared: false,
      endedBefore: record.state === 'did_not_happen',
      leftOpen: record.state === 'started' || record.state === 'unknown',
    };
  };

  /** Begins the record, or returns the result of an existing one. */
  const begin = async (): Promise<StartedWrite | { readonly output: Output }> => {
    const askedAt = askedNow(runtime);
    const { scope, key, operation, target, fingerprint, refundLock, resolvedAtOnce } = write;
    try {
      const begun = await store.begin({
        scope,
        key,
        operation,
        target,
        fingerprint,
        owner,
        leaseMs,
        refundLock,
        ...(resolvedAtOnce === null ? {} : { resolved: resolvedAtOnce }),
      });
      if (begun.status === 'locked') throw refundInProgress();
      if (begun.status === 'exists') {
        assertReadable(begun.record);
        return await takeOver(begun.record, begun.now);
      }
      const isPrepared = resolvedAtOnce !== null && begun.record.prepared;
      // This call's own `prepared` mark is hidden, so that it is not mistaken for an earlier attempt's.
      const record = isPrepared ? withChanges(begun.record, unsent) : begun.record;
      const session = openSession(runtime, { record, now: begun.now }, askedAt, leaseMs);
      return { session, isPrepared, endedBefore: false, leftOpen: false };
    } catch (error) {
      if (error instanceof ChargesError) throw error;
      reportFailure('begin', error);
      if (isUnreadableRecord(error)) throw unreadableRecordError('the record of this key');
      if (!protocol.sendsWithoutStore) {
        releaseLateClaim(null);
        throw storeUnavailable(error, write.heldKey.mayBeSentByAnother());
      }
      return { session: null, isPrepared: false, endedBefore: false, leftOpen: false };
    }
  };

  /** Ends the attempt. Returns false if another owner has the record, or another key claimed the refund. */
  const settle = async (
    session: Session | null,
    state: 'unknown' | 'succeeded' | 'rejected' | 'did_not_happen',
    end: { readonly output?: Output; readonly error?: ChargesError; readonly sent?: boolean } = {},
  ): Promise<boolean> => {
    if (session === null) return true;
    const result =
      end.output !== undefined
        ? write.snapshot(end.output)
        : end.error !== undefined
          ? { kind: 'error' as const, value: end.error.toJSON() }
          : session.record.result;
    const claimedRefund = end.output === undefined ? null : write.refundIdOf(end.output);
    try {
      const done = await store.settle(session.ownership, {
        state,
        result,
        sent: end.sent ?? false,
        claimedRefund,
      });
      if (!done) reportFailure('settle', 'the record has another owner');
      return done;
    } catch (error) {
      // The outcome of the write does not change. Its record stays `started`, and a later call resolves it by
      // a lookup.
      reportFailure('settle', error);
      // While our lease holds, no other owner can have claimed the record.
      return session.isLeased();
    }
  };

  /**
   * Whether the output may be a refund that another key has claimed. Asked where the store refused to settle: if it cannot
   * say why, the refund counts as claimed.
   */
  const mayBeOthersRefund = async (output: Output): Promise<boolean> => {
    const refundId = write.refundIdOf(output);
    if (refundId === null) return false;
    const taken = await store.claimedRefunds(write.scope, [refundId], write.key).catch(() => [refundId]);
    return taken.includes(refundId);
  };

  /**
   * Ends an attempt that was never sent; an earlier attempt stays as open as it was. Returns false if another
   * owner has taken over the record and may send with this key.
   */
  const release = async (session: Session | null, open: boolean): Promise<boolean> => {
    if (session === null) return true;
    if (open) return settle(session, 'unknown');
    try {
      const forgotten = session.record.sentAt === null && (await store.release(session.ownership));
      return forgotten || (await settle(session, 'did_not_happen'));
    } catch (error) {
      reportFailure('release', error);
      // While our lease holds, no other owner can have claimed the record.
      return session.isLeased();
    }
  };

  /** Records what is about to be sent. Rejects if another owner has the record. */
  const prepare = async (session: Session | null, resolved: unknown, open: boolean): Promise<void> => {
    if (session === null) return;
    let ours: boolean;
    try {
      ours = await store.prepare(session.ownership, resolved);
    } catch (error) {
      reportFailure('prepare', error);
      if (protocol.sendsWithoutStore) return;
      // If not released: another owner has the record and may send with this key.
      const isReleased = await release(session, open);
      throw storeUnavailable(error, open || !isReleased);
    }
    // Another owner has the record and may send with this key.
    if (!ours) throw inProgress();
  };

  /** Whether the call's deadline has passed. */
  const isOver = (): boolean => runtime.monotonic() >= write.deadline;

  return { facts, isOver, begin, settle, mayBeOthersRefund, release, prepare };
};

/** Keeps the record of one write: begins, prepares, settles and releases it. */
export type RecordKeeper<Output> = ReturnType<typeof createRecordKeeper<Output>>;
