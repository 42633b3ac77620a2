import { accessSync, constants } from 'node:fs';
import { isObject } from '../../models/objects.js';
import { hasMethod } from '../../options.js';
import type { SqliteDatabaseLike } from '../../stores/sqlite.js';
import { sqliteTables } from '../../stores/sqlite/tables.js';
import type { StoreConnection } from '../open-store.js';
import { checksOf, type Check } from './check.js';

const { ok, warning, problem } = checksOf('store');

const isWritable = (file: string): boolean => {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const isDatabase = (database: object): database is SqliteDatabaseLike => hasMethod(database, 'prepare');

/** Whether the file keeps what it is given, and has the tables. */
export const checkSqlite = ({
  database,
  tablePrefix,
}: Extract<StoreConnection, { kind: 'sqlite' }>): Check[] => {
  if (!isDatabase(database)) throw new TypeError('what the config exports as sqlite is no open database');
  const rowsOf = (sql: string): unknown[][] =>
    database
      .prepare(sql)
      .all()
      .map((row) => (isObject(row) ? Object.values(row) : []));
  const checks: Check[] = [];
  const file = rowsOf('PRAGMA database_list').find(([, name]) => name === 'main')?.[2];
  if (typeof file !== 'string' || file === '') {
    return [
      problem(
        'the database is in memory: it ends with its process',
        'open a file, and give all processes the same',
      ),
    ];
  }
  checks.push(
    isWritable(file)
      ? ok('the file can be written, and every record is on the disk before its write is sent')
      : problem(
          'the file cannot be written',
          'run this as the user of the shop, or let that user write the file',
        ),
  );
  const mode = String(rowsOf('PRAGMA journal_mode')[0]?.[0]).toLowerCase();
  if (mode === 'wal') checks.push(ok('readers and writers do not wait for each other (journal_mode wal)'));
  else if (mode === 'off' || mode === 'memory') {
    checks.push(
      problem(
        `the file has no journal on the disk (journal_mode ${mode}): a killed process leaves it torn`,
        'set it once: PRAGMA journal_mode = wal',
      ),
    );
  } else {
    checks.push(
      warning(
        `a reader of the file holds its writers up (journal_mode ${mode})`,
        'set it once: PRAGMA journal_mode = wal',
      ),
    );
  }
  const { operations, claimedRefunds, clock } = sqliteTables('doctor', { tablePrefix });
  const present = new Set(
    rowsOf("SELECT name FROM sqlite_master WHERE type = 'table'").map(([name]) => `"${String(name)}"`),
  );
  checks.push(
    [operations, claimedRefunds, clock].every((table) => present.has(table))
      ? ok('the tables are there')
      : problem('the tables are missing', 'run sqliteSchema: database.exec(sqliteSchema)'),
  );
  return checks;
};
