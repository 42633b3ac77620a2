import type { SqliteTables } from './tables.js';

const unresolved = `state IN ('started', 'unknown')`;
const columns = `scope, key, operation, target, fingerprint, state, attempt, owner, started_at, lease_until, sent_at, prepared,
  open_until, open_reported, resolved, refund_lock, result, finished_at`;
/** Who speaks: scope, key, owner, attempt. */
const mine = `scope = ? AND key = ? AND owner = ? AND attempt = ? AND state = 'started'`;

/** The statements of the transitions; each transition is one transaction of them. */
export const sqliteStatements = ({ operations, claimedRefunds, clock, tablePrefix }: SqliteTables) => ({
  readClock: `SELECT boot, since_boot, time FROM ${clock}`,
  /** Boot, milliseconds since it, time. */
  setClock: `INSERT OR REPLACE INTO ${clock} (id, boot, since_boot, time) VALUES (1, ?, ?, ?)`,
  anyUnresolved: `SELECT 1 FROM ${operations} INDEXED BY "${tablePrefix}unresolved" WHERE ${unresolved} LIMIT 1`,

  /** Scope, key. */
  find: `SELECT ${columns} FROM ${operations} WHERE scope = ? AND key = ?`,
  /** Scope, key. */
  forget: `DELETE FROM ${operations} WHERE scope = ? AND key = ?`,
  /** Scope, refund lock, the key that asks. */
  otherHolder: `SELECT key FROM ${operations} WHERE scope = ? AND refund_lock = ? AND ${unresolved} AND key <> ?`,
  /** Scope, key, operation, target, fingerprint, owner, start, end of the lease, refund lock, resolved, sent, prepared. */
  insert: `INSERT INTO ${operations}
  (scope, key, operation, target, fingerprint, state, attempt, owner, started_at, lease_until, refund_lock, resolved, sent_at,
  prepared)
  VALUES (?, ?, ?, ?, ?, 'started', 1, ?, ?, ?, ?, ?, ?, ?)`,
  /** New owner, end of the lease, scope, key. */
  takeOver: `UPDATE ${operations} SET state = 'started', attempt = attempt + 1, owner = ?,
  open_until = CASE WHEN state = 'started' AND prepared THEN lease_until ELSE open_until END,
  open_reported = CASE WHEN state = 'started' AND prepared THEN 0 ELSE open_reported END,
  lease_until = ?, prepared = 0, finished_at = NULL WHERE scope = ? AND key = ?`,
  /** Resolved, now, who speaks, now. */
  prepare: `UPDATE ${operations} SET resolved = ?, sent_at = coalesce(sent_at, ?), prepared = 1
  WHERE ${mine} AND lease_until > ?`,
  /** Who speaks. */
  isMine: `SELECT 1 FROM ${operations} WHERE ${mine}`,
  /** Result, scope, key. */
  leaveUnknown: `UPDATE ${operations} SET state = 'unknown', result = ?, prepared = 0 WHERE scope = ? AND key = ?`,
  /** The end of what was open, scope, key. */
  openSend: `UPDATE ${operations} SET open_until = ?, open_reported = 1 WHERE scope = ? AND key = ?`,
  /** State, result, now, scope, key. */
  finish: `UPDATE ${operations} SET state = ?, result = ?, prepared = 0, open_until = NULL, open_reported = NULL,
  finished_at = ? WHERE scope = ? AND key = ?`,
  /** Scope, refund. */
  claimOf: `SELECT key FROM ${claimedRefunds} WHERE scope = ? AND refund_id = ?`,
  /** Scope, refund, key, now. */
  claimRefund: `INSERT OR REPLACE INTO ${claimedRefunds} (scope, refund_id, key, claimed_at) VALUES (?, ?, ?, ?)`,
  /** Who speaks. */
  release: `DELETE FROM ${operations} WHERE ${mine} AND sent_at IS NULL`,

  /** Scope, start and key of the last record that was read, how many. */
  unresolved: `SELECT ${columns} FROM ${operations}
  WHERE scope = ? AND (started_at, key) > (?, ?) AND ${unresolved} ORDER BY started_at, key LIMIT ?`,
  /** In the order of bytes. */
  scopes: `SELECT DISTINCT scope FROM ${operations} INDEXED BY "${tablePrefix}unresolved" WHERE ${unresolved} ORDER BY scope`,

  /** The latest end that is old, how many. */
  deleteOldOperations: `DELETE FROM ${operations} WHERE rowid IN (
  SELECT rowid FROM ${operations} WHERE finished_at IS NOT NULL AND finished_at <= ? ORDER BY finished_at LIMIT ?)`,
  /** The latest claim that is old, how many. */
  deleteOldClaims: `DELETE FROM ${claimedRefunds} WHERE rowid IN (
  SELECT rowid FROM ${claimedRefunds} WHERE claimed_at <= ? ORDER BY claimed_at LIMIT ?)`,
});
