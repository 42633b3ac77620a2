import { ok, strictEqual } from 'node:assert/strict';
import type {
  NewOperation,
  OperationRecord,
  OperationStore,
  Ownership,
  StoredOperation,
} from '../../models/operation-store.js';
import { systemRuntime } from '../../runtime.js';

/** What `testOperationStore` takes besides the caller's `test`. */
export interface StoreSuiteOptions {
  /** Opens the store. Durable ones are opened twice in a test and have to show the same records, like two processes. */
  createStore(): OperationStore | Promise<OperationStore>;
  /** Lets the store's clock move on, where it is not the real one. Default: waits for as long. */
  advance?: ((milliseconds: number) => Promise<void>) | undefined;
  /** The first length of a lease that has to run out, in milliseconds. It grows where a server is slow. Default 50. */
  readonly leaseMs?: number | undefined;
}

/** One rule of the interface: its name says what holds. */
export type StoreRules = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

/** A record together with the words to speak as its owner. */
export interface Owned {
  readonly record: OperationRecord;
  readonly owner: Ownership;
}

/** A fresh scope of a store, with short words for what the rules say often. */
export interface Bench {
  readonly store: OperationStore;
  readonly scope: string;
  /** A second store over the same records; the same store where records end with the process. */
  readonly otherProcess: OperationStore;
  /** An operation of this scope: a fresh owner, and a lease that outlives the test, unless told. */
  operation(changes?: Partial<NewOperation>): NewOperation;
  /** Begins, and insists that the record was made. */
  make(changes?: Partial<NewOperation>): Promise<Owned>;
  /** A record whose owner prepared and then fell silent until its lease was over. */
  makeAbandoned(changes?: Partial<NewOperation>): Promise<Owned>;
  claim(record: Pick<OperationRecord, 'scope' | 'key' | 'attempt'>): Promise<StoredOperation | null>;
  /** Claims, and insists that it was granted. */
  take(record: Pick<OperationRecord, 'scope' | 'key' | 'attempt'>): Promise<Owned>;
  /** Claims, prepares and falls silent until the new lease is over. */
  takeAndAbandon(record: Pick<OperationRecord, 'scope' | 'key' | 'attempt'>): Promise<Owned>;
  /** The record as it is now. */
  read(key?: string): Promise<OperationRecord>;
  outliveLease(key?: string): Promise<void>;
  /** Lets a few milliseconds pass. */
  pause(): Promise<void>;
  unresolved(): Promise<OperationRecord[]>;
}

const liveLeaseMs = 600_000;
const longestShortLeaseMs = 10_000;

export const ownershipOf = ({ scope, key, owner, attempt }: OperationRecord): Ownership => ({
  scope,
  key,
  owner,
  attempt,
});

const owned = (record: OperationRecord): Owned => ({ record, owner: ownershipOf(record) });

export const openBench = async (options: StoreSuiteOptions): Promise<Bench> => {
  const store = await options.createStore();
  const otherProcess = store.durable ? await options.createStore() : store;
  const scope = `suite/acme/test/${systemRuntime.uuid()}`;
  const advance = options.advance ?? ((milliseconds: number) => systemRuntime.sleep(milliseconds));

  const operation: Bench['operation'] = (changes = {}) => ({
    scope,
    key: 'order-1',
    operation: 'create',
    target: null,
    fingerprint: {
      version: 1,
      hash: 'b5bb9d8014a0f9b1',
      operation: changes.operation ?? 'create',
      target: changes.target ?? null,
      amount: 4590,
      currency: 'EUR',
    },
    owner: systemRuntime.uuid(),
    leaseMs: liveLeaseMs,
    refundLock: null,
    ...changes,
  });

  const make: Bench['make'] = async (changes) => {
    const answer = await store.begin(operation(changes));
    strictEqual(answer.status, 'made');
    return owned(answer.record);
  };

  const claimFor = (
    { scope, key, attempt }: Pick<OperationRecord, 'scope' | 'key' | 'attempt'>,
    leaseMs: number,
  ) => store.claim({ scope, key, attempt, owner: systemRuntime.uuid(), leaseMs });

  const take = async (
    record: Pick<OperationRecord, 'scope' | 'key' | 'attempt'>,
    leaseMs = liveLeaseMs,
  ): Promise<Owned> => {
    const claimed = await claimFor(record, leaseMs);
    ok(claimed, 'the claim was refused');
    return owned(claimed.record);
  };

  const read: Bench['read'] = async (key = 'order-1') => {
    const stored = await store.get(scope, key);
    ok(stored, `there is no record of ${key}`);
    return stored.record;
  };

  const outliveLease: Bench['outliveLease'] = async (key = 'order-1') => {
    for (;;) {
      const stored = await store.get(scope, key);
      ok(stored, `there is no record of ${key}`);
      const left = stored.record.leaseUntil - stored.now;
      if (left < 0) return;
      await advance(left + 1);
    }
  };

  /** A short lease, which grows until the server is quick enough to prepare within it. */
  const abandon = async (own: (leaseMs: number) => Promise<Owned>): Promise<Owned> => {
    let leaseMs = options.leaseMs ?? 50;
    let { owner } = await own(leaseMs);
    while (!(await store.prepare(owner, { read: 'before' }))) {
      leaseMs *= 2;
      ok(leaseMs < longestShortLeaseMs, 'prepare was refused within a live lease');
      await outliveLease(owner.key);
      owner = (await take(owner, leaseMs)).owner;
    }
    const record = await read(owner.key);
    await outliveLease(owner.key);
    return { record, owner };
  };

  return {
    store,
    otherProcess,
    scope,
    operation,
    make,
    makeAbandoned: (changes) => abandon((leaseMs) => make({ ...changes, leaseMs })),
    claim: (record) => claimFor(record, liveLeaseMs),
    take: (record) => take(record),
    takeAndAbandon: (record) => abandon((leaseMs) => take(record, leaseMs)),
    read,
    outliveLease,
    pause: () => advance(3),
    unresolved: async () => {
      const records: OperationRecord[] = [];
      for await (const record of store.listUnresolved(scope)) records.push(record);
      return records;
    },
  };
};
