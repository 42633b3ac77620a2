import { createHmac, timingSafeEqual } from 'node:crypto';
import { WebhookSignatureError } from '../../errors.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { toEvent } from './event.js';

const signatureHeader = 'justifi-signature';
const timestampHeader = 'justifi-timestamp';

const refuse = (message: string): never => {
  throw new WebhookSignatureError({
    message: `justifi: ${message}`,
    provider: 'justifi',
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/**
 * The signed time in milliseconds, or NaN. The documentation calls it an ISO string, the published vectors hold seconds
 * since 1970: both are read.
 */
const readTimestamp = (text: string): number => {
  if (/^\d{1,17}(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    // As seconds, eleven digits reach into the year 5138: what has more is in milliseconds.
    return number >= 1e11 ? number : number * 1000;
  }
  const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (iso === null) return Number.NaN;
  return Date.parse(iso[1] === undefined ? `${text}Z` : text);
};

/**
 * Checks that JustiFi signed exactly these bytes with one of the secrets, within the tolerance. The time is signed as the
 * text that came: it is read for the tolerance only.
 * @throws WebhookSignatureError
 */
export const verifyJustifiSignature = ({
  body,
  headers,
  secrets,
  toleranceMs,
  now,
}: WebhookDelivery): void => {
  if (secrets.length === 0) refuse('webhookSecret is not set');
  const timestamp = headers[timestampHeader] ?? '';
  if (timestamp === '') refuse(`the header ${timestampHeader} is missing`);
  const signature = headers[signatureHeader]?.trim() ?? '';
  if (!/^[0-9a-f]{64}$/i.test(signature)) {
    refuse(`the header ${signatureHeader} is missing or no hexadecimal signature`);
  }
  const given = Buffer.from(signature, 'hex');
  const fits = secrets
    .map((secret) => createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest())
    .some((expected) => timingSafeEqual(expected, given));
  // The signature before the time: whoever does not know the secret learns nothing of our clock.
  if (!fits)
    refuse('the signature does not fit these bytes: pass the raw body, and the secret of this publisher');
  const signedAt = readTimestamp(timestamp.trim());
  if (Number.isNaN(signedAt)) refuse(`the header ${timestampHeader} holds no time`);
  if (Math.abs(now - signedAt) > toleranceMs) refuse('the signed time is too far from now');
};

/**
 * Signed events. Live deliveries are repeated for 24 hours, and whether a repeat is signed anew is not documented: hence
 * the tolerance of 25 hours.
 */
export const webhook: WebhookSpec = {
  toleranceMs: 25 * 60 * 60 * 1000,
  verify: verifyJustifiSignature,
  event: toEvent,
};
