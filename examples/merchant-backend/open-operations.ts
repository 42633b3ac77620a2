import type { OperationRecord, OperationStore } from 'unicharge';

/** A write whose end is not recorded, in the words of the office. */
export interface OpenOperation {
  /** The order that it is about, where its key is one of the shop's. */
  readonly orderId: string | null;
  readonly operation: string;
  /** In minor units; null where the write names none. */
  readonly amount: number | null;
  /** Of a refund or capture, whose record names none, that of the shop. */
  readonly currency: string;
  readonly key: string;
  readonly scope: string;
  readonly startedAt: Date;
  readonly state: 'under way' | 'unknown' | 'abandoned';
  /** What to do about it. */
  readonly advice: string;
}

const byItself = 'The shop asks again by itself, with the same key.';

const adviceOf = ({ operation }: OperationRecord, state: OpenOperation['state']): string => {
  if (state === 'under way') return 'Wait: it is being done at this moment.';
  switch (operation) {
    case 'create':
      return `${byItself} Do not ask for another payment of this order. If it is still here tomorrow, look for the order at the provider.`;
    case 'refund':
      return `${byItself} Do not refund by another way until it has ended.`;
    default:
      return 'Open the order and press the same button again: it has the same key, so it is done once.';
  }
};

/** Everything in the library's record that waits, the oldest first; null where the store cannot list it. */
export const openOperations = async (
  store: OperationStore,
  shopCurrency: string,
): Promise<OpenOperation[] | null> => {
  if (store.listScopes === undefined) return null;
  const open: OpenOperation[] = [];
  for (const scope of await store.listScopes()) {
    for await (const record of store.listUnresolved(scope)) {
      const now = (await store.get(scope, record.key))?.now ?? record.startedAt;
      const isUnderWay = record.state === 'started' && record.leaseUntil > now;
      const state = record.state === 'unknown' ? 'unknown' : isUnderWay ? 'under way' : 'abandoned';
      open.push({
        orderId: /^([0-9a-f-]{36})\/\d+(?:\/|$)/.exec(record.key)?.[1] ?? null,
        operation: record.operation,
        amount: record.fingerprint.amount,
        currency: record.fingerprint.currency ?? shopCurrency,
        key: record.key,
        scope,
        startedAt: new Date(record.startedAt),
        state,
        advice: adviceOf(record, state),
      });
    }
  }
  return open.sort((left, right) => left.startedAt.getTime() - right.startedAt.getTime());
};
