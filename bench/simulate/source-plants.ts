import type { SimulatedProvider } from '../../src/simulator/index.js';
import type { Aspect } from './weather.js';

/** One change of a source. `from` has to stand there exactly once. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A bug planted in the sources: somebody has to find it, or nobody would find one like it. */
export interface SourcePlant {
  readonly bug: string;
  readonly edits: readonly Edit[];
  /** Where the simulation has to look for it, which is quicker than everywhere; everywhere unless told. */
  readonly aspects?: readonly Aspect[];
  readonly providers?: readonly SimulatedProvider[];
  /** How many writes it takes to meet it, where that is more than others need. */
  readonly operations?: number;
  /** Tests that are near it: run where the simulation does not find it, or with `--every-judge`. */
  readonly tests: readonly string[];
}

const withoutKeys: readonly SimulatedProvider[] = ['omise', 'magpie', 'pin'];

const edit = (file: string, from: string, to: string): Edit => ({ file: `src/${file}`, from, to });

const record = 'writes/record.ts';
const write = 'writes/write.ts';
const afterFailure = 'writes/after-failure.ts';
const verdict = 'writes/verdict.ts';
const resolve = 'writes/resolve.ts';
const memory = 'stores/memory.ts';
const create = 'writes/lookup-create.ts';
const refund = 'writes/lookup-refund.ts';
const scan = 'writes/scan-list.ts';
const output = 'calls/output.ts';
const failures = 'calls/failures.ts';
const keyConflict = 'writes/key-conflict.ts';

const writes = ['test/writes'];
const callsAndWrites = ['test/calls', 'test/writes'];

/** Bugs of the write protocol, of what is compared, and of adapters. */
const protocolPlants: readonly SourcePlant[] = [
  {
    bug: 'a live lease is ignored',
    edits: [
      edit(record, "if (record.state === 'started' && record.leaseUntil > now) throw inProgress();", ''),
      edit(memory, "if (record.state === 'started' && record.leaseUntil > now) return null;", ''),
    ],
    tests: writes,
  },
  {
    bug: 'the lease is never checked',
    edits: [edit(write, 'session !== null && !session.isLeased()', 'session === null && true')],
    tests: writes,
  },
  {
    bug: 'that a write is about to be sent is not recorded',
    edits: [edit(record, 'ours = await store.prepare(session.ownership, resolved);', 'ours = true;')],
    tests: writes,
  },
  {
    bug: 'an unknown outcome is settled as if nothing had been sent',
    edits: [
      edit(
        afterFailure,
        "await keeper.settle(session, 'unknown', { error, sent: isSent });",
        "await keeper.settle(session, 'did_not_happen');",
      ),
    ],
    tests: writes,
  },
  {
    bug: 'no stamp at Pin',
    edits: [edit('providers/pin/provider.ts', '        metadata,\n', '        metadata: params.metadata,\n')],
    providers: ['pin'],
    tests: ['test/providers/pin'],
  },
  {
    bug: 'Omise counts a refund twice',
    edits: [
      edit(
        'providers/omise/charge.ts',
        'const refunded = told ?? listed;',
        'const refunded = told === null ? listed : told + (listed ?? 0);',
      ),
    ],
    providers: ['omise'],
    tests: ['test/providers/omise'],
  },
  {
    bug: 'a 500 is a refusal',
    edits: [
      edit(
        failures,
        'const failure = run.context.spec.failure(answer, run.row, call);',
        "const read = run.context.spec.failure(answer, run.row, call);\n  const failure = answer.status === 500 ? { ...read, outcome: 'rejected' as const } : read;",
      ),
    ],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'a look reads page 1 of the list only',
    edits: [
      edit(
        scan,
        'if (read.nextCursor === null) return tally.scan(showsAll);',
        'return tally.scan(showsAll);',
      ),
    ],
    aspects: ['foreign'],
    providers: withoutKeys,
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'the currency is not compared where a look found the charge',
    edits: [
      edit(
        create,
        '(currency === null || currency === charge.currency))\n    return null;',
        'true)\n    return null;',
      ),
    ],
    aspects: ['restarts', 'changed'],
    providers: ['omise', 'pin'],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'the currency is not compared in the answer',
    edits: [
      edit(
        output,
        'if (charge.amount !== asked.amount || charge.currency !== asked.currency) {',
        'if (charge.amount !== asked.amount) {',
      ),
    ],
    aspects: ['garbled'],
    providers: ['omise', 'pin', 'stripe'],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'a retry has a fresh key',
    edits: [
      edit(
        'transport/send.ts',
        'headers[options.idempotency.header.toLowerCase()] = options.idempotency.key;',
        'headers[options.idempotency.header.toLowerCase()] = `${options.idempotency.key}-${attempt}`;',
      ),
    ],
    providers: ['stripe', 'justifi'],
    tests: ['test/transport'],
  },
  {
    bug: 'the deadline is ignored while the second look is waited for',
    edits: [edit(resolve, 'if (runtime.monotonic() + waitMs >= limits.deadline)', 'if (waitMs < 0)')],
    providers: withoutKeys,
    tests: writes,
  },
  {
    bug: 'a miss is looked for once',
    edits: [
      edit(
        resolve,
        'const second = await once();',
        'const second = first as Awaited<ReturnType<typeof once>>;',
      ),
    ],
    providers: withoutKeys,
    operations: 20_000,
    tests: writes,
  },
  {
    bug: 'there is no wait between the looks',
    edits: [edit(resolve, 'if (waitMs > 0) {', 'if (waitMs > Infinity) {')],
    providers: withoutKeys,
    tests: writes,
  },
  {
    bug: 'a lost answer is told as not sent',
    edits: [
      edit(
        failures,
        "outcome: run.isWrite && mayHaveExecuted ? ('unknown' as const) : ('not_sent' as const),",
        "outcome: 'not_sent' as const,",
      ),
    ],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'the captured amount is not compared',
    edits: [edit(output, "if (charge.amountCaptured === amount) return 'yes';", "return 'yes';")],
    aspects: ['two_keys'],
    providers: ['stripe', 'omise'],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'refunds that other keys claimed are taken',
    edits: [
      edit(
        refund,
        'return taken === null ? null : refunds.filter(({ id }) => !taken.includes(id));',
        'return taken === null ? null : refunds;',
      ),
    ],
    aspects: ['two_keys'],
    providers: ['pin', 'magpie'],
    tests: callsAndWrites,
  },
  {
    bug: 'refunds that were there before are taken',
    edits: [edit(refund, '!before.includes(refund.id) && ', '')],
    aspects: ['foreign'],
    providers: ['pin', 'magpie'],
    tests: callsAndWrites,
  },
  {
    bug: 'the answer of a capture is not checked',
    edits: [edit('writes/perform.ts', 'checkEffect(run, made, asked);\n    return;', 'return;')],
    aspects: ['crossed'],
    tests: ['test/providers', 'test/attacks'],
  },
  {
    bug: 'a later refusal closes an open attempt',
    edits: [edit(verdict, "if (earlierIsOpen && !isDecline) return { is: 'unknown', error };", '')],
    aspects: ['changed', 'front', 'two_keys', 'declined_copy'],
    tests: writes,
  },
  {
    bug: 'a lost answer is repeated at providers without keys',
    edits: [edit('transport/retry.ts', "return !failure.sent || repeatability !== 'once';", 'return true;')],
    providers: withoutKeys,
    tests: ['test/transport'],
  },
  {
    bug: 'two keys may claim one refund',
    edits: [edit(memory, '(refundOwners.get(refund) ?? owner.key) !== owner.key', 'false')],
    aspects: ['two_keys'],
    providers: ['pin', 'magpie'],
    tests: writes,
  },
  {
    bug: 'a partial refund gives everything back at Magpie',
    edits: [
      edit(
        'providers/magpie/provider.ts',
        '{ amount: amount ?? undefined, reason: params.reason }',
        '{ amount: undefined, reason: params.reason }',
      ),
    ],
    providers: ['magpie'],
    tests: ['test/providers/magpie'],
  },
  {
    bug: 'the window of a look is not corrected for clocks',
    edits: [
      edit(
        create,
        'return startedAt + behindBy(run) - windowMarginMs',
        'return wanted.startedAt - windowMarginMs',
      ),
    ],
    aspects: ['clocks'],
    providers: withoutKeys,
    tests: ['test/calls', 'test/writes'],
  },
];

/** Kinds of bugs of which one instance was found. */
const kindPlants: readonly SourcePlant[] = [
  {
    bug: 'an attempt without an answer counts as never sent',
    edits: [
      edit(
        'transport/send.ts',
        'trace.lastMayHaveExecuted = error.sent;',
        'trace.lastMayHaveExecuted = false;',
      ),
    ],
    tests: ['test/transport'],
  },
  {
    bug: 'a key conflict after a success says that nothing was sent',
    edits: [
      edit(
        keyConflict,
        "  return conflict(\n    facts,\n    'unknown',\n    `this idempotency key was used for another request, which took effect",
        "  return conflict(\n    facts,\n    'not_sent',\n    `this idempotency key was used for another request, which took effect",
      ),
    ],
    aspects: ['changed'],
    tests: writes,
  },
  {
    bug: 'a key conflict says that nothing was sent while the write is open',
    edits: [
      edit(
        keyConflict,
        "'unknown',\n        'this idempotency key was used for another request, and it is not known yet",
        "'not_sent',\n        'this idempotency key was used for another request, and it is not known yet",
      ),
    ],
    aspects: ['changed'],
    tests: writes,
  },
  {
    bug: 'a look that reached its last page is taken for a miss',
    edits: [
      edit(scan, 'export const maxPages = 200;', 'export const maxPages = 2;'),
      edit(
        scan,
        'cursor = read.nextCursor;\n  }\n  return tally.scan(false);',
        'cursor = read.nextCursor;\n  }\n  return tally.scan(true);',
      ),
    ],
    aspects: ['foreign'],
    providers: withoutKeys,
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'a look without a record reaches back an hour',
    edits: [
      edit(
        create,
        'const from = oldest + behindBy(run) - windowMarginMs;',
        'const from = runtime.now() + behindBy(run) - rememberedMs(run) / 24;',
      ),
    ],
    aspects: ['restarts', 'foreign'],
    providers: ['omise', 'magpie'],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'an empty page that announces more is taken for the end',
    edits: [
      edit(
        scan,
        "if (error instanceof InvalidResponseError && error.code === 'incomplete_list') return tally.scan(false);",
        "if (error instanceof InvalidResponseError && error.code === 'incomplete_list') return tally.scan(true);",
      ),
    ],
    aspects: ['lists'],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'a cursor that comes again is taken for the end',
    edits: [
      edit(
        scan,
        'if (seen.has(read.nextCursor)) return tally.scan(false);',
        'if (seen.has(read.nextCursor)) return tally.scan(true);',
      ),
    ],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'an answer about another charge is believed in a look',
    edits: [
      edit('calls/reads.ts', "else if (!('chargeId' in output)) assertSameCharge(run, output.id, id);", ''),
    ],
    aspects: ['crossed'],
    tests: ['test/calls', 'test/writes', 'test/attacks'],
  },
  {
    bug: 'the list of refunds of another charge is believed',
    edits: [
      edit(
        'calls/reads.ts',
        'for (const refund of output) assertSameCharge(run, refund.chargeId, id);',
        'output satisfies unknown;',
      ),
    ],
    aspects: ['crossed'],
    tests: ['test/calls', 'test/writes', 'test/attacks'],
  },
  {
    bug: 'a decline of the second copy is believed',
    edits: [
      edit(
        verdict,
        'isSecondCopy: withoutProviderKeys && error instanceof CardError,',
        'isSecondCopy: false,',
      ),
    ],
    aspects: ['declined_copy'],
    providers: withoutKeys,
    tests: writes,
  },
  {
    bug: 'the clock of the store is taken for that of the machine',
    edits: [
      edit(
        create,
        'const storeOffset = storeNow - run.context.runtime.now();',
        'const storeOffset = 0 * storeNow;',
      ),
      edit(create, 'preparedAtOf(wanted) ?? Infinity', 'Infinity'),
    ],
    aspects: ['clocks'],
    providers: withoutKeys,
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'a provider that is behind is not noticed',
    edits: [
      edit(
        create,
        'Math.min(0, run.context.observed.clockOffsetMs ?? 0);',
        'Math.min(0, 0 * (run.context.observed.clockOffsetMs ?? 0));',
      ),
    ],
    aspects: ['clocks'],
    providers: withoutKeys,
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'the window opens when the write began',
    edits: [
      edit(
        'writes/scan-list.ts',
        'export const windowMarginMs = 3 * 60 * 60_000;',
        'export const windowMarginMs = 0;',
      ),
    ],
    aspects: ['clocks', 'jumps'],
    providers: withoutKeys,
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'a wait is as long as the clock of this machine says',
    edits: [
      edit(
        resolve,
        'missTrustedFrom(record, protocol) - earliestNow(protocol, session)',
        'missTrustedFrom(record, protocol) - runtime.now()',
      ),
    ],
    aspects: ['clocks', 'jumps'],
    providers: withoutKeys,
    tests: writes,
  },
  {
    bug: 'a refusal of something in front of the provider is believed',
    edits: [
      edit(
        failures,
        "if (!run.isWrite || !isUnreadable || failure.outcome !== 'rejected') return failure;",
        "if (!run.isWrite || !isUnreadable || failure.outcome !== 'rejected' || answer.status < 405) return failure;",
      ),
    ],
    aspects: ['front'],
    tests: ['test/calls', 'test/writes', 'test/errors-over-http'],
  },
  {
    bug: 'a create in two steps is looked for in the list only',
    edits: [edit(create, 'if (target !== null) return lookUpTarget(run, wanted, target);', '')],
    tests: ['test/calls', 'test/writes'],
  },
  {
    bug: 'a refund that an earlier process may have made is made again',
    edits: [
      edit(
        'writes/before-sending.ts',
        "if (result.seen === 'unclear' && write.needsClearLookup)",
        "if (result.seen === 'unclear' && write.target === '')",
      ),
    ],
    aspects: ['restarts'],
    providers: ['pin', 'magpie'],
    tests: callsAndWrites,
  },
  {
    bug: 'refunds that other keys claimed are taken, and claimed again',
    edits: [
      edit(
        refund,
        'return taken === null ? null : refunds.filter(({ id }) => !taken.includes(id));',
        'return taken === null ? null : refunds;',
      ),
      edit(memory, '(refundOwners.get(refund) ?? owner.key) !== owner.key', 'false'),
    ],
    aspects: ['two_keys'],
    providers: ['pin', 'magpie'],
    tests: callsAndWrites,
  },
  {
    bug: 'what this process sent under the key is forgotten where the store fails',
    edits: [
      edit(
        'calls/own-keys.ts',
        'mayBeSentByAnother: () => isSent(name, own),',
        'mayBeSentByAnother: () => false,',
      ),
    ],
    aspects: ['store'],
    tests: ['test/attacks', 'test/router'],
  },
  {
    bug: 'a decline is believed by a call that has no time left to look',
    edits: [
      edit(
        'writes/after-failure.ts',
        'if (failure instanceof AbortError || keeper.isOver())',
        'if (failure instanceof AbortError)',
      ),
    ],
    aspects: ['declined_copy'],
    providers: withoutKeys,
    tests: ['test/attacks'],
  },
  {
    bug: 'a field that is there and undefined counts as left out',
    edits: [edit('models/validation.ts', 'const isLost = given === undefined &&', 'const isLost = false &&')],
    tests: ['test/calls', 'test/writes', 'test/models'],
  },
  {
    bug: 'arguments that nobody reads are taken',
    edits: [
      edit(
        'calls/arguments.ts',
        'const count = given.findLastIndex((each) => each !== undefined) + 1;',
        'const count = 0;',
      ),
    ],
    tests: ['test/calls/surplus-arguments.test.ts'],
  },
];

/** Every bug that is planted in the sources. */
export const sourcePlants: readonly SourcePlant[] = [...protocolPlants, ...kindPlants];

/** Bugs of the first list: the simulation alone has to find so many of them. */
export const protocolPlantCount = protocolPlants.length;
