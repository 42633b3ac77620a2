import type {
  BeginAnswer,
  NewOperation,
  OperationRecord,
  OperationStore,
  Ownership,
  StoredOperation,
} from '../models/operation-store.js';
import { postgresStatements } from './postgres/statements.js';
import { postgresTables, tableOptionNames, type PostgresTableOptions } from './postgres/tables.js';

import { deleting, deletionLimit } from './delete-finished.js';
import { resultText } from './result-text.js';
import { readableRecords, recordOfFields } from './stored-record.js';
import { checkOptions, hasMethod, refuseOptions } from '../options.js';
import { fieldsOf, isObject, memberOf } from '../models/objects.js';

export { createPostgresSchema, postgresSchema, type PostgresTableOptions } from './postgres/tables.js';

/** Anything that runs a statement: a `Pool` or `Client` of pg, PGlite, and drivers of their shape. */
export interface PostgresQueryable {
  /** Runs one statement with its parameters `$1`, `$2`, … and resolves to its rows. */
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** What `postgresStore` takes besides the pool. */
export interface PostgresStoreOptions extends PostgresTableOptions {
  /** Whether old finished records are deleted in small portions now and then. Default true. */
  readonly cleanup?: boolean | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/** How many unresolved records are read at once. */
const pageSize = 200;
/** Every so many new operations of this process a portion of old ones is deleted: more than can have come in between. */
const cleanupEvery = 500;
const cleanupSize = 1_000;
const largestInteger = 2_147_483_647;
/**
 * Retries of `begin` when another process changes the record or lock in between. One is nearly always enough.
 */
const beginTries = 10;

/**
 * Records in PostgreSQL 12 or later: for several processes, and across restarts. Every transition is one statement by the
 * server's clock, in whatever transaction the pool runs it: give it a pool, not a client inside a transaction of yours.
 * Create the tables with `postgresSchema` first. Finished records are deleted after 30 days, unresolved ones never. Failures
 * of the driver pass through; the library turns them into errors that say whether something was sent.
 *
 * @param pool Stays the caller's: nothing here ends it.
 * @throws ConfigurationError when the pool has no `query`, the schema or the prefix is not a plain lower-case identifier, or
 * an option is not known.
 * @example
 * import { Pool } from 'pg';
 * import { postgresSchema, postgresStore } from 'unicharge/postgres';
 *
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * await pool.query(postgresSchema);
 * const charges = createStripe({ store: postgresStore(pool) });
 */
export const postgresStore = (
  pool: PostgresQueryable,
  options: PostgresStoreOptions = {},
): OperationStore => {
  checkPool('postgresStore', pool);
  checkOptions('postgresStore', options, [...tableOptionNames, 'cleanup']);
  const tables = { schema: options.schema, tablePrefix: options.tablePrefix };
  const statements = postgresStatements(postgresTables('postgresStore', tables));
  const rowsOf = async (statement: string, values: unknown[]): Promise<Row[]> =>
    (await pool.query(statement, values)).rows.filter(isObject);
  const identity = ({ scope, key, owner, attempt }: Ownership) => [scope, key, owner, attempt];
  const isDone = async (statement: string, values: unknown[]): Promise<boolean> =>
    (await rowsOf(statement, values)).length === 1;

  let begun = 0;
  const cleanUpNowAndThen = () => {
    begun += 1;
    if (options.cleanup === false || begun % cleanupEvery !== 1) return;
    // Runs in the background; a failure is made up for by the next run.
    deleteFinishedOperations(pool, { ...tables, limit: cleanupSize }).catch(() => undefined);
  };

  const begin = async (operation: NewOperation): Promise<BeginAnswer | null> => {
    const { scope, key, owner, leaseMs, target, fingerprint, refundLock, resolved } = operation;
    const rows = await rowsOf(statements.begin, [
      scope,
      key,
      owner,
      Math.ceil(leaseMs),
      operation.operation,
      target,
      JSON.stringify(fingerprint),
      refundLock,
      resolved === undefined ? null : JSON.stringify(resolved),
    ]);
    // A record of this key answers before the lock that another key may hold.
    const row = rows.find(({ status }) => status !== 'locked') ?? rows[0];
    switch (row?.['status']) {
      case 'made':
      case 'exists':
        return { status: row['status'], ...storedOperation(row) };
      case 'locked':
        return { status: 'locked', by: String(row['record']), now: Number(row['now']) };
      case 'expired':
        await pool.query(statements.forgetExpired, [scope, key]);
        return null;
      default:
        return null;
    }
  };

  return {
    durable: true,
    async begin(operation) {
      for (let tries = 0; tries < beginTries; tries += 1) {
        const answer = await begin(operation);
        if (answer?.status === 'made') cleanUpNowAndThen();
        if (answer !== null) return answer;
      }
      throw new Error('the operation store could not begin: its record came and went at every try');
    },
    async claim({ scope, key, attempt, owner, leaseMs }) {
      try {
        const [row] = await rowsOf(statements.claim, [scope, key, owner, attempt, Math.ceil(leaseMs)]);
        return row === undefined ? null : storedOperation(row);
      } catch (error) {
        // Another refund of the charge took the lock at the same moment.
        if (isUniqueViolation(error)) return null;
        throw error;
      }
    },
    prepare: (owner, resolved) =>
      isDone(statements.prepare, [...identity(owner), JSON.stringify(resolved ?? null)]),
    settle: (owner, { state, result, sent = false, claimedRefund = null }) =>
      isDone(statements.settle, [
        ...identity(owner),
        state,
        result === null ? null : resultText(result),
        sent,
        claimedRefund,
      ]),
    release: (owner) => isDone(statements.release, identity(owner)),
    async get(scope, key) {
      const [row] = await rowsOf(statements.get, [scope, key]);
      return row === undefined ? null : storedOperation(row);
    },
    async claimedRefunds(scope, refundIds, exceptKey) {
      if (refundIds.length === 0) return [];
      const rows = await rowsOf(statements.claimedRefunds, [scope, JSON.stringify(refundIds), exceptKey]);
      const claimed = new Set(rows.map((row) => String(row['refund_id'])));
      return refundIds.filter((id) => claimed.has(id));
    },
    async *listUnresolved(scope) {
      const records = readableRecords();
      let last = { startedAt: 0, key: '' };
      for (;;) {
        const rows = await rowsOf(statements.unresolved, [scope, last.startedAt, last.key, pageSize]);
        yield* records.of(rows, recordOf);
        last = placeOf(rows.at(-1)) ?? last;
        if (rows.length < pageSize) break;
      }
      records.end();
    },
    async listScopes() {
      return (await rowsOf(statements.scopes, [])).map((row) => String(row['scope']));
    },
  };
};

/**
 * Deletes finished records and claimed refunds that are older than 30 days. A store does this by itself in small portions;
 * call it from a job where you would rather choose the hour. Unresolved records are never deleted.
 *
 * @returns How many rows went: call again while it is above zero.
 * @throws ConfigurationError when the pool is none or has no tables, and for an option that is wrong or not known.
 * @example
 * while ((await deleteFinishedOperations(pool)) > 0);
 */
export const deleteFinishedOperations = async (
  pool: PostgresQueryable,
  options: PostgresTableOptions & { readonly limit?: number | undefined } = {},
): Promise<number> => {
  checkPool('deleteFinishedOperations', pool);
  checkOptions('deleteFinishedOperations', options, [...tableOptionNames, 'limit']);
  const { limit, ...tables } = options;
  const most = Math.min(deletionLimit(limit), largestInteger);
  const { deleteExpired } = postgresStatements(postgresTables('deleteFinishedOperations', tables));
  const [row] = (await deleting(() => pool.query(deleteExpired, [most]))).rows.filter(isObject);
  return Number(row?.['deleted']);
};

const checkPool = (caller: string, pool: unknown): void => {
  if (hasMethod(pool, 'query')) return;
  refuseOptions(
    caller,
    'the pool must have a query method: a Pool of pg, PGlite, or a driver of their shape',
  );
};

const recordOf = (row: Row): OperationRecord => {
  const fields = fieldsOf(JSON.parse(String(row['record'])));
  return recordOfFields(String(fields['scope']), String(fields['key']), fields);
};

/** Where a row stands in the list, also one whose record cannot be read. */
const placeOf = (row: Row | undefined): { readonly startedAt: number; readonly key: string } | null => {
  if (row === undefined) return null;
  const { startedAt, key } = fieldsOf(JSON.parse(String(row['record'])));
  return { startedAt: Number(startedAt), key: String(key) };
};

const storedOperation = (row: Row): StoredOperation => ({ record: recordOf(row), now: Number(row['now']) });

const isUniqueViolation = (error: unknown): boolean => memberOf(error, 'code') === '23505';
