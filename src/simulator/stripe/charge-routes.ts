import { type Call, route, type Route, textOrNull, updatedText } from './call.js';
import { attemptCharge, captureCharge, ledgerIdOf } from './charging.js';
import type { Decline } from './cards.js';
import { checkAmount, checkCurrency, checkDigits } from './currencies.js';
import { invalidParameter, invalidState, Refusal } from './errors.js';
import { listPage, pageShape } from './lists.js';
import { mergeMetadata, type Shape } from './params.js';
import { updatePlatformAmounts, laterShareShape, platformOf, platformShape } from './platform.js';
import { findChargeSource } from './payment-sources.js';
import type { ChargeRecord } from './records.js';
import { createRefund, listRefunds, refundShape } from './refunds.js';
import { chargeFields, searchPage, searchShape } from './search.js';
import { checkDescriptor, shippingOf, shippingShape } from './shapes.js';

const createShape = {
  amount: 'integer',
  currency: 'text',
  source: 'text',
  customer: 'text',
  capture: 'boolean',
  description: 'text',
  metadata: 'metadata',
  receipt_email: 'text',
  shipping: shippingShape,
  statement_descriptor: 'text',
  statement_descriptor_suffix: 'text',
  ...platformShape,
  transfer_group: 'text',
  application_fee: 'integer',
  destination: 'anything',
  expand: 'texts',
} as const satisfies Shape;

const updateShape = {
  customer: 'text',
  description: 'text',
  fraud_details: { of: { user_report: ['fraudulent', 'safe', ''] } },
  metadata: 'metadata',
  receipt_email: 'text',
  shipping: shippingShape,
  transfer_group: 'text',
  expand: 'texts',
} as const satisfies Shape;

const captureShape = {
  amount: 'integer',
  application_fee: 'integer',
  ...laterShareShape,
  receipt_email: 'text',
  statement_descriptor: 'text',
  statement_descriptor_suffix: 'text',
  transfer_group: 'text',
  expand: 'texts',
} as const satisfies Shape;

const listShape = {
  ...pageShape,
  customer: 'text',
  payment_intent: 'text',
  transfer_group: 'text',
} as const satisfies Shape;

/** Without an intent nobody can authenticate: the issuer refuses. */
const softDecline: Decline = {
  code: 'card_declined',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

const answer = (call: Pick<Call<Shape>, 'view' | 'expansion'>, charge: ChargeRecord): object =>
  call.view.charge(charge.id, call.expansion);

const create = (call: Call<typeof createShape>): object => {
  const { services, account, params } = call;
  const currency = (params.currency ?? '').toLowerCase();
  const amount = params.amount ?? 0;
  checkDescriptor('statement_descriptor', params.statement_descriptor);
  checkDescriptor('statement_descriptor_suffix', params.statement_descriptor_suffix);
  checkCurrency(currency);
  checkAmount(amount, currency);
  const shipping = shippingOf(params.shipping);
  const metadata = mergeMetadata({}, params.metadata);
  const platform = platformOf(params);
  const method = findChargeSource(services, account, params);
  const { authentication } = method.card;
  const needsPayer = authentication === 'always' || (authentication === 'unless_set_up' && !method.isSetUp);
  const charge = attemptCharge(services, account, {
    amount,
    currency,
    paymentMethod: method,
    capture: params.capture !== false,
    paymentIntent: null,
    decline: needsPayer ? softDecline : undefined,
    details: {
      customer: textOrNull(params.customer),
      description: textOrNull(params.description),
      metadata,
      receiptEmail: textOrNull(params.receipt_email),
      shipping,
      statementDescriptor: textOrNull(params.statement_descriptor),
      statementDescriptorSuffix: textOrNull(params.statement_descriptor_suffix),
      transferGroup: textOrNull(params.transfer_group),
      ...platform,
    },
  });
  if (charge.failure === null) return answer(call, charge);
  const { code, message, declineCode, param } = charge.failure;
  throw new Refusal(402, 'card_error', {
    code,
    message,
    charge: charge.id,
    ...(declineCode === null ? {} : { decline_code: declineCode }),
    ...(param === null ? {} : { param }),
  });
};

const update = (call: Call<typeof updateShape>): object => {
  const { services, account, params } = call;
  const charge = account.charges.get(call.id);
  if (textOrNull(params.customer) !== null && params.customer !== charge.customer) {
    if (charge.customer !== null) {
      throw invalidState('This charge already has a customer.', { param: 'customer' });
    }
    account.customers.get(params.customer ?? '', 'customer');
  }
  if (params.transfer_group !== undefined && charge.transferGroup !== null) {
    throw invalidState('The transfer group of this charge cannot be changed.', { param: 'transfer_group' });
  }
  const metadata =
    params.metadata === undefined ? charge.metadata : mergeMetadata(charge.metadata, params.metadata);
  charge.shipping = params.shipping === undefined ? charge.shipping : shippingOf(params.shipping);
  charge.customer = updatedText(charge.customer, params.customer);
  charge.transferGroup = updatedText(charge.transferGroup, params.transfer_group);
  charge.description = updatedText(charge.description, params.description);
  charge.receiptEmail = updatedText(charge.receiptEmail, params.receipt_email);
  charge.userReport = updatedText(charge.userReport, params.fraud_details?.user_report);
  charge.metadata = metadata;
  // The metadata of an intent and of its charge are separate; the ledger follows the one that the create made.
  if (charge.paymentIntent === null) services.context.ledger.setMetadata(ledgerIdOf(charge), metadata);
  account.indexCharge(charge);
  return answer(call, charge);
};

const capture = (call: Call<typeof captureShape>): object => {
  const { services, account, params } = call;
  const charge = account.charges.get(call.id);
  checkDescriptor('statement_descriptor', params.statement_descriptor);
  checkDescriptor('statement_descriptor_suffix', params.statement_descriptor_suffix);
  if (params.amount !== undefined && params.amount <= 0) {
    throw invalidParameter('amount', 'Invalid positive integer.', 'parameter_invalid_integer');
  }
  if (charge.paymentIntent !== null) {
    throw invalidState(
      `This charge was created by a PaymentIntent. Capture it with POST /v1/payment_intents/${charge.paymentIntent}/capture.`,
    );
  }
  if (charge.status === 'failed') {
    throw invalidState(`Charge ${charge.id} failed and cannot be captured.`, {
      code: 'capture_unauthorized_payment',
    });
  }
  if (charge.captured) {
    throw invalidState(`Charge ${charge.id} has already been captured.`, { code: 'charge_already_captured' });
  }
  if (charge.hasExpired) {
    throw invalidState(`Charge ${charge.id} has expired and cannot be captured.`, {
      code: 'charge_expired_for_capture',
    });
  }
  if (charge.refunds.length > 0) {
    throw invalidState(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = params.amount ?? charge.amount;
  if (amount > charge.amount) {
    throw invalidState(`The amount is greater than the authorized ${charge.amount}.`, {
      code: 'amount_too_large',
      param: 'amount',
    });
  }
  checkDigits(amount, charge.currency);
  charge.receiptEmail = updatedText(charge.receiptEmail, params.receipt_email);
  charge.statementDescriptor = updatedText(charge.statementDescriptor, params.statement_descriptor);
  charge.statementDescriptorSuffix = updatedText(
    charge.statementDescriptorSuffix,
    params.statement_descriptor_suffix,
  );
  updatePlatformAmounts(charge, params);
  captureCharge(services, account, charge, amount);
  return answer(call, charge);
};

const legacyRefund = (call: Call<typeof refundShape>): object => {
  createRefund(call.services, call.account, { ...call.params, charge: call.id });
  return answer(call, call.account.charges.get(call.id));
};

/** The calls of `/v1/charges`. */
export const chargeRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/charges',
    operation: 'create',
    params: createShape,
    required: ['amount', 'currency'],
    answer: 'charge',
    run: create,
  }),
  route({
    method: 'GET',
    path: '/v1/charges',
    operation: 'list',
    params: listShape,
    answer: 'list of charge',
    run: (call) => {
      const { customer, payment_intent: intent, transfer_group: group } = call.params;
      const fits = (charge: ChargeRecord): boolean =>
        (customer === undefined || charge.customer === customer) &&
        (intent === undefined || charge.paymentIntent === intent) &&
        (group === undefined || charge.transferGroup === group);
      return listPage(call, call.account.charges, fits, (charge, expansion) =>
        call.view.charge(charge.id, expansion),
      );
    },
  }),
  route({
    method: 'GET',
    path: '/v1/charges/search',
    operation: 'search',
    params: searchShape,
    required: ['query'],
    answer: 'search of charge',
    run: (call) =>
      searchPage(call, call.account.visibleCharges(), chargeFields, (id, expansion) =>
        call.view.charge(id, expansion),
      ),
  }),
  route({
    method: 'GET',
    path: '/v1/charges/:id',
    operation: 'retrieve',
    params: { expand: 'texts' },
    answer: 'charge',
    run: (call) => answer(call, call.account.charges.get(call.id)),
  }),
  route({
    method: 'POST',
    path: '/v1/charges/:id',
    operation: 'update',
    params: updateShape,
    answer: 'charge',
    run: update,
  }),
  route({
    method: 'POST',
    path: '/v1/charges/:id/capture',
    operation: 'capture',
    params: captureShape,
    answer: 'charge',
    run: capture,
  }),
  route({
    method: 'GET',
    path: '/v1/charges/:id/refunds',
    operation: 'list_refunds',
    params: pageShape,
    answer: 'list of refund',
    run: (call) => listRefunds(call, (refund) => refund.charge === call.account.charges.get(call.id).id),
  }),
  route({
    method: 'POST',
    path: '/v1/charges/:id/refund',
    operation: 'refund',
    params: refundShape,
    answer: 'charge',
    run: legacyRefund,
  }),
];
