import type { OperationStore } from '../models/operation-store.js';
import { deleting, deletionLimit } from './delete-finished.js';
import { finishedLifetimeMs } from './memory.js';
import { checkOptions } from '../options.js';
import { machineClocks, sqliteClock } from './sqlite/clock.js';
import { connectSqlite, type SqliteDatabaseLike } from './sqlite/connection.js';
import { operationsIn } from './sqlite/operations.js';
import { sqliteStatements } from './sqlite/statements.js';
import { sqliteTables, tableOptionNames, type SqliteTableOptions } from './sqlite/tables.js';

export type { SqliteDatabaseLike, SqliteStatementLike } from './sqlite/connection.js';
export { createSqliteSchema, sqliteSchema, type SqliteTableOptions } from './sqlite/tables.js';

/** What `sqliteStore` takes besides the database. */
export interface SqliteStoreOptions extends SqliteTableOptions {
  /** Whether old finished records are deleted in small portions now and then. Default true. */
  readonly cleanup?: boolean | undefined;
}

/**
 * Records in a file of SQLite 3.35 or later: for all processes of one machine, and across restarts. Every transition is one short
 * transaction that is on the disk before it answers, whatever `synchronous` the handle has. Create the tables with `sqliteSchema`
 * first, and set `journal_mode` to `wal`. A file that another process writes to is tried again for four seconds, and the event
 * loop goes on meanwhile. Finished records are deleted after 30 days, unresolved ones never. Failures of the driver pass through;
 * the library turns them into errors that say whether something was sent.
 *
 * @param database An open handle: a `DatabaseSync` of node:sqlite, or a database of better-sqlite3 and what has its interface.
 * Give the store one of its own: while a transaction of yours is open on it, no write can be recorded. It stays the caller's:
 * nothing here closes it. A database in memory (`:memory:`) makes a store that is not `durable`.
 * @throws ConfigurationError when the database is no such handle, the prefix is not a plain lower-case identifier, or an option
 * is not known.
 * @example
 * import { DatabaseSync } from 'node:sqlite';
 * import { sqliteSchema, sqliteStore } from 'unicharge/sqlite';
 *
 * const database = new DatabaseSync('payments.db');
 * database.exec('PRAGMA journal_mode = wal');
 * database.exec(sqliteSchema);
 * const charges = createStripe({ store: sqliteStore(database) });
 */
export const sqliteStore = (
  database: SqliteDatabaseLike,
  options: SqliteStoreOptions = {},
): OperationStore => {
  const connection = connectSqlite('sqliteStore', database);
  checkOptions('sqliteStore', options, [...tableOptionNames, 'cleanup']);
  const { tablePrefix, cleanup = true } = options;
  return operationsIn(connection, sqliteTables('sqliteStore', { tablePrefix }), {
    clocks: machineClocks,
    cleanup,
  });
};

/**
 * Deletes finished records and claimed refunds that are older than 30 days. A store does this by itself in small portions;
 * call it from a job where you would rather choose the hour. Unresolved records are never deleted.
 *
 * @returns How many rows went: call again while it is above zero.
 * @throws ConfigurationError when the database is no open handle or has no tables, and for an option that is wrong or not known.
 * @example
 * while ((await deleteFinishedOperations(database)) > 0);
 */
export const deleteFinishedOperations = async (
  database: SqliteDatabaseLike,
  options: SqliteTableOptions & { readonly limit?: number | undefined } = {},
): Promise<number> => {
  const connection = connectSqlite('deleteFinishedOperations', database);
  checkOptions('deleteFinishedOperations', options, [...tableOptionNames, 'limit']);
  const { limit, ...tables } = options;
  const most = deletionLimit(limit);
  const statements = sqliteStatements(sqliteTables('deleteFinishedOperations', tables));
  const clock = sqliteClock(machineClocks, statements);
  return deleting(() =>
    connection.write((sql) => {
      const old = clock.keep(sql) - finishedLifetimeMs;
      return (
        sql.run(statements.deleteOldOperations, old, most) + sql.run(statements.deleteOldClaims, old, most)
      );
    }),
  );
};
