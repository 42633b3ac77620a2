import { createHmac } from 'node:crypto';
import {
  verifyJustifiWebhook,
  verifyOmiseWebhook,
  verifyPaymongoWebhook,
  verifyPinWebhook,
  verifyStripeWebhook,
  type VerifiedWebhook,
} from './verifiers.js';

/** One signed delivery, as it came over the wire. */
export interface Signed {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A provider that signs: how, and what verifies it. */
export interface SigningProvider {
  readonly name: string;
  readonly secret: string;
  readonly otherSecret: string;
  /** An API key of the provider, as it is pasted by mistake. Null where keys have no form of their own. */
  readonly apiKey: string | null;
  readonly toleranceMs: number;
  /** The headers that carry the signature and the signed time. */
  readonly signatureHeaders: readonly string[];
  sign(body: Buffer, seconds: number, secret?: string): Signed;
  verify(
    delivery: { readonly body: string | Uint8Array; readonly headers: Readonly<Record<string, string>> },
    now: number,
    secret?: string | readonly string[],
  ): VerifiedWebhook;
}

const hmac = (key: string | Buffer, seconds: number, body: Buffer): string =>
  createHmac('sha256', key)
    .update(`${String(seconds)}.`)
    .update(body)
    .digest('hex');

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const secrets = {
  stripe: 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH',
  omise: base64('the 32 bytes of a webhook secret'),
  justifi: 'publisher-secret-9f1c7b6a',
  pin: 'yP1nEndpo1ntKeyKlmnOpq',
  paymongo: 'whsk_4eC39HqLyjWDarjtT1zdp7dc',
};

/** Written from the providers' pages, not from the adapters. */
export const signingProviders: readonly SigningProvider[] = [
  {
    name: 'stripe',
    secret: secrets.stripe,
    otherSecret: 'whsec_Zm9yIGFub3RoZXIgZW5kcG9pbnQgIQ',
    apiKey: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
    toleranceMs: 300_000,
    signatureHeaders: ['stripe-signature'],
    sign(body, seconds, secret = secrets.stripe) {
      return {
        body,
        headers: { 'stripe-signature': `t=${String(seconds)},v1=${hmac(secret, seconds, body)}` },
      };
    },
    verify({ body, headers }, now, secret = secrets.stripe) {
      return verifyStripeWebhook(body, headers, { secret, now });
    },
  },
  {
    name: 'omise',
    secret: secrets.omise,
    otherSecret: base64('the 32 bytes of the other secret'),
    apiKey: 'skey_test_5xuy4w91xqz7d1w9u0t',
    toleranceMs: 300_000,
    signatureHeaders: ['omise-signature', 'omise-signature-timestamp'],
    sign(body, seconds, secret = secrets.omise) {
      return {
        body,
        headers: {
          'omise-signature': hmac(Buffer.from(secret, 'base64'), seconds, body),
          'omise-signature-timestamp': String(seconds),
        },
      };
    },
    verify({ body, headers }, now, secret = secrets.omise) {
      return verifyOmiseWebhook(body, headers, { secret, now });
    },
  },
  {
    name: 'justifi',
    secret: secrets.justifi,
    otherSecret: 'publisher-secret-00000000',
    apiKey: null,
    toleranceMs: 25 * 3_600_000,
    signatureHeaders: ['justifi-signature', 'justifi-timestamp'],
    sign(body, seconds, secret = secrets.justifi) {
      return {
        body,
        headers: {
          'justifi-signature': hmac(secret, seconds, body),
          'justifi-timestamp': String(seconds),
        },
      };
    },
    verify({ body, headers }, now, secret = secrets.justifi) {
      return verifyJustifiWebhook(body, headers, { secret, now });
    },
  },
  {
    name: 'pin',
    secret: secrets.pin,
    otherSecret: 'zP1nEndpo1ntKeyKlmnOpq',
    apiKey: null,
    toleranceMs: 300_000,
    signatureHeaders: ['pin-signature'],
    sign(body, seconds, secret = secrets.pin) {
      return {
        body,
        headers: { 'pin-signature': `t=${String(seconds)},v1=${hmac(secret, seconds, body)}` },
      };
    },
    verify({ body, headers }, now, secret = secrets.pin) {
      return verifyPinWebhook(body, headers, { secret, now });
    },
  },
  {
    name: 'paymongo',
    secret: secrets.paymongo,
    otherSecret: 'whsk_00000000000000000000000',
    apiKey: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
    toleranceMs: 300_000,
    signatureHeaders: ['paymongo-signature'],
    sign(body, seconds, secret = secrets.paymongo) {
      // The empty `li=` behind it is left out: nothing in it is signed, so no change of it could be noticed.
      return {
        body,
        headers: { 'paymongo-signature': `t=${String(seconds)},te=${hmac(secret, seconds, body)}` },
      };
    },
    verify({ body, headers }, now, secret = secrets.paymongo) {
      return verifyPaymongoWebhook(body, headers, { secret, now });
    },
  },
];
