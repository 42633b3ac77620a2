import { type Call, route, type Route, textOrNull, updatedText } from './call.js';
import { invalidParameter, Refusal } from './errors.js';
import { mergeMetadata, type Shape } from './params.js';
import { localMethod, localTypes } from './local-methods.js';
import { localShapes } from './payment-intent-params.js';
import {
  addPaymentMethod,
  cardFromNumber,
  findPaymentMethod,
  localFace,
  takeToken,
} from './payment-sources.js';
import { renderConfirmationToken, renderToken } from './payment-method-object.js';
import type { ConfirmationTokenRecord, CustomerRecord, PaymentMethodRecord } from './records.js';
import { unixNow } from './services.js';
import { billingOf, billingShape, checkUrl, shippingOf, shippingShape } from './shapes.js';

const cardShape = {
  of: {
    number: 'text',
    exp_month: 'integer',
    exp_year: 'integer',
    cvc: 'text',
    token: 'text',
    networks: 'anything',
    name: 'text',
  },
} as const;

const customerShape = {
  email: 'text',
  name: 'text',
  description: 'text',
  phone: 'text',
  metadata: 'metadata',
  source: 'text',
  default_source: 'text',
  payment_method: 'text',
  invoice_settings: { of: { default_payment_method: 'text' } },
  address: 'anything',
  shipping: 'anything',
  expand: 'texts',
} as const satisfies Shape;

const paymentMethodShape = {
  type: ['card', ...localTypes],
  card: cardShape,
  ...localShapes,
  billing_details: billingShape,
  metadata: 'metadata',
  allow_redisplay: 'text',
  expand: 'texts',
} as const satisfies Shape;

/** A card that the issuer refuses cannot be saved, but for the one made to fail later. */
const attach = (method: PaymentMethodRecord, customer: string): void => {
  const { decline, number } = method.card;
  if (decline !== undefined && number !== '4000000000000341' && method.card.authentication === undefined) {
    throw new Refusal(402, 'card_error', {
      code: decline.code,
      message: decline.message,
      ...(decline.declineCode === undefined ? {} : { decline_code: decline.declineCode }),
      ...(decline.param === undefined ? {} : { param: decline.param }),
    });
  }
  method.customer = customer;
};

const saveCustomer = (call: Call<typeof customerShape>, customer: CustomerRecord, isNew: boolean): object => {
  const { services, account, params } = call;
  const metadata =
    params.metadata === undefined ? customer.metadata : mergeMetadata(customer.metadata, params.metadata);
  let card: PaymentMethodRecord | undefined;
  if (textOrNull(params.source) !== null) {
    const token = takeToken(services, account, params.source ?? '', 'source');
    card = addPaymentMethod(services, account, token, { prefix: 'card_' });
    attach(card, customer.id);
  }
  const preferred = textOrNull(params.invoice_settings?.default_payment_method);
  const methodId = textOrNull(params.payment_method) ?? preferred;
  const method = methodId === null ? undefined : findPaymentMethod(services, account, methodId);
  if (method !== undefined) attach(method, customer.id);

  customer.email = updatedText(customer.email, params.email);
  customer.name = updatedText(customer.name, params.name);
  customer.description = updatedText(customer.description, params.description);
  customer.phone = updatedText(customer.phone, params.phone);
  customer.metadata = metadata;
  customer.defaultSource = card?.id ?? updatedText(customer.defaultSource, params.default_source);
  if (preferred !== null) customer.defaultPaymentMethod = method?.id ?? null;
  if (isNew) account.customers.add(customer);
  return call.view.customer(customer.id);
};

const createCustomer = (call: Call<typeof customerShape>): object => {
  const customer: CustomerRecord = {
    id: call.services.context.ids.next('cus_', 14),
    created: unixNow(call.services),
    email: null,
    name: null,
    description: null,
    phone: null,
    metadata: {},
    defaultSource: null,
    defaultPaymentMethod: null,
  };
  return saveCustomer(call, customer, true);
};

const createPaymentMethod = (call: Call<typeof paymentMethodShape>): object => {
  const { services, account, params } = call;
  const { card } = params;
  const details = {
    billing: billingOf(params.billing_details),
    metadata: mergeMetadata({}, params.metadata),
  };
  const local = params.type === 'card' ? undefined : localMethod(params.type ?? '');
  if (local !== undefined) {
    return call.view.paymentMethod(
      addPaymentMethod(services, account, localFace(local), details),
      call.expansion,
    );
  }
  if (card === undefined || (card.token === undefined && card.number === undefined)) {
    throw invalidParameter('card', 'Missing required param: card.', 'parameter_missing');
  }
  const face =
    card.token === undefined ? cardFromNumber(card) : takeToken(services, account, card.token, 'card[token]');
  const method = addPaymentMethod(services, account, face, details);
  return call.view.paymentMethod(method, call.expansion);
};

const createToken = (call: Call<{ card: typeof cardShape; expand: 'texts' }>): object => {
  const { services, account, params } = call;
  const token = { id: services.context.ids.next('tok_'), ...cardFromNumber(params.card ?? {}), used: false };
  account.tokens.add(token);
  return renderToken(token, unixNow(services));
};

const confirmationTokenShape = {
  payment_method: 'text',
  return_url: 'text',
  setup_future_usage: ['off_session', 'on_session'],
  shipping: shippingShape,
  expand: 'texts',
} as const satisfies Shape;

/** What Stripe.js does in the browser, as the helper for tests does it. */
const createConfirmationToken = (call: Call<typeof confirmationTokenShape>): object => {
  const { services, account, params } = call;
  checkUrl('return_url', params.return_url);
  const token: ConfirmationTokenRecord = {
    id: services.context.ids.next('ctoken_'),
    created: unixNow(services),
    paymentMethod: findPaymentMethod(services, account, params.payment_method ?? ''),
    returnUrl: textOrNull(params.return_url),
    setupFutureUsage: textOrNull(params.setup_future_usage),
    shipping: shippingOf(params.shipping),
    used: false,
  };
  account.confirmationTokens.add(token);
  return renderConfirmationToken(token);
};

/** The calls of `/v1/customers`, `/v1/payment_methods`, `/v1/tokens` and `/v1/balance_transactions` that payments need. */
export const customerRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/customers',
    operation: 'create_customer',
    params: customerShape,
    answer: 'customer',
    run: createCustomer,
  }),
  route({
    method: 'GET',
    path: '/v1/customers/:id',
    operation: 'retrieve_customer',
    params: { expand: 'texts' },
    answer: 'customer',
    run: (call) => call.view.customer(call.id),
  }),
  route({
    method: 'POST',
    path: '/v1/customers/:id',
    operation: 'update_customer',
    params: customerShape,
    answer: 'customer',
    run: (call) => saveCustomer(call, call.account.customers.get(call.id), false),
  }),
  route({
    method: 'POST',
    path: '/v1/payment_methods',
    operation: 'create_payment_method',
    params: paymentMethodShape,
    required: ['type'],
    answer: 'payment_method',
    isPublic: true,
    run: createPaymentMethod,
  }),
  route({
    method: 'GET',
    path: '/v1/payment_methods/:id',
    operation: 'retrieve_payment_method',
    params: { expand: 'texts' },
    answer: 'payment_method',
    run: (call) =>
      call.view.paymentMethod(call.account.paymentMethods.get(call.id, 'payment_method'), call.expansion),
  }),
  route({
    method: 'POST',
    path: '/v1/payment_methods/:id/attach',
    operation: 'attach_payment_method',
    params: { customer: 'text', expand: 'texts' },
    required: ['customer'],
    answer: 'payment_method',
    run: (call) => {
      const customer = call.account.customers.get(call.params.customer ?? '', 'customer');
      const method = findPaymentMethod(call.services, call.account, call.id);
      attach(method, customer.id);
      return call.view.paymentMethod(method, call.expansion);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/tokens',
    operation: 'create_token',
    params: { card: cardShape, expand: 'texts' },
    required: ['card'],
    answer: 'token',
    isPublic: true,
    run: createToken,
  }),
  route({
    method: 'POST',
    path: '/v1/test_helpers/confirmation_tokens',
    operation: 'create_confirmation_token',
    params: confirmationTokenShape,
    required: ['payment_method'],
    answer: 'confirmation_token',
    run: createConfirmationToken,
  }),
  route({
    method: 'GET',
    path: '/v1/balance_transactions/:id',
    operation: 'retrieve_balance_transaction',
    params: { expand: 'texts' },
    answer: 'balance_transaction',
    run: (call) => call.view.balanceTransaction(call.id, call.expansion),
  }),
];
