import { secondsOf as secondsTextOf, signTimed, type FaceWebhooks } from '../webhooks-face.js';
import { secondsOf, type PaymongoState } from './state.js';
import { renderIntent, renderPayment, renderRefund, type Rendered } from './view.js';

/** Events in the envelope of every object. The endpoint is one of test mode, so `te` holds the signature. */
export const paymongoWebhooks = (state: PaymongoState): FaceWebhooks => ({
  messages: ({ type, chargeId, refundId, charge }, previous) => {
    const message = (name: string, data: Rendered): { name: string; body: string } => {
      const now = secondsOf(state.context.now());
      const attributes = {
        type: name,
        livemode: false,
        data,
        previous_data: {},
        created_at: now,
        updated_at: now,
      };
      const id = state.context.ids.next('evt_', 24);
      return { name, body: JSON.stringify({ data: { id, type: 'event', attributes } }) };
    };
    const refund = state.refunds.get(refundId ?? '');
    if (refund !== undefined) {
      const payment = state.payments.get(refund.paymentId);
      if (type !== 'refund.created') return [message('payment.refund.updated', renderRefund(refund))];
      const data =
        state.switches.refundedEvent === 'payment' && payment !== undefined
          ? renderPayment(payment)
          : renderRefund(refund);
      return [message('payment.refunded', data)];
    }
    if (charge.state === previous) return [];
    const intent = state.intents.get(chargeId);
    const payment = intent === undefined ? state.payments.get(chargeId) : intent.payments.at(-1);
    switch (charge.state) {
      case 'captured':
        return payment === undefined ? [] : [message('payment.paid', renderPayment(payment))];
      case 'failed':
        return payment === undefined ? [] : [message('payment.failed', renderPayment(payment))];
      default:
        return intent === undefined ? [] : [message(`payment_intent.${intent.status}`, renderIntent(intent))];
    }
  },
  headers: (body, secret, time) => {
    const seconds = secondsTextOf(time);
    return { 'Paymongo-Signature': `t=${seconds},te=${signTimed(secret, seconds, body)},li=` };
  },
});
