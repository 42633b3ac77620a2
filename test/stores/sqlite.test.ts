import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import type { NewOperation, OperationStore, Ownership } from '../../src/models/operation-store.js';
import {
  createSqliteSchema,
  deleteFinishedOperations,
  sqliteSchema,
  sqliteStore,
} from '../../src/stores/sqlite.js';
import { testOperationStore } from '../../src/testing/store-suite.js';
import { anOperation, ownerOf } from './an-operation.js';
import { sqliteDrivers, openFile, temporaryFolder, type OpenDatabase } from './sqlite-drivers.js';

const day = 24 * 60 * 60 * 1000;
const scope = 'shop/acme/test/-';

describe.each(sqliteDrivers)('sqliteStore over $name', (driver) => {
  describe('in a file', () => {
    const folder = temporaryFolder();
    const databases = [1, 2].map(() => openFile(driver, folder.path('shop.db')));
    afterAll(() => {
      for (const database of databases) database.close();
      folder.remove();
    });
    let opened = 0;
    testOperationStore(it, {
      createStore: () => {
        opened += 1;
        return sqliteStore(databases[opened % 2]!);
      },
    });
  });

  describe('in memory', () => {
    const database = openFile(driver, ':memory:');
    afterAll(() => database.close());
    testOperationStore(it, { createStore: () => sqliteStore(database) });

    it('is not durable', () => {
      expect(sqliteStore(database).durable).toBe(false);
    });
  });
});

describe.each(sqliteDrivers)('a sqliteStore over $name', (driver) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: OpenDatabase;
  let store: OperationStore;
  beforeEach(() => {
    folder = temporaryFolder();
    database = openFile(driver, folder.path('shop.db'));
    store = sqliteStore(database, { cleanup: false });
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });

  const make = async (changes: Partial<NewOperation> = {}): Promise<Ownership> =>
    ownerOf(await store.begin(anOperation({ scope, ...changes })));
  const finish = async (key: string) => {
    const claimedRefund = `re_${key}`;
    await store.settle(await make({ key }), { state: 'succeeded', result: null, claimedRefund });
  };
  const age = (days: number) => {
    database.exec(`UPDATE unicharge_operations SET started_at = started_at - ${days * day},
      lease_until = lease_until - ${days * day}, finished_at = finished_at - ${days * day}`);
    database.exec(`UPDATE unicharge_claimed_refunds SET claimed_at = claimed_at - ${days * day}`);
  };
  const firstOf = (sql: string): unknown => Object.values(database.prepare(sql).all()[0] as object)[0];
  const rowsIn = (table: string): unknown => firstOf(`SELECT count(*) FROM unicharge_${table}`);

  it('is durable in a file', () => {
    expect(store.durable).toBe(true);
  });

  it('answers from a finished record for 30 days, then begins anew', async () => {
    await finish('order-1');
    age(29.9);
    expect(await store.get(scope, 'order-1')).toMatchObject({ record: { state: 'succeeded' } });
    await expect(store.begin(anOperation({ scope }))).resolves.toMatchObject({ status: 'exists' });
    age(0.2);
    expect(await store.get(scope, 'order-1')).toBeNull();
    await expect(store.begin(anOperation({ scope }))).resolves.toMatchObject({
      status: 'made',
      record: { state: 'started', attempt: 1, result: null },
    });
  });

  it('keeps unresolved records for ever', async () => {
    await make({ key: 'order-1' });
    await store.settle(await make({ key: 'order-2' }), { state: 'unknown', result: null, sent: true });
    age(400);
    expect(await deleteFinishedOperations(database)).toBe(0);
    expect(await store.get(scope, 'order-1')).not.toBeNull();
    expect(await store.get(scope, 'order-2')).not.toBeNull();
  });

  it('deletes old finished records and claims in portions, oldest first', async () => {
    for (const key of ['order-1', 'order-2', 'order-3']) await finish(key);
    database.exec("UPDATE unicharge_operations SET finished_at = finished_at - 1 WHERE key = 'order-1'");
    database.exec("UPDATE unicharge_operations SET finished_at = finished_at + 1 WHERE key = 'order-3'");
    database.exec("UPDATE unicharge_claimed_refunds SET claimed_at = claimed_at + 1 WHERE key = 'order-3'");
    age(31);
    await finish('order-4');
    expect(await deleteFinishedOperations(database, { limit: 2 })).toBe(4);
    expect(await store.claimedRefunds(scope, ['re_order-1', 're_order-3'], 'order-9')).toEqual([
      're_order-3',
    ]);
    expect(await deleteFinishedOperations(database, { limit: 2 })).toBe(2);
    expect(await deleteFinishedOperations(database, { limit: 2 })).toBe(0);
    expect([rowsIn('operations'), rowsIn('claimed_refunds')]).toEqual([1, 1]);
  });

  it('deletes old records by itself, unless it was told not to', async () => {
    await finish('order-1');
    age(31);
    await make({ key: 'order-2' });
    expect(rowsIn('operations')).toBe(2);
    store = sqliteStore(database);
    await make({ key: 'order-3' });
    await expect.poll(() => rowsIn('operations')).toBe(2);
    expect(rowsIn('claimed_refunds')).toBe(0);
  });

  it('begins although the deleting of old records fails', async () => {
    store = sqliteStore({
      exec: (sql) => database.exec(sql),
      prepare: (sql) => {
        if (sql.includes('ORDER BY finished_at')) throw new Error('no');
        return database.prepare(sql);
      },
    });
    await expect(store.begin(anOperation({ scope }))).resolves.toMatchObject({ status: 'made' });
    await expect(store.begin(anOperation({ scope, key: 'order-2' }))).resolves.toMatchObject({
      status: 'made',
    });
  });

  it('lists every record of a crowd that began in the same millisecond', async () => {
    database.close();
    database = openFile(driver, ':memory:');
    store = sqliteStore(database);
    const keys = Array.from({ length: 450 }, (_, index) => `order-${String(index).padStart(3, '0')}`);
    for (const key of keys) await make({ key });
    database.exec('UPDATE unicharge_operations SET started_at = 1000');
    const listed: string[] = [];
    for await (const { key } of store.listUnresolved(scope)) listed.push(key);
    expect(listed).toEqual(keys);
  });

  it('makes its tables again without harm, and under another prefix', async () => {
    await make();
    database.exec(sqliteSchema);
    expect(rowsIn('operations')).toBe(1);
    database.exec(createSqliteSchema({ tablePrefix: 'till_' }));
    store = sqliteStore(database, { tablePrefix: 'till_' });
    expect(await store.get(scope, 'order-1')).toBeNull();
    await make();
    expect(await deleteFinishedOperations(database, { tablePrefix: 'till_' })).toBe(0);
    expect(firstOf('SELECT count(*) FROM till_operations')).toBe(1);
  });

  it('does not depend on how the handle reads columns and rows', async () => {
    const asBigints = (value: unknown) => (typeof value === 'number' ? BigInt(value) : value);
    store = sqliteStore({
      exec: (sql) => database.exec(sql),
      prepare: (sql) => {
        const statement = database.prepare(sql);
        return {
          all: (...values) =>
            statement.all(...values).map((row) => Object.values(row as object).map(asBigints)),
          run: (...values) => ({ changes: BigInt(statement.run(...values).changes) }),
        };
      },
    });
    const owner = await make();
    expect(await store.prepare(owner, { ids: ['re_1'] })).toBe(true);
    const stored = await store.get(scope, 'order-1');
    expect(stored?.record).toMatchObject({ attempt: 1, prepared: true, resolved: { ids: ['re_1'] } });
    expect(stored?.now).toBeTypeOf('number');
    expect(await store.settle(owner, { state: 'succeeded', result: null })).toBe(true);
  });

  it('syncs every transaction to the disk, and gives the handle back as it was', async () => {
    const levels: unknown[] = [];
    database.exec('PRAGMA synchronous = normal');
    database.exec('PRAGMA busy_timeout = 1234');
    store = sqliteStore({
      exec: (sql) => {
        if (sql === 'COMMIT') levels.push(firstOf('PRAGMA synchronous'), firstOf('PRAGMA busy_timeout'));
        return database.exec(sql);
      },
      prepare: (sql) => database.prepare(sql),
    });
    await make();
    expect(levels).toEqual([3, 0]);
    expect([firstOf('PRAGMA synchronous'), firstOf('PRAGMA busy_timeout')]).toEqual([1, 1234]);
    database.exec('DROP TABLE unicharge_operations');
    await expect(make()).rejects.toThrow('no such table');
    expect([firstOf('PRAGMA synchronous'), firstOf('PRAGMA busy_timeout')]).toEqual([1, 1234]);
  });

  it.each(['off', 'memory'])('records nothing where the journal is %s', async (mode) => {
    // A handle in defensive mode refuses to switch it off: what it says is what counts.
    let journal = mode;
    store = sqliteStore({
      exec: (sql) => database.exec(sql),
      prepare: (sql) =>
        sql === 'PRAGMA journal_mode'
          ? { all: () => [{ journal_mode: journal }], run: () => ({ changes: 0 }) }
          : database.prepare(sql),
    });
    await expect(make()).rejects.toThrow(
      `the database keeps no journal on the disk (journal_mode ${mode}): set it to wal`,
    );
    expect(rowsIn('operations')).toBe(0);
    journal = 'delete';
    await make();
  });

  it('rolls back what it could not finish', async () => {
    let fails = true;
    store = sqliteStore({
      exec: (sql) => database.exec(sql),
      prepare: (sql) => {
        const statement = database.prepare(sql);
        return {
          all: (...values) => statement.all(...values),
          run: (...values) => {
            const done = statement.run(...values);
            if (fails && sql.startsWith('INSERT INTO "unicharge_operations"')) throw new Error('cut');
            return done;
          },
        };
      },
    });
    await expect(make()).rejects.toThrow('cut');
    expect(rowsIn('operations')).toBe(0);
    fails = false;
    await make();
  });

  it('never writes inside a transaction of the caller, and waits for its end', async () => {
    database.exec('BEGIN');
    database.exec('CREATE TABLE carts (id TEXT)');
    const making = make();
    expect(rowsIn('operations')).toBe(0);
    database.exec('ROLLBACK');
    await making;
    expect(rowsIn('operations')).toBe(1);
    expect(() => database.prepare('SELECT * FROM carts').all()).toThrow();
  });
});

describe('the names of the tables of a sqliteStore', () => {
  it.each(['', 'Payments_', 'a"b', 'a b', '1st', 'x'.repeat(32), 'a;drop table b', 'sqlite_'])(
    'never begin with %j',
    (tablePrefix) => {
      expect(() => createSqliteSchema({ tablePrefix })).toThrow(ConfigurationError);
    },
  );
});
