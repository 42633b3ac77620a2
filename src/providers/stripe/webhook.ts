import * as z from 'zod';
import { refundEventType, withHeaders } from '../../adapter/events.js';
import { fieldsOf, rowOf, textOf } from '../../adapter/fields.js';
import { timedHeader } from '../../adapter/signature.js';
import { InvalidRequestError } from '../../errors.js';
import { fits } from '../../models/accepts.js';
import { attach } from '../../models/attachments.js';
import type { Charge } from '../../models/charge.js';
import type { ChargeEventType, ReportedEvent } from '../../models/event.js';
import type { Call } from '../../provider.js';
import { webhookVerifier } from '../../webhooks/request.js';
import { intentStatus, toRefund } from './charge.js';
import { disputeSchema, toDispute } from './dispute.js';
import { apiOf, isRelease, paymentIdOf, readWire, toCharge, type Completion } from './payment.js';
import {
  chargeSchema,
  idOf,
  intentSchema,
  isoTime,
  refundSchema,
  relatedSchema,
  type WireCharge,
  type WireIntent,
  type WirePayment,
  type WireRefund,
} from './wire.js';

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

/** What an event tells. `stateKey` is given where the event names a state that an object reached. */
type Content = Pick<ReportedEvent, 'type'> &
  Partial<Pick<ReportedEvent, 'chargeId' | 'charge' | 'refund' | 'dispute' | 'stateKey'>>;

const stateOf = (id: string, state: string) => ({ stateKey: `stripe:${id}:${state}` });

/** Events carry no `raw`: they are stored and handed on. */
const plainCharge = (wire: WirePayment, call: Call, completion: Completion = {}): Promise<Charge> =>
  toCharge(wire, call, { ...completion, withRaw: false });

const intentTypes: Readonly<Record<string, (intent: WireIntent) => ChargeEventType>> = {
  'payment_intent.created': () => 'charge.created',
  'payment_intent.requires_action': () => 'charge.requires_action',
  'payment_intent.processing': () => 'charge.updated',
  'payment_intent.amount_capturable_updated': ({ status }) =>
    status === 'requires_capture' ? 'charge.authorized' : 'charge.updated',
  'payment_intent.succeeded': () => 'charge.captured',
  'payment_intent.payment_failed': () => 'charge.failed',
  'payment_intent.canceled': (intent) =>
    intentStatus(intent) === 'expired' ? 'charge.expired' : 'charge.voided',
  'payment_intent.partially_funded': () => 'charge.updated',
};

const chargeTypes: Readonly<Record<string, (wire: WireCharge, charge: Charge) => ChargeEventType>> = {
  'charge.succeeded': ({ captured }) => (captured ? 'charge.captured' : 'charge.authorized'),
  'charge.pending': () => 'charge.created',
  'charge.failed': () => 'charge.failed',
  'charge.captured': () => 'charge.captured',
  'charge.expired': () => 'charge.expired',
  // Of money that was never taken, a refund is a release. The refund of taken money has its own event.
  'charge.refunded': ({ captured }, { status }) => {
    if (captured) return 'charge.updated';
    return status === 'expired' ? 'charge.expired' : 'charge.voided';
  },
  'charge.updated': () => 'charge.updated',
};

const disputeTypes: Readonly<Record<string, ChargeEventType>> = {
  'charge.dispute.created': 'dispute.opened',
  'charge.dispute.updated': 'dispute.updated',
  'charge.dispute.funds_withdrawn': 'dispute.updated',
  'charge.dispute.funds_reinstated': 'dispute.updated',
  'charge.dispute.closed': 'dispute.closed',
};

const refundNames = new Set(['refund.created', 'refund.updated', 'refund.failed', 'charge.refund.updated']);
/** Something happened to a payment, and the payment itself says what. */
const hints = /^(?:review\.(?:opened|closed)|radar\.early_fraud_warning\.(?:created|updated))$/;

/** A charge by the state that the name of its event says. */
const about = (type: ChargeEventType, charge: Charge): Content => ({
  type,
  chargeId: charge.id,
  charge,
  ...(type === 'charge.updated' ? {} : stateOf(charge.id, type)),
});

const intentEvent = async (type: ChargeEventType, intent: WireIntent, call: Call): Promise<Content> => {
  // The event has only the id of the charge, so it does not say what was refunded or disputed: the intent is read.
  const isTerse = intent.status === 'succeeded' && typeof intent.latest_charge !== 'object';
  return about(type, await plainCharge(isTerse ? await readWire(intent.id, call) : intent, call));
};

const chargeEvent = async (name: string, wire: WireCharge, call: Call): Promise<Content> => {
  const intent = idOf(wire.payment_intent);
  // One attempt of an intent. What became of the payment is told by the intent's own events.
  if (intent !== null && apiOf(call) === 'payment_intents')
    return { type: 'charge.updated', chargeId: intent };
  const charge = await plainCharge(wire, call, name === 'charge.expired' ? { hasLapsed: true } : {});
  return about(rowOf(chargeTypes, name)?.(wire, charge) ?? 'unknown', charge);
};

const refundEvent = async (name: string, wire: WireRefund, call: Call): Promise<Content> => {
  const id = paymentIdOf(wire, call);
  if (id === null) return { type: 'unknown' };
  // The charge as it is now: the event does not say whether the money had ever been captured.
  const payment = await readWire(id, call);
  const charge = await plainCharge(payment, call);
  const latest = payment.object === 'charge' ? payment : payment.latest_charge;
  if (latest && typeof latest === 'object' && (await isRelease(wire, latest, call)))
    return { type: 'charge.updated', chargeId: charge.id, charge };
  const refund = toRefund(wire, charge.id, call.drift, false);
  const type = refundEventType(refund, name === 'refund.created');
  return { type, chargeId: charge.id, charge, refund, ...stateOf(wire.id, refund.status) };
};

/**
 * The object in an event. Events are rendered in the API version of their endpoint, which may be an old one: a payment whose
 * shape is not known is read in ours.
 */
const objectIn = async <Wire>(schema: z.ZodType<Wire>, object: unknown, call: Call, isPayment: boolean) => {
  if (fits(schema, object)) return object;
  const id = textOf(fieldsOf(object)['id']);
  if (id === null || !isPayment) return undefined;
  const payment: unknown = await readWire(id, call);
  return fits(schema, payment) ? payment : undefined;
};

/** What an event of Stripe means. Events that nobody listed are unknown, never an error. */
const contentOf = async (name: string, object: unknown, call: Call): Promise<Content> => {
  const told = async <Wire>(
    schema: z.ZodType<Wire>,
    contentIn: (wire: Wire) => Content | Promise<Content>,
    isPayment = false,
  ): Promise<Content> => {
    const wire = await objectIn(schema, object, call, isPayment);
    if (wire !== undefined) return contentIn(wire);
    call.drift('data.object', 'wrong_type');
    return { type: 'unknown' };
  };
  const intentType = rowOf(intentTypes, name);
  if (intentType !== undefined)
    return told(intentSchema, (intent) => intentEvent(intentType(intent), intent, call), true);
  if (rowOf(chargeTypes, name) !== undefined)
    return told(chargeSchema, (charge) => chargeEvent(name, charge, call), true);
  if (refundNames.has(name)) return told(refundSchema, (refund) => refundEvent(name, refund, call));
  const type = rowOf(disputeTypes, name);
  if (type !== undefined) {
    return told(disputeSchema, (wire) => ({
      type,
      chargeId: paymentIdOf(wire, call),
      dispute: toDispute(wire),
      ...(type === 'dispute.updated' ? {} : stateOf(wire.id, type)),
    }));
  }
  return fits(relatedSchema, object) && hints.test(name)
    ? { type: 'charge.updated', chargeId: paymentIdOf(object, call) }
    : { type: 'unknown' };
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
const event = async (payload: unknown, call: Call): Promise<ReportedEvent> => {
  if (fieldsOf(payload)['object'] === 'v2.core.event')
    refusePayload('thin events (v2.core.event) carry no object: subscribe the endpoint to snapshot events');
  if (!fits(envelopeSchema, payload)) return refusePayload('the signed body is no Stripe event');
  const { id, type, created, livemode, account, data } = payload;
  // Events of connected accounts name the account: what is read for them is read there.
  const reads = account == null ? call : withHeaders(call, { 'stripe-account': account });
  const content = await contentOf(type, data.object, reads);
  const dedupeKey = `stripe:${id}`;
  return attach(
    {
      id,
      provider: 'stripe',
      createdAt: isoTime(created),
      livemode: livemode ?? null,
      dedupeKey,
      chargeId: null,
      charge: null,
      refund: null,
      dispute: null,
      stateKey: dedupeKey,
      ...content,
    },
    { raw: payload },
  );
};

const toleranceMs = 300_000;

/** Webhooks of Stripe, version 1. The SDK looks at the age only; a time in the future is refused here, too. */
export const webhook = {
  toleranceMs,
  verify,
  livemode: (payload: unknown) => (fits(envelopeSchema, payload) ? (payload.livemode ?? null) : null),
  event,
};

/**
 * Verifies a webhook of Stripe without a client, and gives the event as Stripe wrote it. A client's `parseWebhook` reads it as
 * a `ChargeEvent` as well.
 * @throws WebhookSignatureError, with a `code` that says what is wrong.
 * @see https://docs.stripe.com/webhooks
 */
export const verifyStripeWebhook = /* @__PURE__ */ webhookVerifier('stripe', {
  toleranceMs,
  verify: (delivery) => {
    verify(delivery, undefined);
  },
});
