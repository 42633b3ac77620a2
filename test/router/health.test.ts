import { describe, expect, it } from 'vitest';
import { createRouter } from '../../src/router/index.js';
import { createInstantRuntime } from '../../src/testing/in-memory-exchange.js';
import { makeBench, order } from './bench.js';

/** A router whose clock stands still until it is told to pass. */
const withClock = (health = {}) => {
  const runtime = createInstantRuntime(Date.UTC(2026, 0, 1));
  const bench = makeBench();
  let turn = 0;
  const router = createRouter(
    {
      store: bench.store,
      routes: bench.routes,
      health: { minimum: 3, restMs: 1000, windowMs: 10_000, ...health },
      onEvent: (event) => {
        bench.events.push(event);
      },
    },
    { runtime },
  );
  const create = async () => {
    turn += 1;
    return router.create(order, { idempotencyKey: `order-${turn}` });
  };
  const healthOf = async (name: string) =>
    (await router.explain(order)).routes.find((route) => route.name === name)?.health;
  return { ...bench, runtime, router, create, healthOf };
};

describe('the health of a route', () => {
  it('puts a route that fails last, for new payments', async () => {
    const { create, first, fail, healthOf } = withClock();
    fail(first, 'refuse', 3);
    for (let index = 0; index < 3; index += 1) expect((await create()).route).toBe('second');
    expect(await healthOf('first')).toBe('resting');
    const requests = first.control.requests().length;
    expect((await create()).route).toBe('second');
    expect(first.control.requests()).toHaveLength(requests);
  });

  it('lets one payment try it after its rest, and trusts it again where that goes well', async () => {
    const { create, first, fail, healthOf, runtime, events } = withClock();
    fail(first, 'refuse', 3);
    for (let index = 0; index < 3; index += 1) await create();
    runtime.pass(1000);
    expect((await create()).route).toBe('first');
    expect(await healthOf('first')).toBe('well');
    expect(events.flatMap((event) => (event.type === 'health' ? [event.health] : []))).toEqual([
      'resting',
      'probing',
      'well',
    ]);
  });

  it('lets it rest again where the try fails', async () => {
    const { create, first, fail, healthOf, runtime } = withClock();
    fail(first, 'refuse', 4);
    for (let index = 0; index < 3; index += 1) await create();
    runtime.pass(1000);
    expect((await create()).route).toBe('second');
    expect(await healthOf('first')).toBe('resting');
  });

  it('lets no two payments try it at once', async () => {
    const { create, first, fail, runtime } = withClock();
    fail(first, 'refuse', 3);
    for (let index = 0; index < 3; index += 1) await create();
    runtime.pass(1000);
    first.control.inject({ operation: 'create', fault: 'delay' });
    const charges = await Promise.all([create(), create(), create()]);
    expect(charges.filter(({ route }) => route === 'first')).toHaveLength(1);
  });

  it('is not harmed by declines', async () => {
    const { router, healthOf } = withClock();
    for (let index = 0; index < 6; index += 1)
      await router
        .create({ ...order, sources: { first: 'declined' } }, { idempotencyKey: `declined-${index}` })
        .catch(() => undefined);
    expect(await healthOf('first')).toBe('well');
  });

  it('forgets what is older than its window', async () => {
    const { create, first, fail, healthOf, runtime } = withClock();
    fail(first, 'refuse', 2);
    await create();
    await create();
    runtime.pass(10_001);
    fail(first, 'refuse', 1);
    await create();
    expect(await healthOf('first')).toBe('well');
  });

  it('never moves a payment that has its place', async () => {
    const { router, create, first, fail, ledger } = withClock();
    fail(first, 'cut_after_commit');
    const key = { idempotencyKey: 'pinned' };
    await router.create(order, key).catch(() => undefined);
    fail(first, 'refuse', 3);
    for (let index = 0; index < 3; index += 1) await create();
    first.control.clearFaults();
    expect(await router.create(order, key)).toMatchObject({ route: 'first' });
    expect(ledger()['first']).toBe(1);
  });

  it('is not looked at where it is off', async () => {
    const { another, first, fail } = makeBench({ health: false });
    const router = another();
    fail(first, 'refuse', 6);
    for (let index = 0; index < 6; index += 1)
      await router.create(order, { idempotencyKey: `order-${index}` });
    expect((await router.explain(order)).routes[0]?.health).toBe('well');
  });
});
