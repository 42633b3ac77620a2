import { describe, expect, it } from 'vitest';
import { runCampaign } from '../../bench/simulate/campaign.js';
import { searchExhaustively } from '../../bench/simulate/exhaustive.js';
import { lostAnchors } from '../../bench/simulate/plant-report.js';
import { plants } from '../../bench/simulate/plants.js';
import { protocolPlantCount, sourcePlants } from '../../bench/simulate/source-plants.js';
import { usualProviders } from '../../bench/simulate/sources.js';
import type { SimulatedProvider } from '../../src/simulator/faces.js';

const providers = usualProviders;
const withoutKeys: readonly SimulatedProvider[] = providers.filter(
  (name) => !['stripe', 'justifi'].includes(name),
);
const minutes = 60_000;

describe('the simulation', () => {
  it('finds no violation at any provider', { timeout: 3 * minutes }, async () => {
    const { failures, operations } = await runCampaign({
      seed: 20261121,
      operations: 300,
      providers,
      plant: null,
      stopAtFirst: true,
    });
    expect(failures).toEqual([]);
    expect(operations).toBe(300);
  });

  it('is the same to the letter when its seed is the same', { timeout: minutes }, async () => {
    const run = () =>
      runCampaign({ seed: 5, operations: 40, providers, plant: plants[2] ?? null, stopAtFirst: true });
    const [first, second] = [await run(), await run()];
    expect(first.failures.length).toBeGreaterThan(0);
    expect(second.failures).toEqual(first.failures);
  });

  it.each(plants)('finds $name: $what', { timeout: 3 * minutes }, async (plant) => {
    const { failures } = await runCampaign({
      seed: 11,
      operations: 4000,
      providers: plant.lookupProvidersOnly ? withoutKeys : providers,
      plant,
      aspects: [],
      stopAtFirst: true,
    });
    expect(failures.length).toBe(1);
  });
});

describe('the bugs planted in the sources', () => {
  it('still fit the sources', async () => {
    expect(await lostAnchors()).toEqual([]);
  });

  it('are many, and each is another', () => {
    expect(new Set(sourcePlants.map(({ bug }) => bug)).size).toBe(sourcePlants.length);
    expect(protocolPlantCount).toBe(24);
    expect(sourcePlants.length).toBeGreaterThanOrEqual(40);
  });
});

describe('the exhaustive search', () => {
  it('finds no violation in any schedule of two calls and one fault', { timeout: 2 * minutes }, async () => {
    const { complete, failures } = await searchExhaustively({
      depth: { calls: 2, faults: 1 },
      limit: 100_000,
      stopAtFirst: true,
    });
    expect(failures).toEqual([]);
    expect(complete).toBe(true);
  });

  it(
    'leaves out only schedules that come to the same as one that it visits',
    { timeout: 2 * minutes },
    async () => {
      const search = (everyOrder: boolean) =>
        searchExhaustively({ depth: { calls: 2, faults: 0 }, limit: 100_000, stopAtFirst: true, everyOrder });
      const [every, some] = [await search(true), await search(false)];
      expect(some.came).toEqual(every.came);
      expect(some.schedules).toBeLessThan(every.schedules);
    },
  );

  it.each(plants)('finds $name: $what', { timeout: 2 * minutes }, async (plant) => {
    const { failures } = await searchExhaustively({
      depth: { calls: 2, faults: 2 },
      plant,
      limit: 30_000,
      stopAtFirst: true,
    });
    expect(failures.length).toBe(1);
  });
});
