// One process of a merchant: it charges what it is told to, over a store that it shares with others.
import { Redis } from 'ioredis';
import pg from 'pg';
import { ChargesError, OperationInProgressError } from '../../../src/errors.js';
import type { OperationStore } from '../../../src/models/operation-store.js';
import { createOmise } from '../../../src/providers/omise/index.js';
import { createStripe } from '../../../src/providers/stripe/index.js';
import { systemRuntime } from '../../../src/runtime.js';
import { postgresSchema, postgresStore } from '../../../src/stores/postgres.js';
import { redisStore } from '../../../src/stores/redis.js';
import { sqliteStore } from '../../../src/stores/sqlite.js';
import { libsql, openFile } from '../sqlite-drivers.js';
import type { Answer, Finding, Order, ProcessSettings, Reply, Request } from './messages.js';

const settings = JSON.parse(process.argv[2] ?? '') as ProcessSettings;

const openStore = async (): Promise<OperationStore> => {
  if (settings.store === 'redis') return redisStore(new Redis(settings.url));
  if (settings.store === 'sqlite') return sqliteStore(openFile(libsql, settings.url));
  const pool = new pg.Pool({ connectionString: settings.url });
  await pool.query(postgresSchema);
  return postgresStore(pool);
};

const withLease = (store: OperationStore, leaseMs: number): OperationStore => ({
  ...store,
  begin: (operation) => store.begin({ ...operation, leaseMs }),
  claim: (operation) => store.claim({ ...operation, leaseMs }),
});

const opened = await openStore();
const store = settings.leaseMs === undefined ? opened : withLease(opened, settings.leaseMs);
const common = { store, namespace: settings.namespace };
const clients = {
  omise: createOmise({ ...settings.omise, ...common }),
  stripe: createStripe({ ...settings.stripe, ...common }),
};

const create = async ({ provider, key, source, amount = 45_900 }: Order): Promise<string> => {
  const options = { idempotencyKey: key };
  const charge =
    provider === 'omise'
      ? await clients.omise.create(
          { amount, currency: 'THB', source: { type: 'customer', customer: source } },
          options,
        )
      : await clients.stripe.create({ amount, currency: 'EUR', source }, options);
  return charge.id;
};

const carryOut = async (order: Order): Promise<Answer> => {
  for (;;) {
    try {
      return { charge: await create(order) };
    } catch (error) {
      if (!(error instanceof ChargesError)) throw error;
      if (!(error instanceof OperationInProgressError && order.untilAnswered))
        return { error: error.name, outcome: error.outcome };
      await systemRuntime.sleep(5);
    }
  }
};

const reconcilePending = async (): Promise<Finding[]> => {
  const findings: Finding[] = [];
  for (const client of Object.values(clients)) {
    for await (const found of client.reconcilePending()) {
      const charge = found.outcome === 'happened' ? (found.charge?.id ?? null) : null;
      findings.push({ key: found.idempotencyKey, outcome: found.outcome, charge });
    }
  }
  return findings;
};

const reply = (message: Reply): void => {
  process.send?.(message);
};

process.on('message', (request: Request) => {
  if (request.type === 'create') {
    void Promise.all(request.orders.map(carryOut)).then((answers) => {
      reply({ type: 'answers', answers });
    });
  } else {
    void reconcilePending().then((findings) => {
      reply({ type: 'findings', findings });
    });
  }
});
reply({ type: 'ready' });
