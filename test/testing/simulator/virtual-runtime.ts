import type { Runtime } from '../../../src/runtime.js';

/** A runtime whose time stands still until somebody waits: waiting is what moves it. */
export interface VirtualRuntime extends Runtime {
  /** Moves time without anybody waiting. */
  pass(milliseconds: number): void;
}

export const startOfTest = Date.UTC(2026, 10, 21, 12);

export const createVirtualRuntime = (): VirtualRuntime => {
  let now = startOfTest;
  let ids = 0;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    timer: () => () => undefined,
    random: () => 0.5,
    uuid: () => `uuid-${(ids += 1)}`,
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
};
