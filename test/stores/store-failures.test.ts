import { describe, expect, it, vi } from 'vitest';
import { AuthenticationError } from '../../src/errors.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createVirtualTime, settlePromises } from '../virtual-time.js';
import { callMs, key, lostAnswer, openShop, scope } from '../writes/a-write.js';

const away = () => Promise.reject(new Error('the store is away'));

/** A store whose methods can be replaced while it is in use. */
const openFailingShop = ({ sendsWithoutStore = false, keyLifetimeMs = null as number | null } = {}) => {
  const time = createVirtualTime();
  const inner = memoryStore({ runtime: time.runtime });
  const store = { ...inner } as { -readonly [Name in keyof OperationStore]: OperationStore[Name] };
  return { inner, store, shop: openShop({ time, store, sendsWithoutStore, keyLifetimeMs }) };
};

describe('a store that fails before sending', () => {
  it('keeps the write from being sent', async () => {
    const { store, shop } = openFailingShop();
    store.begin = away;
    const send = vi.fn();
    await expect(shop.write({ send })).rejects.toMatchObject({
      code: 'store_unavailable',
      outcome: 'not_sent',
    });
    expect(send).not.toHaveBeenCalled();
  });

  it('holds nobody up when it carries a begin out that was given up', async () => {
    const { inner, store, shop } = openFailingShop();
    store.begin = async (operation) => {
      await inner.begin(operation);
      return away();
    };
    await expect(shop.write()).rejects.toMatchObject({ code: 'store_unavailable' });
    await settlePromises();
    store.begin = inner.begin;
    await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
  });

  it('holds nobody up when it carries a claim out that was given up, and forgets nothing that was sent', async () => {
    const { inner, store, shop } = openFailingShop();
    await expect(shop.write({ send: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    const { result, openSend } = await shop.record();
    store.claim = async (operation) => {
      await inner.claim(operation);
      return away();
    };
    await expect(shop.write()).rejects.toMatchObject({ code: 'store_unavailable' });
    await settlePromises();
    expect(await shop.record()).toMatchObject({ state: 'unknown', attempt: 2, result, openSend });
  });

  it('leaves a write that goes out unrecorded to the record that it may have made', async () => {
    const { inner, store, shop } = openFailingShop({ sendsWithoutStore: true });
    store.begin = async (operation) => {
      await inner.begin(operation);
      return away();
    };
    await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
    await settlePromises();
    expect(await inner.get(scope, key)).not.toBeNull();
  });

  it('does not call it unsent when an earlier attempt may have moved money', async () => {
    const { store, shop } = openFailingShop({ keyLifetimeMs: 60 * 60_000 });
    await expect(shop.write({ send: () => Promise.reject(lostAnswer()) })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    const { claim, prepare } = store;
    store.claim = away;
    await expect(shop.write()).rejects.toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
    store.claim = claim;
    store.prepare = away;
    await expect(shop.write()).rejects.toMatchObject({ code: 'store_unavailable', outcome: 'unknown' });
    store.prepare = prepare;
    await expect(shop.write()).resolves.toEqual({ id: 'ch_1' });
  });

  it('does call it unsent when the earlier attempt came to nothing', async () => {
    const { store, shop } = openFailingShop();
    const refusal = new AuthenticationError({ message: 'wrong key', outcome: 'rejected' });
    await expect(shop.write({ send: () => Promise.reject(refusal) })).rejects.toBe(refusal);
    store.claim = away;
    await expect(shop.write()).rejects.toMatchObject({ code: 'store_unavailable', outcome: 'not_sent' });
  });

  it.each([
    ['does call it unsent when the owner before stopped ahead of sending', 'prepare', 'not_sent'],
    ['does not when the owner before was about to send', 'send', 'unknown'],
  ] as const)('%s', async (_, stops, outcome) => {
    const { store, shop } = openFailingShop();
    const never = () => new Promise<never>(() => undefined);
    void shop.write({ [stops]: never });
    await settlePromises();
    // Its lease is over: the next process may take the record.
    await shop.time.advance(callMs + 60 * 60_000);
    store.claim = away;
    await expect(shop.write()).rejects.toMatchObject({ code: 'store_unavailable', outcome });
  });

  it('is not sure that nothing was sent where its lease has run out before the store let it go', async () => {
    const { store, shop } = openFailingShop();
    const refused = new AuthenticationError({ message: 'wrong key', outcome: 'not_sent' });
    const late = (outcome: 'prepare' | 'send') => ({
      [outcome]: async () => {
        await shop.time.runtime.sleep(callMs + 60 * 60_000);
        store.release = away;
        store.settle = away;
        throw refused;
      },
    });
    for (const step of ['prepare', 'send'] as const) {
      const { settle, release } = store;
      const write = shop.write(late(step));
      write.catch(() => undefined);
      await settlePromises();
      await shop.time.advance(callMs + 60 * 60_000);
      await expect(write).rejects.toMatchObject({ outcome: 'unknown' });
      store.settle = settle;
      store.release = release;
    }
  });
});
