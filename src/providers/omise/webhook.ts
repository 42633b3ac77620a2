import { chargeEventType, refundEventType, refusePayload } from '../../adapter/events.js';
import { fieldsOf, rowOf, textOf } from '../../adapter/fields.js';
import { headerPair } from '../../adapter/signature.js';
import { fits } from '../../models/accepts.js';
import { attach } from '../../models/attachments.js';
import type { ChargeEventType, ReportedEvent } from '../../models/event.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { Call } from '../../provider.js';
import { webhookVerifier } from '../../webhooks/request.js';
import { charges, refunds, toCharge, toDispute, toRefund } from './charge.js';
import {
  chargeWire,
  disputeWire,
  eventWire,
  refundWire,
  relatedId,
  type ChargeWire,
  type EventWire,
  type RefundWire,
} from './wire.js';

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Signed are the time, a dot and the raw bytes. The dashboard shows the secret in base64: the bytes behind it are the key. */
export const verify = headerPair({
  provider: 'omise',
  signatures: 'omise-signature',
  timestamp: 'omise-signature-timestamp',
  secretPlace: 'the webhook secret of this mode (test or live) in base64, as the dashboard shows it',
  key: (secret) => (base64.test(secret.trim()) ? Buffer.from(secret.trim(), 'base64') : null),
  isApiKey: (secret) => /^[sp]key_/.test(secret),
});

/** What the events are about. `charge.expire` stands in unofficial material only: it is read, not relied on. */
const subjects: Readonly<Record<string, 'charge' | 'refund' | ChargeEventType>> = {
  'charge.create': 'charge',
  'charge.update': 'charge',
  'charge.capture': 'charge',
  'charge.reverse': 'charge',
  'charge.complete': 'charge',
  'charge.expire': 'charge',
  'refund.create': 'refund',
  'dispute.create': 'dispute.opened',
  'dispute.update': 'dispute.updated',
  'dispute.close': 'dispute.closed',
};

type Content = Pick<ReportedEvent, 'type'> &
  Partial<Pick<ReportedEvent, 'chargeId' | 'charge' | 'refund' | 'dispute'>> & { readonly state?: string };

/** Whose events these are, where they are listed: then nothing is fetched for one that does not tell. */
export interface Listed {
  readonly chargeId: string;
}

/** An event that does not hold its charge in a way that can be read is written in an older API version: the charge is fetched. */
const chargeIn = async ({ data }: EventWire, call: Call, listed?: Listed): Promise<ChargeWire | null> => {
  if (fits(chargeWire, data)) return data;
  const id = textOf(fieldsOf(data)['id']);
  return id === null || listed !== undefined ? null : charges.fetch(id, call);
};

const aboutCharge = async (event: EventWire, call: Call, listed?: Listed): Promise<Content> => {
  const wire = await chargeIn(event, call, listed);
  if (wire === null) return { type: 'charge.updated', chargeId: textOf(fieldsOf(event.data)['id']) };
  const charge = toCharge(wire, call);
  return {
    type:
      event.key === 'charge.update'
        ? 'charge.updated'
        : chargeEventType(charge, event.key === 'charge.create'),
    chargeId: charge.id,
    // A copy: what rides on a charge beside its fields has no place in an event.
    charge: { ...charge },
    state: `${charge.id}:${charge.status}`,
  };
};

/** A refund without a status may be on its way or done, so it is fetched, too. */
const refundIn = async ({ data }: EventWire, call: Call, listed?: Listed): Promise<RefundWire | null> => {
  const { id, charge, status } = fieldsOf(data);
  const [chargeId, refundId] = [textOf(charge), textOf(id)];
  const told = fits(refundWire, data) ? data : null;
  const isTold = told !== null && typeof status === 'string';
  if (isTold || chargeId === null || refundId === null || listed !== undefined) return told;
  const wire = await refunds.fetch({ id: chargeId, refundId }, call);
  call.checkSame(chargeId, relatedId(wire.charge));
  return wire;
};

const aboutRefund = async (event: EventWire, call: Call, listed?: Listed): Promise<Content> => {
  const wire = await refundIn(event, call, listed);
  if (wire === null) return { type: 'refund.updated', chargeId: textOf(fieldsOf(event.data)['charge']) };
  const refund = toRefund(wire, call);
  return {
    type: refundEventType(refund, true),
    chargeId: refund.chargeId,
    refund: { ...refund },
    state: `${refund.id}:${refund.status}`,
  };
};

const aboutDispute = ({ data }: EventWire, type: ChargeEventType, { drift }: Call): Content => {
  if (!fits(disputeWire, data)) {
    drift('data', 'wrong_type');
    return { type };
  }
  const chargeId = data.charge == null ? null : relatedId(data.charge);
  return { type, chargeId, dispute: toDispute(data, drift), state: `${data.id}:${data.status}` };
};

const contentOf = (event: EventWire, call: Call, listed?: Listed): Content | Promise<Content> => {
  const subject = rowOf(subjects, event.key);
  if (subject === undefined) return { type: 'unknown' };
  if (subject === 'charge') return aboutCharge(event, call, listed);
  return subject === 'refund' ? aboutRefund(event, call, listed) : aboutDispute(event, subject, call);
};

/** An event of Omise as an event. */
export const toEvent = async (wire: EventWire, call: Call, listed?: Listed): Promise<ReportedEvent> => {
  const { state, chargeId, ...content } = await contentOf(wire, call, listed);
  const dedupeKey = `omise:${wire.id}`;
  return attach<ReportedEvent>(
    {
      id: wire.id,
      provider: 'omise',
      charge: null,
      refund: null,
      dispute: null,
      ...content,
      chargeId: chargeId ?? listed?.chargeId ?? null,
      createdAt: readTimestamp(wire.created_at ?? wire.created, 'created_at', call.drift),
      livemode: wire.livemode ?? null,
      dedupeKey,
      stateKey: state === undefined ? dedupeKey : `omise:${state}`,
    },
    { raw: wire },
  );
};

/** Signed notifications. They are written in the account's API version: what cannot be read in them is fetched. */
export const event = async (payload: unknown, call: Call): Promise<ReportedEvent> =>
  fits(eventWire, payload) ? toEvent(payload, call) : refusePayload('omise');

/** Whether a payload is of live mode. */
export const livemode = (payload: unknown): boolean | null =>
  fits(eventWire, payload) ? (payload.livemode ?? null) : null;

/** How far the signed time may be off. */
export const toleranceMs = 300_000;

/**
 * Verifies a webhook of Omise without a client, and gives the event as Omise wrote it. A client's `parseWebhook` reads it as a
 * `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 * @see https://docs.omise.co/api-webhooks
 */
export const verifyOmiseWebhook = /* @__PURE__ */ webhookVerifier('omise', {
  toleranceMs,
  verify: (delivery) => {
    verify(delivery, {});
  },
});
