import { attach, splitMetadata } from '../../models/attachments.js';
import { noMoney, refundTotal, standing, type Charge, type ChargeStatus } from '../../models/charge.js';
import { defaultAdvice, unknownDecline, type DeclineCode } from '../../models/decline.js';
import { refundStatusSchema, type Failure, type Refund } from '../../models/refund.js';
import type { Call } from '../../provider.js';
import type { ChargeWire, RefundWire } from './wire.js';

const statuses: Readonly<Record<string, ChargeStatus>> = {
  processing: 'pending',
  needs_action: 'requires_action',
  authorized: 'authorized',
  captured: 'captured',
  voided: 'voided',
  expired: 'expired',
  failed: 'failed',
};

const declineCodes: Readonly<Record<string, DeclineCode>> = {
  card_declined: 'generic_decline',
  insufficient_funds: 'insufficient_funds',
  authentication_failed: 'authentication_failed',
};

/** The decline code that a word of the fake provider means. */
export const declineOf = (code: string): DeclineCode => declineCodes[code] ?? unknownDecline.code;

const failureOf = (failure: { code: string; message: string }): Failure => ({
  code: declineOf(failure.code),
  message: failure.message,
  providerCode: failure.code,
  declineCode: failure.code,
  networkCode: null,
  advice: defaultAdvice[declineOf(failure.code)],
});

const refundReasons = ['duplicate', 'fraudulent', 'requested_by_customer', 'other'] as const;

/** A refund of the fake provider as everybody reads it. */
export const toRefund = (wire: RefundWire): Refund => {
  const { metadata, stamp } = splitMetadata(wire.metadata);
  const status = refundStatusSchema.safeParse(wire.status);
  const refund: Refund = {
    provider: 'fake',
    id: wire.id,
    chargeId: wire.charge,
    amount: wire.amount,
    currency: wire.currency.toUpperCase(),
    status: status.success ? status.data : 'unknown',
    reason: refundReasons.find((reason) => reason === wire.reason) ?? null,
    providerReason: wire.reason ?? null,
    failure: null,
    createdAt: wire.created_at ?? null,
    metadata,
  };
  return attach(refund, { raw: wire, stamp });
};

/** A charge of the fake provider as everybody reads it. */
export const toCharge = (wire: ChargeWire, { drift }: Pick<Call, 'drift'>): Charge => {
  const { metadata, stamp } = splitMetadata(wire.metadata);
  const status = statuses[wire.status] ?? 'unknown';
  if (status === 'unknown') drift('status', 'unknown_value');
  const isOpen = status === 'pending' || status === 'requires_action' || status === 'authorized';
  const charge: Charge = {
    provider: 'fake',
    id: wire.id,
    ...standing(
      status,
      status === 'captured'
        ? {
            amountCaptured: wire.captured_amount,
            amountRefunded: wire.refunded_amount,
            refundStatus: refundTotal(wire.refunded_amount, wire.captured_amount),
          }
        : noMoney,
      { captured: wire.captured_amount, refunded: wire.refunded_amount },
    ),
    providerStatus: wire.status,
    amount: wire.amount,
    currency: wire.currency.toUpperCase(),
    disputed: false,
    livemode: wire.live ?? null,
    description: wire.description ?? null,
    statementDescriptor: wire.statement_descriptor ?? null,
    customer: wire.customer ?? null,
    email: wire.email ?? null,
    metadata,
    paymentMethod: wire.source == null ? null : { type: 'card', id: wire.source },
    nextAction:
      status === 'requires_action' && wire.action_url != null
        ? { type: 'redirect', url: wire.action_url }
        : null,
    threeDS: status === 'requires_action' ? { status: 'required', version: null, eci: null } : null,
    failure: status === 'failed' && wire.failure != null ? failureOf(wire.failure) : null,
    fee: null,
    refunds: wire.refunds?.map(toRefund) ?? null,
    disputes: null,
    createdAt: wire.created_at ?? null,
    updatedAt: wire.updated_at ?? null,
    capturedAt: wire.captured_at ?? null,
    expiresAt: isOpen ? (wire.expires_at ?? null) : null,
  };
  return attach(charge, { raw: wire, stamp });
};
