import type { OperationStore, Ownership } from '../../src/models/operation-store.js';

/** Where a worker stops for good, until it is killed. */
export type Halt = 'begun' | 'prepared' | 'answered' | 'recorded';

/** Every step of a write at which its process may die, by what has happened before. */
export const halts: readonly Halt[] = ['begun', 'prepared', 'answered', 'recorded'];

const never = (): Promise<never> => new Promise(() => undefined);

/**
 * The same store, for a worker that dies: its leases are short, and a key stands still for ever at the step that its name
 * begins with.
 */
export const haltingStore = (
  store: OperationStore,
  haltOf: (key: string) => Halt | null,
  halted: (key: string) => void,
): OperationStore => {
  const leaseMs = 2_000;
  const pass = async <Result>(
    step: Halt,
    { key }: Pick<Ownership, 'key'>,
    result: Result,
  ): Promise<Result> => {
    if (haltOf(key) !== step) return result;
    halted(key);
    return never();
  };
  return {
    ...store,
    begin: async ({ resolved, ...operation }) => {
      // Whoever is to halt after `prepare` has to come by there.
      const atOnce = haltOf(operation.key) === 'prepared' || resolved === undefined ? {} : { resolved };
      return pass('begun', operation, await store.begin({ ...operation, ...atOnce, leaseMs }));
    },
    claim: (operation) => store.claim({ ...operation, leaseMs }),
    prepare: async (owner, resolved) => pass('prepared', owner, await store.prepare(owner, resolved)),
    settle: async (owner, end) => {
      await pass('answered', owner, null);
      return pass('recorded', owner, await store.settle(owner, end));
    },
  };
};
