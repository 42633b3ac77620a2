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

const bookkeeping = 'src/operations/bookkeeping.ts';
const write = 'src/operations/write.ts';
const resolve = 'src/operations/resolve.ts';
const memory = 'src/operations/memory-store.ts';
const fingerprint = 'src/operations/fingerprint.ts';
const look = 'src/engine/look.ts';
const context = 'src/engine/context.ts';
const axiosExchange = 'src/transport/axios-exchange.ts';
const writeTests = 'test/operations/write.test.ts';

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
    rule: 'the permit is checked directly before the first byte',
    file: write,
    from: 'runtime.monotonic() >= session.leaseUntil',
    to: 'runtime.monotonic() >= Infinity',
    test: writeTests,
    named: 'permit check',
  },
  {
    rule: 'the lease is judged by the monotonic clock',
    file: write,
    from: 'runtime.monotonic() >= session.leaseUntil',
    to: 'runtime.now() >= session.record.leaseUntil',
    test: writeTests,
    named: 'permit check',
  },
  {
    rule: 'claim before looking',
    file: bookkeeping,
    from: "if (claimed === null) throw inProgress('unknown');\n    const session = openSession(runtime, claimed, askedAt, leaseMs);",
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
    from: 'open.reported ? protocol.settleMs : protocol.abandonedMs',
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
    file: write,
    from: 'const stillOpen = (open && !(error instanceof CardError)) ||',
    to: 'const stillOpen =',
    test: writeTests,
    named: 'outcome per key',
  },
  {
    rule: 'a refusal that an earlier success would cause is looked into',
    file: write,
    from: 'const mayBeEcho = echoes &&',
    to: 'const mayBeEcho = false &&',
    test: writeTests,
    named: 'outcome per key',
  },
  {
    rule: 'a miss counts only from a list that covers the window',
    file: look,
    from: "covered ? { seen: 'nothing' } : { seen: 'unclear', candidates: [] }",
    to: "{ seen: 'nothing' }",
    test: 'test/engine/look.test.ts',
    named: 'miss only from a covering list',
  },
  {
    rule: 'an unspecified order has to be proven',
    file: look,
    from: "(order === 'newest_first' || stepsBack >= provingSteps)",
    to: 'true',
    test: 'test/engine/look.test.ts',
    named: 'miss only from a covering list',
  },
  {
    rule: 'several charges of one key are never taken for one',
    file: look,
    from: "if (standing.length > 1)\n    return several(\n      run,\n      standing.map(({ id }) => id),\n      'charge',\n    );",
    to: '',
    test: 'test/engine/look.test.ts',
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
    from: 'if (sentBefore === null) {',
    to: 'if (true) {',
    test: writeTests,
    named: 'resolved inputs reused',
  },
  {
    rule: 'two accounts on one store share no key',
    file: context,
    from: "account ?? '-'",
    to: "'-'",
    test: 'test/engine/look.test.ts',
    named: 'scope per account',
  },
  {
    rule: 'another version of the fingerprint is compared by what both hold',
    file: fingerprint,
    from: 'left.version === right.version',
    to: 'left.version > 0',
    test: 'test/operations/fingerprint.test.ts',
    named: 'versioned fingerprint',
  },
  {
    rule: "the store's clock judges how long a miss is not believed",
    file: resolve,
    from: 'missTrustedFrom(record, protocol) - session.storeNow()',
    to: 'missTrustedFrom(record, protocol) - runtime.now()',
    test: writeTests,
    named: 'store clock',
  },
  {
    rule: 'a verify that finishes the payment is a write',
    file: 'src/engine/verify.ts',
    from: 'row.isWrite === true',
    to: 'row.isWrite === null',
    test: 'test/engine/look.test.ts',
    named: 'verify as a write',
  },
  {
    rule: "a caller's axios sends once",
    file: axiosExchange,
    from: 'if (attempt === undefined) {',
    to: 'if (calls > 0) {',
    test: 'test/transport/exchange.test.ts',
    named: 'one-shot axios',
  },
  {
    rule: 'nothing goes out unrecorded',
    file: bookkeeping,
    from: 'if (!protocol.sendsWithoutStore) {\n        withdraw(null);\n        throw refusal(error);\n      }',
    to: '',
    test: writeTests,
    named: 'a store that fails',
  },
];
