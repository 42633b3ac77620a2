import { failureWith, firstStatus, makeCharge } from '../../adapter/charge.js';
import { refusePayload } from '../../adapter/events.js';
import { rowOf } from '../../adapter/fields.js';
import { everyPage } from '../../adapter/page-rows.js';
import { makeRefund, refundReasonOf } from '../../adapter/refund.js';
import { resource } from '../../adapter/resource.js';
import { type Charge, type ChargeStatus, type Fee, type RefundTotal } from '../../models/charge.js';
import { upperCaseCode } from '../../models/currency-code.js';
import type { Failure, Refund, RefundStatus } from '../../models/refund.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { Call, ReportDrift } from '../../provider.js';
import { readDecline } from './codes.js';
import { toDisputes } from './dispute.js';
import { pages } from './params.js';
import { toCustomer, toPaymentMethod } from './payment-method.js';
import { chargeWire, listedRefundWire, refundWire, type ChargeWire, type RefundWire } from './wire.js';

/** An authorization that nobody captures is cancelled by JustiFi after seven days. */
const authorizationLifeMs = 7 * 24 * 60 * 60 * 1000;

/** Whether a bank debit came back. `unreadable`: the fields that say so are neither absent nor what they should be. */
const returnOf = ({ returned, amount_returned: sum, amount }: ChargeWire) => {
  if (returned === true) return 'returned';
  const isFlag = returned == null || returned === false;
  if (!isFlag || !(sum == null || (Number.isSafeInteger(sum) && Number(sum) >= 0))) return 'unreadable';
  return Number(sum ?? 0) > 0 && Number(sum) >= amount ? 'returned' : 'kept';
};

/** JustiFi has one word for a void and for an authorization that lapsed; only a lapsed one was changed so late. */
const lapsed = ({ capture_strategy, created_at, updated_at }: ChargeWire): boolean =>
  capture_strategy === 'manual' &&
  Date.parse(updated_at ?? '') - Date.parse(created_at ?? '') >= authorizationLifeMs;

const says =
  (...words: readonly string[]) =>
  ({ status }: ChargeWire): boolean =>
    words.includes(status);

/** First row that applies. `captured` and `amount_refundable` are not read: a void does not change them. */
const statusRows: ReadonlyArray<readonly [ChargeStatus, (wire: ChargeWire) => boolean]> = [
  ['unknown', (wire) => returnOf(wire) === 'unreadable'],
  ['failed', (wire) => returnOf(wire) === 'returned'],
  ['pending', says('pending')],
  ['authorized', says('authorized')],
  ['captured', says('succeeded', 'partially_refunded', 'fully_refunded', 'disputed')],
  ['failed', says('failed')],
  ['expired', (wire) => wire.status === 'canceled' && lapsed(wire)],
  ['voided', says('canceled')],
];

const statusOf = (wire: ChargeWire, drift: ReportDrift): ChargeStatus => {
  const status = firstStatus(statusRows, wire);
  if (status === 'unknown') {
    if (returnOf(wire) === 'unreadable') drift('returned', 'wrong_type');
    else drift('status', 'unknown_value');
  }
  return status;
};

/** Failed refunds gave nothing back. */
const counts = ({ status }: RefundWire): boolean => status === 'succeeded' || status === 'pending';

/** How much went back: by the total, else by the refunds, else by a status that implies zero or the whole amount; null if unknown. */
const refundedOf = (wire: ChargeWire, drift: ReportDrift): number | null => {
  if (wire.amount_refunded != null) {
    if (wire.amount_refunded > wire.amount) drift('amount_refunded', 'inconsistent');
    return wire.amount_refunded;
  }
  drift('amount_refunded', 'missing');
  if (wire.refunds) return wire.refunds.filter(counts).reduce((sum, { amount }) => sum + amount, 0);
  return wire.status === 'succeeded' ? 0 : wire.status === 'fully_refunded' ? wire.amount : null;
};

/** Where the status word says more than the total, the word; else the total decides. */
const refundStatusByWord = (
  { status, amount }: ChargeWire,
  refunded: number,
  drift: ReportDrift,
): RefundTotal | undefined => {
  const byWord =
    status === 'fully_refunded' && refunded < amount
      ? 'full'
      : status === 'partially_refunded' && refunded === 0
        ? 'partial'
        : undefined;
  if (byWord !== undefined) drift('amount_refunded', 'inconsistent');
  return byWord;
};

const failureOf = ({ error_code, error_description }: ChargeWire, drift: ReportDrift): Failure => {
  const providerCode = error_code ?? null;
  const { code, advice, known } = readDecline({ code: providerCode?.trim().toLowerCase() ?? null });
  if (!known) drift('error_code', 'unknown_value');
  return failureWith(code, { message: error_description ?? null, providerCode, advice });
};

/** Fees are filled in after the answer of the create: until then the total is a zero that means "not yet". */
const feeOf = ({ fee_amount: amount, fees }: ChargeWire, currency: string): Fee | null =>
  amount == null || (amount === 0 && (fees ?? []).length === 0) ? null : { amount, currency };

/** Reads a payment. */
export const toCharge = (wire: ChargeWire, drift: ReportDrift): Charge => {
  const status = statusOf(wire, drift);
  const currency = upperCaseCode(wire.currency);
  const isReleased = status === 'voided' || status === 'expired';
  return makeCharge(
    {
      provider: 'justifi',
      id: wire.id,
      status,
      providerStatus: returnOf(wire) === 'returned' ? `${wire.status} (returned)` : wire.status,
      amount: wire.amount,
      currency,
      disputed: wire.disputed === true || wire.status === 'disputed',
      livemode: wire.is_test == null ? null : !wire.is_test,
      description: wire.description ?? null,
      statementDescriptor: wire.statement_descriptor ?? null,
      // The address of the payer belongs to the payment method and is not echoed.
      customer: toCustomer(wire.payment_method),
      metadata: wire.metadata,
      paymentMethod: toPaymentMethod(wire.payment_method),
      // What a void gives back is no refund.
      refunds: wire.refunds?.flatMap((refund) => (isReleased ? [] : toRefund(refund, wire, drift))) ?? null,
      disputes: toDisputes(wire.disputes, currency, drift),
      createdAt: readTimestamp(wire.created_at, 'created_at', drift),
      updatedAt: readTimestamp(wire.updated_at, 'updated_at', drift),
      raw: wire,
    },
    {
      captured: () => {
        const refunded = refundedOf(wire, drift);
        const byWord = refunded === null ? undefined : refundStatusByWord(wire, refunded, drift);
        return {
          captured: wire.amount,
          refunded,
          fee: feeOf(wire, currency),
          ...(byWord === undefined ? {} : { refundStatus: byWord }),
        };
      },
      failed: () => failureOf(wire, drift),
      unknown: () => ({ captured: null, refunded: wire.amount_refunded ?? null }),
    },
  );
};

const refundStatuses: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
};

/** Reads a refund. The wire has no currency and, inside a payment, no payment id; both come from `owner`. */
export const toRefund = (
  wire: RefundWire,
  owner: Pick<ChargeWire, 'id' | 'currency'>,
  drift: ReportDrift,
): Refund => {
  const status = rowOf(refundStatuses, wire.status) ?? 'unknown';
  if (status === 'unknown') drift('refund.status', 'unknown_value');
  return makeRefund({
    provider: 'justifi',
    id: wire.id,
    chargeId: wire.payment_id ?? owner.id,
    amount: wire.amount,
    currency: upperCaseCode(owner.currency),
    status,
    reason: refundReasonOf(wire.reason),
    providerReason: wire.reason || null,
    createdAt: readTimestamp(wire.created_at, 'refund.created_at', drift),
    metadata: wire.metadata,
    raw: wire,
  });
};

/** Where a payment stands in the answers of JustiFi, and where one is read. */
export const charges = resource({
  in: 'data',
  at: 'GET /v1/payments/{id}',
  schema: chargeWire,
  read: (wire: ChargeWire, { drift }: Call) => toCharge(wire, drift),
});

/** The same for a refund. Its payment is read for the currency. */
export const refunds = resource({
  in: 'data',
  at: 'GET /v1/refunds/{refundId}',
  chargeId: 'payment_id',
  schema: refundWire,
  read: async (wire: RefundWire, call: Call) => {
    const id = wire.payment_id ?? refusePayload('justifi', 'the refund names no payment');
    return toRefund(wire, await charges.fetch(id, call), call.drift);
  },
});

const everyRefund = everyPage({ schema: listedRefundWire }, pages);

/** The refunds of a payment. Some answers omit them; then the list of all refunds is read to its end. */
export const refundsOf = async (wire: ChargeWire, call: Call): Promise<readonly RefundWire[]> => {
  if (wire.refunds) return wire.refunds;
  const all = await everyRefund((query) => ({ method: 'GET', route: '/v1/refunds', query }), call);
  return all.filter(({ payment_id }) => payment_id === wire.id);
};
