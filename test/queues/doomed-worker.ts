// A worker that is killed in the middle of its jobs: each of them stands still at a step of its own.
import { Redis } from 'ioredis';
import pg from 'pg';
import PgBoss from 'pg-boss';
import { startChargeWorker as startBullmq } from '../../examples/queue-bullmq.js';
import { startChargeWorker as startPgBoss } from '../../examples/queue-pg-boss.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';
import { haltingStore, type Halt } from './halting-store.js';

export interface DoomedSettings {
  readonly kind: 'bullmq' | 'pg-boss';
  readonly url: string;
  readonly queue: string;
  readonly namespace: string;
  readonly omise: { secretKey: string; baseUrl: string; settleMs: number; abandonedMs: number };
  readonly halts: Readonly<Record<string, Halt>>;
}

const settings = JSON.parse(process.argv[2] ?? '') as DoomedSettings;
const durable =
  settings.kind === 'bullmq'
    ? redisStore(new Redis(settings.url))
    : postgresStore(new pg.Pool({ connectionString: settings.url }));
const store = haltingStore(
  durable,
  (key) => settings.halts[key] ?? null,
  (key) => process.send?.(key),
);
const charges = createOmise({ ...settings.omise, store, namespace: settings.namespace });

if (settings.kind === 'bullmq') {
  startBullmq(settings.queue, charges, {
    connection: { url: settings.url },
    concurrency: 10,
    lockDuration: 3_000,
  });
} else {
  const boss = new PgBoss({ connectionString: settings.url, schema: settings.queue, supervise: false });
  await boss.start();
  for (let count = 0; count < 6; count += 1)
    await startPgBoss(boss, settings.queue, charges, { pollingIntervalSeconds: 0.5 });
}
