import { createRandom } from '../simulate/random.js';
import { runEpisode, type Way } from './episode.js';
import { createRouteWorld, pairs, type Pair } from './world.js';

/** How many keys fared how, for one pair or for all. */
export interface RouteTally {
  keys: number;
  calls: number;
  paid: number;
  rescued: number;
  declined: number;
  atTwoRoutes: number;
  twiceAtOne: number;
  misreported: number;
  lost: number;
  forbidden: number;
}

export interface RouteFailure {
  readonly seed: number;
  readonly pair: Pair;
  readonly key: string;
  readonly violations: readonly string[];
  readonly history: readonly string[];
}

export interface RouteCampaign {
  readonly total: RouteTally;
  readonly byPair: ReadonlyMap<string, RouteTally>;
  readonly failures: readonly RouteFailure[];
}

export interface RouteCampaignOptions {
  readonly seed: number;
  readonly operations: number;
  readonly way: Way;
  readonly stopAtFirst?: boolean;
  readonly only?: readonly Pair[];
}

const emptyTally = (): RouteTally => ({
  keys: 0,
  calls: 0,
  paid: 0,
  rescued: 0,
  declined: 0,
  atTwoRoutes: 0,
  twiceAtOne: 0,
  misreported: 0,
  lost: 0,
  forbidden: 0,
});

const keysPerWorld = 10;

/** Runs keys over all pairs of providers that share a currency, in turn. */
export const runRouteCampaign = async (options: RouteCampaignOptions): Promise<RouteCampaign> => {
  const random = createRandom(options.seed);
  const total = emptyTally();
  const byPair = new Map<string, RouteTally>();
  const failures: RouteFailure[] = [];
  const chosen = options.only ?? pairs;
  for (let turn = 0; total.keys < options.operations; turn += 1) {
    const pair = chosen[turn % chosen.length] as Pair;
    const seed = random.below(2 ** 31);
    const world = await createRouteWorld(seed, pair);
    const name = pair.join(' then ');
    const own = byPair.get(name) ?? emptyTally();
    byPair.set(name, own);
    for (let index = 0; index < keysPerWorld && total.keys < options.operations; index += 1) {
      const key = `order-${seed}-${index}`;
      world.history.length = 0;
      const result = await runEpisode(world, key, options.way);
      const has = (text: string) => Number(result.violations.some((violation) => violation.startsWith(text)));
      for (const tally of [total, own]) {
        tally.keys += 1;
        tally.calls += result.calls;
        tally.paid += Number(result.paidAt.length > 0);
        tally.rescued += Number(result.isRescued);
        tally.declined += Number(result.isDeclined);
        tally.atTwoRoutes += has('charged at two routes');
        tally.twiceAtOne += has('charged twice');
        tally.misreported += has('misreported');
        tally.lost += has('lost');
        tally.forbidden += has('went on');
      }
      if (result.violations.length === 0) continue;
      failures.push({ seed, pair, key, violations: result.violations, history: [...world.history] });
      if (options.stopAtFirst === true) return { total, byPair, failures };
    }
  }
  return { total, byPair, failures };
};
