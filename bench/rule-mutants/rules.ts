/** A rule of the write protocol, how to take it out, and the test that must then fail. */
export interface RuleMutant {
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The file of the test, and the start of its name. */
  readonly test: string;
  readonly named: string;
}

const bookkeeping = 'src/writes/record.ts';
const write = 'src/writes/write.ts';
const resolve = 'src/writes/resolve.ts';
const memory = 'src/stores/memory.ts';
const fingerprint = 'src/writes/fingerprint.ts';
const verdict = 'src/writes/verdict.ts';
const lookUpCreate = 'src/writes/lookup-create.ts';
const scanList = 'src/writes/scan-list.ts';
const context = 'src/calls/context.ts';
const axiosExchange = 'src/transport/axios-exchange.ts';
const clocks = 'src/writes/clocks.ts';
const protocol = 'src/writes/protocol.ts';
const falseWords = 'test/attacks/false-words.test.ts';
const writeTests = 'test/writes/write.test.ts';
const clockTests = 'test/calls/clocks.test.ts';

export const ruleMutants: readonly RuleMutant[] = [
  {
    rule: 'the lease lasts longer than the call',
    file: bookkeeping,
    from: 'Math.max(0, write.deadline - runtime.monotonic()) + leaseMarginMs',
    to: '1_000',
    test: writeTests,
    named: 'lease over the call',
  },
  {
    rule: 'the lease is checked directly before the first byte',
    file: write,
    from: 'session !== null && !session.isLeased()',
    to: 'session === null && true',
    test: writeTests,
    named: 'assertLease check',
  },
  {
    rule: 'the lease is judged by the monotonic clock',
    file: protocol,
    from: 'runtime.monotonic() < askedAt.monotonic + leaseMs && runtime.now() < askedAt.wall + leaseMs',
    to: 'runtime.now() < askedAt.wall + leaseMs',
    test: writeTests,
    named: 'assertLease check',
  },
  {
    rule: 'the lease is judged by the wall clock, too',
    file: protocol,
    from: 'runtime.monotonic() < askedAt.monotonic + leaseMs && runtime.now() < askedAt.wall + leaseMs',
    to: 'runtime.monotonic() < askedAt.monotonic + leaseMs',
    test: falseWords,
    named: 'a machine that slept',
  },
  {
    rule: 'claim before looking',
    file: bookkeeping,
    from: 'if (claimed === null) throw inProgress();\n    const session = openSession(runtime, claimed, askedAt, leaseMs);',
    to: 'const session = openSession(runtime, claimed ?? { record, now }, askedAt, leaseMs);',
    test: writeTests,
    named: 'claim before looking',
  },
  {
    rule: 'the owner is compared',
    file: memory,
    from: 'record.owner === owner && ',
    to: '',
    test: 'test/testing/store-suite.test.ts',
    named: 'memoryStore',
  },
  {
    rule: 'owner and attempt are compared',
    file: memory,
    from: 'record.owner === owner && record.attempt === attempt',
    to: 'true',
    test: writeTests,
    named: 'compare by owner and attempt',
  },
  {
    rule: 'an owner that never reported is waited for longer',
    file: resolve,
    from: 'openSend.reported ? protocol.settleMs : protocol.abandonedMs',
    to: 'protocol.settleMs',
    test: writeTests,
    named: 'settle against abandoned wait',
  },
  {
    rule: 'a miss is looked for twice',
    file: resolve,
    from: 'const second = await once();',
    to: 'const second = first as Awaited<ReturnType<typeof once>>;',
    test: writeTests,
    named: 'settle against abandoned wait',
  },
  {
    rule: 'the outcome answers for the key',
    file: verdict,
    from: "if (earlierIsOpen && !isDecline) return { is: 'unknown', error };",
    to: '',
    test: writeTests,
    named: 'outcome per key',
  },
  {
    rule: 'a refusal that an earlier success would cause is looked into',
    file: verdict,
    from: 'mayBeOwnSuccess: isEchoOfSuccess &&',
    to: 'mayBeOwnSuccess: false &&',
    test: writeTests,
    named: 'outcome per key',
  },
  {
    rule: 'a miss counts only from a list that covers the window',
    file: lookUpCreate,
    from: 'scan?.covered === true && candidates.length === 0',
    to: 'candidates.length === 0',
    test: 'test/writes/look.test.ts',
    named: 'miss only from a covering list',
  },
  {
    rule: 'an unspecified order has to be proven',
    file: scanList,
    from: "(order === 'newest_first' || stepsBack >= provingSteps)",
    to: 'true',
    test: 'test/writes/look.test.ts',
    named: 'miss only from a covering list',
  },
  {
    rule: 'several charges of one key are never taken for one',
    file: lookUpCreate,
    from: "if (standing.length > 1)\n    return several(\n      run,\n      standing.map(({ id }) => id),\n      'charge',\n    );",
    to: '',
    test: 'test/writes/look.test.ts',
    named: 'one key with several charges',
  },
  {
    rule: 'each refund id is claimed once',
    file: memory,
    from: '(refundOwners.get(refund) ?? owner.key) !== owner.key',
    to: 'false',
    test: writeTests,
    named: 'refund ids claimed once',
  },
  {
    rule: 'one unresolved refund of a charge at a time',
    file: memory,
    from: 'if (holder !== undefined) return',
    to: 'if (false) return',
    test: writeTests,
    named: 'refund ids claimed once',
  },
  {
    rule: 'what was read before the first attempt is used again',
    file: write,
    from: 'if (sentBefore === null) resolved = await write.prepare();',
    to: 'if (!isPrepared) resolved = await write.prepare();',
    test: writeTests,
    named: 'resolved inputs reused',
  },
  {
    rule: 'a request that may do something else by now is looked at before a repeat',
    file: write,
    from: 'else await write.beforeRepeat(resolved);',
    to: 'else await Promise.resolve();',
    test: 'test/writes/repeated-void.test.ts',
    named: 'refunds nothing that was captured since',
  },
  {
    rule: 'two accounts on one store share no key',
    file: context,
    from: "account ?? '-'",
    to: "'-'",
    test: 'test/writes/look.test.ts',
    named: 'scope per account',
  },
  {
    rule: 'another version of the fingerprint is compared by what both hold',
    file: fingerprint,
    from: 'left.version === right.version',
    to: 'left.version > 0',
    test: 'test/writes/fingerprint.test.ts',
    named: 'versioned fingerprint',
  },
  {
    rule: "the store's clock judges how long a miss is not believed",
    file: resolve,
    from: 'missTrustedFrom(record, protocol) - earliestNow(protocol, session)',
    to: 'missTrustedFrom(record, protocol) - runtime.now()',
    test: writeTests,
    named: 'store clock',
  },
  {
    rule: 'a verify that finishes the payment is a write',
    file: 'src/writes/verify.ts',
    from: 'row.isWrite === true',
    to: 'row.isWrite === null',
    test: 'test/writes/look.test.ts',
    named: 'verify as a write',
  },
  {
    rule: "a caller's axios sends once",
    file: axiosExchange,
    from: 'if (this.attempt === null) {',
    to: 'if (this.#calls > 0) {',
    test: 'test/transport/exchange.test.ts',
    named: 'one-shot axios',
  },
  {
    rule: 'nothing goes out unrecorded',
    file: bookkeeping,
    from: 'if (!protocol.sendsWithoutStore) {\n        releaseLateClaim(null);\n        throw storeUnavailable(error, write.heldKey.mayBeSentByAnother());\n      }',
    to: '',
    test: writeTests,
    named: 'a store that fails',
  },
  {
    rule: 'a window opens by the clock of the store, not by ours',
    file: lookUpCreate,
    from: 'wanted.startedAt - storeOffset',
    to: 'wanted.startedAt',
    test: clockTests,
    named: 'a charge is found',
  },
  {
    rule: "a window opens by the sender's clock, too",
    file: lookUpCreate,
    from: 'preparedAtOf(wanted) ?? Infinity',
    to: 'Infinity',
    test: clockTests,
    named: 'a charge is found',
  },
  {
    rule: 'a window opens earlier for a provider that is behind',
    file: lookUpCreate,
    from: 'return startedAt + behindBy(run) - windowMarginMs',
    to: 'return startedAt - windowMarginMs',
    test: clockTests,
    named: 'a charge is found',
  },
  {
    rule: 'a window opens hours before the write',
    file: scanList,
    from: 'windowMarginMs = 3 * 60 * 60_000',
    to: 'windowMarginMs = 15 * 60_000',
    test: clockTests,
    named: 'a charge is found',
  },
  {
    rule: 'a clock of the store that jumps forward ends no wait',
    file: clocks,
    from: '? Math.min(session.storeNow(), storeTimeByWall(protocol, session.record) ?? Infinity)',
    to: '? session.storeNow()',
    test: clockTests,
    named: 'a create under way',
  },
  {
    rule: 'a clock that stands still keeps no key alive',
    file: clocks,
    from: 'Math.max(session.storeNow(), storeTimeByWall(protocol, session.record) ?? -Infinity)',
    to: 'session.storeNow()',
    test: clockTests,
    named: 'a key that the provider has forgotten',
  },
  {
    rule: 'the memory store goes by the monotonic clock',
    file: memory,
    from: 'startedAt + runtime.monotonic()',
    to: 'runtime.now()',
    test: clockTests,
    named: 'a create under way',
  },
  {
    rule: 'a key that took effect is told by its charge, never as unsent',
    file: 'src/writes/key-conflict.ts',
    from: "case 'succeeded':\n      return conflictAfterSuccess(facts, record.result);",
    to: "case 'succeeded':",
    test: 'test/writes/outcome-of-the-key.test.ts',
    named: 'the key of a create',
  },
];
