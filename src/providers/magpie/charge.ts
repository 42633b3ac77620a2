import { upperCaseCode } from '../../models/currency-code.js';
import { attach, splitMetadata, stampMetadataKey } from '../../models/attachments.js';
import {
  standing,
  noMoney,
  refundTotalOf,
  type Charge,
  type ChargeStatus,
  type KnownCharge,
  type ThreeDS,
} from '../../models/charge.js';
import type { Failure } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import { declineOf } from './codes.js';
import { toPaymentMethod } from './payment-method.js';
import { countedRefunds, toRefunds } from './refund.js';
import { readTimestamp } from '../../models/wire-timestamp.js';
import { actionOf, reportAction } from './action.js';
import type { WireCharge } from './wire.js';

/**
 * A second stamp beside the idempotency key. The provider never says how much of an authorization was captured, so a
 * charge created with `capture: false` has to remember that its amount is not what was taken.
 */
export const captureStamp = { key: 'unicharge_capture', manual: 'manual' } as const;

/** Metadata keys of our own: never shown, and refused in params. */
export const ownMetadataKeys: readonly string[] = [stampMetadataKey, captureStamp.key];

/** Whether the charge was created with `capture: false`, so that its amount need not be what was captured. */
export const isManualCapture = (wire: Pick<WireCharge, 'metadata'>): boolean =>
  wire.metadata?.[captureStamp.key] === captureStamp.manual;

interface StatusRow {
  readonly status: ChargeStatus;
  readonly words: readonly string[];
  readonly when?: (wire: WireCharge) => boolean;
}

/** `captured` absent means no; null means that a wrong value stood there, and then nothing can be concluded. */
const isHeldOnly = (wire: WireCharge): boolean =>
  wire.authorized === true && (wire.captured === false || wire.captured === undefined);

/** The first row that applies is the status. `succeeded` alone is in no row: it must come with proof of what succeeded. */
const statusRows: readonly StatusRow[] = [
  { status: 'failed', words: ['failed'] },
  { status: 'voided', words: ['voided', 'canceled', 'cancelled'] },
  { status: 'expired', words: ['expired'] },
  { status: 'captured', words: ['refunded'] },
  { status: 'captured', words: ['succeeded'], when: (wire) => wire.captured === true },
  {
    status: 'authorized',
    words: ['pending', 'succeeded', 'authorized', 'requires_capture'],
    when: isHeldOnly,
  },
  { status: 'requires_action', words: ['pending'], when: (wire) => actionOf(wire) !== null },
  { status: 'pending', words: ['pending'] },
];

const toStatus = (wire: WireCharge, drift: ReportDrift): ChargeStatus => {
  const row = statusRows.find(({ words, when }) => words.includes(wire.status) && (when?.(wire) ?? true));
  if (row === undefined) drift('status', 'unknown_value');
  return row?.status ?? 'unknown';
};

const isOpen = (status: ChargeStatus): boolean => status === 'pending' || status === 'requires_action';

type Amounts = Pick<KnownCharge, 'amountCaptured' | 'amountRefunded' | 'refundStatus'>;

/**
 * What the answer of our own create or capture adds: nothing can have been refunded before, and, of a capture, what no later
 * answer shows, the amount that was sent.
 */
export interface OwnCapture {
  readonly amount?: number;
}

const capturedOf = (
  wire: WireCharge,
  ownCapture: OwnCapture | undefined,
  drift: ReportDrift,
): number | null => {
  if (ownCapture?.amount === undefined) return isManualCapture(wire) ? null : wire.amount;
  if (wire.amount >= ownCapture.amount) return ownCapture.amount;
  // Neither the authorized nor the captured amount can be below what was asked to be captured.
  drift('amount', 'inconsistent');
  return wire.amount;
};

/** The refunded total, else the sum of the refunds, else what the word says; null where nothing tells it. */
const refundedOf = (
  wire: WireCharge,
  amountCaptured: number | null,
  ownCapture: OwnCapture | undefined,
  drift: ReportDrift,
): number | null => {
  if (wire.amount_refunded == null) drift('amount_refunded', 'missing');
  const told = wire.amount_refunded ?? countedRefunds(wire);
  if (told !== null) return told;
  if (wire.status === 'refunded') return amountCaptured;
  return ownCapture === undefined ? null : 0;
};

/** Null where how much went back is not told: such a charge must pass neither for paid nor for refunded. */
const toAmounts = (
  wire: WireCharge,
  status: ChargeStatus,
  ownCapture: OwnCapture | undefined,
  drift: ReportDrift,
): Amounts | null => {
  if (status !== 'captured') return noMoney;
  const amountCaptured = capturedOf(wire, ownCapture, drift);
  const amountRefunded = refundedOf(wire, amountCaptured, ownCapture, drift);
  if (amountRefunded === null) return null;
  if (amountRefunded > (amountCaptured ?? wire.amount)) drift('amount_refunded', 'inconsistent');
  if (wire.status === 'refunded') {
    if (amountRefunded < (amountCaptured ?? 1)) drift('amount_refunded', 'inconsistent');
    return { amountCaptured, amountRefunded, refundStatus: 'full' };
  }
  // No charge captures more than its amount: once that much was refunded, everything was, whatever was captured.
  return {
    amountCaptured,
    amountRefunded,
    refundStatus: refundTotalOf(amountRefunded, amountCaptured ?? wire.amount),
  };
};

const threeDS = (status: ThreeDS['status']): ThreeDS => ({ status, version: null, eci: null });

const toThreeDS = (wire: WireCharge, status: ChargeStatus): ThreeDS | null => {
  const isCard = wire.source?.type === 'card';
  if (isCard && status === 'requires_action') return threeDS('required');
  if (wire.failure_data?.code === 'authentication_required') return threeDS('failed');
  const isThrough = status === 'captured' || status === 'authorized';
  // It is on unless it was switched off, and no answer says how it ended.
  return isCard && isThrough && wire.require_auth !== false ? threeDS('unknown') : null;
};

const toFailure = (wire: WireCharge, drift: ReportDrift): Failure => {
  const data = wire.failure_data;
  const { code, advice } = declineOf([data?.code], () => drift('failure_data.code', 'unknown_value'));
  return {
    code,
    message: data?.reason ?? null,
    providerCode: data?.code ?? null,
    declineCode: null,
    networkCode: data?.provider_response?.code ?? null,
    advice,
  };
};

/**
 * A wire charge as a charge. Amounts are minor units on both sides. `ownCapture` belongs to the answer of our own create or
 * capture alone.
 */
export const toCharge = (wire: WireCharge, drift: ReportDrift, ownCapture?: OwnCapture): Charge => {
  const told = toStatus(wire, drift);
  const amounts = toAmounts(wire, told, ownCapture, drift);
  const status = amounts === null ? 'unknown' : told;
  const { metadata, stamp } = splitMetadata(wire.metadata, ownMetadataKeys);
  if (isOpen(status)) reportAction(wire, drift);
  const charge: Charge = {
    provider: 'magpie',
    id: wire.id,
    ...standing(status, amounts, {
      captured: told === 'captured' && !isManualCapture(wire) ? wire.amount : null,
      refunded: wire.amount_refunded ?? null,
    }),
    providerStatus: wire.status,
    amount: wire.amount,
    currency: upperCaseCode(wire.currency),
    disputed: false,
    livemode: wire.livemode ?? null,
    description: wire.description ?? null,
    statementDescriptor: wire.statement_descriptor ?? null,
    customer: null,
    email: null,
    metadata,
    paymentMethod: toPaymentMethod(wire),
    nextAction: status === 'requires_action' ? actionOf(wire) : null,
    threeDS: toThreeDS(wire, status),
    failure: status === 'failed' ? toFailure(wire, drift) : null,
    fee: null,
    refunds: toRefunds(wire, drift),
    disputes: null,
    createdAt: readTimestamp(wire.created_at, 'created_at', drift),
    updatedAt: readTimestamp(wire.updated_at, 'updated_at', drift),
    capturedAt: null,
    expiresAt: null,
  };
  return attach(charge, { raw: wire, stamp });
};
