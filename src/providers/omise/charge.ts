import { cardOf, failureWith, firstStatus, makeCharge, type CapturedMoney } from '../../adapter/charge.js';
import { rowOf, textOf, memberOf } from '../../adapter/fields.js';
import { makeRefund, refundedBy } from '../../adapter/refund.js';
import { resource } from '../../adapter/resource.js';
import { fits } from '../../models/accepts.js';
import { splitMetadata, stampMetadataKey } from '../../models/attachments.js';
import type { Charge, ChargeStatus, Fee, PaymentMethod, ThreeDS } from '../../models/charge.js';
import { upperCaseCode } from '../../models/currency-code.js';
import { unknownDecline } from '../../models/decline.js';
import type { Dispute } from '../../models/dispute.js';
import { currencyExponent } from '../../models/money.js';
import { refundReasonSchema } from '../../models/params.js';
import { currencySchema, type Failure, type Refund, type RefundStatus } from '../../models/refund.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { Call, ReportDrift } from '../../provider.js';
import { codeOf, failureCodes } from './codes.js';
import { readCurrency } from './currency.js';
import { toNextAction } from './next-action.js';
import {
  chargeWire,
  disputeWire,
  filled,
  refundWire,
  relatedId,
  type ChargeWire,
  type DisputeWire,
  type RefundWire,
} from './wire.js';

/** What a mapper needs of a call. */
export type Reading = Pick<Call, 'drift'>;

/** Omise has no field for the reason of a refund: it rides in the metadata, where its own plugins keep it, too. */
export const reasonMetadataKey = 'reason';

/** Omise calls a lapsed authorization reversed, too: then the reversal is not earlier than the end of its life. */
const hasLapsed = (wire: ChargeWire): boolean =>
  Date.parse(wire.reversed_at ?? '') >= Date.parse(wire.expires_at ?? '');

interface DecidingFields {
  readonly wire: ChargeWire;
  readonly asksPayer: boolean;
}

const isReversed = ({ status, reversed }: ChargeWire): boolean =>
  status === 'reversed' || (status === 'successful' && reversed);

/** The first row that applies is the status. `successful` without `paid` is in no row: nothing proves that money was taken. */
const statusRows: ReadonlyArray<readonly [ChargeStatus, (fields: DecidingFields) => boolean]> = [
  ['failed', ({ wire }) => wire.status === 'failed'],
  ['expired', ({ wire }) => wire.status === 'expired'],
  ['expired', ({ wire }) => isReversed(wire) && hasLapsed(wire)],
  ['voided', ({ wire }) => isReversed(wire)],
  ['authorized', ({ wire }) => wire.status === 'pending' && wire.authorized],
  ['requires_action', ({ wire, asksPayer }) => wire.status === 'pending' && asksPayer],
  ['pending', ({ wire }) => wire.status === 'pending'],
  ['captured', ({ wire }) => wire.status === 'successful' && wire.paid],
];

/** The word and the flags that decided beside it, for logs. */
const providerStatusOf = (wire: ChargeWire): string =>
  [
    wire.status,
    ...(wire.status === 'pending' && wire.authorized ? ['authorized'] : []),
    ...(wire.status === 'successful' && wire.reversed ? ['reversed'] : []),
    ...(wire.status === 'successful' && !wire.paid ? ['not paid'] : []),
    ...(wire.status === 'successful' && wire.voided === true ? ['voided'] : []),
  ].join(', ');

const refundedIn = (wire: ChargeWire): number | null => wire.refunded_amount ?? wire.refunded ?? null;

/** Captured and refunded of a paid charge; the refunded total is null where it cannot be read at all. */
const moneyOf = (
  wire: ChargeWire,
  refunds: readonly Refund[] | null,
  drift: ReportDrift,
): Pick<CapturedMoney, 'captured' | 'refunded'> => {
  const told = refundedIn(wire);
  const listed = refunds === null ? null : refundedBy(refunds);
  const refunded = told ?? listed;
  if (told === null) drift('refunded_amount', 'missing');
  if (refunded === null) return { captured: wire.captured_amount ?? null, refunded };
  // Answers before 2022 lack `captured_amount`; a null on a charge that allows a partial capture tells nothing.
  const isUnclear = wire.captured_amount === null && wire.authorization_type === 'pre_auth';
  const captured = isUnclear ? null : (wire.captured_amount ?? wire.amount);
  if (captured !== null && captured > wire.amount) drift('captured_amount', 'inconsistent');
  if (refunded > (captured ?? wire.amount)) drift('refunded_amount', 'inconsistent');
  return { captured, refunded };
};

const failureIn = (wire: ChargeWire, drift: ReportDrift): Failure => {
  const providerCode = wire.failure_code ?? null;
  const row = rowOf(failureCodes, codeOf(providerCode ?? ''));
  if (row === undefined && providerCode !== null && providerCode !== '')
    drift('failure_code', 'unknown_value');
  const { code, advice } = row ?? unknownDecline;
  const networkCode = wire.merchant_advice_code ?? null;
  return failureWith(code, {
    message: wire.failure_message ?? null,
    providerCode,
    networkCode,
    // The one advice that is known; other numbers mean something else at Omise than at the networks.
    advice: networkCode === '9003' ? 'do_not_retry' : advice,
  });
};

/** Omise's own fee with its tax, in the currency of the payout. Interest stays in `raw`. */
const feeOf = (wire: ChargeWire, drift: ReportDrift): Fee | null => {
  if (wire.fee == null || wire.fee_vat == null || wire.funding_currency == null) return null;
  const currency = readCurrency(wire.funding_currency, 'funding_currency', drift);
  return currencyExponent(currency) === undefined ? null : { amount: wire.fee + wire.fee_vat, currency };
};

/** The card or the source that was charged. A deleted card shows little more than its id. */
const paymentMethodOf = ({ card, source }: ChargeWire): PaymentMethod | null => {
  if (card != null) {
    const wallet = filled(card.tokenization_method);
    const told = cardOf({
      brand: filled(card.brand),
      last4: filled(card.last_digits),
      expMonth: card.expiration_month ?? null,
      expYear: card.expiration_year ?? null,
      funding: filled(card.financing),
      country: filled(card.country)?.toUpperCase() ?? null,
      holderName: filled(card.name),
      fingerprint: filled(card.fingerprint),
    });
    return { type: 'card', id: filled(card.id), card: wallet === null ? told : { ...told, wallet } };
  }
  if (source?.type == null) return null;
  const bankName = filled(source.bank);
  return {
    type: source.type,
    id: filled(source.id),
    // The bank that the payer has chosen, for methods that serve several.
    ...(bankName === null
      ? {}
      : { bankAccount: { bankName, last4: null, holderName: null, country: null, type: null } }),
  };
};

const threeDS = (status: ThreeDS['status']): ThreeDS => ({ status, version: null, eci: null });

const authentications: ReadonlySet<string> = new Set(['3DS', 'PASSKEY']);

/** What is known of 3-D Secure. Omise says little: the address of the page proves nothing once the charge is decided. */
const threeDSOf = (wire: ChargeWire, drift: ReportDrift): ThreeDS | null => {
  if (wire.card == null) return null;
  const by = filled(wire.authenticated_by);
  const isKnown = by !== null && authentications.has(by);
  if (by !== null && !isKnown) drift('authenticated_by', 'unknown_value');
  if (isKnown && (wire.authorized || wire.paid)) return threeDS('authenticated');
  if (filled(wire.authorize_uri) === null) return null;
  return threeDS(wire.status === 'pending' && !wire.authorized ? 'required' : 'unknown');
};

/** A dispute of Omise as a dispute. */
export const toDispute = (wire: DisputeWire, drift: ReportDrift): Dispute => ({
  id: wire.id,
  status: wire.status,
  amount: wire.amount ?? null,
  // It only informs: a code that nobody knows must not make the charge unreadable.
  currency: currencySchema.safeParse(upperCaseCode(wire.currency ?? '')).data ?? null,
  reason: wire.reason_code ?? null,
  createdAt: readTimestamp(wire.created_at ?? wire.created, 'dispute.created_at', drift),
});

/** The dispute of a charge: Omise tells one at most. Null where the answer has no such member, or one that cannot be read. */
const disputesIn = ({ dispute }: ChargeWire, drift: ReportDrift): Dispute[] | null => {
  if (dispute === undefined) return null;
  if (dispute === null) return [];
  const { data } = disputeWire.safeParse(dispute);
  if (data !== undefined) return [toDispute(data, drift)];
  drift('dispute', 'wrong_type');
  return null;
};

const closed: ReadonlySet<string> = new Set(['won', 'closed']);

/** Any dispute that is not known to be over, also one whose status cannot be read. */
const isDisputed = ({ dispute }: ChargeWire): boolean => {
  if (dispute === null || dispute === undefined) return false;
  const status = memberOf(dispute, 'status');
  return typeof status !== 'string' || !closed.has(status);
};

/** Only `closed` was ever seen; the other words are what the documentation leaves room for. */
const refundStatuses: Readonly<Record<string, RefundStatus>> = {
  closed: 'succeeded',
  pending: 'pending',
  failed: 'failed',
};

const refundStatusOf = ({ status }: RefundWire, drift: ReportDrift): RefundStatus => {
  // Accounts of before 2019 have refunds without the member, and they are done.
  if (status === undefined) return 'succeeded';
  const known = rowOf(refundStatuses, status);
  if (known === undefined) drift('status', 'unknown_value');
  return known ?? 'unknown';
};

/** A refund of Omise as a refund. Omise never says why one failed. */
export const toRefund = (wire: RefundWire, { drift }: Reading): Refund => {
  const { metadata, stamp } = splitMetadata(wire.metadata, [stampMetadataKey]);
  const text = metadata[reasonMetadataKey];
  const reason = refundReasonSchema.safeParse(text).data ?? null;
  return makeRefund({
    provider: 'omise',
    id: wire.id,
    chargeId: relatedId(wire.charge),
    amount: wire.amount,
    currency: readCurrency(wire.currency, 'currency', drift),
    status: refundStatusOf(wire, drift),
    reason,
    providerReason: textOf(text),
    createdAt: readTimestamp(wire.created_at ?? wire.created, 'created_at', drift),
    metadata: wire.metadata,
    // The reason is ours where it is one of our words beside our stamp.
    ownKeys: reason !== null && stamp !== null ? [reasonMetadataKey] : [],
    raw: wire,
  });
};

const isRefundWire = (wire: unknown): wire is RefundWire => fits(refundWire, wire);

/** The refunds that ride on the charge, unless there are more than fit, or nobody says how many there are. */
const refundsIn = ({ refunds }: ChargeWire, reading: Reading): Refund[] | null => {
  const { data, total } = refunds ?? {};
  if (data == null || total == null || data.length < total) return null;
  if (data.every(isRefundWire)) return data.map((refund) => toRefund(refund, reading));
  reading.drift('refunds.data', 'wrong_type');
  return null;
};

const waiting: ReadonlySet<ChargeStatus> = new Set(['pending', 'requires_action', 'authorized']);

/** A charge of Omise as a charge. Flags decide beside the status; `expired_at` and an old `authorize_uri` decide nothing. */
export const toCharge = (wire: ChargeWire, reading: Reading): Charge => {
  const { drift } = reading;
  const nextAction = toNextAction(wire, drift);
  const status = firstStatus(statusRows, { wire, asksPayer: nextAction !== null });
  if (status === 'unknown') drift('status', 'unknown_value');
  // What gave nothing back has none; where it stands nobody knows, they are as they are told.
  const refunds = status === 'captured' || status === 'unknown' ? refundsIn(wire, reading) : [];
  return makeCharge(
    {
      provider: 'omise',
      id: wire.id,
      status,
      providerStatus: providerStatusOf(wire),
      amount: wire.amount,
      currency: readCurrency(wire.currency, 'currency', drift),
      disputed: isDisputed(wire),
      livemode: wire.livemode ?? null,
      description: wire.description ?? null,
      customer: wire.customer == null ? null : relatedId(wire.customer),
      email: wire.source?.email ?? null,
      metadata: wire.metadata,
      paymentMethod: paymentMethodOf(wire),
      threeDS: threeDSOf(wire, drift),
      refunds,
      disputes: disputesIn(wire, drift),
      createdAt: readTimestamp(wire.created_at ?? wire.created, 'created_at', drift),
      expiresAt: waiting.has(status) ? readTimestamp(wire.expires_at, 'expires_at', drift) : null,
      raw: wire,
    },
    {
      captured: () => {
        const money = moneyOf(wire, refunds, drift);
        if (money.refunded === null) return money;
        const capturedAt = readTimestamp(wire.paid_at, 'paid_at', drift);
        return { ...money, fee: feeOf(wire, drift), capturedAt };
      },
      requires_action: () => nextAction,
      failed: () => failureIn(wire, drift),
      // It stands on charges that took nothing, too.
      unknown: () => ({
        captured: wire.paid ? (wire.captured_amount ?? null) : null,
        refunded: refundedIn(wire),
      }),
    },
  );
};

/** Where a charge is read. */
export const charges = resource({
  at: 'GET /charges/{id}',
  schema: chargeWire,
  createdAt: ['created_at', 'created'],
  read: (wire: ChargeWire, call: Call) => toCharge(wire, call),
});

/** The same for a refund, below its charge. */
export const refunds = resource({
  at: 'GET /charges/{id}/refunds/{refundId}',
  schema: refundWire,
  read: (wire: RefundWire, call: Call) => toRefund(wire, call),
});
