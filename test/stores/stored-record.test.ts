import { describe, expect, it } from 'vitest';
import { isUnreadableRecord, recordOfFields } from '../../src/stores/stored-record.js';
import { memoryStore } from '../../src/stores/memory.js';
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
