/** Virtual time: what is due happens one after the other, and nothing else moves the clock. */
export interface Scheduler {
  elapsed(): number;
  /** Runs once after a while; the returned function takes it back. */
  after(milliseconds: number, run: () => void): () => void;
  /** Runs until nothing is due any more. Throws after too many steps: something goes round in a circle. */
  runUntilIdle(): Promise<void>;
  /** Steps taken so far. */
  steps(): number;
}

interface Entry {
  readonly at: number;
  /** Decides between entries of the same moment. */
  readonly order: number;
  run: (() => void) | null;
}

const isBefore = (left: Entry, right: Entry): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

const maxSteps = 200_000;

/** Lets every promise that can go on without time go on. */
export const drain = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const createScheduler = (tieBreak: () => number): Scheduler => {
  const heap: Entry[] = [];
  let now = 0;
  let steps = 0;

  const push = (entry: Entry): void => {
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[index] = heap[parent] as Entry;
      index = parent;
    }
    heap[index] = entry;
  };

  const pop = (): Entry | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[index] = heap[child] as Entry;
      index = child;
    }
    heap[index] = last;
    return top;
  };

  return {
    elapsed: () => now,
    steps: () => steps,
    after: (milliseconds, run) => {
      const entry: Entry = { at: now + Math.max(0, milliseconds), order: tieBreak(), run };
      push(entry);
      return () => {
        entry.run = null;
      };
    },
    async runUntilIdle() {
      const limit = steps + maxSteps;
      await drain();
      for (;;) {
        const entry = pop();
        if (entry === undefined) return;
        const { run } = entry;
        if (run === null) continue;
        now = Math.max(now, entry.at);
        steps += 1;
        if (steps > limit) throw new Error('the simulation does not come to rest');
        run();
        await drain();
      }
    },
  };
};
