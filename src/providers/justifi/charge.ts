import { upperCaseCode } from '../../models/currency-code.js';
import { attach, splitMetadata } from '../../models/attachments.js';
import {
  standing,
  noMoney,
  refundTotalOf,
  type Charge,
  type ChargeStatus,
  type RefundTotal,
} from '../../models/charge.js';
import type { Failure } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { readDecline } from './codes.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import { toDisputes } from './dispute.js';
import { toCustomer, toPaymentMethod } from './payment-method.js';
import { counts, toRefund } from './refund.js';
import type { PaymentWire } from './wire.js';

/** An authorization that nobody captures is cancelled by JustiFi after seven days. */
const authorizationLifeMs = 7 * 24 * 60 * 60 * 1000;

/** Whether a bank debit came back. `unreadable`: the fields that say so are neither absent nor what they should be. */
const returnOf = ({ returned, amount_returned, amount }: PaymentWire): 'returned' | 'kept' | 'unreadable' => {
  if (returned === true) return 'returned';
  const isFlag = returned == null || returned === false;
  const isAmount =
    amount_returned == null || (Number.isSafeInteger(amount_returned) && (amount_returned as number) >= 0);
  if (!isFlag || !isAmount) return 'unreadable';
  const sum = (amount_returned ?? 0) as number;
  return sum > 0 && sum >= amount ? 'returned' : 'kept';
};

/** JustiFi has one word for a void and for an authorization that lapsed; only a lapsed one was changed so late. */
const lapsed = ({ capture_strategy, created_at, updated_at }: PaymentWire): boolean =>
  capture_strategy === 'manual' &&
  Date.parse(updated_at ?? '') - Date.parse(created_at ?? '') >= authorizationLifeMs;

type StatusRow = readonly [status: ChargeStatus, applies: (wire: PaymentWire) => boolean];

const says =
  (...words: readonly string[]) =>
  ({ status }: PaymentWire): boolean =>
    words.includes(status);

/** First row that applies. `captured` and `amount_refundable` are not read: both lie, for a void leaves them as they were. */
const statusRows: readonly StatusRow[] = [
  ['unknown', (wire) => returnOf(wire) === 'unreadable'],
  ['failed', (wire) => returnOf(wire) === 'returned'],
  ['pending', says('pending')],
  ['authorized', says('authorized')],
  ['captured', says('succeeded', 'partially_refunded', 'fully_refunded')],
  ['captured', says('disputed')],
  ['failed', says('failed')],
  ['expired', (wire) => wire.status === 'canceled' && lapsed(wire)],
  ['voided', says('canceled')],
];

const statusOf = (wire: PaymentWire): ChargeStatus =>
  statusRows.find(([, applies]) => applies(wire))?.[0] ?? 'unknown';

/** Where neither total nor refunds came, these words still tell how much went back: nothing, or everything. */
const refundedByWord = ({ status, amount }: PaymentWire): number | null =>
  status === 'succeeded' ? 0 : status === 'fully_refunded' ? amount : null;

/** What is refunded of a captured payment where the total itself is missing; null where nothing tells it. */
const refundedWithoutTotal = (wire: PaymentWire, drift: ReportDrift): number | null => {
  drift('amount_refunded', 'missing');
  if (wire.refunds) return wire.refunds.filter(counts).reduce((sum, { amount }) => sum + amount, 0);
  return refundedByWord(wire);
};

const refundTotals: readonly RefundTotal[] = ['none', 'partial', 'full'];

/** By the total; where the status word says more than the total, by the word. */
const refundTotal = (wire: PaymentWire, refunded: number, drift: ReportDrift): RefundTotal => {
  const byAmount = refundTotalOf(refunded, wire.amount);
  const byWord =
    wire.status === 'fully_refunded' ? 'full' : wire.status === 'partially_refunded' ? 'partial' : 'none';
  if (refundTotals.indexOf(byWord) <= refundTotals.indexOf(byAmount)) return byAmount;
  drift('amount_refunded', 'inconsistent');
  return byWord;
};

/** Null where how much went back is not told: such a payment must pass neither for paid nor for refunded. */
const capturedMoney = (wire: PaymentWire, drift: ReportDrift): Parameters<typeof standing>[1] => {
  const amountRefunded = wire.amount_refunded ?? refundedWithoutTotal(wire, drift);
  if (amountRefunded === null) return null;
  if (amountRefunded > wire.amount) drift('amount_refunded', 'inconsistent');
  return {
    amountCaptured: wire.amount,
    amountRefunded,
    refundStatus: refundTotal(wire, amountRefunded, drift),
  };
};

const failureOf = (wire: PaymentWire, drift: ReportDrift): Failure => {
  const providerCode = wire.error_code ?? null;
  const { code, advice, known } = readDecline({ code: providerCode?.trim().toLowerCase() ?? null });
  if (!known) drift('error_code', 'unknown_value');
  return {
    code,
    message: wire.error_description ?? null,
    providerCode,
    declineCode: null,
    networkCode: null,
    advice,
  };
};

const feeOf = (wire: PaymentWire, currency: string): Charge['fee'] => {
  if (wire.fee_amount == null) return null;
  // Fees are filled in after the answer of the create: until then the total is a zero that means "not yet".
  if (wire.fee_amount === 0 && (wire.fees ?? []).length === 0) return null;
  return { amount: wire.fee_amount, currency };
};

/** Reads a payment. */
export const toCharge = (wire: PaymentWire, drift: ReportDrift): Charge => {
  const told = statusOf(wire);
  const money = told === 'captured' ? capturedMoney(wire, drift) : noMoney;
  const status = money === null ? 'unknown' : told;
  if (told === 'unknown') {
    if (returnOf(wire) === 'unreadable') drift('returned', 'wrong_type');
    else drift('status', 'unknown_value');
  }
  const isCaptured = status === 'captured';
  const isReleased = status === 'voided' || status === 'expired';
  const currency = upperCaseCode(wire.currency);
  const { metadata, stamp } = splitMetadata(wire.metadata);
  const charge: Charge = {
    provider: 'justifi',
    id: wire.id,
    ...standing(status, money, {
      captured: told === 'captured' ? wire.amount : null,
      refunded: wire.amount_refunded ?? null,
    }),
    providerStatus: returnOf(wire) === 'returned' ? `${wire.status} (returned)` : wire.status,
    amount: wire.amount,
    currency,
    disputed: wire.disputed === true || wire.status === 'disputed',
    livemode: wire.is_test == null ? null : !wire.is_test,
    description: wire.description ?? null,
    statementDescriptor: wire.statement_descriptor ?? null,
    customer: toCustomer(wire.payment_method),
    // The address of the payer belongs to the payment method and is not echoed.
    email: null,
    metadata,
    paymentMethod: toPaymentMethod(wire.payment_method),
    nextAction: null,
    threeDS: null,
    failure: status === 'failed' ? failureOf(wire, drift) : null,
    fee: isCaptured ? feeOf(wire, currency) : null,
    // What a void gives back is no refund.
    refunds: wire.refunds
      ? isReleased
        ? []
        : wire.refunds.map((refund) => toRefund(refund, wire, drift))
      : null,
    disputes: toDisputes(wire.disputes, currency, drift),
    createdAt: readTimestamp(wire.created_at, 'created_at', drift),
    updatedAt: readTimestamp(wire.updated_at, 'updated_at', drift),
    capturedAt: null,
    expiresAt: null,
  };
  return attach(charge, { raw: wire, stamp });
};
