import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { InvalidRequestError, WebhookSignatureError } from '../../errors.js';
import { attach } from '../../models/attachments.js';
import type { ChargeEvent } from '../../models/event.js';
import type { Call } from '../../provider.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { readEvent } from './event.js';
import { isoTime } from './wire.js';

/** Stripe's own tolerance. The SDK looks at the age only; a time in the future is refused here, too. */
const toleranceMs = 300_000;

const refuse = (message: string): never => {
  throw new WebhookSignatureError({
    message,
    provider: 'stripe',
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/** The parts of `t=…,v1=…,v1=…`. Several `v1` come while the secret is rotated; other schemes are ignored. */
const readHeader = (
  header: string,
): { readonly time: string | undefined; readonly signatures: readonly string[] } => {
  const parts = header.split(',').map((part) => {
    const [scheme = '', ...rest] = part.trim().split('=');
    return { scheme, value: rest.join('=') };
  });
  return {
    time: parts.find(({ scheme }) => scheme === 't')?.value,
    signatures: parts.filter(({ scheme }) => scheme === 'v1').map(({ value }) => value),
  };
};

const isSame = (expected: Buffer, signature: string): boolean => {
  if (!/^[0-9a-f]{64}$/i.test(signature)) return false;
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
};

/** The key is the whole secret as text, its `whsec_` prefix included; signed are the time, a dot and the raw bytes. */
const signatureOf = (secret: string, time: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${time}.`).update(body).digest();

/**
 * Checks that Stripe signed exactly these bytes a short time ago.
 * Rejects with `WebhookSignatureError`. See https://docs.stripe.com/webhooks.
 */
export const verifyStripeSignature = (delivery: WebhookDelivery): void => {
  const { body, headers, secrets, now } = delivery;
  if (secrets.length === 0) refuse('no webhook secret: pass webhookSecret, the whsec_… of the endpoint');
  const header = headers['stripe-signature'];
  if (header === undefined || header === '') return refuse('the Stripe-Signature header is missing');
  const { time, signatures } = readHeader(header);
  if (time === undefined || !/^\d{1,12}$/.test(time) || signatures.length === 0) {
    return refuse('the Stripe-Signature header has no time or no v1 signature');
  }
  const expected = secrets.map((secret) => signatureOf(secret, time, body));
  // Every pair is compared, so that the time that it takes tells nothing about which secret came near.
  const matches = expected.flatMap((each) => signatures.map((signature) => isSame(each, signature)));
  if (!matches.includes(true)) {
    refuse(
      'no signature fits: the secret is of another endpoint, or the body is not the raw one as it was received',
    );
  }
  if (Math.abs(now - Number(time) * 1000) > delivery.toleranceMs) {
    refuse(
      'the signed time is too far from now: an old delivery that is sent again, or a clock that is wrong',
    );
  }
};

const envelopeSchema = z.object({
  object: z.literal('event'),
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.int().nullish(),
  livemode: z.boolean().nullish(),
  account: z.string().nullish(),
  data: z.object({ object: z.unknown() }),
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
const eventOf = async (payload: unknown, call: Call): Promise<ChargeEvent> => {
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
export const webhook: WebhookSpec = { toleranceMs, verify: verifyStripeSignature, event: eventOf };
