import { renderCard } from './cards.js';
import type { PinCharge } from './charge.js';
import { feesOf, settlementCurrency } from './currencies.js';
import { refundedAmount } from './refunds.js';
import { type PinState, timestamp } from './state.js';

const statusMessageOf = (charge: PinCharge): string => {
  switch (charge.status) {
    case 'pending':
      return 'Pending';
    case 'captured':
      return 'Success';
    case 'voided':
      return 'Authorisation Voided';
    case 'failed':
      return charge.failure ?? '';
    case 'authorised':
    case 'expired':
      return 'Successful Authorisation';
  }
};

const successOf = (state: PinState, charge: PinCharge): boolean | null => {
  if (charge.status === 'pending') return state.switches.pendingSuccess;
  return charge.status !== 'failed';
};

/** A charge as the wire shows it. There is no status field: everything has to be read from the flags. */
export const renderCharge = (state: PinState, charge: PinCharge): Record<string, unknown> => {
  const { platformAdjustment, capturedAt } = charge;
  const fees =
    charge.status === 'captured' ? feesOf(charge.amount, charge.currency, platformAdjustment.amount) : null;
  return {
    token: charge.token,
    success: successOf(state, charge),
    amount: charge.amount,
    currency: charge.currency,
    description: charge.description,
    email: charge.email,
    ip_address: charge.ipAddress,
    created_at: timestamp(charge.createdAt),
    status_message: statusMessageOf(charge),
    error_message: charge.failure,
    card: renderCard(charge.card),
    transfer: [],
    amount_refunded: refundedAmount(charge, state.switches.amountRefundedCountsPending),
    total_fees: fees?.totalFees ?? null,
    merchant_entitlement: fees?.merchantEntitlement ?? null,
    refund_pending: charge.refunds.some((refund) => refund.status === 'pending'),
    authorisation_token: null,
    authorisation_expired: charge.status === 'expired',
    authorisation_voided: charge.status === 'voided',
    captured: charge.status === 'captured',
    captured_at: capturedAt === null ? null : timestamp(capturedAt),
    settlement_currency: settlementCurrency,
    active_chargebacks: false,
    metadata: charge.metadata,
    platform_fees: 0,
    platform_adjustment: platformAdjustment,
  };
};

/** Whether a charge stands in lists and search. */
export const isListed = (state: PinState, charge: PinCharge): boolean => {
  if (charge.status === 'failed') return state.switches.listsFailedCharges;
  return charge.status !== 'pending' || state.switches.listsPendingCharges;
};
