import { describe, expect, it } from 'vitest';
import { readMessage } from '../../bench/faults/http-message.js';
import { runLaboratory, type LaboratoryOptions } from '../../bench/faults/laboratory.js';
import { kinds, planOperations } from '../../bench/faults/plan.js';
import { describeResult } from '../../bench/faults/table.js';
import { judge, type Story } from '../../bench/faults/verdict.js';
import { usualProviders } from '../../bench/simulate/sources.js';
import type { MadeReport, WriteReport } from '../../bench/faults/messages.js';
import type { LedgerCharge } from '../../src/simulator/index.js';
import { describeWithPostgres, describeWithRedis } from '../stores/servers.js';

/** Those whose creates are one request: the judge takes the first POST for the write, and the naive clients know no other. */
const providers = usualProviders;
const minutes = 60_000;

const options: LaboratoryOptions = {
  seed: 20261121,
  operations: 40,
  client: 'unicharge',
  store: 'memory',
  providers,
  givesKeys: false,
  kills: 0,
  merchants: 2,
  concurrency: 16,
  tell: () => undefined,
};

const flawsIn = async (changes: Partial<LaboratoryOptions>): Promise<string[]> => {
  const { judged } = await runLaboratory({ ...options, ...changes });
  expect(judged.length).toBe(changes.operations ?? options.operations);
  return judged.flatMap(({ verdict, story }) =>
    verdict.flaws.map((flaw) => `${flaw}: ${story.plan.kind} ${story.plan.key} at ${story.plan.provider}`),
  );
};

describe('the fault laboratory', () => {
  it('finds nothing wrong with this library in one process each', { timeout: 3 * minutes }, async () => {
    expect(await flawsIn({})).toEqual([]);
  });

  it('finds double charges of a client that just tries again', { timeout: 3 * minutes }, async () => {
    const found = await flawsIn({ client: 'naive' });
    expect(found.some((flaw) => flaw.startsWith('double charge'))).toBe(true);
  });

  it('prints a table per provider and phase', { timeout: 3 * minutes }, async () => {
    const text = describeResult(await runLaboratory({ ...options, operations: 6, providers: ['stripe'] }));
    expect(text).toContain('| provider | operations |');
    expect(text).toContain('| stripe   |          6 |');
  });
});

describe.concurrent('the fault laboratory with SQLite', () => {
  it('finds nothing wrong, though processes are killed', { timeout: 4 * minutes }, async () => {
    expect(await flawsIn({ store: 'sqlite', kills: 2 })).toEqual([]);
  });
});

describeWithRedis(
  'the fault laboratory with Redis',
  () => {
    it('finds nothing wrong, though processes are killed', { timeout: 4 * minutes }, async () => {
      expect(await flawsIn({ store: 'redis', kills: 2 })).toEqual([]);
    });
  },
  { concurrent: true },
);

describeWithPostgres(
  'the fault laboratory with PostgreSQL',
  () => {
    it('finds nothing wrong, though processes are killed', { timeout: 4 * minutes }, async () => {
      expect(await flawsIn({ store: 'postgres', kills: 2 })).toEqual([]);
    });
  },
  { concurrent: true },
);

describe('the plan of a run', () => {
  const plan = { seed: 3, operations: 200, providers, merchants: 3, kills: 7, kinds };

  it('depends on nothing but the seed and the number of an operation', () => {
    const all = planOperations(plan);
    expect(planOperations(plan)).toEqual(all);
    expect(planOperations({ ...plan, operations: 50, kills: 0 })).toEqual(
      planOperations({ ...plan, kills: 0 }).slice(0, 50),
    );
    expect(planOperations({ ...plan, seed: 4 })).not.toEqual(all);
  });

  it('kills as often as it is told', () => {
    const dies = planOperations(plan).filter(
      ({ faults, killedAfterMs }) => killedAfterMs !== null || faults[0]?.startsWith('killed'),
    );
    expect(dies.length).toBe(7);
  });
});

describe('the verdict', () => {
  const story = (changes: Partial<Story>): Story => ({
    plan: planOperations({
      seed: 1,
      operations: 1,
      providers: ['pin'],
      merchants: 1,
      kills: 0,
      kinds: ['create'],
    })[0]!,
    target: null,
    ends: [{ done: true, id: 'ch_1', made: null }],
    endedAt: [2],
    lives: [1],
    firstLeftAt: 1,
    writes: 1,
    copies: 0,
    final: { said: 'happened', operation: 'create', retryAfterMs: null },
    forgotten: false,
    ...changes,
  });
  const failed = (outcome: 'not_sent' | 'rejected' | 'unknown') =>
    ({
      done: false,
      name: 'E',
      message: '',
      definite: outcome === 'rejected',
      outcome,
      error: null,
    }) as const;

  const { amount } = story({}).plan;
  const truth: LedgerCharge = {
    provider: 'pin',
    id: 'ch_1',
    account: null,
    amount,
    currency: 'AUD',
    amountCaptured: amount,
    amountRefunded: 0,
    state: 'captured',
    metadata: {},
    createdAt: '2026-01-01T00:00:00.000Z',
    refunds: [],
  };
  const done = (changes: Partial<MadeReport>): WriteReport => {
    const made = { what: 'charge', id: 'ch_1', chargeId: 'ch_1', amount, currency: 'AUD', amountCaptured: amount } as const; // prettier-ignore
    return { done: true, id: 'ch_1', made: { ...made, ...changes } };
  };

  it.each([
    { what: 'one charge', story: story({}), effects: 1, flaws: [] },
    { what: 'two charges', story: story({}), effects: 2, flaws: ['double charge'] },
    {
      what: 'none',
      story: story({}),
      effects: 0,
      flaws: ['reported as done, but it is not', 'reported as done, but it is not'],
    },
    {
      what: 'a refusal of what happened',
      story: story({ ends: [failed('rejected')] }),
      effects: 1,
      flaws: ['happened, but reported as failed'],
    },
    {
      what: 'a write said to be unsent that had left by then',
      story: story({ ends: [failed('not_sent')] }),
      effects: 1,
      flaws: ['happened, but reported as failed'],
    },
    {
      what: 'a write said to be unsent by a process that never heard of the one before',
      story: story({
        ends: ['killed', failed('not_sent')],
        endedAt: [1, 2],
        lives: [1, 2],
        forgotten: true,
      }),
      effects: 1,
      flaws: [],
    },
    {
      what: 'a write said to be unsent by the process that sent it, where others forgot theirs',
      story: story({ ends: [failed('not_sent')], forgotten: true }),
      effects: 1,
      flaws: ['happened, but reported as failed'],
    },
    {
      what: 'a write said to be unsent that a later call made',
      story: story({ ends: [failed('not_sent')], firstLeftAt: 3 }),
      effects: 1,
      flaws: [],
    },
    {
      what: 'a charge of another amount',
      story: story({ ends: [done({ amount: 1 })] }),
      effects: 1,
      flaws: ['told of another amount or charge'],
    },
    {
      what: 'a charge in another currency',
      story: story({ ends: [done({ currency: 'USD' })] }),
      effects: 1,
      flaws: ['told of another amount or charge'],
    },
    {
      what: 'another captured amount',
      story: story({ ends: [done({ amountCaptured: 1 })] }),
      effects: 1,
      flaws: ['told of another amount or charge'],
    },
    {
      what: 'another charge',
      story: story({ ends: [done({ id: 'ch_2', chargeId: 'ch_2' })] }),
      effects: 1,
      flaws: ['told of another amount or charge'],
    },
    {
      what: 'an error about another charge',
      story: story({ ends: [{ ...failed('unknown'), chargeId: 'ch_2' }] }),
      effects: 1,
      flaws: ['told of another amount or charge'],
    },
    {
      what: 'the charge as it is',
      story: story({ ends: [done({})] }),
      effects: 1,
      flaws: [],
    },
    {
      what: 'a look that saw nothing of what happened',
      story: story({
        ends: ['killed'],
        final: { said: 'did_not_happen', operation: 'create', retryAfterMs: null },
      }),
      effects: 1,
      flaws: ['happened, but reported as failed'],
    },
    {
      what: 'what nobody knows',
      story: story({
        ends: [failed('unknown')],
        final: { said: 'unknown', operation: 'create', retryAfterMs: 1 },
      }),
      effects: 0,
      flaws: ['lost'],
    },
    {
      what: 'what was never sent',
      story: story({
        ends: [failed('not_sent')],
        final: { said: 'unknown', operation: null, retryAfterMs: null },
      }),
      effects: 0,
      flaws: [],
    },
    {
      what: 'a doubled request that nobody noticed',
      story: story({ copies: 1 }),
      effects: 2,
      flaws: ['doubled by the network, not detected'],
    },
    {
      what: 'a doubled request that was noticed',
      story: story({ copies: 1, final: { said: 'duplicate' } }),
      effects: 2,
      flaws: [],
    },
    {
      what: 'a third charge beside a doubled request',
      story: story({ copies: 1, final: { said: 'duplicate' } }),
      effects: 3,
      flaws: ['double charge'],
    },
    {
      what: 'a client without a look back that gave up',
      story: story({ final: null, ends: [failed('unknown')] }),
      effects: 1,
      flaws: ['lost'],
    },
  ])('says what is wrong with $what', ({ story: told, effects, flaws }) => {
    expect(judge(told, effects, [truth]).flaws).toEqual(flaws);
  });
});

describe('a message on the wire', () => {
  const message = (text: string) => readMessage(Buffer.from(text.replaceAll('\n', '\r\n')), false);

  it('is whole when its body is', () => {
    expect(message('POST / HTTP/1.1\ncontent-length: 4\n\nab')).toBeNull();
    expect(message('POST / HTTP/1.1\nContent-Length: 2\n\nabGET')?.bytes.toString()).toMatch(/ab$/);
    expect(message('GET / HTTP/1.1\nhost: x\n')).toBeNull();
    expect(message('GET / HTTP/1.1\nhost: x\n\n')?.startLine).toBe('GET / HTTP/1.1');
  });

  it('is whole when its last chunk is', () => {
    expect(message('POST / HTTP/1.1\ntransfer-encoding: chunked\n\n2\nab\n')).toBeNull();
    expect(message('POST / HTTP/1.1\ntransfer-encoding: chunked\n\n2\nab\n0\n\n')?.headLength).toBe(47);
  });
});
