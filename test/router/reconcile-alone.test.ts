import { describe, expect, it } from 'vitest';
import type { Reconciliation } from '../../src/models/reconciliation.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import type { Router } from '../../src/router/index.js';
import { routerFingerprint } from '../../src/router/params.js';
import { clockedStore, makeBench, order } from './bench.js';

const keys = 'default/router/keys';
const charges = 'default/router/charges';
const abandonedMs = 15 * 60_000;

const begin = async (store: OperationStore, scope: string, key: string) => {
  const begun = await store.begin({
    scope,
    key,
    operation: 'create',
    target: null,
    fingerprint: routerFingerprint(order),
    owner: 'dead',
    leaseMs: 1000,
    refundLock: null,
  });
  if (begun.status !== 'made') throw new Error('nothing is there yet');
  return { scope, key, owner: 'dead', attempt: begun.record.attempt };
};

const atRoute = (position: number) => ({
  version: 1,
  steps: ['first', 'second', 'third'].map((route) => ({ route, weight: null, health: 'well' })),
  position,
  ended: [],
});

const pending = async (router: Router): Promise<Reconciliation[]> => {
  const found: Reconciliation[] = [];
  for await (const each of router.reconcilePending()) found.push(each);
  return found;
};

const openIn = async (store: OperationStore, scope: string): Promise<string[]> => {
  const open: string[] = [];
  for await (const { key } of store.listUnresolved(scope)) open.push(key);
  return open;
};

describe('a reconcile of what a dead process left', () => {
  it('before it had a route settles that nothing happened', async () => {
    const { store, pass } = clockedStore();
    const { router } = makeBench({ store });
    await begin(store, keys, 'a');
    pass(1001);
    expect(await pending(router)).toMatchObject([{ idempotencyKey: 'a', outcome: 'did_not_happen' }]);
    expect(await openIn(store, keys)).toEqual([]);
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'did_not_happen' });
    expect(await router.create(order, { idempotencyKey: 'a' })).toMatchObject({ route: 'first' });
  });

  it('before the client of its route heard of the key settles it once nobody can be frozen any more', async () => {
    const { store, pass } = clockedStore();
    const { router, ledger } = makeBench({ store });
    await store.prepare(await begin(store, keys, 'a'), atRoute(1));
    pass(1001);
    const [early] = await pending(router);
    expect(early).toMatchObject({ outcome: 'unknown' });
    const waitMs = early?.outcome === 'unknown' ? early.retryAfterMs : null;
    expect(waitMs).toBe(abandonedMs - 1);
    pass((waitMs ?? 0) - 1);
    expect(await pending(router)).toMatchObject([{ outcome: 'unknown', retryAfterMs: 1 }]);
    pass(1);
    expect(await pending(router)).toMatchObject([{ idempotencyKey: 'a', outcome: 'did_not_happen' }]);
    expect(await openIn(store, keys)).toEqual([]);
    // The payment goes on where it lived.
    expect(await router.create(order, { idempotencyKey: 'a' })).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('says when to look again where the client of the route is surer than the router may be', async () => {
    const { store, pass } = clockedStore();
    const { router, first } = makeBench({ store });
    await store.prepare(await begin(store, keys, 'a'), atRoute(0));
    await first
      .create({ amount: 4590, currency: 'EUR', source: 'declined' }, { idempotencyKey: 'a' })
      .catch(() => undefined);
    pass(1001);
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'unknown', retryAfterMs: abandonedMs - 1 });
    pass(abandonedMs);
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'did_not_happen' });
    expect(await openIn(store, keys)).toEqual([]);
  });

  it('while it remembered its charge ends that record, too', async () => {
    const { store, pass } = clockedStore();
    const { router, first } = makeBench({ store });
    const { id } = await first.create({ amount: 4590, currency: 'EUR', source: 'approved' });
    await begin(store, charges, `first:${id}`);
    pass(1001);
    expect(await openIn(store, charges)).toEqual([`first:${id}`]);
    expect(await pending(router)).toEqual([]);
    expect(await openIn(store, charges)).toEqual([]);
    expect(await router.retrieve(id)).toMatchObject({ route: 'first' });
  });

  it('leaves a record alone that another process has taken over', async () => {
    const { store, pass } = clockedStore();
    const overtaken: OperationStore = { ...store, settle: () => Promise.resolve(false) };
    const { router } = makeBench({ store: overtaken });
    await begin(store, keys, 'a');
    pass(1001);
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'unknown', retryAfterMs: 1_000 });
  });
});
