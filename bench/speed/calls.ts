import type { Canned } from './canned-answers.js';
import type { BenchedProvider, Contestant, Measured, Operation } from './messages.js';
import { startClient, startServer, type Client, type Server } from './programs.js';
import { median, ratioOf, type Spread } from './statistics.js';

/** One kind of call at one level, and what it should cost beside the official SDK. */
export interface Row {
  readonly provider: BenchedProvider;
  readonly operation: Operation;
  readonly inFlight: number;
  readonly calls: number;
  readonly warmUp: number;
  readonly goal: Goal | null;
}

/** `most`: the ratio of CPU has to be at most this. `least`: the ratio of rates has to be at least this. */
export type Goal = { readonly most: number } | { readonly least: number };

const atBothLevels = (provider: BenchedProvider, operation: Operation, goal: number): readonly Row[] =>
  [
    { inFlight: 1, calls: 250, warmUp: 500 },
    { inFlight: 64, calls: 1000, warmUp: 3000 },
  ].map((level) => ({ provider, operation, ...level, goal: { most: goal } }));

export const httpRows: readonly Row[] = [
  ...atBothLevels('stripe', 'create', 1),
  ...atBothLevels('stripe', 'create with key', 1),
  ...atBothLevels('stripe', 'retrieve', 0.75),
  ...atBothLevels('justifi', 'create', 0.9),
  ...atBothLevels('justifi', 'retrieve', 0.9),
  ...atBothLevels('omise', 'create', 1.2),
  ...atBothLevels('omise', 'create with key', 1.2),
  ...atBothLevels('omise', 'retrieve', 1),
];

export const listRows: readonly Row[] = [
  { provider: 'stripe', operation: 'list', inFlight: 1, calls: 1, warmUp: 10, goal: { most: 0.9 } },
];

export const webhookRows: readonly Row[] = [
  {
    provider: 'stripe',
    operation: 'webhook',
    inFlight: 1,
    calls: 3000,
    warmUp: 10_000,
    goal: { least: 0.8 },
  },
  { provider: 'stripe', operation: 'verify', inFlight: 1, calls: 3000, warmUp: 10_000, goal: null },
];

/** Who takes part. axios and node:http alone do not know keys, so these rows would repeat others. */
export const besideSdk =
  (withOther: boolean) =>
  ({ operation }: Row): readonly Contestant[] => {
    const own: readonly Contestant[] = withOther ? ['unicharge', 'other build', 'sdk'] : ['unicharge', 'sdk'];
    if (operation === 'create with key' || operation === 'verify') return own;
    if (operation === 'webhook') return [...own, 'raw'];
    return [...own, 'axios', 'raw'];
  };

/** What all rounds of one contestant come to. */
export interface Summary {
  /** Medians. */
  readonly cpu: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU to what stands beside it, in the same round: the official SDK, or the memory store. */
  readonly ratio: Spread;
  readonly rateRatio: Spread;
  readonly requestsOfCall: number;
  readonly storeTrips: number;
  /** The share of its wall time that the server computed: near 1 the rate is the server's. */
  readonly serverShare: number;
}

export interface RowResult {
  readonly row: Row;
  readonly contestants: Readonly<Partial<Record<Contestant, Summary>>>;
}

interface Taken extends Measured {
  readonly requestsOfCall: number;
  readonly serverShare: number;
}

const summarize = (own: readonly Taken[], base: readonly Taken[]): Summary => {
  const of = (name: keyof Taken) => median(own.map((each) => each[name]));
  const column = (taken: readonly Taken[], name: keyof Taken) => taken.map((each) => each[name]);
  return {
    cpu: of('cpu'),
    rate: of('rate'),
    p50: of('p50'),
    p99: of('p99'),
    ratio: ratioOf(column(own, 'cpu'), column(base, 'cpu')),
    rateRatio: ratioOf(column(own, 'rate'), column(base, 'rate')),
    requestsOfCall: of('requestsOfCall'),
    storeTrips: of('storeTrips'),
    serverShare: of('serverShare'),
  };
};

const summarizeRow = (
  row: Row,
  taken: ReadonlyMap<Contestant, readonly Taken[]>,
  baseName: Contestant,
): RowResult => {
  const base = taken.get(baseName);
  if (base === undefined) throw new Error(`without ${baseName} there is no ratio`);
  const contestants: Partial<Record<Contestant, Summary>> = {};
  for (const [name, own] of taken) contestants[name] = summarize(own, base);
  return { row, contestants };
};

export interface CallsOptions {
  readonly canned: Canned;
  readonly dist: string;
  /** A second build to measure in the same rounds. */
  readonly otherDist: string | null;
  readonly rounds: number;
  /** Who takes part in a row; the official SDK and what has no SDK beside it, unless told. */
  readonly lineup?: (row: Row) => readonly Contestant[];
  /** Whose CPU is 1; that of the official SDK unless told. */
  readonly base?: Contestant;
  readonly storeUrls?: Readonly<Partial<Record<Contestant, string>>>;
  readonly tell: (progress: string) => void;
}

const takeOne = async (server: Server, client: Client, row: Row): Promise<Taken> => {
  await server.report();
  const measured = await client.run(row);
  const { requests, cpu } = await server.report();
  return {
    ...measured,
    // Every batch of calls to the server begins with one that is checked and not measured.
    requestsOfCall: requests / (row.calls + 1),
    serverShare: cpu / 1000 / measured.elapsed,
  };
};

/** Measures the rows of one provider: every contestant in every round, in another order each time. */
const measureProvider = async (
  rows: readonly Row[],
  server: Server,
  options: CallsOptions,
): Promise<RowResult[]> => {
  const { canned, rounds, tell, lineup: lineupOf = besideSdk(options.otherDist !== null) } = options;
  const clients = new Map<Contestant, Client>();
  const clientOf = (contestant: Contestant): Client => {
    const client = clients.get(contestant);
    if (client === undefined) throw new Error(`${contestant} was not started`);
    return client;
  };
  try {
    const lineups = rows.map(lineupOf);
    for (const contestant of new Set(lineups.flat())) {
      const [{ provider }] = rows as [Row];
      const dist = contestant === 'other build' ? (options.otherDist ?? '') : options.dist;
      const { origin } = server;
      clients.set(
        contestant,
        await startClient({
          provider,
          contestant,
          dist,
          origin,
          storeUrl: options.storeUrls?.[contestant] ?? null,
          known: canned.known[provider],
        }),
      );
    }
    for (const [index, row] of rows.entries()) {
      tell(`warm-up of ${nameOf(row)}`);
      for (const contestant of lineups[index] ?? [])
        await clientOf(contestant).run({ ...row, calls: row.warmUp });
    }
    const taken = rows.map(() => new Map<Contestant, Taken[]>());
    for (let round = 0; round < rounds; round += 1) {
      tell(`round ${round + 1} of ${rounds} at ${rows[0]?.provider ?? ''}`);
      for (const [index, row] of rows.entries()) {
        const lineup = lineups[index] ?? [];
        for (let turn = 0; turn < lineup.length; turn += 1) {
          const contestant = lineup[(turn + round) % lineup.length] as Contestant;
          const one = await takeOne(server, clientOf(contestant), row);
          const column = taken[index]?.get(contestant) ?? [];
          taken[index]?.set(contestant, [...column, one]);
        }
      }
    }
    return rows.map((row, index) =>
      summarizeRow(row, taken[index] ?? new Map<Contestant, Taken[]>(), options.base ?? 'sdk'),
    );
  } finally {
    for (const client of clients.values()) client.stop();
  }
};

export const nameOf = ({ provider, operation, inFlight }: Row): string =>
  `${provider} ${operation}, ${inFlight} in flight`;

export const measureCalls = async (rows: readonly Row[], options: CallsOptions): Promise<RowResult[]> => {
  const server = await startServer(options.canned.server);
  try {
    const results: RowResult[] = [];
    for (const provider of new Set(rows.map((row) => row.provider))) {
      results.push(
        ...(await measureProvider(
          rows.filter((row) => row.provider === provider),
          server,
          options,
        )),
      );
    }
    return results;
  } finally {
    server.stop();
  }
};
