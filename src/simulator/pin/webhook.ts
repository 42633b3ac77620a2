import type { LedgerState } from '../ledger.js';
import { secondsOf, signTimed, type FaceWebhooks } from '../webhooks-face.js';
import { renderCharge } from './charge-view.js';
import { renderRefund } from './refunds.js';
import { type PinState, timestamp } from './state.js';

/** Pin tells nothing of a charge that waits for the payer, nor of an authorization that lapsed. */
const chargeTypes: Partial<Record<LedgerState, string>> = {
  authorized: 'charge.authorised',
  captured: 'charge.captured',
  voided: 'charge.voided',
  failed: 'charge.failed',
};

const refundTypes: Partial<Record<string, string>> = {
  succeeded: 'refund.succeeded',
  failed: 'refund.failed',
};

/** Events with the whole object, signed with the key of the endpoint. */
export const pinWebhooks = (state: PinState): FaceWebhooks => ({
  messages: ({ type, chargeId, refundId, charge }, previous) => {
    const message = (name: string | undefined, data: object): { name: string; body: string }[] =>
      name === undefined
        ? []
        : [
            {
              name,
              body: JSON.stringify({
                token: state.context.ids.next('evt_', 22),
                type: name,
                data,
                created_at: timestamp(state.context.now()),
              }),
            },
          ];
    if (refundId !== null) {
      const refund = state.refunds.get(refundId);
      if (refund === undefined) return [];
      return message(
        type === 'refund.created' ? 'refund.created' : refundTypes[refund.status],
        renderRefund(state, refund),
      );
    }
    const known = state.charges.get(chargeId);
    if (known === undefined || charge.state === previous) return [];
    return message(chargeTypes[charge.state], renderCharge(state, known));
  },
  headers: (body, secret, time) => {
    const seconds = secondsOf(time);
    return { 'Pin-Signature': `t=${seconds},v1=${signTimed(secret, seconds, body)}` };
  },
});
