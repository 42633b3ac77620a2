import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { createPostgresSchema, deleteFinishedOperations, postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';

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
const address = 'postgres://shop:hunter2@db/shop';

describe('an option that a store does not know', () => {
  it.each<[string, () => unknown]>([
    [
      'redisStore: keyPrefix is not a known option; did you mean prefix?',
      () => redisStore(redis, { keyPrefix: 'shop:' } as never),
    ],
    [
      'postgresStore: tableprefix is not a known option; did you mean tablePrefix?',
      () => postgresStore(pool, { tableprefix: 'shop_' } as never),
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
  ])('is refused: %s', async (message, make) => {
    expect(await messageOf(make)).toBe(message);
  });

  it('that is undefined is none', () => {
    expect(redisStore(redis, { prefix: undefined }).durable).toBe(true);
    expect(postgresStore(pool, { schema: undefined, cleanup: undefined }).durable).toBe(true);
  });

  it('is refused where options are no object at all', async () => {
    for (const options of ['shop:', null, ['shop:'], 5]) {
      expect(await messageOf(() => redisStore(redis, options as never))).toBe(
        'redisStore: options must be an object such as { prefix }',
      );
      expect(await messageOf(() => postgresStore(pool, options as never))).toBe(
        'postgresStore: options must be an object such as { schema }',
      );
    }
    expect(await messageOf(() => redisStore(redis, { prefix: 5 } as never))).toBe(
      'redisStore: prefix must be text',
    );
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
});
