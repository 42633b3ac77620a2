import type { OperationRecord, OperationStore, Ownership } from '../../models/operation-store.js';
import { systemRuntime } from '../../runtime.js';
import { finishedLifetimeMs } from '../memory.js';
import { resultText } from '../result-text.js';
import { readableRecords, recordOfFields } from '../stored-record.js';
import { sqliteClock, type MachineClocks } from './clock.js';
import type { SqliteConnection, SqliteRow, SqliteStatements } from './connection.js';
import { sqliteStatements } from './statements.js';
import type { SqliteTables } from './tables.js';

/** How many unresolved records are read at once. */
const pageSize = 200;
/** Every so many new operations of this process a portion of old ones is deleted: more than can have come in between. */
const cleanupEvery = 50;
/** Small: the event loop waits for it. */
const cleanupSize = 100;

/** Columns are read by their place: names, integers and rows come in several forms, as the handle is set. */
const recordOf = (row: SqliteRow): OperationRecord => {
  const [scope, key, operation, target, fingerprint, state, attempt, owner, startedAt, leaseUntil] = row;
  const [sentAt, prepared, openUntil, openReported, resolved, refundLock, result] = row.slice(10);
  const parsed = (value: unknown): unknown => JSON.parse(String(value));
  return recordOfFields(String(scope), String(key), {
    operation,
    target,
    fingerprint: parsed(fingerprint),
    state,
    attempt,
    owner,
    startedAt,
    leaseUntil,
    sentAt,
    prepared: Number(prepared) === 1,
    openSend: openUntil === null ? null : { until: openUntil, reported: Number(openReported) === 1 },
    resolved: parsed(resolved),
    refundLock,
    result: parsed(result),
  });
};

const isExpired = (row: SqliteRow, now: number): boolean =>
  row[17] !== null && Number(row[17]) <= now - finishedLifetimeMs;

/** The store over a connection, its tables and the clocks of the machine. */
export const operationsIn = (
  connection: SqliteConnection,
  tables: SqliteTables,
  { clocks, cleanup }: { readonly clocks: MachineClocks; readonly cleanup: boolean },
): OperationStore => {
  const statements = sqliteStatements(tables);
  const clock = sqliteClock(clocks, statements);
  const identity = ({ scope, key, owner, attempt }: Ownership) => [scope, key, owner, attempt] as const;
  const find = (sql: SqliteStatements, scope: string, key: string): SqliteRow | undefined =>
    sql.rows(statements.find, scope, key)[0];
  /** The record that was just made or changed. */
  const written = (sql: SqliteStatements, scope: string, key: string): OperationRecord =>
    recordOf(find(sql, scope, key) ?? []);
  const holderOf = (
    sql: SqliteStatements,
    { scope, key, refundLock }: Pick<OperationRecord, 'scope' | 'key' | 'refundLock'>,
  ): string | null => {
    if (refundLock === null) return null;
    const [holder] = sql.rows(statements.otherHolder, scope, refundLock, key);
    return holder === undefined ? null : String(holder[0]);
  };

  let begun = 0;
  const cleanUpNowAndThen = (): void => {
    begun += 1;
    if (!cleanup || begun % cleanupEvery !== 1) return;
    const portion = (sql: SqliteStatements): void => {
      const old = clock.keep(sql) - finishedLifetimeMs;
      sql.run(statements.deleteOldOperations, old, cleanupSize);
      sql.run(statements.deleteOldClaims, old, cleanupSize);
    };
    // Runs in the background; a failure is made up for by the next run.
    void systemRuntime
      .sleep(0)
      .then(() => connection.write(portion))
      .catch(() => undefined);
  };

  return {
    durable: connection.hasFile,
    async begin(operation) {
      const { scope, key, target, fingerprint, owner, leaseMs, refundLock, resolved } = operation;
      const answer = await connection.write((sql) => {
        const now = clock.keep(sql);
        const row = find(sql, scope, key);
        if (row !== undefined && !isExpired(row, now))
          return { status: 'exists' as const, record: recordOf(row), now };
        const holder = holderOf(sql, operation);
        if (holder !== null) return { status: 'locked' as const, by: holder, now };
        sql.run(statements.forget, scope, key);
        const asked = [scope, key, operation.operation, target, JSON.stringify(fingerprint)] as const;
        const sending = resolved === undefined ? [null, null, 0] : [JSON.stringify(resolved), now, 1];
        sql.run(statements.insert, ...asked, owner, now, now + Math.ceil(leaseMs), refundLock, ...sending);
        return { status: 'made' as const, record: written(sql, scope, key), now };
      });
      if (answer.status === 'made') cleanUpNowAndThen();
      return answer;
    },
    claim: ({ scope, key, attempt, owner, leaseMs }) =>
      connection.write((sql) => {
        const now = clock.keep(sql);
        const row = find(sql, scope, key);
        if (row === undefined) return null;
        const record = recordOf(row);
        if (record.attempt !== attempt || record.state === 'succeeded' || record.state === 'rejected')
          return null;
        if (record.state === 'started' && record.leaseUntil > now) return null;
        if (holderOf(sql, record) !== null) return null;
        sql.run(statements.takeOver, owner, now + Math.ceil(leaseMs), scope, key);
        return { record: written(sql, scope, key), now };
      }),
    prepare: (owner, resolved) =>
      connection.write((sql) => {
        const now = clock.keep(sql);
        const text = JSON.stringify(resolved ?? null);
        return sql.run(statements.prepare, text, now, ...identity(owner), now) === 1;
      }),
    settle: (owner, { state, result, sent = false, claimedRefund = null }) =>
      connection.write((sql) => {
        const now = clock.keep(sql);
        const { scope, key } = owner;
        if (sql.rows(statements.isMine, ...identity(owner)).length === 0) return false;
        if (claimedRefund !== null) {
          const [claim] = sql.rows(statements.claimOf, scope, claimedRefund);
          if (claim !== undefined && claim[0] !== key) return false;
          sql.run(statements.claimRefund, scope, claimedRefund, key, now);
        }
        const text = result === null ? null : resultText(result);
        if (state === 'unknown') {
          sql.run(statements.leaveUnknown, text, scope, key);
          if (sent) sql.run(statements.openSend, now, scope, key);
        } else sql.run(statements.finish, state, text, now, scope, key);
        return true;
      }),
    release: (owner) => connection.write((sql) => sql.run(statements.release, ...identity(owner)) === 1),
    get: (scope, key) =>
      connection.read((sql) => {
        const now = clock.now(sql);
        const row = find(sql, scope, key);
        return row === undefined || isExpired(row, now) ? null : { record: recordOf(row), now };
      }),
    claimedRefunds: (scope, refundIds, exceptKey) =>
      connection.read((sql) =>
        refundIds.filter((id) => {
          const [claim] = sql.rows(statements.claimOf, scope, id);
          return claim !== undefined && claim[0] !== exceptKey;
        }),
      ),
    async *listUnresolved(scope) {
      const records = readableRecords();
      let last = { startedAt: 0, key: '' };
      for (;;) {
        const { startedAt, key } = last;
        const rows = await connection.read((sql) =>
          sql.rows(statements.unresolved, scope, startedAt, key, pageSize),
        );
        yield* records.of(rows, recordOf);
        const end = rows.at(-1);
        // Columns of the table: `key`, and `started_at`.
        if (end !== undefined) last = { startedAt: Number(end[8]), key: String(end[1]) };
        if (rows.length < pageSize) break;
      }
      records.end();
    },
    listScopes: () => connection.read((sql) => sql.rows(statements.scopes).map(([scope]) => String(scope))),
  };
};
