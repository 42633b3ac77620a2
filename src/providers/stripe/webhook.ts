import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { InvalidRequestError } from '../../errors.js';
import { attach } from '../../models/attachments.js';
import type { ReportedEvent } from '../../models/event.js';
import type { Call } from '../../provider.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { webhookVerifier } from '../../webhook-request.js';
import {
  checkSignature,
  refuseWebhook,
  requireSecrets,
  signatureHeader,
  timedSignatures,
} from '../../webhook-signature.js';
import { readEvent } from './event.js';
import { isoTime } from './wire.js';

/** Stripe's own tolerance. The SDK looks at the age only; a time in the future is refused here, too. */
const toleranceMs = 300_000;

const provider = 'stripe';
const secretPlace = 'the whsec_… of this endpoint';

/** The key is the whole secret as text, its `whsec_` prefix included; signed are the time, a dot and the raw bytes. */
const signatureOf = (secret: string, time: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${time}.`).update(body).digest();

/**
 * Checks that Stripe signed exactly these bytes a short time ago.
 * @throws WebhookSignatureError
 * @see https://docs.stripe.com/webhooks
 */
export const verifyStripeSignature = (delivery: WebhookDelivery): void => {
  requireSecrets(provider, delivery.secrets, secretPlace);
  const { time, signatures } = timedSignatures(signatureHeader(provider, delivery, 'Stripe-Signature'));
  if (time === undefined || !/^\d{1,12}$/.test(time) || signatures.length === 0) {
    return refuseWebhook(
      provider,
      'webhook_header_malformed',
      'the header Stripe-Signature has no time or no v1 signature',
    );
  }
  checkSignature({
    provider,
    delivery,
    signatures,
    signedAt: Number(time) * 1000,
    sign: (secret, body) => signatureOf(secret, time, body),
    isApiKey: (secret) => /^(?:sk|rk|pk)_(?:test|live)_/.test(secret),
    secretPlace,
  });
};

const envelopeSchema = z.object({
  object: z.literal('event'),
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.int().nullish(),
  livemode: z.boolean().nullish(),
  account: z.string().nullish(),
  data: z.object({ object: z.unknown().optional() }),
});

const refusePayload = (message: string): never => {
  throw new InvalidRequestError({
    message,
    provider: 'stripe',
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/** Reads a verified event. */
const eventOf = async (payload: unknown, call: Call): Promise<ReportedEvent> => {
  const kind = (payload as { object?: unknown } | null)?.object;
  if (kind === 'v2.core.event') {
    refusePayload('thin events (v2.core.event) carry no object: subscribe the endpoint to snapshot events');
  }
  const parsed = envelopeSchema.safeParse(payload);
  if (!parsed.success) return refusePayload('the signed body is no Stripe event');
  const { id, type, created, livemode, account, data } = parsed.data;
  const { stateKey, ...content } = await readEvent(type, data.object, forAccount(call, account ?? null));
  const dedupeKey = `stripe:${id}`;
  return attach(
    {
      id,
      provider: 'stripe',
      createdAt: isoTime(created),
      livemode: livemode ?? null,
      dedupeKey,
      ...content,
      stateKey: stateKey ?? dedupeKey,
    },
    { raw: payload },
  );
};

/** Events of connected accounts name the account: what is read for them is read there. */
const forAccount = (call: Call, account: string | null): Call =>
  account === null
    ? call
    : {
        ...call,
        send: (request, response) =>
          call.send({ ...request, headers: { ...request.headers, 'stripe-account': account } }, response),
      };

/** Webhooks of Stripe, version 1. */
export const webhook: WebhookSpec = {
  toleranceMs,
  verify: verifyStripeSignature,
  livemode: (payload) => envelopeSchema.safeParse(payload).data?.livemode ?? null,
  event: eventOf,
};

/**
 * Verifies a webhook of Stripe without a client, and gives the event as Stripe wrote it. A client's `parseWebhook` reads it as
 * a `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 * @see https://docs.stripe.com/webhooks
 */
export const verifyStripeWebhook = webhookVerifier(provider, webhook);
