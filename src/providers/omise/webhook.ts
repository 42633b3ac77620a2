import { createHmac } from 'node:crypto';
import { InvalidRequestError } from '../../errors.js';
import type { Call } from '../../provider.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { webhookVerifier } from '../../webhook-request.js';
import {
  checkSignature,
  hexadecimal,
  refuseWebhook,
  requireSecrets,
  signatureHeader,
} from '../../webhook-signature.js';
import { toEvent, unreadIn, type Known, type Unread } from './event.js';
import { readCharge, readRefund } from './operations.js';
import { eventWire, type EventWire } from './wire.js';

const signaturesHeader = 'omise-signature';
const timestampHeader = 'omise-signature-timestamp';

const provider = 'omise';
const secretPlace = 'the webhook secret of this mode (test or live) in base64, as the dashboard shows it';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The dashboard shows the secret in base64: the bytes behind it are the key. */
const signatureOf = (secret: string, timestamp: string, body: Uint8Array): Buffer | null => {
  const text = secret.trim();
  if (!base64.test(text)) return null;
  return createHmac('sha256', Buffer.from(text, 'base64')).update(`${timestamp}.`).update(body).digest();
};

/**
 * Checks that Omise signed exactly these bytes with one of the secrets, at about this time. While a secret is being rotated,
 * Omise sends two signatures, separated by a comma: one that fits is enough.
 * @throws WebhookSignatureError
 */
export const verifyOmiseSignature = (delivery: WebhookDelivery): void => {
  requireSecrets(provider, delivery.secrets, secretPlace);
  const header = signatureHeader(provider, delivery, signaturesHeader);
  const timestamp = signatureHeader(provider, delivery, timestampHeader).trim();
  if (!/^\d{1,12}$/.test(timestamp)) {
    refuseWebhook(
      provider,
      'webhook_header_malformed',
      `the header ${timestampHeader} is no number of seconds`,
    );
  }
  const signatures = header.split(',').flatMap((part) => hexadecimal(part.trim()) ?? []);
  if (signatures.length === 0) {
    refuseWebhook(
      provider,
      'webhook_header_malformed',
      `the header ${signaturesHeader} is no hexadecimal signature`,
    );
  }
  checkSignature({
    provider,
    delivery,
    signatures,
    signedAt: Number(timestamp) * 1000,
    sign: (secret, body) => signatureOf(secret, timestamp, body),
    isApiKey: (secret) => /^[sp]key_/.test(secret),
    secretPlace,
  });
};

const isEvent = (payload: unknown): payload is EventWire => eventWire.safeParse(payload).success;

const fetchUnread = async ({ chargeId, refundId }: Unread, call: Call): Promise<Known> =>
  refundId === null
    ? { charge: (await readCharge(chargeId, call)).charge }
    : { refund: await readRefund(chargeId, refundId, call) };

/** Signed notifications. They are written in the account's API version: what cannot be read in them is fetched. */
export const webhook: WebhookSpec = {
  toleranceMs: 300_000,
  verify: verifyOmiseSignature,
  livemode: (payload) => eventWire.safeParse(payload).data?.livemode ?? null,
  event: async (payload, call) => {
    if (!isEvent(payload)) {
      throw new InvalidRequestError({
        message: 'omise: the payload is no event',
        provider,
        operation: 'parseWebhook',
        outcome: 'not_sent',
      });
    }
    const unread = unreadIn(payload);
    return toEvent(payload, call.drift, unread === null ? undefined : await fetchUnread(unread, call));
  },
};

/**
 * Verifies a webhook of Omise without a client, and gives the event as Omise wrote it. A client's `parseWebhook` reads it as a
 * `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 * @see https://docs.omise.co/api-webhooks
 */
export const verifyOmiseWebhook = webhookVerifier(provider, webhook);
