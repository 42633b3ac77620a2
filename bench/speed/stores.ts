import type { Canned } from './canned-answers.js';
import { measureCalls, type Row } from './calls.js';
import type { Figure } from './figures.js';
import { startStoreServers } from './store-servers.js';
import { spread } from './table.js';

const rows: readonly Row[] = [
  { inFlight: 1, calls: 250, warmUp: 500 },
  { inFlight: 64, calls: 1000, warmUp: 3000 },
].map((level) => ({ provider: 'stripe', operation: 'create with key', ...level, goal: null }));

const stores = [
  { contestant: 'redis', name: 'Redis', most: 1.3 },
  { contestant: 'postgres', name: 'PostgreSQL', most: 1.8 },
] as const;

/** A write with a durable store beside the same write with the memory store. A server that is not there is not measured. */
export const measureStores = async (options: {
  readonly canned: Canned;
  readonly dist: string;
  readonly rounds: number;
  readonly tell: (progress: string) => void;
}): Promise<Figure[]> => {
  const servers = await startStoreServers();
  try {
    const present = stores.filter(({ contestant }) => servers[contestant] !== null);
    for (const { name, contestant } of stores)
      if (servers[contestant] === null) options.tell(`no ${name} on this machine: not measured`);
    if (present.length === 0) return [];
    const results = await measureCalls(rows, {
      ...options,
      otherDist: null,
      lineup: () => ['unicharge', ...present.map(({ contestant }) => contestant)],
      base: 'unicharge',
      storeUrls: Object.fromEntries(present.map(({ contestant }) => [contestant, servers[contestant] ?? ''])),
    });
    return results.flatMap(({ row, contestants }) =>
      present.map(({ contestant, name, most }) => {
        const own = contestants[contestant];
        const memory = contestants.unicharge;
        if (own === undefined || memory === undefined) throw new Error(`${name} was not measured`);
        return {
          what: `stripe create with key and ${name}, ${row.inFlight} in flight`,
          measured: `${own.cpu.toFixed(0)} µs, ${own.storeTrips.toFixed(2)} round trips`,
          beside: `memory store ${memory.cpu.toFixed(0)} µs`,
          value: own.ratio.median,
          shown: spread(own.ratio),
          goal: { most },
          unit: '',
        };
      }),
    );
  } finally {
    await servers.stop();
  }
};
