import * as z from 'zod';
import { withHeaders } from '../../adapter/events.js';
import { timedHeader } from '../../adapter/signature.js';
import { InvalidRequestError } from '../../errors.js';
import { attach } from '../../models/attachments.js';
import type { ReportedEvent } from '../../models/event.js';
import type { Call } from '../../provider.js';
import type { WebhookSpec } from '../../webhook.js';
import { webhookVerifier } from '../../webhook-request.js';
import { readEvent } from './event.js';
import { isoTime } from './wire.js';

/** Stripe's own tolerance. The SDK looks at the age only; a time in the future is refused here, too. */
const toleranceMs = 300_000;

/**
 * Signed are the time, a dot and the raw bytes, with the whole secret as text, its `whsec_` prefix included.
 * @see https://docs.stripe.com/webhooks
 */
const verify = timedHeader({
  provider: 'stripe',
  header: 'Stripe-Signature',
  secretPlace: 'the whsec_… of this endpoint',
  isApiKey: (secret) => /^(?:sk|rk|pk)_(?:test|live)_/.test(secret),
});

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
  // Events of connected accounts name the account: what is read for them is read there.
  const reads = account == null ? call : withHeaders(call, { 'stripe-account': account });
  const { stateKey, ...content } = await readEvent(type, data.object, reads);
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

/** Webhooks of Stripe, version 1. */
export const webhook: WebhookSpec = {
  toleranceMs,
  verify: (delivery) => {
    verify(delivery, undefined);
  },
  livemode: (payload) => envelopeSchema.safeParse(payload).data?.livemode ?? null,
  event: eventOf,
};

/**
 * Verifies a webhook of Stripe without a client, and gives the event as Stripe wrote it. A client's `parseWebhook` reads it as
 * a `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 * @see https://docs.stripe.com/webhooks
 */
export const verifyStripeWebhook = webhookVerifier('stripe', webhook);
