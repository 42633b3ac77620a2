import { type Call, textOrNull } from './call.js';
import { fieldIn } from '../form.js';
import { invalidParameter, invalidState } from './errors.js';
import type { Confirmation } from './confirmation.js';
import type { Params, Shape } from './params.js';
import { localMethod, localTypes } from './local-methods.js';
import { addPaymentMethod, findPaymentMethod, localFace, takeToken } from './payment-sources.js';
import { laterShareShape, mandateShape, platformShape } from './platform.js';
import type { PaymentMethodRecord } from './records.js';
import type { Services } from './services.js';
import { billingOf, billingShape, checkUrl, shippingShape } from './shapes.js';
import type { Account } from './store.js';
import type { View } from './view.js';

/** The hash of each method that is no card: its members are documented and without effect here. */
export const localShapes = Object.fromEntries(localTypes.map((type) => [type, 'anything'] as const));

const paymentMethodShape = {
  payment_method: 'text',
  payment_method_data: {
    of: {
      type: 'text',
      card: { of: { token: 'text' } },
      ...localShapes,
      billing_details: billingShape,
      metadata: 'metadata',
      allow_redisplay: 'text',
      radar_options: 'anything',
    },
  },
} as const satisfies Shape;

/** What create, update and confirm have in common. */
const commonShape = {
  ...paymentMethodShape,
  payment_method_options: 'anything',
  payment_method_types: 'texts',
  allowed_payment_method_types: 'texts',
  excluded_payment_method_types: 'texts',
  capture_method: ['automatic', 'automatic_async', 'manual'],
  receipt_email: 'text',
  shipping: shippingShape,
  setup_future_usage: ['off_session', 'on_session', ''],
  amount_details: 'anything',
  payment_details: 'anything',
  hooks: 'anything',
  expand: 'texts',
} as const satisfies Shape;

/** What decides how a confirmation goes. */
const confirmationShape = {
  return_url: 'text',
  off_session: ['true', 'false', 'one_off', 'recurring'],
  error_on_requires_action: 'boolean',
  use_stripe_sdk: 'boolean',
  ...mandateShape,
  radar_options: platformShape.radar_options,
  confirmation_token: 'text',
} as const satisfies Shape;

const detailShape = {
  amount: 'integer',
  currency: 'text',
  customer: 'text',
  customer_account: 'text',
  description: 'text',
  metadata: 'metadata',
  payment_method_configuration: 'text',
  statement_descriptor: 'text',
  statement_descriptor_suffix: 'text',
  transfer_group: 'text',
} as const satisfies Shape;

/** Parameters of create. */
export const createShape = {
  ...commonShape,
  ...confirmationShape,
  ...detailShape,
  confirm: 'boolean',
  confirmation_method: ['automatic', 'manual'],
  automatic_payment_methods: { of: { enabled: 'boolean', allow_redirects: ['always', 'never'] } },
  ...platformShape,
} as const satisfies Shape;

/** Parameters of update. */
export const updateShape = { ...commonShape, ...detailShape, ...laterShareShape } as const satisfies Shape;

/** Parameters of confirm. */
export const confirmShape = {
  ...commonShape,
  ...confirmationShape,
  amount_to_confirm: 'integer',
} as const satisfies Shape;

const onlyWithConfirm = ['return_url', 'off_session', 'error_on_requires_action'] as const;

/** Refuses on create what only a confirmation can use. */
export const checkConfirmOnly = (params: Params<typeof createShape>): void => {
  if (params.confirm === true) return;
  for (const name of onlyWithConfirm) {
    if (params[name] !== undefined) {
      throw invalidParameter(
        name,
        `The parameter \`${name}\` cannot be passed when creating a PaymentIntent unless confirm is set to true.`,
      );
    }
  }
};

/** Refuses lists of payment method types that exclude each other, or that a version no longer knows. */
export const checkMethodTypes = (view: View, params: Params<typeof createShape>): void => {
  if (params.payment_method_types !== undefined && view.version.since('2026-09-30')) {
    throw invalidParameter(
      'payment_method_types',
      'The `payment_method_types` parameter is no longer supported. Use `automatic_payment_methods` or `allowed_payment_method_types`.',
      'payment_method_types_no_longer_supported',
    );
  }
  if (params.allowed_payment_method_types === undefined) return;
  if (!view.version.since('2026-07-29')) {
    throw invalidParameter(
      'allowed_payment_method_types',
      'Received unknown parameter: allowed_payment_method_types',
      'parameter_unknown',
    );
  }
  const others = [
    'payment_method_types',
    'excluded_payment_method_types',
    'automatic_payment_methods',
    'payment_method_configuration',
  ] as const;
  const other = others.find((name) => params[name] !== undefined);
  if (other !== undefined) {
    throw invalidParameter(
      'allowed_payment_method_types',
      `You may only specify one of these parameters: allowed_payment_method_types, ${other}.`,
      'parameters_exclusive',
    );
  }
};

/** Reads how a confirmation is to go. */
export const readConfirmation = (params: Params<typeof confirmationShape>): Confirmation => {
  checkUrl('return_url', params.return_url);
  return {
    returnUrl: textOrNull(params.return_url),
    offSession: params.off_session !== undefined && params.off_session !== 'false',
    errorOnRequiresAction: params.error_on_requires_action === true,
    useStripeSdk: params.use_stripe_sdk === true,
  };
};

/** `payment_method_options[card][request_three_d_secure]`, or null. */
export const readThreeDSecureRequest = (options: unknown): string | null => {
  const asked = fieldIn(fieldIn(options, 'card'), 'request_three_d_secure');
  if (asked === undefined) return null;
  if (asked === 'automatic' || asked === 'any' || asked === 'challenge') return asked;
  throw invalidParameter(
    'payment_method_options[card][request_three_d_secure]',
    'Invalid request_three_d_secure: must be one of automatic, any, challenge',
  );
};

/** `payment_method_options[wechat_pay][client]`: `web`, `ios` or `android`. */
export const wechatClientOf = (options: unknown): unknown =>
  fieldIn(fieldIn(options, 'wechat_pay'), 'client') ?? null;

/** A confirmation token is used once. */
const takeConfirmationToken = (account: Account, id: string): PaymentMethodRecord => {
  const token = account.confirmationTokens.get(id, 'confirmation_token');
  if (token.used) {
    throw invalidState(`The ConfirmationToken ${id} has already been used.`, { param: 'confirmation_token' });
  }
  token.used = true;
  return token.paymentMethod;
};

/** The payment method that the parameters name or describe, or undefined. */
export const readPaymentMethod = (
  services: Services,
  account: Account,
  params: Params<typeof paymentMethodShape> & { confirmation_token?: string },
): PaymentMethodRecord | undefined => {
  const { payment_method: id, payment_method_data: data, confirmation_token: tokenId } = params;
  if (tokenId !== undefined && tokenId !== '') {
    if (id !== undefined || data !== undefined) {
      throw invalidParameter(
        'confirmation_token',
        'You may only specify one of these parameters: confirmation_token, payment_method, payment_method_data.',
        'parameters_exclusive',
      );
    }
    return takeConfirmationToken(account, tokenId);
  }
  if (id !== undefined && id !== '') return findPaymentMethod(services, account, id);
  if (data === undefined) return undefined;
  const local = localTypes.includes(data.type ?? '') ? localMethod(data.type ?? '') : undefined;
  if (local !== undefined) {
    return addPaymentMethod(services, account, localFace(local), {
      billing: billingOf(data.billing_details),
    });
  }
  if (data.type !== 'card')
    throw invalidParameter('payment_method_data[type]', 'This account does not take such payments.');
  const token = data.card?.token;
  if (token === undefined) {
    throw invalidParameter(
      'payment_method_data[card]',
      'Missing required param: payment_method_data[card].',
      'parameter_missing',
    );
  }
  return addPaymentMethod(
    services,
    account,
    takeToken(services, account, token, 'payment_method_data[card][token]'),
    {
      billing: billingOf(data.billing_details),
    },
  );
};

/** Refuses a saved card without its customer, and customers that do not exist. */
export const checkCustomer = (
  call: Pick<Call<Shape>, 'account'>,
  customer: string | null,
  method: PaymentMethodRecord | null,
): void => {
  if (customer !== null) call.account.customers.get(customer, 'customer');
  if (method === null || method.customer === null || method.customer === customer) return;
  throw invalidState(
    `The provided PaymentMethod (${method.id}) belongs to a Customer. Please include that Customer in the \`customer\` parameter.`,
    { param: 'payment_method' },
  );
};
