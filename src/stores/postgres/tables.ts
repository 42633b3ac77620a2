import { checkOptions, refuseOptions } from '../../options.js';

/** Which tables a store uses. */
export interface PostgresTableOptions {
  /** The PostgreSQL schema. Default: the first of the connection's `search_path`. It has to exist. */
  readonly schema?: string | undefined;
  /** Stands before the names of both tables. Default `unicharge_`. */
  readonly tablePrefix?: string | undefined;
}

/** The names of those options. */
export const tableOptionNames = ['schema', 'tablePrefix'] as const;

/** The tables of one store, quoted, as statements name them. */
export interface PostgresTables {
  readonly operations: string;
  readonly claimedRefunds: string;
  /** For the names of indexes, which always live in the schema of their table. */
  readonly tablePrefix: string;
}

// Short enough that no index name is cut at PostgreSQL's 63 bytes.
const identifier = /^[a-z_][a-z0-9_]{0,30}$/;

const checked = (owner: string, option: string, value: unknown): string => {
  if (typeof value === 'string' && identifier.test(value)) return value;
  return refuseOptions(
    owner,
    `${option} must be at most 31 lower-case letters, digits and underscores, no digit first`,
  );
};

/** `owner` is the function that was called. */
export const postgresTables = (
  owner: string,
  { schema, tablePrefix = 'unicharge_' }: PostgresTableOptions,
): PostgresTables => {
  const prefix = checked(owner, 'tablePrefix', tablePrefix);
  const place = schema === undefined ? '' : `"${checked(owner, 'schema', schema)}".`;
  return {
    operations: `${place}"${prefix}operations"`,
    claimedRefunds: `${place}"${prefix}claimed_refunds"`,
    tablePrefix: prefix,
  };
};

/**
 * The statement that makes both tables, for options other than the defaults; `postgresSchema` is the one for the defaults.
 * Running it again changes nothing, also from several processes at once.
 *
 * @throws ConfigurationError when a name is not a plain lower-case identifier, and for an option that is not known.
 * @example
 * await pool.query(createPostgresSchema({ schema: 'payments' }));
 */
export const createPostgresSchema = (options: PostgresTableOptions = {}): string => {
  checkOptions('createPostgresSchema', options, tableOptionNames);
  const { operations, claimedRefunds, tablePrefix } = postgresTables('createPostgresSchema', options);
  // `json`, not `jsonb`: what was stored comes back as it was written, and no character is refused.
  // One unresolved refund of a charge at a time is a unique index: lock and state cannot disagree.
  return `DO $schema$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('unicharge schema', 0));
  CREATE TABLE IF NOT EXISTS ${operations} (
    scope text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    operation text NOT NULL,
    target text,
    fingerprint json NOT NULL,
    state text NOT NULL CHECK (state IN ('started', 'unknown', 'succeeded', 'rejected', 'did_not_happen')),
    attempt integer NOT NULL,
    owner text NOT NULL,
    started_at bigint NOT NULL,
    lease_until bigint NOT NULL,
    sent_at bigint,
    prepared boolean NOT NULL,
    open_until bigint,
    open_reported boolean,
    resolved json,
    refund_lock text,
    result json,
    finished_at bigint,
    PRIMARY KEY (scope, key)
  );
  CREATE UNIQUE INDEX IF NOT EXISTS "${tablePrefix}refund_lock" ON ${operations} (scope, refund_lock)
    WHERE refund_lock IS NOT NULL AND state IN ('started', 'unknown');
  CREATE INDEX IF NOT EXISTS "${tablePrefix}unresolved" ON ${operations} (scope, started_at, key)
    WHERE state IN ('started', 'unknown');
  CREATE INDEX IF NOT EXISTS "${tablePrefix}finished" ON ${operations} (finished_at)
    WHERE finished_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS ${claimedRefunds} (
    scope text COLLATE "C" NOT NULL,
    refund_id text COLLATE "C" NOT NULL,
    key text NOT NULL,
    claimed_at bigint NOT NULL,
    PRIMARY KEY (scope, refund_id)
  );
  CREATE INDEX IF NOT EXISTS "${tablePrefix}claimed_at" ON ${claimedRefunds} (claimed_at);
END
$schema$`;
};

/**
 * Makes the tables of `postgresStore` under their default names. One statement, which may run at every start or stand in a
 * migration.
 *
 * @example
 * await pool.query(postgresSchema);
 */
export const postgresSchema: string = createPostgresSchema();
