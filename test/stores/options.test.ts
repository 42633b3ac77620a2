import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createPostgresSchema, deleteFinishedOperations, postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';
import {
  createSqliteSchema,
  deleteFinishedOperations as deleteFromSqlite,
  sqliteSchema,
  sqliteStore,
} from '../../src/stores/sqlite.js';
import { libsql } from './sqlite-drivers.js';

const messageOf = async (make: () => unknown): Promise<string> => {
  const error: unknown = await (async () => make())().then(
    () => null,
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(ConfigurationError);
  expect((error as ConfigurationError).outcome).toBe('not_sent');
  return (error as ConfigurationError).message;
};

const redis = { eval: () => Promise.resolve(null), evalsha: () => Promise.resolve(null) };
const pool = { query: () => Promise.resolve({ rows: [{ deleted: 0 }] }) };
const database = libsql.open(':memory:');
const address = 'postgres://shop:hunter2@db/shop';

const closedDatabase = () => {
  const closed = libsql.open(':memory:');
  closed.close();
  return closed;
};

describe('an option that a store does not know', () => {
  it.each<[string, () => unknown]>([
    [
      'memoryStore: maxRecord is not a known option; did you mean maxRecords?',
      () => memoryStore({ maxRecord: 5 } as never),
    ],
    ['memoryStore: maxRecords must be a whole number above 0', () => memoryStore({ maxRecords: 0 })],
    [
      'memoryStore: maxRecords must be a whole number above 0',
      () => memoryStore({ maxRecords: '5' } as never),
    ],
    [
      'redisStore: keyPrefix is not a known option; did you mean prefix?',
      () => redisStore(redis, { keyPrefix: 'shop:' } as never),
    ],
    [
      'postgresStore: tableprefix is not a known option; did you mean tablePrefix?',
      () => postgresStore(pool, { tableprefix: 'shop_' } as never),
    ],
    [
      'postgresStore: prefix is not a known option; did you mean tablePrefix?',
      () => postgresStore(pool, { prefix: 'shop_' } as never),
    ],
    [
      'sqliteStore: prefix is not a known option; did you mean tablePrefix?',
      () => sqliteStore(database, { prefix: 'shop_' } as never),
    ],
    [
      'redisStore: tablePrefix is not a known option; did you mean prefix?',
      () => redisStore(redis, { tablePrefix: 'shop:' } as never),
    ],
    ['postgresStore: url is not a known option', () => postgresStore(pool, { url: address } as never)],
    ['redisStore: [masked] is not a known option', () => redisStore(redis, { sk_live_4242: 1 } as never)],
    [
      'createPostgresSchema: cleanup is not a known option',
      () => createPostgresSchema({ cleanup: true } as never),
    ],
    [
      'deleteFinishedOperations: limits is not a known option; did you mean limit?',
      () => deleteFinishedOperations(pool, { limits: 5 } as never),
    ],
    [
      'sqliteStore: table_prefix is not a known option; did you mean tablePrefix?',
      () => sqliteStore(database, { table_prefix: 'shop_' } as never),
    ],
    [
      'createSqliteSchema: cleanup is not a known option',
      () => createSqliteSchema({ cleanup: true } as never),
    ],
    [
      'deleteFinishedOperations: limits is not a known option; did you mean limit?',
      () => deleteFromSqlite(database, { limits: 5 } as never),
    ],
  ])('is refused: %s', async (message, make) => {
    expect(await messageOf(make)).toBe(message);
  });

  const identifier = 'must be at most 31 lower-case letters, digits and underscores, no digit first';
  const ofSqlite = `tablePrefix ${identifier}, and not begin with sqlite_`;
  it.each<[string, (value: never) => unknown]>([
    [`postgresStore: tablePrefix ${identifier}`, (tablePrefix) => postgresStore(pool, { tablePrefix })],
    [`postgresStore: schema ${identifier}`, (schema) => postgresStore(pool, { schema })],
    [
      `createPostgresSchema: tablePrefix ${identifier}`,
      (tablePrefix) => createPostgresSchema({ tablePrefix }),
    ],
    [`createPostgresSchema: schema ${identifier}`, (schema) => createPostgresSchema({ schema })],
    [
      `deleteFinishedOperations: tablePrefix ${identifier}`,
      (tablePrefix) => deleteFinishedOperations(pool, { tablePrefix }),
    ],
    [`sqliteStore: ${ofSqlite}`, (tablePrefix) => sqliteStore(database, { tablePrefix })],
    [`createSqliteSchema: ${ofSqlite}`, (tablePrefix) => createSqliteSchema({ tablePrefix })],
    [`deleteFinishedOperations: ${ofSqlite}`, (tablePrefix) => deleteFromSqlite(database, { tablePrefix })],
  ])('is refused by the function that was given it: %s', async (message, make) => {
    for (const value of ['Payments_', 'a"b', '', null, 5, ['shop_']])
      expect(await messageOf(() => make(value as never))).toBe(message);
  });

  it.each([1.5, NaN, '5', -1, 0, null, Infinity])('is refused as a limit of deletions: %s', async (limit) => {
    const message = 'deleteFinishedOperations: limit must be a whole number above 0';
    expect(await messageOf(() => deleteFinishedOperations(pool, { limit } as never))).toBe(message);
    expect(await messageOf(() => deleteFromSqlite(database, { limit } as never))).toBe(message);
  });

  it('that is undefined is none', () => {
    expect(redisStore(redis, { prefix: undefined }).durable).toBe(true);
    expect(postgresStore(pool, { schema: undefined, cleanup: undefined }).durable).toBe(true);
    expect(sqliteStore(database, { tablePrefix: undefined, cleanup: undefined }).durable).toBe(false);
  });

  it('is refused where options are no object at all', async () => {
    for (const options of ['shop:', null, ['shop:'], 5]) {
      expect(await messageOf(() => redisStore(redis, options as never))).toBe(
        'redisStore: options must be a plain object such as { prefix }',
      );
      expect(await messageOf(() => postgresStore(pool, options as never))).toBe(
        'postgresStore: options must be a plain object such as { schema }',
      );
      expect(await messageOf(() => sqliteStore(database, options as never))).toBe(
        'sqliteStore: options must be a plain object such as { tablePrefix }',
      );
    }
    expect(await messageOf(() => redisStore(redis, { prefix: 5 } as never))).toBe(
      'redisStore: prefix must be text',
    );
  });
});

describe('a deletion', () => {
  it('says where the tables are missing', async () => {
    expect(await messageOf(() => deleteFromSqlite(libsql.open(':memory:')))).toMatch(
      /^deleteFinishedOperations: create the tables first: database\.exec\(sqliteSchema\)/,
    );
    const undefinedTable = Object.assign(new Error('relation does not exist'), { code: '42P01' });
    expect(
      await messageOf(() => deleteFinishedOperations({ query: () => Promise.reject(undefinedTable) })),
    ).toMatch(/^deleteFinishedOperations: create the tables first: await pool\.query\(postgresSchema\)/);
  });

  it('passes every other failure of the driver through', async () => {
    const down = new Error('down');
    await expect(deleteFinishedOperations({ query: () => Promise.reject(down) })).rejects.toBe(down);
  });

  it('takes a limit that is larger than an integer of the database', async () => {
    const heard: unknown[] = [];
    const query = (_text: string, values: unknown[]) => {
      heard.push(...values);
      return Promise.resolve({ rows: [{ deleted: 3 }] });
    };
    expect(await deleteFinishedOperations({ query }, { limit: Number.MAX_SAFE_INTEGER })).toBe(3);
    expect(heard).toEqual([2_147_483_647]);
    const empty = libsql.open(':memory:');
    empty.exec(sqliteSchema);
    expect(await deleteFromSqlite(empty, { limit: Number.MAX_SAFE_INTEGER })).toBe(0);
  });
});

describe('a client that is none', () => {
  it.each([address, undefined, null, {}, { connectionString: address }])('is refused: %j', async (client) => {
    const noPool = 'the pool must have a query method: a Pool of pg, PGlite, or a driver of their shape';
    expect(await messageOf(() => postgresStore(client as never))).toBe(`postgresStore: ${noPool}`);
    expect(await messageOf(() => deleteFinishedOperations(client as never))).toBe(
      `deleteFinishedOperations: ${noPool}`,
    );
    expect(await messageOf(() => redisStore(client as never))).toBe(
      'redisStore: the client must be one of ioredis or node-redis, not an address or its options',
    );
  });

  it.each<[string, unknown]>([
    ['the name of a file', 'shop.db'],
    ['nothing', undefined],
    ['a handle that was closed', closedDatabase()],
    ['a driver of promises', { exec: () => undefined, prepare: () => Promise.resolve({}) }],
    ['a driver of callbacks', { exec: () => undefined, prepare: () => ({ all: () => undefined }) }],
  ])('is refused by sqliteStore: %s', async (_, handle) => {
    const noHandle =
      'the database must be an open handle: a DatabaseSync of node:sqlite, or a database of better-sqlite3, not a file name';
    const starts = (message: string) => message.split(';')[0];
    expect(starts(await messageOf(() => sqliteStore(handle as never)))).toBe(`sqliteStore: ${noHandle}`);
    expect(starts(await messageOf(() => deleteFromSqlite(handle as never)))).toBe(
      `deleteFinishedOperations: ${noHandle}`,
    );
  });
});
