import type { Ledger, LedgerCharge, LedgerChange, LedgerState } from './ledger.js';
import type { FaceWebhooks, WebhookMessage } from './webhooks-face.js';

/** A notification that a provider wants to send. */
export interface OutgoingWebhook extends WebhookMessage {
  /** The name of the simulated provider, such as `stripe`. */
  readonly provider: string;
  /** The charge that it is about. */
  readonly chargeId: string;
}

/** What the money side of a charge was when it was last told of. Refunds have notifications of their own. */
const pictureOf = ({ state, amount, amountCaptured, currency, metadata }: LedgerCharge): string =>
  JSON.stringify([state, amount, amountCaptured, currency, metadata]);

/** Calls back with every notification about a change in the ledger; the returned function ends it. */
export const subscribeToWebhooks = (
  ledger: Pick<Ledger, 'subscribe'>,
  webhooksOf: (provider: string) => FaceWebhooks,
  listener: (webhook: OutgoingWebhook) => void,
): (() => void) => {
  const told = new Map<string, { state: LedgerState; picture: string }>();
  return ledger.subscribe((change: LedgerChange) => {
    const { provider, chargeId, refundId, charge } = change;
    const key = `${provider}:${chargeId}`;
    const last = told.get(key);
    const picture = pictureOf(charge);
    // One request may change a charge several times; it is told once, as it is in the end.
    if (refundId === null && last?.picture === picture) return;
    if (refundId === null) told.set(key, { state: charge.state, picture });
    for (const message of webhooksOf(provider).messages(change, last?.state ?? null)) {
      listener({ ...message, provider, chargeId });
    }
  });
};
