import type { Charge } from '../../models/charge.js';
import type { Call, WireRequest } from '../../provider.js';
import { toCharge, type Circumstances } from './charge.js';
import { chargeAnswer, type ChargeWire } from './wire.js';

/** `GET /charges/{token}`. */
export const readRequest = (id: string): WireRequest => ({
  method: 'GET',
  route: '/1/charges/{id}',
  ids: { id },
});

/** Reads one charge. */
export const readCharge = async (id: string, call: Call): Promise<ChargeWire> => {
  const { response } = (await call.send(readRequest(id), chargeAnswer)).wire;
  call.checkSame(id, response.token);
  return response;
};

/** Five seconds in all. */
const waits: readonly number[] = [250, 500, 1000, 1250, 2000];

/**
 * A charge with 3-D Secure and capture may first answer "Successful Authorisation" and be captured a moment later
 * (activemerchant/active_merchant issue 5538): while it reads authorized, it is read again. What it still says after that
 * is returned: "authorized" after 3-D Secure is not final.
 */
export const awaitCapture = async (
  first: ChargeWire,
  call: Call,
  circumstances: Circumstances,
): Promise<Charge> => {
  let charge = toCharge(first, call, circumstances);
  const threeDSAsked = circumstances.threeDSAsked ?? false;
  for (const wait of waits) {
    if (charge.status !== 'authorized') break;
    try {
      await call.sleep(wait);
      charge = toCharge(await readCharge(charge.id, call), call, { threeDSAsked });
    } catch {
      // The payment itself has been answered: neither a read that fails nor an abort may turn it into an error now.
      break;
    }
  }
  return charge;
};
