import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OperationStore } from '../models/operation-store.js';
import { postgresStore, type PostgresQueryable } from '../stores/postgres.js';
import { redisStore, type RedisClientLike } from '../stores/redis.js';
import { sqliteStore, type SqliteDatabaseLike } from '../stores/sqlite.js';
import type { StoreChoice } from './command-line.js';
import { loadBuiltin, loadPackage } from './project.js';
import { Refusal } from './refusal.js';

/** The connection under a store, for asking the server itself. One of the config may be anything: what asks it looks first. */
export type StoreConnection =
  | {
      readonly kind: 'postgres';
      readonly pool: object;
      readonly schema?: string | undefined;
      readonly tablePrefix?: string | undefined;
    }
  | { readonly kind: 'redis'; readonly client: object }
  | {
      readonly kind: 'sqlite';
      readonly database: object;
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

interface EventSource {
  on(event: 'error', listener: () => void): unknown;
}
interface Pool extends EventSource {
  end(): Promise<void>;
}
interface Ioredis extends EventSource {
  disconnect(): void;
}
interface NodeRedis extends EventSource {
  connect(): Promise<unknown>;
  destroy(): void;
}
type OpenDatabase = SqliteDatabaseLike & { close(): unknown };

interface SqliteDriver {
  readonly default: new (file: string) => OpenDatabase;
}

/** What is used of the drivers, as their own types declare it. */
interface Drivers {
  readonly pg: { readonly Pool: new (options: object) => PostgresQueryable & Pool };
  readonly ioredis: { readonly Redis: new (url: string, options: object) => RedisClientLike & Ioredis };
  readonly redis: { createClient(options: object): RedisClientLike & NodeRedis };
  readonly 'node:sqlite': { readonly DatabaseSync: SqliteDriver['default'] };
  readonly 'better-sqlite3': SqliteDriver;
  readonly libsql: SqliteDriver;
}

/** A driver of the project or of Node, or null where there is none. */
const loadDriver = async <Name extends keyof Drivers>(
  folder: string,
  name: Name,
): Promise<Drivers[Name] | null> => {
  const driver = name.startsWith('node:') ? await loadBuiltin(name) : await loadPackage(folder, name);
  // What a class makes cannot be seen by looking at it: the name of the package says which it is.
  return driver as Drivers[Name] | null;
};

const missing = (what: string, names: string): Refusal =>
  new Refusal(`${what} needs ${names} in your project: npm install ${names.split(' ')[0] ?? ''}`);

const openPostgres = async (folder: string, url: string, choice: StoreChoice): Promise<Opened> => {
  const driver = await loadDriver(folder, 'pg');
  if (driver === null) throw missing('--postgres', 'pg');
  const pool = new driver.Pool({
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

const openRedis = async (folder: string, url: string, choice: StoreChoice): Promise<Opened> => {
  const options = { prefix: choice.prefix };
  const ioredis = await loadDriver(folder, 'ioredis');
  if (ioredis !== null) {
    const client = new ioredis.Redis(url, {
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
  const redis = await loadDriver(folder, 'redis');
  if (redis === null) throw missing('--redis', 'ioredis or redis');
  const client = redis.createClient({
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

const sqliteDriver = async (folder: string): Promise<SqliteDriver['default']> => {
  const ofNode = await loadDriver(folder, 'node:sqlite');
  if (ofNode !== null) return ofNode.DatabaseSync;
  for (const name of ['better-sqlite3', 'libsql'] as const) {
    const driver = await loadDriver(folder, name);
    if (driver !== null) return driver.default;
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
