import { ConnectionError } from '../errors.js';
import { lacksTables, storeFailureReason } from './failure.js';
import { assertReadable, isUnreadableRecord } from './stored-record.js';
import type { OperationRecord, OperationStore, StoredOperation } from '../models/operation-store.js';
import type { Secret } from '../models/secret.js';
import type { Runtime } from '../runtime.js';

/** A store that does not answer must not hold a payment for minutes. */
const storeTimeoutMs = 5_000;

class StoreTimeout extends Error {
  override readonly name = 'StoreTimeout';
}

/** What a store lists, every step through `ask`. A caller who stops early stops the store, too, and waits for nothing. */
async function* eachThrough(
  listed: AsyncIterable<OperationRecord>,
  ask: <Result>(step: Promise<Result>) => Promise<Result>,
): AsyncGenerator<OperationRecord, void, undefined> {
  const records = listed[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await ask(records.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    records.return?.().catch(() => undefined);
  }
}

const readable = (stored: StoredOperation | null): StoredOperation | null => {
  if (stored !== null) assertReadable(stored.record);
  return stored;
};

/** The same store for a caller who reads: its failures are typed errors. */
export const typedStore = (
  store: OperationStore,
  provider: string,
  secrets: readonly Secret[],
  operation = 'reconcile',
): OperationStore => {
  const typed = async <Result>(call: Promise<Result>): Promise<Result> => {
    try {
      return await call;
    } catch (error) {
      const reason = storeFailureReason(error, secrets);
      throw new ConnectionError({
        code: isUnreadableRecord(error) ? 'record_unreadable' : 'store_unavailable',
        message: `the operation store failed (${reason})`,
        provider,
        operation,
        outcome: 'not_sent',
        isRetryable: !lacksTables(error),
      });
    }
  };
  return {
    durable: store.durable,
    begin: (operation) => typed(store.begin(operation)),
    claim: (operation) => typed(store.claim(operation).then(readable)),
    prepare: (owner, resolved) => typed(store.prepare(owner, resolved)),
    settle: (owner, end) => typed(store.settle(owner, end)),
    release: (owner) => typed(store.release(owner)),
    get: (scope, key) => typed(store.get(scope, key).then(readable)),
    claimedRefunds: (scope, ids, key) => typed(store.claimedRefunds(scope, ids, key)),
    listUnresolved: (scope) => eachThrough(store.listUnresolved(scope), typed),
  };
};

/** The same store, with a limit on the time of every call. */
export const boundedStore = (store: OperationStore, runtime: Runtime): OperationStore => {
  if (!store.durable) return store;
  const withinLimit = <Result>(answer: Promise<Result>): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      const cancel = runtime.timer(storeTimeoutMs, () => {
        reject(new StoreTimeout(`no answer within ${storeTimeoutMs} ms`));
      });
      answer.then(resolve, reject).finally(cancel);
    });
  const bounded =
    <Arguments extends readonly unknown[], Result>(call: (...values: Arguments) => Promise<Result>) =>
    async (...values: Arguments): Promise<Result> =>
      withinLimit(call(...values));
  return {
    durable: store.durable,
    begin: bounded((operation) => store.begin(operation)),
    claim: bounded((operation) => store.claim(operation)),
    prepare: bounded((owner, resolved) => store.prepare(owner, resolved)),
    settle: bounded((owner, end) => store.settle(owner, end)),
    release: bounded((owner) => store.release(owner)),
    get: bounded((scope, key) => store.get(scope, key)),
    claimedRefunds: bounded((scope, ids, key) => store.claimedRefunds(scope, ids, key)),
    listUnresolved: (scope) => eachThrough(store.listUnresolved(scope), withinLimit),
  };
};
