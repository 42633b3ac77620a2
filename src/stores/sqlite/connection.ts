import { isObject, memberOf } from '../../models/objects.js';
import { hasMethod, refuseOptions } from '../../options.js';
import { systemRuntime, type Runtime } from '../../runtime.js';

/** What a statement is given. */
type SqliteValue = string | number | null;

/** The part of a prepared statement that is used. Its values are text, numbers and null, in the order of the question marks. */
export interface SqliteStatementLike {
  // Each driver has types of its own for them, which nothing but `never` fits.
  /** Runs the statement and returns all of its rows. */
  all(...values: never[]): unknown[];
  /** Runs the statement and tells how many rows it changed. */
  run(...values: never[]): { readonly changes: number | bigint };
}

interface BoundStatement {
  all(...values: SqliteValue[]): unknown[];
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
}

/** The part of an open database that is used: a `DatabaseSync` of node:sqlite, or a database of better-sqlite3 and its kin. */
export interface SqliteDatabaseLike {
  /** Runs SQL without parameters, also several statements. */
  exec(sql: string): unknown;
  /** Compiles one statement, which is run later, as often as needed. */
  prepare(sql: string): SqliteStatementLike;
}

/** The values of a row in the order of its columns, however the handle is set to give rows. */
export type SqliteRow = readonly unknown[];

/** Statements of one moment: nothing of this process comes between them. */
export interface SqliteStatements {
  rows(sql: string, ...values: SqliteValue[]): SqliteRow[];
  /** How many rows it changed. */
  run(sql: string, ...values: SqliteValue[]): number;
}

/** A handle whose operations wait for other processes, and let the event loop go on meanwhile. */
export interface SqliteConnection {
  /** Whether the records lie in a file. */
  readonly hasFile: boolean;
  /** Statements without a transaction, for reading. */
  read<Result>(run: (statements: SqliteStatements) => Result): Promise<Result>;
  /** One transaction, which is on the disk when the promise resolves. */
  write<Result>(run: (statements: SqliteStatements) => Result): Promise<Result>;
}

/** Less than the library waits for a store, so that its error is the reason and not the time. */
const patienceMs = 4_000;
const firstWaitMs = 2;
const longestWaitMs = 50;
/** EXTRA: with a rollback journal FULL leaves its removal to chance. In WAL mode both are the same. */
const syncsEverything = 3;

/** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: another connection is at it. */
const busyCodes = [5, 6, 15];
const busyNames = /^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/;
/** The caller has a transaction open on the same handle: what was written in it could be rolled back. */
const insideTransaction = /\b(?:within|inside) a transaction\b/;

const ownTransaction = (): Error =>
  new Error('a transaction of yours is open on this handle: give the store a handle of its own');

const isInsideTransaction = (error: unknown): boolean =>
  error instanceof Error && insideTransaction.test(error.message);

const isBusy = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const code = memberOf(error, 'code');
  const errcode = memberOf(error, 'errcode');
  if (typeof errcode === 'number' && busyCodes.includes(errcode & 0xff)) return true;
  return (typeof code === 'string' && busyNames.test(code)) || isInsideTransaction(error);
};

const valuesOf = (row: unknown): SqliteRow => (isObject(row) ? Object.values(row) : []);

const notADatabase =
  'the database must be an open handle: a DatabaseSync of node:sqlite, or a database of better-sqlite3, not a file name';

const openStatements = (database: SqliteDatabaseLike): SqliteStatements => {
  const known = new Map<string, BoundStatement>();
  const prepared = (sql: string): BoundStatement => {
    let statement = known.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql);
      known.set(sql, statement);
    }
    return statement;
  };
  return {
    rows: (sql, ...values) =>
      prepared(sql)
        .all(...values)
        .map(valuesOf),
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
  };
};

/** Where the records lie; empty for a database in memory. A driver that answers with promises or callbacks is refused. */
const fileOf = (caller: string, database: SqliteDatabaseLike): string => {
  let answer: unknown;
  try {
    answer = database.prepare('PRAGMA database_list').all();
  } catch {
    return refuseOptions(caller, `${notADatabase}; this one gives no answer`);
  }
  if (!Array.isArray(answer)) return refuseOptions(caller, notADatabase);
  const main = answer.map(valuesOf).find(([, name]) => name === 'main');
  const file = main?.[2];
  return typeof file === 'string' ? file : '';
};

/** Takes the handle of a caller, and refuses what is none. */
export const connectSqlite = (
  caller: string,
  database: SqliteDatabaseLike,
  runtime: Pick<Runtime, 'monotonic' | 'sleep' | 'random'> = systemRuntime,
): SqliteConnection => {
  if (!hasMethod(database, 'prepare') || !hasMethod(database, 'exec')) refuseOptions(caller, notADatabase);
  const hasFile = fileOf(caller, database) !== '';
  const statements = openStatements(database);
  const pragma = (name: string): unknown => statements.rows(`PRAGMA ${name}`)[0]?.[0];
  const quietly = (sql: string): void => {
    try {
      database.exec(sql);
    } catch {
      // What failed before is what matters.
    }
  };

  /** The handle does not wait by itself, which would hold the event loop: it is given back as it was. */
  const withoutWaiting = <Result>(run: () => Result): Result => {
    const timeout = Number(pragma('busy_timeout'));
    if (timeout === 0) return run();
    database.exec('PRAGMA busy_timeout = 0');
    try {
      return run();
    } finally {
      quietly(`PRAGMA busy_timeout = ${timeout}`);
    }
  };

  const transaction = <Result>(run: (statements: SqliteStatements) => Result): Result => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = run(statements);
      database.exec('COMMIT');
      return result;
    } catch (error) {
      quietly('ROLLBACK');
      throw error;
    }
  };

  /** Handles are often set to sync less, as better-sqlite3 is in WAL mode: a power cut would forget a write that was sent. */
  const synced = <Result>(run: () => Result): Result => {
    const level = Number(pragma('synchronous'));
    if (!hasFile || level >= syncsEverything) return run();
    database.exec(`PRAGMA synchronous = ${syncsEverything}`);
    try {
      return run();
    } finally {
      quietly(`PRAGMA synchronous = ${level}`);
    }
  };

  let keepsJournal = !hasFile;
  /** Without a journal a transaction cannot be rolled back, and with one in memory a killed process leaves a torn file. */
  const checkJournal = (): void => {
    if (keepsJournal) return;
    const mode = String(pragma('journal_mode')).toLowerCase();
    if (mode === 'off' || mode === 'memory')
      throw new Error(`the database keeps no journal on the disk (journal_mode ${mode}): set it to wal`);
    keepsJournal = true;
  };

  const whenFree = async <Result>(attempt: () => Result): Promise<Result> => {
    const begun = runtime.monotonic();
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (runtime.monotonic() - begun >= patienceMs)
          throw isInsideTransaction(error) ? ownTransaction() : error;
      }
      await runtime.sleep(waitMs * (0.5 + runtime.random()));
    }
  };

  return {
    hasFile,
    read: (run) => whenFree(() => withoutWaiting(() => run(statements))),
    write: (run) =>
      whenFree(() =>
        withoutWaiting(() => {
          checkJournal();
          return synced(() => transaction(run));
        }),
      ),
  };
};
