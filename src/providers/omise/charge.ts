import { attach, splitMetadata } from '../../models/attachments.js';
import {
  standing,
  noMoney,
  refundTotalOf,
  type Charge,
  type ChargeStatus,
  type KnownCharge,
} from '../../models/charge.js';
import { currencyExponent } from '../../models/money.js';
import { unknownDecline } from '../../models/decline.js';
import type { Failure, Refund } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { failureCodes, rowOf } from './codes.js';
import { readCurrency } from './currency.js';
import { isDisputed, toDisputes } from './dispute.js';
import { toNextAction } from './next-action.js';
import { toPaymentMethod, toThreeDS } from './payment-method.js';
import { toRefund } from './refund.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import { relatedId, refundWire, type ChargeWire, type RefundWire } from './wire.js';

/** Omise calls a lapsed authorization reversed, too: then the reversal is not earlier than the end of its life. */
const hasLapsed = (wire: ChargeWire): boolean =>
  Date.parse(wire.reversed_at ?? '') >= Date.parse(wire.expires_at ?? '');

interface StatusRow {
  readonly status: ChargeStatus;
  readonly word: string;
  readonly when?: (wire: ChargeWire, asksPayer: boolean) => boolean;
}

/** The first row that applies is the status. `successful` without `paid` is in no row: nothing proves that money was taken. */
const statusRows: readonly StatusRow[] = [
  { status: 'failed', word: 'failed' },
  { status: 'expired', word: 'expired' },
  { status: 'expired', word: 'reversed', when: hasLapsed },
  { status: 'voided', word: 'reversed' },
  { status: 'expired', word: 'successful', when: (wire) => wire.reversed && hasLapsed(wire) },
  { status: 'voided', word: 'successful', when: (wire) => wire.reversed },
  { status: 'authorized', word: 'pending', when: (wire) => wire.authorized },
  { status: 'requires_action', word: 'pending', when: (_, asksPayer) => asksPayer },
  { status: 'pending', word: 'pending' },
  { status: 'captured', word: 'successful', when: (wire) => wire.paid },
];

/** The word and the flags that decided beside it, for logs. */
const toProviderStatus = (wire: ChargeWire): string =>
  [
    wire.status,
    ...(wire.status === 'pending' && wire.authorized ? ['authorized'] : []),
    ...(wire.status === 'successful' && wire.reversed ? ['reversed'] : []),
    ...(wire.status === 'successful' && !wire.paid ? ['not paid'] : []),
    ...(wire.status === 'successful' && wire.voided === true ? ['voided'] : []),
  ].join(', ');

type Amounts = Pick<KnownCharge, 'amountCaptured' | 'amountRefunded' | 'refundStatus'>;

const countedTotal = (refunds: readonly Refund[]): number =>
  refunds
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    .reduce((total, { amount }) => total + amount, 0);

/** Captured and refunded of a paid charge; null where the refunded total cannot be read at all. */
const paidAmounts = (
  wire: ChargeWire,
  refunds: readonly Refund[] | null,
  drift: ReportDrift,
): Amounts | null => {
  // Answers before 2022 lack `captured_amount`; a null on a charge that allows a partial capture tells nothing.
  const isUnclear = wire.captured_amount === null && wire.authorization_type === 'pre_auth';
  const amountCaptured = isUnclear ? null : (wire.captured_amount ?? wire.amount);
  const listed = refunds === null ? null : countedTotal(refunds);
  const told = wire.refunded_amount ?? wire.refunded ?? null;
  const amountRefunded = told ?? listed;
  if (told === null) drift('refunded_amount', 'missing');
  if (amountRefunded === null) return null;
  if (amountCaptured !== null && amountCaptured > wire.amount) drift('captured_amount', 'inconsistent');
  if (amountRefunded > (amountCaptured ?? wire.amount)) drift('refunded_amount', 'inconsistent');
  return {
    amountCaptured,
    amountRefunded,
    refundStatus: refundTotalOf(amountRefunded, amountCaptured ?? wire.amount),
  };
};

const isRefundWire = (wire: unknown): wire is RefundWire => refundWire.safeParse(wire).success;

/** The refunds that ride on the charge, unless there are more than fit, or nobody says how many there are. */
const toEmbeddedRefunds = ({ refunds }: ChargeWire, drift: ReportDrift): Refund[] | null => {
  const { data, total } = refunds ?? {};
  if (data == null || total == null || data.length < total) return null;
  if (data.every(isRefundWire)) return data.map((refund) => toRefund(refund, drift));
  drift('refunds.data', 'wrong_type');
  return null;
};

const toFailure = (wire: ChargeWire, drift: ReportDrift): Failure => {
  const providerCode = wire.failure_code ?? null;
  const row = rowOf(failureCodes, providerCode ?? '');
  if (row === undefined && providerCode !== null && providerCode !== '')
    drift('failure_code', 'unknown_value');
  const { code, advice } = row ?? unknownDecline;
  const networkCode = wire.merchant_advice_code ?? null;
  return {
    code,
    message: wire.failure_message ?? null,
    providerCode,
    declineCode: null,
    networkCode,
    // The one advice that is known; other numbers mean something else at Omise than at the networks.
    advice: networkCode === '9003' ? 'do_not_retry' : advice,
  };
};

/** Omise's own fee with its tax, in the currency of the payout. Interest stays in `raw`. */
const toFee = (wire: ChargeWire, drift: ReportDrift): Charge['fee'] => {
  if (wire.fee == null || wire.fee_vat == null || wire.funding_currency == null) return null;
  const currency = readCurrency(wire.funding_currency, 'funding_currency', drift);
  return currencyExponent(currency) === undefined ? null : { amount: wire.fee + wire.fee_vat, currency };
};

const waiting: ReadonlySet<ChargeStatus> = new Set(['pending', 'requires_action', 'authorized']);

/** A charge of Omise as a charge. Flags decide beside the status; `expired_at` and an old `authorize_uri` decide nothing. */
export const toCharge = (wire: ChargeWire, drift: ReportDrift): Charge => {
  const nextAction = toNextAction(wire, drift);
  const row = statusRows.find(
    ({ word, when }) => word === wire.status && (when?.(wire, nextAction !== null) ?? true),
  );
  const isCaptured = row?.status === 'captured';
  // What gave nothing back has none; where it stands nobody knows, they are as they are told.
  const refunds = isCaptured || row === undefined ? toEmbeddedRefunds(wire, drift) : [];
  const amounts = isCaptured ? paidAmounts(wire, refunds, drift) : noMoney;
  if (row === undefined) drift('status', 'unknown_value');
  // Paid, but how much of it went back is unreadable: such a charge must pass neither for paid nor for refunded.
  const status = row === undefined || amounts === null ? 'unknown' : row.status;
  const { metadata, stamp } = splitMetadata(wire.metadata);
  const charge: Charge = {
    provider: 'omise',
    id: wire.id,
    ...standing(status, amounts, {
      // It stands on charges that took nothing, too.
      captured: wire.paid ? (wire.captured_amount ?? null) : null,
      refunded: wire.refunded_amount ?? wire.refunded ?? null,
    }),
    providerStatus: toProviderStatus(wire),
    amount: wire.amount,
    currency: readCurrency(wire.currency, 'currency', drift),
    disputed: isDisputed(wire),
    livemode: wire.livemode ?? null,
    description: wire.description ?? null,
    statementDescriptor: null,
    customer: wire.customer == null ? null : relatedId(wire.customer),
    email: wire.source?.email ?? null,
    metadata,
    paymentMethod: toPaymentMethod(wire),
    nextAction,
    threeDS: toThreeDS(wire, drift),
    failure: status === 'failed' ? toFailure(wire, drift) : null,
    fee: status === 'captured' ? toFee(wire, drift) : null,
    refunds,
    disputes: toDisputes(wire, drift),
    createdAt: readTimestamp(wire.created_at ?? wire.created, 'created_at', drift),
    updatedAt: null,
    capturedAt: status === 'captured' ? readTimestamp(wire.paid_at, 'paid_at', drift) : null,
    expiresAt: waiting.has(status) ? readTimestamp(wire.expires_at, 'expires_at', drift) : null,
  };
  return attach(charge, { raw: wire, stamp });
};
