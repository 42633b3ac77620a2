import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../src/cli/doctor.js';
import type { StoreConnection } from '../../src/cli/open-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createRouter } from '../../src/router/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { createPostgresSchema, postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { anOperation, ownerOf } from '../stores/an-operation.js';
import { databaseUrl, describeWithPostgres, describeWithRedis, redisUrl } from '../stores/servers.js';
import { recordTerminal } from './a-terminal.js';
import { clientsOf, surroundingsOf } from './surroundings.js';

interface Printed {
  version: string;
  problems: number;
  warnings: number;
  checks: { subject: string; status: string; message: string; advice: string | null }[];
}

const look = async (
  surroundings: ReturnType<typeof surroundingsOf>,
): Promise<{ exitCode: number; lines: string[]; printed: Printed }> => {
  const terminal = recordTerminal();
  const exitCode = await examine(surroundings, terminal, { json: true });
  const printed = JSON.parse(terminal.written.stdout) as Printed;
  const lines = printed.checks.map(({ subject, status, message }) => `${subject} ${status}: ${message}`);
  return { exitCode, lines, printed };
};

const durable = () => ({ ...memoryStore(), durable: true });

/** An ioredis client that answers as a server with this state would. */
const redisSaying = (info: Record<string, string>, save: string | null): StoreConnection => {
  const client = {
    eval: () => Promise.reject(new Error('not asked')),
    evalsha: () => Promise.reject(new Error('not asked')),
    call: (name: string) => {
      if (name === 'INFO')
        return Promise.resolve(
          `# All\r\n${Object.entries(info)
            .map(([key, value]) => `${key}:${value}`)
            .join('\r\n')}`,
        );
      return save === null
        ? Promise.reject(new Error("NOPERM this user has no permissions to run the 'config' command"))
        : Promise.resolve(['save', save]);
    },
  };
  return { kind: 'redis', client };
};

const sound = {
  maxmemory_policy: 'noeviction',
  maxmemory: '0',
  aof_enabled: '1',
  aof_last_write_status: 'ok',
  role: 'master',
  connected_slaves: '0',
};

const ofRedis = async (changes: Record<string, string>, save: string | null = '3600 1') =>
  look(surroundingsOf([durable()], {}, redisSaying({ ...sound, ...changes }, save)));

describe('unicharge doctor about Redis', () => {
  it('is content with one that keeps everything', async () => {
    const { exitCode, lines } = await ofRedis({});
    expect(exitCode).toBe(0);
    expect(lines.filter((line) => line.startsWith('store'))).toEqual([
      'store ok: Redis evicts nothing (maxmemory-policy noeviction)',
      'store ok: Redis has an append-only file (appendonly yes)',
      'store ok: this is the primary',
      'store ok: no write is open',
    ]);
  });

  it.each([
    [{ maxmemory_policy: 'allkeys-lru', maxmemory: '1048576' }, 'problem: Redis evicts records', 3],
    [{ maxmemory_policy: 'volatile-ttl' }, 'problem: Redis evicts records', 3],
    [{ role: 'slave' }, 'problem: this is a replica', 3],
    [{ aof_last_write_status: 'err' }, 'problem: Redis could not write', 3],
    [{ aof_enabled: '0' }, 'warning: Redis persists snapshots alone (save 3600 1)', 0],
    [{ connected_slaves: '2' }, 'warning: Redis replicates asynchronously', 0],
  ])('finds %j', async (changes, found, expected) => {
    const { exitCode, lines } = await ofRedis(changes);
    expect(exitCode).toBe(expected);
    expect(lines).toContainEqual(expect.stringContaining(found));
  });

  it('finds one that persists nothing, and does not guess where it may not ask', async () => {
    expect((await ofRedis({ aof_enabled: '0' }, '')).lines).toContainEqual(
      expect.stringContaining('problem: Redis persists nothing'),
    );
    expect((await ofRedis({ aof_enabled: '0' }, null)).lines).toContainEqual(
      expect.stringContaining('warning: Redis keeps no append-only file'),
    );
  });
});

describe('unicharge doctor about open writes', () => {
  it('warns of what is older than a day, and says how old', async () => {
    const day = 86_400_000;
    let now = Date.now() - 3 * day;
    const store = memoryStore({ runtime: { now: () => now } });
    await store.begin(anOperation({ scope: 'default/stripe/test/-', key: 'order-1' }));
    now += 3 * day;
    await store.begin(anOperation({ scope: 'default/stripe/test/-', key: 'order-2' }));
    const { printed, lines } = await look(surroundingsOf([store]));
    expect(lines).toContainEqual('store warning: 1 of 2 open writes are older than a day, the oldest 3 d');
    expect(printed.checks.every(({ status, advice }) => (status === 'ok') === (advice === null))).toBe(true);
  });

  it('says that without a store records end with the process', async () => {
    const { lines, exitCode } = await look(surroundingsOf([]));
    expect(lines).toContainEqual('store warning: no store is known: records end with the process');
    expect(exitCode).toBe(0);
  });
});

describe('unicharge doctor about clients', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.close());

  it('reads each provider once, and sends nothing but reads', async () => {
    const clients = clientsOf(simulator, { store: durable() });
    const { lines } = await look(surroundingsOf([], clients));
    const requests = simulator.requests().filter(({ path }) => path !== '/oauth/token');
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET', 'GET', 'GET']);
    for (const provider of simulator.providers) {
      expect(lines).toContainEqual(`${provider} ok: the clock agrees with the provider’s`);
      expect(lines).toContainEqual(`${provider} ok: 0 charges read, nothing in them was unknown`);
      expect(lines).toContainEqual(expect.stringMatching(`^${provider} ok: test key, 127.0.0.1:`));
    }
    expect(lines).toContainEqual('stripe ok: API version 2026-08-26.dahlia');
    expect(lines).toContainEqual('omise ok: API version 2019-05-29');
  });

  it('tells a secret that is missing from one that is there and one that is a key', async () => {
    const settings = simulator.settings('stripe');
    const clients = {
      without: createStripe(settings),
      with: createStripe({ ...settings, webhookSecret: 'whsec_of_the_shop' }),
      mistaken: createStripe({ ...settings, webhookSecret: settings.secretKey }),
    };
    const { lines, exitCode, printed } = await look(surroundingsOf([], clients));
    expect(lines).toContainEqual('without warning: no webhook secret');
    expect(lines).toContainEqual('with ok: webhooks are verified with a secret');
    expect(lines).toContainEqual(expect.stringMatching('^mistaken problem: webhooks cannot be verified'));
    expect(exitCode).toBe(3);
    const text = JSON.stringify(printed);
    expect(text).not.toContain('whsec_of_the_shop');
    expect(text).not.toContain(settings.secretKey);
  });

  it('names the routes of a router, warns of a store that ends with its process, and checks each client', async () => {
    const store = memoryStore();
    const router = createRouter({
      store,
      routes: [{ name: 'main', client: createStripe({ ...simulator.settings('stripe'), store }) }],
    });
    const { lines } = await look(surroundingsOf([store], { router }));
    expect(lines.filter((line) => line.startsWith('router '))).toEqual([
      'router ok: routes: main',
      expect.stringContaining('router warning: the store of this router is not durable'),
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^router\/main ok: test key, 127\.0\.0\.1:/));
    expect(simulator.requests().map(({ method }) => method)).toEqual(['GET']);
  });

  it('finds a clock that is off', async () => {
    const omise = createOmise({ ...simulator.settings('omise'), store: durable() });
    simulator.clock.advance(10 * 60_000);
    const { lines } = await look(surroundingsOf([], { omise }));
    expect(lines).toContainEqual(
      expect.stringMatching(/^omise problem: this machine’s clock is (?:9|10) min behind the provider’s$/),
    );
  });

  it('finds a key that is refused and a provider that is away', async () => {
    const refused = createStripe({ ...simulator.settings('stripe'), secretKey: `sk_test_${'x'.repeat(20)}` });
    const away = createPin({ ...simulator.settings('pin'), baseUrl: 'http://127.0.0.1:1' });
    const { lines, exitCode, printed } = await look(surroundingsOf([], { refused, away }));
    expect(lines).toContainEqual(expect.stringMatching('^refused problem: the provider refuses the key'));
    expect(lines).toContainEqual(expect.stringMatching('^away problem: charges could not be read'));
    expect(exitCode).toBe(3);
    expect(JSON.stringify(printed)).not.toContain('x'.repeat(20));
  });

  it('tells what answers hold that this version does not know', async () => {
    const settings = simulator.settings('omise');
    const create = createOmise(settings);
    await create.create({
      amount: 45_900,
      currency: 'THB',
      source: simulator.source('omise', 'approved'),
    });
    const page = await fetch(`${settings.baseUrl}/charges`, {
      headers: { authorization: `Basic ${Buffer.from(`${settings.secretKey}:`).toString('base64')}` },
    });
    const list = (await page.json()) as { data: Record<string, unknown>[] };
    list.data[0]!['status'] = 'teleported';
    const server = createServer((_, answer) => answer.end(JSON.stringify(list))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const omise = createOmise({ ...settings, baseUrl: `http://127.0.0.1:${port}` });
    const { lines } = await look(surroundingsOf([], { omise }));
    expect(lines).toContainEqual(
      expect.stringMatching(/^omise warning: 1 charges read, .*status \(unknown_value\)/),
    );
    server.close();
  });

  it('shows it for people, with what to do below what was found', async () => {
    const terminal = recordTerminal();
    const exitCode = await examine(
      surroundingsOf([durable()], {}, redisSaying({ ...sound, maxmemory_policy: 'allkeys-lru' }, '')),
      terminal,
      { json: false },
    );
    expect(exitCode).toBe(3);
    expect(`\n${terminal.written.stdout}`.replace(/Node \S+/, 'Node 20')).toBe(`
runtime  ok       Node 20 tells whether a request left
store    problem  Redis evicts records when memory is short (maxmemory-policy allkeys-lru); maxmemory is unset, records will be evicted once it is set
                  set maxmemory-policy noeviction, and do not share this Redis with a cache
store    ok       Redis has an append-only file (appendonly yes)
store    ok       this is the primary
store    ok       no write is open

No client was checked: name a module that exports clients with --config.

4 ok, 0 warnings, 1 problems (exit 3)
`);
    const colourful = recordTerminal({ isTTY: true });
    await examine(surroundingsOf([durable()]), colourful, { json: false });
    expect(colourful.written.stdout).toContain('\u001b[32mok\u001b[39m');
  });
});

describeWithRedis('unicharge doctor about a real Redis', () => {
  const client = new Redis(redisUrl, { lazyConnect: true });
  afterAll(() => {
    client.disconnect();
  });

  it('finds a planted eviction policy, through either driver', async () => {
    const other = await createClient({ url: redisUrl }).connect();
    await client.config('SET', 'maxmemory-policy', 'allkeys-lfu');
    try {
      for (const each of [client, other]) {
        const store = redisStore(each, { prefix: `doctor-${systemRuntime.uuid()}:` });
        const { lines } = await look(surroundingsOf([store], {}, { kind: 'redis', client: each }));
        expect(lines).toContainEqual(
          expect.stringMatching(/^store problem: Redis evicts records .*allkeys-lfu/),
        );
      }
    } finally {
      await client.config('SET', 'maxmemory-policy', 'noeviction');
      other.destroy();
    }
    const { lines } = await look(surroundingsOf([], {}, { kind: 'redis', client }));
    expect(lines.some((line) => line.includes('evicts records'))).toBe(false);
  });
});

describeWithPostgres('unicharge doctor about a real PostgreSQL', () => {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const tables = { tablePrefix: 'doctor_' };
  const connection: StoreConnection = { kind: 'postgres', pool, ...tables };
  const drop = () => pool.query('DROP TABLE IF EXISTS doctor_operations, doctor_claimed_refunds');
  beforeEach(drop);
  afterAll(async () => {
    await drop();
    await pool.end();
  });

  it('finds tables that are missing, and tables that a crash empties', async () => {
    const store = postgresStore(pool, { ...tables, cleanup: false });
    const lines = async () => (await look(surroundingsOf([store], {}, connection))).lines;
    expect(await lines()).toContainEqual('store problem: the tables are missing');
    await pool.query(createPostgresSchema(tables));
    expect(await lines()).toContainEqual('store ok: the tables are there');
    expect(await lines()).toContainEqual('store ok: this is the primary');
    const made = await store.begin(anOperation({ scope: 'default/stripe/test/-' }));
    expect(await lines()).toContainEqual('store ok: 1 open writes, none older than a day');
    await store.release(ownerOf(made));
    await pool.query('ALTER TABLE doctor_operations SET UNLOGGED');
    expect(await lines()).toContainEqual('store problem: the tables are UNLOGGED: a crash empties them');
  });

  it.each([
    [{ recovering: 'true' }, 'problem: this PostgreSQL is a replica'],
    [{ read_only: 'on' }, 'problem: transactions are read only'],
    [{ fsync: 'off' }, 'problem: PostgreSQL persists nothing for certain'],
    [{ commits: 'off' }, 'warning: PostgreSQL may lose committed records in a crash'],
  ])('finds %j', async (changes, found) => {
    const row = {
      recovering: 'false',
      fsync: 'on',
      commits: 'on',
      read_only: 'off',
      operations: 'p',
      claims: 'p',
    };
    const saying = { query: () => Promise.resolve({ rows: [{ ...row, ...changes }] }) };
    const { lines } = await look(surroundingsOf([durable()], {}, { kind: 'postgres', pool: saying }));
    expect(lines).toContainEqual(expect.stringContaining(found));
  });
});
