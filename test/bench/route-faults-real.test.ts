import { describe, expect, it } from 'vitest';
import { runRealCampaign, type RealOptions } from '../../bench/route-faults/real-campaign.js';
import { planKeys } from '../../bench/route-faults/real-plan.js';
import { describeReal, describeViolations } from '../../bench/route-faults/real-table.js';
import { judgeRoutes, type RouteStory } from '../../bench/route-faults/real-verdict.js';
import type { RouteReport } from '../../bench/faults/messages.js';
import type { LedgerCharge } from '../../src/simulator/index.js';
import { describeWithPostgres, describeWithRedis } from '../stores/servers.js';

const minutes = 60_000;

const options: RealOptions = {
  seed: 20261129,
  operations: 32,
  way: 'router',
  store: 'memory',
  kills: 0,
  merchants: 2,
  concurrency: 8,
  tell: () => undefined,
};

describe('payments over two routes in real processes', () => {
  it('are charged once, and never lost or misreported', { timeout: 4 * minutes }, async () => {
    const result = await runRealCampaign(options);
    expect(describeViolations(result)).toEqual([]);
    expect(describeReal([['router', result]])).toContain('| `createRouter` ');
  });

  it('are charged at two routes where a shop tries the next', { timeout: 4 * minutes }, async () => {
    const { judged } = await runRealCampaign({ ...options, way: 'failover' });
    const found = judged.flatMap(({ violations }) => violations);
    expect(found).toContain('charged at two routes');
  });
});

const survivesDeaths = (store: 'redis' | 'postgres' | 'sqlite') => async () => {
  const result = await runRealCampaign({ ...options, store, kills: 2 });
  expect(describeViolations(result)).toEqual([]);
  expect(result.kills).toBe(2);
  expect(result.reconciled).toMatchObject({ open: 0, failures: [], unserved: [] });
};

describe.concurrent('payments over two routes with SQLite', () => {
  it(
    'outlive killed processes, and the command settles them',
    { timeout: 6 * minutes },
    survivesDeaths('sqlite'),
  );
});

describeWithRedis(
  'payments over two routes with Redis',
  () => {
    it(
      'outlive killed processes, and the command settles them',
      { timeout: 6 * minutes },
      survivesDeaths('redis'),
    );
  },
  { concurrent: true },
);

describeWithPostgres(
  'payments over two routes with PostgreSQL',
  () => {
    it(
      'outlive killed processes, and the command settles them',
      { timeout: 6 * minutes },
      survivesDeaths('postgres'),
    );
  },
  { concurrent: true },
);

describe('the verdict over two ledgers', () => {
  const [plan] = planKeys({ seed: 1, operations: 1, kills: 0, merchants: 2 });
  const charge = (provider: string, id: string, state = 'captured') =>
    ({ provider, id, state }) as unknown as LedgerCharge;
  const told = (said: RouteReport['said'], changes: Partial<RouteReport> = {}): RouteReport => ({
    said,
    id: null,
    route: null,
    code: 'connection_failed',
    isDecline: false,
    words: '',
    at: 2,
    pid: 1,
    ...changes,
  });
  const paid = told('charged', { id: 'ch_1', route: 'stripe' });
  const judge = (changes: Partial<RouteStory>, charges: readonly LedgerCharge[]) =>
    judgeRoutes(
      {
        plan: plan as NonNullable<typeof plan>,
        heard: [paid],
        isForgotten: false,
        paidSince: 1,
        reconciled: null,
        paidThen: 0,
        ...changes,
      },
      charges,
    );

  it('is content with one charge that was told', () => {
    expect(judge({}, [charge('stripe', 'ch_1'), charge('omise', 'ch_2', 'failed')])).toEqual([]);
  });

  it('finds two charges, at two routes and at one', () => {
    expect(judge({}, [charge('stripe', 'ch_1'), charge('omise', 'ch_2')])).toEqual(['charged at two routes']);
    expect(judge({}, [charge('stripe', 'ch_1'), charge('stripe', 'ch_2')])).toEqual([
      'charged twice at one route',
    ]);
  });

  it('finds what was told and is not so', () => {
    const there = [charge('stripe', 'ch_1')];
    expect(judge({}, [])).toEqual(['misreported: told of a charge that is not there']);
    expect(judge({ heard: [told('not_sent'), paid] }, there)).toEqual(['misreported: not sent, and charged']);
    expect(judge({ heard: [told('not_sent', { at: 0 }), paid] }, there)).toEqual([]);
    expect(judge({ heard: [told('rejected', { isDecline: true, at: 0 }), paid] }, there)).toEqual([
      'misreported: rejected, and charged',
    ]);
    expect(judge({ reconciled: 'did_not_happen', paidThen: 1 }, there)).toEqual([
      'misreported: reconciled as not happened, and charged',
    ]);
    expect(judge({ heard: [told('rejected')], paidSince: Infinity, reconciled: 'happened' }, [])).toEqual([
      'misreported: reconciled as happened, and not charged',
    ]);
  });

  it('finds a key without a last word', () => {
    expect(judge({ heard: [told('unknown')] }, [])).toEqual(['lost: no last word']);
    expect(judge({ heard: [] }, [])).toEqual(['lost: no last word']);
  });
});
