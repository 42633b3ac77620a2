import { createHmac } from 'node:crypto';
import { InvalidRequestError } from '../../errors.js';
import type { WebhookBody, WebhookHeaders } from '../../charges-client.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import {
  webhookVerifier,
  type VerifiedWebhook,
  type WebhookVerificationOptions,
} from '../../webhook-request.js';
import {
  checkSignature,
  refuseWebhook,
  requireSecrets,
  signatureHeader,
  timedSignatures,
} from '../../webhook-signature.js';
import { toEvent } from './event.js';
import type { WebhookHash } from './settings.js';
import { eventWire } from './wire.js';

const provider = 'pin';
const secretPlace = 'the `key` of this webhook endpoint';

/** Signed are the time, a dot and the raw bytes, with the endpoint's `key` as text. */
const signatureOf = (hash: WebhookHash, key: string, time: string, body: Uint8Array): Buffer =>
  createHmac(hash, key).update(`${time}.`).update(body).digest();

/**
 * Checks that Pin signed exactly these bytes with one of the endpoint keys, at about this time.
 * `hash` is `sha256` unless said otherwise: Pin's guide shows 64 hexadecimal digits, its word for the hash was not seen.
 * @throws WebhookSignatureError
 * @see https://pinpayments.com/developers/integration-guides/webhooks
 */
export const verifyPinSignature = (delivery: WebhookDelivery, hash: WebhookHash = 'sha256'): void => {
  requireSecrets(provider, delivery.secrets, secretPlace);
  const { time, signatures } = timedSignatures(signatureHeader(provider, delivery, 'Pin-Signature'));
  if (time === undefined || !/^\d{1,12}$/.test(time) || signatures.length === 0) {
    return refuseWebhook(
      provider,
      'webhook_header_malformed',
      'the header Pin-Signature has no time or no v1 signature',
    );
  }
  checkSignature({
    provider,
    delivery,
    signatures,
    signedAt: Number(time) * 1000,
    sign: (key, body) => signatureOf(hash, key, time, body),
    secretPlace,
  });
};

/** Signed notifications. The object in an event is believed; one that cannot be read there is fetched. */
export const pinWebhook = (hash: WebhookHash): WebhookSpec => ({
  toleranceMs: 300_000,
  verify: (delivery) => {
    verifyPinSignature(delivery, hash);
  },
  event: async (payload, call) => {
    const parsed = eventWire.safeParse(payload);
    if (parsed.success) return toEvent(parsed.data, payload, call);
    throw new InvalidRequestError({
      message: 'pin: the payload is no event',
      provider,
      operation: 'parseWebhook',
      outcome: 'not_sent',
    });
  },
});

/**
 * Verifies a webhook of Pin without a client, and gives the event as Pin wrote it. A client's `parseWebhook` reads it as a
 * `ChargeEvent` as well. `hash` is the client's setting `webhookHash`.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 * @see https://pinpayments.com/developers/integration-guides/webhooks
 */
export const verifyPinWebhook = (
  rawBody: WebhookBody,
  headers: WebhookHeaders,
  options: WebhookVerificationOptions & { readonly hash?: WebhookHash | undefined },
): VerifiedWebhook => {
  // Without options the verifier says what is missing.
  const { hash = 'sha256' } = (options as typeof options | undefined | null) ?? {};
  return webhookVerifier(provider, pinWebhook(hash))(rawBody, headers, options);
};
