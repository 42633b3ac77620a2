import { fieldsOf, memberOf } from '../../models/objects.js';
import { hasMethod } from '../../options.js';
import { postgresTables } from '../../stores/postgres/tables.js';
import type { PostgresQueryable } from '../../stores/postgres.js';
import type { StoreConnection } from '../open-store.js';
import { checksOf, type Check } from './check.js';

const { ok, warning, problem } = checksOf('store');

/** ioredis. */
interface IoredisClient {
  call(...words: string[]): Promise<unknown>;
}

/** node-redis. */
interface NodeRedisClient {
  sendCommand(words: string[]): Promise<unknown>;
}

const isIoredis = (client: object): client is IoredisClient => hasMethod(client, 'call');
const isNodeRedis = (client: object): client is NodeRedisClient => hasMethod(client, 'sendCommand');

const command = (client: object, ...words: string[]): Promise<unknown> => {
  // ioredis asks one node of a cluster. The cluster client of node-redis takes other arguments, and rejects.
  if (isIoredis(client)) return client.call(...words);
  if (isNodeRedis(client)) return client.sendCommand(words);
  return Promise.reject(new Error('this client has neither `call` nor `sendCommand`'));
};

/** `INFO` as names and values. */
const parseInfo = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':');
      return line.startsWith('#') || at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );

/** `CONFIG GET save`; null where this user may not ask, as on managed servers. */
const snapshotsOf = async (client: object): Promise<string | null> => {
  try {
    const answer = await command(client, 'CONFIG', 'GET', 'save');
    if (Array.isArray(answer)) return answer.length === 2 ? String(answer[1]) : null;
    const value = memberOf(answer, 'save');
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
};

const persistence = (info: ReadonlyMap<string, string>, snapshots: string | null): Check => {
  if (info.get('aof_enabled') === '1') {
    return info.get('aof_last_write_status') === 'err'
      ? problem(
          'Redis could not write its append-only file',
          'look at its log and its disk: new records are not kept',
        )
      : ok('Redis has an append-only file (appendonly yes)');
  }
  if (snapshots === '') {
    return problem(
      'Redis persists nothing: a restart forgets which writes are open',
      'set appendonly yes, or use PostgreSQL',
    );
  }
  const what =
    snapshots === null
      ? 'Redis keeps no append-only file'
      : `Redis persists snapshots alone (save ${snapshots})`;
  return warning(what, 'set appendonly yes: a crash forgets what came after the last snapshot');
};

/** Whether Redis keeps what it is given. */
export const checkRedis = async (client: object): Promise<Check[]> => {
  const info = parseInfo(String(await command(client, 'INFO')));
  const checks: Check[] = [];
  const policy = info.get('maxmemory_policy');
  const limit = info.get('maxmemory') ?? '0';
  if (policy === undefined) {
    checks.push(warning('Redis does not report its maxmemory-policy', 'make sure that it is noeviction'));
  } else if (policy === 'noeviction') checks.push(ok('Redis evicts nothing (maxmemory-policy noeviction)'));
  else {
    const unlimited = limit === '0' ? '; maxmemory is unset, records will be evicted once it is set' : '';
    checks.push(
      problem(
        `Redis evicts records when memory is short (maxmemory-policy ${policy})${unlimited}`,
        'set maxmemory-policy noeviction, and do not share this Redis with a cache',
      ),
    );
  }
  checks.push(persistence(info, await snapshotsOf(client)));
  if (info.get('role') === 'slave') {
    checks.push(problem('this is a replica of Redis', 'connect to the primary: a replica takes no records'));
  } else {
    checks.push(ok('this is the primary'));
    if (info.get('cluster_enabled') !== '1' && Number(info.get('connected_slaves') ?? 0) > 0) {
      checks.push(
        warning(
          'Redis replicates asynchronously: a failover may lose the last records',
          'wait for the replicas where that is not acceptable, or use PostgreSQL with synchronous replication',
        ),
      );
    }
  }
  return checks;
};

const isPool = (pool: object): pool is PostgresQueryable => hasMethod(pool, 'query');

/** Whether PostgreSQL keeps what it is given, and has the tables. */
export const checkPostgres = async (
  connection: Extract<StoreConnection, { kind: 'postgres' }>,
): Promise<Check[]> => {
  const { operations, claimedRefunds } = postgresTables('doctor', connection);
  const { pool } = connection;
  if (!isPool(pool)) throw new TypeError('the `postgres` export of the config is not a pool');
  const { rows } = await pool.query(
    `SELECT pg_is_in_recovery()::text AS recovering, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS commits, current_setting('default_transaction_read_only') AS read_only,
      (SELECT relpersistence::text FROM pg_class WHERE oid = to_regclass($1)) AS operations,
      (SELECT relpersistence::text FROM pg_class WHERE oid = to_regclass($2)) AS claims`,
    [operations, claimedRefunds],
  );
  const row = fieldsOf(rows[0]);
  const checks: Check[] = [];
  const isReplica = row['recovering'] === 'true';
  if (isReplica) {
    checks.push(
      problem('this PostgreSQL is a replica', 'connect to the primary: a replica takes no records'),
    );
  } else if (row['read_only'] === 'on') {
    checks.push(
      problem(
        'transactions are read only (default_transaction_read_only)',
        'use a user or a server that writes',
      ),
    );
  } else checks.push(ok('this is the primary'));
  if (row['fsync'] === 'off') {
    checks.push(problem('PostgreSQL persists nothing for certain (fsync off)', 'set fsync on'));
  } else if (row['commits'] === 'off') {
    checks.push(
      warning(
        'PostgreSQL may lose committed records in a crash (synchronous_commit off)',
        'set synchronous_commit on, for the user of the store at least',
      ),
    );
  } else checks.push(ok('PostgreSQL persists every record before it answers'));
  const tables = [row['operations'], row['claims']];
  if (tables.includes(null) || tables.includes(undefined)) {
    checks.push(problem('the tables are missing', 'run postgresSchema: await pool.query(postgresSchema)'));
  } else if (tables.includes('u')) {
    checks.push(
      problem('the tables are UNLOGGED: a crash empties them', 'ALTER TABLE … SET LOGGED, for both tables'),
    );
  } else checks.push(ok('the tables are there'));
  return checks;
};
