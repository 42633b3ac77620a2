import { finishedLifetimeMs } from '../memory.js';
import type { PostgresTables } from './tables.js';

/** The server's clock in milliseconds, at this very moment and not at the start of a transaction. */
const now = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';
const expired = `finished_at IS NOT NULL AND finished_at <= ${now} - ${finishedLifetimeMs}`;
const unresolved = `state IN ('started', 'unknown')`;

/** Parameters $1 to $4 of every transition. */
const mine = `scope = $1 AND key = $2 AND owner = $3 AND attempt = $4 AND state = 'started'`;

/** As one JSON text: nothing depends on how the caller's driver reads bigint, json or boolean columns. */
const record = (row: string): string => `json_build_object(
  'scope', ${row}.scope, 'key', ${row}.key, 'operation', ${row}.operation, 'target', ${row}.target,
  'fingerprint', ${row}.fingerprint, 'state', ${row}.state, 'attempt', ${row}.attempt, 'owner', ${row}.owner,
  'startedAt', ${row}.started_at, 'leaseUntil', ${row}.lease_until, 'sentAt', ${row}.sent_at,
  'prepared', ${row}.prepared,
  'openSend', CASE WHEN ${row}.open_until IS NOT NULL
    THEN json_build_object('until', ${row}.open_until, 'reported', ${row}.open_reported) END,
  'resolved', ${row}.resolved, 'refundLock', ${row}.refund_lock, 'result', ${row}.result
)::text AS record`;

/** One statement for every transition, so that each is atomic without a transaction of ours. */
export const postgresStatements = ({ operations, claimedRefunds }: PostgresTables) => ({
  /**
   * $1 scope, $2 key, $3 owner, $4 lease, $5 operation, $6 target, $7 fingerprint, $8 refund lock, $9 resolved or null. No
   * row where another statement decided the conflict after this one began: it has to be asked again.
   */
  begin: `
WITH clock AS (SELECT ${now} AS at),
made AS (
  INSERT INTO ${operations} AS made
    (scope, key, owner, lease_until, operation, target, fingerprint, refund_lock, state, attempt, started_at,
     resolved, sent_at, prepared)
  SELECT $1::text, $2::text, $3::text, at + $4::bigint, $5::text, $6::text, $7::text::json, $8::text, 'started', 1, at,
    $9::text::json, CASE WHEN $9::text IS NOT NULL THEN at END, $9::text IS NOT NULL
  FROM clock
  ON CONFLICT DO NOTHING
  RETURNING ${record('made')}
)
SELECT 'made' AS status, record, (SELECT at FROM clock)::text AS now FROM made
UNION ALL
SELECT CASE WHEN ${expired} THEN 'expired' ELSE 'exists' END, ${record('found')}, (SELECT at FROM clock)::text
FROM ${operations} AS found WHERE scope = $1 AND key = $2
UNION ALL
SELECT 'locked', key, (SELECT at FROM clock)::text
FROM ${operations} WHERE scope = $1 AND refund_lock = $8::text AND ${unresolved} AND key <> $2`,

  /** $1 scope, $2 key. */
  forgetExpired: `DELETE FROM ${operations} WHERE scope = $1 AND key = $2 AND ${expired}`,

  /** $1 scope, $2 key, $3 new owner, $4 attempt, $5 lease. */
  claim: `
UPDATE ${operations} AS claimed SET
  state = 'started', attempt = attempt + 1, owner = $3, lease_until = ${now} + $5::bigint, prepared = false,
  open_until = CASE WHEN state = 'started' AND prepared THEN lease_until ELSE open_until END,
  open_reported = CASE WHEN state = 'started' AND prepared THEN false ELSE open_reported END,
  finished_at = NULL
WHERE scope = $1 AND key = $2 AND attempt = $4
  AND state NOT IN ('succeeded', 'rejected')
  AND (state <> 'started' OR lease_until <= ${now})
  AND NOT EXISTS (
    SELECT FROM ${operations} AS other
    WHERE other.scope = $1 AND other.refund_lock = claimed.refund_lock
      AND other.state IN ('started', 'unknown') AND other.key <> $2
  )
RETURNING ${record('claimed')}, (${now})::text AS now`,

  /** $5 resolved. */
  prepare: `
UPDATE ${operations} SET resolved = $5::text::json, sent_at = coalesce(sent_at, ${now}), prepared = true
WHERE ${mine} AND lease_until > ${now}
RETURNING 1 AS done`,

  /**
   * $5 state, $6 result, $7 sent, $8 claimed refund. The row is locked first, so that an owner who lost it claims nothing.
   */
  settle: `
WITH own AS (SELECT scope, key FROM ${operations} WHERE ${mine} FOR UPDATE),
claimed AS (
  INSERT INTO ${claimedRefunds} AS claim (scope, refund_id, key, claimed_at)
  SELECT scope, $8::text, key, ${now} FROM own WHERE $8::text IS NOT NULL
  ON CONFLICT (scope, refund_id) DO UPDATE SET claimed_at = excluded.claimed_at WHERE claim.key = excluded.key
  RETURNING refund_id
)
UPDATE ${operations} AS settled SET
  state = $5::text, result = $6::text::json, prepared = false,
  open_until = CASE WHEN $5::text <> 'unknown' THEN NULL WHEN $7::boolean THEN ${now} ELSE open_until END,
  open_reported = CASE WHEN $5::text <> 'unknown' THEN NULL WHEN $7::boolean THEN true ELSE open_reported END,
  finished_at = CASE WHEN $5::text <> 'unknown' THEN ${now} END
FROM own
WHERE settled.scope = own.scope AND settled.key = own.key
  AND ($8::text IS NULL OR EXISTS (SELECT FROM claimed))
RETURNING 1 AS done`,

  release: `DELETE FROM ${operations} WHERE ${mine} AND sent_at IS NULL RETURNING 1 AS done`,

  /** $1 scope, $2 key. */
  get: `
SELECT ${record('found')}, (${now})::text AS now
FROM ${operations} AS found WHERE scope = $1 AND key = $2 AND NOT (${expired})`,

  /** $1 scope, $2 refund ids as a JSON list, $3 the key that asks. */
  claimedRefunds: `
SELECT refund_id FROM ${claimedRefunds}
WHERE scope = $1 AND refund_id IN (SELECT json_array_elements_text($2::text::json)) AND key <> $3`,

  /** $1 scope, $2 and $3 start and key of the last record read, $4 how many. */
  unresolved: `
SELECT ${record('found')}
FROM ${operations} AS found
WHERE scope = $1 AND (started_at, key) > ($2::bigint, $3::text COLLATE "C") AND ${unresolved}
ORDER BY started_at, key LIMIT $4::integer`,

  /** In the order of bytes, whatever the collation of the database. */
  scopes: `
SELECT DISTINCT scope FROM ${operations} WHERE ${unresolved} ORDER BY scope`,

  /**
   * $1 how many of each at most. The age is computed once, so that an index finds the old ones; what somebody holds is left
   * to the next time.
   */
  deleteExpired: `
WITH old_operations AS (
  SELECT scope, key FROM ${operations}
  WHERE finished_at IS NOT NULL AND finished_at <= (SELECT ${now} - ${finishedLifetimeMs})
  ORDER BY finished_at LIMIT $1::integer FOR UPDATE SKIP LOCKED
),
old_claims AS (
  SELECT scope, refund_id FROM ${claimedRefunds}
  WHERE claimed_at <= (SELECT ${now} - ${finishedLifetimeMs})
  ORDER BY claimed_at LIMIT $1::integer FOR UPDATE SKIP LOCKED
),
deleted_operations AS (
  DELETE FROM ${operations} AS operation USING old_operations AS old
  WHERE operation.scope = old.scope AND operation.key = old.key RETURNING 1
),
deleted_claims AS (
  DELETE FROM ${claimedRefunds} AS claim USING old_claims AS old
  WHERE claim.scope = old.scope AND claim.refund_id = old.refund_id RETURNING 1
)
SELECT ((SELECT count(*) FROM deleted_operations) + (SELECT count(*) FROM deleted_claims))::text AS deleted`,
});
