import { checkOptions, refuseOptions } from '../../options.js';

/** Which tables a store uses. */
export interface SqliteTableOptions {
  /** Stands before the names of all three tables. Default `unicharge_`. */
  readonly tablePrefix?: string | undefined;
}

/** The names of those options. */
export const tableOptionNames = ['tablePrefix'] as const;

/** The tables of one store, quoted, as statements name them. */
export interface SqliteTables {
  readonly operations: string;
  readonly claimedRefunds: string;
  readonly clock: string;
  /** For the names of indexes, which share their names with everything else in the file. */
  readonly tablePrefix: string;
}

const identifier = /^[a-z_][a-z0-9_]{0,30}$/;

/** `owner` is the function that was called. */
export const sqliteTables = (
  owner: string,
  { tablePrefix = 'unicharge_' }: SqliteTableOptions,
): SqliteTables => {
  // SQLite keeps names that begin with sqlite_ for itself.
  if (typeof tablePrefix !== 'string' || !identifier.test(tablePrefix) || tablePrefix.startsWith('sqlite_')) {
    refuseOptions(
      owner,
      'tablePrefix must be at most 31 lower-case letters, digits and underscores, no digit first, and not begin with sqlite_',
    );
  }
  return {
    operations: `"${tablePrefix}operations"`,
    claimedRefunds: `"${tablePrefix}claimed_refunds"`,
    clock: `"${tablePrefix}clock"`,
    tablePrefix,
  };
};

/**
 * The statements that make the tables, for another prefix than the default; `sqliteSchema` are the ones for the default.
 * Running them again changes nothing.
 *
 * @throws ConfigurationError when the prefix is not a plain lower-case identifier, and for an option that is not known.
 * @example
 * database.exec(createSqliteSchema({ tablePrefix: 'charges_' }));
 */
export const createSqliteSchema = (options: SqliteTableOptions = {}): string => {
  checkOptions('createSqliteSchema', options, tableOptionNames);
  const { operations, claimedRefunds, clock, tablePrefix } = sqliteTables('createSqliteSchema', options);
  // One unresolved refund of a charge at a time is a unique index, as a second guard behind the transaction that asks first.
  return `CREATE TABLE IF NOT EXISTS ${operations} (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  operation TEXT NOT NULL,
  target TEXT,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('started', 'unknown', 'succeeded', 'rejected', 'did_not_happen')),
  attempt INTEGER NOT NULL,
  owner TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  sent_at INTEGER,
  prepared INTEGER NOT NULL,
  open_until INTEGER,
  open_reported INTEGER,
  resolved TEXT,
  refund_lock TEXT,
  result TEXT,
  finished_at INTEGER,
  PRIMARY KEY (scope, key)
);
CREATE UNIQUE INDEX IF NOT EXISTS "${tablePrefix}refund_lock" ON ${operations} (scope, refund_lock)
  WHERE refund_lock IS NOT NULL AND state IN ('started', 'unknown');
CREATE INDEX IF NOT EXISTS "${tablePrefix}unresolved" ON ${operations} (scope, started_at, key)
  WHERE state IN ('started', 'unknown');
CREATE INDEX IF NOT EXISTS "${tablePrefix}finished" ON ${operations} (finished_at)
  WHERE finished_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS ${claimedRefunds} (
  scope TEXT NOT NULL,
  refund_id TEXT NOT NULL,
  key TEXT NOT NULL,
  claimed_at INTEGER NOT NULL,
  PRIMARY KEY (scope, refund_id)
);
CREATE INDEX IF NOT EXISTS "${tablePrefix}claimed_at" ON ${claimedRefunds} (claimed_at);
CREATE TABLE IF NOT EXISTS ${clock} (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  boot TEXT NOT NULL,
  since_boot INTEGER NOT NULL,
  time INTEGER NOT NULL
);
`;
};

/**
 * Makes the tables of `sqliteStore` under their default names. May run at every start or stand in a migration.
 *
 * @example
 * database.exec(sqliteSchema);
 */
export const sqliteSchema: string = createSqliteSchema();
