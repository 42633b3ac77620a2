import { type Expansion, noExpansion } from './expand.js';
import { billingDetails } from './payment-method-object.js';
import { renderPlatform } from './platform.js';
import type { ChargeRecord, RefundRecord } from './records.js';
import { shownRefunds } from './refund-totals.js';
import { fingerprintOf } from './search-documents.js';
import { reference, type View } from './view.js';

const refundsShown = 10;

const outcomeOf = (charge: ChargeRecord): object => {
  const { card } = charge.paymentMethod;
  const common = { advice_code: null, network_advice_code: null, network_decline_code: null };
  if (card.risk === 'blocked') {
    return {
      ...common,
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      risk_level: 'highest',
      risk_score: 90,
      seller_message: 'Stripe blocked this payment as too risky.',
      type: 'blocked',
    };
  }
  if (charge.failure !== null) {
    return {
      ...common,
      network_status: 'declined_by_network',
      reason: charge.failure.declineCode ?? charge.failure.code,
      risk_level: 'normal',
      risk_score: 20,
      seller_message: 'The bank did not return any further details with this decline.',
      type: 'issuer_declined',
    };
  }
  const isElevated = card.risk === 'elevated';
  return {
    ...common,
    network_status: 'approved_by_network',
    reason: isElevated ? 'elevated_risk_level' : null,
    risk_level: isElevated ? 'elevated' : 'normal',
    risk_score: isElevated ? 70 : 20,
    seller_message: 'Payment complete.',
    type: isElevated ? 'manual_review' : 'authorized',
  };
};

const threeDSecureOf = (charge: ChargeRecord): object | null => {
  const evidence = charge.threeDSecure;
  if (evidence === null) return null;
  const passed = evidence.result === 'authenticated';
  return {
    authentication_flow: evidence.flow,
    electronic_commerce_indicator: passed ? '05' : null,
    exemption_indicator: null,
    result: evidence.result,
    result_reason: evidence.result === 'processing_error' ? 'protocol_error' : null,
    transaction_id: passed ? `tds-${charge.id}` : null,
    version: evidence.result === 'not_supported' ? null : '2.2.0',
  };
};

const cardDetails = (charge: ChargeRecord): object => {
  const { card, expMonth, expYear } = charge.paymentMethod;
  const manual = charge.captureBefore === null ? {} : { capture_before: charge.captureBefore };
  return {
    amount_authorized: charge.status === 'failed' ? null : charge.amount,
    authorization_code: charge.status === 'failed' ? null : '123456',
    brand: card.brand,
    ...manual,
    checks: {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: card.cvcCheckFails === true ? 'fail' : 'pass',
    },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: expMonth,
    exp_year: expYear,
    extended_authorization: { status: 'disabled' },
    fingerprint: fingerprintOf(card.number),
    funding: card.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card.number.slice(-4),
    mandate: charge.mandate,
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: charge.status === 'failed' ? null : `nt${charge.id.slice(3)}`,
    overcapture: { maximum_amount_capturable: charge.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: threeDSecureOf(charge),
    transaction_link_id: null,
    wallet: null,
  };
};

const methodDetails = (charge: ChargeRecord): object => {
  const { local } = charge.paymentMethod;
  if (local === null || local.type === 'card') return { card: cardDetails(charge), type: 'card' };
  const mandate = charge.mandate === null ? {} : { mandate: charge.mandate };
  return { [local.type]: { ...local.shows, ...mandate }, type: local.type };
};

const refundsOf = (view: View, charge: ChargeRecord, expansion: Expansion): object => {
  const newestFirst: RefundRecord[] = charge.refunds.toReversed();
  const inner = expansion.get('data') ?? noExpansion;
  return {
    object: 'list',
    data: newestFirst.slice(0, refundsShown).map((refund) => view.refund(refund.id, inner)),
    has_more: newestFirst.length > refundsShown,
    url: `/v1/charges/${charge.id}/refunds`,
  };
};

/** Fields that newer API versions have dropped. */
const oldFields = (view: View, charge: ChargeRecord, expansion: Expansion): object => {
  const refunds = expansion.get('refunds');
  return {
    ...(refunds !== undefined || !view.version.since('2022-11-15')
      ? { refunds: refundsOf(view, charge, refunds ?? noExpansion) }
      : {}),
    ...(view.version.since('2025-03-31') ? {} : { invoice: null }),
    ...(view.version.since('2023-08-16') ? {} : { destination: null, dispute: null, order: null }),
  };
};

/** A charge, with every field that Stripe always shows. */
export const renderCharge = (view: View, charge: ChargeRecord, expansion: Expansion): object => {
  const totals = shownRefunds(charge);
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: totals.amountRefunded,
    application: null,
    application_fee: null,
    balance_transaction: reference(expansion, 'balance_transaction', charge.balanceTransaction, (id, inner) =>
      view.balanceTransaction(id, inner),
    ),
    billing_details: billingDetails(charge.paymentMethod),
    calculated_statement_descriptor:
      (charge.statementDescriptorSuffix ?? charge.statementDescriptor)?.toUpperCase() ?? null,
    captured: charge.captured,
    created: charge.created,
    currency: charge.currency,
    customer: reference(expansion, 'customer', charge.customer, (id) => view.customer(id)),
    description: charge.description,
    disputed: charge.disputed,
    failure_balance_transaction: null,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    fraud_details: charge.userReport === null ? {} : { user_report: charge.userReport },
    livemode: false,
    metadata: charge.metadata,
    outcome: outcomeOf(charge),
    paid: charge.status === 'succeeded',
    payment_intent: reference(expansion, 'payment_intent', charge.paymentIntent, (id, inner) =>
      view.paymentIntent(id, inner),
    ),
    payment_method: charge.paymentMethod.id,
    payment_method_details: methodDetails(charge),
    radar_options: charge.radarSession === null ? {} : { session: charge.radarSession },
    receipt_email: charge.receiptEmail,
    receipt_number: null,
    receipt_url: charge.status === 'failed' ? null : `${view.origin}/receipts/${charge.id}`,
    refunded: totals.refunded,
    ...oldFields(view, charge, expansion),
    review: null,
    shipping: charge.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: charge.statementDescriptor,
    statement_descriptor_suffix: charge.statementDescriptorSuffix,
    status: charge.status,
    ...renderPlatform(charge),
    transfer_group: charge.transferGroup,
  };
};
