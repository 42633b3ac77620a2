/** What is to happen later: an authorization lapses, a pending refund settles. */
export interface Agenda {
  /**
   * Plans an action. It runs at the first access after its time (no timers), receives the time at which it was due,
   * and has to look for itself whether it still applies. The returned function takes it off the agenda.
   */
  at(time: number, action: (dueAt: number) => void): () => void;
  /** Runs everything that is due, in the order of its time; what was planned first goes first at the same time. */
  runDue(now: number): void;
}

interface Item {
  time: number;
  order: number;
  action: ((dueAt: number) => void) | null;
}

const isBefore = (left: Item, right: Item): boolean =>
  left.time < right.time || (left.time === right.time && left.order < right.order);

/** Swaps two places of the heap where the first is due before the second; false where it is not. */
const putFirst = (heap: Item[], first: number, second: number): boolean => {
  const [one, other] = [heap[first], heap[second]];
  if (one === undefined || other === undefined || !isBefore(one, other)) return false;
  heap[first] = other;
  heap[second] = one;
  return true;
};

const siftUp = (heap: Item[], start: number): void => {
  let index = start;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!putFirst(heap, index, parent)) return;
    index = parent;
  }
};

/** The earlier of the two children of a place; undefined where it has none. */
const earlierChild = (heap: readonly Item[], index: number): number | undefined => {
  const [left, right] = [heap[2 * index + 1], heap[2 * index + 2]];
  if (left === undefined) return undefined;
  return right !== undefined && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
};

const siftDown = (heap: Item[]): void => {
  let index = 0;
  for (;;) {
    const child = earlierChild(heap, index);
    if (child === undefined || !putFirst(heap, child, index)) return;
    index = child;
  }
};

/** Makes an empty agenda: a binary heap, because a long simulation plans hundreds of thousands of lapses. */
export const createAgenda = (): Agenda => {
  const heap: Item[] = [];
  let order = 0;

  const takeFirst = (): Item | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first !== undefined && last !== undefined && heap.length > 0) {
      heap[0] = last;
      siftDown(heap);
    }
    return first;
  };

  return {
    at: (time, action) => {
      const item: Item = { time, order: order++, action };
      heap.push(item);
      siftUp(heap, heap.length - 1);
      return () => {
        item.action = null;
      };
    },
    runDue: (now) => {
      while (heap[0] !== undefined && heap[0].time <= now) {
        const item = takeFirst();
        item?.action?.(item.time);
      }
    },
  };
};
