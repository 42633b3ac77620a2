import type { SimulatedProvider } from '../../src/simulator/index.js';
import { createRandom } from '../simulate/random.js';

/** Where on its way a request is hit. */
export const phases = [
  'none',
  'refused',
  'request_headers',
  'request_body',
  'after_commit',
  'answer_headers',
  'answer_body',
  'request_held',
  'answer_late',
  'bad_gateway',
  'delivered_twice',
  'second_heard',
  'front_instead',
  'front_after',
  'killed_on_arrival',
  'killed_after_commit',
] as const;
export type Phase = (typeof phases)[number];

/** What the network does by itself; a kill is planned apart. */
export const networkPhases: readonly Phase[] = phases.filter((phase) => !phase.startsWith('killed'));

/** The writes that are tried. */
export const kinds = ['create', 'authorize', 'capture', 'void', 'refund', 'partial_refund'] as const;
export type Kind = (typeof kinds)[number];

export const makesCharge = (kind: Kind): boolean => kind === 'create' || kind === 'authorize';
export const makesRefund = (kind: Kind): boolean => kind === 'refund' || kind === 'partial_refund';

/** Multiples of four: a part is a quarter. */
const amounts = [10_000, 24_000, 12_340, 99_960] as const;

/** One write of the merchant, with everything that will be done to it. */
export interface PlannedOperation {
  readonly index: number;
  /** The order number: the idempotency key where the client takes one, and metadata of what a create makes. */
  readonly key: string;
  readonly provider: SimulatedProvider;
  readonly kind: Kind;
  /** In minor units, of the charge. A part of a refund is a quarter of it. */
  readonly amount: number;
  /** What its first, second, … write request meets; later ones meet nothing. */
  readonly faults: readonly Phase[];
  /** How often the merchant's job calls again after a failure, and how long it waits before each. */
  readonly waits: readonly number[];
  /** Which process makes each call. */
  readonly processes: readonly number[];
  /** Two processes make the first call at the same time. */
  readonly doubled: boolean;
  /** The process that makes the first call is killed so long after it began. */
  readonly killedAfterMs: number | null;
}

export interface PlanOptions {
  readonly seed: number;
  readonly operations: number;
  readonly providers: readonly SimulatedProvider[];
  readonly merchants: number;
  readonly kills: number;
  readonly kinds: readonly Kind[];
}

/** The operations of a run. Each depends on the seed and its own number alone, so all clients meet the same. */
export const planOperations = (options: PlanOptions): PlannedOperation[] => {
  const { seed, operations, providers, merchants, kills } = options;
  const killEvery = kills === 0 ? Infinity : operations / kills;
  let killsPlanned = 0;
  return Array.from({ length: operations }, (_, index) => {
    const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    const provider = random.pick(providers);
    const kind = random.pick(options.kinds);
    const faults: Phase[] = [random.pick(networkPhases)];
    // What comes after a fault is often calm, so that every end is seen; sometimes it is not.
    while (faults.length < 4) faults.push(random.chance(0.6) ? 'none' : random.pick(networkPhases));
    const waits = [0, 1, 2].slice(0, 1 + random.below(2)).map(() => random.pick([0, 40, 250, 1_200]));
    const processes = [0, 1, 2].map(() => random.below(merchants));
    const doubled = random.chance(0.1);
    const death = random.pick(['killed_on_arrival', 'killed_after_commit', 'at_random'] as const);
    const deathMs = random.below(600);
    const dies = index + 1 >= (killsPlanned + 1) * killEvery;
    if (dies) killsPlanned += 1;
    const amount = random.pick(amounts);
    if (dies && death !== 'at_random') faults[0] = death;
    return {
      index,
      key: `order-${seed}-${String(index).padStart(6, '0')}`,
      provider,
      kind,
      amount,
      faults,
      waits,
      processes,
      doubled,
      killedAfterMs: dies && death === 'at_random' ? deathMs : null,
    };
  });
};
