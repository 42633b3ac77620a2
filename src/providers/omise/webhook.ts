import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidRequestError, WebhookSignatureError } from '../../errors.js';
import type { Call } from '../../provider.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { toEvent, unreadIn, type Known, type Unread } from './event.js';
import { readCharge, readRefund } from './operations.js';
import { eventWire, type EventWire } from './wire.js';

const signatureHeader = 'omise-signature';
const timestampHeader = 'omise-signature-timestamp';

const refuse = (message: string): never => {
  throw new WebhookSignatureError({
    message: `omise: ${message}`,
    provider: 'omise',
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The dashboard shows the secret in base64: the bytes behind it are the key. */
const secretBytes = (secret: string): Buffer => {
  const text = secret.trim();
  return base64.test(text)
    ? Buffer.from(text, 'base64')
    : refuse('the webhook secret is not base64, as the dashboard shows it');
};

const signatureOf = (secret: string, timestamp: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secretBytes(secret)).update(`${timestamp}.`).update(body).digest();

/**
 * Checks that Omise signed exactly these bytes with one of the secrets, at about this time. While a secret is being rotated,
 * Omise sends two signatures, separated by a comma: one that fits is enough.
 * @throws WebhookSignatureError
 */
export const verifyOmiseSignature = ({ body, headers, secrets, toleranceMs, now }: WebhookDelivery): void => {
  if (secrets.length === 0) refuse('webhookSecret is not set');
  const timestamp = headers[timestampHeader]?.trim() ?? '';
  if (!/^\d{1,12}$/.test(timestamp))
    refuse(`the header ${timestampHeader} is missing or no number of seconds`);
  const given = (headers[signatureHeader] ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => /^[0-9a-f]{64}$/.test(part))
    .map((part) => Buffer.from(part, 'hex'));
  if (given.length === 0) refuse(`the header ${signatureHeader} is missing or no hexadecimal signature`);
  const expected = secrets.map((secret) => signatureOf(secret, timestamp, body));
  // The signature before the time: whoever does not know the secret learns nothing of our clock.
  if (!expected.some((own) => given.some((other) => timingSafeEqual(own, other)))) {
    refuse('no signature fits these bytes: pass the raw body, and the secret of this mode (test or live)');
  }
  if (Math.abs(now - Number(timestamp) * 1000) > toleranceMs) refuse('the signed time is too far from now');
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
  event: async (payload, call) => {
    if (!isEvent(payload)) {
      throw new InvalidRequestError({
        message: 'omise: the payload is no event',
        provider: 'omise',
        operation: 'parseWebhook',
        outcome: 'not_sent',
      });
    }
    const unread = unreadIn(payload);
    return toEvent(payload, call.drift, unread === null ? undefined : await fetchUnread(unread, call));
  },
};
