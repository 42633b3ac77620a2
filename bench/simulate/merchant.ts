import type { OperationStore } from '../../src/models/operation-store.js';
import type { Runtime } from '../../src/runtime.js';
import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { Weather } from './weather.js';

/** A merchant's process: its own clock, and it can be frozen or killed at any moment. */
export interface Merchant {
  readonly name: string;
  readonly runtime: Runtime;
  isAlive(): boolean;
  /** From now on nothing of this process happens any more; what it sent is on its way. */
  kill(): void;
  /** Nothing of this process happens for a while; then everything goes on as if no time had passed. */
  freeze(milliseconds: number): void;
  /** How long it has stood still until now. */
  frozenMs(): number;
  /** Sets the wall clock on or back; the monotonic clock goes on. */
  jump(milliseconds: number): void;
  /** Lets `run` happen in this process after a while, unless it dies before. */
  after(milliseconds: number, run: () => void): () => void;
  /** The shared store as this process reaches it: with delays, and failures before or after the effect. */
  reach(store: OperationStore, weather: () => Weather): OperationStore;
}

export const startOfTime = Date.UTC(2026, 10, 21);

/** Longer than any lease and than the wait for an owner that never reported. */
const longestStallMs = 40 * 60_000;

export const createMerchant = (
  name: string,
  scheduler: Scheduler,
  random: Random,
  clockSkewMs: number,
): Merchant => {
  let alive = true;
  let frozenUntil = 0;
  let frozenMs = 0;
  let skewMs = clockSkewMs;

  const after = (milliseconds: number, run: () => void): (() => void) => {
    let cancelled = false;
    let cancel: () => void;
    const attempt = (): void => {
      if (cancelled || !alive) return;
      const frozenFor = frozenUntil - scheduler.elapsed();
      if (frozenFor > 0) cancel = scheduler.after(frozenFor, attempt);
      else run();
    };
    cancel = scheduler.after(milliseconds, attempt);
    return () => {
      cancelled = true;
      cancel();
    };
  };

  const freeze = (milliseconds: number): void => {
    const until = Math.max(frozenUntil, scheduler.elapsed() + milliseconds);
    frozenMs += until - Math.max(frozenUntil, scheduler.elapsed());
    frozenUntil = until;
  };

  const runtime: Runtime = {
    now: () => startOfTime + scheduler.elapsed() + skewMs,
    monotonic: () => scheduler.elapsed(),
    timer: after,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const cancel = after(milliseconds, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(signal.reason as Error);
        });
      }),
    random: () => random.next(),
    uuid: () => `${name}-${Math.floor(random.next() * 2 ** 48).toString(36)}`,
  };

  const reach = (store: OperationStore, weather: () => Weather): OperationStore => {
    // One call of the store: the way there, the atomic effect, the way back. A dead process never hears the answer.
    const call = <Result>(effect: () => Promise<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        after(random.below(5), () => {
          if (random.chance(weather().store)) {
            after(random.below(5), () => {
              reject(new Error('the store cannot be reached'));
            });
            return;
          }
          effect().then(
            (result) => {
              if (random.chance(weather().stalled)) freeze(random.below(longestStallMs));
              after(random.below(5), () => {
                if (random.chance(weather().store)) reject(new Error('the answer of the store was lost'));
                else resolve(result);
              });
            },
            (error: unknown) => {
              after(0, () => {
                reject(error instanceof Error ? error : new Error(String(error)));
              });
            },
          );
        });
      });
    return {
      durable: store.durable,
      begin: (operation) => call(() => store.begin(operation)),
      claim: (operation) => call(() => store.claim(operation)),
      prepare: (owner, resolved) => call(() => store.prepare(owner, resolved)),
      settle: (owner, end) => call(() => store.settle(owner, end)),
      release: (owner) => call(() => store.release(owner)),
      get: (scope, key) => call(() => store.get(scope, key)),
      claimedRefunds: (scope, ids, key) => call(() => store.claimedRefunds(scope, ids, key)),
      listUnresolved: (scope) => store.listUnresolved(scope),
    };
  };

  return {
    name,
    runtime,
    isAlive: () => alive,
    kill: () => {
      alive = false;
    },
    freeze,
    frozenMs: () => frozenMs - Math.max(0, frozenUntil - scheduler.elapsed()),
    jump: (milliseconds) => {
      skewMs += milliseconds;
    },
    after,
    reach,
  };
};
