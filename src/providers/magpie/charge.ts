import { cardOf, failureWith, firstStatus, makeCharge, type CapturedMoney } from '../../adapter/charge.js';
import { rowOf } from '../../adapter/fields.js';
import { makeRefund, refundedBy, refundReasonOf } from '../../adapter/refund.js';
import { resource } from '../../adapter/resource.js';
import type {
  BankAccount,
  Charge,
  ChargeStatus,
  NextAction,
  PaymentMethod,
  ThreeDS,
} from '../../models/charge.js';
import { countryOfName } from '../../models/country-names.js';
import { upperCaseCode } from '../../models/currency-code.js';
import type { Failure, Refund, RefundStatus } from '../../models/refund.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import type { Call, ReportDrift } from '../../provider.js';
import { declineOf } from './codes.js';
import { chargeWire, isConfirmationId, type ChargeWire, type RefundWire, type SourceWire } from './wire.js';

/** What a mapper needs of a call. */
export type Reading = Pick<Call, 'drift'>;

/**
 * A second stamp beside the idempotency key. The provider never says how much of an authorization was captured, so a
 * charge created with `capture: false` has to remember that its amount is not what was taken.
 */
export const captureStamp = { key: 'unicharge_capture', manual: 'manual' } as const;

/** Whether the charge was created with `capture: false`, so that its amount need not be what was captured. */
export const isManualCapture = (wire: Pick<ChargeWire, 'metadata'>): boolean =>
  wire.metadata?.[captureStamp.key] === captureStamp.manual;

/**
 * What the payer has to do, as far as it can be carried out: an address to go to, or the confirmation id that `verify` asks
 * for. Null for everything else, which `reportAction` tells.
 */
const actionOf = ({ action }: ChargeWire): NextAction | null => {
  if (action?.url) return { type: 'redirect', url: action.url };
  const confirmationId = action?.confirmation_id;
  return isConfirmationId(confirmationId) ? { type: 'otp', confirmationId } : null;
};

/**
 * Tells of an action in a shape that the documentation does not show. An action with an empty content asks for nothing. One
 * that we cannot express would otherwise look like a payment that finishes by itself.
 */
const reportAction = ({ action }: ChargeWire, drift: ReportDrift): void => {
  if (action == null || Object.values(action).every((value) => value == null || value === '')) return;
  const isDocumented = Boolean(action.url) && (action.type == null || action.type === 'redirect_to_url');
  if (!isDocumented) drift('action', 'unknown_value');
};

/** `captured` absent means no; null means that a wrong value stood there, and then nothing can be concluded. */
const isHeldOnly = (wire: ChargeWire): boolean =>
  wire.authorized === true && (wire.captured === false || wire.captured === undefined);

const heldWords: ReadonlySet<string> = new Set(['pending', 'succeeded', 'authorized', 'requires_capture']);

/** The first row that applies is the status. `succeeded` alone is in no row: it must come with proof of what succeeded. */
const statusRows: ReadonlyArray<readonly [ChargeStatus, (wire: ChargeWire) => boolean]> = [
  ['failed', ({ status }) => status === 'failed'],
  ['voided', ({ status }) => ['voided', 'canceled', 'cancelled'].includes(status)],
  ['expired', ({ status }) => status === 'expired'],
  ['captured', ({ status }) => status === 'refunded'],
  ['captured', ({ status, captured }) => status === 'succeeded' && captured === true],
  ['authorized', (wire) => heldWords.has(wire.status) && isHeldOnly(wire)],
  ['requires_action', (wire) => wire.status === 'pending' && actionOf(wire) !== null],
  ['pending', ({ status }) => status === 'pending'],
];

const statusOf = (wire: ChargeWire, drift: ReportDrift): ChargeStatus => {
  const status = firstStatus(statusRows, wire);
  if (status === 'unknown') drift('status', 'unknown_value');
  return status;
};

/**
 * What the answer of our own create or capture adds: nothing can have been refunded before, and, of a capture, what no later
 * answer shows, the amount that was sent.
 */
export interface OwnCapture {
  readonly amount?: number;
}

const capturedOf = (wire: ChargeWire, own: OwnCapture | undefined, drift: ReportDrift): number | null => {
  if (own?.amount === undefined) return isManualCapture(wire) ? null : wire.amount;
  if (wire.amount >= own.amount) return own.amount;
  // Neither the authorized nor the captured amount can be below what was asked to be captured.
  drift('amount', 'inconsistent');
  return wire.amount;
};

/** The refunded total, else the sum of the refunds, else what the word says; null where nothing tells it. */
const moneyOf = (
  wire: ChargeWire,
  refunds: readonly Refund[] | null,
  own: OwnCapture | undefined,
  drift: ReportDrift,
): CapturedMoney => {
  const captured = capturedOf(wire, own, drift);
  const isAll = wire.status === 'refunded';
  if (wire.amount_refunded == null) drift('amount_refunded', 'missing');
  const told = wire.amount_refunded ?? (refunds === null ? null : refundedBy(refunds));
  const refunded = told ?? (isAll ? captured : own === undefined ? null : 0);
  if (refunded === null) return { captured, refunded };
  if (refunded > (captured ?? wire.amount) || (isAll && refunded < (captured ?? 1))) {
    drift('amount_refunded', 'inconsistent');
  }
  return { captured, refunded, ...(isAll ? { refundStatus: 'full' } : {}) };
};

const threeDS = (status: ThreeDS['status']): ThreeDS => ({ status, version: null, eci: null });

const threeDSOf = (wire: ChargeWire, status: ChargeStatus): ThreeDS | null => {
  const isCard = wire.source?.type === 'card';
  if (isCard && status === 'requires_action') return threeDS('required');
  if (wire.failure_data?.code === 'authentication_required') return threeDS('failed');
  const isThrough = status === 'captured' || status === 'authorized';
  // It is on unless it was switched off, and no answer says how it ended.
  return isCard && isThrough && wire.require_auth !== false ? threeDS('unknown') : null;
};

const failureOf = ({ failure_data: data }: ChargeWire, drift: ReportDrift): Failure => {
  const { code, advice } = declineOf([data?.code], () => drift('failure_data.code', 'unknown_value'));
  return failureWith(code, {
    message: data?.reason ?? null,
    providerCode: data?.code ?? null,
    networkCode: data?.provider_response?.code ?? null,
    advice,
  });
};

const digits = (value: string | null | undefined, pattern: RegExp): number | null =>
  value != null && pattern.test(value) ? Number(value) : null;

const cardIn = (card: NonNullable<SourceWire['card']>): NonNullable<PaymentMethod['card']> =>
  cardOf({
    brand: card.brand ?? null,
    last4: card.last4 ?? null,
    expMonth: digits(card.exp_month, /^\d{1,2}$/),
    expYear: digits(card.exp_year, /^\d{4}$/),
    funding: card.funding ?? null,
    // What is neither a code nor a name stays for the engine, which leaves it out and reports it.
    country: countryOfName(card.country) ?? card.country ?? null,
    holderName: card.name ?? null,
  });

/** The last four digits, as of a card; of a shorter number nothing, for that would be nearly all of it. */
const lastFour = (number: string | null | undefined): string | null => {
  const bare = (number ?? '').replace(/[\s-]/g, '');
  return /^[\dXx*]{4,}\d{4}$/.test(bare) ? bare.slice(-4) : null;
};

/** The provider names the bank by its code. */
const bankAccountIn = (account: NonNullable<SourceWire['bank_account']>): BankAccount => ({
  bankName: account.bank_code ?? null,
  last4: lastFour(account.account_number),
  holderName: account.account_name ?? null,
  country: null,
  type: account.account_type ?? null,
});

/** What was charged: a card, a wallet, or an account of a bank. */
const paymentMethodOf = (source: SourceWire): PaymentMethod => ({
  type: source.type ?? 'unknown',
  id: source.id ?? null,
  ...(source.card == null ? {} : { card: cardIn(source.card) }),
  ...(source.bank_account == null ? {} : { bankAccount: bankAccountIn(source.bank_account) }),
});

const refundStatuses: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
};

/** One entry of `charge.refunds`. It names neither its charge nor metadata: the charge that carries it does. */
export const toRefund = (
  wire: RefundWire,
  charge: Pick<ChargeWire, 'id' | 'currency'>,
  { drift }: Reading,
): Refund => {
  const status = rowOf(refundStatuses, wire.status);
  if (status === undefined) drift('refunds.status', wire.status == null ? 'missing' : 'unknown_value');
  return makeRefund({
    provider: 'magpie',
    id: wire.id,
    chargeId: charge.id,
    amount: wire.amount,
    currency: upperCaseCode(wire.currency ?? charge.currency),
    status: status ?? 'unknown',
    reason: refundReasonOf(wire.reason),
    providerReason: wire.reason === '' ? null : (wire.reason ?? null),
    createdAt: readTimestamp(wire.created_at, 'refunds.created_at', drift),
    raw: wire,
  });
};

/** The refunds of a charge, as the provider orders them, or one of them; null where the answer did not carry them. */
export const toRefunds = (wire: ChargeWire, reading: Reading, refundId?: string): Refund[] | null =>
  wire.refunds
    ?.filter(({ id }) => refundId === undefined || id === refundId)
    .map((refund) => toRefund(refund, wire, reading)) ?? null;

/**
 * A charge of the provider as a charge. Amounts are minor units on both sides. `own` belongs to the answer of our own create or
 * capture alone.
 */
export const toCharge = (wire: ChargeWire, reading: Reading, own?: OwnCapture): Charge => {
  const { drift } = reading;
  const status = statusOf(wire, drift);
  const refunds = toRefunds(wire, reading);
  if (status === 'pending' || status === 'requires_action') reportAction(wire, drift);
  return makeCharge(
    {
      provider: 'magpie',
      id: wire.id,
      status,
      providerStatus: wire.status,
      amount: wire.amount,
      currency: upperCaseCode(wire.currency),
      livemode: wire.livemode ?? null,
      description: wire.description ?? null,
      statementDescriptor: wire.statement_descriptor ?? null,
      metadata: wire.metadata,
      ownKeys: [captureStamp.key],
      paymentMethod: wire.source == null ? null : paymentMethodOf(wire.source),
      threeDS: (told) => threeDSOf(wire, told),
      refunds,
      createdAt: readTimestamp(wire.created_at, 'created_at', drift),
      updatedAt: readTimestamp(wire.updated_at, 'updated_at', drift),
      raw: wire,
    },
    {
      captured: () => moneyOf(wire, refunds, own, drift),
      requires_action: () => actionOf(wire),
      failed: () => failureOf(wire, drift),
      unknown: () => ({ captured: null, refunded: wire.amount_refunded ?? null }),
    },
  );
};

/** Where a charge is read. Refunds have no place of their own. */
export const charges = resource({
  at: 'GET /v2/charges/{id}',
  schema: chargeWire,
  read: (wire: ChargeWire, call: Call) => toCharge(wire, call),
});
