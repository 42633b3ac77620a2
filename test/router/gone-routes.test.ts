import { describe, expect, it } from 'vitest';
import type { OperationStore } from '../../src/models/operation-store.js';
import { approved, makeBench, order } from './bench.js';

const key = { idempotencyKey: 'order-77' };

describe('a repeat whose params name a route that is gone', () => {
  it('is answered with the charge where the payment was made', async () => {
    const { router, another, routes, ledger } = makeBench();
    const paid = await router.create(order, key);
    const without = another({ routes: routes.slice(1) });
    expect(await without.create(order, key)).toMatchObject({ id: paid.id, route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('is unknown and sends nothing where money may have moved there', async () => {
    const { router, another, routes, first, fail, ledger } = makeBench();
    fail(first, 'cut_after_commit');
    await router.create(order, key).catch(() => undefined);
    const without = another({ routes: routes.slice(1) });
    await expect(without.create(order, key)).rejects.toMatchObject({
      code: 'route_missing',
      outcome: 'unknown',
      idempotencyKey: 'order-77',
    });
    expect(await without.explain(order, key)).toMatchObject({ recorded: true, route: 'first' });
    const { first: _, ...rest } = approved;
    await expect(without.create({ ...order, sources: rest }, key)).rejects.toMatchObject({
      code: 'idempotency_conflict',
      outcome: 'unknown',
    });
    expect(await router.create(order, key)).toMatchObject({ route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('goes on where the payment lives, if that route is there', async () => {
    const { router, another, routes, first, second, fail, ledger } = makeBench();
    fail(first, 'refuse');
    fail(second, 'cut_before_commit');
    await router.create(order, key).catch(() => undefined);
    const without = another({ routes: routes.slice(1) });
    expect(await without.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('is refused where nothing is recorded of its key, and where it has none', async () => {
    const { another, routes } = makeBench();
    const without = another({ routes: routes.slice(1) });
    const refusal = { name: 'InvalidRequestError', outcome: 'not_sent', issues: [{ path: 'sources' }] };
    await expect(without.create(order, key)).rejects.toMatchObject(refusal);
    await expect(without.create(order)).rejects.toMatchObject(refusal);
    await expect(without.explain(order)).rejects.toMatchObject(refusal);
  });

  it('is unknown where the store does not say whether something is recorded', async () => {
    const { store, another, routes, router } = makeBench();
    await router.create(order, key);
    const failing: OperationStore = { ...store, get: () => Promise.reject(new Error('down')) };
    const without = another({ store: failing, routes: routes.slice(1) });
    await expect(without.create(order, key)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'unknown',
    });
  });
});
