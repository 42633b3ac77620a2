import type {
  BeginAnswer,
  OperationRecord,
  OperationStore,
  Ownership,
  StoredOperation,
} from '../models/operation-store.js';
import { resultText } from './result-text.js';
import { readableRecords, recordOfFields } from './stored-record.js';
import { finishedLifetimeMs } from './memory.js';
import { connectScripts, type RedisClientLike } from './redis/connection.js';
import {
  beginScript,
  claimedRefundsScript,
  claimScript,
  countUnresolvedScript,
  prepareScript,
  readScript,
  releaseScript,
  rememberScopeScript,
  scopesScript,
  settleScript,
  unresolvedScript,
} from './redis/scripts.js';

import { checkOptions, refuseOptions } from '../options.js';
import { itemsOf } from '../models/objects.js';

export type { IoredisLike, NodeRedisLike, RedisClientLike } from './redis/connection.js';

/** What `redisStore` takes besides the client. */
export interface RedisStoreOptions {
  /** Stands before every key. Default `unicharge:`. */
  readonly prefix?: string | undefined;
}

/** How many unresolved records are read at once. */
const pageSize = 200;
/**
 * After this many new operations a scope is added to the set of scopes again, in case the set was deleted.
 */
const rememberEvery = 500;

/**
 * Records in Redis 5 or later, or Valkey: for several processes, and across restarts. Every step is one Lua script by the
 * server's clock. The server must not evict (`maxmemory-policy noeviction`) and should persist (`appendonly yes`).
 * Finished records expire after 30 days, unresolved ones never. Failures of the client pass through; the library turns
 * them into errors that say whether something was sent.
 *
 * @param client A connected client, pool or cluster of ioredis or node-redis. It stays the caller's: nothing here closes it.
 * @throws ConfigurationError when the client is neither, and for an option that is not known.
 * @example
 * import { Redis } from 'ioredis';
 * import { redisStore } from 'unicharge/redis';
 *
 * const store = redisStore(new Redis(process.env.REDIS_URL));
 * const charges = createStripe({ store });
 */
export const redisStore = (client: RedisClientLike, options: RedisStoreOptions = {}): OperationStore => {
  const run = connectScripts(client);
  checkOptions('redisStore', options, ['prefix']);
  const prefix = options.prefix ?? 'unicharge:';
  if (typeof prefix !== 'string') refuseOptions('redisStore', 'prefix must be text');
  // One hash tag per scope: whatever one script touches lies on one node of a cluster.
  const named = (scope: string, name: string) => `${prefix}{${encodeTag(scope)}}:${name}`;
  const operationKey = (scope: string, key: string) => named(scope, `operation:${key}`);
  const claimedKey = (scope: string, refundId: string) => named(scope, `claimed-refund:${refundId}`);
  const transitionKeys = ({ scope, key }: Pick<Ownership, 'scope' | 'key'>) => [
    operationKey(scope, key),
    named(scope, 'unresolved'),
    named(scope, 'refund-locks'),
  ];
  const identity = ({ key, owner, attempt }: Ownership) => [key, owner, String(attempt)];

  const readRows = async (scope: string, keys: readonly string[]): Promise<Row[]> => {
    const records = keys.map((key) => operationKey(scope, key));
    const [now, found] = itemsOf(await run(readScript, records, []));
    const answers = itemsOf(found);
    return keys.flatMap((key, index) => {
      const fields = itemsOf(answers[index]);
      return fields.length === 0 ? [] : [{ key, now, fields }];
    });
  };

  // Outside every hash tag, and so a step of its own: no script of a cluster may touch it beside a scope.
  const scopesKey = `${prefix}scopes`;
  const begun = new Map<string, number>();
  /** Only operators need it: a server that refuses it, for lack of permissions, must not stop a write. */
  const rememberScope = async (scope: string): Promise<void> => {
    const count = begun.get(scope) ?? 0;
    begun.set(scope, count + 1);
    if (count % rememberEvery === 0)
      await run(rememberScopeScript, [scopesKey], [scope]).catch(() => undefined);
  };

  return {
    durable: true,
    async begin(operation): Promise<BeginAnswer> {
      const { scope, key, owner, leaseMs, refundLock } = operation;
      await rememberScope(scope);
      const fields = ['operation', operation.operation, 'fingerprint', JSON.stringify(operation.fingerprint)];
      if (operation.target !== null) fields.push('target', operation.target);
      const isPrepared = operation.resolved !== undefined;
      if (isPrepared) fields.push('resolved', JSON.stringify(operation.resolved));
      const prepared = isPrepared ? '1' : '0';
      const values = [key, owner, String(Math.ceil(leaseMs)), refundLock ?? '', prepared, ...fields];
      const answer = await run(beginScript, transitionKeys(operation), values);
      const [status, now, found] = itemsOf(answer);
      if (String(status) === 'locked') return { status: 'locked', by: String(found), now: Number(now) };
      const stored = storedOperation(scope, key, now, itemsOf(found));
      return { status: String(status) === 'made' ? 'made' : 'exists', ...stored };
    },
    async claim({ scope, key, attempt, owner, leaseMs }) {
      const values = [key, String(attempt), owner, String(Math.ceil(leaseMs))];
      const answer = await run(claimScript, transitionKeys({ scope, key }), values);
      if (answer === null) return null;
      const [now, fields] = itemsOf(answer);
      return storedOperation(scope, key, now, itemsOf(fields));
    },
    async prepare(owner, resolved) {
      const values = [...identity(owner), JSON.stringify(resolved ?? null)];
      return Number(await run(prepareScript, transitionKeys(owner), values)) === 1;
    },
    async settle(owner, { state, result, sent = false, claimedRefund = null }) {
      const keys = transitionKeys(owner);
      if (claimedRefund !== null) keys.push(claimedKey(owner.scope, claimedRefund));
      const recorded = result === null ? '' : resultText(result);
      const values = [...identity(owner), state, sent ? '1' : '0', recorded, String(finishedLifetimeMs)];
      return Number(await run(settleScript, keys, values)) === 1;
    },
    async release(owner) {
      return Number(await run(releaseScript, transitionKeys(owner), identity(owner))) === 1;
    },
    async get(scope, key) {
      const [row] = await readRows(scope, [key]);
      return row === undefined ? null : storedOperation(scope, key, row.now, row.fields);
    },
    async claimedRefunds(scope, refundIds, exceptKey) {
      if (refundIds.length === 0) return [];
      const keys = refundIds.map((id) => claimedKey(scope, id));
      const claimed = itemsOf(await run(claimedRefundsScript, keys, [exceptKey]));
      return refundIds.filter((_, index) => Number(claimed[index]) === 1);
    },
    async *listUnresolved(scope) {
      const records = readableRecords();
      let last: Entry = { key: '', startedAt: 0 };
      let size = pageSize;
      for (;;) {
        const values = [String(last.startedAt), String(size)];
        const answer = itemsOf(await run(unresolvedScript, [named(scope, 'unresolved')], values));
        const entries = unresolvedEntries(answer);
        // By comparing, not by counting: records leave the set while it is read.
        const fresh = entries.filter((entry) => isAfter(entry, last));
        const keys = fresh.map(({ key }) => key);
        const rows = keys.length === 0 ? [] : await readRows(scope, keys);
        for (const record of records.of(
          rows,
          ({ key, now, fields }) => storedOperation(scope, key, now, fields).record,
        ))
          if (record.state === 'started' || record.state === 'unknown') yield record;
        if (entries.length < size) break;
        last = fresh.at(-1) ?? last;
        // A whole page that began within one millisecond: only a larger one reaches beyond it.
        size = fresh.length === 0 ? size * 2 : pageSize;
      }
      records.end();
    },
    async listScopes() {
      const scopes = itemsOf(await run(scopesScript, [scopesKey], []))
        .map(String)
        .sort();
      const open: string[] = [];
      for (const scope of scopes) {
        if (Number(await run(countUnresolvedScript, [named(scope, 'unresolved')], [])) > 0) open.push(scope);
      }
      return open;
    },
  };
};

/** The fields of a record as the server gave them. */
interface Row {
  readonly key: string;
  readonly now: unknown;
  readonly fields: readonly unknown[];
}

interface Entry {
  readonly key: string;
  readonly startedAt: number;
}

const unresolvedEntries = (answer: readonly unknown[]): Entry[] =>
  answer.flatMap((value, index) =>
    index % 2 === 1 ? [] : [{ key: String(value), startedAt: Number(answer[index + 1]) }],
  );

/** In the order of a sorted set: by score, then by bytes. Keys are ASCII. */
const isAfter = (entry: Entry, last: Entry): boolean =>
  entry.startedAt > last.startedAt || (entry.startedAt === last.startedAt && entry.key > last.key);

/** A brace inside the tag would end it early. */
const encodeTag = (scope: string): string =>
  scope.replaceAll(/[%{}]/g, (character) => encodeURIComponent(character));

const storedOperation = (
  scope: string,
  key: string,
  now: unknown,
  fields: readonly unknown[],
): StoredOperation => ({ record: recordOf(scope, key, fields), now: Number(now) });

const recordOf = (scope: string, key: string, fields: readonly unknown[]): OperationRecord => {
  const values = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 2) {
    values.set(String(fields[index]), String(fields[index + 1]));
  }
  const text = (name: string): string | null => values.get(name) ?? null;
  const parsed = (name: string): unknown => JSON.parse(text(name) ?? 'null');
  const openUntil = text('openUntil');
  return recordOfFields(scope, key, {
    operation: text('operation'),
    target: text('target'),
    fingerprint: parsed('fingerprint'),
    state: text('state'),
    attempt: text('attempt'),
    owner: text('owner'),
    startedAt: text('startedAt'),
    leaseUntil: text('leaseUntil'),
    sentAt: text('sentAt'),
    prepared: text('prepared') === '1',
    openSend: openUntil === null ? null : { until: openUntil, reported: text('openReported') === '1' },
    resolved: parsed('resolved'),
    refundLock: text('refundLock'),
    result: parsed('result'),
  });
};
