import type { Runtime } from '../src/runtime.js';

/** A runtime whose time moves only when a test says so. */
export interface VirtualTime {
  readonly runtime: Runtime;
  /** Moves time on and lets everything that falls due in between run, in order. */
  advance(milliseconds: number): Promise<void>;
  /** Moves the wall clock alone, as an administrator or a time server would. */
  jumpWallClock(milliseconds: number): void;
}

/** Lets every promise that can settle without time do so. */
export const settlePromises = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export const createVirtualTime = (start = Date.UTC(2026, 10, 21, 12)): VirtualTime => {
  let elapsed = 0;
  let wallOffset = 0;
  let ids = 0;
  let draws = 0;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  const timer = (milliseconds: number, callback: () => void): (() => void) => {
    const entry = { at: elapsed + Math.max(0, milliseconds), callback };
    timers.add(entry);
    return () => {
      timers.delete(entry);
    };
  };
  return {
    runtime: {
      now: () => start + elapsed + wallOffset,
      monotonic: () => elapsed,
      timer,
      sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          const cancel = timer(milliseconds, resolve);
          const abort = () => {
            cancel();
            reject(signal?.reason as Error);
          };
          if (signal?.aborted === true) abort();
          else signal?.addEventListener('abort', abort, { once: true });
        }),
      random: () => {
        draws += 1;
        return (draws * 0.618034) % 1;
      },
      uuid: () => {
        ids += 1;
        return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
      },
    },
    async advance(milliseconds) {
      const end = elapsed + milliseconds;
      await settlePromises();
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
        if (due === undefined) break;
        timers.delete(due);
        elapsed = Math.max(elapsed, due.at);
        due.callback();
        await settlePromises();
      }
      elapsed = end;
    },
    jumpWallClock(milliseconds) {
      wallOffset += milliseconds;
    },
  };
};
