import type { LedgerState } from '../ledger.js';
import { secondsOf, signTimed, type FaceWebhooks } from '../webhooks-face.js';
import { renderPayment, renderRefund } from './payment-view.js';
import type { JustifiState } from './state.js';

const namesOf = (state: LedgerState, previous: LedgerState | null): readonly string[] => {
  switch (state) {
    case 'pending':
    case 'requires_action':
      return [previous === null ? 'payment.created' : 'payment.pending'];
    case 'authorized':
      return ['payment.authorized'];
    case 'captured':
      // A capture is told twice: that money was captured, and that the payment succeeded.
      return previous === 'authorized' ? ['payment.captured', 'payment.succeeded'] : ['payment.succeeded'];
    case 'failed':
      return ['payment.failed'];
    case 'voided':
    case 'expired':
      return ['payment.canceled'];
  }
};

/** Events of a publisher that hears of all sub accounts. `data` is the resource itself, without an envelope. */
export const justifiWebhooks = (state: JustifiState): FaceWebhooks => ({
  messages: ({ type, chargeId, refundId, charge }, previous) => {
    const payment = state.payments.get(chargeId);
    if (payment === undefined) return [];
    const message = (name: string, data: object): { name: string; body: string } => ({
      name,
      body: JSON.stringify({
        id: state.context.ids.next('evt_', 22),
        account_id: payment.account,
        account_type: 'test',
        version: 'v1',
        event_name: name,
        data,
      }),
    });
    if (refundId !== null) {
      const refund = state.refunds.get(refundId);
      const name = type === 'refund.created' ? 'payment.refunded' : 'payment.refund.updated';
      return refund === undefined ? [] : [message(name, renderRefund(refund, payment.currency))];
    }
    if (charge.state === previous) return [];
    return namesOf(charge.state, previous).map((name) => message(name, renderPayment(state, payment)));
  },
  headers: (body, secret, time) => {
    const seconds = secondsOf(time);
    return { 'JUSTIFI-SIGNATURE': signTimed(secret, seconds, body), 'JUSTIFI-TIMESTAMP': seconds };
  },
});
