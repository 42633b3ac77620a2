import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { NewOperation, OperationStore, Ownership } from '../../src/models/operation-store.js';
import { systemRuntime } from '../../src/runtime.js';
import {
  createPostgresSchema,
  deleteFinishedOperations,
  postgresSchema,
  postgresStore,
} from '../../src/stores/postgres.js';
import { testOperationStore } from '../../src/testing/store-suite.js';
import { anOperation, ownerOf } from './an-operation.js';
import { databaseUrl, describeWithPostgres } from './servers.js';

const day = 24 * 60 * 60 * 1000;

describeWithPostgres('postgresStore over a pool of pg', () => {
  const pools = [1, 2].map(() => new pg.Pool({ connectionString: databaseUrl }));
  beforeAll(() => Promise.all(pools.map((pool) => pool.query(postgresSchema))));
  afterAll(() => Promise.all(pools.map((pool) => pool.end())));
  let opened = 0;
  testOperationStore(it, {
    createStore: () => {
      opened += 1;
      return postgresStore(pools[opened % 2]!);
    },
  });
});

describeWithPostgres('postgresStore', () => {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  // Tables of their own: other tests count and delete here.
  const tables = { schema: 'unicharge_test', tablePrefix: `till_${systemRuntime.uuid().slice(0, 8)}_` };
  const operations = `unicharge_test.${tables.tablePrefix}operations`;
  const claims = `unicharge_test.${tables.tablePrefix}claimed_refunds`;
  beforeAll(async () => {
    await pool.query('CREATE SCHEMA IF NOT EXISTS unicharge_test');
    await pool.query(createPostgresSchema(tables));
  });
  afterAll(async () => {
    await pool.query(`DROP TABLE ${operations}, ${claims}`);
    await pool.end();
  });

  let scope: string;
  let store: OperationStore;
  const make = async (changes: Partial<NewOperation> = {}): Promise<Ownership> =>
    ownerOf(await store.begin(anOperation({ scope, ...changes })));
  const finish = async (key: string) => {
    const claimedRefund = `re_${key}`;
    await store.settle(await make({ key }), { state: 'succeeded', result: null, claimedRefund });
  };
  const age = async (days: number) => {
    await pool.query(
      `UPDATE ${operations} SET started_at = started_at - $1::bigint,
      lease_until = lease_until - $1::bigint, finished_at = finished_at - $1::bigint`,
      [days * day],
    );
    await pool.query(`UPDATE ${claims} SET claimed_at = claimed_at - $1::bigint`, [days * day]);
  };
  const rowsIn = async (table: string): Promise<number> =>
    Number((await pool.query(`SELECT count(*) FROM ${table}`)).rows[0].count);

  beforeEach(async () => {
    await pool.query(`TRUNCATE ${operations}, ${claims}`);
    scope = `shop/acme/test/${systemRuntime.uuid()}`;
    store = postgresStore(pool, { ...tables, cleanup: false });
  });

  it('makes its tables once, however many processes start at the same time', async () => {
    const statement = createPostgresSchema({ ...tables, tablePrefix: `${tables.tablePrefix}again_` });
    await Promise.all(Array.from({ length: 8 }, () => pool.query(statement)));
    await pool.query(statement);
    await pool.query(
      `DROP TABLE unicharge_test.${tables.tablePrefix}again_operations, unicharge_test.${tables.tablePrefix}again_claimed_refunds`,
    );
  });

  it('answers from a finished record for 30 days, then begins anew', async () => {
    await finish('order-1');
    await age(29.9);
    expect(await store.get(scope, 'order-1')).toMatchObject({ record: { state: 'succeeded' } });
    await expect(store.begin(anOperation({ scope }))).resolves.toMatchObject({ status: 'exists' });
    await age(0.2);
    expect(await store.get(scope, 'order-1')).toBeNull();
    await expect(store.begin(anOperation({ scope }))).resolves.toMatchObject({
      status: 'made',
      record: { state: 'started', attempt: 1, result: null },
    });
  });

  it('makes one record when many begin anew at the same time', async () => {
    await finish('order-1');
    await age(31);
    const answers = await Promise.all(Array.from({ length: 30 }, () => store.begin(anOperation({ scope }))));
    expect(answers.filter(({ status }) => status === 'made')).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'exists')).toHaveLength(29);
  });

  it('keeps unresolved records for ever', async () => {
    await make({ key: 'order-1' });
    await store.settle(await make({ key: 'order-2' }), { state: 'unknown', result: null, sent: true });
    await age(400);
    expect(await deleteFinishedOperations(pool, tables)).toBe(0);
    expect(await store.get(scope, 'order-1')).not.toBeNull();
    expect(await store.get(scope, 'order-2')).not.toBeNull();
  });

  it('deletes old finished records and claims in portions, oldest first', async () => {
    for (const key of ['order-1', 'order-2', 'order-3']) await finish(key);
    await age(31);
    await finish('order-4');
    expect(await deleteFinishedOperations(pool, { ...tables, limit: 2 })).toBe(4);
    expect(await store.claimedRefunds(scope, ['re_order-1', 're_order-3'], 'order-9')).toEqual([
      're_order-3',
    ]);
    expect(await deleteFinishedOperations(pool, { ...tables, limit: 2 })).toBe(2);
    expect(await deleteFinishedOperations(pool, { ...tables, limit: 2 })).toBe(0);
    expect([await rowsIn(operations), await rowsIn(claims)]).toEqual([1, 1]);
  });

  it('deletes old records by itself, unless it was told not to', async () => {
    await finish('order-1');
    await age(31);
    await make({ key: 'order-2' });
    expect(await rowsIn(operations)).toBe(2);
    store = postgresStore(pool, tables);
    await make({ key: 'order-3' });
    await expect.poll(() => rowsIn(operations)).toBe(2);
  });

  it('begins although the deleting of old records fails', async () => {
    const broken = postgresStore(
      {
        query: (text, values) =>
          text.includes('deleted_claims') ? Promise.reject(new Error('no')) : pool.query(text, values),
      },
      tables,
    );
    await expect(broken.begin(anOperation({ scope }))).resolves.toMatchObject({ status: 'made' });
  });

  it('lists every record of a crowd that began in the same millisecond', async () => {
    const keys = Array.from({ length: 450 }, (_, index) => `order-${String(index).padStart(3, '0')}`);
    await Promise.all(keys.map((key) => make({ key })));
    await pool.query(`UPDATE ${operations} SET started_at = 1000`);
    const listed: string[] = [];
    for await (const { key } of store.listUnresolved(scope)) listed.push(key);
    expect(listed).toEqual(keys);
  });

  it('does not depend on how the driver reads columns', async () => {
    const asText = new pg.Pool({
      connectionString: databaseUrl,
      types: { getTypeParser: () => (text: string | Buffer) => text },
    });
    store = postgresStore(asText, { ...tables, cleanup: false });
    const owner = await make();
    expect(await store.prepare(owner, { ids: ['re_1'] })).toBe(true);
    const stored = await store.get(scope, 'order-1');
    expect(stored?.record).toMatchObject({ attempt: 1, prepared: true, resolved: { ids: ['re_1'] } });
    expect(stored?.now).toBeTypeOf('number');
    await asText.end();
  });

  it('lets the failures of the server pass', async () => {
    store = postgresStore(pool, { tablePrefix: 'nobody_made_these_' });
    await expect(make()).rejects.toMatchObject({ code: '42P01' });
  });
});

describe('the names of the tables of a postgresStore', () => {
  it.each(['', 'Payments', 'a"b', 'a b', '1st', 'x'.repeat(32), 'a;drop table b'])('are never %j', (name) => {
    expect(() => createPostgresSchema({ schema: name })).toThrow(ConfigurationError);
    expect(() => createPostgresSchema({ tablePrefix: name })).toThrow(ConfigurationError);
  });
});
