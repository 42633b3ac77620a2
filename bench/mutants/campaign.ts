import { applyMutation } from './mutations.js';
import { folderOf, type Mutant } from './draw.js';
import type { Stage } from './tests-of.js';
import type { TestRun } from './run-tests.js';

/** What became of one mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly folder: string;
  readonly fate: 'killed' | 'compiler' | 'survived';
  /** The test that failed, or the compiler's complaint. */
  readonly by: string | null;
  readonly stage: Stage['name'] | null;
}

/** A place in which one mutant at a time is tried. */
export interface Workshop {
  /** Runs tests with the file changed, and puts it back. */
  tryOut(file: string, text: string, tests: Pick<Stage, 'tests' | 'isolated'>): Promise<TestRun>;
}

export interface CampaignOptions {
  readonly mutants: readonly Mutant[];
  readonly sources: ReadonlyMap<string, string>;
  readonly workshops: readonly Workshop[];
  complaint(file: string, text: string): string | null;
  testsOf(file: string): readonly Stage[];
  onVerdict?(verdict: Verdict, done: number): void;
}

const judgeMutant = async (
  { sources, complaint, testsOf }: CampaignOptions,
  workshop: Workshop,
  mutant: Mutant,
): Promise<Verdict> => {
  const { file } = mutant;
  const folder = folderOf(file);
  const text = applyMutation(sources.get(file) ?? '', mutant);
  const refused = complaint(file, text);
  if (refused !== null) return { mutant, folder, fate: 'compiler', by: refused, stage: null };
  for (const stage of testsOf(file)) {
    const { name } = stage;
    const run = await workshop.tryOut(file, text, stage);
    if (run.passed) continue;
    // Far tests take long, and one of them may fail by itself: what it says has to be said twice.
    if ((name === 'wide' || name === 'far') && run.failedIn !== null) {
      const again = await workshop.tryOut(file, text, { tests: [run.failedIn], isolated: true });
      if (again.passed) {
        const rest = await workshop.tryOut(file, text, stage);
        if (rest.passed) continue;
        return { mutant, folder, fate: 'killed', by: rest.failedBy, stage: name };
      }
    }
    return { mutant, folder, fate: 'killed', by: run.failedBy, stage: name };
  }
  return { mutant, folder, fate: 'survived', by: null, stage: null };
};

/** Tries every mutant; as many at a time as there are workshops. Verdicts come in the order of the mutants. */
export const runMutants = async (options: CampaignOptions): Promise<readonly Verdict[]> => {
  const verdicts = new Map<Mutant, Verdict>();
  const queue = [...options.mutants];
  await Promise.all(
    options.workshops.map(async (workshop) => {
      for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
        const verdict = await judgeMutant(options, workshop, mutant);
        verdicts.set(mutant, verdict);
        options.onVerdict?.(verdict, verdicts.size);
      }
    }),
  );
  return options.mutants.flatMap((mutant) => verdicts.get(mutant) ?? []);
};
