import * as z from 'zod';
import type { Query } from '../../adapter/endpoint.js';
import { everyPage } from '../../adapter/page-rows.js';
import { paging } from '../../adapter/paging.js';
import { resource } from '../../adapter/resource.js';
import type { Charge } from '../../models/charge.js';
import { memberOf } from '../../models/objects.js';
import { lastIdOf } from '../../models/paging.js';
import type { Call } from '../../provider.js';
import { embeddedRefunds, isReleaseAmbiguous, lacksRefunds, releaseAmong } from './amounts.js';
import {
  chargeOfCharge,
  chargeOfIntent,
  intentStatus,
  isLapse,
  toRefund,
  type ExtraReads,
} from './charge.js';
import {
  chargeSchema,
  idOf,
  intentSchema,
  paymentSchema,
  refundSchema,
  type WireCharge,
  type WireIntent,
  type WirePayment,
  type WireRefund,
  type WireRelated,
} from './wire.js';

/** The two ways to charge at Stripe. */
export type StripeApi = 'payment_intents' | 'charges';

/** The API that this client charges with. */
export const apiOf = (call: Pick<Call, 'settings'>): StripeApi =>
  memberOf(call.settings, 'api') === 'charges' ? 'charges' : 'payment_intents';

/** Whether an id is an intent's. */
export const isIntentId = (id: string): boolean => id.startsWith('pi_');

/** What is expanded of an intent or a charge: the fee stands in the balance transaction of the charge, only on request. */
export const expandedOf = (object: WirePayment['object'], call: Pick<Call, 'include'>): readonly string[] => {
  const feeExpansion = call.include.has('fee') ? ['balance_transaction'] : [];
  return object === 'charge' ? feeExpansion : [['latest_charge', ...feeExpansion].join('.')];
};

const expanding = (object: WirePayment['object'], call: Call): { readonly query: Query } => ({
  query: { expand: expandedOf(object, call) },
});

const intents = resource({
  at: 'GET /v1/payment_intents/{id}',
  schema: intentSchema,
  read: (wire: WireIntent, call: Call) => toCharge(wire, call),
});
const charges = resource({
  at: 'GET /v1/charges/{id}',
  schema: chargeSchema,
  read: (wire: WireCharge, call: Call) => toCharge(wire, call),
});

const readIntent = (id: string, call: Call): Promise<WireIntent> =>
  intents.fetch(id, call, expanding('payment_intent', call));

/** Reads a charge by its own id, whatever stands for the payment. */
export const readCharge = (id: string, call: Call): Promise<WireCharge> =>
  charges.fetch(id, call, expanding('charge', call));

/** Reads what an id names, as it is: an intent with its latest charge, or a charge. */
export const readWire = (id: string, call: Call): Promise<WirePayment> =>
  isIntentId(id) ? readIntent(id, call) : readCharge(id, call);

/** What stands for a payment: an intent, or a charge that was made without one. */
export const payments = {
  ...resource({
    at: 'GET /v1/charges/{id}',
    schema: paymentSchema,
    createdAt: ['created'],
    read: (wire: WirePayment, call: Call) => toCharge(wire, call),
  }),
  fetch: readWire,
};

/** The id of the payment that an object refers to. */
export const paymentIdOf = (wire: WireRelated, call: Call): string | null => {
  const [intent, charge] = [idOf(wire.payment_intent), idOf(wire.charge)];
  return apiOf(call) === 'payment_intents' ? (intent ?? charge) : (charge ?? intent);
};

/** A refund names its payment in one way or two. */
export const refunds = resource({
  at: 'GET /v1/refunds/{id}',
  schema: refundSchema,
  createdAt: ['created'],
  read: (wire: WireRefund, call: Call) => toRefund(wire, paymentIdOf(wire, call) ?? '', call.drift),
});

const cursors = { payment_intents: /^pi_\w+$/, charges: /^(?:ch|py)_\w+$/ } as const;

/** What a page of a list or a search says besides its objects. */
export const pageEnds = { has_more: z.boolean(), next_page: z.string().nullish() };

/** A list goes on after the last object of a page, by its id. */
export const lastIds = paging(pageEnds, {
  isCursor: (cursor, call) => cursors[apiOf(call)].test(cursor),
  query: (cursor, limit) => ({ limit, starting_after: cursor ?? undefined }),
  end: (page, { items }) => ({ next: lastIdOf(items), hasMore: page.has_more }),
  largest: 100,
});

/** The object that captures, cancels and is updated: a charge that an intent made is left to its intent. */
export interface Owner {
  readonly object: WirePayment['object'];
  readonly id: string;
}

/** The owner of an object that was read. */
export const ownerOf = (wire: WirePayment): Owner => {
  const intent = wire.object === 'payment_intent' ? wire.id : idOf(wire.payment_intent);
  return intent === null ? { object: 'charge', id: wire.id } : { object: 'payment_intent', id: intent };
};

/** The owner of an id. An intent's id says it; a charge has to be read. */
export const findOwner = async (id: string, call: Call): Promise<Owner> =>
  isIntentId(id) ? { object: 'payment_intent', id } : ownerOf(await readWire(id, call));

/** The id of the payment as `create` and `list` show it. */
export const chargeIdOf = (wire: WirePayment, call: Call): string => {
  if (apiOf(call) === 'payment_intents') return ownerOf(wire).id;
  return wire.object === 'charge' ? wire.id : (idOf(wire.latest_charge) ?? wire.id);
};

/** A refund names what it was made of: one of another payment is somebody else's answer. */
export const checkRefundOf = (refund: WireRefund, { object, id }: Owner, call: Call): void => {
  const named = idOf(refund[object]);
  if (named !== null) call.checkSame(id, named);
};

const everyRefund = everyPage({ schema: refundSchema }, lastIds);

/** Every refund of a charge or an intent, newest first. */
export const readRefunds = async (owner: Owner, call: Call): Promise<readonly WireRefund[]> => {
  const all = await everyRefund(
    (page) => ({ method: 'GET', route: '/v1/refunds', query: { [owner.object]: owner.id, ...page } }),
    call,
  );
  for (const refund of all) checkRefundOf(refund, owner, call);
  return all;
};

const refundsOfCharge = ({ id }: WireCharge, call: Call) => readRefunds({ object: 'charge', id }, call);

/** Whether an entry only released what was never taken. The list is read where the entry looks like a remainder. */
export const isRelease = async (refund: WireRefund, charge: WireCharge, call: Call): Promise<boolean> => {
  if (!charge.captured) return true;
  if (releaseAmong(charge, [refund]) === undefined) return false;
  return releaseAmong(charge, await refundsOfCharge(charge, call))?.id === refund.id;
};

/** How a payment is completed where its own objects do not say everything. */
export interface Completion {
  /** The refunds, where the caller knows them: a charge that was captured a moment ago has none. */
  readonly refunds?: readonly WireRefund[];
  /** Whether an uncaptured charge lapsed, where the caller knows it. */
  readonly hasLapsed?: boolean;
  readonly withRaw?: boolean;
}

/** The release of an authorization that lapsed, which Stripe books as a refund. */
const lapseReason = 'expired_uncaptured_charge';

/** Refunds are read only where numbers are ambiguous, or where they tell a lapse from a void. */
const readBesides = async (
  charge: WireCharge | null,
  intent: WireIntent | null,
  call: Call,
  completion: Completion,
): Promise<ExtraReads> => {
  const { refunds: given, hasLapsed = false, withRaw = true } = completion;
  const rest = { hasLapsed, withRaw, refunds: null };
  if (charge === null) {
    // A paid intent without its charge still has its refunds, by its own id.
    if (given !== undefined || intent?.status !== 'succeeded') return { ...rest, refunds: given ?? null };
    return { ...rest, refunds: await readRefunds(ownerOf(intent), call) };
  }
  const known = given ?? embeddedRefunds(charge);
  if (charge.captured) {
    const isNeeded = known === null && (isReleaseAmbiguous(charge) || lacksRefunds(charge));
    return { ...rest, refunds: isNeeded ? await refundsOfCharge(charge, call) : known };
  }
  const isReleased = charge.refunded && charge.status !== 'failed' && charge.status !== 'pending';
  if (!isReleased || completion.hasLapsed !== undefined) return rest;
  const intentId = idOf(charge.payment_intent);
  // An intent says itself why it ended.
  if (intentId !== null) return { ...rest, hasLapsed: isLapse(intent ?? (await readIntent(intentId, call))) };
  const all = known ?? (await refundsOfCharge(charge, call));
  return { ...rest, refunds: all, hasLapsed: all.some(({ reason }) => reason === lapseReason) };
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
  if (!inIntentsMode && latest !== null)
    return chargeOfCharge(latest, await readBesides(latest, wire, call, completion), call.drift);
  const read: ExtraReads =
    wire.status === 'succeeded'
      ? await readBesides(latest, wire, call, completion)
      : { refunds: null, hasLapsed: false, withRaw: completion.withRaw ?? true };
  return chargeOfIntent(wire, latest, read, call.drift);
};
