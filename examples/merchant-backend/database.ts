import { PGlite } from '@electric-sql/pglite';
import { Pool } from 'pg';
import { Redis } from 'ioredis';
import { memoryStore, type OperationStore } from 'unicharge';
import { postgresSchema, postgresStore } from 'unicharge/postgres';
import { redisStore } from 'unicharge/redis';

/** What the shop asks of its database. */
export interface Database {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Where orders are kept, and where the library keeps its record of writes. */
export interface Storage {
  readonly database: Database;
  readonly operations: OperationStore;
  close(): Promise<void>;
}

const tables = `
  create table if not exists orders (
    id text primary key,
    owner text not null,
    amount integer not null,
    currency text not null,
    created_at timestamptz not null default now()
  );
  create table if not exists attempts (
    order_id text not null references orders (id),
    number integer not null,
    sources jsonb not null,
    captures_at_once boolean not null,
    route text,
    charge_id text,
    payment jsonb,
    ending jsonb,
    version integer not null default 0,
    primary key (order_id, number),
    unique (route, charge_id)
  );
  create table if not exists refunds (
    order_id text not null references orders (id),
    attempt integer not null,
    number integer not null,
    amount integer not null,
    outcome text,
    primary key (order_id, attempt, number)
  );
  create table if not exists office_sessions (
    hash text primary key,
    expires_at timestamptz not null
  );`;

/**
 * PostgreSQL where `DATABASE_URL` is set; else PGlite, which is PostgreSQL inside this process: in the folder `SHOP_DATA`, or
 * in memory. The library's record of writes goes to Redis where `REDIS_URL` is set, else into the same database; only a
 * database in memory leaves it in memory, too.
 */
export const openStorage = async (environment: NodeJS.ProcessEnv): Promise<Storage> => {
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, SHOP_DATA: folder } = environment;
  const pool = databaseUrl === undefined ? null : new Pool({ connectionString: databaseUrl });
  const lite = pool === null ? await PGlite.create(folder ?? 'memory://') : null;
  const redis = redisUrl === undefined ? null : new Redis(redisUrl);

  const database: Database = {
    query: async (text, values) => {
      const answer = pool === null ? await lite?.query(text, values) : await pool.query(text, values);
      return { rows: (answer?.rows ?? []) as unknown[] };
    },
  };
  const isDurable = pool !== null || folder !== undefined;
  for (const statements of isDurable && redis === null ? [tables, postgresSchema] : [tables]) {
    await (pool === null ? lite?.exec(statements) : pool.query(statements));
  }
  return {
    database,
    operations: redis !== null ? redisStore(redis) : isDurable ? postgresStore(database) : memoryStore(),
    close: async () => {
      redis?.disconnect();
      await Promise.all([pool?.end(), lite?.close()]);
    },
  };
};
