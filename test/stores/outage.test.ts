import { Redis } from 'ioredis';
import pg from 'pg';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/models/client-event.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { createOmise, type OmiseSettings } from '../../src/providers/omise/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { postgresSchema, postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { createGate, type Gate } from './gate.js';
import { savedCustomer } from './processes/saved-customer.js';
import { databaseUrl, describeWithPostgres, describeWithRedis, redisUrl } from './servers.js';

interface Connection {
  readonly store: OperationStore;
  end(): Promise<void> | void;
}

const overIoredis = async (url: string): Promise<Connection> => {
  const client = new Redis(url);
  client.on('error', () => undefined);
  await client.ping();
  return {
    store: redisStore(client),
    end: () => {
      client.disconnect();
    },
  };
};

const overNodeRedis = async (url: string): Promise<Connection> => {
  const client = createClient({ url });
  client.on('error', () => undefined);
  await client.connect();
  return {
    store: redisStore(client),
    end: () => {
      client.destroy();
    },
  };
};

const overPg = async (url: string): Promise<Connection> => {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => undefined);
  await pool.query(postgresSchema);
  return { store: postgresStore(pool), end: () => pool.end() };
};

/** The library waits five seconds for a store; a test may meet that several times. */
const testMs = 40_000;

/** Tries until it succeeds; the test's own limit ends it. */
const eventually = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await systemRuntime.sleep(50);
    }
  }
};

const suffer = (serverUrl: string, connect: (url: string) => Promise<Connection>) => () => {
  let simulator: Simulator;
  let customer: string;
  beforeAll(async () => {
    simulator = await startSimulator({ providers: ['omise'] });
    customer = await savedCustomer(simulator);
  });
  afterAll(() => simulator.close());

  const chargesOf = (key: string) =>
    simulator.ledger.charges().filter(({ metadata }) => metadata['unicharge_key'] === key);

  const withShop = async (
    settings: OmiseSettings,
    test: (shop: {
      gate: Gate;
      store: OperationStore;
      events: readonly ClientEvent[];
      create(key: string): Promise<{ id: string }>;
      reconcile(key: string): Promise<unknown>;
    }) => Promise<void>,
  ): Promise<void> => {
    const gate = await createGate(serverUrl);
    const connection = await connect(gate.url);
    const events: ClientEvent[] = [];
    const charges = createOmise({
      ...simulator.settings('omise'),
      store: connection.store,
      namespace: systemRuntime.uuid(),
      onEvent: (event) => events.push(event),
      ...settings,
    });
    try {
      await test({
        gate,
        store: connection.store,
        events,
        create: (key) =>
          charges.create(
            { amount: 45900, currency: 'THB', source: { type: 'customer', customer } },
            { idempotencyKey: key },
          ),
        reconcile: (key) => charges.reconcile(key),
      });
    } finally {
      gate.cut();
      await connection.end();
      await gate.close();
    }
  };

  it.concurrent.each(['cut', 'hang'] as const)(
    'refuses to send while the server is away (%s), and sends when it is back',
    { timeout: testMs },
    (failure) =>
      withShop({}, async ({ gate, create }) => {
        const key = `order-${failure}`;
        gate[failure]();
        await expect(create(key)).rejects.toMatchObject({
          name: 'ConnectionError',
          code: 'store_unavailable',
          outcome: 'not_sent',
          idempotencyKey: key,
        });
        expect(chargesOf(key)).toEqual([]);
        gate.cut();
        gate.open();
        const { id } = await eventually(() => create(key));
        expect(chargesOf(key)).toMatchObject([{ id }]);
      }),
  );

  it.concurrent('sends without a record where the settings ask for that', { timeout: testMs }, () =>
    withShop({ storeFailure: 'send' }, async ({ gate, create, events }) => {
      gate.hang();
      const { id } = await create('order-unrecorded');
      expect(chargesOf('order-unrecorded')).toMatchObject([{ id }]);
      expect(events).toContainEqual(expect.objectContaining({ type: 'store', action: 'begin' }));
    }),
  );

  it.concurrent('returns the charge when the server goes away after it was made', { timeout: testMs }, () =>
    withShop({}, async ({ gate, create, events, reconcile }) => {
      const key = 'order-unsettled';
      const stop = simulator.ledger.subscribe(({ charge }) => {
        if (charge.metadata['unicharge_key'] === key) gate.hang();
      });
      const { id } = await create(key);
      stop();
      expect(events).toContainEqual(expect.objectContaining({ type: 'store', action: 'settle' }));
      gate.cut();
      gate.open();
      // The record is as it was, or a client that kept the last word has delivered it by now: nothing is sent again.
      await eventually(() => reconcile(key));
      const repeated = await create(key).then(
        (charge) => charge.id,
        (error: unknown) => (error as Error).name,
      );
      expect([id, 'OperationInProgressError']).toContain(repeated);
      expect(chargesOf(key)).toMatchObject([{ id }]);
    }),
  );
};

describe('a store whose server fails', () => {
  describeWithRedis('redisStore over ioredis', suffer(redisUrl, overIoredis));
  describeWithRedis('redisStore over node-redis', suffer(redisUrl, overNodeRedis));
  describeWithPostgres('postgresStore over pg', suffer(databaseUrl, overPg));
});
