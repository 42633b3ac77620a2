import { cardOf, failureWith, makeCharge, type CapturedMoney } from '../../adapter/charge.js';
import type { Endpoint } from '../../adapter/endpoint.js';
import { rowOf, textOf } from '../../adapter/fields.js';
import { makeRefund, refundReasonOf, refundedBy } from '../../adapter/refund.js';
import { resource, type ChargeResource } from '../../adapter/resource.js';
import type { Charge, ChargeStatus, PaymentMethod, ThreeDS } from '../../models/charge.js';
import { unknownDecline } from '../../models/decline.js';
import type { Failure, Refund, RefundStatus } from '../../models/refund.js';
import type { Call, ReportDrift } from '../../provider.js';
import { declines } from './errors.js';
import {
  chargeWire,
  paymentWire,
  paymentWithRefundsWire,
  refundWire,
  type ChargeWire,
  type PaymentWire,
  type RefundWire,
} from './wire.js';

/** The words of intents and of payments; no word means two things. */
const statuses: Readonly<Record<string, ChargeStatus>> = {
  awaiting_next_action: 'requires_action',
  awaiting_capture: 'authorized',
  processing: 'pending',
  succeeded: 'captured',
  // In a model of the API that somebody else wrote, and nowhere in PayMongo's own pages.
  cancelled: 'voided',
  pending: 'pending',
  paid: 'captured',
  failed: 'failed',
};

/** An intent that waits for a payment method was never charged, or its last attempt came to nothing. */
const statusOf = ({ attributes: { status, last_payment_error: error } }: ChargeWire): ChargeStatus => {
  if (status === 'awaiting_payment_method') return error == null ? 'pending' : 'failed';
  return rowOf(statuses, status) ?? 'unknown';
};

/** Seconds since 1970 as ISO 8601 text. */
export const isoTime = (seconds: number | null | undefined): string | null =>
  seconds == null ? null : new Date(seconds * 1000).toISOString();

/** Whether an id is that of a payment, and not of an intent. */
export const isPaymentId = (id: string): boolean => id.startsWith('pay_');

/** Where a charge is read, by the kind of its id. */
export const readAt = (id: string): Endpoint =>
  isPaymentId(id) ? 'GET /v1/payments/{id}' : 'GET /v1/payment_intents/{id}';

const payments = resource({
  at: 'GET /v1/payments/{id}',
  in: 'data',
  schema: paymentWire,
  read: (wire: PaymentWire) => wire,
});

/** What an answer tells of a payment may be less than there is: without its refunds and its intent it is read alone. */
const whole = async (payment: PaymentWire, call: Call): Promise<PaymentWire> => {
  const { payment_intent_id: intent, refunds } = payment.attributes;
  return intent !== undefined && refunds != null ? payment : payments.fetch(payment.id, call);
};

/** The attempts of a charge, the latest last. A payment is its own only one. */
const attemptsOf = (wire: ChargeWire): readonly PaymentWire[] =>
  isPaymentId(wire.id) ? [wire] : (wire.attributes.payments ?? []);

/** The payment that took the money of a charge, with its refunds; undefined where none did. */
export const paidPayment = async (wire: ChargeWire, call: Call): Promise<PaymentWire | undefined> => {
  const paid = attemptsOf(wire).findLast(({ attributes }) => attributes.status === 'paid');
  return paid === undefined ? undefined : whole(paid, call);
};

/** The id of a charge: that of its intent, where it has one. */
export const chargeIdOf = ({ id, attributes }: PaymentWire): string => attributes.payment_intent_id ?? id;

const refundStatuses: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  processing: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
};

/** A refund as a normalized refund. */
export const toRefund = (wire: RefundWire, chargeId: string, drift: ReportDrift): Refund => {
  const { status: word, reason, ...attributes } = wire.attributes;
  const status = rowOf(refundStatuses, word) ?? 'unknown';
  if (status === 'unknown') drift('status', 'unknown_value');
  return makeRefund({
    provider: 'paymongo',
    id: wire.id,
    chargeId,
    amount: attributes.amount,
    currency: attributes.currency.toUpperCase(),
    status,
    reason: refundReasonOf(reason),
    providerReason: reason ?? null,
    metadata: attributes.metadata,
    createdAt: isoTime(attributes.created_at),
    raw: wire,
  });
};

/** The refunds that a payment carries; null where it does not say. */
const refundsIn = (payment: PaymentWire, drift: ReportDrift): Refund[] | null =>
  payment.attributes.refunds?.map((refund) => toRefund(refund, chargeIdOf(payment), drift)) ?? null;

/** The refunds of a payment. Where it does not say, the payment is refused. */
export const refundsOf = async (payment: PaymentWire, call: Call): Promise<Refund[]> =>
  refundsIn(payment, call.drift) ??
  refundsOf(await payments.fetch(payment.id, call, { schema: paymentWithRefundsWire }), call);

const moneyOf = (payment: PaymentWire | undefined, currency: string, drift: ReportDrift): CapturedMoney => {
  if (payment === undefined) {
    drift('payments', 'missing');
    return { captured: null, refunded: null };
  }
  const { amount, fee, paid_at } = payment.attributes;
  const refunds = refundsIn(payment, drift);
  if (refunds === null) drift('refunds', 'missing');
  return {
    captured: amount,
    refunded: refunds === null ? null : refundedBy(refunds),
    fee: fee == null ? null : { amount: fee, currency },
    capturedAt: isoTime(paid_at),
  };
};

const methodOf = (payment: PaymentWire | undefined): PaymentMethod | null => {
  const source = payment?.attributes.source;
  if (source?.type == null) return null;
  const { type, id = null, brand = null, last4 = null, country = null } = source;
  return { type, id, ...(type === 'card' ? { card: cardOf({ brand, last4, country }) } : {}) };
};

/** Whether a card was authenticated is said while it has to be, and never afterwards. */
const threeDSOf = (status: ChargeStatus, method: PaymentMethod | null): ThreeDS | null => {
  if (status === 'requires_action') return { status: 'required', version: null, eci: null };
  return method?.type === 'card' ? { status: 'unknown', version: null, eci: null } : null;
};

/** Why the last attempt failed: in the payment, or in what the intent keeps of it. */
const failureIn = ({ attributes }: ChargeWire, drift: ReportDrift): Failure => {
  const { last_payment_error: error } = attributes;
  const providerCode =
    textOf(attributes.failed_code) ?? textOf(error?.['failed_code']) ?? textOf(error?.['sub_code']);
  const row = rowOf(declines, providerCode);
  if (row === undefined) drift('failed_code', providerCode === null ? 'missing' : 'unknown_value');
  const { code, advice } = row ?? unknownDecline;
  const message = textOf(attributes.failed_message) ?? textOf(error?.['failed_message']);
  return failureWith(code, { advice, providerCode, message: message ?? textOf(error?.['detail']) });
};

/** A charge of an intent with its attempts, or of a payment. `paid`: the whole payment that took the money. */
export const toCharge = (wire: ChargeWire, paid: PaymentWire | undefined, drift: ReportDrift): Charge => {
  const { attributes } = wire;
  const status = statusOf(wire);
  const currency = attributes.currency.toUpperCase();
  if (status === 'unknown') drift('status', 'unknown_value');
  const payment = paid ?? attemptsOf(wire).at(-1);
  const method = methodOf(payment);
  return makeCharge(
    {
      provider: 'paymongo',
      id: isPaymentId(wire.id) ? chargeIdOf(wire) : wire.id,
      status,
      providerStatus: attributes.status,
      amount: attributes.amount,
      currency,
      livemode: attributes.livemode ?? null,
      description: attributes.description ?? null,
      statementDescriptor: attributes.statement_descriptor ?? null,
      email: payment?.attributes.billing?.email ?? null,
      metadata: attributes.metadata,
      paymentMethod: method,
      threeDS: (shown) => threeDSOf(shown, method),
      refunds: paid === undefined ? null : refundsIn(paid, () => undefined),
      createdAt: isoTime(attributes.created_at),
      updatedAt: isoTime(attributes.updated_at),
      raw: wire,
    },
    {
      captured: () => moneyOf(paid, currency, drift),
      requires_action: () => {
        const { type, redirect } = attributes.next_action ?? {};
        if (type === 'redirect' && redirect?.url != null) return { type, url: redirect.url };
        drift('next_action', type == null ? 'missing' : 'unknown_value');
        return null;
      },
      failed: () => failureIn(wire, drift),
    },
  );
};

const fromItsOwn = async (wire: ChargeWire, call: Call): Promise<Charge> =>
  toCharge(wire, await paidPayment(wire, call), call.drift);

/** A payment of an intent is an attempt of a charge: the intent tells the charge. */
const read = async (wire: ChargeWire, call: Call): Promise<Charge> => {
  if (!isPaymentId(wire.id)) return fromItsOwn(wire, call);
  const payment: ChargeWire = await whole(wire, call);
  const id = chargeIdOf(payment);
  return fromItsOwn(id === payment.id ? payment : await charges.fetch(id, call), call);
};

/**
 * A payment of the list. One that took money tells its charge without a further read, with the amount that was taken; an attempt that
 * came to nothing does not, because another attempt of the same intent may have been paid.
 */
export const readListed = async (wire: ChargeWire, call: Call): Promise<Charge> => {
  const payment: ChargeWire = await whole(wire, call);
  return payment.attributes.status === 'paid' ? toCharge(payment, payment, call.drift) : read(payment, call);
};

const intents = resource({ at: 'GET /v1/payment_intents/{id}', in: 'data', schema: chargeWire, read });

/** Where an intent or a payment is read, by the kind of its id. */
export const charges: ChargeResource<ChargeWire> = {
  ...intents,
  fetch: async (ids, call, more) =>
    typeof ids === 'string' && isPaymentId(ids) ? payments.fetch(ids, call) : intents.fetch(ids, call, more),
};

/** A refund by its own id names its payment, which names the charge. */
export const refunds = resource({
  at: 'GET /v1/refunds/{refundId}',
  in: 'data',
  schema: refundWire,
  read: async (wire: RefundWire, call: Call) =>
    toRefund(wire, chargeIdOf(await payments.fetch(wire.attributes.payment_id, call)), call.drift),
});
