import type { Charge } from '../../../src/models/charge.js';
import type { Refund } from '../../../src/models/refund.js';
import type { DriftKind } from '../../../src/provider.js';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import card from '../../fixtures/magpie/charge-card.json' with { type: 'json' };
import { fits, outputOf } from '../seam.js';
import { recordedCall } from './call.js';

export type Fields = Readonly<Record<string, unknown>>;

/** The captured card charge of the fixtures with some fields changed; undefined removes one. */
export const wireCharge = (change: Fields = {}): typeof card => {
  const given = Object.entries({ ...card, ...change }).filter(([, value]) => value !== undefined);
  const fields: unknown = Object.fromEntries(given);
  // The schema is a check, as in the engine: what it does not describe stays in the body.
  if (!fits(magpieProvider, 'retrieve', fields)) throw new Error('no charge of Magpie');
  return fields as typeof card;
};

interface Read<Output> {
  readonly drifts: [path: string, kind: DriftKind][];
  readonly charge: Output;
}

/** A body as `retrieve` reads it, with the drift that it reported. */
export const readBody = (body: unknown): Read<Charge> => {
  const { call, drifts } = recordedCall();
  const charge = outputOf(magpieProvider, 'retrieve', { body }, call, { id: 'ch_1cc1' }) as Charge;
  return { charge, drifts };
};

/** A charge as `retrieve` reads it. */
export const read = (change: Fields = {}): Read<Charge> => readBody(wireCharge(change));

/** A charge as the create reads it that made it. */
export const readCreated = (change: Fields): Read<Charge> => {
  const { call, drifts } = recordedCall();
  const params = { amount: 50_000, currency: 'PHP', source: 'src_1dd1' };
  const body = wireCharge(change);
  return { charge: outputOf(magpieProvider, 'create', { body }, call, { params }) as Charge, drifts };
};

/** A charge as the capture of so much reads it. */
export const readCaptured = (change: Fields, amount: number): Read<Charge> => {
  const { call, drifts } = recordedCall({ prepared: { amount } });
  const input = { id: 'ch_1cc1', params: { amount } };
  const body = wireCharge(change);
  return { charge: outputOf(magpieProvider, 'capture', { body }, call, input) as Charge, drifts };
};

/** The refunds of a charge as `listRefunds` reads them. */
export const readRefunds = (change: Fields) => {
  const { call, drifts } = recordedCall();
  const body = wireCharge(change);
  const refunds = outputOf(magpieProvider, 'listRefunds', { body }, call, { id: wireCharge(change).id });
  return { refunds: refunds as readonly Refund[], drifts };
};
