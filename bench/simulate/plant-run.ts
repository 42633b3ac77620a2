// Runs the simulation in a copy of the sources: one process for one planted bug, or for none.
import type { SimulatedProvider } from '../../src/simulator/faces.js';
import { newResult, runWorld } from './campaign.js';
import { createRandom } from './random.js';
import { aspects, type Aspect } from './weather.js';
import { usualProviders } from './sources.js';

/** What is to be run, as JSON in the first argument. */
export interface PlantOrder {
  readonly seed: number;
  readonly operations: number;
  readonly providers: readonly SimulatedProvider[] | null;
  readonly aspects: readonly Aspect[] | null;
  /** Kinds of violations that the sound sources have: they tell nothing. */
  readonly known: readonly string[];
  /** Only the world of this seed. */
  readonly world: number | null;
}

/** What was found, as JSON on the standard output. */
export interface PlantReport {
  readonly operations: number;
  readonly kinds: readonly string[];
  /** The first violation of a new kind, and the seed that replays its world. */
  readonly first: { readonly seed: number; readonly violation: string } | null;
}

/** A violation without its numbers and ids. */
const kindOf = (violation: string): string =>
  violation.replace(/\b[a-z]+(_[a-z]+)*_\w*\d\w*/gi, 'ID').replace(/\d+/g, 'N');

const order = JSON.parse(process.argv[2] ?? '') as PlantOrder;
const random = createRandom(order.seed);
const result = newResult();
const kinds = new Set<string>();
let first: PlantReport['first'] = null;
const isOver = (): boolean =>
  first !== null || result.operations >= (order.world === null ? order.operations : 1);
while (!isOver()) {
  const seed = order.world ?? random.below(2 ** 31);
  const before = result.failures.length;
  try {
    const providers = order.providers ?? usualProviders;
    await runWorld(seed, { providers, plant: null, aspects: order.aspects ?? aspects }, 20, result);
  } catch (error) {
    // A bug may break the simulation itself: a calm call that fails, a world that never comes to rest.
    const violation = `the simulation failed: ${error instanceof Error ? error.message : String(error)}`;
    kinds.add(kindOf(violation));
    if (!order.known.includes(kindOf(violation))) first ??= { seed, violation };
    result.operations += 20;
  }
  for (const { violations } of result.failures.slice(before)) {
    for (const violation of violations) {
      kinds.add(kindOf(violation));
      if (!order.known.includes(kindOf(violation))) first ??= { seed, violation };
    }
  }
}
const report: PlantReport = { operations: result.operations, kinds: [...kinds], first };
console.log(JSON.stringify(report));
