import type { Plant } from './plants.js';
import { createStage, oneProvider, type Depth, type Scene, type ScheduleResult } from './schedule.js';

export interface SearchResult {
  readonly schedules: number;
  /** Whether every schedule within the depth was visited. */
  readonly complete: boolean;
  readonly failures: readonly { readonly choices: readonly number[]; readonly result: ScheduleResult }[];
}

/**
 * Visits every schedule of two merchants with one key: every order of their steps, every death, every lost message, up to a
 * depth. Depth first, by replaying: a schedule is the list of its choices.
 */
export const searchExhaustively = async (
  depth: Depth,
  plant: Plant | null,
  limit: number,
  stopAtFirst: boolean,
  scene: Scene = oneProvider,
): Promise<SearchResult> => {
  const stage = createStage(depth, plant, scene);
  const failures: { choices: readonly number[]; result: ScheduleResult }[] = [];
  let choices: number[] = [];
  let schedules = 0;
  for (;;) {
    const result = await stage.run(choices);
    schedules += 1;
    if (result.violations.length > 0) {
      failures.push({ choices: [...choices], result });
      if (stopAtFirst) return { schedules, complete: false, failures };
    }
    // The next schedule differs in the last step that has a choice left.
    const made = result.widths.map((_, step) => choices[step] ?? 0);
    let last = made.length - 1;
    while (last >= 0 && (made[last] as number) + 1 >= (result.widths[last] as number)) last -= 1;
    if (last < 0) return { schedules, complete: true, failures };
    if (schedules >= limit) return { schedules, complete: false, failures };
    choices = [...made.slice(0, last), (made[last] as number) + 1];
  }
};
