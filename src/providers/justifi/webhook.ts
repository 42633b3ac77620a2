import { createHmac } from 'node:crypto';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { webhookVerifier } from '../../webhook-request.js';
import {
  checkSignature,
  hexadecimal,
  refuseWebhook,
  requireSecrets,
  signatureHeader,
} from '../../webhook-signature.js';
import { livemodeOf, toEvent } from './event.js';

const signaturesHeader = 'justifi-signature';
const timestampHeader = 'justifi-timestamp';

const provider = 'justifi';
const secretPlace = 'the secret of this webhook publisher';

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
export const verifyJustifiSignature = (delivery: WebhookDelivery): void => {
  requireSecrets(provider, delivery.secrets, secretPlace);
  const signature = hexadecimal(signatureHeader(provider, delivery, signaturesHeader).trim());
  const timestamp = signatureHeader(provider, delivery, timestampHeader);
  if (signature === undefined) {
    return refuseWebhook(
      provider,
      'webhook_header_malformed',
      `the header ${signaturesHeader} is no hexadecimal signature`,
    );
  }
  checkSignature({
    provider,
    delivery,
    signatures: [signature],
    signedAt: readTimestamp(timestamp.trim()),
    sign: (secret, body) => createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest(),
    secretPlace,
  });
};

/**
 * Signed events. Live deliveries are repeated for 24 hours, and whether a repeat is signed anew is not documented: hence
 * the tolerance of 25 hours.
 */
export const webhook: WebhookSpec = {
  toleranceMs: 25 * 60 * 60 * 1000,
  verify: verifyJustifiSignature,
  livemode: livemodeOf,
  event: toEvent,
};

/**
 * Verifies a webhook of JustiFi without a client, and gives the event as JustiFi wrote it. A client's `parseWebhook` reads it
 * as a `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 */
export const verifyJustifiWebhook = webhookVerifier(provider, webhook);
