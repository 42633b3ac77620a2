// Lets the judges look at a copy of the sources, and says what each found first, as JSON.
import { runRouteCampaign } from './campaign.js';
import { searchRoutes } from './exhaustive.js';

export interface PlantRunOrder {
  /** Keys in storms, at most. */
  readonly operations: number;
  readonly seed: number;
  /** Whether each judge is asked, too, about what another has found. */
  readonly everyJudge: boolean;
}

/** The first violation that each judge found; null where it found none or was not asked. */
export interface PlantFound {
  readonly schedules: string | null;
  readonly storms: string | null;
}

/** Keys of the storm that comes first where one judge is enough: most bugs are found by it in a second. */
const shortStorm = 160;

/** One call with one fault is over at once; two calls are cut off. */
const depths = [
  { depth: { calls: 1, faults: 1 }, limit: 1_000 },
  { depth: { calls: 2, faults: 1 }, limit: 1_500 },
];

const inSchedules = async (): Promise<string | null> => {
  for (const { depth, limit } of depths) {
    for (const { first, failures } of await searchRoutes(depth, limit, true)) {
      const [failure] = failures;
      if (failure !== undefined) return `${failure.violations[0] ?? ''} (the first ${first})`;
    }
  }
  return null;
};

const inStorms = async ({ operations, seed }: PlantRunOrder): Promise<string | null> => {
  const { failures } = await runRouteCampaign({ seed, operations, way: 'router', stopAtFirst: true });
  return failures[0]?.violations[0] ?? null;
};

const given = process.argv[2];
if (given !== undefined) {
  const order = JSON.parse(given) as PlantRunOrder;
  const short = order.everyJudge ? null : await inStorms({ ...order, operations: shortStorm });
  const schedules = short === null ? await inSchedules() : null;
  const storms = schedules === null || order.everyJudge ? (short ?? (await inStorms(order))) : null;
  console.log(JSON.stringify({ schedules, storms } satisfies PlantFound));
}
