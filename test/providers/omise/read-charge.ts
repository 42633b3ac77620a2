import type { Charge } from '../../../src/models/charge.js';
import type { DriftKind } from '../../../src/provider.js';
import { toCharge } from '../../../src/providers/omise/charge.js';
import { chargeWire } from '../../../src/providers/omise/wire.js';
import type { WireObject } from '../../fixtures/omise/charges.js';

/** Deviations that were reported, as `path: kind`. */
export interface Reported {
  readonly drifts: string[];
  readonly report: (path: string, kind: DriftKind) => void;
}

export const collectDrift = (): Reported => {
  const drifts: string[] = [];
  return {
    drifts,
    report: (path, kind) => {
      drifts.push(`${path}: ${kind}`);
    },
  };
};

/** A wire charge as the client shows it, and what was reported on the way. */
export const readCharge = (wire: WireObject): { charge: Charge; drifts: string[] } => {
  const parsed = chargeWire.safeParse(wire);
  if (!parsed.success) throw parsed.error;
  const { drifts, report } = collectDrift();
  // The body itself, not what the schema kept: so the engine does it.
  return { charge: toCharge(wire as never, report), drifts };
};
