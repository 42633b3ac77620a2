import { createHash } from 'node:crypto';
import { NotFoundError, WebhookSignatureError } from '../../errors.js';
import { attach } from '../../models/attachments.js';
import type { ChargeStatus } from '../../models/charge.js';
import type { ChargeEventType, ReportedEvent } from '../../models/event.js';
import type { Call } from '../../provider.js';
import type { WebhookBody } from '../../charges-client.js';
import type { WebhookDelivery, WebhookSpec } from '../../webhook.js';
import { bodyBytes, verifiedPayload, type UnsignedWebhook } from '../../webhook-request.js';
import { toCharge } from './charge.js';
import { retrieveRequest } from './params.js';
import { wireChargeSchema, type WireCharge } from './wire.js';

const provider = 'magpie';

type Notification = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Notification =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const facts = { provider, operation: 'parseWebhook', outcome: 'not_sent' } as const;

const refuse = (code: string, message: string): never => {
  throw new WebhookSignatureError({ ...facts, code, message: `magpie: ${message}` });
};

/** Far more than any charge: whoever knows the address of the endpoint can post to it. */
const largestBody = 131_072;

/**
 * What can be checked of a notification: that it is one JSON object in UTF-8. The provider's pages and SDKs contradict each
 * other about the signature, so none is checked, with or without a secret: a notification is a hint, and what it says is
 * never believed.
 * @throws WebhookSignatureError
 */
export const checkNotification = ({ body }: Pick<WebhookDelivery, 'body'>): void => {
  if (body.byteLength > largestBody) refuse('webhook_too_large', 'the notification is too large to be one');
  let payload: unknown;
  try {
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return refuse('webhook_not_json', 'the notification is no JSON');
  }
  if (!isObject(payload)) refuse('webhook_not_json', 'the notification is no JSON object');
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
const nameOf = (notification: Notification): { readonly name: string | null; readonly isListed: boolean } => {
  const texts = Object.values(notification).filter((value) => typeof value === 'string');
  const listed = texts.find((text) => Object.hasOwn(names, text));
  if (listed !== undefined) return { name: listed, isListed: true };
  const other = [notification['type'], notification['event']].find(
    (value) => typeof value === 'string' && /^[a-z_]+\.[a-z_.]+$/.test(value),
  );
  return { name: typeof other === 'string' ? other : null, isListed: false };
};

const chargeId = /^ch_\w{1,250}$/;
const deepestLevel = 8;

/** The one charge that a notification names, at the highest level that names any. Metadata is the merchant's own. */
const chargeIdIn = (notification: Notification): string | null => {
  let level: unknown[] = [notification];
  for (let depth = 0; depth < deepestLevel && level.length > 0; depth += 1) {
    const values = level.flatMap((value) =>
      isObject(value)
        ? Object.entries(value).flatMap(([name, item]) => (name === 'metadata' ? [] : [item]))
        : Array.isArray(value)
          ? (value as unknown[])
          : [],
    );
    const ids = new Set(
      values.filter((value): value is string => typeof value === 'string' && chargeId.test(value)),
    );
    if (ids.size > 0) return ids.size === 1 ? ([...ids][0] ?? null) : null;
    level = values;
  }
  return null;
};

const fetchCharge = async (id: string, call: Call): Promise<WireCharge> => {
  const wire = await call.send(retrieveRequest(id), wireChargeSchema).then(
    (answered) => answered.wire,
    (error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
      return refuse(
        'webhook_unknown_charge',
        'the notification names a charge that the provider does not have',
      );
    },
  );
  call.checkSame(id, wire.id);
  return wire;
};

const typeOf = (status: ChargeStatus, kind: 'created' | 'status' | 'updated'): ChargeEventType => {
  if (kind === 'updated' || status === 'unknown') return 'charge.updated';
  if (status !== 'pending') return `charge.${status}`;
  return kind === 'created' ? 'charge.created' : 'charge.updated';
};

const unknownEvent = (notification: Notification): ReportedEvent => {
  const hash = createHash('sha256').update(JSON.stringify(notification)).digest('hex');
  const key = `${provider}:${hash}`;
  const event: ReportedEvent = {
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
  };
  return attach(event, { raw: notification });
};

/** Notifications as hints: the charge that one names is read from the provider, and only that is told. */
export const webhook: WebhookSpec = {
  toleranceMs: 300_000,
  verify: checkNotification,
  event: async (payload, call) => {
    const notification = isObject(payload) ? payload : {};
    const { name, isListed } = nameOf(notification);
    const id = name !== null && !isListed ? null : chargeIdIn(notification);
    if (id === null) return unknownEvent(notification);
    const wire = await fetchCharge(id, call);
    // Spread, so that the provider's own resource does not ride on an event.
    const charge = { ...toCharge(wire, call.drift) };
    // An event has no id that can be trusted: the state that it led to is what makes it the same or another.
    const key = [provider, charge.id, charge.status, wire.updated_at ?? ''].join(':');
    const event: ReportedEvent = {
      id: key,
      provider,
      type: typeOf(charge.status, (name === null ? undefined : names[name]) ?? 'status'),
      chargeId: charge.id,
      charge,
      refund: null,
      dispute: null,
      createdAt: charge.updatedAt,
      livemode: charge.livemode,
      dedupeKey: key,
      stateKey: [provider, charge.id, charge.status, charge.amountRefunded].join(':'),
    };
    return attach(event, { raw: notification });
  },
};

/**
 * Checks the form of a notification without a client. `isSigned` is always false: there is no signature of Magpie that could be
 * checked, so anybody could have sent it. Read the charge that it names, and believe only that; a client's `parseWebhook` does
 * so by itself.
 * @throws WebhookSignatureError where it is no JSON object.
 */
export const verifyMagpieWebhook = (rawBody: WebhookBody): UnsignedWebhook => {
  const body = bodyBytes(provider, rawBody);
  checkNotification({ body });
  return { isSigned: false, payload: verifiedPayload(provider, body) };
};
