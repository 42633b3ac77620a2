import { setTimeout as sleep } from 'node:timers/promises';
import { leaseMarginMs } from '../../src/writes/protocol.js';
import type { LedgerCharge, SimulatedProvider } from '../../src/simulator/index.js';
import { createDecider, timing, type Underway } from '../faults/decide.js';
import { startFleet, type Fleet } from '../faults/fleet.js';
import { shardSize } from '../faults/laboratory.js';
import type { MerchantSetup, RouteOrder, RouteReport, StoreName, WayName } from '../faults/messages.js';
import { prepareServer } from '../faults/servers.js';
import { openShard, type Shard } from '../faults/shard.js';
import { createRandom } from '../simulate/random.js';
import { planKeys, type PlannedKey } from './real-plan.js';
import { reconcileByCommand, type Reconciled } from './real-reconcile.js';
import { judgeRoutes, type RouteStory } from './real-verdict.js';
import { currencyOf } from './world.js';

export interface RealOptions {
  readonly seed: number;
  readonly operations: number;
  readonly way: WayName;
  readonly store: StoreName;
  readonly kills: number;
  readonly merchants: number;
  readonly concurrency: number;
  tell(line: string): void;
}

export interface JudgedKey {
  readonly story: RouteStory;
  readonly paidAt: readonly string[];
  readonly violations: readonly string[];
}

export interface RealResult {
  readonly judged: readonly JudgedKey[];
  readonly calls: number;
  readonly kills: number;
  readonly seconds: number;
  /** What the command did after the storm; null where records end with their process. */
  readonly reconciled: Reconciled | null;
}

const providers: readonly SimulatedProvider[] = ['stripe', 'omise', 'pin', 'justifi', 'magpie'];
/** How often a key is called in calm, a few keys at a time: only what nobody ever learns is lost. */
const rounds = 20;
const finishedAtOnce = 4;

/** A key on its way. */
interface Paying extends Underway {
  readonly plan: PlannedKey;
  readonly shard: Shard;
  readonly sources: RouteOrder['sources'];
  readonly heard: RouteReport[];
  /** The life of its first process when it began. */
  life: number;
  isForgotten: boolean;
  paidSince: number;
  reconciled: RouteStory['reconciled'];
  paidThen: number;
}

type Sources = Readonly<Record<'approved' | 'declined', RouteOrder['sources']>>;

const sourcesOf = async (shard: Shard, kind: 'approved' | 'declined'): Promise<RouteOrder['sources']> => {
  const made = providers.map(async (name) => [name, await shard.source(name, kind)] as const);
  return Object.fromEntries(await Promise.all(made));
};

const chargesOf = ({ plan, shard }: Paying): readonly LedgerCharge[] =>
  plan.pair.flatMap((name) => shard.charges(name).filter(({ metadata }) => metadata['order'] === plan.key));

const isPaid = ({ state }: LedgerCharge): boolean => state !== 'failed';

const hasLastWord = (report: RouteReport | 'killed' | undefined): boolean =>
  report !== undefined &&
  report !== 'killed' &&
  (report.said === 'charged' || (report.said === 'rejected' && report.isDecline));

/** A durable store may hold what an earlier run left, which is nothing of ours. */
const onlyOf = (run: string, { unserved, open, ...told }: Reconciled): Reconciled => {
  const own = unserved.filter(({ scope }) => scope.startsWith(run));
  const others = unserved.filter((scope) => !own.includes(scope));
  return { ...told, unserved: own, open: others.reduce((sum, scope) => sum - scope.open, open) };
};

/** Lets processes that are killed charge keys over real sockets and a real store, and compares what they say with the ledgers. */
export const runRealCampaign = async (options: RealOptions): Promise<RealResult> => {
  const { seed, store, tell } = options;
  const isDurable = store !== 'memory';
  await prepareServer(store);
  const startedAt = performance.now();
  const random = createRandom(seed);
  const plans = planKeys(options);
  const setup: MerchantSetup = { client: options.way, store, givesKeys: false, ...timing };
  const fleet: Fleet = await startFleet(options.merchants, setup);
  const running = new Map<string, Paying>();
  const run = `routes-${options.way}-${seed}-${Date.now().toString(36)}`;
  let lastKillAt = -Infinity;
  let calls = 0;

  const kill = (index: number): void => {
    lastKillAt = performance.now();
    fleet.kill(index);
  };
  const decide = createDecider<Paying>({
    running,
    random,
    // A look that fails hides a charge from whoever has no record: a documented limit.
    readsAreCalm: !isDurable && options.kills > 0,
    kill,
    answered: (key, leftAt) => {
      if (key.paidSince !== Infinity || !chargesOf(key).some(isPaid)) return;
      key.paidSince = performance.timeOrigin + leftAt;
    },
  });

  /** A process that died took what it knew of a key with it, where no store outlives it. */
  const noteDeath = (key: Paying): void => {
    const [first = 0] = key.plan.processes;
    key.isForgotten ||= !isDurable && fleet.life(first) !== key.life;
  };

  const callOnce = async (
    key: Paying,
    index: number,
    ways: readonly ('steady' | 'flapping' | 'direct')[],
  ): Promise<RouteReport | 'killed'> => {
    const { plan, shard, sources } = key;
    const places = plan.pair.map((name, at) => shard.place(name, ways[at] ?? 'steady'));
    key.process = index;
    calls += 1;
    noteDeath(key);
    const report = await fleet.ask(index, {
      type: 'route',
      places,
      key: plan.key,
      amount: plan.amount,
      currency: currencyOf(plan.pair) ?? '',
      sources,
    });
    if (report !== 'killed') key.heard.push(report);
    noteDeath(key);
    return report;
  };

  /** One payment as a job makes it: called, and called again once or twice when it failed without a last word. */
  const work = async (key: Paying): Promise<void> => {
    const { plan } = key;
    running.set(plan.key, key);
    const [first = 0, second = 0] = plan.processes;
    key.life = fleet.life(first);
    for (let attempt = 0; attempt <= plan.waits.length; attempt += 1) {
      if (attempt > 0) await sleep(plan.waits[attempt - 1] ?? 0);
      noteDeath(key);
      // As documented for a store that does not outlive its process: what it sent has to be in the lists.
      if (key.isForgotten) await sleep(timing.settleMs);
      const flaps = plan.flaps[attempt] ?? [false, false];
      const ways = flaps.map((flap) => (flap && !key.isForgotten ? 'flapping' : 'steady'));
      const index = isDurable ? (plan.processes[attempt] ?? 0) : first;
      const work = [callOnce(key, index, ways)];
      const { killedAfterMs } = plan;
      if (attempt === 0 && killedAfterMs !== null) setTimeout(() => kill(index), killedAfterMs);
      if (attempt === 0 && plan.doubled && isDurable && second !== first)
        work.push(callOnce(key, second, ways));
      if ((await Promise.all(work)).some(hasLastWord)) return;
    }
  };

  /** Calls in calm until there is a last word. */
  const finish = async (key: Paying): Promise<void> => {
    const [first = 0] = key.plan.processes;
    const direct = ['direct', 'direct'] as const;
    for (let round = 0; round < rounds; round += 1) {
      const report = await callOnce(key, first, direct);
      if (report !== 'killed' && (report.said === 'charged' || report.said === 'rejected')) return;
      await sleep(timing.settleMs);
    }
  };

  const shards: Shard[] = [];
  const all: Paying[] = [];
  const working = new Set<Promise<void>>();
  const limited = async (most: number, key: Paying, make: (key: Paying) => Promise<void>): Promise<void> => {
    while (working.size >= most) await Promise.race(working);
    const job: Promise<void> = make(key).finally(() => working.delete(job));
    working.add(job);
  };
  const sinceStart = (): string => `${Math.round((performance.now() - startedAt) / 1000)} s`;

  try {
    for (let start = 0; start < plans.length; start += shardSize) {
      const namespace = `${run}-${shards.length}`;
      const shard = await openShard({ seed: seed + start, namespace, providers, decide });
      shards.push(shard);
      const sources: Sources = {
        approved: await sourcesOf(shard, 'approved'),
        declined: await sourcesOf(shard, 'declined'),
      };
      for (const plan of plans.slice(start, start + shardSize)) {
        const key: Paying = {
          plan,
          shard,
          sources: Object.fromEntries(
            plan.pair.flatMap((name, at) => {
              const source = sources[plan.isDeclined[at] === true ? 'declined' : 'approved'][name];
              return source === undefined ? [] : [[name, source] as const];
            }),
          ),
          heard: [],
          life: 0,
          isForgotten: false,
          paidSince: Infinity,
          reconciled: null,
          paidThen: 0,
          firstLeftAt: Infinity,
          writes: 0,
          copies: 0,
          longestFlightMs: 0,
          process: 0,
        };
        all.push(key);
        await limited(options.concurrency, key, work);
      }
      tell(
        `${all.length} of ${plans.length} keys under way, ${fleet.kills} processes killed, ${sinceStart()}`,
      );
    }
    await Promise.all(working);
    await Promise.all(shards.map((shard) => shard.calmDown()));

    if (lastKillAt > -Infinity) {
      const leaseMs = 2 * timing.deadlineMs + 2 * leaseMarginMs + timing.abandonedMs + 500;
      const waitMs = Math.max(0, lastKillAt + leaseMs - performance.now());
      tell(`waiting ${Math.ceil(waitMs / 1000)} s for the leases of the dead`);
      await sleep(waitMs);
    }
    await sleep(timing.settleMs);
    let reconciled: Reconciled | null = null;
    if (options.way === 'router' && isDurable) {
      const shops = shards.map((shard) => providers.map((name) => shard.place(name, 'direct')));
      reconciled = onlyOf(run, await reconcileByCommand({ setup, shops }, '10m'));
      tell(
        `unicharge reconcile: ${reconciled.writes.length} writes told, ${reconciled.open} open, ${sinceStart()}`,
      );
      for (const { scope, key, outcome } of reconciled.writes) {
        const paying = scope.endsWith('/router/keys') ? running.get(key) : undefined;
        if (paying !== undefined) paying.reconciled = outcome;
      }
      for (const key of all) key.paidThen = chargesOf(key).filter(isPaid).length;
    }
    for (const key of all) if (!hasLastWord(key.heard.at(-1))) await limited(finishedAtOnce, key, finish);
    await Promise.all(working);
    // What was still under way at the end has landed by now.
    await sleep(timing.timeoutMs + 200);

    const judged = all.map((key): JudgedKey => {
      const charges = chargesOf(key);
      const paidAt = [...new Set(charges.filter(isPaid).map(({ provider }) => provider))];
      return { story: key, paidAt, violations: judgeRoutes(key, charges) };
    });
    const seconds = (performance.now() - startedAt) / 1000;
    return { judged, calls, kills: fleet.kills, seconds, reconciled };
  } finally {
    fleet.close();
    await Promise.allSettled([...working, ...shards.map((shard) => shard.calmDown())]);
    await Promise.all(shards.map((shard) => shard.close()));
  }
};
