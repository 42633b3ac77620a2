/** What is to happen later: an authorization lapses, a pending refund settles. */
export interface Agenda {
  /**
   * Plans an action. It runs at the first `runDue` at or after `time` (no timers), receives the time at which it was
   * due, and has to look for itself whether it still applies. The returned function cancels it.
   */
  at(time: number, action: (dueAt: number) => void): () => void;
  /** Runs everything that is due, in the order of time; actions due at the same time run in the order in which they were added. */
  runDue(now: number): void;
}

interface Item {
  time: number;
  order: number;
  action: ((dueAt: number) => void) | null;
}

const isBefore = (left: Item, right: Item): boolean =>
  left.time < right.time || (left.time === right.time && left.order < right.order);

/** Swaps a child with its parent in the heap if the child is due earlier; false if it is not. */
const swapIfEarlier = (heap: Item[], child: number, parent: number): boolean => {
  const [lower, upper] = [heap[child], heap[parent]];
  if (lower === undefined || upper === undefined || !isBefore(lower, upper)) return false;
  heap[child] = upper;
  heap[parent] = lower;
  return true;
};

const siftUp = (heap: Item[], start: number): void => {
  let index = start;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!swapIfEarlier(heap, index, parent)) return;
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
    if (child === undefined || !swapIfEarlier(heap, child, index)) return;
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
