import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import pg from 'pg';
import { postgresSchema } from '../../src/stores/postgres.js';
import { sqliteSchema } from '../../src/stores/sqlite.js';
import { addressOf } from './addresses.js';
import type { StoreName } from './messages.js';

/** The file of a run that was given none: its processes find it in the environment. */
const makeFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'unicharge-faults-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, 'faults.db');
};

/** Makes what a store needs before it is used. */
export const prepareServer = async (store: StoreName): Promise<void> => {
  if (store === 'memory') return;
  if (store === 'sqlite') {
    process.env['SQLITE_FILE'] ??= makeFile();
    const database = new Database(addressOf(store));
    database.exec('PRAGMA journal_mode = wal');
    database.exec(sqliteSchema);
    database.close();
    return;
  }
  const address = addressOf(store);
  if (store === 'redis') return;
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(postgresSchema);
  await client.end();
};
