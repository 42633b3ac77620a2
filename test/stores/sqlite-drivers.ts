import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import type { SqliteDatabaseLike } from '../../src/stores/sqlite.js';
import { sqliteSchema } from '../../src/stores/sqlite.js';

/** An open handle, which its test closes. */
export interface OpenDatabase extends SqliteDatabaseLike {
  close(): unknown;
}

/** How Node's own module opens a file; the types that we compile against are of a Node without it. */
interface NodeSqlite {
  readonly DatabaseSync: new (file: string, options?: object) => OpenDatabase;
}

/** `node:sqlite`, where the running Node has it. */
export const nodeSqlite = process.getBuiltinModule('node:sqlite' as string) as unknown as
  NodeSqlite | undefined;

/** A driver and how it opens a file. `options` are the driver's own. */
export interface SqliteDriver {
  readonly name: string;
  open(file: string, options?: object): OpenDatabase;
}

/** libsql: the interface of better-sqlite3, without a compiler. */
export const libsql: SqliteDriver = {
  name: 'libsql',
  open: (file, options = {}) => new Database(file, options),
};

const ofNode: SqliteDriver | null =
  nodeSqlite === undefined
    ? null
    : {
        name: 'node:sqlite',
        open: (file, options = {}) => new nodeSqlite.DatabaseSync(file, options),
      };

/** Every driver that is here. */
export const sqliteDrivers: readonly SqliteDriver[] = ofNode === null ? [libsql] : [libsql, ofNode];

/** A folder of its own for files of a test. */
export const temporaryFolder = (): { path(name: string): string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'unicharge-sqlite-'));
  return {
    path: (name) => join(folder, name),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A file as the page on stores advises it: WAL, and the tables. */
export const openFile = (driver: SqliteDriver, file: string, options?: object): OpenDatabase => {
  const database = driver.open(file, options);
  database.exec('PRAGMA journal_mode = wal');
  database.exec(sqliteSchema);
  return database;
};
