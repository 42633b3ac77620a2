import { describe, expect, it } from 'vitest';
import type { OperationStore } from '../../src/models/operation-store.js';
import { postgresStore } from '../../src/stores/postgres.js';
import { isUnreadableRecord, recordOfFields } from '../../src/stores/stored-record.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createWorld } from '../attacks/attacked-world.js';
import { openShop, scope, key } from '../writes/a-write.js';
import { anOperation } from './an-operation.js';

const fields = {
  operation: 'create',
  target: null,
  fingerprint: anOperation({ scope: 'shop' }).fingerprint,
  state: 'started',
  attempt: '2',
  owner: 'a',
  startedAt: '5',
  leaseUntil: 7n,
  sentAt: null,
  prepared: true,
  openSend: { until: '6', reported: true },
  resolved: null,
  refundLock: null,
  result: null,
};

const ending = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a record as a database gives it back', () => {
  it('has numbers, whatever form they came in', () => {
    expect(recordOfFields('shop', 'order-1', fields)).toEqual({
      ...fields,
      scope: 'shop',
      key: 'order-1',
      attempt: 2,
      startedAt: 5,
      leaseUntil: 7,
      openSend: { until: 6, reported: true },
    });
  });

  it.each([
    ['operation', null],
    ['target', 5],
    ['fingerprint', null],
    ['fingerprint', { version: 1, hash: 'a' }],
    ['state', 'paid'],
    ['state', undefined],
    ['attempt', ''],
    ['attempt', 'two'],
    ['owner', undefined],
    ['startedAt', null],
    ['leaseUntil', {}],
    ['sentAt', 'yesterday'],
    ['openSend', {}],
    ['refundLock', 1],
    ['result', { kind: 'payment' }],
    ['result', 'none'],
  ])('is refused by the name of its field where %s is %j', (name, value) => {
    const error = ending(() => recordOfFields('shop', 'order-1', { ...fields, [name]: value }));
    expect(isUnreadableRecord(error)).toBe(true);
    expect((error as Error).message).toBe(`the record has no readable ${name}`);
  });
});

describe('a write whose record cannot be read', () => {
  it.each([false, true])(
    'is not sent, and its outcome stays open (sends without a store: %s)',
    async (sendsWithoutStore) => {
      const store = {
        ...memoryStore(),
        begin: () =>
          Promise.resolve().then(() => recordOfFields(scope, key, { ...fields, state: 'paid' }) as never),
      };
      let sent = 0;
      const shop = openShop({ store, sendsWithoutStore });
      const send = () => {
        sent += 1;
        return Promise.reject(new Error('sent'));
      };
      await expect(shop.write({ send })).rejects.toMatchObject({
        code: 'record_unreadable',
        outcome: 'unknown',
      });
      expect(sent).toBe(0);
    },
  );
});

describe('a list of open records of which one cannot be read', () => {
  const open = (name: string) => ({
    ...fields,
    key: name,
    scope,
    state: 'unknown',
    startedAt: 5,
    leaseUntil: 7,
  });
  const rowsOf = (damaged: string) =>
    ['order-1', 'order-2', 'order-3'].map((name) => ({
      record: JSON.stringify({ ...open(name), ...(name === damaged ? { fingerprint: null } : {}) }),
    }));

  it.each(['order-1', 'order-2', 'order-3'])(
    'gives the others, and its error after them: %s',
    async (damaged) => {
      const query = (_: string, values: unknown[]) =>
        Promise.resolve({ rows: values[1] === 0 ? rowsOf(damaged) : [] });
      const store = postgresStore({ query }, { cleanup: false });
      const keys: string[] = [];
      const error: unknown = await (async () => {
        for await (const { key: found } of store.listUnresolved(scope)) keys.push(found);
      })().catch((reason: unknown) => reason);
      expect(keys).toEqual(['order-1', 'order-2', 'order-3'].filter((name) => name !== damaged));
      expect(isUnreadableRecord(error)).toBe(true);
    },
  );
});

describe('a store of the caller that gives a record without its fingerprint', () => {
  it.each(['refuse', 'send'] as const)('is not taken for one that failed: %s', async (storeFailure) => {
    const world = createWorld();
    const inner = memoryStore({ runtime: world.runtime });
    const store: OperationStore = {
      ...inner,
      durable: true,
      begin: async (operation) => {
        const begun = await inner.begin(operation);
        if (begun.status !== 'exists') return begun;
        return { ...begun, record: { ...begun.record, fingerprint: undefined as never } };
      },
      get: async (...asked) => {
        const stored = await inner.get(...asked);
        return stored === null
          ? null
          : { ...stored, record: { ...stored.record, fingerprint: undefined as never } };
      },
    };
    const client = world.client('omise', { store, storeFailure });
    const params = world.params('omise');
    await client.create(params, { idempotencyKey: 'o' });
    await expect(client.create(params, { idempotencyKey: 'o' })).rejects.toMatchObject({
      code: 'record_unreadable',
      outcome: 'unknown',
    });
    await expect(client.reconcile('o')).rejects.toMatchObject({ code: 'record_unreadable' });
    expect(world.providers.ledger.charges('omise')).toHaveLength(1);
  });
});
