import type { Expansion } from './expand.js';
import type { ConfirmationTokenRecord, CustomerRecord, PaymentMethodRecord, TokenRecord } from './records.js';
import { fingerprintOf } from './search-documents.js';
import { reference, type View } from './view.js';

/** A card as payment methods and tokens show it. */
const renderCard = (card: PaymentMethodRecord['card'], expMonth: number, expYear: number): object => ({
  brand: card.brand,
  checks: {
    address_line1_check: null,
    address_postal_code_check: null,
    cvc_check: card.cvcCheckFails === true ? 'fail' : 'pass',
  },
  country: card.country,
  display_brand: card.brand,
  exp_month: expMonth,
  exp_year: expYear,
  fingerprint: fingerprintOf(card.number),
  funding: card.funding,
  generated_from: null,
  last4: card.number.slice(-4),
  networks: { available: [card.brand], preferred: null },
  regulated_status: 'unregulated',
  three_d_secure_usage: { supported: card.supportsThreeDSecure !== false },
  wallet: null,
});

const methodDetails = (method: PaymentMethodRecord): object => {
  const { local } = method;
  if (local !== null && local.type !== 'card') return { [local.type]: local.shows };
  return { card: renderCard(method.card, method.expMonth, method.expYear) };
};

/** What a confirmation token shows before it is used. */
export const renderConfirmationToken = (token: ConfirmationTokenRecord): object => ({
  id: token.id,
  object: 'confirmation_token',
  created: token.created,
  expires_at: token.created + 12 * 3600,
  livemode: false,
  mandate_data: null,
  payment_intent: null,
  payment_method_options: null,
  payment_method_preview: {
    ...methodDetails(token.paymentMethod),
    billing_details: billingDetails(token.paymentMethod),
    type: token.paymentMethod.local?.type ?? 'card',
  },
  return_url: token.returnUrl,
  setup_future_usage: token.setupFutureUsage,
  setup_intent: null,
  shipping: token.shipping,
  use_stripe_sdk: true,
});

/** A payment method. */
export const renderPaymentMethod = (
  view: View,
  method: PaymentMethodRecord,
  expansion: Expansion,
): object => ({
  id: method.id,
  object: 'payment_method',
  allow_redisplay: 'unspecified',
  billing_details: billingDetails(method),
  ...methodDetails(method),
  created: method.created,
  customer: reference(expansion, 'customer', method.customer, (id) => view.customer(id)),
  customer_account: null,
  livemode: false,
  metadata: method.metadata,
  type: method.local?.type ?? 'card',
});

/** `billing_details` with every member that Stripe always shows. */
export const billingDetails = (method: PaymentMethodRecord): object => ({
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
  ...method.billing,
});

/** A customer. */
export const renderCustomer = (customer: CustomerRecord): object => ({
  id: customer.id,
  object: 'customer',
  address: null,
  balance: 0,
  created: customer.created,
  currency: null,
  default_source: customer.defaultSource,
  delinquent: false,
  description: customer.description,
  discount: null,
  email: customer.email,
  invoice_settings: {
    custom_fields: null,
    default_payment_method: customer.defaultPaymentMethod,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  metadata: customer.metadata,
  name: customer.name,
  phone: customer.phone,
  preferred_locales: [],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
});

/** A token. */
export const renderToken = (token: TokenRecord, created: number): object => ({
  id: token.id,
  object: 'token',
  card: {
    ...renderCard(token.card, token.expMonth, token.expYear),
    id: `card_${token.id.slice(4)}`,
    object: 'card',
  },
  client_ip: null,
  created,
  livemode: false,
  type: 'card',
  used: token.used,
});
