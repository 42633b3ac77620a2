import type { Query } from '../../adapter/endpoint.js';
import type { AdapterCall, RowInput } from '../../adapter/inputs.js';
import type { Issues } from '../../adapter/rows.js';
import type { FieldIssue } from '../../models/error-details.js';
import { momentToSeconds, type Contact, type CreateParams } from '../../models/params.js';
import type { Address, PaymentSourceObject } from '../../models/payment-source.js';
import type { WireValue } from '../../provider.js';
import { toWireAmount, toWireCurrency } from './currency.js';
import type { StripeCreateOptions, StripeTypes } from './options.js';
import { apiOf, type StripeApi } from './payment.js';

/** The input of a create. */
type Create = RowInput<StripeTypes, 'create'>;
type StripeCall = Pick<AdapterCall<StripeTypes['settings']>, 'settings'>;

const issue = (path: string, message: string): FieldIssue => ({ path, message });

export const metadataLimits = { entries: 50, name: 40, value: 500 };

/** Metadata that would not come back as it was sent: brackets are part of Stripe's encoding, and an empty value unsets its key. */
export const metadataIssues = (metadata: Readonly<Record<string, string | null>> = {}): Issues =>
  Object.entries(metadata).flatMap(([name, value]) => [
    /[[\]]/.test(name) ? issue('metadata', 'must have names without square brackets') : null,
    value === ''
      ? issue(
          name.length > metadataLimits.name ? 'metadata' : `metadata.${name}`,
          'must not be empty: Stripe keeps no empty values',
        )
      : null,
  ]);

const maxLength = { description: 40_000, customer: 500, statementDescriptor: 22 } as const;

/** Texts and addresses that Stripe would refuse. */
export const textAndShippingIssues = (
  params: { readonly [Name in keyof typeof maxLength]?: string | undefined } & {
    readonly shipping?: Contact | undefined;
  },
): Issues => [
  ...(['description', 'customer', 'statementDescriptor'] as const).map((path) =>
    (params[path]?.length ?? 0) > maxLength[path]
      ? issue(path, `must have at most ${maxLength[path]} characters`)
      : null,
  ),
  ...(['name', 'address'] as const).map((part) =>
    params.shipping !== undefined && params.shipping[part] === undefined
      ? issue(`shipping.${part}`, 'is required by Stripe')
      : null,
  ),
];

const amountIssue = (path: string, amount: number | undefined, currency: string): FieldIssue | null => {
  const wire = amount === undefined ? { amount } : toWireAmount(amount, currency);
  if ('amount' in wire) return null;
  return issue(wire.problem.field === 'amount' ? path : 'currency', wire.problem.message);
};

/** What is wrong with a token, or the card of a customer. */
export const tokenIssues = (token: string, customer: string | undefined, api: StripeApi): Issues => {
  // A token often comes from the payer's browser; a customer or an account that it names could be anybody's.
  if (token.startsWith('cus_'))
    return [issue('source', 'is a customer: write { type: "customer", customer, card }')];
  if (token.startsWith('acct_'))
    return [issue('source', 'is a connected account: its balance is not charged through this library')];
  if (/^(?:card|ba)_/.test(token) && customer === undefined)
    return [issue('customer', 'is required with a saved card')];
  if (api === 'charges' && /^(?:pm|ctoken)_/.test(token)) {
    const kind = token.startsWith('pm_') ? 'PaymentMethod' : 'confirmation token';
    return [issue('source', `is a ${kind}, which only api: 'payment_intents' can charge`)];
  }
  return [];
};

/** What is wrong with a customer as the source. */
export const customerIssues = (
  { customer, card }: { readonly customer: string; readonly card?: string },
  { params }: Create,
  call: StripeCall,
): Issues => [
  params.customer !== undefined && params.customer !== customer
    ? issue('customer', 'is not the customer of the source')
    : null,
  card === undefined && apiOf(call) === 'payment_intents'
    ? issue('source.card', 'is required: a PaymentIntent has no default card of a customer')
    : null,
  ...(card === undefined ? [] : tokenIssues(card, customer, apiOf(call))),
];

const intentsOnly = [
  'setupFutureUsage',
  'offSession',
  'paymentMethodOptions',
  'errorOnRequiresAction',
  'mandateData',
  'mandate',
] as const;

/** What Stripe would refuse, or could not honour, of a create. */
export const createIssues = ({ params, options, source }: Create, call: StripeCall): Issues => {
  const { currency } = params;
  const isCharges = apiOf(call) === 'charges';
  // Charges mode falls back on the customer's default source; intents know no such thing.
  const isSourceMissing = source === null && !(isCharges && params.customer !== undefined);
  return [
    amountIssue('amount', params.amount, currency),
    isSourceMissing ? issue('source', 'is required') : null,
    ...textAndShippingIssues(params),
    ...metadataIssues(params.metadata),
    ...intentsOnly.map((name) =>
      isCharges && options[name] !== undefined
        ? issue(`providerOptions.${name}`, "exists only with api: 'payment_intents'")
        : null,
    ),
    amountIssue('providerOptions.applicationFeeAmount', options.applicationFeeAmount, currency),
    amountIssue('providerOptions.transferData.amount', options.transferData?.amount, currency),
  ];
};

/** Issues for options that only the Charges API accepts. */
export const chargesOnlyIssues = <Name extends string>(
  options: { readonly [Key in Name]?: unknown },
  names: readonly Name[],
  call: StripeCall,
): Issues =>
  names.map((name) =>
    apiOf(call) === 'payment_intents' && options[name] !== undefined
      ? issue(`providerOptions.${name}`, "exists only with api: 'charges'")
      : null,
  );

/** What is charged, where it is not a customer's default. */
export const tokenOf = (source: PaymentSourceObject | null): string | undefined => {
  if (source?.type === 'customer') return source.card;
  return source?.type === 'token' ? source.token : undefined;
};

const addressFields = (address: Address | undefined): WireValue =>
  address && {
    line1: address.line1,
    line2: address.line2,
    city: address.city,
    state: address.state,
    postal_code: address.postalCode,
    country: address.country,
  };

/** The shipping of a charge or intent. */
export const shippingFields = (shipping: Contact | undefined): WireValue =>
  shipping && { name: shipping.name, phone: shipping.phone, address: addressFields(shipping.address) };

/** The billing details of a PaymentMethod made from a token. Their email is the only one for which Stripe sends no receipt. */
export const billingFields = ({ billing, email }: Pick<CreateParams, 'billing' | 'email'>): WireValue => {
  const fields = {
    name: billing?.name,
    email: billing?.email ?? email,
    phone: billing?.phone,
    address: addressFields(billing?.address),
  };
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
};

/** The checks run before this, so an amount that cannot be sent never comes here. */
const sentAmount = (amount: number | undefined, currency: string): number | undefined => {
  const wire = amount === undefined ? { amount } : toWireAmount(amount, currency);
  if ('problem' in wire) throw new RangeError(wire.problem.message);
  return wire.amount;
};

/** What both APIs call by the same names. */
const sharedFields = ({ params, options, source, metadata }: Create): Record<string, WireValue> => {
  const { transferData, radarOptions } = options;
  return {
    amount: sentAmount(params.amount, params.currency),
    currency: toWireCurrency(params.currency),
    customer: source?.type === 'customer' ? source.customer : params.customer,
    description: params.description,
    metadata,
    receipt_email: options.receiptEmail,
    shipping: shippingFields(params.shipping),
    statement_descriptor: options.statementDescriptor,
    statement_descriptor_suffix: params.statementDescriptor,
    on_behalf_of: options.onBehalfOf,
    transfer_group: options.transferGroup,
    transfer_data: transferData && {
      destination: transferData.destination,
      amount: sentAmount(transferData.amount, params.currency),
      description: transferData.description,
    },
    application_fee_amount: sentAmount(options.applicationFeeAmount, params.currency),
    radar_options: radarOptions && { session: radarOptions.session },
  };
};

/** The form of a charge. */
export const chargeForm = (input: Create): Query =>
  Object.assign(sharedFields(input), {
    source: tokenOf(input.source),
    capture: input.params.capture === false ? false : undefined,
  });

const mandateFields = ({ mandateData }: Partial<StripeCreateOptions>): WireValue => {
  if (mandateData === undefined) return undefined;
  const { customerAcceptance: acceptance } = mandateData;
  const accepted_at = acceptance.acceptedAt && momentToSeconds(acceptance.acceptedAt);
  const online =
    acceptance.type === 'online'
      ? { ip_address: acceptance.online.ipAddress, user_agent: acceptance.online.userAgent }
      : undefined;
  return { customer_acceptance: { type: acceptance.type, accepted_at, online } };
};

/** The form of an intent, with the PaymentMethod that was made for it, or another kind of source. */
export const intentForm = (input: Create, paymentMethod: string | null): Query => {
  const { params, options } = input;
  const hasReturn = params.returnUrl !== undefined;
  const threeDS = options.paymentMethodOptions?.card?.requestThreeDSecure;
  // A confirmation token stands for a payment method and for what the payer agreed to in the browser.
  const source = paymentMethod?.startsWith('ctoken_') === true ? 'confirmation_token' : 'payment_method';
  // `Object.assign`, because on Node 20 a spread followed by further fields is slow.
  return Object.assign(sharedFields(input), {
    [source]: paymentMethod ?? undefined,
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
