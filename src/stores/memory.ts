import type {
  NewOperation,
  OperationRecord,
  OperationResult,
  OperationStore,
  Ownership,
  StoredOperation,
} from '../models/operation-store.js';
import { oldestFirst } from '../models/objects.js';
import { checkOptions, refuseOptions } from '../options.js';
import { resultText } from './result-text.js';
import { systemRuntime, type Runtime } from '../runtime.js';

/** Finished records answer repeats for this long. */
export const finishedLifetimeMs = 30 * 24 * 60 * 60 * 1000;

/** What `memoryStore` takes; nothing is required. */
export interface MemoryStoreOptions {
  /** How many records are kept at most. Default 100 000. */
  readonly maxRecords?: number;
  /** The clock of leases and times; a test may bring its own. Default: that of the system. */
  readonly runtime?: Pick<Runtime, 'now'> & Partial<Pick<Runtime, 'monotonic'>>;
}

/** A record as it is kept: what a lookup rarely reads is text, which takes a fraction of the memory. */
type KeptRecord = Omit<OperationRecord, 'resolved' | 'result'> & {
  readonly resolved: string | null;
  readonly result: string | null;
};

/** Of what has no form in JSON `JSON.stringify` gives no text, whatever its type says. */
const orNull = (text: string | undefined): string | null => text ?? null;

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

// Copies in both directions: nobody outside may change a record, and JSON is what a durable store would give back.
const copy = (record: KeptRecord): OperationRecord =>
  Object.assign(
    { ...record },
    {
      fingerprint: { ...record.fingerprint },
      openSend: record.openSend === null ? null : { ...record.openSend },
      resolved: parsed(record.resolved),
      // The text is that of the result that was settled.
      result: parsed(record.result) as OperationResult | null,
    },
  );

/** The record with a change. (Node 20 takes microseconds for every field that stands behind a spread.) */
const changed = (record: KeptRecord, change: Partial<KeptRecord>): KeptRecord =>
  Object.assign({ ...record }, change);

const isUnresolved = ({ state }: KeptRecord): boolean => state === 'started' || state === 'unknown';

/**
 * Records in this process: the default, one per client. It never evicts an unresolved record; when it is full of them it
 * refuses new writes. What it knows ends with the process: for more than one process, or across restarts, use a durable
 * store.
 *
 * @throws ConfigurationError when an option is unknown or is no number of records.
 */
export const memoryStore = (options: MemoryStoreOptions = {}): OperationStore => {
  checkOptions('memoryStore', options, ['maxRecords', 'runtime']);
  const { maxRecords = 100_000, runtime = systemRuntime } = options;
  if (!(Number.isSafeInteger(maxRecords) && maxRecords > 0))
    refuseOptions('memoryStore', 'maxRecords must be a whole number above 0');
  // A wall clock that jumps would end the lease of a write that is under way: time passes by the monotonic clock.
  const startedAt = runtime.now() - (runtime.monotonic?.() ?? 0);
  const timeNow = (): number =>
    runtime.monotonic === undefined ? runtime.now() : startedAt + runtime.monotonic();
  /** In order of their beginning. */
  const records = new Map<string, KeptRecord>();
  /** In order of their end. */
  const finishedAt = new Map<string, number>();
  const nextFinished = oldestFirst(finishedAt);
  const locks = new Map<string, string>();
  const refundOwners = new Map<string, string>();

  const idOf = (scope: string, key: string) => `${scope} ${key}`;
  const lockOf = (record: Pick<OperationRecord, 'scope' | 'refundLock'>) =>
    record.refundLock === null ? null : idOf(record.scope, record.refundLock);
  const stored = (record: KeptRecord): StoredOperation => ({ record: copy(record), now: timeNow() });
  const put = (record: KeptRecord) => {
    records.set(idOf(record.scope, record.key), record);
  };
  const remove = (record: KeptRecord) => {
    const id = idOf(record.scope, record.key);
    records.delete(id);
    finishedAt.delete(id);
    unlock(record);
  };
  const unlock = (record: KeptRecord) => {
    const lock = lockOf(record);
    if (lock !== null && locks.get(lock) === record.key) locks.delete(lock);
  };
  /** Takes the refund lock of the record's charge; false if another unresolved refund holds it. */
  const lock = (record: Pick<OperationRecord, 'scope' | 'key' | 'refundLock'>): boolean => {
    const name = lockOf(record);
    if (name === null) return true;
    const holder = locks.get(name);
    if (holder !== undefined && holder !== record.key) return false;
    locks.set(name, record.key);
    return true;
  };
  const owned = ({ scope, key, owner, attempt }: Ownership): KeptRecord | null => {
    const record = records.get(idOf(scope, key));
    return record?.state === 'started' && record.owner === owner && record.attempt === attempt
      ? record
      : null;
  };
  const expire = (record: KeptRecord): boolean => {
    const end = finishedAt.get(idOf(record.scope, record.key));
    if (end === undefined || end + finishedLifetimeMs > timeNow()) return false;
    remove(record);
    return true;
  };
  const makeRoom = () => {
    if (records.size < maxRecords) return;
    const oldest = nextFinished();
    const record = oldest === undefined ? undefined : records.get(oldest);
    if (record !== undefined) {
      remove(record);
      return;
    }
    throw new Error(
      'the memory store is full of unresolved operations: reconcile them, or use a durable store',
    );
  };

  return {
    durable: false,
    begin(operation: NewOperation) {
      return settled(() => {
        const existing = records.get(idOf(operation.scope, operation.key));
        if (existing !== undefined && !expire(existing))
          return { status: 'exists' as const, ...stored(existing) };
        const now = timeNow();
        const holder =
          operation.refundLock === null ? undefined : locks.get(idOf(operation.scope, operation.refundLock));
        if (holder !== undefined) return { status: 'locked' as const, by: holder, now };
        makeRoom();
        const { scope, key, target, owner, leaseMs, refundLock, resolved } = operation;
        const isPrepared = resolved !== undefined;
        const record: KeptRecord = {
          scope,
          key,
          operation: operation.operation,
          target,
          fingerprint: { ...operation.fingerprint },
          owner,
          refundLock,
          state: 'started',
          attempt: 1,
          startedAt: now,
          leaseUntil: now + leaseMs,
          sentAt: isPrepared ? now : null,
          prepared: isPrepared,
          openSend: null,
          resolved: isPrepared ? JSON.stringify(resolved) : null,
          result: null,
        };
        lock(record);
        put(record);
        return { status: 'made' as const, ...stored(record) };
      });
    },
    claim({ scope, key, attempt, owner, leaseMs }) {
      return settled(() => {
        const record = records.get(idOf(scope, key));
        const now = timeNow();
        if (record?.attempt !== attempt) return null;
        if (record.state === 'succeeded' || record.state === 'rejected') return null;
        if (record.state === 'started' && record.leaseUntil > now) return null;
        if (!lock(record)) return null;
        const abandoned = record.state === 'started' && record.prepared;
        const claimed = changed(record, {
          state: 'started',
          attempt: attempt + 1,
          owner,
          leaseUntil: now + leaseMs,
          prepared: false,
          openSend: abandoned ? { until: record.leaseUntil, reported: false } : record.openSend,
        });
        finishedAt.delete(idOf(scope, key));
        put(claimed);
        return stored(claimed);
      });
    },
    prepare(owner, resolved) {
      return settled(() => {
        const record = owned(owner);
        const now = timeNow();
        if (record === null || record.leaseUntil <= now) return false;
        const text = orNull(JSON.stringify(resolved));
        put(changed(record, { resolved: text, sentAt: record.sentAt ?? now, prepared: true }));
        return true;
      });
    },
    settle(owner, { state, result, sent = false, claimedRefund = null }) {
      return settled(() => {
        const record = owned(owner);
        if (record === null) return false;
        if (claimedRefund !== null) {
          const refund = idOf(owner.scope, claimedRefund);
          if ((refundOwners.get(refund) ?? owner.key) !== owner.key) return false;
          refundOwners.set(refund, owner.key);
        }
        const now = timeNow();
        const text = result === null ? null : resultText(result);
        if (state === 'unknown') {
          const openSend = sent ? { until: now, reported: true } : record.openSend;
          put(changed(record, { state, result: text, prepared: false, openSend }));
          return true;
        }
        unlock(record);
        put(changed(record, { state, result: text, prepared: false, openSend: null }));
        finishedAt.set(idOf(owner.scope, owner.key), now);
        return true;
      });
    },
    release(owner) {
      return settled(() => {
        const record = owned(owner);
        if (record === null || record.sentAt !== null) return false;
        remove(record);
        return true;
      });
    },
    get(scope, key) {
      return settled(() => {
        const record = records.get(idOf(scope, key));
        return record === undefined || expire(record) ? null : stored(record);
      });
    },
    claimedRefunds(scope, refundIds, exceptKey) {
      return settled(() =>
        refundIds.filter((id) => {
          const key = refundOwners.get(idOf(scope, id));
          return key !== undefined && key !== exceptKey;
        }),
      );
    },
    async *listUnresolved(scope) {
      // A snapshot: records are settled while the caller iterates.
      for (const record of [...records.values()]) {
        if (record.scope === scope && isUnresolved(record)) yield await Promise.resolve(copy(record));
      }
    },
    listScopes() {
      return settled(() => {
        const open = [...records.values()].filter(isUnresolved);
        return [...new Set(open.map(({ scope }) => scope))].sort();
      });
    },
  };
};

/** Runs at once, so that every method is atomic, and gives the result or the error as a promise. */
const settled = <Result>(run: () => Result): Promise<Result> =>
  new Promise((resolve) => {
    resolve(run());
  });
