import { mock } from 'node:test';
import { describe, expect, it, vi } from 'vitest';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createFakeClient } from '../../src/testing/index.js';

const params = { amount: 4590, currency: 'EUR', source: 'approved' } as const;

describe.each([
  ['a client', () => createStripe({ secretKey: 'sk_test_demo' })],
  ['a fake client', () => createFakeClient()],
])('%s', (_, make) => {
  it('is an ordinary object: every member can be replaced and put back', () => {
    const client = make();
    for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(client))) {
      expect({ name, ...member }).toMatchObject({ configurable: true, writable: true, enumerable: true });
    }
    expect(Object.isExtensible(client)).toBe(true);
  });

  it('has capabilities that nobody changes', () => {
    const { capabilities } = make();
    expect(Object.isFrozen(capabilities)).toBe(true);
    expect(Object.values(capabilities).every((each) => Object.isFrozen(each))).toBe(true);
  });
});

describe('a method', () => {
  it('can be mocked with vi.spyOn', async () => {
    const client = createFakeClient();
    const charge = await client.create(params);
    const spy = vi.spyOn(client, 'retrieve').mockResolvedValue({ ...charge, disputed: true });
    expect((await client.retrieve('ch_other')).disputed).toBe(true);
    spy.mockRestore();
    expect((await client.retrieve(charge.id)).disputed).toBe(false);
  });

  it('can be mocked with mock.method of node:test', async () => {
    const client = createFakeClient();
    const mocked = mock.method(client, 'create', () => Promise.reject(new Error('mocked')));
    await expect(client.create(params)).rejects.toThrow('mocked');
    mocked.mock.restore();
    expect((await client.create(params)).status).toBe('captured');
  });

  it('can be wrapped by a proxy', async () => {
    const client = createFakeClient();
    const calls: PropertyKey[] = [];
    const watched = new Proxy(client, {
      get: (target, name, receiver) => {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]): unknown => {
          calls.push(name);
          return Reflect.apply(member, target, values);
        };
      },
    });
    expect((await watched.create(params)).status).toBe('captured');
    expect(calls).toEqual(['create']);
  });

  it('that is replaced does not reach what the engine does for the others', async () => {
    const client = createFakeClient();
    const broken = () => Promise.reject(new Error('mocked'));
    const { create } = client;
    for (const name of ['retrieve', 'list', 'search', 'listRefunds', 'create'] as const) {
      Object.assign(client, { [name]: broken });
    }
    client.control.inject({ operation: 'create', fault: 'cut_after_commit' });
    expect((await create(params, { idempotencyKey: 'order-81' })).status).toBe('captured');
    expect(await client.reconcile('order-81')).toMatchObject({ outcome: 'happened' });
  });
});
