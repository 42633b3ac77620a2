import { redisScript } from './connection.js';

/*
 * One script is one atomic step. A record is a hash; what only this library reads (fingerprint, resolved, result) is JSON
 * text in one field that no script opens, because Lua's JSON turns empty lists into objects and rounds numbers.
 * A missing field is null. All keys are passed as KEYS and share one hash tag: clusters and key prefixes need both.
 *
 * KEYS of the transitions: [1] the record, [2] the sorted set of unresolved records by their start, [3] the hash of refund
 * locks (charge -> key).
 */

/** The server's clock in milliseconds, and numbers as plain digits (Lua would write large ones with an exponent). */
const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function digits(number) return string.format('%.0f', number) end
`;

const unlock = `
local lock = redis.call('HGET', KEYS[1], 'refundLock')
if lock and redis.call('HGET', KEYS[3], lock) == ARGV[1] then redis.call('HDEL', KEYS[3], lock) end
`;

/** ARGV: key, owner, attempt. */
const ownership = `
local mine = redis.call('HMGET', KEYS[1], 'state', 'owner', 'attempt')
if mine[1] ~= 'started' or mine[2] ~= ARGV[2] or mine[3] ~= ARGV[3] then return 0 end
`;

/**
 * ARGV: key, owner, lease, refund lock or '', prepared ('1' or '0'), then fields and values. A client that lost its connection
 * may send the same call again: its own record is answered as made.
 */
export const beginScript = redisScript(`${clock}
local found = redis.call('HMGET', KEYS[1], 'state', 'owner', 'attempt')
if found[1] then
  local status = 'exists'
  if found[1] == 'started' and found[2] == ARGV[2] and found[3] == '1' then status = 'made' end
  return { status, now, redis.call('HGETALL', KEYS[1]) }
end
if ARGV[4] ~= '' then
  local holder = redis.call('HGET', KEYS[3], ARGV[4])
  if holder and holder ~= ARGV[1] then return { 'locked', now, holder } end
  redis.call('HSET', KEYS[3], ARGV[4], ARGV[1])
  redis.call('HSET', KEYS[1], 'refundLock', ARGV[4])
end
for index = 6, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1]) end
redis.call('HSET', KEYS[1], 'state', 'started', 'attempt', '1', 'owner', ARGV[2], 'prepared', ARGV[5],
  'startedAt', digits(now), 'leaseUntil', digits(now + ARGV[3]))
if ARGV[5] == '1' then redis.call('HSET', KEYS[1], 'sentAt', digits(now)) end
redis.call('ZADD', KEYS[2], digits(now), ARGV[1])
return { 'made', now, redis.call('HGETALL', KEYS[1]) }
`);

/** ARGV: key, attempt, new owner, lease. */
export const claimScript = redisScript(`${clock}
local found = redis.call('HMGET', KEYS[1],
  'state', 'attempt', 'owner', 'leaseUntil', 'prepared', 'refundLock', 'startedAt')
local state, attempt, owner, leaseUntil = found[1], found[2], found[3], found[4]
if not state then return false end
local nextAttempt = digits(ARGV[2] + 1)
if state == 'started' and owner == ARGV[3] and attempt == nextAttempt then
  return { now, redis.call('HGETALL', KEYS[1]) }
end
if attempt ~= ARGV[2] or state == 'succeeded' or state == 'rejected' then return false end
if state == 'started' and tonumber(leaseUntil) > now then return false end
if found[6] then
  local holder = redis.call('HGET', KEYS[3], found[6])
  if holder and holder ~= ARGV[1] then return false end
  redis.call('HSET', KEYS[3], found[6], ARGV[1])
end
if state == 'started' and found[5] == '1' then
  redis.call('HSET', KEYS[1], 'openUntil', leaseUntil, 'openReported', '0')
end
redis.call('HSET', KEYS[1], 'state', 'started', 'attempt', nextAttempt, 'owner', ARGV[3], 'prepared', '0',
  'leaseUntil', digits(now + ARGV[4]))
redis.call('PERSIST', KEYS[1])
redis.call('ZADD', KEYS[2], found[7], ARGV[1])
return { now, redis.call('HGETALL', KEYS[1]) }
`);

/** ARGV: key, owner, attempt, resolved. */
export const prepareScript = redisScript(`${clock}${ownership}
if tonumber(redis.call('HGET', KEYS[1], 'leaseUntil')) <= now then return 0 end
redis.call('HSET', KEYS[1], 'resolved', ARGV[4], 'prepared', '1')
redis.call('HSETNX', KEYS[1], 'sentAt', digits(now))
return 1
`);

/** KEYS [4], where a refund is claimed: who claimed it. ARGV: key, owner, attempt, state, sent, result or '', lifetime. */
export const settleScript = redisScript(`${clock}${ownership}
if KEYS[4] then
  local claimedBy = redis.call('GET', KEYS[4])
  if claimedBy and claimedBy ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[4], ARGV[1], 'PX', ARGV[7])
end
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'prepared', '0')
if ARGV[6] == '' then redis.call('HDEL', KEYS[1], 'result') else redis.call('HSET', KEYS[1], 'result', ARGV[6]) end
if ARGV[4] == 'unknown' then
  if ARGV[5] == '1' then redis.call('HSET', KEYS[1], 'openUntil', digits(now), 'openReported', '1') end
  return 1
end
${unlock}
redis.call('HDEL', KEYS[1], 'openUntil', 'openReported')
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
return 1
`);

/** ARGV: key, owner, attempt. */
export const releaseScript = redisScript(`${ownership}
if redis.call('HEXISTS', KEYS[1], 'sentAt') == 1 then return 0 end
${unlock}
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
return 1
`);

/** KEYS: records. Answers the time and the fields of each, in this order; no fields where there is no record. */
export const readScript = redisScript(`${clock}
local records = {}
for index = 1, #KEYS do records[index] = redis.call('HGETALL', KEYS[index]) end
return { now, records }
`);

/** KEYS: who claimed each refund. ARGV: the key that asks. Answers 1 where another key did. */
export const claimedRefundsScript = redisScript(`
local claimed = {}
for index = 1, #KEYS do
  local claimedBy = redis.call('GET', KEYS[index])
  claimed[index] = (claimedBy and claimedBy ~= ARGV[1]) and 1 or 0
end
return claimed
`);

/** KEYS: the set of scopes. ARGV: a scope that is about to hold records. */
export const rememberScopeScript = redisScript(`
return redis.call('SADD', KEYS[1], ARGV[1])
`);

/** KEYS: the set of scopes. */
export const scopesScript = redisScript(`
return redis.call('SMEMBERS', KEYS[1])
`);

/** KEYS: the unresolved records of one scope. */
export const countUnresolvedScript = redisScript(`
return redis.call('ZCARD', KEYS[1])
`);

/** KEYS: the unresolved records. ARGV: the start to read from, how many. Answers keys and starts in turn. */
export const unresolvedScript = redisScript(`
return redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
`);
