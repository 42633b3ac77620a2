import { createHmac } from 'node:crypto';
import type { WebhookDelivery } from '../webhook-spec.js';
import {
  checkSignature,
  hexadecimal,
  refuseWebhook,
  requireSecrets,
  signatureHeader,
  timedSignatures,
} from '../webhooks/signature.js';

/** What every kind of signature says of itself. Signed are always the time, a dot and the raw bytes, by HMAC. */
interface Signed<Settings> {
  /** The provider's name in lower case, such as `stripe`: it stands in the errors. */
  readonly provider: string;
  /** Where the right secret is found, for the errors. */
  readonly secretPlace: string;
  /** The hash. Default: `sha256`. */
  hash?(settings: Settings): string;
  /** The key that a secret stands for; null where it cannot be one. Default: the secret as text. */
  key?(secret: string): string | Uint8Array | null;
  /** Tells the provider's API keys, which are often pasted where the secret belongs. */
  isApiKey?(secret: string): boolean;
}

/** One header `t=…,v1=…`, or with other names before the signatures. */
export interface TimedHeader<Settings> extends Signed<Settings> {
  /** As it is written: `Stripe-Signature`. */
  readonly header: string;
  /** The names before its signatures; others are ignored. Default: `v1`. */
  schemes?(settings: Settings): readonly string[];
}

/** A header of hexadecimal signatures, separated by commas where a secret is rotated, and one of the time. */
export interface HeaderPair<Settings> extends Signed<Settings> {
  /** The header of the signatures. */
  readonly signatures: string;
  /** The header of the signed time. */
  readonly timestamp: string;
  /** The moment of the signed text, in milliseconds, or NaN. It is read for the tolerance only. Default: whole seconds. */
  moment?(text: string): number;
}

/** Verifies a delivery. @throws WebhookSignatureError, with a `code` that says what is wrong. */
export type VerifySignature<Settings> = (delivery: WebhookDelivery, settings: Settings) => void;

const isSeconds = (text: string): boolean => /^\d{1,12}$/.test(text);

const check = <Settings>(
  signed: Signed<Settings>,
  delivery: WebhookDelivery,
  settings: Settings,
  { signatures, time, signedAt }: { signatures: readonly Buffer[]; time: string; signedAt: number },
): void => {
  const { provider, secretPlace, hash, key, isApiKey } = signed;
  checkSignature({
    provider,
    delivery,
    signatures,
    signedAt,
    sign: (secret, body) => {
      const made = key === undefined ? secret : key(secret);
      if (made === null) return null;
      return createHmac(hash?.(settings) ?? 'sha256', made)
        .update(`${time}.`)
        .update(body)
        .digest();
    },
    ...(isApiKey === undefined ? {} : { isApiKey }),
    secretPlace,
  });
};

/** The verification of a provider that signs with one header. */
export const timedHeader =
  <Settings = unknown>(signed: TimedHeader<Settings>): VerifySignature<Settings> =>
  (delivery, settings) => {
    const { provider, header, secretPlace } = signed;
    requireSecrets(provider, delivery.secrets, secretPlace);
    const schemes = signed.schemes?.(settings) ?? ['v1'];
    const { time, signatures } = timedSignatures(signatureHeader(provider, delivery, header), schemes);
    if (time === undefined || !isSeconds(time) || signatures.length === 0) {
      const message = `the header ${header} has no time or no ${schemes.join(' or ')} signature`;
      return refuseWebhook(provider, 'webhook_header_malformed', message);
    }
    check(signed, delivery, settings, { signatures, time, signedAt: Number(time) * 1000 });
  };

/** The verification of a provider that signs with two headers. */
export const headerPair =
  <Settings = unknown>(signed: HeaderPair<Settings>): VerifySignature<Settings> =>
  (delivery, settings) => {
    const { provider, secretPlace, moment } = signed;
    requireSecrets(provider, delivery.secrets, secretPlace);
    const given = signatureHeader(provider, delivery, signed.signatures);
    const time = signatureHeader(provider, delivery, signed.timestamp);
    const trimmed = time.trim();
    if (moment === undefined && !isSeconds(trimmed)) {
      const message = `the header ${signed.timestamp} is no number of seconds`;
      return refuseWebhook(provider, 'webhook_header_malformed', message);
    }
    const signatures = given.split(',').flatMap((part) => hexadecimal(part.trim()) ?? []);
    if (signatures.length === 0) {
      const message = `the header ${signed.signatures} is no hexadecimal signature`;
      return refuseWebhook(provider, 'webhook_header_malformed', message);
    }
    check(signed, delivery, settings, {
      signatures,
      // Seconds are signed without the blanks around them; a text that only its provider reads is signed as it came.
      time: moment === undefined ? trimmed : time,
      signedAt: moment === undefined ? Number(trimmed) * 1000 : moment(trimmed),
    });
  };
