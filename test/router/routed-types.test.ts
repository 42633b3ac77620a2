import { describe, expect, it } from 'vitest';
import type { ChargesError } from '../../src/errors.js';
import type { ChargesClient } from '../../src/charges-client.js';
import type { RouteClient, RoutedEvent, RoutedReconciliation, Router } from '../../src/router/index.js';
import { makeBench, order } from './bench.js';

/** Compiled, never called: what holds a charge has the route in its type, without a question. */
export const routesIn = async (client: Router | RouteClient, event: RoutedEvent): Promise<string[]> => {
  const routes: string[] = [];
  const page = await client.list();
  routes.push(...page.data.map(({ route }) => route));
  for (const { route } of page) routes.push(route);
  for await (const { route } of client.search({ currency: 'EUR' })) routes.push(route);
  for await (const found of client.reconcilePending())
    if (found.outcome !== 'unknown' && found.charge !== null) routes.push(found.charge.route);
  if (event.type === 'charge.captured') routes.push(event.charge.route);
  // @ts-expect-error An update may come without the charge.
  if (event.type === 'charge.updated') routes.push(event.charge.route);
  return routes;
};

/** Compiled: a router can do for everybody what a client can, but for the words of `create`. */
export const asClient = (router: Router): Omit<ChargesClient, 'create'> => router;

const routeOf = (found: RoutedReconciliation): string | null =>
  found.outcome === 'unknown' ? null : (found.charge?.route ?? null);

describe('the route', () => {
  it('is in every charge of a list, a search and a reconciliation', async () => {
    const { router, second, fail } = makeBench();
    const atSecond = { ...order, sources: { second: 'approved' } };
    const key = { idempotencyKey: 'a' };
    fail(second, 'cut_after_commit');
    await router.create(atSecond, key).catch(() => undefined);
    for (const client of [router, router.for('second')]) {
      expect((await client.list()).data.map(({ route }) => route)).toEqual(['second']);
      expect([...(await client.search({ amount: 4590 }))].map(({ route }) => route)).toEqual(['second']);
      for await (const { route } of client.list()) expect(route).toBe('second');
    }
    expect((await router.for('second').reconcilePending()).map(routeOf)).toEqual(['second']);
    expect(routeOf(await router.for('second').reconcile('a'))).toBe('second');
    expect(routeOf(await router.reconcile('a'))).toBe('second');
  });

  it('is in what became of a follow-up, by its error', async () => {
    const { router, first, second } = makeBench();
    const { id } = await router.create({ ...order, capture: false, sources: { first: 'approved' } });
    first.control.inject({ operation: 'capture', fault: 'cut_after_commit' });
    const error: unknown = await router
      .capture(id, {}, { idempotencyKey: 'c' })
      .catch((thrown: unknown) => thrown);
    expect(second.control.requests()).toEqual([]);
    expect(routeOf(await router.reconcile(error as ChargesError))).toBe('first');
  });

  it('is in the charge of an event, and what rides on page and event unseen stays', async () => {
    const { another, first } = makeBench();
    const charge = await first.create({ amount: 4590, currency: 'EUR', source: 'approved' });
    const told = { id: 'evt_1', provider: 'fake', type: 'charge.captured', chargeId: charge.id, charge };
    const event = Object.defineProperty(told, 'raw', { value: { id: 'evt_1' }, enumerable: false });
    const client: ChargesClient = { ...first, parseWebhook: () => Promise.resolve(event as never) };
    const router = another({ routes: [{ name: 'only', client }] });
    for (const read of [router, router.for('only')]) {
      const given = await read.parseWebhook('{}', {});
      expect(given).toMatchObject({ type: 'charge.captured', charge: { id: charge.id, route: 'only' } });
      expect([Object.keys(given).includes('raw'), given.raw]).toEqual([false, { id: 'evt_1' }]);
    }
    const page = await router.for('only').list();
    expect(Object.keys(page)).toEqual(['data', 'nextCursor', 'total']);
    expect(page.raw).toMatchObject({});
  });
});
