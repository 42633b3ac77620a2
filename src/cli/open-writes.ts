import type { OperationRecord, OperationStore } from '../models/operation-store.js';
import { minorUnitsToDecimal } from '../models/money.js';
import { systemRuntime } from '../runtime.js';
import type { ConfiguredClient } from './stores.js';

/** One write whose end is not recorded, with the store's time when it was read. */
export interface OpenWrite {
  readonly record: OperationRecord;
  readonly now: number;
}

/** The scopes of a store that may hold open writes: those it lists, and those that clients of it write to. */
export const scopesOf = async (
  store: OperationStore,
  clients: readonly ConfiguredClient[],
): Promise<readonly string[]> => {
  const listed = (await store.listScopes?.()) ?? [];
  const own = clients
    .filter(({ inspection }) => inspection.store === store)
    .map(({ inspection }) => inspection.scope);
  return [...new Set([...listed, ...own])].sort();
};

/** Every open write of a scope, oldest first. */
export async function* openWrites(
  store: OperationStore,
  scope: string,
): AsyncGenerator<OpenWrite, void, undefined> {
  // How far the store's clock is ahead of ours: one question for a whole scope.
  let ahead: number | null = null;
  for await (const record of store.listUnresolved(scope)) {
    ahead ??= ((await store.get(scope, record.key))?.now ?? systemRuntime.now()) - systemRuntime.now();
    yield { record, now: systemRuntime.now() + ahead };
  }
}

/** How many writes are open in these scopes. */
export const countOpen = async (store: OperationStore, scopes: readonly string[]): Promise<number> => {
  let count = 0;
  for (const scope of scopes) {
    for await (const record of store.listUnresolved(scope)) if (record.scope === scope) count += 1;
  }
  return count;
};

/** An amount for people: `100.00 THB`, and in minor units where the currency is not known. */
export const amountText = ({ amount, currency }: OperationRecord['fingerprint']): string => {
  if (amount === null || currency === null) return '-';
  try {
    return `${minorUnitsToDecimal(amount, currency)} ${currency}`;
  } catch {
    return `${amount} ${currency}`;
  }
};

/** What is under way with an open write, in a few words. */
export const standing = ({ record, now }: OpenWrite): string => {
  if (record.state === 'unknown') return 'unknown';
  if (record.leaseUntil > now) return 'under way';
  return record.sentAt === null ? 'abandoned before sending' : 'abandoned';
};
