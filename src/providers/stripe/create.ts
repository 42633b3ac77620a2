import { stampMetadata } from '../../models/attachments.js';
import { momentToSeconds, type CreateParams } from '../../models/params.js';
import type { Call, RequestRow, WireRequest, WireValue } from '../../provider.js';
import { toWireAmount, toWireCurrency } from './currency.js';
import { createOptions, stripeCreateParamsSchema, type StripeCreateOptions } from './options.js';
import { billingFields, chargedSource, createIssues, shippingFields } from './params.js';
import { apiOf, toCharge } from './payment.js';
import { createdPaymentMethodSchema, paymentSchema, type WirePayment } from './wire.js';

/** The checks run before this, so an amount that cannot be sent never comes here. */
const wireAmount = (amount: number, currency: string): number => {
  const wire = toWireAmount(amount, currency);
  if ('problem' in wire) throw new RangeError(wire.problem.message);
  return wire.amount;
};

const optionalAmount = (amount: number | undefined, currency: string): number | undefined =>
  amount === undefined ? undefined : wireAmount(amount, currency);

/** What both engines call by the same names. */
const sharedFields = (params: CreateParams, call: Call): Record<string, WireValue> => {
  const options = createOptions(params);
  const { transferData } = options;
  return {
    amount: wireAmount(params.amount, params.currency),
    currency: toWireCurrency(params.currency),
    customer: chargedSource(params.source, params.customer).customer,
    description: params.description,
    metadata: stampMetadata(params.metadata, call.idempotencyKey),
    receipt_email: options.receiptEmail,
    shipping: shippingFields(params.shipping),
    statement_descriptor: options.statementDescriptor,
    statement_descriptor_suffix: params.statementDescriptor,
    on_behalf_of: options.onBehalfOf,
    transfer_group: options.transferGroup,
    transfer_data: transferData && {
      destination: transferData.destination,
      amount: optionalAmount(transferData.amount, params.currency),
      description: transferData.description,
    },
    application_fee_amount: optionalAmount(options.applicationFeeAmount, params.currency),
    radar_options: options.radarOptions && { session: options.radarOptions.session },
  };
};

const chargeFields = (params: CreateParams, call: Call): Record<string, WireValue> => ({
  ...sharedFields(params, call),
  source: chargedSource(params.source, params.customer).token,
  capture: params.capture === false ? false : undefined,
});

const isConfirmationToken = (token: string | null): boolean => token?.startsWith('ctoken_') === true;

const mandateFields = ({ mandateData }: StripeCreateOptions): WireValue => {
  if (mandateData === undefined) return undefined;
  const { customerAcceptance: acceptance } = mandateData;
  const acceptedAt = acceptance.acceptedAt && momentToSeconds(acceptance.acceptedAt);
  return {
    customer_acceptance:
      acceptance.type === 'online'
        ? {
            type: acceptance.type,
            accepted_at: acceptedAt,
            online: { ip_address: acceptance.online.ipAddress, user_agent: acceptance.online.userAgent },
          }
        : { type: acceptance.type, accepted_at: acceptedAt },
  };
};

const intentFields = (params: CreateParams, call: Call): Record<string, WireValue> => {
  const options = createOptions(params);
  const hasReturn = params.returnUrl !== undefined;
  const { paymentMethod } = call.prepared as PreparedCreate;
  const threeDS = options.paymentMethodOptions?.card?.requestThreeDSecure;
  // Not a spread with fields behind it: on Node 20 each of those takes as long as the rest together.
  return Object.assign(sharedFields(params, call), {
    // A confirmation token stands for a payment method and for what the payer agreed to in the browser.
    [isConfirmationToken(paymentMethod) ? 'confirmation_token' : 'payment_method']:
      paymentMethod ?? undefined,
    confirm: true,
    capture_method: params.capture === false ? 'manual' : undefined,
    // Never payment_method_types: Stripe refuses it since 2026-09-30, and this works before and after.
    automatic_payment_methods: { enabled: true, allow_redirects: hasReturn ? undefined : 'never' },
    return_url: params.returnUrl,
    // Without an address to come back to, a challenge would leave the payer at a dead end.
    error_on_requires_action: (options.errorOnRequiresAction ?? !hasReturn) ? true : undefined,
    off_session: options.offSession,
    setup_future_usage: options.setupFutureUsage,
    mandate: options.mandate,
    mandate_data: mandateFields(options),
    payment_method_options: threeDS && { card: { request_three_d_secure: threeDS } },
    expand: ['latest_charge'],
  });
};

/** What is recorded before an intent is created. */
export interface PreparedCreate {
  readonly paymentMethod: string | null;
}

/** A token becomes a PaymentMethod first: an intent takes no tokens. This step moves no money. */
const paymentMethodOf = async (params: CreateParams, call: Call): Promise<string | null> => {
  const { token } = chargedSource(params.source, params.customer);
  if (!token?.startsWith('tok_')) return token ?? null;
  const request: WireRequest = {
    method: 'POST',
    route: '/v1/payment_methods',
    form: { type: 'card', card: { token }, billing_details: billingFields(params) },
  };
  return (await call.send(request, createdPaymentMethodSchema)).wire.id;
};

export const create = {
  params: stripeCreateParamsSchema,
  capability: {
    sources: ['token', 'customer'],
    refuses: ['expiresAt'],
    // Billing and email go into the PaymentMethod that a token becomes; a finished one has its own, a charge has no place.
    leavesOut: ['billing', 'email', 'ip'],
  },
  check: ({ params }, call) => createIssues(params, apiOf(call)),
  prepare: async ({ params }, call): Promise<PreparedCreate> => ({
    paymentMethod: apiOf(call) === 'charges' ? null : await paymentMethodOf(params, call),
  }),
  request: ({ params }, call) =>
    apiOf(call) === 'charges'
      ? { method: 'POST', route: '/v1/charges', form: chargeFields(params, call) }
      : { method: 'POST', route: '/v1/payment_intents', form: intentFields(params, call) },
  response: paymentSchema,
  output: ({ wire }, call) => toCharge(wire, call, { refunds: [] }),
} satisfies RequestRow<'create', WirePayment>;
