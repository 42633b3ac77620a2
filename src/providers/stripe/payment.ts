import type * as z from 'zod';
import type { Charge } from '../../models/charge.js';
import type { Call, WireRequest } from '../../provider.js';
import { embeddedRefunds, isReleaseAmbiguous, lacksRefunds } from './amounts.js';
import { chargeOfCharge, chargeOfIntent, intentStatus, isLapse, type ReadBesides } from './charge.js';
import { lapseReason } from './refund.js';
import {
  chargeSchema,
  idOf,
  intentSchema,
  paymentSchema,
  refundListSchema,
  type WireCharge,
  type WireIntent,
  type WirePayment,
  type WireRefund,
  type WireRefundWithCharge,
} from './wire.js';

/** The two ways to charge at Stripe. */
export type StripeApi = 'payment_intents' | 'charges';

/** The engine that this client charges with. */
export const apiOf = (call: Pick<Call, 'settings'>): StripeApi =>
  (call.settings as { readonly api?: StripeApi } | undefined)?.api ?? 'payment_intents';

const isIntentId = (id: string): boolean => id.startsWith('pi_');

/** What is expanded of an intent or a charge: the fee stands in the booking of the charge, which comes on request only. */
export const expandedOf = (object: WirePayment['object'], call: Pick<Call, 'include'>): readonly string[] => {
  const booking = call.include.has('fee') ? 'balance_transaction' : null;
  if (object === 'charge') return booking === null ? [] : [booking];
  return [booking === null ? 'latest_charge' : `latest_charge.${booking}`];
};

const intentRequest = (id: string, call: Call): WireRequest => ({
  method: 'GET',
  route: '/v1/payment_intents/{id}',
  ids: { id },
  query: { expand: expandedOf('payment_intent', call) },
});

const chargeRequest = (id: string, call: Call): WireRequest => {
  const expand = expandedOf('charge', call);
  return {
    method: 'GET',
    route: '/v1/charges/{id}',
    ids: { id },
    ...(expand.length === 0 ? {} : { query: { expand } }),
  };
};

/** Reads an intent with its latest charge, or a charge: the id tells which. */
export const paymentRequest = (id: string, call: Call): WireRequest =>
  isIntentId(id) ? intentRequest(id, call) : chargeRequest(id, call);

/** The object that captures, cancels and is updated: a charge that an intent made is left to its intent. */
export interface Owner {
  readonly object: WirePayment['object'];
  readonly id: string;
}

/** The owner of an object that was read. */
export const ownerOf = (wire: WirePayment): Owner => {
  if (wire.object === 'payment_intent') return { object: 'payment_intent', id: wire.id };
  const intent = idOf(wire.payment_intent);
  return intent === null ? { object: 'charge', id: wire.id } : { object: 'payment_intent', id: intent };
};

/** Reads one object by its id. */
const readById = async <Wire extends { readonly id: string }>(
  id: string,
  request: WireRequest,
  response: z.ZodType<Wire>,
  call: Call,
): Promise<Wire> => {
  const { wire } = await call.send(request, response);
  call.checkSame(id, wire.id);
  return wire;
};

/** Reads what an id names, as it is. */
export const readWire = (id: string, call: Call): Promise<WirePayment> =>
  readById(id, paymentRequest(id, call), paymentSchema, call);

/** The owner of an id. An intent's id says it; a charge has to be read. */
export const findOwner = async (id: string, call: Call): Promise<Owner> =>
  isIntentId(id) ? { object: 'payment_intent', id } : ownerOf(await readWire(id, call));

/**
 * The object that an update changes: the one that is shown. Charges and intents have metadata and a description each, so in
 * charges mode that is the charge, also where an intent made it.
 */
export const findShown = async (id: string, call: Call): Promise<Owner> => {
  if (apiOf(call) === 'payment_intents') return findOwner(id, call);
  if (!isIntentId(id)) return { object: 'charge', id };
  const wire = await readWire(id, call);
  const charge = wire.object === 'charge' ? wire.id : idOf(wire.latest_charge);
  return charge === null ? { object: 'payment_intent', id } : { object: 'charge', id: charge };
};

/** Every refund of a charge or an intent, newest first. */
export const readRefunds = async (
  filter: { readonly charge: string } | { readonly payment_intent: string },
  call: Call,
): Promise<WireRefund[]> => {
  const refunds = await call.readPages({
    page: async (cursor) => {
      const query = { ...filter, limit: 100, starting_after: cursor ?? undefined };
      const { wire } = await call.send({ method: 'GET', route: '/v1/refunds', query }, refundListSchema);
      return { items: wire.data, next: wire.data.at(-1)?.id ?? null, hasMore: wire.has_more };
    },
    idOf: ({ id }) => id,
  });
  const [object, id] =
    'charge' in filter
      ? (['charge', filter.charge] as const)
      : (['payment_intent', filter.payment_intent] as const);
  for (const refund of refunds) checkRefundOf(refund, { object, id }, call);
  return refunds;
};

/** A refund names what it was made of: one of another payment is somebody else's answer. */
export const checkRefundOf = (
  refund: WireRefund | WireRefundWithCharge,
  { object, id }: Owner,
  call: Call,
): void => {
  const named = idOf(refund[object]);
  if (named !== null) call.checkSame(id, named);
};

const readIntent = (id: string, call: Call): Promise<WireIntent> =>
  readById(id, intentRequest(id, call), intentSchema, call);

/** Reads a charge by its own id, whatever stands for the payment. */
export const readCharge = (id: string, call: Call): Promise<WireCharge> =>
  readById(id, chargeRequest(id, call), chargeSchema, call);

/** How a payment is completed where its own objects do not say everything. */
export interface Completion {
  /** The refunds, where the caller knows them: a charge that was captured a moment ago has none. */
  readonly refunds?: readonly WireRefund[];
  /** Whether an uncaptured charge lapsed, where the caller knows it. */
  readonly hasLapsed?: boolean;
  readonly withRaw?: boolean;
}

/** Refunds are read only where numbers are ambiguous, or where they tell a lapse from a void. */
const readBesides = async (
  charge: WireCharge | null,
  intent: WireIntent | null,
  call: Call,
  completion: Completion,
): Promise<ReadBesides> => {
  const rest = { hasLapsed: completion.hasLapsed ?? false, withRaw: completion.withRaw ?? true };
  if (charge === null) {
    // A paid intent without its charge still has its refunds, by its own id.
    if (completion.refunds !== undefined) return { ...rest, refunds: completion.refunds };
    const isPaid = intent?.status === 'succeeded';
    return { ...rest, refunds: isPaid ? await readRefunds({ payment_intent: intent.id }, call) : null };
  }
  const known = completion.refunds ?? embeddedRefunds(charge);
  if (charge.captured) {
    const isNeeded = isReleaseAmbiguous(charge) || lacksRefunds(charge);
    return { refunds: known ?? (isNeeded ? await readRefunds({ charge: charge.id }, call) : null), ...rest };
  }
  const isReleased = charge.refunded && charge.status !== 'failed' && charge.status !== 'pending';
  if (!isReleased || completion.hasLapsed !== undefined) return { ...rest, refunds: null };
  const intentId = idOf(charge.payment_intent);
  if (intentId !== null) {
    // An intent says itself why it ended.
    return { ...rest, refunds: null, hasLapsed: isLapse(intent ?? (await readIntent(intentId, call))) };
  }
  const refunds = known ?? (await readRefunds({ charge: charge.id }, call));
  return { ...rest, refunds, hasLapsed: refunds.some(({ reason }) => reason === lapseReason) };
};

/** The latest charge of an intent; read where only its id came and the intent cannot do without: unpaid ones can. */
const latestChargeOf = async (intent: WireIntent, call: Call): Promise<WireCharge | null> => {
  const latest = intent.latest_charge ?? null;
  if (typeof latest !== 'string') return latest;
  const isPaid = intentStatus(intent) === 'captured';
  return isPaid || apiOf(call) === 'charges' ? readCharge(latest, call) : null;
};

/**
 * The one charge that an object stands for. In intents mode that is the intent, whichever of its ids was asked; in charges
 * mode it is the charge, and an intent only where it has none yet.
 */
export const toCharge = async (
  wire: WirePayment,
  call: Call,
  completion: Completion = {},
): Promise<Charge> => {
  const inIntentsMode = apiOf(call) === 'payment_intents';
  if (wire.object === 'charge') {
    const intent = idOf(wire.payment_intent);
    if (inIntentsMode && intent !== null) return toCharge(await readIntent(intent, call), call, completion);
    return chargeOfCharge(wire, await readBesides(wire, null, call, completion), call.drift);
  }
  const latest = await latestChargeOf(wire, call);
  if (!inIntentsMode && latest !== null) {
    return chargeOfCharge(latest, await readBesides(latest, wire, call, completion), call.drift);
  }
  const read: ReadBesides =
    wire.status === 'succeeded'
      ? await readBesides(latest, wire, call, completion)
      : { refunds: null, hasLapsed: false, withRaw: completion.withRaw ?? true };
  return chargeOfIntent(wire, latest, read, call.drift);
};

/** The charges of a page, in its order. */
export const toCharges = (page: readonly WirePayment[], call: Call): Promise<Charge[]> =>
  call.readItems(page, (wire) => toCharge(wire, call));
