import { eventsOf } from '../../adapter/events.js';
import { fieldsOf, textOf } from '../../adapter/fields.js';
import { timedHeader } from '../../adapter/signature.js';
import { fits } from '../../models/accepts.js';
import type { Secret } from '../../models/secret.js';
import { webhookVerifier } from '../../webhooks/request.js';
import { charges, isoTime, refunds } from './charge.js';
import { eventWire } from './wire.js';

/** Test or live, by the prefix of the key. */
export const livemodeOf = (key: string): boolean | null => {
  if (key.startsWith('sk_test_')) return false;
  return key.startsWith('sk_live_') ? true : null;
};

/** The signature of test mode, or of live mode: PayMongo fills in the one of the event's mode. */
const schemesOf = (secretKey: Secret | undefined): readonly string[] => {
  const isLive = secretKey === undefined ? null : livemodeOf(secretKey.reveal());
  if (isLive === null) return ['te', 'li'];
  return [isLive ? 'li' : 'te'];
};

/** `t=…,te=…,li=…`: signed are the time, a dot and the raw bytes. */
export const verify = timedHeader<{ readonly secretKey?: Secret }>({
  provider: 'paymongo',
  header: 'Paymongo-Signature',
  secretPlace: 'the secret of this webhook',
  schemes: ({ secretKey }) => schemesOf(secretKey),
  isApiKey: (secret) => /^[sp]k_(?:test|live)_/.test(secret),
});

/** How far the signed time may be off. Whether a repeated delivery is signed anew is not documented. */
export const toleranceMs = 300_000;

/** Whether a payload is of live mode. */
export const livemode = (payload: unknown): boolean | null => {
  const told = fits(eventWire, payload) ? payload.data.attributes.livemode : null;
  return typeof told === 'boolean' ? told : null;
};

/**
 * PayMongo's events. What one is about is told by the object in it, not by its name: `payment.refunded` may hold a payment or a
 * refund. `source.chargeable` is `unknown`: the merchant has to create the charge then.
 */
export const event = eventsOf({
  provider: 'paymongo',
  charge: charges,
  refund: refunds,
  read: (payload) => {
    if (!fits(eventWire, payload)) return null;
    const { id, attributes } = payload.data;
    const { created_at: createdAt, data } = attributes;
    return {
      id,
      name: textOf(fieldsOf(data)['type']) ?? '',
      createdAt: typeof createdAt === 'number' ? isoTime(createdAt) : null,
      livemode: livemode(payload),
      data,
    };
  },
  names: { payment: 'charge', payment_intent: 'charge', refund: 'refund' },
  dispute: () => null,
});

/**
 * Verifies a webhook of PayMongo without a client, and gives the event as PayMongo wrote it. A client's `parseWebhook` reads it
 * as a `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 */
export const verifyPaymongoWebhook = /* @__PURE__ */ webhookVerifier('paymongo', {
  toleranceMs,
  verify: (delivery) => {
    verify(delivery, {});
  },
});
