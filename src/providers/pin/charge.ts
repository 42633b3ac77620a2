import { cardOf, failureWith, firstStatus, makeCharge } from '../../adapter/charge.js';
import { rowOf } from '../../adapter/fields.js';
import { makeRefund } from '../../adapter/refund.js';
import { resource } from '../../adapter/resource.js';
import type { Charge, ChargeStatus, Fee, NextAction, PaymentMethod, ThreeDS } from '../../models/charge.js';
import { upperCaseCode } from '../../models/currency-code.js';
import { momentSchema } from '../../models/params.js';
import { currencySchema, type Refund, type RefundStatus } from '../../models/refund.js';
import type { Call, ReportDrift } from '../../provider.js';
import { smallestAmounts } from './currency.js';
import { chargeWire, refundWire, type CardWire, type ChargeWire, type RefundWire } from './wire.js';

/** What a mapper needs of a call. */
export type Reading = Pick<Call, 'livemode' | 'drift'>;

/** What is known of a charge besides its body. */
export interface Circumstances {
  /** The HTTP status of the answer: 202 means that the payer has to act. */
  readonly httpStatus?: number;
  /** 3-D Secure was asked for, so it may have run. Pin does not say how it ended. */
  readonly threeDSAsked?: boolean;
  /** The answer of the create or capture that took the money: nothing can have been refunded before. */
  readonly isOwnCapture?: boolean;
}

/**
 * Marks a charge that was created with `capture: false` and 3-D Secure. Pin's answer does not tell it from a charge that
 * will be captured in a moment.
 */
export const captureMetadataKey = 'unicharge_capture';

/** Whether the charge was created to be captured later, by its own mark. */
export const isMarkedManual = (wire: ChargeWire): boolean => wire.metadata?.[captureMetadataKey] === 'manual';

interface DecidingFields {
  readonly payerHasToAct: boolean;
  readonly success: boolean | null;
  readonly captured: boolean | null;
  readonly voided: boolean | null;
  readonly expired: boolean | null;
}

/** The first row that applies decides. No row: `unknown`. `captured` absent is never read as paid. */
const statusRows: ReadonlyArray<readonly [ChargeStatus, (fields: DecidingFields) => boolean]> = [
  ['requires_action', ({ captured, payerHasToAct }) => captured !== true && payerHasToAct],
  ['voided', ({ voided }) => voided === true],
  ['expired', ({ captured, expired }) => captured === false && expired === true],
  ['failed', ({ success }) => success === false],
  ['authorized', ({ success, captured }) => success === true && captured === false],
  ['captured', ({ success, captured }) => success === true && captured === true],
];

const decidingFields = ['success', 'captured', 'authorisation_voided', 'authorisation_expired'] as const;

/** Every boolean of a charge. Pin writes them all; a charge without a single one is not Pin's own answer. */
const booleans = [...decidingFields, 'refund_pending', 'active_chargebacks'] as const;

const words: Readonly<Record<string, ChargeStatus>> = {
  authorized: 'authorized',
  captured: 'captured',
  voided: 'voided',
  failed: 'failed',
};

/**
 * The word of a charge that has none of Pin's booleans, as the document of a client library writes it. Beside a single
 * boolean it says nothing: a real charge is never read by it.
 */
const wordOf = (wire: ChargeWire): string | null =>
  typeof wire.status === 'string' && booleans.every((field) => wire[field] === undefined)
    ? wire.status
    : null;

const flag = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);

/**
 * The status of a charge. A deciding field that is no boolean makes it `unknown`: read as absent, a damaged
 * `authorisation_voided` would turn released money into paid money.
 */
const statusOf = (wire: ChargeWire, httpStatus: number | undefined, drift: ReportDrift): ChargeStatus => {
  const damaged = decidingFields.filter((field) => wire[field] != null && typeof wire[field] !== 'boolean');
  for (const field of damaged) drift(field, 'wrong_type');
  const fields: DecidingFields = {
    success: flag(wire.success),
    captured: flag(wire.captured),
    voided: flag(wire.authorisation_voided),
    expired: flag(wire.authorisation_expired),
    payerHasToAct:
      httpStatus === 202 ||
      Boolean(wire.redirect_url) ||
      (wire.success !== true && wire.status_message === 'Pending'),
  };
  const byWord = fields.payerHasToAct ? undefined : rowOf(words, wordOf(wire));
  // The booleans are missed all the same: whoever sees this does not talk to Pin itself.
  if (byWord !== undefined) drift('captured', 'missing');
  const status = damaged.length > 0 ? 'unknown' : (byWord ?? firstStatus(statusRows, fields));
  if (status === 'unknown') drift('status', 'unknown_value');
  else if (fields.captured === true && status !== 'captured') drift('captured', 'inconsistent');
  return status;
};

/** The fields that decided, for logs: Pin itself has no status word. */
const providerStatusOf = (wire: ChargeWire, httpStatus: number | undefined): string => {
  const fields = decidingFields
    .filter((field) => field === 'success' || field === 'captured' || wire[field] === true)
    .map((field) => `${field}=${typeof wire[field] === 'boolean' ? String(wire[field]) : 'none'}`);
  const word = wordOf(wire);
  if (word !== null) fields.push(`status=${word}`);
  if (wire.status_message === 'Pending') fields.push('status_message=Pending');
  if (wire.redirect_url) fields.push('redirect_url');
  if (httpStatus === 202) fields.push('http=202');
  return fields.join(' ');
};

/** A date of Pin as ISO 8601 text in UTC, or null. */
export const timestampOf = (value: unknown, path: string, drift: ReportDrift): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && momentSchema.safeParse(value).success)
    return new Date(value).toISOString();
  drift(path, 'wrong_type');
  return null;
};

/** An upper-case currency. One that Pin is not known to have is reported: its base unit is taken for the ISO one. */
const currencyOf = (wire: { readonly currency: string }, drift: ReportDrift): string => {
  const currency = upperCaseCode(wire.currency);
  if (rowOf(smallestAmounts, currency) === undefined) drift('currency', 'unknown_value');
  return currency;
};

/** Null where nothing tells it. The word of a client library's document comes without any total. */
const refundedOf = (wire: ChargeWire, isOwnCapture: boolean, drift: ReportDrift): number | null => {
  if (wire.amount_refunded == null) drift('amount_refunded', 'missing');
  const refunded = wire.amount_refunded ?? (isOwnCapture || wordOf(wire) !== null ? 0 : null);
  if (refunded !== null && refunded > wire.amount) drift('amount_refunded', 'inconsistent');
  return refunded;
};

/** The address for the payer stands in the answer of the create alone, a 202: there it must not be missing. */
const nextActionOf = (
  wire: ChargeWire,
  httpStatus: number | undefined,
  drift: ReportDrift,
): NextAction | null => {
  if (wire.redirect_url) return { type: 'redirect', url: wire.redirect_url };
  if (httpStatus === 202) drift('redirect_url', 'missing');
  return null;
};

const threeDSOf = (status: ChargeStatus, asked: boolean): ThreeDS | null => {
  if (status !== 'requires_action' && !asked) return null;
  return { status: status === 'requires_action' ? 'required' : 'unknown', version: null, eci: null };
};

const paymentMethodOf = (card: CardWire): PaymentMethod => ({
  type: card.network_type ?? 'card',
  id: card.token ?? null,
  card: cardOf({
    brand: card.scheme ?? null,
    last4: /\d{4}$/.exec(card.display_number ?? '')?.[0] ?? null,
    expMonth: card.expiry_month ?? null,
    expYear: card.expiry_year ?? null,
    country: card.issuing_country ?? null,
    holderName: card.name ?? null,
  }),
});

const feeOf = (wire: ChargeWire, drift: ReportDrift): Fee | null => {
  if (wire.total_fees == null || wire.settlement_currency == null) return null;
  const currency = upperCaseCode(wire.settlement_currency);
  if (currencySchema.safeParse(currency).success) return { amount: wire.total_fees, currency };
  drift('settlement_currency', 'unknown_value');
  return null;
};

/** One charge of Pin as a normalized charge. Everything is derived from booleans: Pin has no status field. */
export const toCharge = (
  wire: ChargeWire,
  { livemode, drift }: Reading,
  { httpStatus, threeDSAsked = false, isOwnCapture = false }: Circumstances = {},
): Charge => {
  const status = statusOf(wire, httpStatus, drift);
  return makeCharge(
    {
      provider: 'pin',
      id: wire.token,
      status,
      providerStatus: providerStatusOf(wire, httpStatus),
      amount: wire.amount,
      currency: currencyOf(wire, drift),
      livemode,
      disputed: wire.active_chargebacks ?? false,
      description: wire.description ?? null,
      customer: wire.card?.customer_token ?? null,
      email: wire.email ?? null,
      metadata: wire.metadata,
      ownKeys: [captureMetadataKey],
      paymentMethod: wire.card == null ? null : paymentMethodOf(wire.card),
      threeDS: threeDSOf(status, threeDSAsked),
      createdAt: timestampOf(wire.created_at, 'created_at', drift),
      raw: wire,
    },
    {
      captured: () => ({
        captured: wire.amount,
        refunded: refundedOf(wire, isOwnCapture, drift),
        fee: feeOf(wire, drift),
        capturedAt: timestampOf(wire.captured_at, 'captured_at', drift),
      }),
      requires_action: () => nextActionOf(wire, httpStatus, drift),
      // A failed charge has a text only: the code of the decline stands in the error answer.
      failed: () =>
        failureWith('generic_decline', { message: wire.error_message ?? wire.status_message ?? null }),
      unknown: () => ({ captured: null, refunded: wire.amount_refunded ?? null }),
    },
  );
};

/**
 * `success` stays null for days. Pin's own sample shows a settled refund with `success: null` and the text `Success`, so
 * exactly that text without an error message counts as settled; a `refund.failed` event overrides it.
 */
export const refundStatusOf = (wire: RefundWire, drift: ReportDrift): RefundStatus => {
  const hasError = Boolean(wire.error_message);
  if (wire.success === true) {
    if (hasError) drift('error_message', 'inconsistent');
    return 'succeeded';
  }
  if (wire.success != null && wire.success !== false) {
    drift('success', 'wrong_type');
    return 'unknown';
  }
  if (wire.success === false || hasError) return 'failed';
  return wire.status_message === 'Success' ? 'succeeded' : 'pending';
};

/** One refund of Pin as a normalized refund. Pin keeps neither a reason nor metadata with it. */
export const toRefund = (
  wire: RefundWire,
  { drift }: Reading,
  status = refundStatusOf(wire, drift),
): Refund =>
  makeRefund({
    provider: 'pin',
    id: wire.token,
    chargeId: wire.charge,
    amount: wire.amount,
    currency: currencyOf(wire, drift),
    status,
    failure: () => failureWith('generic_decline', { message: wire.error_message ?? null }),
    createdAt: timestampOf(wire.created_at, 'created_at', drift),
    raw: wire,
  });

const answers = { in: 'response', listIn: 'response', id: 'token' } as const;

/** Where a charge stands in Pin's answers, and where one is read. */
export const charges = resource({
  ...answers,
  at: 'GET /1/charges/{id}',
  schema: chargeWire,
  read: (wire: ChargeWire, call: Call) => toCharge(wire, call),
});

/** The same for a refund. Pin reads one by its own token alone. */
export const refunds = resource({
  ...answers,
  at: 'GET /1/refunds/{id}',
  schema: refundWire,
  read: toRefund,
});
