import type * as z from 'zod';
import type { Charge } from '../../models/charge.js';
import type { ChargeEventType, ReportedEvent } from '../../models/event.js';
import type { Refund } from '../../models/refund.js';
import type { Call } from '../../provider.js';
import { releaseAmong } from './amounts.js';
import { intentStatus } from './charge.js';
import { disputeSchema, toDispute } from './dispute.js';
import { apiOf, readRefunds, readWire, toCharge, type Completion } from './payment.js';
import { toRefund } from './refund.js';
import {
  chargeSchema,
  idOf,
  intentSchema,
  refundSchema,
  relatedSchema,
  type WireCharge,
  type WireIntent,
  type WirePayment,
  type WireRefund,
} from './wire.js';

/** What an event tells. `stateKey` is given where the event names a state that an object reached. */
export interface EventContent extends Pick<
  ReportedEvent,
  'type' | 'chargeId' | 'charge' | 'refund' | 'dispute'
> {
  readonly stateKey: string | null;
}

const content = (
  type: ChargeEventType,
  chargeId: string | null,
  rest: Partial<EventContent> = {},
): EventContent => ({
  type,
  chargeId,
  charge: null,
  refund: null,
  dispute: null,
  stateKey: null,
  ...rest,
});

const inIntentsMode = (call: Call): boolean => apiOf(call) === 'payment_intents';
const stateOf = (id: string, state: string): string => `stripe:${id}:${state}`;

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

const refundEvents: ReadonlySet<string> = new Set([
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refund.updated',
]);

const hints: ReadonlySet<string> = new Set([
  'review.opened',
  'review.closed',
  'radar.early_fraud_warning.created',
  'radar.early_fraud_warning.updated',
]);

const isState = (type: ChargeEventType): boolean => type.startsWith('charge.') && type !== 'charge.updated';

const about = (type: ChargeEventType, charge: Charge): EventContent =>
  content(type, charge.id, { charge, stateKey: isState(type) ? stateOf(charge.id, type) : null });

const intentEvent = async (name: string, intent: WireIntent, call: Call): Promise<EventContent> => {
  const type = intentTypes[name]?.(intent) ?? 'unknown';
  // The event has only the id of the charge, so it does not say what was refunded or disputed: the intent is read.
  const isTerse = intent.status === 'succeeded' && typeof intent.latest_charge !== 'object';
  return about(type, await plainCharge(isTerse ? await readWire(intent.id, call) : intent, call));
};

const chargeEvent = async (name: string, wire: WireCharge, call: Call): Promise<EventContent> => {
  const intent = idOf(wire.payment_intent);
  // One attempt of an intent. What became of the payment is told by the intent's own events.
  if (intent !== null && inIntentsMode(call)) return content('charge.updated', intent);
  const charge = await plainCharge(wire, call, name === 'charge.expired' ? { hasLapsed: true } : {});
  return about(chargeTypes[name]?.(wire, charge) ?? 'unknown', charge);
};

const refundStates: Readonly<Record<Refund['status'], ChargeEventType>> = {
  pending: 'refund.updated',
  succeeded: 'refund.succeeded',
  failed: 'refund.failed',
  canceled: 'refund.updated',
  unknown: 'refund.updated',
};

/** The charge of a refund as it is now: the event does not say whether the money had ever been captured. */
const chargeBehind = async (wire: WireRefund, call: Call): Promise<WirePayment | null> => {
  const intent = idOf(wire.payment_intent);
  const id = inIntentsMode(call) ? (intent ?? idOf(wire.charge)) : (idOf(wire.charge) ?? intent);
  return id === null ? null : readWire(id, call);
};

const isRelease = async (wire: WireRefund, payment: WirePayment, call: Call): Promise<boolean> => {
  const latest = payment.object === 'charge' ? payment : payment.latest_charge;
  if (!latest || typeof latest === 'string') return false;
  if (!latest.captured) return true;
  if (releaseAmong(latest, [wire]) === undefined) return false;
  return releaseAmong(latest, await readRefunds({ charge: latest.id }, call))?.id === wire.id;
};

const refundEvent = async (name: string, wire: WireRefund, call: Call): Promise<EventContent> => {
  const payment = await chargeBehind(wire, call);
  if (payment === null) return content('unknown', null);
  const charge = await plainCharge(payment, call);
  if (await isRelease(wire, payment, call)) return content('charge.updated', charge.id, { charge });
  const refund = toRefund(wire, charge.id, call.drift, false);
  const isNew = name === 'refund.created' && refund.status === 'pending';
  const type = isNew ? 'refund.created' : refundStates[refund.status];
  return content(type, charge.id, { charge, refund, stateKey: stateOf(wire.id, refund.status) });
};

/** The one id of the payment behind an object that refers to it. */
const chargeIdOf = (wire: z.infer<typeof relatedSchema>, call: Call): string | null => {
  const intent = idOf(wire.payment_intent);
  const charge = idOf(wire.charge);
  return inIntentsMode(call) ? (intent ?? charge) : (charge ?? intent);
};

const disputeEvent = (
  type: ChargeEventType,
  wire: z.infer<typeof disputeSchema>,
  call: Call,
): EventContent => {
  const stateKey = type === 'dispute.updated' ? null : stateOf(wire.id, type);
  return content(type, chargeIdOf(wire, call), { dispute: toDispute(wire), stateKey });
};

const unreadable = (call: Call): EventContent => {
  call.drift('data.object', 'wrong_type');
  return content('unknown', null);
};

/**
 * Events are rendered in the API version of their endpoint, which may be an old one. A payment whose shape is not known is
 * read in ours.
 */
const readPayment = async <Object extends WirePayment['object']>(
  schema: z.ZodType<Extract<WirePayment, { object: Object }>>,
  object: unknown,
  call: Call,
): Promise<Extract<WirePayment, { object: Object }> | null> => {
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  const id = (object as { id?: unknown } | null)?.id;
  if (typeof id !== 'string') return null;
  const again = schema.safeParse(await readWire(id, call));
  return again.success ? again.data : null;
};

/** What an event of Stripe means. Events that nobody listed are unknown, never an error. */
export const readEvent = async (name: string, object: unknown, call: Call): Promise<EventContent> => {
  if (Object.hasOwn(intentTypes, name)) {
    const intent = await readPayment(intentSchema, object, call);
    return intent === null ? unreadable(call) : intentEvent(name, intent, call);
  }
  if (Object.hasOwn(chargeTypes, name)) {
    const charge = await readPayment(chargeSchema, object, call);
    return charge === null ? unreadable(call) : chargeEvent(name, charge, call);
  }
  if (refundEvents.has(name)) {
    const { data } = refundSchema.safeParse(object);
    return data === undefined ? unreadable(call) : refundEvent(name, data, call);
  }
  const dispute = Object.hasOwn(disputeTypes, name) ? disputeTypes[name] : undefined;
  if (dispute !== undefined) {
    const { data } = disputeSchema.safeParse(object);
    return data === undefined ? unreadable(call) : disputeEvent(dispute, data, call);
  }
  if (hints.has(name)) {
    const { data } = relatedSchema.safeParse(object);
    return content(
      data === undefined ? 'unknown' : 'charge.updated',
      data === undefined ? null : chargeIdOf(data, call),
    );
  }
  return content('unknown', null);
};
