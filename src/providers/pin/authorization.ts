import * as z from 'zod';
import type { Charge } from '../../models/charge.js';
import type { CreateParams } from '../../models/params.js';
import type { Call } from '../../provider.js';
import { charges, toCharge, type Circumstances } from './charge.js';
import type { ChargeWire } from './wire.js';

/** 3-D Secure hosted by Pin; it also needs `returnUrl`. */
const hostedThreeDS = z.strictObject({
  /** Lets cards that are not enrolled through without 3-D Secure: nobody but the merchant is liable then. */
  fallbackOk: z.boolean(),
});

/** The result of 3-D Secure done elsewhere, handed through. */
const externalThreeDS = z.strictObject({
  version: z.string().min(1),
  eci: z.string().min(1),
  cavv: z.string().min(1),
  transactionId: z.string().min(1),
});

/** How a payer authenticates: at a page of Pin, or elsewhere before. */
export const threeDSecureSchema = z.union([hostedThreeDS, externalThreeDS]);

/** What decides about 3-D Secure. */
interface Asking {
  readonly params: Pick<CreateParams, 'returnUrl'>;
  readonly options: { readonly threeDSecure?: z.infer<typeof threeDSecureSchema> };
}

/** What Pin is told of 3-D Secure; without an address to come back to, nothing. */
export const threeDSFields = ({ params: { returnUrl }, options }: Asking) => {
  const asked = options.threeDSecure;
  if (asked !== undefined && 'cavv' in asked) {
    const { version, eci, cavv, transactionId } = asked;
    return { version, eci, cavv, transaction_id: transactionId };
  }
  return returnUrl === undefined
    ? undefined
    : { enabled: true, callback_url: returnUrl, fallback_ok: asked?.fallbackOk };
};

/** Whether this create asks Pin to run 3-D Secure. */
export const asksThreeDS = (asking: Asking): boolean => {
  const fields = threeDSFields(asking);
  return fields !== undefined && 'callback_url' in fields;
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
      charge = toCharge(await charges.fetch(charge.id, call), call, { threeDSAsked });
    } catch {
      // The payment itself has been answered: neither a read that fails nor an abort may turn it into an error now.
      break;
    }
  }
  return charge;
};
