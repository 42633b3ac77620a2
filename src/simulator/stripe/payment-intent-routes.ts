import { type Call, route, type Route } from './call.js';
import { captureCharge, releaseCharge } from './charging.js';
import { unexpectedState } from './confirmation.js';
import { checkDigits } from './currencies.js';
import { invalidParameter, invalidState } from './errors.js';
import { listPage, pageShape } from './lists.js';
import { mergeMetadata, type Shape } from './params.js';
import { confirmShape, createShape, updateShape } from './payment-intent-params.js';
import { updatePlatformAmounts, laterShareShape } from './platform.js';
import {
  respondWithIntent,
  confirmable,
  confirmPaymentIntent,
  createPaymentIntent,
  updatePaymentIntent,
} from './payment-intents.js';
import { paymentIntentFields, searchPage, searchShape } from './search.js';
import { unixNow } from './services.js';
import { checkDescriptor } from './shapes.js';

const captureShape = {
  amount_to_capture: 'integer',
  final_capture: 'boolean',
  metadata: 'metadata',
  statement_descriptor: 'text',
  statement_descriptor_suffix: 'text',
  ...laterShareShape,
  amount_details: 'anything',
  payment_details: 'anything',
  hooks: 'anything',
  expand: 'texts',
} as const satisfies Shape;

const cancelShape = {
  cancellation_reason: ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'],
  expand: 'texts',
} as const satisfies Shape;

const listShape = { ...pageShape, customer: 'text', customer_account: 'text' } as const satisfies Shape;

const capture = (call: Call<typeof captureShape>): object => {
  const { services, account, params, view } = call;
  const intent = account.paymentIntents.get(call.id, 'intent');
  checkDescriptor('statement_descriptor_suffix', params.statement_descriptor_suffix);
  if (params.amount_to_capture !== undefined && params.amount_to_capture <= 0) {
    throw invalidParameter('amount_to_capture', 'Invalid positive integer.', 'parameter_invalid_integer');
  }
  if (intent.status !== 'requires_capture' || intent.latestCharge === null) {
    throw unexpectedState(
      view,
      intent,
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent ` +
        'with one of the following statuses may be captured: requires_capture.',
    );
  }
  if (params.final_capture === false) {
    throw invalidState('Multicapture is not available for this payment.', { param: 'final_capture' });
  }
  const charge = account.charges.get(intent.latestCharge);
  const amount = params.amount_to_capture ?? charge.amount;
  if (amount > charge.amount) {
    throw invalidState(
      `The remaining amount of ${charge.amount} is less than the amount requested to capture.`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    );
  }
  checkDigits(amount, charge.currency, 'amount_to_capture');
  if (params.metadata !== undefined) {
    intent.metadata = mergeMetadata(intent.metadata, params.metadata);
    services.context.ledger.setMetadata(intent.id, intent.metadata);
  }
  updatePlatformAmounts(intent, params);
  updatePlatformAmounts(charge, params);
  captureCharge(services, account, charge, amount, intent.captureMethod === 'automatic_async');
  intent.status = 'succeeded';
  intent.amountReceived = amount;
  account.indexPaymentIntent(intent);
  return respondWithIntent(call, intent);
};

const cancel = (call: Call<typeof cancelShape>): object => {
  const { services, account, params, view } = call;
  const intent = account.paymentIntents.get(call.id, 'intent');
  const cancelable = [...confirmable, 'requires_capture', 'processing'];
  if (!cancelable.includes(intent.status)) {
    throw unexpectedState(
      view,
      intent,
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with ` +
        `one of the following statuses may be canceled: ${cancelable.join(', ')}.`,
    );
  }
  if (intent.status === 'requires_capture' && intent.latestCharge !== null) {
    releaseCharge(services, account, account.charges.get(intent.latestCharge), { reason: null });
  }
  intent.status = 'canceled';
  intent.canceledAt = unixNow(services);
  intent.cancellationReason = params.cancellation_reason ?? null;
  intent.nextAction = null;
  services.context.ledger.move(intent.id, 'voided');
  account.indexPaymentIntent(intent);
  return respondWithIntent(call, intent);
};

/** The calls of `/v1/payment_intents`. */
export const paymentIntentRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/payment_intents',
    operation: 'create',
    params: createShape,
    required: ['amount', 'currency'],
    answer: 'payment_intent',
    run: createPaymentIntent,
  }),
  route({
    method: 'GET',
    path: '/v1/payment_intents',
    operation: 'list',
    params: listShape,
    answer: 'list of payment_intent',
    run: (call) =>
      listPage(
        call,
        call.account.paymentIntents,
        (intent) => call.params.customer === undefined || intent.customer === call.params.customer,
        (intent, expansion) => call.view.paymentIntent(intent.id, expansion),
      ),
  }),
  route({
    method: 'GET',
    path: '/v1/payment_intents/search',
    operation: 'search',
    params: searchShape,
    required: ['query'],
    answer: 'search of payment_intent',
    run: (call) =>
      searchPage(call, call.account.visiblePaymentIntents(), paymentIntentFields, (id, expansion) =>
        call.view.paymentIntent(id, expansion),
      ),
  }),
  route({
    method: 'GET',
    path: '/v1/payment_intents/:id',
    operation: 'retrieve',
    params: { expand: 'texts', client_secret: 'text' },
    answer: 'payment_intent',
    run: (call) => respondWithIntent(call, call.account.paymentIntents.get(call.id, 'intent')),
  }),
  route({
    method: 'POST',
    path: '/v1/payment_intents/:id',
    operation: 'update',
    params: updateShape,
    answer: 'payment_intent',
    run: updatePaymentIntent,
  }),
  route({
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    operation: 'confirm',
    params: confirmShape,
    answer: 'payment_intent',
    run: confirmPaymentIntent,
  }),
  route({
    method: 'POST',
    path: '/v1/payment_intents/:id/capture',
    operation: 'capture',
    params: captureShape,
    answer: 'payment_intent',
    run: capture,
  }),
  route({
    method: 'POST',
    path: '/v1/payment_intents/:id/cancel',
    operation: 'void',
    params: cancelShape,
    answer: 'payment_intent',
    run: cancel,
  }),
];
