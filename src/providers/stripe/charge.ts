import { attach, splitMetadata } from '../../models/attachments.js';
import {
  standing,
  refundTotalOf,
  type Charge,
  type ChargeStatus,
  type Fee,
  type KnownCharge,
} from '../../models/charge.js';
import type { Failure } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import {
  capturedAmounts,
  embeddedRefunds,
  sumOfCounted,
  withoutReleases,
  type WireAmounts,
} from './amounts.js';
import { fromWireAmount, fromWireCurrency } from './currency.js';
import { readDecline } from './codes.js';
import { disputesOf } from './dispute.js';
import { nextActionOf } from './next-action.js';
import {
  paymentMethodOfCharge,
  paymentMethodOfIntent,
  threeDSOfCharge,
  threeDSOfIntent,
} from './payment-details.js';
import { toRefund } from './refund.js';
import { idOf, isoTime, type WireCharge, type WireIntent, type WireRefund } from './wire.js';

/** What the objects alone do not say and was read besides. */
export interface ReadBesides {
  /** Every refund of the charge, or null where they were not needed. */
  readonly refunds: readonly WireRefund[] | null;
  /** Whether an uncaptured charge was released because its time had passed, not by a void. */
  readonly hasLapsed: boolean;
  /** False for charges on errors and events, which carry no `raw`. */
  readonly withRaw?: boolean;
}

const lapseWords: ReadonlySet<string | null | undefined> = new Set(['automatic', 'expired']);

/** Whether Stripe itself cancelled the intent, because its time had passed. */
export const isLapse = (intent: WireIntent): boolean =>
  intent.status === 'canceled' && lapseWords.has(intent.cancellation_reason);

/** The status of an intent. The first row that applies; no row: unknown. */
export const intentStatus = (intent: WireIntent): ChargeStatus => {
  const { status } = intent;
  if (status === 'canceled') return isLapse(intent) ? 'expired' : 'voided';
  // Money was taken already: one of several captures. The rest is still held.
  if (status === 'requires_capture') return (intent.amount_received ?? 0) > 0 ? 'captured' : 'authorized';
  if (status === 'succeeded') return 'captured';
  if (status === 'requires_action' || status === 'requires_source_action') return 'requires_action';
  if (status === 'processing' || status === 'requires_confirmation') return 'pending';
  if (status === 'requires_payment_method' || status === 'requires_source') {
    return intent.last_payment_error ? 'failed' : 'pending';
  }
  return 'unknown';
};

/** The status of a charge by itself. An authorization is `succeeded`, too, and a declined charge may be `captured`. */
export const chargeStatus = (charge: WireCharge, hasLapsed: boolean): ChargeStatus => {
  if (charge.status === 'failed') return 'failed';
  if (charge.status === 'pending') return 'pending';
  if (!charge.captured && charge.refunded) return hasLapsed ? 'expired' : 'voided';
  if (charge.status !== 'succeeded') return 'unknown';
  return charge.captured ? 'captured' : 'authorized';
};

const nothing: WireAmounts = { captured: 0, refunded: 0 };

const intentAmounts = (
  intent: WireIntent,
  latest: WireCharge | null,
  read: ReadBesides,
  drift: ReportDrift,
): WireAmounts => {
  const received = intent.amount_received ?? null;
  if (intent.status === 'requires_capture')
    return { captured: received, refunded: latest?.amount_refunded ?? 0 };
  if (latest?.captured !== true) {
    // Paid, but the charge that was to tell how much is missing or contradicts.
    drift('latest_charge', latest === null ? 'missing' : 'inconsistent');
    const refunded = read.refunds === null ? (latest?.amount_refunded ?? 0) : sumOfCounted(read.refunds);
    return { captured: received, refunded };
  }
  return capturedAmounts(latest, read.refunds, drift);
};

const feeOf = (charge: WireCharge): Fee | null => {
  const booking = charge.balance_transaction;
  if (!booking || typeof booking !== 'object') return null;
  if (typeof booking.fee !== 'number' || typeof booking.currency !== 'string') return null;
  const currency = fromWireCurrency(booking.currency);
  const amount = fromWireAmount(booking.fee, currency);
  return Number.isSafeInteger(amount) ? { amount, currency } : null;
};

const failureOfCharge = (charge: WireCharge, drift: ReportDrift): Failure =>
  readDecline({ code: charge.failure_code, message: charge.failure_message, outcome: charge.outcome }, drift);

const captureBefore = (charge: WireCharge | null): string | null =>
  isoTime(charge?.payment_method_details?.card?.capture_before);

type Shared = Pick<
  KnownCharge,
  | 'provider'
  | 'id'
  | 'amount'
  | 'currency'
  | 'livemode'
  | 'description'
  | 'statementDescriptor'
  | 'customer'
  | 'metadata'
  | 'createdAt'
  | 'updatedAt'
  | 'capturedAt'
>;

/** What intents and charges have under the same names. */
const shared = (
  wire: WireIntent | WireCharge,
  status: ChargeStatus,
  amounts: WireAmounts,
  told: { readonly captured: number | null; readonly refunded: number | null },
  metadata: Record<string, string>,
): Shared & ReturnType<typeof standing> => {
  const currency = fromWireCurrency(wire.currency);
  const amountCaptured = amounts.captured === null ? null : fromWireAmount(amounts.captured, currency);
  const amountRefunded = fromWireAmount(amounts.refunded, currency);
  const toldAmount = (amount: number | null): number | null => {
    const iso = amount === null ? null : fromWireAmount(amount, currency);
    return Number.isSafeInteger(iso) ? iso : null;
  };
  const money = standing(
    status,
    { amountCaptured, amountRefunded, refundStatus: refundTotalOf(amountRefunded, amountCaptured) },
    { captured: toldAmount(told.captured), refunded: toldAmount(told.refunded) },
  );
  // Not a spread with fields behind it: on Node 20 each of those takes as long as the rest together.
  return Object.assign(money, {
    provider: 'stripe',
    id: wire.id,
    amount: fromWireAmount(wire.amount, currency),
    currency,
    livemode: wire.livemode ?? null,
    description: wire.description ?? null,
    // What create sent for a card; the full descriptor exists for other methods only.
    statementDescriptor: wire.statement_descriptor_suffix ?? wire.statement_descriptor ?? null,
    customer: idOf(wire.customer),
    metadata,
    createdAt: isoTime(wire.created),
    updatedAt: null,
    capturedAt: null,
  });
};

const refundsInside = (charge: WireCharge | null, chargeId: string, drift: ReportDrift, withRaw: boolean) => {
  const inside = charge === null ? null : embeddedRefunds(charge);
  if (charge === null || inside === null) return null;
  return withoutReleases(charge, inside).map((refund) => toRefund(refund, chargeId, drift, withRaw));
};

/** An intent with its latest charge as one payment. */
export const chargeOfIntent = (
  intent: WireIntent,
  latest: WireCharge | null,
  read: ReadBesides,
  drift: ReportDrift,
): Charge => {
  const status = intentStatus(intent);
  if (status === 'unknown') drift('status', 'unknown_value');
  const { metadata, stamp } = splitMetadata(intent.metadata);
  const amounts = status === 'captured' ? intentAmounts(intent, latest, read, drift) : nothing;
  const withRaw = read.withRaw ?? true;
  const failure = (): Failure =>
    readDecline({ ...intent.last_payment_error, outcome: latest?.outcome }, drift);
  const told = {
    captured: intent.amount_received ?? latest?.amount_captured ?? null,
    // What an uncaptured charge calls refunded was only released.
    refunded: latest?.captured === true ? latest.amount_refunded : null,
  };
  return attach(
    Object.assign(shared(intent, status, amounts, told, metadata), {
      providerStatus: intent.cancellation_reason
        ? `${intent.status}: ${intent.cancellation_reason}`
        : intent.status,
      disputed: latest?.disputed ?? false,
      email: latest?.billing_details?.email ?? intent.receipt_email ?? null,
      paymentMethod: (latest && paymentMethodOfCharge(latest)) ?? paymentMethodOfIntent(intent),
      nextAction: status === 'requires_action' ? nextActionOf(intent, drift) : null,
      threeDS: threeDSOfIntent(intent, latest, drift),
      failure: status === 'failed' ? failure() : null,
      fee: status === 'captured' && latest ? feeOf(latest) : null,
      refunds: refundsInside(latest, intent.id, drift, withRaw),
      disputes: disputesOf(latest, drift),
      expiresAt: status === 'authorized' ? captureBefore(latest) : null,
    }),
    { raw: withRaw ? intent : undefined, stamp },
  );
};

/** A charge by itself as one payment. */
export const chargeOfCharge = (charge: WireCharge, read: ReadBesides, drift: ReportDrift): Charge => {
  const status = chargeStatus(charge, read.hasLapsed);
  if (status === 'unknown') drift('status', 'unknown_value');
  const { metadata, stamp } = splitMetadata(charge.metadata);
  const amounts = status === 'captured' ? capturedAmounts(charge, read.refunds, drift) : nothing;
  const withRaw = read.withRaw ?? true;
  const told = {
    captured: charge.amount_captured ?? null,
    refunded: charge.captured ? charge.amount_refunded : null,
  };
  return attach(
    Object.assign(shared(charge, status, amounts, told, metadata), {
      providerStatus:
        charge.status === 'succeeded'
          ? `succeeded, captured: ${charge.captured}, refunded: ${charge.refunded}`
          : charge.status,
      disputed: charge.disputed ?? false,
      email: charge.billing_details?.email ?? charge.receipt_email ?? null,
      paymentMethod: paymentMethodOfCharge(charge),
      nextAction: null,
      threeDS: threeDSOfCharge(charge, drift),
      failure: status === 'failed' ? failureOfCharge(charge, drift) : null,
      fee: status === 'captured' ? feeOf(charge) : null,
      refunds: refundsInside(charge, charge.id, drift, withRaw),
      disputes: disputesOf(charge, drift),
      expiresAt: status === 'authorized' ? captureBefore(charge) : null,
    }),
    { raw: withRaw ? charge : undefined, stamp },
  );
};
