import type { WebhookBody, WebhookHeaders } from '../charges-client.js';
import { ConfigurationError, IntegrityError } from '../errors.js';
import type { ChargeEvent } from '../models/event.js';
import { Secret } from '../models/secret.js';
import type { WebhookSpec } from '../webhook-spec.js';
import { bodyBytes, lowerCaseHeaders, verifiedPayload } from './request.js';
import { collectDrift, wrapAdapterObject, makeCall } from '../calls/call.js';
import { startCall } from '../calls/start-call.js';
import type { Context } from '../calls/context.js';
import { checkEvent } from '../calls/output.js';

/**
 * Refuses an event whose mode (live or test) differs from that of the client's API key, before any of it is
 * read.
 */
const assertSameMode = ({ spec, connection }: Context, webhook: WebhookSpec, payload: unknown): void => {
  const livemode = webhook.livemode?.(payload) ?? null;
  if (livemode === null || connection.livemode === null || livemode === connection.livemode) return;
  const [theirs, ours] = livemode ? ['live', 'test'] : ['test', 'live'];
  throw new IntegrityError({
    provider: spec.provider,
    operation: 'parseWebhook',
    outcome: 'not_sent',
    code: 'webhook_other_mode',
    message: `the notification is of ${theirs} mode, and the key of this client of ${ours} mode: nothing of it was read`,
  });
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
  const body = bodyBytes(spec.provider, rawBody);
  const reveal = (values: readonly unknown[]): string[] =>
    values.filter((value) => value instanceof Secret).map((secret) => secret.reveal());
  const delivery = {
    body,
    headers: lowerCaseHeaders(spec.provider, headers),
    secrets: reveal([common.webhookSecret].flat()),
    apiKeys: reveal(Object.values(context.own)),
    toleranceMs: common.webhookToleranceMs ?? webhook.toleranceMs,
    now: context.runtime.now(),
  };
  webhook.verify(delivery, context.own);
  const payload = verifiedPayload(spec.provider, body);
  assertSameMode(context, webhook, payload);
  const run = startCall(context, {
    operation: 'parseWebhook',
    row: 'retrieve',
    isWrite: false,
    target: null,
    options: {},
  });
  const { drift, finish } = collectDrift(run);
  const event = await wrapAdapterObject(run, () =>
    webhook.event(payload, makeCall(run, { prepared: null, drift })),
  );
  const checked = checkEvent(run, event);
  finish(checked.chargeId);
  return checked;
};
