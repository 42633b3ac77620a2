import { AsyncLocalStorage } from 'node:async_hooks';
import type { LedgerCharge, SimulatedProvider, SimulatedProviders } from '../../src/simulator/index.js';

/** One key in one process. */
export interface Caller {
  readonly key: string;
  readonly process: string;
}

/** Whose request something is. */
export interface Cause extends Caller {
  /** When the call began, in virtual time. */
  readonly calledAt: number;
}

/** Carries the key of a call to its requests: captures and refunds name no key on the wire at providers without keys. */
export const causes = new AsyncLocalStorage<Cause>();

/** How far clocks are ahead of the true time, in milliseconds. */
export interface Clocks {
  readonly wallMs: number;
  readonly storeMs: number;
}

/** Something that happened to money, by the ledger. */
export interface Effect {
  readonly process: string;
  readonly what: 'charge' | 'captured' | 'voided' | 'refund';
  readonly chargeId: string;
  readonly refundId: string | null;
  /** When the call that caused it began, in virtual time. */
  readonly calledAt: number;
  /** When the request that caused it left, in virtual time. */
  readonly leftAt: number;
  /** The clocks of its sender when it left. */
  readonly clocks: Clocks;
}

/** A request, with whose it is, and when and by which clocks it left. */
type Leaving = Pick<Effect, 'leftAt' | 'clocks'> & { readonly cause: Cause | null };

/** What money did, and for which key. */
export interface EffectLog {
  /** Attributes what the ledger changes during `work` to a request. */
  during<Result>(request: Leaving, work: () => Promise<Result>): Promise<Result>;
  of(key: string): readonly Effect[];
  /** How a charge stood at a moment, and everything that it became until another one. */
  statesOf(chargeId: string, from: number, until: number): readonly LedgerCharge[];
  refundOwner(refundId: string): string | null | undefined;
}

const stands = ({ state }: LedgerCharge): boolean => state !== 'failed';

export const createEffectLog = (
  providers: SimulatedProviders,
  provider: SimulatedProvider,
  now: () => number,
): EffectLog => {
  const byKey = new Map<string, Effect[]>();
  const refunds = new Map<string, string | null>();
  const states = new Map<string, string>();
  const histories = new Map<string, { readonly at: number; readonly charge: LedgerCharge }[]>();
  const nothing: Leaving = { cause: null, leftAt: 0, clocks: { wallMs: 0, storeMs: 0 } };
  let current = nothing;

  const note = (what: Effect['what'], chargeId: string, refundId: string | null = null): void => {
    const { cause, leftAt, clocks } = current;
    if (refundId !== null) refunds.set(refundId, cause?.key ?? null);
    if (cause === null) return;
    const { key, process, calledAt } = cause;
    const effects = byKey.get(key) ?? [];
    byKey.set(key, effects);
    effects.push({ process, what, chargeId, refundId, calledAt, leftAt, clocks });
  };

  providers.ledger.subscribe(({ provider: changed, type, chargeId, refundId, charge }) => {
    if (changed !== provider) return;
    const history = histories.get(chargeId) ?? [];
    histories.set(chargeId, history);
    history.push({ at: now(), charge });
    if (refundId !== null) {
      if (type === 'refund.created') note('refund', chargeId, refundId);
      return;
    }
    const before = states.get(chargeId);
    states.set(chargeId, charge.state);
    if (before === undefined || before === 'failed') {
      if (stands(charge)) note('charge', chargeId);
    } else if (before !== charge.state && (charge.state === 'captured' || charge.state === 'voided')) {
      note(charge.state, chargeId);
    }
  });

  return {
    during: async (request, work) => {
      current = request;
      try {
        return await work();
      } finally {
        current = nothing;
      }
    },
    of: (key) => byKey.get(key) ?? [],
    statesOf: (chargeId, from, until) => {
      const history = histories.get(chargeId) ?? [];
      const before = history.findLastIndex(({ at }) => at <= from);
      return history.filter(({ at }, index) => index >= before && at <= until).map(({ charge }) => charge);
    },
    refundOwner: (refundId) => refunds.get(refundId),
  };
};
