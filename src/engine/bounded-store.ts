import type { OperationStore } from '../models/operation-store.js';
import type { Runtime } from '../runtime.js';

/** A store that does not answer must not hold a payment for minutes. */
const storeTimeoutMs = 5_000;

class StoreTimeout extends Error {
  override readonly name = 'StoreTimeout';
}

/** The same store, with a limit on the time of every call. */
export const boundedStore = (store: OperationStore, runtime: Runtime): OperationStore => {
  if (!store.durable) return store;
  const bounded =
    <Arguments extends readonly unknown[], Result>(call: (...values: Arguments) => Promise<Result>) =>
    (...values: Arguments): Promise<Result> =>
      new Promise<Result>((resolve, reject) => {
        const cancel = runtime.timer(storeTimeoutMs, () => {
          reject(new StoreTimeout(`no answer within ${storeTimeoutMs} ms`));
        });
        call(...values)
          .then(resolve, reject)
          .finally(cancel);
      });
  return {
    durable: store.durable,
    begin: bounded((operation) => store.begin(operation)),
    claim: bounded((operation) => store.claim(operation)),
    prepare: bounded((owner, resolved) => store.prepare(owner, resolved)),
    settle: bounded((owner, end) => store.settle(owner, end)),
    release: bounded((owner) => store.release(owner)),
    get: bounded((scope, key) => store.get(scope, key)),
    claimedRefunds: bounded((scope, ids, key) => store.claimedRefunds(scope, ids, key)),
    listUnresolved: (scope) => store.listUnresolved(scope),
  };
};
