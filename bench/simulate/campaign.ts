import type { SimulatedProvider } from '../../src/simulator/index.js';
import { runEpisode } from './episode.js';
import type { Plant } from './plants.js';
import { createRandom, type Random } from './random.js';
import { kinds } from './story.js';
import { aspects, stormIn, storms, type Aspect } from './weather.js';
import { createWorld } from './world.js';

export interface CampaignOptions {
  readonly seed: number;
  readonly operations: number;
  readonly providers: readonly SimulatedProvider[];
  readonly plant: Plant | null;
  /** What worlds may have beside their storms. Default: everything. */
  readonly aspects?: readonly Aspect[];
  /** Stops at the first violation, to show its history. */
  readonly stopAtFirst: boolean;
  readonly onProgress?: (operations: number) => void;
}

/** A world whose verdict is bad: its seed replays it. */
export interface Failure {
  readonly seed: number;
  readonly provider: SimulatedProvider;
  readonly aspects: readonly Aspect[];
  readonly violations: readonly string[];
  readonly history: readonly string[];
}

export interface CampaignResult {
  operations: number;
  calls: number;
  reconciled: number;
  duplicatesDetected: number;
  failures: Failure[];
  byProvider: Map<SimulatedProvider, { operations: number; violations: number }>;
}

/** Operations that share one world; small, so that lists stay short and a failing history readable. */
const worldSize = 20;

/** What is different in a world: nothing, one thing, or several. */
const aspectsOf = (random: Random, offered: readonly Aspect[]): Set<Aspect> => {
  const has = new Set<Aspect>();
  const count = offered.length === 0 ? 0 : random.pick([0, 1, 1, 1, 2, 2, 3]);
  for (let index = 0; index < count; index += 1) has.add(random.pick(offered));
  return has;
};

/** Runs one world; the same seed gives the same world, to the letter. */
export const runWorld = async (
  seed: number,
  options: Pick<CampaignOptions, 'providers' | 'plant' | 'aspects'>,
  operations: number,
  result: CampaignResult,
): Promise<void> => {
  const random = createRandom(seed);
  const provider = random.pick(options.providers);
  const has = aspectsOf(random, options.aspects ?? aspects);
  const world = createWorld({ seed: seed ^ 0x5bd1e995, provider, has, plant: options.plant });
  const tally = result.byProvider.get(provider) ?? { operations: 0, violations: 0 };
  result.byProvider.set(provider, tally);
  for (let index = 0; index < operations; index += 1) {
    const mark = world.history.length;
    const storm = stormIn(random.pick(storms), has);
    const verdict = await runEpisode(world, random.pick(kinds), `key-${index}`, storm);
    result.operations += 1;
    tally.operations += 1;
    result.calls += verdict.calls;
    result.reconciled += verdict.needsReconcile ? 1 : 0;
    result.duplicatesDetected += verdict.duplicatesDetected;
    const { violations } = verdict;
    if (violations.length > 0) {
      tally.violations += violations.length;
      result.failures.push({
        seed,
        provider,
        aspects: [...has],
        violations,
        history: world.history.slice(mark),
      });
      return;
    }
  }
};

export const newResult = (): CampaignResult => ({
  operations: 0,
  calls: 0,
  reconciled: 0,
  duplicatesDetected: 0,
  failures: [],
  byProvider: new Map(),
});

export const runCampaign = async (options: CampaignOptions): Promise<CampaignResult> => {
  const result = newResult();
  const random = createRandom(options.seed);
  while (result.operations < options.operations) {
    const seed = random.below(2 ** 31);
    await runWorld(seed, options, Math.min(worldSize, options.operations - result.operations), result);
    if (options.stopAtFirst && result.failures.length > 0) break;
    options.onProgress?.(result.operations);
  }
  return result;
};
