import type { Charge } from '../../src/models/charge.js';
import type { Reconciliation } from '../../src/models/reconciliation.js';
import type { Refund } from '../../src/models/refund.js';

/** The writes that are tried. */
export const kinds = ['create', 'authorize', 'capture', 'void', 'refund', 'partial_refund'] as const;
export type Kind = (typeof kinds)[number];

export const makesCharge = (kind: Kind): boolean => kind === 'create' || kind === 'authorize';
export const makesRefund = (kind: Kind): boolean => kind === 'refund' || kind === 'partial_refund';

/** What one call asks for. */
export interface Asked {
  readonly key: string;
  readonly kind: Kind;
  /** Null where the whole is asked for. */
  readonly amount: number | null;
  readonly currency: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What one call was told. */
export interface Told {
  readonly asked: Asked;
  readonly process: string;
  /** In virtual time. */
  readonly startedAt: number;
  readonly at: number;
  /** How long the call may last, and how long its process stood still meanwhile. */
  readonly deadlineMs: number;
  readonly frozenMs: number;
  readonly result:
    | { readonly value: Charge | Refund }
    | { readonly error: unknown }
    | { readonly reconciled: Reconciliation };
}

/** What the last look at a key said. */
export type Final =
  { readonly reconciled: Reconciliation } | { readonly failed: unknown } | 'duplicate' | 'never';

/** What one write came to. */
export interface Verdict {
  readonly violations: readonly string[];
  readonly calls: number;
  readonly needsReconcile: boolean;
  /** Requests that the network delivered twice and that were executed twice: detected, as the contract says. */
  readonly duplicatesDetected: number;
}
