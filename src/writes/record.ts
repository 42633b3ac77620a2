import { ChargesError, ConnectionError, OperationInProgressError } from '../errors.js';
import { errorFromJSON } from '../errors/from-json.js';
import type { OperationRecord } from '../models/operation-store.js';
import { sameRequest } from './fingerprint.js';
import { keyConflict } from './key-conflict.js';
import { leaseMarginMs, mayHaveBeenSent, openSession, type Session, type Write } from './protocol.js';
import type { Protocol } from '../calls/protocol.js';
import { withChanges } from '../models/objects.js';
import { storeFailureReason } from '../stores/failure.js';
import { isUnreadableRecord } from '../stores/stored-record.js';

/** A write that may go on: with its record, or without one where the settings accept that a store fails. */
export interface StartedWrite {
  readonly session: Session | null;
  /** Whether an earlier owner came to an end without an effect. */
  readonly endedBefore: boolean;
  /** Whether the record began prepared: nothing is left to do before sending. */
  readonly isPrepared: boolean;
  /** Whether an earlier owner left the record open. A store that failed over may have lost that it was about to send. */
  readonly leftOpen: boolean;
}

/** What the store is told of a write. */
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
  | 'refundIdOf'
  | 'snapshot'
  | 'restore'
>;

const unsent = { resolved: null, sentAt: null, prepared: false } as const;

/** How one write is entered in the store, and how the store's failures are told. */
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

  /** A failure of the store before this attempt was sent. `open`: an earlier one may have moved money. */
  const refusal = (error: unknown, open = false): ChargesError =>
    new ConnectionError({
      ...facts,
      code: 'store_unavailable',
      message: open
        ? `the operation store failed (${reasonOf(error)}): nothing was sent again, and what became of an earlier attempt is not known`
        : `the operation store failed, so nothing was sent (${reasonOf(error)})`,
      outcome: open ? 'unknown' : 'not_sent',
    });

  /** There is a record of the key, and nobody can say what it tells. */
  const unreadable = (error: unknown): ChargesError =>
    new ConnectionError({
      ...facts,
      code: 'record_unreadable',
      message: `the operation store has a record of this key that cannot be read (${reasonOf(error)}): nothing was sent, and what became of an earlier attempt is not known`,
      outcome: 'unknown',
    });

  const tellFailure = (action: string, error: unknown) => {
    protocol.emit({ type: 'store', ...facts, action, reason: reasonOf(error) });
  };

  /**
   * A client may carry out what it gave up, once its server is back. Taken back at once, so that nobody waits for the lease
   * of a call that is over; nobody waits for this, either. `record`: what was to be claimed.
   */
  const withdraw = (record: OperationRecord | null): void => {
    const { scope, key } = write;
    const ownership = { scope, key, owner, attempt: (record?.attempt ?? 0) + 1 };
    const takeBack = async () => {
      if (await store.release(ownership)) return;
      const isEnded = record === null || record.state === 'did_not_happen';
      await store.settle(ownership, {
        state: isEnded ? 'did_not_happen' : 'unknown',
        result: record?.result ?? null,
      });
    };
    takeBack().catch(() => undefined);
  };

  /** The answer of an earlier success. One that cannot be read is no reason to send again: the money has moved. */
  const recorded = (record: OperationRecord): Output => {
    try {
      return write.restore(record.result);
    } catch {
      throw new ConnectionError({
        ...facts,
        code: 'record_unreadable',
        message:
          'this write succeeded before, but the operation store gives its result in a form that cannot be read: nothing was sent again',
        outcome: 'unknown',
      });
    }
  };

  /** What an existing record means: an answer, a conflict, or an attempt to carry on from. */
  const takeOver = async (
    record: OperationRecord,
    now: number,
  ): Promise<StartedWrite | { readonly output: Output }> => {
    if (!sameRequest(record.fingerprint, write.fingerprint)) throw keyConflict(facts, record, write);
    if (record.state === 'succeeded') return { output: recorded(record) };
    if (record.state === 'rejected') throw errorFromJSON(record.result?.value);
    if (record.state === 'started' && record.leaseUntil > now) throw inProgress();
    const askedAt = runtime.monotonic();
    const { scope, key } = write;
    const claim = { scope, key, attempt: record.attempt, owner, leaseMs };
    const claimed = await store.claim(claim).catch((error: unknown) => {
      if (protocol.sendsWithoutStore) throw error;
      tellFailure('claim', error);
      withdraw(record);
      throw refusal(error, mayHaveBeenSent(record));
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

  /** Enters the write, or answers from what is there. */
  const begin = async (): Promise<StartedWrite | { readonly output: Output }> => {
    const askedAt = runtime.monotonic();
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
      if (begun.status === 'exists') return await takeOver(begun.record, begun.now);
      const isPrepared = resolvedAtOnce !== null && begun.record.prepared;
      // The session shows the record as it was before this call was about to send.
      const record = isPrepared ? withChanges(begun.record, unsent) : begun.record;
      const session = openSession(runtime, { record, now: begun.now }, askedAt, leaseMs);
      return { session, isPrepared, endedBefore: false, leftOpen: false };
    } catch (error) {
      if (error instanceof ChargesError) throw error;
      tellFailure('begin', error);
      if (isUnreadableRecord(error)) throw unreadable(error);
      if (!protocol.sendsWithoutStore) {
        withdraw(null);
        throw refusal(error);
      }
      return { session: null, isPrepared: false, endedBefore: false, leftOpen: false };
    }
  };

  /** Whether nobody else can have taken the record over yet, whatever the store would say. */
  const isLeased = (session: Session): boolean => runtime.monotonic() < session.leaseUntil;

  /** Ends the attempt. False if the record is no longer ours, or another key claimed the refund. */
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
      if (!done) tellFailure('settle', 'the record has another owner');
      return done;
    } catch (error) {
      // The write is what it is: the record stays `started` and is resolved by its stamp.
      tellFailure('settle', error);
      return isLeased(session);
    }
  };

  /** Whether the output is a refund that another key has claimed. */
  const isOthersRefund = async (output: Output): Promise<boolean> => {
    const refundId = write.refundIdOf(output);
    if (refundId === null) return false;
    const taken = await store.claimedRefunds(write.scope, [refundId], write.key).catch((): string[] => []);
    return taken.includes(refundId);
  };

  /**
   * Nothing of this attempt left. What an earlier attempt did is as open as it was. False where another owner has taken the
   * record over: it may send under this key.
   */
  const release = async (session: Session | null, open: boolean): Promise<boolean> => {
    if (session === null) return true;
    if (open) return settle(session, 'unknown');
    try {
      const forgotten = session.record.sentAt === null && (await store.release(session.ownership));
      return forgotten || (await settle(session, 'did_not_happen'));
    } catch (error) {
      tellFailure('release', error);
      return isLeased(session);
    }
  };

  /** Records what will be sent, directly before it is. Rejects where the record is no longer ours. */
  const prepare = async (session: Session | null, resolved: unknown, open: boolean): Promise<void> => {
    if (session === null) return;
    let ours: boolean;
    try {
      ours = await store.prepare(session.ownership, resolved);
    } catch (error) {
      tellFailure('prepare', error);
      if (protocol.sendsWithoutStore) return;
      // Another owner that has taken the record over may send under this key.
      const isOurs = await release(session, open);
      throw refusal(error, open || !isOurs);
    }
    // Whoever owns the record now may send under this key.
    if (!ours) throw inProgress();
  };

  return { facts, begin, settle, isOthersRefund, release, prepare };
};

/** The record of one write, for what happens before it is sent and after it failed. */
export type RecordKeeper<Output> = ReturnType<typeof createRecordKeeper<Output>>;
