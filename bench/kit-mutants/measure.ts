import { mutants, type Mutant } from './mutants.js';
import { runKit, type KitFailure, type KitRun } from './run-kit.js';
import { acmeSubject, fakeSubject, type Subject } from './subject.js';

/** What became of one planted fault. */
export interface Verdict {
  readonly subject: string;
  readonly name: string;
  /** The first case that noticed; null when none did. */
  readonly killedBy: KitFailure | null;
}

export interface KitMeasure {
  /** The kit on the providers as they are: nothing may fail. */
  readonly sound: readonly (KitRun & { readonly name: string })[];
  readonly verdicts: readonly Verdict[];
}

const judge = async (subject: Subject, { name, change, way }: Mutant): Promise<Verdict> => {
  const options = subject.open(change?.(subject.spec) ?? subject.spec, way);
  const { failures } = await runKit(options, { stopAtFirst: true });
  return { subject: subject.name, name, killedBy: failures[0] ?? null };
};

/** Runs the kit on every planted fault, or on every `step`th of them. */
export const measureKit = async ({ step = 1 }: { readonly step?: number } = {}): Promise<KitMeasure> => {
  const sound: (KitRun & { name: string })[] = [];
  for (const subject of [fakeSubject, acmeSubject])
    sound.push({ name: subject.name, ...(await runKit(subject.open(subject.spec), { stopAtFirst: false })) });
  const verdicts: Verdict[] = [];
  for (const mutant of mutants.filter((_, index) => index % step === 0))
    verdicts.push(await judge(mutant.subject, mutant));
  return { sound, verdicts };
};
