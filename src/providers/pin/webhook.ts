import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidRequestError, WebhookSignatureError } from '../../errors.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { toEvent } from './event.js';
import type { WebhookHash } from './settings.js';
import { eventWire } from './wire.js';

const refuse = (message: string): never => {
  throw new WebhookSignatureError({
    message: `pin: ${message}`,
    provider: 'pin',
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/** The parts of `t=…,v1=…`. Several `v1` may come while a key is being rotated; other schemes are ignored. */
const readHeader = (header: string): { readonly time: string; readonly signatures: readonly string[] } => {
  const parts = header.split(',').map((part) => /^\s*(\w+)=(\S*)\s*$/.exec(part));
  const valuesOf = (scheme: string): string[] =>
    parts.filter((part) => part?.[1] === scheme).map((part) => part?.[2] ?? '');
  return { time: valuesOf('t')[0] ?? '', signatures: valuesOf('v1').map((value) => value.toLowerCase()) };
};

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
  const { body, headers, secrets, toleranceMs, now } = delivery;
  if (secrets.length === 0) refuse('webhookSecret is not set: it is the `key` of the webhook endpoint');
  const header = headers['pin-signature'];
  if (header === undefined || header === '') return refuse('the header Pin-Signature is missing');
  const { time, signatures } = readHeader(header);
  const given = signatures
    .filter((text) => /^(?:[0-9a-f]{2})+$/.test(text))
    .map((text) => Buffer.from(text, 'hex'));
  if (!/^\d{1,12}$/.test(time) || given.length === 0) {
    return refuse('the header Pin-Signature has no time or no v1 signature');
  }
  const expected = secrets.map((key) => signatureOf(hash, key, time, body));
  // The signature before the time: whoever does not know the key learns nothing of our clock.
  const fits = expected.some((own) =>
    given.some((other) => own.length === other.length && timingSafeEqual(own, other)),
  );
  if (!fits) refuse('no signature fits these bytes: pass the raw body, and the key of this endpoint');
  if (Math.abs(now - Number(time) * 1000) > toleranceMs) refuse('the signed time is too far from now');
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
      provider: 'pin',
      operation: 'parseWebhook',
      outcome: 'not_sent',
    });
  },
});
