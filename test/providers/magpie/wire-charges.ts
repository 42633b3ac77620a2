import type { DriftKind } from '../../../src/provider.js';
import { toCharge, type OwnCapture } from '../../../src/providers/magpie/charge.js';
import { wireChargeSchema, type WireCharge } from '../../../src/providers/magpie/wire.js';
import card from '../../fixtures/magpie/charge-card.json' with { type: 'json' };

export type Fields = Readonly<Record<string, unknown>>;

/** The captured card charge of the fixtures with some fields changed; undefined removes one. */
export const wireCharge = (change: Fields = {}): WireCharge => {
  const given = Object.entries({ ...card, ...change }).filter(([, value]) => value !== undefined);
  const fields: unknown = Object.fromEntries(given);
  // The schema is a check, as in the engine: what it does not describe stays in the body.
  wireChargeSchema.parse(fields);
  return fields as WireCharge;
};

/** A charge as the adapter reads it, with the drift that it reported. */
export const read = (change: Fields = {}, ownCapture?: OwnCapture) => {
  const drifts: [path: string, kind: DriftKind][] = [];
  const drift = (path: string, kind: DriftKind) => {
    drifts.push([path, kind]);
  };
  return { charge: toCharge(wireCharge(change), drift, ownCapture), drifts };
};
