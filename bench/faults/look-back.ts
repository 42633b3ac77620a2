import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedProvider } from '../../src/simulator/index.js';
import type { Fleet } from './fleet.js';
import type { Running } from './laboratory.js';
import type { ReconcileReport } from './messages.js';
import type { Shard } from './shard.js';

interface LookBack {
  readonly fleet: Fleet;
  readonly shards: readonly Shard[];
  readonly providers: readonly SimulatedProvider[];
  readonly operations: readonly Running[];
  readonly isDurable: boolean;
  readonly settleMs: number;
}

const looksAtOnce = 16;
const rounds = 6;

const inParallel = async <Item>(
  items: readonly Item[],
  run: (item: Item, index: number) => Promise<void>,
) => {
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) await run(item, index);
  };
  await Promise.all(Array.from({ length: looksAtOnce }, worker));
};

const alive = <Report>(report: Report | 'killed'): Report => {
  if (report === 'killed') throw new Error('nothing is killed while the laboratory looks back');
  return report;
};

/** The nightly job of a merchant: settles what is open, then says of every write whether it happened. */
export const lookBack = async (
  { fleet, shards, providers, operations, isDurable, settleMs }: LookBack,
  finals: Map<Running, ReconcileReport>,
): Promise<void> => {
  if (isDurable) {
    let accounts = shards.flatMap((shard) => providers.map((provider) => shard.place(provider, 'direct')));
    for (let round = 0; round < rounds && accounts.length > 0; round += 1) {
      const open: typeof accounts = [];
      await inParallel(accounts, async (place, index) => {
        const report = alive(await fleet.ask(index % fleet.size, { type: 'pending', place }));
        if (report.open > 0) open.push(place);
      });
      accounts = open;
      if (accounts.length > 0) await sleep(settleMs);
    }
  }
  await inParallel(operations, async (operation, index) => {
    const { plan, shard, ends } = operation;
    const place = shard.place(plan.provider, 'direct');
    const process = isDurable ? index % fleet.size : (plan.processes[0] ?? 0);
    const reconcile = async (input: unknown) =>
      alive(await fleet.ask(process, { type: 'reconcile', place, input }));
    const failure = ends.findLast((end) => end !== 'killed' && !end.done && end.outcome === 'unknown');
    let report = await reconcile(plan.key);
    for (let round = 0; round < rounds && report.said === 'unknown'; round += 1) {
      if (report.operation === null) {
        // The record is gone with its process: the error that the merchant kept says more than the key.
        if (failure === undefined || failure === 'killed' || failure.done) break;
        report = await reconcile(failure.error);
        if (report.said !== 'unknown') break;
      }
      await sleep(Math.min(report.retryAfterMs ?? settleMs, settleMs * 3));
      report = await reconcile(plan.key);
    }
    finals.set(operation, report);
  });
};
