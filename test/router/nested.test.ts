import { describe, expect, it } from 'vitest';
import type { OperationStore } from '../../src/models/operation-store.js';
import { createRouter, type Router } from '../../src/router/index.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createFakeClient, type FakeClient } from '../../src/testing/index.js';

const params = { amount: 4590, currency: 'EUR', source: 'approved' };

const inner = (store: OperationStore, client: FakeClient, namespace?: string): Router =>
  createRouter({
    store,
    routes: [{ name: 'acquirer', client }],
    ...(namespace === undefined ? {} : { namespace }),
  });

describe('a router among the routes of another one', () => {
  it('is refused where both would record the same key in the same place', () => {
    const store = memoryStore();
    const below = inner(store, createFakeClient());
    expect(() => createRouter({ store, routes: [{ name: 'europe', client: below }] })).toThrow(
      'routes.0.client: is a router that shares its store and the scope of its keys with this one',
    );
    const middle = createRouter({ store: memoryStore(), routes: [{ name: 'europe', client: below }] });
    expect(() => createRouter({ store, routes: [{ name: 'world', client: middle }] })).toThrow(
      'routes.0.client: is a router that shares',
    );
  });

  it('is refused where it has a client that is a route of its own, too', () => {
    const client = createFakeClient();
    const store = memoryStore();
    const routes = [
      { name: 'direct', client },
      { name: 'below', client: inner(store, client, 'below') },
    ];
    expect(() => createRouter({ store, routes })).toThrow('routes.1.client: shares its store');
  });

  it('takes an id that names its own route, also where another route above has that name', async () => {
    const router = createRouter({
      store: memoryStore(),
      routes: [
        { name: 'europe', client: inner(memoryStore(), createFakeClient(), 'europe') },
        { name: 'acquirer', client: createFakeClient() },
      ],
    });
    const { source, ...rest } = params;
    const charge = await router.create({ ...rest, sources: { europe: source } });
    const id = `acquirer:${charge.id}`;
    expect(await router.for('europe').retrieve(id)).toMatchObject({ id: charge.id });
  });

  it('pays, repeats and refunds where each has a namespace', async () => {
    const store = memoryStore();
    const client = createFakeClient({ store });
    const router = createRouter({
      store,
      routes: [{ name: 'europe', client: inner(store, client, 'europe') }],
    });
    const charge = await router.create(params, { idempotencyKey: 'order-1' });
    const again = await router.create(params, { idempotencyKey: 'order-1' });
    expect(again.id).toBe(charge.id);
    expect(client.control.requests().filter((request) => request.operation === 'create')).toHaveLength(1);
    const refund = await router.refund(charge.id, { amount: 500 }, { idempotencyKey: 'refund-1' });
    expect(refund.amount).toBe(500);
  });
});
