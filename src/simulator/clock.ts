import type { Runtime } from '../runtime.js';

/** The simulator's time: the runtime's clock plus what a test has skipped. */
export interface SimulatorClock {
  /** Milliseconds since 1970, as the simulated providers see them. */
  now(): number;
  /** Skips time: authorizations lapse, pending charges expire, idempotency keys are forgotten. */
  advance(milliseconds: number): void;
}

/** Makes a clock that runs with the runtime's and calls back after every skip. */
export const createClock = (runtime: Runtime, afterAdvance: () => void): SimulatorClock => {
  let skipped = 0;
  return {
    now: () => runtime.now() + skipped,
    advance: (milliseconds) => {
      if (!Number.isFinite(milliseconds) || milliseconds < 0) {
        throw new RangeError('clock.advance takes a number of milliseconds that is not negative.');
      }
      skipped += milliseconds;
      afterAdvance();
    },
  };
};
