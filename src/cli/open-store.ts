import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OperationStore } from '../models/operation-store.js';
import { postgresStore, type PostgresQueryable } from '../stores/postgres.js';
import { redisStore, type RedisClientLike } from '../stores/redis.js';
import { sqliteStore, type SqliteDatabaseLike } from '../stores/sqlite.js';
import type { StoreChoice } from './command-line.js';
import { loadBuiltin, loadPackage } from './project.js';
import { Refusal } from './refusal.js';

/** The connection under a store, for asking the server itself. */
export type StoreConnection =
  | {
      readonly kind: 'postgres';
      readonly pool: PostgresQueryable;
      readonly schema?: string | undefined;
      readonly tablePrefix?: string | undefined;
    }
  | { readonly kind: 'redis'; readonly client: RedisClientLike }
  | {
      readonly kind: 'sqlite';
      readonly database: SqliteDatabaseLike;
      readonly tablePrefix?: string | undefined;
    };

/** A store that was opened for one command. */
export interface Opened {
  readonly store: OperationStore;
  readonly connection: StoreConnection;
  close(): Promise<void>;
}

/** Shorter than the patience of whoever sits before the terminal. */
const connectMs = 5_000;
const queryMs = 10_000;

type Constructor<Made> = new (...values: unknown[]) => Made;

const missing = (what: string, names: string): Refusal =>
  new Refusal(`${what} needs ${names} in your project: npm install ${names.split(' ')[0] ?? ''}`);

const openPostgres = async (folder: string, url: string, choice: StoreChoice): Promise<Opened> => {
  const driver = await loadPackage(folder, 'pg');
  const Pool = driver?.['Pool'] as Constructor<PostgresQueryable & EventSource & { end(): Promise<void> }>;
  if (driver === null) throw missing('--postgres', 'pg');
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    query_timeout: queryMs,
    max: 2,
  });
  // A connection that breaks while it is idle: the next statement tells.
  pool.on('error', () => undefined);
  const tables = { schema: choice.schema, tablePrefix: choice.tablePrefix };
  return {
    store: postgresStore(pool, { ...tables, cleanup: false }),
    connection: { kind: 'postgres', pool, ...tables },
    close: () => pool.end(),
  };
};

interface EventSource {
  on(event: 'error', listener: () => void): unknown;
}

const openRedis = async (folder: string, url: string, choice: StoreChoice): Promise<Opened> => {
  const options = { prefix: choice.prefix };
  const ioredis = await loadPackage(folder, 'ioredis');
  if (ioredis !== null) {
    const Redis = ioredis['Redis'] as Constructor<RedisClientLike & EventSource & { disconnect(): void }>;
    const client = new Redis(url, {
      connectTimeout: connectMs,
      commandTimeout: queryMs,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    return {
      store: redisStore(client, options),
      connection: { kind: 'redis', client },
      close: () => {
        client.disconnect();
        return Promise.resolve();
      },
    };
  }
  const redis = await loadPackage(folder, 'redis');
  if (redis === null) throw missing('--redis', 'ioredis or redis');
  const createClient = redis['createClient'] as (
    options: object,
  ) => RedisClientLike & EventSource & { connect(): Promise<unknown>; destroy(): void };
  const client = createClient({
    url,
    socket: { connectTimeout: connectMs, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  await client.connect();
  return {
    store: redisStore(client, options),
    connection: { kind: 'redis', client },
    close: () => {
      client.destroy();
      return Promise.resolve();
    },
  };
};

type OpenDatabase = SqliteDatabaseLike & { close(): unknown };

const sqliteDriver = async (folder: string): Promise<Constructor<OpenDatabase>> => {
  const ofNode = await loadBuiltin('node:sqlite');
  if (ofNode !== null) return ofNode['DatabaseSync'] as Constructor<OpenDatabase>;
  for (const name of ['better-sqlite3', 'libsql']) {
    const driver = await loadPackage(folder, name);
    if (driver !== null) return driver['default'] as Constructor<OpenDatabase>;
  }
  throw new Refusal(
    '--sqlite needs Node 22.13 or newer, or better-sqlite3 in your project: npm install better-sqlite3',
  );
};

const openSqlite = async (folder: string, name: string, choice: StoreChoice): Promise<Opened> => {
  const file = resolve(folder, name);
  // A driver would make an empty one.
  if (!existsSync(file)) throw new Refusal(`--sqlite: there is no file ${name}.`);
  const Database = await sqliteDriver(folder);
  const database = new Database(file);
  const tables = { tablePrefix: choice.tablePrefix };
  return {
    store: sqliteStore(database, { ...tables, cleanup: false }),
    connection: { kind: 'sqlite', database, ...tables },
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
};

/** How the store behind an address or a file is opened, with the driver of the project in `folder`. */
export const openers: Readonly<
  Record<StoreConnection['kind'], (folder: string, address: string, choice: StoreChoice) => Promise<Opened>>
> = { postgres: openPostgres, redis: openRedis, sqlite: openSqlite };
