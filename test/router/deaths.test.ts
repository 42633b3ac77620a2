import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/errors.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import type { Reconciliation } from '../../src/models/reconciliation.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createRouter, type Route } from '../../src/router/index.js';
import { routerFingerprint } from '../../src/router/params.js';
import { clockedStore, makeBench, order, saying } from './bench.js';

const key = { idempotencyKey: 'order-77' };
const write = { idempotencyKey: 'order-77', operation: 'create', target: null };

/** A router process that has begun with the key; it may have recorded a position, and dies there. */
const dieAfterBegin = async (store: OperationStore, position: object | null): Promise<void> => {
  const begun = await store.begin({
    scope: 'default/router/keys',
    key: key.idempotencyKey,
    operation: 'create',
    target: null,
    fingerprint: routerFingerprint(order),
    owner: 'dead',
    leaseMs: 1000,
    refundLock: null,
  });
  if (begun.status === 'locked') throw new Error('nothing is locked here');
  const { scope, attempt } = begun.record;
  if (position !== null)
    await store.prepare({ scope, key: key.idempotencyKey, owner: 'dead', attempt }, position);
};

const atRoute = (position: number) => ({
  version: 1,
  steps: ['first', 'second', 'third'].map((route) => ({ route, weight: null, health: 'well' })),
  position,
  ended: [],
});

describe('a process that dies', () => {
  it('before it recorded a position leaves a key that begins anew, once its lease is over', async () => {
    const { store, pass } = clockedStore();
    const { router, ledger } = makeBench({ store });
    await dieAfterBegin(store, null);
    await expect(router.create(order, key)).rejects.toMatchObject({ code: 'operation_in_progress' });
    pass(1001);
    expect(await router.create(order, key)).toMatchObject({ route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('and whose position the store lost is looked for at every route', async () => {
    const { store, pass } = clockedStore();
    const { router, second, ledger } = makeBench({ store });
    await dieAfterBegin(store, null);
    await second.create({ amount: 4590, currency: 'EUR', source: 'approved' }, key);
    pass(1001);
    expect(await router.create(order, key)).toMatchObject({ route: 'second', status: 'captured' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('and whose position the store lost leaves the key to a route with a record that no lookup can settle', async () => {
    const { store, pass } = clockedStore();
    const { routes, another, second, ledger } = makeBench({ store });
    await dieAfterBegin(store, null);
    pass(1001);
    const forGood: Reconciliation = { ...write, outcome: 'unknown', retryAfterMs: null, candidates: [] };
    const client = saying(second, forGood);
    const router = another({
      routes: routes.map((route) => (route.name === 'second' ? { ...route, client } : route)),
    });
    expect(await router.reconcile('order-77')).toEqual(forGood);
    expect((await store.get('default/router/keys', 'order-77'))?.record.state).toBe('unknown');
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('and whose position the store lost names what every route found, and when the last may know more', async () => {
    const { store, pass } = clockedStore();
    const { routes, another } = makeBench({ store });
    await dieAfterBegin(store, null);
    pass(1001);
    const open = (candidate: string, retryAfterMs: number | null): Reconciliation => ({
      ...write,
      outcome: 'unknown',
      retryAfterMs,
      candidates: [candidate],
    });
    const words = [open('ch_1', 30_000), open('ch_2', 60_000), open('ch_3', null)] as const;
    const router = another({
      routes: routes.map((route, index) => ({ ...route, client: saying(route.client, words[index]!) })),
    });
    expect(await router.reconcile('order-77')).toEqual({
      ...write,
      outcome: 'unknown',
      retryAfterMs: 60_000,
      candidates: ['first:ch_1', 'second:ch_2', 'third:ch_3'],
    });
  });

  it('at a route of which nobody heard leaves the decision to that route', async () => {
    const { store, pass } = clockedStore();
    const { router, ledger } = makeBench({ store });
    await dieAfterBegin(store, atRoute(1));
    pass(1001);
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('after its charge was made leaves it to the next, which finds it', async () => {
    const { store, pass } = clockedStore();
    const { router, second, ledger } = makeBench({ store });
    await dieAfterBegin(store, atRoute(1));
    await second.create({ amount: 4590, currency: 'EUR', source: 'approved' }, key);
    pass(1001);
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('leaves a route only when it may be believed that nothing is there', async () => {
    const { store, pass } = clockedStore();
    const { another, first, routes, ledger } = makeBench({ store });
    let word: 'unknown' | 'did_not_happen' = 'unknown';
    const outOfReach = {
      ...first,
      create: () => Promise.reject(new ConnectionError({ message: 'refused', outcome: 'not_sent' })),
      reconcile: () =>
        Promise.resolve({
          idempotencyKey: key.idempotencyKey,
          operation: 'create',
          target: null,
          ...(word === 'unknown'
            ? { outcome: word, retryAfterMs: 1, candidates: [] }
            : { outcome: word, charge: null }),
        }),
    };
    const router = another({
      routes: [{ name: 'first', client: outOfReach }, ...routes.slice(1)] as Route[],
    });
    await dieAfterBegin(store, atRoute(0));
    pass(1001);
    // Its client does not know.
    await expect(router.create(order, key)).rejects.toMatchObject({ outcome: 'unknown' });
    // Its client says that nothing is there, but the dead process may be frozen.
    word = 'did_not_happen';
    await expect(router.create(order, key)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(ledger()['second']).toBe(0);
    pass(15 * 60_000);
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });
});

describe('without a durable store', () => {
  it('a key of the caller is looked for at every route after a restart', async () => {
    const { first, fail, routes, ledger } = makeBench();
    const before = createRouter({ store: memoryStore(), routes });
    fail(first, 'refuse');
    expect(await before.create(order, key)).toMatchObject({ route: 'second' });
    const after = createRouter({ store: memoryStore(), routes });
    expect(await after.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });
});

describe('a store that fails', () => {
  it('keeps the payment from being sent, and tells it', async () => {
    const { store } = clockedStore();
    const down: OperationStore = { ...store, begin: () => Promise.reject(new Error('down')) };
    const { router, first } = makeBench({ store: down });
    await expect(router.create(order, key)).rejects.toMatchObject({
      code: 'store_unavailable',
      outcome: 'not_sent',
      provider: 'router',
      idempotencyKey: 'order-77',
    });
    expect(first.control.requests()).toEqual([]);
  });

  it('between two routes keeps the payment at the first', async () => {
    const { store } = clockedStore();
    let prepared = 0;
    const failing: OperationStore = {
      ...store,
      prepare: (owner, resolved) => {
        if (owner.scope.endsWith('/keys') && (prepared += 1) === 2) return Promise.reject(new Error('down'));
        return store.prepare(owner, resolved);
      },
    };
    const { router, first, fail, ledger } = makeBench({ store: failing });
    fail(first, 'refuse');
    await expect(router.create(order, key)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(ledger()).toEqual({ first: 0, second: 0, third: 0 });
    expect(await router.create(order, key)).toMatchObject({ route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });
});

describe('a decline that might still be taken elsewhere', () => {
  it('is told as unknown where its end could not be recorded, because a repeat goes on', async () => {
    const { store } = clockedStore();
    let isDown = true;
    const failing: OperationStore = {
      ...store,
      settle: (owner, end) =>
        isDown && owner.scope.endsWith('/keys')
          ? Promise.reject(new Error('down'))
          : store.settle(owner, end),
    };
    const { another, first, routes, events } = makeBench({ store: failing });
    const silent = { ...first, reconcile: () => Promise.reject(new Error('out of reach')) };
    const router = another({
      cascade: { declines: ['generic_decline'] },
      routes: [{ name: 'first', client: silent }, ...routes.slice(1)],
    });
    const declined = { ...order, sources: { ...order.sources, first: 'declined' } };
    await expect(router.create(declined, key)).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'unknown',
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'store', action: 'settle' }));
    isDown = false;
    await expect(
      router.create({ ...declined, metadata: { other: '1' } }, { idempotencyKey: 'other' }),
    ).rejects.toMatchObject({ name: 'CardError', outcome: 'rejected' });
  });
});
