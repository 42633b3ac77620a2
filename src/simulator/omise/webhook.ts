import type { LedgerState } from '../ledger.js';
import { secondsOf, signTimed, type FaceWebhooks } from '../webhooks-face.js';
import { renderCharge, renderRefund } from './charge-view.js';
import { type OmiseState, timestamp } from './state.js';

const keyOf = (state: LedgerState, previous: LedgerState | null): string => {
  if (previous === null) return 'charge.create';
  if (previous === state) return 'charge.update';
  if (state === 'captured' && previous === 'authorized') return 'charge.capture';
  // A lapsed authorization reads as reversed; what the payer left open is completed as expired.
  if (state === 'voided' || (state === 'expired' && previous === 'authorized')) return 'charge.reverse';
  return 'charge.complete';
};

/** Events in the account's API version, signed with the bytes behind the base64 secret. */
export const omiseWebhooks = (state: OmiseState): FaceWebhooks => ({
  messages: ({ type, chargeId, refundId, charge }, previous) => {
    const known = state.charges.get(chargeId);
    if (known === undefined) return [];
    const message = (key: string, data: object): { name: string; body: string } => {
      const id = state.context.ids.nextLowerCase('evnt_test_', 19);
      return {
        name: key,
        body: JSON.stringify({
          object: 'event',
          id,
          livemode: false,
          location: `/events/${id}`,
          webhook_deliveries: [],
          data,
          key,
          created_at: timestamp(state.context.now()),
        }),
      };
    };
    if (refundId !== null) {
      // Omise has no event for what becomes of a refund.
      const refund = known.refunds.find(({ id }) => id === refundId);
      return type === 'refund.created' && refund !== undefined
        ? [message('refund.create', renderRefund(refund, known.currency))]
        : [];
    }
    return [message(keyOf(charge.state, previous), renderCharge(state, known))];
  },
  headers: (body, secret, time) => {
    const seconds = secondsOf(time);
    return {
      'Omise-Signature': signTimed(Buffer.from(secret, 'base64'), seconds, body),
      'Omise-Signature-Timestamp': seconds,
    };
  },
});
