import { createHmac } from 'node:crypto';
import type { LedgerState } from '../ledger.js';
import { secondsOf, type FaceWebhooks } from '../webhooks-face.js';
import { renderCharge } from './charge-view.js';
import { type MagpieState, timestamp } from './state.js';

const eventOf = (state: LedgerState, previous: LedgerState | null): string => {
  if (state === 'captured') return previous === 'authorized' ? 'charge.captured' : 'charge.succeeded';
  if (state === 'failed') return 'charge.failed';
  return previous === null ? 'charge.created' : 'charge.updated';
};

/**
 * Notifications with the event names of the official SDKs. Their payload is documented nowhere, so this one is a guess; and the
 * signature is the one that the SDKs check, which other sources contradict. Whoever receives them should read the charge.
 */
export const magpieWebhooks = (state: MagpieState): FaceWebhooks => ({
  messages: ({ type, chargeId, refundId, charge }, previous) => {
    const known = state.charges.get(chargeId);
    if (known === undefined) return [];
    const name =
      refundId === null
        ? eventOf(charge.state, previous)
        : type === 'refund.created'
          ? 'refund.created'
          : 'refund.updated';
    const body = JSON.stringify({
      id: state.context.ids.next('evt_', 20),
      type: name,
      created_at: timestamp(state.context.now()),
      livemode: false,
      data: renderCharge(state, known),
    });
    return [{ name, body }];
  },
  headers: (body, secret, time) => ({
    'x-magpie-signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-magpie-timestamp': secondsOf(time),
  }),
});
