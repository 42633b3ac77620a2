import { type Expansion, noExpansion } from './expand.js';
import { renderPlatform } from './platform.js';
import type { PaymentIntentRecord, PaymentMethodRecord } from './records.js';
import { reference, type View } from './view.js';

const nextActionOf = (intent: PaymentIntentRecord): object | null => {
  const action = intent.nextAction;
  if (action === null) return null;
  if (action.type === 'redirect_to_url') {
    return { redirect_to_url: { return_url: action.returnUrl, url: action.url }, type: action.type };
  }
  if (action.type === 'local') {
    return { type: action.action.type, [action.action.type]: action.action.details };
  }
  return {
    type: action.type,
    use_stripe_sdk: { type: 'three_d_secure_redirect', source: `src_${intent.id.slice(3)}` },
  };
};

const lastErrorOf = (view: View, intent: PaymentIntentRecord): object | null => {
  if (intent.lastPaymentError === null) return null;
  const method = intent.lastErrorPaymentMethod;
  return {
    ...intent.lastPaymentError,
    ...(method === null ? {} : { payment_method: view.paymentMethod(method, noExpansion) }),
  };
};

/** `latest_charge`, or the list of attempts that it replaced. */
const chargesOf = (view: View, intent: PaymentIntentRecord, expansion: Expansion): object => {
  if (view.version.since('2022-11-15')) {
    return {
      latest_charge: reference(expansion, 'latest_charge', intent.latestCharge, (id, inner) =>
        view.charge(id, inner),
      ),
    };
  }
  const inner = expansion.get('charges')?.get('data') ?? noExpansion;
  return {
    charges: {
      object: 'list',
      data: intent.charges.map((id) => view.charge(id, inner)),
      has_more: false,
      url: `/v1/charges?payment_intent=${intent.id}`,
    },
  };
};

/** A payment intent, with every field that Stripe always shows. */
export const renderPaymentIntent = (
  view: View,
  intent: PaymentIntentRecord,
  expansion: Expansion,
): object => ({
  id: intent.id,
  object: 'payment_intent',
  allowed_payment_method_types: intent.allowedPaymentMethodTypes,
  amount: intent.amount,
  amount_capturable: intent.status === 'requires_capture' ? intent.amount : 0,
  amount_details: { tip: {} },
  amount_received: intent.amountReceived,
  application: null,
  automatic_payment_methods: intent.automaticPaymentMethods,
  canceled_at: intent.canceledAt,
  cancellation_reason: intent.cancellationReason,
  capture_method: intent.captureMethod,
  ...chargesOf(view, intent, expansion),
  client_secret: intent.clientSecret,
  confirmation_method: intent.confirmationMethod,
  created: intent.created,
  currency: intent.currency,
  customer: reference(expansion, 'customer', intent.customer, (id) => view.customer(id)),
  customer_account: null,
  description: intent.description,
  excluded_payment_method_types: null,
  last_payment_error: lastErrorOf(view, intent),
  livemode: false,
  managed_payments: null,
  metadata: intent.metadata,
  next_action: nextActionOf(intent),
  payment_method: reference(expansion, 'payment_method', intent.paymentMethod?.id ?? null, (_id, inner) =>
    view.paymentMethod(intent.paymentMethod as PaymentMethodRecord, inner),
  ),
  payment_method_configuration_details: null,
  payment_method_options: {
    card: {
      installments: null,
      mandate_options: null,
      network: null,
      request_three_d_secure: intent.requestThreeDSecure ?? 'automatic',
    },
  },
  payment_method_types: [intent.paymentMethod?.local?.type ?? 'card'],
  payment_record: null,
  processing: null,
  receipt_email: intent.receiptEmail,
  review: null,
  setup_future_usage: intent.setupFutureUsage,
  shipping: intent.shipping,
  source: null,
  statement_descriptor: intent.statementDescriptor,
  statement_descriptor_suffix: intent.statementDescriptorSuffix,
  status: intent.status,
  ...renderPlatform(intent),
  transfer_group: intent.transferGroup,
});
