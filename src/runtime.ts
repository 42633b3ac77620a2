import { randomInt } from 'node:crypto';
import { v4 } from 'uuid';

/**
 * Everything the engine, the transport, the operations and the simulator take from the outside world besides bytes.
 * With another runtime the same code runs in virtual time and replays from a seed.
 */
export interface Runtime {
  /** Wall clock in milliseconds since 1970, for stamps and look-up windows. It may jump. */
  now(): number;
  /** Monotonic clock in milliseconds, for deadlines and leases. It never jumps and has no meaning outside this process. */
  monotonic(): number;
  /** Waits. Rejects with the signal's reason when the signal aborts, also when it was aborted before. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after the time has passed; the returned function cancels it. */
  timer(milliseconds: number, callback: () => void): () => void;
  /** A number in [0, 1), for the jitter of waits. */
  random(): number;
  /** A fresh UUID (version 4), for idempotency keys and owners of operations. */
  uuid(): string;
}

/** The longest delay that setTimeout takes; above it Node fires at once. */
const longestDelay = 2_147_483_647;

const startTimer = (milliseconds: number, callback: () => void): (() => void) => {
  const timer = setTimeout(callback, Math.min(Math.max(0, milliseconds), longestDelay));
  return () => {
    clearTimeout(timer);
  };
};

/** The runtime of the real world. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = () => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = startTimer(milliseconds, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
  timer: startTimer,
  // 2^32 steps are plenty for jitter, and a cryptographic source needs no seed that a caller could share by accident.
  random: () => randomInt(2 ** 32) / 2 ** 32,
  uuid: () => v4(),
};
