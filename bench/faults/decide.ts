import type { Random } from '../simulate/random.js';
import type { Phase } from './plan.js';
import type { Treatment } from './proxy.js';

export const timing = { timeoutMs: 600, deadlineMs: 2_500, settleMs: 1_500, abandonedMs: 3_000 } as const;

const frontStatuses = ['403 Forbidden', '401 Unauthorized', '404 Not Found', '429 Too Many Requests'];
/** How many reads meet a fault, too. */
const unluckyReads = 0.02;
const readPhases: readonly Phase[] = [
  'request_headers',
  'after_commit',
  'answer_body',
  'bad_gateway',
  'answer_late',
];

/** What the network knows of an operation that is under way, and notes of it. */
export interface Underway {
  readonly plan: { readonly index: number; readonly faults: readonly Phase[] };
  /** When the first request left that the provider carried out. */
  firstLeftAt: number;
  writes: number;
  copies: number;
  longestFlightMs: number;
  process: number;
}

export interface DeciderOptions<Operation extends Underway> {
  /** By whatever stands in their requests: keys, and ids of charges. */
  readonly running: ReadonlyMap<string, Operation>;
  readonly random: Random;
  /** Whether no read meets a fault. */
  readonly readsAreCalm?: boolean;
  kill(process: number): void;
  /** A write was answered by the provider; it left at this moment of the monotonic clock. */
  answered?(operation: Operation, leftAt: number): void;
}

/** Decides what happens to a request: to writes what their plan says, to reads a fault now and then. */
export const createDecider =
  <Operation extends Underway>({
    running,
    random,
    readsAreCalm = false,
    kill,
    answered,
  }: DeciderOptions<Operation>) =>
  ({ method, text }: { readonly method: string; readonly text: string }): Treatment => {
    const operation = (text.match(/[\w-]{6,}/g) ?? [])
      .map((token) => running.get(token))
      .find((each) => each);
    const treatment = (phase: Phase, delayMs: number): Treatment => ({
      phase,
      delayMs,
      frontStatus: frontStatuses[(operation?.plan.index ?? 0) % frontStatuses.length] ?? '',
      committed: (copy, elapsedMs, succeeded) => {
        if (operation === undefined || method === 'GET') return;
        const leftAt = performance.now() - elapsedMs;
        if (copy) operation.copies += 1;
        if (succeeded) operation.firstLeftAt = Math.min(operation.firstLeftAt, leftAt);
        operation.longestFlightMs = Math.max(operation.longestFlightMs, elapsedMs);
        answered?.(operation, leftAt);
      },
      kill: () => {
        if (operation !== undefined) kill(operation.process);
      },
    });
    const delayMs = timing.timeoutMs + 20 + random.below(150);
    if (method === 'GET') {
      const isUnlucky = random.chance(unluckyReads) && !readsAreCalm;
      return treatment(isUnlucky ? random.pick(readPhases) : 'none', delayMs);
    }
    if (operation === undefined) return treatment('none', 0);
    const phase = operation.plan.faults[operation.writes] ?? 'none';
    operation.writes += 1;
    return treatment(phase, delayMs);
  };
