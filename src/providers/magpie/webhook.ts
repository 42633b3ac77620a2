import { createHash } from 'node:crypto';
import { chargeEventType } from '../../adapter/events.js';
import { fieldsOf, rowOf, type Fields, itemsOf } from '../../adapter/fields.js';
import type { WebhookBody } from '../../charges-client.js';
import { NotFoundError } from '../../errors.js';
import { attach } from '../../models/attachments.js';
import type { ReportedEvent } from '../../models/event.js';
import type { Call } from '../../provider.js';
import type { WebhookDelivery } from '../../webhook-spec.js';
import { bodyBytes, verifiedPayload, type UnsignedWebhook } from '../../webhooks/request.js';
import { refuseWebhook } from '../../webhooks/signature.js';
import { charges, toCharge } from './charge.js';
import type { ChargeWire } from './wire.js';

const provider = 'magpie';

/** Far more than any charge: whoever knows the address of the endpoint can post to it. */
const largestBody = 131_072;

/**
 * What can be checked of a notification: that it is one JSON object in UTF-8. The provider's pages and SDKs contradict each
 * other about the signature, so none is checked, with or without a secret: a notification is a hint, and what it says is
 * never believed.
 * @throws WebhookSignatureError
 */
export const verify = ({ body }: Pick<WebhookDelivery, 'body'>): void => {
  if (body.byteLength > largestBody)
    refuseWebhook(provider, 'webhook_too_large', 'the notification is too large to be one');
  let payload: unknown;
  try {
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return refuseWebhook(provider, 'webhook_not_json', 'the notification is no JSON');
  }
  if (fieldsOf(payload) !== payload)
    refuseWebhook(provider, 'webhook_not_json', 'the notification is no JSON object');
};

/** `status`: named after the status of the fetched charge. `updated`: what it says of the charge cannot be confirmed. */
const names: Readonly<Record<string, 'created' | 'status' | 'updated'>> = {
  'charge.created': 'created',
  'charge.updated': 'status',
  'charge.succeeded': 'status',
  'charge.failed': 'status',
  'charge.captured': 'status',
  'charge.disputed': 'updated',
  'refund.created': 'updated',
  'refund.updated': 'updated',
};

/**
 * Which of the known events it is. The shape of a notification is documented nowhere, so the name is looked for in every
 * text of its top level. Null: the notification has no name, as those to `redirect.notify`; or one that is not listed.
 */
const nameOf = (notification: Fields): { readonly name: string | null; readonly isListed: boolean } => {
  const texts = Object.values(notification).filter((value) => typeof value === 'string');
  const listed = texts.find((text) => rowOf(names, text) !== undefined);
  if (listed !== undefined) return { name: listed, isListed: true };
  const other = [notification['type'], notification['event']].find(
    (value) => typeof value === 'string' && /^[a-z_]+\.[a-z_.]+$/.test(value),
  );
  return { name: typeof other === 'string' ? other : null, isListed: false };
};

const chargeId = /^ch_\w{1,250}$/;
const deepestLevel = 8;

/** The one charge that a notification names, at the highest level that names any. Metadata is the merchant's own. */
const chargeIdIn = (notification: Fields): string | null => {
  let level: readonly unknown[] = [notification];
  for (let depth = 0; depth < deepestLevel && level.length > 0; depth += 1) {
    const values = level.flatMap((value) =>
      Array.isArray(value)
        ? itemsOf(value)
        : Object.entries(fieldsOf(value)).flatMap(([name, item]) => (name === 'metadata' ? [] : [item])),
    );
    const ids = new Set(
      values.filter((value): value is string => typeof value === 'string' && chargeId.test(value)),
    );
    if (ids.size > 0) return ids.size === 1 ? ([...ids][0] ?? null) : null;
    level = values;
  }
  return null;
};

const fetchCharge = async (id: string, call: Call): Promise<ChargeWire> => {
  try {
    return await charges.fetch(id, call);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const message = 'the notification names a charge that the provider does not have';
    return refuseWebhook(provider, 'webhook_unknown_charge', message);
  }
};

/** An event for a notification that names no charge; hashed, because it has no reliable id. */
const unknownEvent = (notification: Fields): ReportedEvent => {
  const hash = createHash('sha256').update(JSON.stringify(notification)).digest('hex');
  const key = `${provider}:${hash}`;
  return attach<ReportedEvent>(
    {
      id: key,
      provider,
      type: 'unknown',
      chargeId: null,
      charge: null,
      refund: null,
      dispute: null,
      createdAt: null,
      livemode: null,
      dedupeKey: key,
      stateKey: key,
    },
    { raw: notification },
  );
};

/** Notifications are hints: the charge that one names is read from the provider, and only that is told. */
export const event = async (payload: unknown, call: Call): Promise<ReportedEvent> => {
  const notification = fieldsOf(payload);
  const { name, isListed } = nameOf(notification);
  const id = name !== null && !isListed ? null : chargeIdIn(notification);
  if (id === null) return unknownEvent(notification);
  const wire = await fetchCharge(id, call);
  // Spread, so that the provider's own resource does not ride on an event.
  const charge = { ...toCharge(wire, call) };
  const kind = rowOf(names, name);
  // An event has no id that can be trusted: the state that it led to is what makes it the same or another.
  const key = [provider, charge.id, charge.status, wire.updated_at ?? ''].join(':');
  return attach<ReportedEvent>(
    {
      id: key,
      provider,
      type: kind === 'updated' ? 'charge.updated' : chargeEventType(charge, kind === 'created'),
      chargeId: charge.id,
      charge,
      refund: null,
      dispute: null,
      createdAt: charge.updatedAt,
      livemode: charge.livemode,
      dedupeKey: key,
      stateKey: [provider, charge.id, charge.status, charge.amountRefunded].join(':'),
    },
    { raw: notification },
  );
};

/** Nothing is signed, so no time is compared. */
export const toleranceMs = 300_000;

/**
 * Checks the form of a notification without a client. `isSigned` is always false: there is no signature of Magpie that could be
 * checked, so anybody could have sent it. Read the charge that it names, and believe only that; a client's `parseWebhook` does
 * so by itself.
 * @throws WebhookSignatureError where it is no JSON object.
 */
export const verifyMagpieWebhook = (rawBody: WebhookBody): UnsignedWebhook => {
  const body = bodyBytes(provider, rawBody);
  verify({ body });
  return { isSigned: false, payload: verifiedPayload(provider, body) };
};
