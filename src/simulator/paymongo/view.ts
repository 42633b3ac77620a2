import { failureText } from './cards.js';
import {
  secondsOf,
  type PaymongoIntent,
  type PaymongoMethod,
  type PaymongoPayment,
  type PaymongoRefund,
  type PaymongoSource,
  type PaymongoState,
} from './state.js';

/** An object as every answer holds it. */
export interface Rendered {
  id: string;
  type: string;
  attributes: Record<string, unknown>;
}

/** A refund as the wire shows it. */
export const renderRefund = (refund: PaymongoRefund): Rendered => ({
  id: refund.id,
  type: 'refund',
  attributes: {
    amount: refund.amount,
    currency: 'PHP',
    livemode: false,
    metadata: refund.metadata,
    notes: refund.notes,
    payment_id: refund.paymentId,
    payout_id: null,
    reason: refund.reason,
    status: refund.status,
    created_at: secondsOf(refund.createdAt),
    updated_at: secondsOf(refund.createdAt),
  },
});

/** What the provider keeps: 3.5 percent and 15 pesos. */
const feeOf = (amount: number): number => Math.round(amount * 0.035) + 1500;

/** A payment as the wire shows it. */
export const renderPayment = (payment: PaymongoPayment): Rendered => {
  const isPaid = payment.status === 'paid';
  const fee = isPaid ? feeOf(payment.amount) : 0;
  return {
    id: payment.id,
    type: 'payment',
    attributes: {
      amount: payment.amount,
      available_at: null,
      billing: null,
      currency: 'PHP',
      description: payment.description,
      failed_code: payment.failedCode,
      failed_message: payment.failedCode === null ? null : failureText(payment.failedCode),
      fee,
      livemode: false,
      metadata: payment.metadata,
      net_amount: payment.amount - fee,
      paid_at: isPaid ? secondsOf(payment.createdAt) : null,
      payment_intent_id: payment.intentId,
      payout: null,
      refunds: payment.refunds.map(renderRefund),
      source: payment.source,
      statement_descriptor: payment.statementDescriptor,
      status: payment.status,
      created_at: secondsOf(payment.createdAt),
      updated_at: secondsOf(payment.createdAt),
    },
  };
};

/** A payment as a list shows it. */
export const renderListed = (state: PaymongoState, payment: PaymongoPayment): Rendered => {
  const { attributes, ...whole } = renderPayment(payment);
  if (state.switches.listedPayments === 'whole') return { ...whole, attributes };
  const { refunds: _refunds, payment_intent_id: _intent, ...reduced } = attributes;
  return { ...whole, attributes: reduced };
};

/** An intent as the wire shows it. */
export const renderIntent = (intent: PaymongoIntent): Rendered => ({
  id: intent.id,
  type: 'payment_intent',
  attributes: {
    amount: intent.amount,
    capture_type: intent.captureType,
    client_key: `${intent.id}_client_simulator`,
    currency: 'PHP',
    description: intent.description,
    livemode: false,
    statement_descriptor: intent.statementDescriptor,
    status: intent.status,
    last_payment_error:
      intent.lastError === null
        ? null
        : {
            payment: intent.lastError.paymentId,
            failed_code: intent.lastError.code,
            failed_message: failureText(intent.lastError.code),
          },
    payment_method: intent.method?.id ?? null,
    payment_method_allowed: intent.allowed,
    payment_method_options: { card: { request_three_d_secure: intent.requestThreeDSecure } },
    payments: intent.payments.map(renderPayment),
    next_action:
      intent.nextUrl === null
        ? null
        : { type: 'redirect', redirect: { url: intent.nextUrl, return_url: intent.returnUrl } },
    metadata: intent.metadata,
    created_at: secondsOf(intent.createdAt),
    updated_at: secondsOf(intent.updatedAt),
  },
});

/** A payment method as the wire shows it: without number and security code. */
export const renderMethod = (method: PaymongoMethod): Rendered => ({
  id: method.id,
  type: 'payment_method',
  attributes: {
    billing: null,
    details: method.card === null ? null : { last4: method.card.last4, exp_month: 12, exp_year: 2099 },
    livemode: false,
    metadata: null,
    type: method.type,
    created_at: secondsOf(method.createdAt),
    updated_at: secondsOf(method.createdAt),
  },
});

/** A source as the wire shows it. */
export const renderSource = (source: PaymongoSource): Rendered => ({
  id: source.id,
  type: 'source',
  attributes: {
    amount: source.amount,
    billing: null,
    currency: 'PHP',
    livemode: false,
    redirect: { checkout_url: source.checkoutUrl, success: source.success, failed: source.failed },
    status: source.status,
    type: source.type,
    created_at: secondsOf(source.createdAt),
    updated_at: secondsOf(source.createdAt),
  },
});
