import type { Phase } from '../faults/plan.js';
import { networkPhases } from '../faults/plan.js';
import { createRandom } from '../simulate/random.js';
import { pairs, type Pair } from './world.js';

/** Requests that the network doubles are not among the faults: where they lead is a documented limit. */
const routePhases = networkPhases.filter(
  (phase) => !['refused', 'delivered_twice', 'second_heard'].includes(phase),
);

/** One key with everything that will be done to it. */
export interface PlannedKey {
  readonly index: number;
  readonly key: string;
  readonly pair: Pair;
  readonly amount: number;
  readonly isDeclined: readonly [boolean, boolean];
  /** What its first, second, … write meets, at whichever provider; later ones meet nothing. */
  readonly faults: readonly Phase[];
  /** Whether the way to a provider flaps, for each call. */
  readonly flaps: readonly (readonly [boolean, boolean])[];
  readonly waits: readonly number[];
  readonly processes: readonly number[];
  readonly doubled: boolean;
  readonly killedAfterMs: number | null;
}

export interface RoutePlanOptions {
  readonly seed: number;
  readonly operations: number;
  readonly kills: number;
  readonly merchants: number;
}

/** Each key depends on the seed and its own number alone, so that both ways of paying meet the same. */
export const planKeys = ({ seed, operations, kills, merchants }: RoutePlanOptions): PlannedKey[] => {
  const killEvery = kills === 0 ? Infinity : operations / kills;
  let killsPlanned = 0;
  return Array.from({ length: operations }, (_, index) => {
    const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    const faults: Phase[] = [];
    while (faults.length < 4) faults.push(random.chance(0.5) ? 'none' : random.pick(routePhases));
    const waits = [0, 1, 2].slice(0, 1 + random.below(2)).map(() => random.pick([0, 40, 250, 1_200]));
    const flaps = [0, 1, 2].map((): [boolean, boolean] => [random.chance(0.4), random.chance(0.2)]);
    const processes = [0, 1, 2].map(() => random.below(merchants));
    const isDeclined: [boolean, boolean] = [random.chance(0.2), random.chance(0.15)];
    const doubled = random.chance(0.1);
    const amount = 4_000 + random.below(1_000);
    const death = random.pick(['killed_on_arrival', 'killed_after_commit', 'at_random'] as const);
    const deathMs = random.below(600);
    const dies = index + 1 >= (killsPlanned + 1) * killEvery;
    if (dies) killsPlanned += 1;
    if (dies && death !== 'at_random') faults[0] = death;
    return {
      index,
      key: `route-${seed}-${String(index).padStart(6, '0')}`,
      pair: pairs[index % pairs.length] as Pair,
      amount,
      isDeclined,
      faults,
      flaps,
      waits,
      processes,
      doubled,
      killedAfterMs: dies && death === 'at_random' ? deathMs : null,
    };
  });
};
