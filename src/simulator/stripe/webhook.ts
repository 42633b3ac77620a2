import type { FaceContext } from '../face.js';
import type { LedgerChange, LedgerState } from '../ledger.js';
import { secondsOf, signTimed, type FaceWebhooks } from '../webhooks-face.js';
import { noExpansion } from './expand.js';
import { createView } from './render.js';
import type { Account } from './store.js';
import { readVersion } from './versions.js';

const intentEvents: Readonly<Record<LedgerState, string>> = {
  pending: 'payment_intent.created',
  requires_action: 'payment_intent.requires_action',
  authorized: 'payment_intent.amount_capturable_updated',
  captured: 'payment_intent.succeeded',
  voided: 'payment_intent.canceled',
  expired: 'payment_intent.canceled',
  failed: 'payment_intent.payment_failed',
};

const chargeEvents: Readonly<Record<LedgerState, string>> = {
  pending: 'charge.pending',
  requires_action: 'charge.pending',
  authorized: 'charge.succeeded',
  captured: 'charge.succeeded',
  // A bare charge is voided by a refund.
  voided: 'charge.refunded',
  expired: 'charge.expired',
  failed: 'charge.failed',
};

const chargeEvent = (state: LedgerState, previous: LedgerState | null): string =>
  state === 'captured' && previous === 'authorized' ? 'charge.captured' : chargeEvents[state];

/** The newer and the older name of the same change: Stripe sends both. */
const refundEvents = (type: LedgerChange['type'], status: string | undefined): readonly string[] =>
  type === 'refund.created'
    ? ['refund.created']
    : [status === 'failed' ? 'refund.failed' : 'refund.updated', 'charge.refund.updated'];

/** Snapshot events in the account's own API version, signed with `Stripe-Signature`. */
export const stripeWebhooks = (
  context: FaceContext,
  accountOf: (id: string | null) => Account | undefined,
): FaceWebhooks => ({
  messages: ({ type, chargeId, refundId, charge }, previous) => {
    const account = accountOf(charge.account);
    if (account === undefined) return [];
    const version = readVersion(undefined);
    const view = createView(account, version, context.origin());
    const isIntent = account.paymentIntents.find(chargeId) !== undefined;

    const message = (name: string, object: object): { name: string; body: string } => ({
      name,
      body: JSON.stringify(
        {
          id: context.ids.next('evt_', 24),
          object: 'event',
          api_version: version.text,
          ...(account.id === null ? {} : { account: account.id }),
          created: Math.floor(context.now() / 1000),
          livemode: false,
          pending_webhooks: 1,
          request: { id: null, idempotency_key: null },
          type: name,
          data: { object },
        },
        null,
        2,
      ),
    });

    if (refundId !== null) {
      const status = charge.refunds.find(({ id }) => id === refundId)?.status;
      return refundEvents(type, status).map((name) => message(name, view.refund(refundId, noExpansion)));
    }
    if (isIntent) {
      // Intents have no event for other changes.
      if (charge.state === previous) return [];
      return [message(intentEvents[charge.state], view.paymentIntent(chargeId, noExpansion))];
    }
    const name = charge.state === previous ? 'charge.updated' : chargeEvent(charge.state, previous);
    return [message(name, view.charge(chargeId, noExpansion))];
  },
  headers: (body, secret, time) => {
    const seconds = secondsOf(time);
    return { 'Stripe-Signature': `t=${seconds},v1=${signTimed(secret, seconds, body)}` };
  },
});
