import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/models/client-event.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { Secret } from '../../src/models/secret.js';
import { memoryStore } from '../../src/stores/memory.js';
import { storeFailureReason } from '../../src/stores/failure.js';
import { createRouter } from '../../src/router/index.js';
import { createFakeClient } from '../../src/testing/index.js';

const failure = (message: string, details: object = {}) => Object.assign(new Error(message), details);

describe('the reason of a store that failed', () => {
  it('has the name, the code and the message of what was thrown', () => {
    const refused = failure('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' });
    expect(storeFailureReason(refused, [])).toBe('Error ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:5432');
    expect(storeFailureReason(failure('', { code: 'ECONNREFUSED' }), [])).toBe('Error ECONNREFUSED');
    expect(storeFailureReason(failure('gone'), [])).toBe('Error: gone');
  });

  it('says which statement makes tables that are missing', () => {
    const missing = failure('relation "unicharge_operations" does not exist', {
      name: 'error',
      code: '42P01',
    });
    expect(storeFailureReason(missing, [])).toBe(
      'error 42P01: relation "unicharge_operations" does not exist; create the tables first: await pool.query(postgresSchema), or with createPostgresSchema where the store has a schema or a tablePrefix',
    );
  });

  it('is masked and cut', () => {
    const secrets = [new Secret('canary-of-the-client')];
    const said = failure(
      'no answer of postgres://shop:pass/word@db:5432 and redis://:hunter2@cache for sk_live_4242canary, 4242 4242 4242 4242 and canary-of-the-client',
    );
    const reason = storeFailureReason(said, secrets);
    for (const secret of [
      'pass/word',
      'hunter2',
      'sk_live_4242canary',
      '4242 4242',
      'canary-of-the-client',
    ]) {
      expect(reason).not.toContain(secret);
    }
    expect(reason).toContain('@db:5432');
    expect(storeFailureReason(failure('x'.repeat(5000)), [])).toBe(`Error: ${'x'.repeat(200)}…`);
  });

  it.each([
    undefined,
    null,
    5,
    {},
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('a trap');
        },
      },
    ),
  ])('is told where there is none', (thrown) => {
    expect(storeFailureReason(thrown, [])).toBe('unknown failure');
  });
});

const params = { amount: 4590, currency: 'EUR', source: 'approved' } as const;

describe('a write that a store keeps from being sent', () => {
  const missing = () =>
    Promise.reject(failure('relation "unicharge_operations" does not exist', { code: '42P01' }));

  it.each(['begin', 'claim', 'prepare'] as const)(
    'by a failing %s says why, also as an event',
    async (action) => {
      const events: ClientEvent[] = [];
      const inner = memoryStore();
      const store = { ...inner } as { -readonly [Name in keyof OperationStore]: OperationStore[Name] };
      const charges = createFakeClient({
        store,
        maxRetries: 0,
        onEvent: (event) => {
          if (event.type === 'store') events.push(event);
        },
      });
      if (action === 'claim') {
        charges.control.inject({ fault: 'cut_before_commit', times: 20 });
        await charges.create(params, { idempotencyKey: 'order-81' }).catch(() => undefined);
        charges.control.clearFaults();
      }
      // A store that prepares at the beginning of a record is not asked again.
      store.begin = ({ resolved: _, ...operation }) => inner.begin(operation);
      store[action] = missing;
      const error: unknown = await charges
        .create(params, { idempotencyKey: 'order-81' })
        .catch((each: unknown) => each);
      expect(error).toMatchObject({
        code: 'store_unavailable',
        idempotencyKey: 'order-81',
        // The tables do not come by waiting.
        isRetryable: false,
      });
      const reason =
        'Error 42P01: relation "unicharge_operations" does not exist; create the tables first: await pool.query(postgresSchema), or with createPostgresSchema where the store has a schema or a tablePrefix';
      expect((error as Error).message).toContain(reason);
      expect(events).toMatchObject([
        {
          type: 'store',
          provider: 'fake',
          operation: 'create',
          idempotencyKey: 'order-81',
          action,
          reason,
        },
      ]);
      expect(charges.control.charges()).toEqual([]);
    },
  );
});

describe('a call of a store without its tables', () => {
  const stores = (words: string, details: object): OperationStore => ({
    ...memoryStore(),
    durable: true,
    begin: () => Promise.reject(failure(words, details)),
    get: () => Promise.reject(failure(words, details)),
  });

  it.each([
    ['relation "unicharge_operations" does not exist', { code: '42P01' }, false],
    ['no such table: unicharge_operations', { code: 'SQLITE_ERROR' }, false],
    ['connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' }, true],
  ])('is worth another try only where something else is wrong: %s', async (words, details, isRetryable) => {
    const store = stores(words, details);
    const client = createFakeClient({ store, maxRetries: 0 });
    const route = { name: 'main', client: createFakeClient() };
    const other = { name: 'spare', client: createFakeClient() };
    const router = createRouter({ store, routes: [route, other] });
    const calls = [
      () => client.create(params, { idempotencyKey: 'order-81' }),
      () => client.reconcile('order-81'),
      () =>
        router.create(
          { amount: 4590, currency: 'EUR', sources: { main: 'approved' } },
          { idempotencyKey: 'a' },
        ),
      () => router.retrieve('ch_1'),
      () => router.reconcile('order-81'),
    ];
    for (const call of calls) {
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'store_unavailable', isRetryable });
    }
  });
});
