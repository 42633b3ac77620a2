import type { Charge } from '../../../src/models/charge.js';
import type { CreateParams } from '../../../src/models/params.js';
import type { Refund } from '../../../src/models/refund.js';
import type { Call } from '../../../src/provider.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import { outputOf } from '../seam.js';

/** A charge or refund as Pin writes it, without the envelope. */
export type Wire = Readonly<Record<string, unknown>>;

/** An authorization, so that nothing waits for a capture. */
const params: CreateParams = { amount: 1250, currency: 'AUD', source: 'card_1', capture: false };
const returnUrl = 'https://shop.example/back';

/** A charge as `retrieve` reads it. */
export const readCharge = (response: Wire, call: Call): Charge =>
  outputOf(pinProvider, 'retrieve', { body: { response } }, call, {
    id: String(response['token']),
  }) as Charge;

/** A charge as the create reads it that made it: with the status of the answer, and 3-D Secure where it was asked for. */
export const readCreated = (response: Wire, call: Call, status = 201, threeDSAsked = false): Charge =>
  outputOf(pinProvider, 'create', { body: { response }, status }, call, {
    params: threeDSAsked ? { ...params, returnUrl } : params,
  }) as Charge;

/** A charge as `capture` reads it. */
export const readCaptured = (response: Wire, call: Call): Charge =>
  outputOf(pinProvider, 'capture', { body: { response } }, call, { id: 'ch_1', params: {} }) as Charge;

/** A refund as `refund` reads it. */
export const readRefund = (response: Wire, call: Call): Refund =>
  outputOf(pinProvider, 'refund', { body: { response } }, call, { id: 'ch_1', params: {} }) as Refund;
