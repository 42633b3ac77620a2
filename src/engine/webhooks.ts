import type { WebhookBody, WebhookHeaders } from '../charges-client.js';
import { ConfigurationError, InvalidRequestError, WebhookSignatureError } from '../errors.js';
import type { ChargeEvent } from '../models/event.js';
import { Secret } from '../models/secret.js';
import { collectDrift, guard, makeCall, startCall } from './call.js';
import type { Context } from './context.js';

const rawBodyAdvice =
  'pass the raw body of the request, not a parsed object. express: express.raw({ type: "*/*" }) on this route and request.body; ' +
  'fastify: addContentTypeParser("application/json", { parseAs: "buffer" }, …); hono: await context.req.text(); ' +
  'Next: await request.text() in a route handler';

const bytesOf = (context: Context, body: unknown): Uint8Array => {
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (body instanceof Uint8Array) return body;
  throw new InvalidRequestError({
    message: `the webhook cannot be verified: ${rawBodyAdvice}`,
    provider: context.spec.provider,
    operation: 'parseWebhook',
    outcome: 'not_sent',
    issues: [{ path: 'rawBody', message: 'must be a string, a Buffer or a Uint8Array' }],
  });
};

/** Headers in lower case. One that came twice is joined, as HTTP does. */
const headersOf = (headers: WebhookHeaders): Record<string, string> => {
  const flat: Record<string, string> = {};
  if (typeof (headers as { forEach?: unknown }).forEach === 'function') {
    (headers as Headers).forEach((value, name) => {
      flat[name.toLowerCase()] = value;
    });
    return flat;
  }
  for (const [name, value] of Object.entries(
    headers as Readonly<Record<string, string | readonly string[] | undefined>>,
  )) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(',');
  }
  return flat;
};

/** Verifies a webhook and reads it as an event. */
export const parseWebhook = async (
  context: Context,
  rawBody: WebhookBody,
  headers: WebhookHeaders,
): Promise<ChargeEvent> => {
  const { spec, common } = context;
  const webhook = spec.webhook;
  const facts = { provider: spec.provider, operation: 'parseWebhook', outcome: 'not_sent' as const };
  if (webhook === undefined) {
    throw new ConfigurationError({
      ...facts,
      message: `${spec.provider} has no webhooks that this adapter reads`,
    });
  }
  const body = bytesOf(context, rawBody);
  const secrets = [common.webhookSecret ?? []].flat().filter((secret) => secret instanceof Secret);
  webhook.verify({
    body,
    headers: headersOf(headers),
    secrets: secrets.map((secret) => secret.reveal()),
    toleranceMs: common.webhookToleranceMs ?? webhook.toleranceMs,
    now: context.runtime.now(),
  });
  let payload: unknown;
  try {
    payload = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw new WebhookSignatureError({
      ...facts,
      code: 'webhook_not_json',
      message: 'the webhook is signed, but it is no JSON',
    });
  }
  const run = startCall(context, {
    operation: 'parseWebhook',
    row: 'retrieve',
    isWrite: false,
    target: null,
    options: {},
  });
  const { drift, finish } = collectDrift(run);
  const event = await guard(run, () => webhook.event(payload, makeCall(run, { prepared: null, drift })));
  finish(event.chargeId);
  return event;
};
