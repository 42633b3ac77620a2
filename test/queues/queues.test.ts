import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Queue, type Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import PgBoss from 'pg-boss';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as bullmq from '../../examples/queue-bullmq.js';
import * as pgBoss from '../../examples/queue-pg-boss.js';
import type { CreateParams } from '../../src/models/params.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { postgresSchema, postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { savedCustomer } from '../stores/processes/saved-customer.js';
import { databaseUrl, describeWithPostgres, describeWithRedis, redisUrl } from '../stores/servers.js';
import type { DoomedSettings } from './doomed-worker.js';
import { halts } from './halting-store.js';

const testMs = 240_000;

/** One kind of queue, with everything that this test asks of it. */
interface Desk {
  readonly store: OperationStore;
  enqueue(id: string, params: CreateParams): Promise<unknown>;
  /** A worker of this process that lives. */
  work(charges: ReturnType<typeof createOmise>): Promise<unknown>;
  /** What the job left behind; null until it is done. */
  resultOf(id: string): Promise<{ chargeId?: string; rejected?: string } | null>;
  close(): Promise<void>;
}

const overQueue =
  (kind: DoomedSettings['kind'], url: string, open: (queue: string) => Promise<Desk>) => () => {
    const queue = `charges_${systemRuntime.uuid().slice(0, 8)}`;
    const namespace = systemRuntime.uuid();
    let simulator: Simulator;
    let desk: Desk;
    let customer: string;
    let doomed: ChildProcess | undefined;

    beforeAll(async () => {
      simulator = await startSimulator({ providers: ['omise'] });
      customer = await savedCustomer(simulator);
      desk = await open(queue);
    }, testMs);
    afterAll(async () => {
      doomed?.kill('SIGKILL');
      await desk.close();
      await simulator.close();
    }, testMs);

    // A card that may be charged again and again, at a provider without idempotency keys: nothing else stops a second charge.
    const order = (): CreateParams => ({
      amount: 45_900,
      currency: 'THB',
      source: { type: 'customer', customer },
    });

    const chargesOf = (key: string): string[] =>
      simulator.ledger
        .charges()
        .filter(({ metadata }) => metadata['unicharge_key'] === key)
        .map(({ id }) => id);

    it(
      'charges once for each job, at whatever step its worker was killed',
      async () => {
        const stops = Object.fromEntries(halts.map((halt) => [systemRuntime.uuid(), halt] as const));
        const inFlight = systemRuntime.uuid();
        const untouched = systemRuntime.uuid();
        for (const id of Object.keys(stops)) await desk.enqueue(id, order());
        const settings: DoomedSettings = {
          kind,
          url,
          queue,
          namespace,
          omise: simulator.settings('omise'),
          halts: stops,
        };
        doomed = fork(
          fileURLToPath(new URL('doomed-worker.ts', import.meta.url)),
          [JSON.stringify(settings)],
          {
            execArgv: ['--import', 'tsx'],
          },
        );
        const standing = new Set<unknown>();
        doomed.on('message', (key) => standing.add(key));
        await expect.poll(() => standing.size, { timeout: testMs }).toBe(halts.length);
        // One more whose request the provider has carried out, and whose answer is still under way.
        simulator.inject({
          provider: 'omise',
          operation: 'create',
          fault: { type: 'delay', when: 'after_commit', ms: testMs },
        });
        await desk.enqueue(inFlight, order());
        await expect.poll(() => chargesOf(inFlight).length, { timeout: testMs }).toBe(1);
        const exit = once(doomed, 'exit');
        doomed.kill('SIGKILL');
        await exit;
        simulator.clearFaults();

        // Enqueued twice, as a web server does that was not answered either.
        for (const id of [...Object.keys(stops), untouched]) await desk.enqueue(id, order());
        await desk.work(createOmise({ ...simulator.settings('omise'), store: desk.store, namespace }));
        for (const id of [...Object.keys(stops), inFlight, untouched]) {
          await expect.poll(() => desk.resultOf(id), { timeout: testMs, interval: 200 }).not.toBeNull();
          const made = chargesOf(id);
          expect({ id, halt: stops[id], made: made.length }).toEqual({ id, halt: stops[id], made: 1 });
          expect((await desk.resultOf(id))?.chargeId).toBe(made[0]);
        }

        const declined = systemRuntime.uuid();
        await desk.enqueue(declined, {
          amount: 45_900,
          currency: 'THB',
          source: simulator.source('omise', 'declined'),
        });
        await expect.poll(() => desk.resultOf(declined), { timeout: testMs, interval: 200 }).not.toBeNull();
        expect((await desk.resultOf(declined))?.rejected).toBeDefined();
        const tries = simulator
          .requests()
          .filter(({ operation }) => operation === 'create')
          .filter((_, index, all) => index === all.length - 1);
        expect(tries.length).toBe(1);
      },
      testMs,
    );
  };

const openBullmq = (name: string): Promise<Desk> => {
  const client = new Redis(redisUrl);
  const queue = new Queue<bullmq.ChargeJob, bullmq.ChargeJobResult>(name, { connection: { url: redisUrl } });
  let worker: Worker | undefined;
  return Promise.resolve({
    store: redisStore(client),
    enqueue: async (id, params) => {
      const job = await bullmq.enqueueCharge(queue, id, params);
      return job.id;
    },
    work: (charges) => {
      worker = bullmq.startChargeWorker(name, charges, {
        connection: { url: redisUrl },
        concurrency: 10,
        stalledInterval: 500,
        lockDuration: 3_000,
      });
      return Promise.resolve();
    },
    resultOf: async (id) => {
      const job = await queue.getJob(id);
      const state = await job?.getState();
      // What waits for its next attempt need not wait ten seconds here.
      if (state === 'delayed') await job?.promote();
      if (state === 'completed') return job?.returnvalue ?? null;
      return state === 'failed' ? { rejected: job?.failedReason ?? '' } : null;
    },
    close: async () => {
      await worker?.close(true);
      await queue.obliterate({ force: true });
      await queue.close();
      await client.quit();
    },
  });
};

const openPgBoss = async (name: string): Promise<Desk> => {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  await pool.query(postgresSchema);
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: name,
    maintenanceIntervalSeconds: 1,
    monitorStateIntervalSeconds: 1,
  });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue(name);
  return {
    store: postgresStore(pool),
    enqueue: (id, params) =>
      pgBoss.enqueueCharge(boss, name, id, params, { expireInSeconds: 3, retryDelay: 1 }),
    work: async (charges) => {
      for (let count = 0; count < 4; count += 1)
        await pgBoss.startChargeWorker(boss, name, charges, { pollingIntervalSeconds: 0.5 });
    },
    resultOf: async (id) => {
      const job = await boss.getJobById<pgBoss.ChargeJob>(name, id);
      return job?.state === 'completed' ? job.output : null;
    },
    close: async () => {
      await boss.stop({ graceful: false, wait: true });
      await pool.query(`DROP SCHEMA "${name}" CASCADE`);
      await pool.end();
    },
  };
};

describe('charges as jobs', () => {
  describeWithRedis('of BullMQ', overQueue('bullmq', redisUrl, openBullmq));
  describeWithPostgres('of pg-boss', overQueue('pg-boss', databaseUrl, openPgBoss));
});
