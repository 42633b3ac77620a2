import * as z from 'zod';
import { InvalidRequestError } from '../../errors.js';
import { attach } from '../../models/attachments.js';
import type { Charge } from '../../models/charge.js';
import type { Dispute } from '../../models/dispute.js';
import type { ChargeEventType, ReportedEvent } from '../../models/event.js';
import type { Refund } from '../../models/refund.js';
import type { Call, ReportDrift } from '../../provider.js';
import { toCharge } from './charge.js';
import { readPayment } from './charge-rows.js';
import { toDispute } from './dispute.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import { toRefund } from './refund.js';
import {
  paymentWireSchema,
  refundAnswerSchema,
  refundWireSchema,
  type PaymentWire,
  type RefundWire,
} from './wire.js';

const eventSchema = z.object({
  id: z.string().min(1),
  event_name: z.string().min(1),
  data: z.unknown().optional(),
});

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Events whose data is a payment. The word of the event is not believed: the payment's own state is told. */
const paymentEvents: ReadonlySet<string> = new Set([
  'payment.created',
  'payment.pending',
  'payment.authorized',
  'payment.succeeded',
  'payment.captured',
  'payment.failed',
  'payment.canceled',
]);

/** Events whose data is a refund, with no payment around it. */
const refundEvents: ReadonlySet<string> = new Set(['payment.refunded', 'payment.refund.updated']);

const disputeEvents: Readonly<Record<string, ChargeEventType>> = {
  'payment.dispute.created': 'dispute.opened',
  'payment.dispute.closed': 'dispute.closed',
  'payment.dispute.forfeited': 'dispute.updated',
  'payment.dispute.submitted': 'dispute.updated',
  'payment.dispute.funds_returned': 'dispute.updated',
  'payment.dispute_evidence.created': 'dispute.updated',
  'payment.dispute_evidence.uploaded': 'dispute.updated',
};

const refuse = (message: string): never => {
  throw new InvalidRequestError({
    message: `justifi: ${message}`,
    provider: 'justifi',
    operation: 'parseWebhook',
    outcome: 'not_sent',
  });
};

/** A platform hears of all its sub accounts: what is read for an event is read in the account of the event. */
const accountHeaders = (event: Fields, call: Call): Readonly<Record<string, string>> => {
  const account = textOf(event.account_id);
  const { subAccount, sellerAccount } = call.settings as {
    readonly subAccount?: string | undefined;
    readonly sellerAccount?: string | undefined;
  };
  const configured = subAccount ?? sellerAccount;
  const isOther = configured !== undefined && account?.startsWith('acc_') === true && account !== configured;
  // Under the name that the settings use: two names would name two accounts.
  return isOther ? { [subAccount === undefined ? 'seller-account' : 'sub-account']: account } : {};
};

/** The payment of an event; what cannot be read in it is fetched. */
const paymentOf = async (event: Fields, call: Call): Promise<PaymentWire> => {
  if (paymentWireSchema.safeParse(event.data).success) return event.data as PaymentWire;
  const id = textOf(fieldsOf(event.data).id) ?? refuse('the event holds no payment');
  return readPayment(id, call, accountHeaders(event, call));
};

/** The refund of an event, with the currency of its payment, which is read. */
const refundOf = async (event: Fields, call: Call): Promise<Refund> => {
  const headers = accountHeaders(event, call);
  let wire: RefundWire;
  if (refundWireSchema.safeParse(event.data).success) wire = event.data as RefundWire;
  else {
    const refundId = textOf(fieldsOf(event.data).id) ?? refuse('the event holds no refund');
    const request = { method: 'GET', route: '/v1/refunds/{refundId}', ids: { refundId }, headers } as const;
    wire = (await call.send(request, refundAnswerSchema)).wire.data;
    call.checkSame(refundId, wire.id);
  }
  const payment = await readPayment(wire.payment_id ?? refuse('the refund names no payment'), call, headers);
  return toRefund(wire, payment, call.drift);
};

const chargeEventType = (charge: Charge, name: string): ChargeEventType => {
  switch (charge.status) {
    case 'pending':
      return name === 'payment.created' || name === 'payment.pending' ? 'charge.created' : 'charge.updated';
    case 'unknown':
      return 'charge.updated';
    default:
      return `charge.${charge.status}`;
  }
};

const refundEventType = (refund: Refund, name: string): ChargeEventType => {
  switch (refund.status) {
    case 'pending':
      return name === 'payment.refunded' ? 'refund.created' : 'refund.updated';
    case 'succeeded':
    case 'failed':
      return `refund.${refund.status}`;
    default:
      return 'refund.updated';
  }
};

/** A dispute: alone, or as the last one inside its payment. Evidence alone is none. */
const disputeOf = (
  data: unknown,
  drift: ReportDrift,
): { readonly dispute: Dispute | null; readonly chargeId: string | null } => {
  const outer = fieldsOf(data);
  const inner: unknown = Array.isArray(outer.disputes) ? outer.disputes.at(-1) : undefined;
  const fields = inner === undefined ? outer : fieldsOf(inner);
  const chargeId = textOf(fields.payment_id) ?? (inner === undefined ? null : textOf(outer.id));
  const [id, status] = [textOf(fields.id), textOf(fields.status)];
  if (id?.startsWith('dp_') !== true || status === null) return { dispute: null, chargeId };
  const amount = fields.amount ?? fields.amount_cents;
  const wire = {
    id,
    status,
    amount: Number.isSafeInteger(amount) ? (amount as number) : null,
    currency: textOf(fields.currency),
    reason: textOf(fields.reason),
    created_at: textOf(fields.created_at),
  };
  return { dispute: toDispute(wire, null, drift), chargeId };
};

/** The mode of an event is that of its account. */
export const livemodeOf = (payload: unknown): boolean | null => {
  const { account_type: accountType } = fieldsOf(payload);
  return accountType === 'live' ? true : accountType === 'test' ? false : null;
};

/** Reads a verified event. `data` is the resource itself, without the envelope of the answers. */
export const toEvent = async (payload: unknown, call: Call): Promise<ReportedEvent> => {
  const parsed = eventSchema.safeParse(payload);
  if (!parsed.success) return refuse('the payload is no event');
  const { id, event_name: name } = parsed.data;
  const event = payload as Fields;

  const build = (facts: {
    readonly type: ChargeEventType;
    readonly state: string;
    readonly chargeId?: string | null;
    readonly charge?: Charge;
    readonly refund?: Refund;
    readonly dispute?: Dispute | null;
  }): ReportedEvent =>
    attach(
      {
        id,
        provider: 'justifi',
        type: facts.type,
        chargeId: facts.chargeId ?? null,
        charge: facts.charge ?? null,
        refund: facts.refund ?? null,
        dispute: facts.dispute ?? null,
        createdAt: readTimestamp(textOf(event.created_at), 'created_at', call.drift),
        livemode: livemodeOf(event),
        dedupeKey: `justifi:${id}`,
        // `payment.succeeded` and `payment.captured` may come as twins: the state that was reached is the same.
        stateKey: `justifi:${facts.state}`,
      },
      { raw: payload },
    );

  if (paymentEvents.has(name)) {
    const charge = toCharge(await paymentOf(event, call), call.drift);
    const type = chargeEventType(charge, name);
    return build({ type, state: `${charge.id}:${charge.status}`, chargeId: charge.id, charge });
  }
  if (refundEvents.has(name)) {
    const refund = await refundOf(event, call);
    const type = refundEventType(refund, name);
    return build({ type, state: `${refund.id}:${refund.status}`, chargeId: refund.chargeId, refund });
  }
  const disputeType = Object.hasOwn(disputeEvents, name) ? disputeEvents[name] : undefined;
  if (disputeType !== undefined) {
    const { dispute, chargeId } = disputeOf(event.data, call.drift);
    const state = dispute === null ? id : `${dispute.id}:${dispute.status}`;
    return build({ type: disputeType, state, chargeId, dispute });
  }
  return build({ type: 'unknown', state: id });
};
