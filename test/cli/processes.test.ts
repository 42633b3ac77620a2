import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { ChargesClient } from '../../src/charges-client.js';
import { run } from '../../src/cli/run.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { createPostgresSchema, postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { databaseUrl, describeWithPostgres, describeWithRedis, redisUrl } from '../stores/servers.js';
import { inTerminal, processTestMs, unicharge } from './a-process.js';
import { places, recordTerminal } from './a-terminal.js';
import { orderAt } from './surroundings.js';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const config = file('shop.config.ts');

describe('unicharge as a process', () => {
  it(
    'says its version, and what it did not understand',
    async () => {
      expect(await unicharge(['--version'])).toEqual({
        exitCode: 0,
        stdout: `${packageJson.version}\n`,
        stderr: '',
      });
      expect(await unicharge(['explode'])).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringContaining('See unicharge --help.'),
      });
    },
    processTestMs,
  );
});

const overStore =
  (
    kind: 'postgres' | 'redis',
    url: string,
    open: (prefix: string) => Promise<{ store: OperationStore; close(): Promise<unknown> }>,
  ) =>
  () => {
    // No other test writes under it: everything that is open there is ours.
    const prefix = `cli_${systemRuntime.uuid().slice(0, 8)}_`;
    const prefixOption = kind === 'postgres' ? '--table-prefix' : '--prefix';
    const namespace = 'shop';
    let simulator: Simulator;
    let opened: Awaited<ReturnType<typeof open>>;
    let environment: Record<string, string>;

    /** Answers that are lost after the charge was made, and before. */
    const loseAnswers = async (): Promise<void> => {
      const common = { store: opened.store, namespace };
      const clients: Record<'omise' | 'stripe', ChargesClient> = {
        omise: createOmise({ ...simulator.settings('omise'), ...common }),
        stripe: createStripe({ ...simulator.settings('stripe'), ...common }),
      };
      for (const provider of ['omise', 'stripe'] as const) {
        for (let index = 0; index < 8; index += 1) {
          const fault = index % 2 === 0 ? 'cut_after_commit' : 'cut_before_commit';
          simulator.inject({ provider, operation: 'create', fault });
          const lost = clients[provider].create(orderAt(simulator, provider), {
            idempotencyKey: `order-${index}`,
            maxRetries: 0,
          });
          await expect(lost).rejects.toMatchObject({ outcome: 'unknown' });
        }
      }
    };

    beforeAll(async () => {
      simulator = await startSimulator({ providers: ['omise', 'stripe'] });
      opened = await open(prefix);
      const [omise, stripe] = [simulator.settings('omise'), simulator.settings('stripe')];
      environment = { UNICHARGE_TEST: JSON.stringify({ namespace, prefix, omise, stripe, [kind]: url }) };
    });
    afterAll(async () => {
      await opened.close();
      await simulator.close();
    });

    it(
      'shows open writes without a key, and settles all of them by itself, as the ledger says',
      async () => {
        await loseAnswers();
        const pending = async () => {
          const terminal = recordTerminal();
          const words = ['pending', `--${kind}`, url, prefixOption, prefix, '--json'];
          const exitCode = await run(words, { ...places, terminal });
          return { exitCode, ...(JSON.parse(terminal.written.stdout) as object) };
        };
        expect(await pending()).toMatchObject({ exitCode: 0, open: 16 });

        const before = simulator.requests().length;
        const { exitCode, stdout } = await inTerminal(
          ['reconcile', '--config', config, '--wait', '60s'],
          environment,
        );
        expect(stdout).toContain('[########################] 16/16');
        expect(stdout).toContain('settled 16  happened 8  did not happen 8  open 0\r\n');
        expect(exitCode).toBe(0);
        const requests = simulator.requests().slice(before);
        expect([...new Set(requests.map(({ method }) => method))]).toEqual(['GET']);
        expect(await pending()).toEqual({ exitCode: 0, open: 0, writes: [] });

        const ledger = simulator.ledger.charges();
        expect(ledger.length).toBe(8);
        for (const { id, provider, metadata } of ledger) {
          const scope = `${namespace}/${provider}/test/-`;
          const stored = await opened.store.get(scope, String(metadata['unicharge_key']));
          expect(stored?.record).toMatchObject({ state: 'succeeded', result: { value: { id } } });
        }
      },
      processTestMs,
    );

    it(
      'examines everything that the config exports, and colours nothing in a pipe',
      async () => {
        const tables = kind === 'postgres' ? [prefixOption, prefix] : [];
        const { stdout } = await unicharge(['doctor', '--config', config, ...tables], environment);
        expect(stdout).toMatch(/^store +ok +this is the primary$/m);
        expect(stdout).toMatch(/^omise +ok +test key, 127\.0\.0\.1:\d+$/m);
        expect(stdout).toMatch(/^stripe +ok +API version /m);
        expect(stdout).not.toContain('\u001b');
      },
      processTestMs,
    );
  };

describeWithPostgres(
  'unicharge over postgresStore',
  overStore('postgres', databaseUrl, async (tablePrefix) => {
    const pool = new pg.Pool({ connectionString: databaseUrl });
    await pool.query(createPostgresSchema({ tablePrefix }));
    return {
      store: postgresStore(pool, { tablePrefix }),
      close: async () => {
        await pool.query(`DROP TABLE "${tablePrefix}operations", "${tablePrefix}claimed_refunds"`);
        await pool.end();
      },
    };
  }),
);

describeWithRedis(
  'unicharge over redisStore',
  overStore('redis', redisUrl, (prefix) => {
    const client = new Redis(redisUrl);
    return Promise.resolve({ store: redisStore(client, { prefix }), close: () => client.quit() });
  }),
);

describe.runIf(process.platform === 'linux')('unicharge in a terminal', () => {
  it(
    'is coloured, unless NO_COLOR says otherwise',
    async () => {
      expect((await inTerminal(['doctor'])).stdout).toContain('\u001b[32mok\u001b[39m');
      expect((await inTerminal(['doctor'], { NO_COLOR: '1' })).stdout).not.toContain('\u001b');
    },
    processTestMs,
  );
});
