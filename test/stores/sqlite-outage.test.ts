import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/models/client-event.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { systemRuntime } from '../../src/runtime.js';
import { machineClocks } from '../../src/stores/sqlite/clock.js';
import { connectSqlite } from '../../src/stores/sqlite/connection.js';
import { operationsIn } from '../../src/stores/sqlite/operations.js';
import { sqliteTables } from '../../src/stores/sqlite/tables.js';
import { sqliteStore } from '../../src/stores/sqlite.js';
import { createFakeClient } from '../../src/testing/index.js';
import { createVirtualTime } from '../virtual-time.js';
import { anOperation, ownerOf } from './an-operation.js';
import { sqliteDrivers, openFile, temporaryFolder, type OpenDatabase } from './sqlite-drivers.js';

const scope = 'shop/acme/test/-';
const params = { amount: 4590, currency: 'EUR', source: 'approved' } as const;
const patienceMs = 4_000;

/** A process that changes every record, and is killed before it says so. */
const killInsideTransaction = async (file: string): Promise<void> => {
  const program = `
    const Database = require('libsql');
    const database = new Database(${JSON.stringify(file)});
    database.exec('BEGIN IMMEDIATE');
    database.exec("UPDATE unicharge_operations SET state = 'succeeded'");
    process.send('changed');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exit = once(child, 'exit');
  await Promise.race([once(child, 'message'), exit]);
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
  await exit;
};

describe.each(sqliteDrivers)('over $name, a file that', (driver) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: OpenDatabase;
  let other: OpenDatabase;
  let store: OperationStore;
  beforeEach(() => {
    folder = temporaryFolder();
    database = openFile(driver, folder.path('shop.db'), { timeout: 600_000 });
    other = driver.open(folder.path('shop.db'));
    store = sqliteStore(database);
  });
  afterEach(() => {
    for (const each of [database, other]) each.close();
    folder.remove();
  });

  const openShop = (over: OperationStore) => {
    const events: ClientEvent[] = [];
    const charges = createFakeClient({
      store: over,
      maxRetries: 0,
      onEvent: (event) => {
        if (event.type === 'store') events.push(event);
      },
    });
    return { charges, events };
  };
  const unsent = async (over: OperationStore, key: string): Promise<string> => {
    const { charges } = openShop(over);
    const error: unknown = await charges
      .create(params, { idempotencyKey: key })
      .catch((each: unknown) => each);
    expect(error).toMatchObject({
      name: 'ConnectionError',
      code: 'store_unavailable',
      outcome: 'not_sent',
      idempotencyKey: key,
    });
    expect(charges.control.charges()).toEqual([]);
    return (error as Error).message;
  };

  describe('another process writes to', () => {
    it('waits for it, and lets the event loop go on', async () => {
      other.exec('BEGIN IMMEDIATE');
      let isMade = false;
      const making = store.begin(anOperation({ scope })).then((answer) => {
        isMade = true;
        return answer;
      });
      // The handle's own patience of ten minutes would let nothing of this run.
      await systemRuntime.sleep(30);
      expect(isMade).toBe(false);
      other.exec('COMMIT');
      expect(await making).toMatchObject({ status: 'made' });
    });

    it('still answers from its records', async () => {
      await store.begin(anOperation({ scope }));
      other.exec('BEGIN IMMEDIATE');
      expect(await store.get(scope, 'order-1')).toMatchObject({ record: { state: 'started' } });
    });

    it('gives up after four seconds', async () => {
      const time = createVirtualTime();
      const impatient = operationsIn(
        connectSqlite('sqliteStore', database, time.runtime),
        sqliteTables('sqliteStore', {}),
        {
          clocks: machineClocks,
          cleanup: false,
        },
      );
      other.exec('BEGIN IMMEDIATE');
      let reason: unknown = null;
      impatient.begin(anOperation({ scope })).catch((error: unknown) => {
        reason = error;
      });
      await time.advance(patienceMs - 1);
      expect(reason).toBeNull();
      await time.advance(100);
      expect(reason).toMatchObject({ message: 'database is locked' });
      other.exec('COMMIT');
      expect(await store.get(scope, 'order-1')).toBeNull();
    });

    it('says so where it is the caller who has a transaction open on the handle', async () => {
      const time = createVirtualTime();
      const connection = connectSqlite('sqliteStore', database, time.runtime);
      const tables = sqliteTables('sqliteStore', {});
      const impatient = operationsIn(connection, tables, { clocks: machineClocks, cleanup: false });
      database.exec('BEGIN');
      const beginning = impatient.begin(anOperation({ scope })).catch((error: unknown) => error);
      await time.advance(patienceMs + 100);
      expect(await beginning).toMatchObject({
        message: 'a transaction of yours is open on this handle: give the store a handle of its own',
      });
      database.exec('ROLLBACK');
    });

    it('sends nothing while it stays busy', async () => {
      other.exec('BEGIN EXCLUSIVE');
      expect(await unsent(store, 'order-81')).toContain('database is locked');
      other.exec('COMMIT');
      const { charges } = openShop(store);
      await expect(charges.create(params, { idempotencyKey: 'order-81' })).resolves.toMatchObject({
        amount: 4590,
      });
    });
  });

  it.each([
    ['has no room left', 'database or disk is full'],
    ['is read only', 'attempt to write a readonly database'],
  ])('%s keeps a write from being sent, and what is recorded', async (what, words) => {
    await store.begin(anOperation({ scope, key: 'before' }));
    const isFull = what === 'has no room left';
    if (isFull) {
      database.exec('PRAGMA max_page_count = 1');
      const fill = async () => {
        for (let count = 0; ; count += 1) await store.begin(anOperation({ scope, key: `o${count}` }));
      };
      await expect(fill()).rejects.toThrow(words);
    } else database.exec('PRAGMA query_only = 1');

    expect(await unsent(store, 'order-81')).toContain(words);
    expect(await store.get(scope, 'before')).toMatchObject({ record: { state: 'started' } });

    database.exec(isFull ? 'PRAGMA max_page_count = 100000' : 'PRAGMA query_only = 0');
    await expect(
      openShop(store).charges.create(params, { idempotencyKey: 'order-81' }),
    ).resolves.toMatchObject({ amount: 4590 });
  });

  it('can no longer be written to when the charge is made gives the charge, and keeps the record open', async () => {
    const { charges, events } = openShop({
      ...store,
      settle: (...words) => {
        database.exec('PRAGMA query_only = 1');
        return store.settle(...words);
      },
    });
    const { id } = await charges.create(params, { idempotencyKey: 'order-81' });
    expect(events).toMatchObject([{ type: 'store', action: 'settle', idempotencyKey: 'order-81' }]);
    database.exec('PRAGMA query_only = 0');
    const [open = ''] = await store.listScopes!();
    expect(await store.get(open, 'order-81')).toMatchObject({ record: { state: 'started', prepared: true } });
    expect(charges.control.charges()).toMatchObject([{ id }]);
  });

  it('lacks the tables says how they are made', async () => {
    other.exec('DROP TABLE unicharge_operations');
    expect(await unsent(store, 'order-81')).toContain(
      'no such table: unicharge_operations; create the tables first: database.exec(sqliteSchema), or with createSqliteSchema where the store has a tablePrefix',
    );
  });

  it('was closed sends nothing', async () => {
    const closing = driver.open(folder.path('shop.db'));
    const closed = sqliteStore(closing);
    closing.close();
    await unsent(closed, 'order-81');
  });

  it('a process was killed over keeps what was answered, and nothing of what was not', async () => {
    const owner = ownerOf(await store.begin(anOperation({ scope })));
    await store.prepare(owner, { amount: 4590 });
    await killInsideTransaction(folder.path('shop.db'));
    expect(await sqliteStore(other).get(scope, 'order-1')).toMatchObject({
      record: { state: 'started', prepared: true, resolved: { amount: 4590 } },
    });
    expect(await store.settle(owner, { state: 'succeeded', result: null })).toBe(true);
  });
});
