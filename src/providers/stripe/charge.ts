import { makeCharge, type ByStatus, type ChargeFacts } from '../../adapter/charge.js';
import { rowOf } from '../../adapter/fields.js';
import { makeRefund, refundReasonOf } from '../../adapter/refund.js';
import type { Charge, ChargeStatus, Fee } from '../../models/charge.js';
import type { Refund, RefundStatus } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import {
  capturedAmounts,
  embeddedRefunds,
  sumOfCounted,
  withoutReleases,
  type WireAmounts,
} from './amounts.js';
import { plainWord, readDecline, readRefundFailure, rowOfWord } from './codes.js';
import { fromWireAmount, fromWireCurrency, safeAmount } from './currency.js';
import { disputesOf } from './dispute.js';
import { nextActionOf } from './next-action.js';
import {
  paymentMethodOfCharge,
  paymentMethodOfIntent,
  threeDSOfCharge,
  threeDSOfIntent,
} from './payment-method.js';
import {
  idOf,
  isoTime,
  type WireCharge,
  type WireIntent,
  type WirePayment,
  type WireRefund,
} from './wire.js';

/** What the objects alone do not say and was read besides. */
export interface ExtraReads {
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

/** Intent statuses that map directly to a `ChargeStatus`. */
const intentWords: Readonly<Record<string, ChargeStatus>> = {
  succeeded: 'captured',
  requires_action: 'requires_action',
  requires_source_action: 'requires_action',
  processing: 'pending',
  requires_confirmation: 'pending',
};

/** The status of an intent. */
export const intentStatus = (intent: WireIntent): ChargeStatus => {
  switch (intent.status) {
    case 'canceled':
      return isLapse(intent) ? 'expired' : 'voided';
    // Money was taken already: one of several captures. The rest is still held.
    case 'requires_capture':
      return (intent.amount_received ?? 0) > 0 ? 'captured' : 'authorized';
    case 'requires_payment_method':
    case 'requires_source':
      return intent.last_payment_error ? 'failed' : 'pending';
    default:
      return rowOf(intentWords, intent.status) ?? 'unknown';
  }
};

/** The status of a charge by itself. An authorization is `succeeded`, too, and a declined charge may be `captured`. */
export const chargeStatus = (charge: WireCharge, hasLapsed: boolean): ChargeStatus => {
  if (charge.status === 'failed' || charge.status === 'pending') return charge.status;
  if (!charge.captured && charge.refunded) return hasLapsed ? 'expired' : 'voided';
  if (charge.status !== 'succeeded') return 'unknown';
  return charge.captured ? 'captured' : 'authorized';
};

const intentAmounts = (
  intent: WireIntent,
  latest: WireCharge | null,
  { refunds }: ExtraReads,
  drift: ReportDrift,
): WireAmounts => {
  const captured = intent.amount_received ?? null;
  if (intent.status === 'requires_capture') return { captured, refunded: latest?.amount_refunded ?? 0 };
  if (latest?.captured === true) return capturedAmounts(latest, refunds, drift);
  // Paid, but the latest charge, which should state the amounts, is missing or contradictory.
  drift('latest_charge', latest === null ? 'missing' : 'inconsistent');
  return { captured, refunded: refunds === null ? (latest?.amount_refunded ?? 0) : sumOfCounted(refunds) };
};

/** In the settlement currency, which may differ from the charge's. Null unless the balance transaction was expanded. */
const feeOf = (charge: WireCharge | null): Fee | null => {
  const balanceTransaction = charge?.balance_transaction;
  if (typeof balanceTransaction !== 'object' || balanceTransaction?.currency == null) return null;
  const currency = fromWireCurrency(balanceTransaction.currency);
  const amount = safeAmount(balanceTransaction.fee, currency);
  return amount === null ? null : { amount, currency };
};

const refundsInside = (charge: WireCharge | null, chargeId: string, drift: ReportDrift, withRaw: boolean) => {
  const inside = charge === null ? null : embeddedRefunds(charge);
  if (charge === null || inside === null) return null;
  return withoutReleases(charge, inside).map((refund) => toRefund(refund, chargeId, drift, withRaw));
};

/** What intents and charges tell in different places. */
interface Told extends Pick<ChargeFacts, 'status' | 'providerStatus' | 'paymentMethod' | 'threeDS'> {
  /** The charge itself, or the one behind an intent. */
  readonly charge: WireCharge | null;
  readonly received: number | null | undefined;
  readonly withRaw: boolean | undefined;
  amounts(): WireAmounts;
  readonly by: Pick<ByStatus, 'failed' | 'requires_action'>;
}

/** Builds a charge from the fields that intents and charges share. */
const paymentOf = (wire: WirePayment, told: Told, drift: ReportDrift): Charge => {
  const { charge, status, received, withRaw = true } = told;
  if (status === 'unknown') drift('status', 'unknown_value');
  const currency = fromWireCurrency(wire.currency);
  return makeCharge(
    {
      provider: 'stripe',
      id: wire.id,
      status,
      providerStatus: told.providerStatus,
      amount: fromWireAmount(wire.amount, currency),
      currency,
      livemode: wire.livemode ?? null,
      disputed: charge?.disputed ?? false,
      description: wire.description ?? null,
      // What create sent for a card; the full descriptor exists for other methods only.
      statementDescriptor: wire.statement_descriptor_suffix ?? wire.statement_descriptor ?? null,
      customer: idOf(wire.customer),
      email: charge?.billing_details?.email ?? wire.receipt_email ?? null,
      metadata: wire.metadata,
      paymentMethod: told.paymentMethod ?? null,
      threeDS: told.threeDS ?? null,
      refunds: refundsInside(charge, wire.id, drift, withRaw),
      disputes: disputesOf(charge, drift),
      createdAt: isoTime(wire.created),
      expiresAt:
        status === 'authorized' ? isoTime(charge?.payment_method_details?.card?.capture_before) : null,
      raw: withRaw ? wire : undefined,
    },
    {
      captured: () => {
        const { captured, refunded } = told.amounts();
        return {
          captured: captured === null ? null : fromWireAmount(captured, currency),
          refunded: fromWireAmount(refunded, currency),
          fee: feeOf(charge),
        };
      },
      ...told.by,
      unknown: () => ({
        captured: safeAmount(received ?? charge?.amount_captured, currency),
        // What an uncaptured charge calls refunded was only released.
        refunded: charge?.captured === true ? safeAmount(charge.amount_refunded, currency) : null,
      }),
    },
  );
};

/** An intent with its latest charge as one payment. */
export const chargeOfIntent = (
  intent: WireIntent,
  latest: WireCharge | null,
  read: ExtraReads,
  drift: ReportDrift,
): Charge => {
  const { status, cancellation_reason: reason } = intent;
  return paymentOf(
    intent,
    {
      charge: latest,
      status: intentStatus(intent),
      providerStatus: reason ? `${status}: ${reason}` : status,
      paymentMethod: (latest && paymentMethodOfCharge(latest)) ?? paymentMethodOfIntent(intent),
      threeDS: threeDSOfIntent(intent, latest, drift),
      received: intent.amount_received,
      withRaw: read.withRaw,
      amounts: () => intentAmounts(intent, latest, read, drift),
      by: {
        requires_action: () => nextActionOf(intent, drift),
        failed: () => readDecline({ ...intent.last_payment_error, outcome: latest?.outcome }, drift),
      },
    },
    drift,
  );
};

/** A charge by itself as one payment. */
export const chargeOfCharge = (charge: WireCharge, read: ExtraReads, drift: ReportDrift): Charge => {
  const { status, captured, refunded, failure_code: code, failure_message: message, outcome } = charge;
  return paymentOf(
    charge,
    {
      charge,
      status: chargeStatus(charge, read.hasLapsed),
      providerStatus:
        status === 'succeeded' ? `succeeded, captured: ${captured}, refunded: ${refunded}` : status,
      paymentMethod: paymentMethodOfCharge(charge),
      threeDS: threeDSOfCharge(charge, drift),
      received: null,
      withRaw: read.withRaw,
      amounts: () => capturedAmounts(charge, read.refunds, drift),
      by: { failed: () => readDecline({ code, message, outcome }, drift) },
    },
    drift,
  );
};

const refundStatuses: Readonly<Record<string, RefundStatus>> = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
};

/** A refund of captured money. `chargeId` is the one id of the payment: the intent's, or that of a charge without one. */
export const toRefund = (wire: WireRefund, chargeId: string, drift: ReportDrift, withRaw = true): Refund => {
  const currency = fromWireCurrency(wire.currency);
  const status = rowOfWord(refundStatuses, wire.status) ?? 'unknown';
  // Null is a documented answer, and the oldest versions have no status.
  if (status === 'unknown' && wire.status) drift('refund.status', 'unknown_value');
  return makeRefund({
    provider: 'stripe',
    id: wire.id,
    chargeId,
    amount: fromWireAmount(wire.amount, currency),
    currency,
    status,
    reason: refundReasonOf(plainWord(wire.reason)),
    providerReason: wire.reason ?? null,
    failure: () => readRefundFailure(wire.failure_reason),
    createdAt: isoTime(wire.created),
    metadata: wire.metadata,
    raw: withRaw ? wire : undefined,
  });
};
