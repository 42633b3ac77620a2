import type { Charge } from '../../../src/models/charge.js';
import type { Refund } from '../../../src/models/refund.js';
import { omiseProvider } from '../../../src/providers/omise/index.js';
import type { WireObject } from '../../fixtures/omise/charges.js';
import { outputOf, rowIn } from '../seam.js';
import { fakeCall } from './call.js';

/** A wire charge as the client shows it, and what was reported on the way. */
export const readCharge = (wire: WireObject): { charge: Charge; drifts: string[] } => {
  rowIn(omiseProvider, 'retrieve').response.parse(wire);
  const call = fakeCall();
  // The body itself, not what the schema kept: so the engine does it.
  const charge = outputOf(omiseProvider, 'retrieve', { body: wire }, call, { id: String(wire['id']) });
  return { charge: charge as Charge, drifts: call.drifts };
};

/** The same for a refund. */
export const readRefund = (wire: WireObject): { refund: Refund; drifts: string[] } => {
  rowIn(omiseProvider, 'refund').response.parse(wire);
  const call = fakeCall();
  const input = { id: 'chrg_test_0aaaaaaaaaaaaaaaaa1', params: {} };
  return {
    refund: outputOf(omiseProvider, 'refund', { body: wire }, call, input) as Refund,
    drifts: call.drifts,
  };
};
