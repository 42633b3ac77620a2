import { randomInt } from 'node:crypto';
import { clearImmediate, setImmediate } from 'node:timers';
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

/**
 * The callback comes one turn of the event loop after the time has passed. A process that was stopped or busy for longer than
 * that reads first what has arrived meanwhile, so that an answer that is there wins over the timer that gives it up.
 */
const startTimer = (milliseconds: number, callback: () => void): (() => void) => {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(
    () => {
      turn = setImmediate(callback);
    },
    Math.min(Math.max(0, milliseconds), longestDelay),
  );
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
};

interface Listeners {
  readonly callbacks: Set<() => void>;
  readonly heard: () => void;
}

const listening = new WeakMap<AbortSignal, Listeners>();

/**
 * Calls back when the signal aborts; the returned function ends that. However many calls share a signal, it carries one
 * listener of ours, and none when they are over: Node warns of a leak from the eleventh on.
 */
export const whenAborted = (signal: AbortSignal | null | undefined, callback: () => void): (() => void) => {
  if (signal == null) return () => undefined;
  let listeners = listening.get(signal);
  if (listeners === undefined) {
    const callbacks = new Set<() => void>();
    const heard = () => {
      listening.delete(signal);
      for (const each of [...callbacks]) each();
    };
    listeners = { callbacks, heard };
    listening.set(signal, listeners);
    signal.addEventListener('abort', heard, { once: true });
  }
  const { callbacks, heard } = listeners;
  const own = () => {
    callback();
  };
  callbacks.add(own);
  return () => {
    callbacks.delete(own);
    if (callbacks.size > 0 || listening.get(signal)?.heard !== heard) return;
    listening.delete(signal);
    signal.removeEventListener('abort', heard);
  };
};

/**
 * Milliseconds since this machine was started: the monotonic clock that all its processes share. It stands still while the machine
 * sleeps.
 */
export const millisecondsSinceBoot = (): number => Number(process.hrtime.bigint() / 1_000_000n);

/** The runtime of the real world. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const abort = () => {
        // What the caller aborted with is handed on, whatever it is.
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) {
        abort();
        return;
      }
      const stopListening = whenAborted(signal, () => {
        cancel();
        abort();
      });
      const cancel = startTimer(milliseconds, () => {
        stopListening();
        resolve();
      });
    }),
  timer: startTimer,
  // 2^32 steps are plenty for jitter, and a cryptographic source needs no seed that a caller could share by accident.
  random: () => randomInt(2 ** 32) / 2 ** 32,
  // Node hands it out as a tree of twenty pieces, which a store would keep: as one piece it takes a tenth of the memory.
  uuid: () => Buffer.from(v4(), 'latin1').toString('latin1'),
};
