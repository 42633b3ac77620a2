import { testChargesClient, type ConformanceOptions } from '../../src/testing/conformance/index.js';

/** A case of the kit that failed, and why. */
export interface KitFailure {
  readonly name: string;
  readonly message: string;
}

export interface KitRun {
  readonly cases: number;
  readonly failures: readonly KitFailure[];
}

/** Runs the kit with a runner of a few lines. With `stopAtFirst` one failure is enough. */
export const runKit = async (
  options: ConformanceOptions,
  { stopAtFirst }: { stopAtFirst: boolean },
): Promise<KitRun> => {
  const cases: { name: string; run: () => Promise<void> }[] = [];
  const failures: KitFailure[] = [];
  testChargesClient((name, run) => cases.push({ name, run }), options);
  for (const { name, run } of cases) {
    try {
      await run();
    } catch (error) {
      failures.push({
        name,
        message: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '',
      });
      if (stopAtFirst) break;
    }
  }
  return { cases: cases.length, failures };
};
