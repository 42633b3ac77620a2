import type { AdapterRow } from '../../adapter/rows.js';
import { ConflictError, NotFoundError } from '../../errors.js';
import type { Refund } from '../../models/refund.js';
import type { Call } from '../../provider.js';
import { withoutReleases } from './amounts.js';
import { wireAmount } from './changes.js';
import { chargeStatus, intentStatus, toRefund } from './charge.js';
import { fromWireCurrency } from './currency.js';
import type { StripeTypes } from './options.js';
import { metadataIssues, metadataLimits } from './params.js';
import {
  apiOf,
  chargeIdOf,
  checkRefundOf,
  findOwner,
  isIntentId,
  isRelease,
  ownerOf,
  readCharge,
  readRefunds,
  readWire,
  type Owner,
} from './payment.js';
import {
  idOf,
  refundWithChargeSchema,
  type WireCharge,
  type WirePayment,
  type WireRefundWithCharge,
} from './wire.js';

const statusOf = (wire: WirePayment) =>
  wire.object === 'payment_intent' ? intentStatus(wire) : chargeStatus(wire, false);

/** Whether money may have been taken: where the status is none that we know, Stripe tells whether it can go back. */
const mayBeCaptured = (wire: WirePayment, namesAmount: boolean): boolean => {
  const status = statusOf(wire);
  if (status !== 'unknown') return status === 'captured';
  return wire.object === 'payment_intent' ? namesAmount || (wire.amount_received ?? 0) > 0 : wire.captured;
};

/** What is recorded before a refund. */
export interface PreparedRefund {
  readonly owner: Owner;
  readonly chargeId: string;
  /** In Stripe's units; null leaves it to Stripe, which gives back what is left. */
  readonly amount: number | null;
}

export const refund: AdapterRow<StripeTypes, 'refund', PreparedRefund> = {
  to: 'POST /v1/refunds',
  partial: true,
  metadata: true,
  metadataLimits,
  check: ({ params }) => metadataIssues(params.metadata),
  /**
   * Read first: only the charge tells its currency, and a refund of an authorization would release it, which is a void and
   * no refund.
   */
  prepare: async ({ id, params }, call) => {
    const wire = await readWire(id, call);
    if (!mayBeCaptured(wire, params.amount !== undefined)) {
      const status = statusOf(wire);
      const message = `only captured money can be refunded; this payment is ${status === 'authorized' ? 'authorized: void it instead' : status}`;
      throw new ConflictError({ message, outcome: 'rejected', chargeId: id });
    }
    return {
      owner: ownerOf(wire),
      chargeId: chargeIdOf(wire, call),
      amount: wireAmount('amount', params.amount, fromWireCurrency(wire.currency)),
    };
  },
  form: ({ params, options, metadata }, { prepared: { owner, amount } }) => ({
    [owner.object]: owner.id,
    amount: amount ?? undefined,
    reason: params.reason === 'other' ? undefined : params.reason,
    metadata,
    refund_application_fee: options.refundApplicationFee,
    reverse_transfer: options.reverseTransfer,
    instructions_email: options.instructionsEmail,
  }),
  output: ({ wire }, call) => {
    const { owner, chargeId } = call.prepared;
    checkRefundOf(wire, owner, call);
    return toRefund(wire, chargeId, call.drift);
  },
};

/** The charge inside an intent that was read, or the charge itself; null where nothing was attempted. */
const chargeInside = async (wire: WirePayment, call: Call): Promise<WireCharge | null> => {
  if (wire.object === 'charge') return wire;
  const latest = wire.latest_charge ?? null;
  return typeof latest === 'string' ? readCharge(latest, call) : latest;
};

/** Two reads: the list alone does not tell a refund from the release of an authorization or of its remainder. */
export const readListedRefunds = async (id: string, call: Call): Promise<readonly Refund[]> => {
  const wire = await readWire(id, call);
  const inside = await chargeInside(wire, call);
  // What was never captured was never given back.
  if (inside === null ? statusOf(wire) !== 'captured' : !inside.captured) return [];
  const entries = await readRefunds(ownerOf(wire), call);
  // The refunds of a paid intent that does not name its charge name it themselves.
  const named = entries.map(({ charge }) => idOf(charge)).find((each) => each !== null);
  const charge = inside ?? (named === undefined ? null : await readCharge(named, call));
  const chargeId = chargeIdOf(wire, call);
  const refunds = charge === null ? entries : withoutReleases(charge, entries);
  return refunds.map((each) => toRefund(each, chargeId, call.drift));
};

const belongsTo = ({ payment_intent, charge }: WireRefundWithCharge, id: string): boolean =>
  [payment_intent, charge, typeof charge === 'object' ? charge?.payment_intent : null].some(
    (each) => idOf(each) === id,
  );

/** Whether a refund is one of a payment, whichever of its ids was asked: an earlier attempt stands for its intent, too. */
const isOf = async (wire: WireRefundWithCharge, id: string, call: Call): Promise<boolean> => {
  if (belongsTo(wire, id)) return true;
  if (isIntentId(id) || apiOf(call) === 'charges') return false;
  return belongsTo(wire, (await findOwner(id, call)).id);
};

export const retrieveRefund: AdapterRow<StripeTypes, 'retrieveRefund', unknown, WireRefundWithCharge> = {
  to: 'GET /v1/refunds/{refundId}',
  query: () => ({ expand: ['charge'] }),
  schema: refundWithChargeSchema,
  output: async ({ wire }, call, { id, refundId }) => {
    call.checkSame(refundId, wire.id);
    const refuse = (message: string): never => {
      throw new NotFoundError({ message, outcome: 'not_sent', chargeId: id });
    };
    if (!(await isOf(wire, id, call))) refuse('the charge has no such refund');
    const named = wire.charge ?? null;
    const charge = typeof named === 'string' ? await chargeInside(await readWire(named, call), call) : named;
    if (charge !== null && (await isRelease(wire, charge, call)))
      refuse('this is a release of an authorization, not a refund');
    return toRefund(wire, charge === null ? id : chargeIdOf(charge, call), call.drift);
  },
};
