import { describe, expect, it, vi } from 'vitest';
import { boundedStore, typedStore } from '../../src/stores/bounded.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { anOperation } from './an-operation.js';
import { createVirtualTime } from '../virtual-time.js';

const scope = 'default/acme/test/-';
const never = () => new Promise<never>(() => undefined);

/** A durable store as far as the bounds are concerned, with parts of its own. */
const durableStore = (changes: Partial<OperationStore> = {}): OperationStore => ({
  ...memoryStore(),
  durable: true,
  ...changes,
});

const keysOf = async (store: OperationStore): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of store.listUnresolved(scope)) keys.push(key);
  return keys;
};

describe('boundedStore', () => {
  it('gives a store five seconds for an answer', async () => {
    const time = createVirtualTime();
    const asked = boundedStore(durableStore({ get: never }), time.runtime).get(scope, 'order-1');
    const failed = vi.fn();
    asked.catch(failed);
    await time.advance(4_999);
    expect(failed).not.toHaveBeenCalled();
    await time.advance(1);
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ name: 'StoreTimeout' }));
  });

  it('gives it five seconds for every step of a list', async () => {
    const time = createVirtualTime();
    const store = durableStore({
      async *listUnresolved() {
        yield await never();
      },
    });
    const failed = vi.fn();
    keysOf(boundedStore(store, time.runtime)).catch(failed);
    await time.advance(5_000);
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ name: 'StoreTimeout' }));
  });

  it('lists what the store lists, however long the caller takes', async () => {
    const time = createVirtualTime();
    const store = durableStore();
    for (const key of ['order-1', 'order-2']) await store.begin(anOperation({ scope, key }));
    const keys: string[] = [];
    for await (const { key } of boundedStore(store, time.runtime).listUnresolved(scope)) {
      keys.push(key);
      await time.advance(60_000);
    }
    expect(keys).toEqual(['order-1', 'order-2']);
  });

  it('tells the store when the caller has seen enough', async () => {
    const ended = vi.fn();
    const inner = durableStore();
    for (const key of ['order-1', 'order-2']) await inner.begin(anOperation({ scope, key }));
    const store = durableStore({
      async *listUnresolved() {
        try {
          yield* inner.listUnresolved(scope);
        } finally {
          ended();
        }
      },
    });
    const listed = typedStore(boundedStore(store, createVirtualTime().runtime), 'acme', []).listUnresolved(
      scope,
    );
    for await (const { key } of listed) {
      expect(key).toBe('order-1');
      break;
    }
    await expect.poll(() => ended.mock.calls.length).toBe(1);
  });
});
