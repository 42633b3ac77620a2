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

/** Runs the kit with a runner of a few lines. With `stopAtFirst` one failure is enough; `named`: only cases that begin so. */
export const runKit = async (
  options: ConformanceOptions,
  { stopAtFirst, named = '' }: { readonly stopAtFirst: boolean; readonly named?: string },
): Promise<KitRun> => {
  const cases: { name: string; run: () => Promise<void> }[] = [];
  const failures: KitFailure[] = [];
  testChargesClient((name, run) => cases.push({ name, run }), options);
  const chosen = cases.filter(({ name }) => name.replace(/^\w+: /, '').startsWith(named));
  if (chosen.length === 0) throw new RangeError(`the kit has no such case: ${named}`);
  for (const { name, run } of chosen) {
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
