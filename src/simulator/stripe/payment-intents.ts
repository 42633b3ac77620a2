import { type Call, textOrNull, updatedText } from './call.js';
import { checkConfirmable, confirmIntent, unexpectedState } from './confirmation.js';
import { checkAmount, checkCurrency, toIsoMinorUnits } from './currencies.js';
import { mergeMetadata, type Shape } from './params.js';
import {
  checkConfirmOnly,
  checkCustomer,
  checkMethodTypes,
  type confirmShape,
  type createShape,
  readConfirmation,
  readPaymentMethod,
  readThreeDSecureRequest,
  wechatClientOf,
  type updateShape,
} from './payment-intent-params.js';
import { updatePlatformAmounts, mandateOf, platformOf } from './platform.js';
import type { PaymentIntentRecord } from './records.js';
import { unixNow } from './services.js';
import { checkDescriptor, shippingOf } from './shapes.js';

/** The statuses in which an intent can be confirmed. */
export const confirmable: readonly string[] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
];

/** The intent as the response of a call. */
export const respondWithIntent = (
  call: Pick<Call<Shape>, 'view' | 'expansion'>,
  intent: PaymentIntentRecord,
): object => call.view.paymentIntent(intent.id, call.expansion);

const automaticMethods = (call: Call<typeof createShape>): PaymentIntentRecord['automaticPaymentMethods'] => {
  const {
    automatic_payment_methods: automatic,
    payment_method_types,
    allowed_payment_method_types,
  } = call.params;
  if (automatic?.enabled === true) {
    return { allow_redirects: automatic.allow_redirects ?? 'always', enabled: true };
  }
  const areTypesNamed = payment_method_types !== undefined || allowed_payment_method_types !== undefined;
  // On by default since 2023-08-16.
  if (automatic !== undefined || areTypesNamed || !call.view.version.since('2023-08-16')) return null;
  return { allow_redirects: 'always', enabled: true };
};

/** `POST` /v1/payment_intents. */
export const createPaymentIntent = (call: Call<typeof createShape>): object => {
  const { services, account, params, view } = call;
  const { context } = services;
  const amount = params.amount ?? 0;
  const currency = (params.currency ?? '').toLowerCase();
  checkConfirmOnly(params);
  checkMethodTypes(view, params);
  checkCurrency(currency);
  checkAmount(amount, currency);
  checkDescriptor('statement_descriptor', params.statement_descriptor);
  checkDescriptor('statement_descriptor_suffix', params.statement_descriptor_suffix);
  const confirmation = readConfirmation(params);
  const shipping = shippingOf(params.shipping);
  const requestThreeDSecure = readThreeDSecureRequest(params.payment_method_options);
  const metadata = mergeMetadata({}, params.metadata);
  const platform = platformOf(params);
  const customer = textOrNull(params.customer);
  if (customer !== null) account.customers.get(customer, 'customer');
  const method = readPaymentMethod(services, account, params) ?? null;
  checkCustomer(call, customer, method);

  const id = context.ids.next('pi_');
  const intent: PaymentIntentRecord = {
    id,
    clientSecret: context.ids.next(`${id}_secret_`),
    created: unixNow(services),
    amount,
    currency,
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
    amountReceived: 0,
    captureMethod: params.capture_method ?? 'automatic_async',
    confirmationMethod: params.confirmation_method ?? 'automatic',
    automaticPaymentMethods: automaticMethods(call),
    allowedPaymentMethodTypes: params.allowed_payment_method_types ?? null,
    paymentMethod: method,
    latestCharge: null,
    charges: [],
    lastPaymentError: null,
    lastErrorPaymentMethod: null,
    nextAction: null,
    isAuthenticated: false,
    canceledAt: null,
    cancellationReason: null,
    requestThreeDSecure,
    setupFutureUsage: textOrNull(params.setup_future_usage),
    customer,
    description: textOrNull(params.description),
    metadata,
    receiptEmail: textOrNull(params.receipt_email),
    shipping,
    statementDescriptor: textOrNull(params.statement_descriptor),
    statementDescriptorSuffix: textOrNull(params.statement_descriptor_suffix),
    transferGroup: textOrNull(params.transfer_group),
    ...platform,
    mandate: mandateOf(params, (prefix) => context.ids.next(prefix)) ?? null,
    wechatClient: wechatClientOf(params.payment_method_options),
  };
  if (params.confirm === true) checkConfirmable(intent, confirmation);
  account.paymentIntents.add(intent);
  context.ledger.open({
    id,
    account: account.id,
    amount: toIsoMinorUnits(amount, currency),
    currency: currency.toUpperCase(),
    state: 'pending',
    metadata,
  });
  account.indexPaymentIntent(intent);
  if (params.confirm === true) confirmIntent(services, view, intent, confirmation);
  return respondWithIntent(call, intent);
};

/** `POST` /v1/payment_intents/{id}. */
export const updatePaymentIntent = (call: Call<typeof updateShape>): object => {
  const { services, account, params, view } = call;
  const { context } = services;
  const intent = account.paymentIntents.get(call.id, 'intent');
  checkMethodTypes(view, params);
  checkDescriptor('statement_descriptor', params.statement_descriptor);
  checkDescriptor('statement_descriptor_suffix', params.statement_descriptor_suffix);
  const changesMoney =
    params.amount !== undefined || params.currency !== undefined || params.capture_method !== undefined;
  const changesMethod = params.payment_method !== undefined || params.payment_method_data !== undefined;
  if ((changesMoney || changesMethod) && !confirmable.includes(intent.status)) {
    throw unexpectedState(
      view,
      intent,
      `This PaymentIntent's amount and payment method could not be updated because it has a status of ${intent.status}.`,
    );
  }
  const amount = params.amount ?? intent.amount;
  const currency = params.currency?.toLowerCase() ?? intent.currency;
  checkCurrency(currency);
  checkAmount(amount, currency);
  const customer = updatedText(intent.customer, params.customer);
  const metadata =
    params.metadata === undefined ? intent.metadata : mergeMetadata(intent.metadata, params.metadata);
  const shipping = params.shipping === undefined ? intent.shipping : shippingOf(params.shipping);
  const method = readPaymentMethod(services, account, params) ?? intent.paymentMethod;
  checkCustomer(call, customer, method);

  if (changesMoney) {
    intent.amount = amount;
    intent.currency = currency;
    intent.captureMethod = params.capture_method ?? intent.captureMethod;
    context.ledger.changeAmount(intent.id, toIsoMinorUnits(amount, currency), currency.toUpperCase());
  }
  if (changesMethod) {
    intent.paymentMethod = method;
    intent.status = method === null ? 'requires_payment_method' : 'requires_confirmation';
    intent.nextAction = null;
    intent.isAuthenticated = false;
    context.ledger.move(intent.id, 'pending');
  }
  intent.customer = customer;
  intent.metadata = metadata;
  intent.shipping = shipping;
  intent.description = updatedText(intent.description, params.description);
  intent.receiptEmail = updatedText(intent.receiptEmail, params.receipt_email);
  intent.statementDescriptor = updatedText(intent.statementDescriptor, params.statement_descriptor);
  intent.statementDescriptorSuffix = updatedText(
    intent.statementDescriptorSuffix,
    params.statement_descriptor_suffix,
  );
  updatePlatformAmounts(intent, params);
  intent.transferGroup = updatedText(intent.transferGroup, params.transfer_group);
  intent.setupFutureUsage = updatedText(intent.setupFutureUsage, params.setup_future_usage);
  intent.requestThreeDSecure =
    readThreeDSecureRequest(params.payment_method_options) ?? intent.requestThreeDSecure;
  if (params.metadata !== undefined) context.ledger.setMetadata(intent.id, metadata);
  account.indexPaymentIntent(intent);
  return respondWithIntent(call, intent);
};

/** `POST` /v1/payment_intents/{id}/confirm. */
export const confirmPaymentIntent = (call: Call<typeof confirmShape>): object => {
  const { services, account, params, view } = call;
  const intent = account.paymentIntents.get(call.id, 'intent');
  checkMethodTypes(view, params);
  const confirmation = readConfirmation(params);
  if (!confirmable.includes(intent.status)) {
    throw unexpectedState(
      view,
      intent,
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with ` +
        `one of the following statuses may be confirmed: ${confirmable.join(', ')}.`,
    );
  }
  const method = readPaymentMethod(services, account, params);
  if (method !== undefined) {
    checkCustomer(call, intent.customer, method);
    intent.paymentMethod = method;
    intent.isAuthenticated = false;
  }
  intent.captureMethod = params.capture_method ?? intent.captureMethod;
  intent.receiptEmail = updatedText(intent.receiptEmail, params.receipt_email);
  intent.setupFutureUsage = updatedText(intent.setupFutureUsage, params.setup_future_usage);
  intent.shipping = params.shipping === undefined ? intent.shipping : shippingOf(params.shipping);
  intent.requestThreeDSecure =
    readThreeDSecureRequest(params.payment_method_options) ?? intent.requestThreeDSecure;
  intent.mandate = mandateOf(params, (prefix) => services.context.ids.next(prefix)) ?? intent.mandate;
  intent.radarSession = textOrNull(params.radar_options?.session) ?? intent.radarSession;
  intent.wechatClient = wechatClientOf(params.payment_method_options) ?? intent.wechatClient;
  confirmIntent(services, view, intent, confirmation);
  return respondWithIntent(call, intent);
};
