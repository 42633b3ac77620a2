import { ConflictError, NotFoundError } from '../../errors.js';
import { stampMetadata } from '../../models/attachments.js';
import type { Call, RequestRow, RunRow } from '../../provider.js';
import { releaseAmong, withoutReleases } from './amounts.js';
import { readAmount } from './changes.js';
import { chargeStatus, intentStatus } from './charge.js';
import { fromWireCurrency } from './currency.js';
import { refundOptions, stripeRefundParamsSchema } from './options.js';
import { refundIssues } from './params.js';
import {
  apiOf,
  checkRefundOf,
  findOwner,
  ownerOf,
  readCharge,
  readRefunds,
  readWire,
  type Owner,
} from './payment.js';
import { toRefund } from './refund.js';
import {
  idOf,
  refundSchema,
  refundWithChargeSchema,
  type WireCharge,
  type WirePayment,
  type WireRefund,
  type WireRefundWithCharge,
} from './wire.js';

/** The charge inside an intent that was read, or the charge itself; null where nothing was attempted. */
const chargeInside = async (wire: WirePayment, call: Call): Promise<WireCharge | null> => {
  if (wire.object === 'charge') return wire;
  const latest = wire.latest_charge ?? null;
  return typeof latest === 'string' ? readCharge(latest, call) : latest;
};

/** The status of a payment in words, with what an authorization can have instead. */
const statusOf = (wire: WirePayment): string => {
  const status = wire.object === 'payment_intent' ? intentStatus(wire) : chargeStatus(wire, false);
  return status === 'authorized' ? 'authorized: void it instead' : status;
};

const isCaptured = (wire: WirePayment): boolean =>
  wire.object === 'payment_intent'
    ? intentStatus(wire) === 'captured'
    : wire.captured && wire.status === 'succeeded';

/** Whether money may have been taken although the status is none that we know: then Stripe tells whether it can go back. */
const mayBeCaptured = (wire: WirePayment, namesAmount: boolean): boolean =>
  wire.object === 'payment_intent'
    ? intentStatus(wire) === 'unknown' && (namesAmount || (wire.amount_received ?? 0) > 0)
    : wire.captured && chargeStatus(wire, false) === 'unknown';

/** The one id of the payment, as `create` and `list` show it. */
const chargeIdOf = (wire: WirePayment, call: Call): string => {
  if (apiOf(call) === 'payment_intents') return ownerOf(wire).id;
  return wire.object === 'charge' ? wire.id : (idOf(wire.latest_charge) ?? wire.id);
};

/** What is recorded before a refund. */
export interface PreparedRefund {
  readonly owner: Owner;
  readonly chargeId: string;
  /** In Stripe's units; null leaves it to Stripe, which gives back what is left. */
  readonly amount: number | null;
}

export const refund = {
  params: stripeRefundParamsSchema,
  capability: { partial: true, metadata: true },
  check: ({ params }) => refundIssues(params.metadata),
  /**
   * Read first: only the charge tells its currency, and a refund of an authorization would release it, which is a void and
   * no refund.
   */
  prepare: async ({ id, params }, call): Promise<PreparedRefund> => {
    const wire = await readWire(id, call);
    if (!isCaptured(wire) && !mayBeCaptured(wire, params.amount !== undefined)) {
      const message = `only captured money can be refunded; this payment is ${statusOf(wire)}`;
      throw new ConflictError({ message, outcome: 'rejected', chargeId: id });
    }
    return {
      owner: ownerOf(wire),
      chargeId: chargeIdOf(wire, call),
      amount: readAmount('amount', params.amount, fromWireCurrency(wire.currency)),
    };
  },
  request: ({ params }, call) => {
    const { owner, amount } = call.prepared as PreparedRefund;
    const options = refundOptions(params);
    return {
      method: 'POST',
      route: '/v1/refunds',
      form: {
        [owner.object]: owner.id,
        amount: amount ?? undefined,
        reason: params.reason === 'other' ? undefined : params.reason,
        metadata: stampMetadata(params.metadata, call.idempotencyKey),
        refund_application_fee: options.refundApplicationFee,
        reverse_transfer: options.reverseTransfer,
        instructions_email: options.instructionsEmail,
      },
    };
  },
  response: refundSchema,
  output: ({ wire }, call) => {
    const { owner, chargeId } = call.prepared as PreparedRefund;
    checkRefundOf(wire, owner, call);
    return toRefund(wire, chargeId, call.drift);
  },
} satisfies RequestRow<'refund', WireRefund>;

/** The charge of the refunds of a paid intent that does not name it. */
const chargeBehind = async (refunds: readonly WireRefund[], call: Call): Promise<WireCharge | null> => {
  const id = refunds.map(({ charge }) => idOf(charge)).find((each) => each !== null);
  return id === undefined ? null : readCharge(id, call);
};

/** Two reads: the list alone does not tell a refund from the release of an authorization or of its remainder. */
export const listRefunds = {
  run: async ({ id }, call) => {
    const wire = await readWire(id, call);
    const inside = await chargeInside(wire, call);
    // What was never captured was never given back.
    if (inside === null ? !isCaptured(wire) : !inside.captured) return [];
    const owner = ownerOf(wire);
    const filter = owner.object === 'charge' ? { charge: owner.id } : { payment_intent: owner.id };
    const entries = await readRefunds(filter, call);
    const charge = inside ?? (await chargeBehind(entries, call));
    const chargeId = chargeIdOf(wire, call);
    const refunds = charge === null ? entries : withoutReleases(charge, entries);
    return refunds.map((each) => toRefund(each, chargeId, call.drift));
  },
} satisfies RunRow<'listRefunds'>;

const belongsTo = (wire: WireRefundWithCharge, id: string): boolean =>
  idOf(wire.payment_intent) === id ||
  idOf(wire.charge) === id ||
  (typeof wire.charge === 'object' && idOf(wire.charge?.payment_intent) === id);

/** Whether a refund is one of a payment, whichever of its ids was asked: an earlier attempt stands for its intent, too. */
const isOf = async (wire: WireRefundWithCharge, id: string, call: Call): Promise<boolean> => {
  if (belongsTo(wire, id)) return true;
  if (id.startsWith('pi_') || apiOf(call) === 'charges') return false;
  return belongsTo(wire, (await findOwner(id, call)).id);
};

/** Whether an entry only released what was never taken. The list is read where the entry looks like a remainder. */
const isRelease = async (wire: WireRefundWithCharge, charge: WireCharge, call: Call): Promise<boolean> => {
  if (!charge.captured) return true;
  const entry: WireRefund = { ...wire, charge: charge.id };
  if (releaseAmong(charge, [entry]) === undefined) return false;
  return releaseAmong(charge, await readRefunds({ charge: charge.id }, call))?.id === wire.id;
};

export const retrieveRefund = {
  request: ({ refundId }) => ({
    method: 'GET',
    route: '/v1/refunds/{refundId}',
    ids: { refundId },
    query: { expand: ['charge'] },
  }),
  response: refundWithChargeSchema,
  output: async ({ wire }, call, { id, refundId }) => {
    call.checkSame(refundId, wire.id);
    const refuse = (message: string): never => {
      throw new NotFoundError({ message, outcome: 'not_sent', chargeId: id });
    };
    if (!(await isOf(wire, id, call))) refuse('the charge has no such refund');
    const chargeReference = idOf(wire.charge);
    const charge =
      wire.charge && typeof wire.charge === 'object'
        ? wire.charge
        : chargeReference === null
          ? null
          : await chargeInside(await readWire(chargeReference, call), call);
    if (charge && (await isRelease(wire, charge, call)))
      refuse('this is a release of an authorization, not a refund');
    return toRefund(wire, charge ? chargeIdOf(charge, call) : id, call.drift);
  },
} satisfies RequestRow<'retrieveRefund', WireRefundWithCharge>;
