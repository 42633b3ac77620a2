import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/stores/memory.js';
import { testOperationStore } from '../../src/testing/store-suite.js';
import { createVirtualTime } from '../virtual-time.js';

describe('memoryStore', () => {
  testOperationStore(it, { createStore: () => memoryStore() });
});

describe('memoryStore in virtual time', () => {
  const time = createVirtualTime();
  testOperationStore(it, {
    createStore: () => memoryStore({ runtime: time.runtime }),
    advance: (milliseconds) => time.advance(milliseconds),
  });
});

const source = new URL('../../src/stores/memory.ts', import.meta.url);

/** The memory store with one fault planted in its source. */
const plant = async (from: string, to: string): Promise<typeof memoryStore> => {
  const text = await readFile(source, 'utf8');
  expect(text.split(from)).toHaveLength(2);
  const { outputFiles } = await build({
    stdin: {
      contents: text.replace(from, () => to),
      loader: 'ts',
      resolveDir: new URL('.', source).pathname,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]!.contents).toString('base64');
  const planted = (await import(`data:text/javascript;base64,${code}`)) as {
    memoryStore: typeof memoryStore;
  };
  return planted.memoryStore;
};

const brokenRules = async (createStore: typeof memoryStore): Promise<string[]> => {
  const time = createVirtualTime();
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  testOperationStore((name, run) => tests.push({ name, run }), {
    createStore: () => createStore({ runtime: time.runtime }),
    advance: (milliseconds) => time.advance(milliseconds),
  });
  const broken: string[] = [];
  for (const { name, run } of tests) await run().catch(() => broken.push(name));
  return broken;
};

const finds = 'const existing = records.get(idOf(operation.scope, operation.key));';

/** What is wrong, what it replaces, and what stands there instead. */
const faults: [string, string, string][] = [
  [
    'two begin at once',
    `begin(operation: NewOperation) {\n      return settled(() => {\n        ${finds}`,
    `async begin(operation: NewOperation) {\n      ${finds}\n      await null;\n      return settled(() => {`,
  ],
  ['the first attempt is counted as none', 'attempt: 1,', 'attempt: 0,'],
  [
    'a lease is longer than asked',
    'leaseUntil: now + leaseMs,\n          sentAt',
    'leaseUntil: now + leaseMs + 1,\n          sentAt',
  ],
  ['what began is called sent', 'sentAt: isPrepared ? now : null', 'sentAt: now'],
  ['what begins prepared is not called sent', 'sentAt: isPrepared ? now : null', 'sentAt: null'],
  ['what begins prepared is not recorded', 'prepared: isPrepared', 'prepared: false'],
  ['what begins prepared loses what was resolved', 'isPrepared ? JSON.stringify(resolved) : null', 'null'],
  [
    'a scope is ignored',
    'const idOf = (scope: string, key: string) => `${scope} ${key}`',
    'const idOf = (_scope: string, key: string) => key',
  ],
  ['keys are read without their case', '=> `${scope} ${key}`', '=> `${scope} ${key}`.toLowerCase()'],
  [
    'a live lease is taken over',
    "if (record.state === 'started' && record.leaseUntil > now) return null;",
    '',
  ],
  [
    'an expired lease is for ever',
    "record.state === 'started' && record.leaseUntil > now",
    "record.state === 'started'",
  ],
  [
    'an unknown write waits for its lease',
    "record.state === 'started' && record.leaseUntil > now",
    'record.leaseUntil > now',
  ],
  ['the attempt of a claim is ignored', 'record?.attempt !== attempt', 'record === undefined'],
  ['a success is claimed', "record.state === 'succeeded' || ", ''],
  ['a rejection is claimed', " || record.state === 'rejected'", ''],
  [
    'what did not happen is never claimed',
    "record.state === 'rejected') return null",
    "record.state === 'rejected' || record.state === 'did_not_happen') return null",
  ],
  ['claims are not counted', 'attempt: attempt + 1,', 'attempt,'],
  ['the old owner stays', 'attempt: attempt + 1,\n          owner,', 'attempt: attempt + 1,'],
  ['a claim gets no lease', 'leaseUntil: now + leaseMs,\n          prepared', 'prepared'],
  [
    'a new owner counts as prepared',
    'prepared: false,\n          openSend: abandoned',
    'openSend: abandoned',
  ],
  [
    'a silent owner leaves nothing open',
    'abandoned ? { until: record.leaseUntil, reported: false } : record.openSend',
    'record.openSend',
  ],
  [
    'a silent owner counts as reported',
    '{ until: record.leaseUntil, reported: false }',
    '{ until: record.leaseUntil, reported: true }',
  ],
  [
    'a silent owner counts until now only',
    '{ until: record.leaseUntil, reported: false }',
    '{ until: now, reported: false }',
  ],
  [
    'every silent owner counts',
    "record.state === 'started' && record.prepared",
    "record.state === 'started'",
  ],
  ['a takeover closes what was open', 'reported: false } : record.openSend', 'reported: false } : null'],
  [
    'a takeover forgets the result',
    'record.openSend,\n        });',
    'record.openSend,\n          result: null,\n        });',
  ],
  [
    'a takeover forgets what was read',
    'record.openSend,\n        });',
    'record.openSend,\n          resolved: null,\n        });',
  ],
  [
    'a takeover forgets the first sending',
    'record.openSend,\n        });',
    'record.openSend,\n          sentAt: null,\n        });',
  ],
  [
    'a takeover begins anew',
    'record.openSend,\n        });',
    'record.openSend,\n          startedAt: now,\n        });',
  ],
  ['a claim does not need the lock', 'if (!lock(record)) return null;', ''],
  [
    'a claim looks at the lock but does not take it',
    'locks.set(name, record.key);',
    'if (record.attempt === 1 && !records.has(idOf(record.scope, record.key))) locks.set(name, record.key);',
  ],
  ['any owner speaks', ' && record.owner === owner', ''],
  ['any attempt speaks', ' && record.attempt === attempt', ''],
  ['settled records have an owner', "record?.state === 'started' && ", 'record !== undefined && '],
  ['prepare works past the lease', ' || record.leaseUntil <= now', ''],
  ['prepare forgets what was read', '{ resolved: text, ', '{ '],
  ['prepare moves the first sending', 'sentAt: record.sentAt ?? now', 'sentAt: now'],
  ['prepare is not recorded', ', prepared: true }));', ' }));'],
  [
    'an end is only told within the lease',
    'if (record === null) return false;\n        if (claimedRefund',
    'if (record === null || record.leaseUntil <= runtime.now()) return false;\n        if (claimedRefund',
  ],
  ['unknown closes what was open', 'reported: true } : record.openSend', 'reported: true } : null'],
  ['unknown always counts as sent', 'openSend = sent ? ', 'openSend = true ? '],
  [
    'unknown after sending opens nothing',
    'sent ? { until: now, reported: true } : record.openSend',
    'record.openSend',
  ],
  [
    'unknown after sending counts as silent',
    '{ until: now, reported: true }',
    '{ until: now, reported: false }',
  ],
  [
    'unknown after sending counts from the beginning',
    '{ until: now, reported: true }',
    '{ until: record.startedAt, reported: true }',
  ],
  ['unknown stays prepared', 'result: text, prepared: false, openSend }', 'result: text, openSend }'],
  ['unknown has no result', 'result: text, prepared: false, openSend }', 'prepared: false, openSend }'],
  [
    'unknown frees the lock',
    "if (state === 'unknown') {",
    "if (state === 'unknown') {\n          unlock(record);",
  ],
  ['an end keeps the lock', '        unlock(record);\n        put(', '        put('],
  ['an end leaves something open', 'prepared: false, openSend: null }));', 'prepared: false }));'],
  [
    'an end has no result',
    'result: text, prepared: false, openSend: null }',
    'prepared: false, openSend: null }',
  ],
  [
    'a refund is claimed twice',
    'if ((refundOwners.get(refund) ?? owner.key) !== owner.key) return false;',
    '',
  ],
  ['a refund is not claimed', 'refundOwners.set(refund, owner.key);', ''],
  [
    'a refund is not claimed again by its own key',
    '(refundOwners.get(refund) ?? owner.key) !== owner.key',
    'refundOwners.has(refund)',
  ],
  [
    'a stale owner claims a refund',
    'if (record === null) return false;\n        if (claimedRefund',
    'if (claimedRefund !== null) refundOwners.set(idOf(owner.scope, claimedRefund), owner.key);\n        if (record === null) return false;\n        if (claimedRefund',
  ],
  ['a key is told of its own refunds', ' && key !== exceptKey', ''],
  ['a sent record is released', ' || record.sentAt !== null', ''],
  ['release keeps the lock', 'finishedAt.delete(id);\n    unlock(record);', 'finishedAt.delete(id);'],
  [
    'records can be changed from outside',
    'record: copy(record), now: timeNow()',
    'record: record as never, now: timeNow()',
  ],
  ['empty lists become objects', 'null : JSON.parse(text)', "null : JSON.parse(text.replaceAll('[]', '{}'))"],
  [
    'null characters are dropped',
    'null : JSON.parse(text)',
    "null : JSON.parse(text.replaceAll('\\\\u0000', ''))",
  ],
  [
    'the list has an end',
    'of [...records.values()]',
    'of [...records.values()].filter(isUnresolved).slice(-200)',
  ],
  [
    'the list has what is finished',
    'record.scope === scope && isUnresolved(record)',
    'record.scope === scope',
  ],
  ['the list has other scopes', 'record.scope === scope && isUnresolved(record)', 'isUnresolved(record)'],
  [
    'the list has only what is started',
    'record.scope === scope && isUnresolved(record)',
    "record.scope === scope && record.state === 'started'",
  ],
  ['the list is newest first', 'of [...records.values()]', 'of [...records.values()].reverse()'],
];

describe('testOperationStore', () => {
  it('finds nothing wrong with the memory store', async () => {
    expect(await brokenRules(memoryStore)).toEqual([]);
  });

  it.each(faults)('notices when %s', async (_, from, to) => {
    expect(await brokenRules(await plant(from, to))).not.toEqual([]);
  });
});
