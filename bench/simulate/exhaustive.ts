import { areIndependent, type Touched } from './independence.js';
import type { Plant } from './plants.js';
import { createStage, oneProvider, type Depth, type Scene, type ScheduleResult } from './schedule.js';

export interface SearchResult {
  /** Schedules that were played to their end. */
  readonly schedules: number;
  /** Whether every schedule within the depth was visited, or one that differs only in the order of independent steps. */
  readonly complete: boolean;
  readonly failures: readonly ScheduleResult[];
  /** What the schedules came to, each once. */
  readonly came: ReadonlySet<string>;
}

export interface SearchOptions {
  readonly depth: Depth;
  readonly plant?: Plant | null;
  /** Schedules that are played at most. */
  readonly limit: number;
  readonly stopAtFirst: boolean;
  readonly scene?: Scene;
  /** Visits each order of independent steps, too. */
  readonly everyOrder?: boolean;
  /** Called now and then with the number of schedules so far. */
  readonly tell?: (schedules: number) => void;
}

/** A step of the schedule that is being played: what was possible, and what of it need not be tried any more. */
interface Node {
  readonly possible: readonly Touched[];
  /** Tried here already, or tried before an independent step that came since: the same again from here on. */
  readonly asleep: Map<string, Touched>;
  chosen: number;
}

const told = 10_000;

/**
 * Visits every schedule of two merchants with one key: every order of their steps, every death, every lost message, up to a
 * depth. Depth first, by replaying. Of schedules that differ only in the order of independent steps one is played (sleep sets,
 * after Godefroid).
 */
export const searchExhaustively = async ({
  depth,
  plant = null,
  limit,
  stopAtFirst,
  scene = oneProvider,
  everyOrder = false,
  tell = () => undefined,
}: SearchOptions): Promise<SearchResult> => {
  const stage = createStage(depth, plant, scene);
  const failures: ScheduleResult[] = [];
  const came = new Set<string>();
  const nodes: Node[] = [];
  let schedules = 0;

  const firstAwake = ({ possible, asleep }: Pick<Node, 'possible' | 'asleep'>): number =>
    possible.findIndex(({ id }) => !asleep.has(id));

  /** What stays asleep after a step: what is independent of it. */
  const asleepAfter = ({ possible, asleep, chosen }: Node): Map<string, Touched> => {
    const step = possible[chosen] as Touched;
    return new Map([...asleep].filter(([, other]) => !everyOrder && areIndependent(step, other)));
  };

  const choose = (step: number, possible: readonly Touched[]): number | null => {
    const node = nodes[step];
    if (node !== undefined) return node.chosen;
    const last = nodes.at(-1);
    const asleep = last === undefined ? new Map<string, Touched>() : asleepAfter(last);
    const chosen = firstAwake({ possible, asleep });
    if (chosen < 0) return null;
    nodes.push({ possible, asleep, chosen });
    return chosen;
  };

  for (;;) {
    const result = await stage.run(choose);
    if (result.ended) {
      schedules += 1;
      came.add(result.came);
      if (schedules % told === 0) tell(schedules);
    }
    if (result.violations.length > 0) {
      failures.push(result);
      if (stopAtFirst) return { schedules, complete: false, failures, came };
    }
    // The next schedule differs in the last step that has a choice left.
    for (;;) {
      const last = nodes.at(-1);
      if (last === undefined) return { schedules, complete: true, failures, came };
      const tried = last.possible[last.chosen] as Touched;
      last.asleep.set(tried.id, tried);
      last.chosen = firstAwake(last);
      if (last.chosen >= 0) break;
      nodes.pop();
    }
    if (schedules >= limit) return { schedules, complete: false, failures, came };
  }
};
