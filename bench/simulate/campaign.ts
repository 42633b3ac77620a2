import type { SimulatedProvider } from '../../src/testing/simulator/index.js';
import { kinds, runEpisode } from './episode.js';
import type { Weather } from './network.js';
import type { Plant } from './plants.js';
import { createRandom } from './random.js';
import { createWorld } from './world.js';

export interface CampaignOptions {
  readonly seed: number;
  readonly operations: number;
  readonly providers: readonly SimulatedProvider[];
  readonly plant: Plant | null;
  /** Stops at the first violation, to show its history. */
  readonly stopAtFirst: boolean;
  readonly onProgress?: (operations: number) => void;
}

/** A world whose verdict is bad: its seed replays it. */
export interface Failure {
  readonly seed: number;
  readonly provider: SimulatedProvider;
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

const storms: readonly Weather[] = [
  {
    refused: 0.1,
    requestLost: 0.1,
    answerLost: 0.15,
    answerCut: 0.05,
    badGateway: 0.05,
    slowRequest: 0.05,
    duplicated: 0.02,
    killed: 0.05,
    frozen: 0.03,
    store: 0.02,
  },
  {
    refused: 0.02,
    requestLost: 0.3,
    answerLost: 0.3,
    answerCut: 0.02,
    badGateway: 0.02,
    slowRequest: 0.3,
    duplicated: 0,
    killed: 0.15,
    frozen: 0.1,
    store: 0,
  },
  {
    refused: 0,
    requestLost: 0,
    answerLost: 0.5,
    answerCut: 0.1,
    badGateway: 0.1,
    slowRequest: 0,
    duplicated: 0.1,
    killed: 0.3,
    frozen: 0,
    store: 0.1,
  },
];

/** Runs one world; the same seed gives the same world, to the letter. */
export const runWorld = async (
  seed: number,
  options: Pick<CampaignOptions, 'providers' | 'plant'>,
  operations: number,
  result: CampaignResult,
): Promise<void> => {
  const random = createRandom(seed);
  const provider = random.pick(options.providers);
  const world = createWorld({ seed: seed ^ 0x5bd1e995, provider, plant: options.plant });
  const tally = result.byProvider.get(provider) ?? { operations: 0, violations: 0 };
  result.byProvider.set(provider, tally);
  for (let index = 0; index < operations; index += 1) {
    const mark = world.history.length;
    const verdict = await runEpisode(world, random.pick(kinds), `key-${index}`, random.pick(storms));
    result.operations += 1;
    tally.operations += 1;
    result.calls += verdict.calls;
    result.reconciled += verdict.needsReconcile ? 1 : 0;
    result.duplicatesDetected += verdict.duplicatesDetected;
    if (verdict.violations.length > 0) {
      tally.violations += verdict.violations.length;
      result.failures.push({
        seed,
        provider,
        violations: verdict.violations,
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
