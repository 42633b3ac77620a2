import {
  failureMessageOf,
  isAuthorized,
  type OmiseCharge,
  type OmiseRefund,
  refundedAmount,
} from './charge.js';
import { listObject } from './lists.js';
import { feesOf, fundingAmount, fundingCurrency, transactionFees } from './money.js';
import { renderOptions } from './options.js';
import { canRefund } from './source-types.js';
import { renderSource } from './sources.js';
import { type OmiseState, timestamp, timestampOrNull } from './state.js';
import { renderCard, renderCustomer } from './vault.js';

/** Fewer refunds than this, and not later than this. */
export const [mostRefunds, refundWindow] = [15, 365 * 86_400_000];

/** Whether money of a charge can go back now. */
export const isRefundable = (charge: OmiseCharge, now: number): boolean =>
  charge.paidAt !== null &&
  charge.dispute === null &&
  (charge.source === null || canRefund(charge.source.type)) &&
  charge.refunds.length < mostRefunds &&
  refundedAmount(charge) < (charge.capturedAmount ?? 0) &&
  now - charge.paidAt <= refundWindow;

/** Whether a full refund would be a void: nothing is settled yet and nothing has gone back. */
export const canVoid = (state: OmiseState, charge: OmiseCharge): boolean =>
  isRefundable(charge, state.context.now()) &&
  charge.refunds.length === 0 &&
  state.context.now() - (charge.paidAt ?? 0) < state.switches.settlementMs;

/** A refund as the wire shows it. */
export const renderRefund = (refund: OmiseRefund, currency: string): Record<string, unknown> => ({
  object: 'refund',
  id: refund.id,
  livemode: false,
  location: `/charges/${refund.chargeId}/refunds/${refund.id}`,
  status: 'closed',
  voided: refund.voided,
  amount: refund.amount,
  currency,
  funding_amount: fundingAmount(refund.amount, currency),
  funding_currency: fundingCurrency,
  charge: refund.chargeId,
  transaction: refund.transaction,
  metadata: refund.metadata,
  terminal: null,
  capture: null,
  acquirer_reference_number: null,
  approval_code: null,
  created_at: timestamp(refund.createdAt),
});

/** The list embedded in a charge: the twenty oldest. */
const renderRefunds = (charge: OmiseCharge, now: number): Record<string, unknown> =>
  listObject(
    charge.refunds.slice(0, 20).map((refund) => renderRefund(refund, charge.currency)),
    { limit: 20, offset: 0, total: charge.refunds.length },
    `/charges/${charge.id}/refunds`,
    now,
  );

/** The dispute of a charge as the wire shows it. */
export const renderDispute = (charge: OmiseCharge): Record<string, unknown> | null =>
  charge.dispute === null
    ? null
    : {
        object: 'dispute',
        id: charge.dispute.id,
        livemode: false,
        location: `/disputes/${charge.dispute.id}`,
        amount: charge.amount,
        currency: charge.currency,
        funding_amount: fundingAmount(charge.amount, charge.currency),
        funding_currency: fundingCurrency,
        charge: charge.id,
        status: 'open',
        reason_code: 'goods_or_services_not_provided',
        reason_message: 'Services not provided or Merchandise not received',
        metadata: {},
        closed_at: null,
        created_at: timestamp(charge.dispute.createdAt),
      };

const renderExpiry = (charge: OmiseCharge, now: number): Record<string, unknown> => {
  const isPast = now >= charge.expiresAt;
  // A failed payment page expires later all the same; the status keeps saying that it failed.
  const hasFailedPage = charge.status === 'failed' && charge.authorizeUri !== null;
  return {
    expired: charge.status === 'expired' || (hasFailedPage && isPast),
    expires_at: timestamp(charge.expiresAt),
    // Filled as soon as the deadline has passed, whatever has become of the charge.
    expired_at: timestampOrNull(charge.expiredAt ?? (isPast ? charge.expiresAt : null)),
  };
};

const renderNewerFields = (state: OmiseState, charge: OmiseCharge): Record<string, unknown> => ({
  authorized_at: timestampOrNull(charge.authorizedAt),
  authorization_type: charge.capture ? null : charge.authorizationType,
  authorized_amount: charge.amount,
  // Also on charges that never took anything: only a paid charge may be believed here.
  captured_amount: charge.capturedAmount ?? charge.amount,
  partially_refundable: isRefundable(charge, state.context.now()),
  can_perform_void: canVoid(state, charge),
  multi_capture: false,
  transaction_fees: transactionFees,
  acquirer_reference_number: null,
  approval_code: charge.authorizedAt === null || charge.card === null ? null : charge.id.slice(-6),
  ...renderOptions(charge.options),
  merchant_advice: null,
  merchant_advice_code: null,
  branch: null,
  terminal: null,
  device: null,
});

const renderMoney = (charge: OmiseCharge): Record<string, unknown> => {
  const funding = fundingAmount(charge.capturedAmount ?? charge.amount, charge.currency);
  const term = charge.zeroInterestInstallments ? (charge.source?.installmentTerm ?? 0) : 0;
  const { fee, feeVat, interest, interestVat, net } = feesOf(funding, 0.0074 * term);
  return {
    amount: charge.amount,
    currency: charge.currency,
    funding_amount: funding,
    funding_currency: fundingCurrency,
    fee,
    fee_vat: feeVat,
    interest,
    interest_vat: interestVat,
    net,
    refunded_amount: refundedAmount(charge),
    platform_fee: {
      fixed: charge.platformFee.fixed,
      amount: null,
      percentage: charge.platformFee.percentage,
    },
  };
};

const renderTransaction = (charge: OmiseCharge, expand: boolean): unknown =>
  charge.transaction === null || !expand
    ? charge.transaction
    : {
        object: 'transaction',
        id: charge.transaction,
        livemode: false,
        location: `/transactions/${charge.transaction}`,
        currency: fundingCurrency,
        amount: fundingAmount(charge.capturedAmount ?? 0, charge.currency),
        direction: 'credit',
        origin: charge.id,
        created_at: timestampOrNull(charge.paidAt),
      };

/** A charge as the wire shows it. `expand` shows customer and transaction in full. */
export const renderCharge = (
  state: OmiseState,
  charge: OmiseCharge,
  expand = false,
): Record<string, unknown> => {
  const now = state.context.now();
  const authorized = charge.authorizedAt !== null;
  const customer = charge.customer === null ? undefined : state.customers.get(charge.customer);
  return {
    object: 'charge',
    id: charge.id,
    location: `/charges/${charge.id}`,
    livemode: false,
    ...renderMoney(charge),
    status: charge.status,
    capture: charge.capture,
    authorized,
    paid: charge.paidAt !== null,
    capturable: isAuthorized(charge),
    reversible: isAuthorized(charge),
    refundable: isRefundable(charge, now),
    disputable: charge.paidAt !== null && charge.dispute === null && !charge.voided,
    reversed: charge.status === 'reversed',
    voided: charge.voided,
    ...renderExpiry(charge, now),
    created_at: timestamp(charge.createdAt),
    paid_at: timestampOrNull(charge.paidAt),
    reversed_at: timestampOrNull(charge.reversedAt),
    ...(state.switches.newerFields ? renderNewerFields(state, charge) : {}),
    ...(state.switches.authenticatedBy ? { authenticated_by: charge.authenticatedBy } : {}),
    transaction: renderTransaction(charge, expand),
    customer: expand && customer !== undefined ? renderCustomer(state, customer) : charge.customer,
    card: charge.card === null ? null : renderCard(charge.card),
    source: charge.source === null ? null : renderSource(charge.source),
    dispute: renderDispute(charge),
    schedule: null,
    link: null,
    ip: charge.ip,
    description: charge.description,
    metadata: charge.metadata,
    return_uri: charge.returnUri,
    authorize_uri: charge.authorizeUri,
    failure_code: charge.failureCode,
    failure_message: failureMessageOf(charge),
    zero_interest_installments: charge.zeroInterestInstallments,
    refunds: renderRefunds(charge, now),
  };
};
