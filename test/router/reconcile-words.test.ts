import { describe, expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import { ConnectionError } from '../../src/errors.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { pendingReconciliations, type Reconciliation } from '../../src/models/reconciliation.js';
import type { Route, Router } from '../../src/router/index.js';
import type { Charge } from '../../src/models/charge.js';
import { routerFingerprint } from '../../src/router/params.js';
import { createRouter } from '../../src/router/create-router.js';
import { memoryStore } from '../../src/stores/memory.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld } from '../attacks/attacked-world.js';
import { clockedStore, makeBench, order, saying } from './bench.js';

const key = { idempotencyKey: 'a' };
const write = { idempotencyKey: 'a', operation: 'create', target: null };
const itself = { idempotencyKey: 'a', operation: null, target: null };
const nothing: Reconciliation = { ...write, outcome: 'did_not_happen', charge: null };
const open: Reconciliation = {
  ...write,
  outcome: 'unknown',
  retryAfterMs: 60_000,
  candidates: ['ch_9'],
};

const outOfReach = new ConnectionError({ message: 'refused', outcome: 'not_sent' });

const pending = async (router: Router): Promise<string[]> => {
  const found: string[] = [];
  for await (const { idempotencyKey, outcome } of router.reconcilePending())
    found.push(`${idempotencyKey} ${outcome}`);
  return found;
};

describe('a recorded charge that has changed since', () => {
  it('is told as it stands today', async () => {
    const { router, first } = makeBench();
    const made = await router.create({ ...order, capture: false }, key);
    expect(made.status).toBe('authorized');
    await first.capture(made.id);
    expect(await router.reconcile('a')).toMatchObject({
      outcome: 'happened',
      charge: { id: made.id, status: 'captured', route: 'first' },
    });
  });
});

describe('a key of which neither the router nor a client heard', () => {
  it('has no operation', async () => {
    const { router } = makeBench();
    expect(await router.reconcile('nobody')).toMatchObject({ outcome: 'unknown', operation: null });
  });
});

describe('what the client of the route does not know', () => {
  const declinedAtFirst = async () => {
    const bench = makeBench();
    await bench.router.create({ ...order, sources: { first: 'declined' } }, key).catch(() => undefined);
    const [, ...others] = bench.routes;
    const routerWhereFirstSays = (word: Reconciliation) =>
      bench.another({ routes: [{ name: 'first', client: saying(bench.first, word) }, ...others] });
    return { ...bench, routerWhereFirstSays };
  };

  it('is unknown to the router, too, though it has recorded a decline', async () => {
    const { routerWhereFirstSays } = await declinedAtFirst();
    expect(await routerWhereFirstSays(open).reconcile('a')).toEqual({ ...open, candidates: ['first:ch_9'] });
  });

  it('is unknown where the client has no record and its look did not see everything', async () => {
    const { routerWhereFirstSays } = await declinedAtFirst();
    const unclear = { ...itself, outcome: 'unknown' as const, retryAfterMs: 60_000, candidates: [] };
    expect(await routerWhereFirstSays(unclear).reconcile('a')).toEqual({ ...write, ...unclear, ...write });
  });

  it('is the recorded decline where it has no record and saw everything', async () => {
    const { routerWhereFirstSays } = await declinedAtFirst();
    const unheard = { ...itself, outcome: 'unknown' as const, retryAfterMs: null, candidates: [] };
    expect(await routerWhereFirstSays(unheard).reconcile('a')).toMatchObject({
      outcome: 'did_not_happen',
      charge: { status: 'failed' },
    });
  });
});

describe('routes that a payment has left', () => {
  const leftFirst = async (second: 'declined' | 'lost') => {
    const { store, pass } = clockedStore();
    const bench = makeBench({ store });
    bench.fail(bench.first, 'refuse');
    if (second === 'lost') bench.fail(bench.second, 'cut_before_commit');
    const params = {
      ...order,
      sources: { first: 'approved', second: second === 'lost' ? 'approved' : 'declined' },
    };
    await bench.router.create(params, key).catch(() => undefined);
    const [, ...others] = bench.routes;
    const routerWhereFirst = (word: Reconciliation | Error) =>
      bench.another({ routes: [{ name: 'first', client: saying(bench.first, word) }, ...others] });
    return { ...bench, params, others, pass, routerWhereFirst };
  };

  it('have to answer before the router says that nothing happened', async () => {
    const { router, another, others, routerWhereFirst } = await leftFirst('declined');
    expect(await routerWhereFirst(outOfReach).reconcile('a')).toMatchObject({
      outcome: 'unknown',
      retryAfterMs: 60_000,
    });
    expect(await another({ routes: others }).reconcile('a')).toMatchObject({
      outcome: 'unknown',
      retryAfterMs: 60_000,
    });
    expect(await routerWhereFirst(open).reconcile('a')).toMatchObject({
      outcome: 'unknown',
      candidates: ['first:ch_9'],
    });
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'did_not_happen' });
  });

  it('have to answer while the record is open, too', async () => {
    const { store, another, routes, second, pass } = await leftFirst('lost');
    pass(3_600_000);
    const [first, , third] = routes as [Route, Route, Route];
    const sure = { name: 'second', client: saying(second, nothing) };
    const lost = { name: 'first', client: saying(first.client, outOfReach) };
    const silent = { outcome: 'unknown', retryAfterMs: 60_000 };
    expect(await another({ routes: [lost, sure, third] }).reconcile('a')).toMatchObject(silent);
    expect(await another({ routes: [sure, third] }).reconcile('a')).toMatchObject(silent);
    expect((await store.get('default/router/keys', 'a'))?.record.state).toBe('unknown');
    expect(await another({ routes: [first, sure, third] }).reconcile('a')).toMatchObject(nothing);
  });

  it('are asked while the record is open: what is found there is the payment, and nothing is sent any more', async () => {
    const { router, first, ledger, params, pass } = await leftFirst('lost');
    await first.create({ amount: 4590, currency: 'EUR', source: 'approved' }, key);
    pass(3_600_000);
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'happened', charge: { route: 'first' } });
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'happened', charge: { route: 'first' } });
    expect(await router.create(params, key)).toMatchObject({ route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('that are out of reach leave a payment that happened as it is', async () => {
    const { router, routerWhereFirst, first, fail } = await leftFirst('declined');
    fail(first, 'refuse');
    await router.create(order, { idempotencyKey: 'b' });
    expect(await routerWhereFirst(outOfReach).reconcile('b')).toMatchObject({
      outcome: 'happened',
      charge: { route: 'second' },
    });
  });
});

describe('a call with the key that begins during the look', () => {
  const slow = async () => {
    const { store, pass } = clockedStore();
    let meanwhile: (() => Promise<unknown>) | null = null;
    const late: OperationStore = {
      ...store,
      settle: async (owner, end) => {
        const isDone = await store.settle(owner, end);
        const go = end.state === 'did_not_happen' && owner.scope.endsWith('/router/keys') ? meanwhile : null;
        if (go === null) return isDone;
        meanwhile = null;
        await go();
        return isDone;
      },
    };
    const bench = makeBench({ store });
    bench.fail(bench.first, 'cut_before_commit');
    await bench.router.create(order, key).catch(() => undefined);
    pass(3_600_000);
    let isSure = true;
    const client: ChargesClient = {
      ...bench.first,
      reconcile: (input, options) =>
        isSure ? Promise.resolve(nothing) : bench.first.reconcile(input, options),
    };
    meanwhile = async () => {
      isSure = false;
      await bench.router.create(order, key);
    };
    const [, ...others] = bench.routes;
    return { ...bench, slow: bench.another({ store: late, routes: [{ name: 'first', client }, ...others] }) };
  };

  it('is not told as nothing by reconcile', async () => {
    const bench = await slow();
    expect(await bench.slow.reconcile('a')).toMatchObject({ outcome: 'happened' });
    expect(bench.ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('is not told as nothing by reconcilePending', async () => {
    const bench = await slow();
    expect(await pending(bench.slow)).toEqual(['a happened']);
  });
});

describe('reconcilePending', () => {
  /** The same client, whose store still holds an open record of the key. */
  const pendingOf = (client: ChargesClient, ...words: readonly Reconciliation[]): ChargesClient => ({
    ...client,
    reconcilePending: () =>
      pendingReconciliations(
        (async function* each() {
          yield* words;
        })(),
      ),
  });

  it('does not say of a payment that it did not happen at a route that it left', async () => {
    const { router, another, routes, first, fail } = makeBench();
    fail(first, 'refuse');
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
    const [, ...others] = routes;
    for (const word of [nothing, open]) {
      const client = pendingOf(first, word, word);
      expect(await pending(another({ routes: [{ name: 'first', client }, ...others] }))).toEqual([
        'a happened',
      ]);
    }
  });

  it('does not take back at one route what happened at another', async () => {
    const { router, another, routes, first, second, third, fail } = makeBench();
    fail(first, 'refuse');
    const charge = await router.create(order, key);
    const happened: Reconciliation = { ...write, outcome: 'happened', charge, refund: null };
    const clients = [pendingOf(first, nothing), pendingOf(second, happened), pendingOf(third)];
    const other = another({
      routes: routes.map((route, index) => ({ ...route, client: clients[index] ?? route.client })),
    });
    expect(await pending(other)).toEqual(['a happened']);
  });

  it('tells the word of the router where it was refused, and that of the client where the router knows nothing', async () => {
    const { router, another, routes, first } = makeBench();
    await router.create({ ...order, sources: { first: 'declined' } }, key).catch(() => undefined);
    const [, ...others] = routes;
    const client = pendingOf(first, nothing, { ...nothing, idempotencyKey: 'direct' });
    expect(await pending(another({ routes: [{ name: 'first', client }, ...others] }))).toEqual([
      'direct did_not_happen',
      'a did_not_happen',
    ]);
  });

  it('knows nothing for sure where the store does not say whether the router has a record', async () => {
    const { store, another, routes, first } = makeBench();
    const [, ...others] = routes;
    const failing: OperationStore = { ...store, get: () => Promise.reject(new Error('down')) };
    const router = another({
      store: failing,
      routes: [{ name: 'first', client: pendingOf(first, nothing) }, ...others],
    });
    const found: string[] = [];
    const all = async () => {
      for await (const { outcome } of router.reconcilePending()) found.push(outcome);
    };
    await expect(all()).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(found).toEqual(['unknown']);
  });

  it('does not take back at one client what happened at another, where the router has no record', async () => {
    const { another, routes, first, second, third } = makeBench();
    const charge = await first.create({ amount: 4590, currency: 'EUR', source: 'approved' });
    const happened: Reconciliation = { ...write, outcome: 'happened', charge, refund: null };
    const clients = [pendingOf(first, happened), pendingOf(second, open), pendingOf(third, nothing)];
    const router = another({
      routes: routes.map((route, index) => ({ ...route, client: clients[index] ?? route.client })),
    });
    expect(await pending(router)).toEqual(['a happened']);
  });
});

describe('a record that another process owns', () => {
  const charge = { id: 'ch_1', status: 'captured', amount: 4590, currency: 'EUR' } as Charge;
  const happened: Reconciliation = { ...write, outcome: 'happened', charge, refund: null };

  /** A record at the second route, after a decline at the first, whose owner has it for another minute. */
  const held = async (words: Readonly<Record<string, Reconciliation | Error>>) => {
    const { store, another, routes } = makeBench();
    const begun = await store.begin({
      scope: 'default/router/keys',
      key: 'a',
      operation: 'create',
      target: null,
      fingerprint: routerFingerprint(order),
      owner: 'alive',
      leaseMs: 60_000,
      refundLock: null,
    });
    if (begun.status !== 'made') throw new Error('nothing is there yet');
    await store.prepare(
      { scope: 'default/router/keys', key: 'a', owner: 'alive', attempt: begun.record.attempt },
      {
        version: 1,
        steps: routes.map(({ name }) => ({ route: name, weight: null, health: 'well' })),
        position: 1,
        ended: [{ route: 'first', code: 'card_declined', declineCode: 'do_not_honor' }],
      },
    );
    const told = routes.map((route) => {
      const word = words[route.name];
      return word === undefined ? route : { ...route, client: saying(route.client, word) };
    });
    return another({ routes: told });
  };

  it('has happened where its route says so', async () => {
    const router = await held({ second: happened });
    expect(await router.reconcile('a')).toMatchObject({
      outcome: 'happened',
      charge: { id: 'ch_1', route: 'second' },
    });
    expect(await pending(router)).toEqual(['a happened']);
  });

  it.each<[string, Readonly<Record<string, Reconciliation | Error>>]>([
    ['its route says that nothing happened', { second: nothing }],
    ['its route does not know', { second: open }],
    ['its route is out of reach', { second: outOfReach }],
    ['only a route says so that it has left', { first: happened, second: open }],
    ['only a route says so that it has not reached', { second: open, third: happened }],
  ])('is unknown where %s', async (_, words) => {
    expect(await (await held(words)).reconcile('a')).toMatchObject({ outcome: 'unknown' });
  });

  it('has two charges where a route that it has left has one, too', async () => {
    const router = await held({ first: { ...happened, charge: { ...charge } }, second: happened });
    await expect(router.reconcile('a')).rejects.toMatchObject({
      code: 'duplicate_charge',
      candidates: ['first:ch_1', 'second:ch_1'],
    });
  });
});

describe.each(['justifi', 'omise'] as const)(
  'a lost create at %s, with a memory store in the client',
  (provider) => {
    const hour = 60 * 60_000;

    /** The process with the record of the client is gone; the router's store is left. */
    const lost = async (passMs: number, isExecuted: boolean, clientIsDurable = false) => {
      const world = createWorld();
      const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
      const start = () =>
        createRouter(
          {
            store,
            routes: [
              {
                name: 'main',
                client: world.client(provider, { maxRetries: 0, ...(clientIsDurable ? { store } : {}) }),
              },
            ],
          },
          { runtime: world.runtime },
        );
      world.tamper = async (request, honest) => {
        if (request.method === 'GET' || request.url.includes('/oauth/')) return honest();
        if (isExecuted) await honest();
        throw new ExchangeFailure('connection', true, 'ECONNRESET');
      };
      await start()
        .create(world.params(provider) as never, key)
        .catch(() => undefined);
      world.tamper = null;
      world.runtime.pass(hour);
      // So many others that the look ends before the first.
      const others = world.client(provider, { lookupFirst: false });
      for (let each = 0; each < 101; each += 1) await others.create(world.params(provider));
      world.runtime.pass(passMs);
      return start();
    };

    it('is found as far as the client looks back', async () => {
      const router = await lost(2 * hour, true);
      expect(await router.reconcile('a')).toMatchObject({ outcome: 'happened' });
    });

    it('is unknown later: that the client finds nothing says nothing', async () => {
      const router = await lost(48 * hour, true);
      expect(await router.reconcile('a')).toMatchObject({ ...write, outcome: 'unknown', candidates: [] });
      expect(await pending(router)).toEqual(['a unknown']);
    });

    it('did not happen where the client finds nothing in time, or its durable store tells', async () => {
      expect(await (await lost(2 * hour, false)).reconcile('a')).toMatchObject({ outcome: 'did_not_happen' });
      expect(await (await lost(48 * hour, false, true)).reconcile('a')).toMatchObject({
        outcome: 'did_not_happen',
      });
    });
  },
);
