import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentSource } from '../../src/models/payment-source.js';
import type { SimulatedProvider } from '../../src/simulator/index.js';
import { leaseMarginMs } from '../../src/writes/protocol.js';
import { createRandom } from '../simulate/random.js';
import { createDecider, timing, type Underway } from './decide.js';
import { startFleet, type Fleet } from './fleet.js';
import { lookBack } from './look-back.js';
import type { ClientName, MerchantSetup, ReconcileReport, StoreName, WriteOrder } from './messages.js';
import { kinds, planOperations, type Kind, type PlannedOperation } from './plan.js';
import { prepareServer } from './servers.js';
import { openShard, type Shard } from './shard.js';
import {
  effectsOf,
  indexCharges,
  judge,
  truthsOf,
  type CallEnd,
  type Story,
  type Verdict,
} from './verdict.js';

export interface LaboratoryOptions {
  readonly seed: number;
  readonly operations: number;
  readonly client: ClientName;
  readonly store: StoreName;
  readonly providers: readonly SimulatedProvider[];
  readonly givesKeys: boolean;
  readonly kills: number;
  readonly merchants: number;
  readonly concurrency: number;
  tell(line: string): void;
}

export interface Judged {
  readonly story: Story;
  readonly verdict: Verdict;
  readonly effects: number;
  /** The longest that one of its requests was under way. */
  readonly longestFlightMs: number;
}

export interface LaboratoryResult {
  readonly judged: readonly Judged[];
  /** Requests that reached each provider, without what was needed to prepare. */
  readonly requests: ReadonlyMap<SimulatedProvider, number>;
  readonly calls: number;
  readonly kills: number;
  readonly seconds: number;
}

/** Operations that share a ledger. */
export const shardSize = 250;
/** An operation on its way through the laboratory. */
export interface Running extends Underway {
  readonly plan: PlannedOperation;
  readonly shard: Shard;
  source: PaymentSource | null;
  target: string | null;
  readonly ends: CallEnd[];
  readonly endedAt: number[];
  readonly lives: number[];
}

export const runLaboratory = async (options: LaboratoryOptions): Promise<LaboratoryResult> => {
  const { seed, client, store, providers, tell } = options;
  const isOurs = client === 'unicharge';
  const isDurable = store !== 'memory';
  await prepareServer(store);
  const startedAt = performance.now();
  const random = createRandom(seed);
  const planned: readonly Kind[] = client === 'justifi-sdk' ? kinds.filter((kind) => kind !== 'void') : kinds;
  const plans = planOperations({ ...options, kinds: planned });
  const setup: MerchantSetup = { client, store, givesKeys: options.givesKeys, ...timing };
  const fleet: Fleet = await startFleet(options.merchants, setup);
  // A durable store may be older than this run.
  const run = `faults-${seed}-${Date.now().toString(36)}`;
  const running = new Map<string, Running>();
  let lastKillAt = -Infinity;
  let calls = 0;

  const kill = (index: number): void => {
    lastKillAt = performance.now();
    fleet.kill(index);
  };

  const decide = createDecider<Running>({ running, random, kill });

  const callOnce = async (operation: Running, index: number, attempt: number): Promise<CallEnd> => {
    const { plan, shard, source, target } = operation;
    const route = plan.faults[attempt] === 'refused' ? 'flapping' : 'steady';
    const place = shard.place(plan.provider, route);
    const order: WriteOrder = {
      type: 'write',
      place,
      kind: plan.kind,
      key: plan.key,
      amount: plan.amount,
      source,
      target,
    };
    operation.process = index;
    calls += 1;
    const life = fleet.life(index);
    const end = await fleet.ask(index, order);
    operation.ends.push(end);
    operation.endedAt.push(performance.now());
    operation.lives.push(life);
    return end;
  };

  /** One write as a job does it: called, and called again once or twice when it failed without a last word. */
  const work = async (operation: Running): Promise<void> => {
    const { plan } = operation;
    Object.assign(operation, await operation.shard.prepare(plan.provider, plan.kind, plan.amount));
    running.set(plan.key, operation);
    if (operation.target !== null) running.set(operation.target, operation);
    const [first = 0, second = 0] = plan.processes;
    const life = fleet.life(first);
    for (let attempt = 0; attempt <= plan.waits.length; attempt += 1) {
      if (attempt > 0) await sleep(plan.waits[attempt - 1] ?? 0);
      const isForgotten = fleet.life(first) !== life || operation.ends.includes('killed');
      if (attempt > 0 && isOurs && !isDurable && isForgotten) {
        // As documented for a store that does not outlive its process: creates can be found, after a while.
        if (plan.kind !== 'create' && plan.kind !== 'authorize') return;
        await sleep(timing.settleMs);
      }
      // Without a shared store, a job comes back to the process that knows it.
      const index = isDurable || !isOurs ? (plan.processes[attempt] ?? 0) : first;
      const work = [callOnce(operation, index, attempt)];
      const { killedAfterMs } = plan;
      if (attempt === 0 && killedAfterMs !== null) setTimeout(() => kill(index), killedAfterMs);
      // Clients without keys have no chance here, so only ours is asked.
      if (attempt === 0 && plan.doubled && isOurs && isDurable && second !== first) {
        work.push(callOnce(operation, second, attempt));
      }
      const ends = await Promise.all(work);
      if (ends.some((end) => end !== 'killed' && (end.done || end.definite))) return;
    }
  };

  const shards: Shard[] = [];
  const all: Running[] = [];
  const working = new Set<Promise<void>>();
  try {
    const size = isOurs ? shardSize : options.operations;
    for (let start = 0; start < plans.length; start += size) {
      const namespace = `${run}-${shards.length}`;
      const shard = await openShard({ seed: seed + start, namespace, providers, decide });
      shards.push(shard);
      const inShard: Promise<void>[] = [];
      for (const plan of plans.slice(start, start + size)) {
        while (working.size >= options.concurrency) await Promise.race(working);
        const operation: Running = {
          plan,
          shard,
          source: null,
          target: null,
          ends: [],
          endedAt: [],
          lives: [],
          firstLeftAt: Infinity,
          writes: 0,
          copies: 0,
          longestFlightMs: 0,
          process: 0,
        };
        all.push(operation);
        const job: Promise<void> = work(operation).finally(() => working.delete(job));
        working.add(job);
        inShard.push(job);
      }
      void Promise.all(inShard).then(() => shard.calmDown());
      tell(`${Math.min(start + size, plans.length)} of ${plans.length} operations under way`);
    }
    await Promise.all(working);

    const finals = new Map<Running, ReconcileReport>();
    if (isOurs) {
      if (lastKillAt > -Infinity && isDurable) {
        const leaseMs = timing.deadlineMs + leaseMarginMs + timing.abandonedMs + 500;
        const waitMs = Math.max(0, lastKillAt + leaseMs - performance.now());
        tell(`waiting ${Math.ceil(waitMs / 1000)} s for the leases of the dead`);
        await sleep(waitMs);
      }
      await sleep(timing.settleMs);
      await lookBack(
        { fleet, shards, providers, operations: all, isDurable, settleMs: timing.settleMs },
        finals,
      );
    }
    // What was still under way at the end has landed by now.
    await sleep(timing.timeoutMs + 200);

    const requests = new Map<SimulatedProvider, number>();
    const judged: Judged[] = [];
    for (const shard of shards) {
      for (const provider of providers) {
        requests.set(provider, (requests.get(provider) ?? 0) + shard.requestsTo(provider));
        const charges = indexCharges(shard.charges(provider));
        for (const operation of all) {
          if (operation.shard !== shard || operation.plan.provider !== provider) continue;
          const story: Story = {
            ...operation,
            final: finals.get(operation) ?? null,
            forgotten: !isDurable && fleet.kills > 0,
          };
          const effects = effectsOf(story, charges);
          const { longestFlightMs } = operation;
          judged.push({
            story,
            effects,
            longestFlightMs,
            verdict: judge(story, effects, truthsOf(story, charges)),
          });
        }
      }
    }
    const seconds = (performance.now() - startedAt) / 1000;
    return { judged, requests, calls, kills: fleet.kills, seconds };
  } finally {
    fleet.close();
    await Promise.allSettled([...working, ...shards.map((shard) => shard.calmDown())]);
    await Promise.all(shards.map((shard) => shard.close()));
  }
};
