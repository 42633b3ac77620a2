import { describe, expect, it } from 'vitest';
import type { OperationStore } from '../../src/models/operation-store.js';
import type { RouterSettings } from '../../src/router/index.js';
import { memoryStore } from '../../src/stores/memory.js';
import { makeBench } from './bench.js';

const key = { idempotencyKey: 'order-77' };
const params = { amount: 4590, currency: 'EUR' };

/** A vault that does not answer until it is told to fail, and then a store whose clock has passed the lease. */
const makeVault = () => {
  let now = Date.UTC(2026, 0, 1);
  const store: OperationStore = { ...memoryStore({ runtime: { now: () => now } }), durable: true };
  let fail = (): void => undefined;
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const hangs = (): Promise<never> =>
    new Promise((_, reject) => {
      fail = () => {
        reject(new Error('the vault timed out'));
      };
      asked();
    });
  return {
    store,
    hangs,
    isAsked,
    fail: () => {
      fail();
    },
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
};

const paidMeanwhile = async (
  bench: ReturnType<typeof makeBench>,
  { hangs, isAsked, fail, pass }: ReturnType<typeof makeVault>,
  settings: Partial<RouterSettings> = {},
) => {
  const slow = bench.another({ sources: hangs, ...settings }).create(params, key);
  slow.catch(() => undefined);
  await isAsked;
  pass(10 * 60_000);
  const paid = await bench.another({ sources: () => 'approved' }).create(params, key);
  fail();
  return { slow, paid };
};

describe('a call whose record another process took over', () => {
  it('before it had a plan does not say that nothing was sent', async () => {
    const vault = makeVault();
    const bench = makeBench({ store: vault.store });
    const { slow, paid } = await paidMeanwhile(bench, vault);
    expect(paid).toMatchObject({ status: 'captured' });
    await expect(slow).rejects.toMatchObject({ name: 'ConfigurationError', outcome: 'unknown' });
  });

  it('while it waited for the source of its route does not say so either', async () => {
    const vault = makeVault();
    const bench = makeBench({ store: vault.store, sources: () => 'approved' });
    bench.fail(bench.first, 'refuse');
    const settings = { maxRoutes: 1 };
    await bench
      .another(settings)
      .create(params, key)
      .catch(() => undefined);
    const { slow } = await paidMeanwhile(bench, vault, settings);
    await expect(slow).rejects.toMatchObject({ name: 'ConfigurationError', outcome: 'unknown' });
    expect(bench.ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('and whose route is gone does not say so either', async () => {
    const { store, another, routes, first, fail } = makeBench({ sources: () => 'approved' });
    const overtaken: OperationStore = {
      ...store,
      release: () => Promise.resolve(false),
      settle: () => Promise.resolve(false),
      claim: async (operation) => {
        const claimed = await store.claim(operation);
        return claimed === null ? null : { ...claimed, record: { ...claimed.record, sentAt: null } };
      },
    };
    fail(first, 'refuse');
    await another({ maxRoutes: 1 })
      .create(params, key)
      .catch(() => undefined);
    const router = another({ store: overtaken, routes: routes.slice(1) });
    await expect(router.create(params, key)).rejects.toMatchObject({
      code: 'route_missing',
      outcome: 'unknown',
    });
  });

  it('is told of what came to pass where nobody took it over', async () => {
    const vault = makeVault();
    const { another } = makeBench({ store: vault.store });
    const slow = another({ sources: vault.hangs }).create(params, key);
    slow.catch(() => undefined);
    await vault.isAsked;
    vault.fail();
    await expect(slow).rejects.toMatchObject({ name: 'ConfigurationError', outcome: 'not_sent' });
  });
});

describe('a second call of a router whose store is down meanwhile', () => {
  it('does not say that nothing was sent while the first call of its process may still send', async () => {
    const vault = makeVault();
    let isDown = false;
    const store: OperationStore = {
      ...vault.store,
      begin: (operation) => (isDown ? Promise.reject(new Error('down')) : vault.store.begin(operation)),
    };
    const router = makeBench({ store }).another({ sources: vault.hangs });
    const first = router.create(params, key);
    first.catch(() => undefined);
    await vault.isAsked;
    isDown = true;
    await expect(router.create(params, key)).rejects.toMatchObject({
      code: 'store_unavailable',
      outcome: 'unknown',
    });
    vault.fail();
    await expect(first).rejects.toMatchObject({ outcome: 'not_sent' });
  });
});

describe('a function that gives the sources', () => {
  const never = () => new Promise<never>(() => undefined);

  it('is waited for until the deadline of the call, and no longer', async () => {
    const { another, ledger } = makeBench({ sources: never });
    const late = {
      name: 'ConfigurationError',
      outcome: 'not_sent',
      message: expect.stringContaining('gave no source before the deadline of the call') as string,
    };
    const router = another();
    await expect(router.create(params, { ...key, deadlineMs: 20 })).rejects.toMatchObject(late);
    await expect(router.explain(params, { deadlineMs: 20 })).rejects.toMatchObject(late);
    expect(ledger()).toEqual({ first: 0, second: 0, third: 0 });
    expect(await another({ sources: () => Promise.resolve('approved') }).create(params, key)).toMatchObject({
      route: 'first',
    });
  });

  it('may take its time within it', async () => {
    const sources = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return 'approved';
    };
    expect(await makeBench({ sources }).router.create(params, key)).toMatchObject({ route: 'first' });
  });
});
