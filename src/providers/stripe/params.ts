import type { FieldIssue } from '../../models/error-details.js';
import type { CreateParams, ListParams, UpdateParams } from '../../models/params.js';
import { sourceObject, type Address, type PaymentSource } from '../../models/payment-source.js';
import type { Contact } from '../../models/params.js';
import type { WireValue } from '../../provider.js';
import { toWireAmount } from './currency.js';
import { createOptions, listOptions, updateOptions } from './options.js';
import type { StripeApi } from './payment.js';

const issue = (path: string, message: string): FieldIssue => ({ path, message });

const longestDescription = 40_000;
const longestDescriptor = 22;
const mostMetadataKeys = 50;
const longestMetadataKey = 40;
const longestMetadataValue = 500;

const lengthIssue = (path: string, value: string | undefined, longest: number): readonly FieldIssue[] =>
  value !== undefined && value.length > longest
    ? [issue(path, `must have at most ${longest} characters`)]
    : [];

/** Metadata within Stripe's limits. `ownKeys` are those that this library adds. */
const metadataIssues = (
  metadata: Readonly<Record<string, string | null>> | undefined,
  ownKeys: number,
): readonly FieldIssue[] => {
  const issues: FieldIssue[] = [];
  const entries = Object.entries(metadata ?? {});
  if (entries.length + ownKeys > mostMetadataKeys) {
    issues.push(
      issue(
        'metadata',
        `must have at most ${mostMetadataKeys - ownKeys} entries: ${mostMetadataKeys} are kept, and ${ownKeys} holds the idempotency key`,
      ),
    );
  }
  for (const [key, value] of entries) {
    const path = key.length > longestMetadataKey ? 'metadata' : `metadata.${key}`;
    if (key.length > longestMetadataKey) {
      issues.push(issue('metadata', `must have names of at most ${longestMetadataKey} characters`));
    }
    if (/[[\]]/.test(key)) issues.push(issue('metadata', 'must have names without square brackets'));
    if (value === null) continue;
    issues.push(...lengthIssue(path, value, longestMetadataValue));
    // An empty value means "unset" on Stripe's wire, so it would not come back.
    if (value === '') issues.push(issue(path, 'must not be empty: Stripe keeps no empty values'));
  }
  return issues;
};

/** The descriptor of a card payment. */
export const descriptorIssues = (descriptor: string | undefined): readonly FieldIssue[] =>
  lengthIssue('statementDescriptor', descriptor, longestDescriptor);

const shippingIssues = (shipping: Contact | undefined): readonly FieldIssue[] => {
  if (shipping === undefined) return [];
  return [
    ...(shipping.name === undefined ? [issue('shipping.name', 'is required by Stripe')] : []),
    ...(shipping.address === undefined ? [issue('shipping.address', 'is required by Stripe')] : []),
  ];
};

const amountIssues = (path: string, amount: number | undefined, currency: string): readonly FieldIssue[] => {
  if (amount === undefined) return [];
  const wire = toWireAmount(amount, currency);
  if ('amount' in wire) return [];
  return [issue(wire.problem.field === 'amount' ? path : 'currency', wire.problem.message)];
};

const tokenIssues = (token: string, customer: string | undefined, api: StripeApi): readonly FieldIssue[] => {
  // A token often comes from the payer's browser; a customer or an account that it names could be anybody's.
  if (token.startsWith('cus_')) {
    return [issue('source', 'is a customer: write { type: "customer", customer, card }')];
  }
  if (token.startsWith('acct_')) {
    return [issue('source', 'is a connected account: its balance is not charged through this library')];
  }
  const needsCustomer = /^(?:card|ba)_/.test(token);
  if (needsCustomer && customer === undefined) {
    return [issue('customer', 'is required with a saved card')];
  }
  if (api === 'charges' && /^(?:pm|ctoken)_/.test(token)) {
    const kind = token.startsWith('pm_') ? 'PaymentMethod' : 'confirmation token';
    return [issue('source', `is a ${kind}, which only api: 'payment_intents' can charge`)];
  }
  return [];
};

const sourceIssues = (params: CreateParams, api: StripeApi): readonly FieldIssue[] => {
  if (params.source === undefined) {
    // Charges mode falls back on the customer's default source; intents know no such thing.
    return api === 'charges' && params.customer !== undefined ? [] : [issue('source', 'is required')];
  }
  const source = sourceObject(params.source);
  switch (source.type) {
    case 'token':
      return tokenIssues(source.token, params.customer, api);
    case 'customer':
      return [
        ...(params.customer !== undefined && params.customer !== source.customer
          ? [issue('customer', 'is not the customer of the source')]
          : []),
        ...(source.card === undefined && api === 'payment_intents'
          ? [issue('source.card', 'is required: a PaymentIntent has no default card of a customer')]
          : []),
        ...(source.card !== undefined ? tokenIssues(source.card, source.customer, api) : []),
      ];
    default:
      return [
        issue('source.type', 'must be one of token, customer: card data becomes a token in the browser'),
      ];
  }
};

const intentsOnly = [
  'setupFutureUsage',
  'offSession',
  'paymentMethodOptions',
  'errorOnRequiresAction',
  'mandateData',
  'mandate',
] as const;

const optionIssues = (params: CreateParams, api: StripeApi): readonly FieldIssue[] => {
  const options = createOptions(params);
  const foreign = api === 'charges' ? intentsOnly.filter((name) => options[name] !== undefined) : [];
  return [
    ...foreign.map((name) => issue(`providerOptions.${name}`, "exists only with api: 'payment_intents'")),
    ...amountIssues('providerOptions.applicationFeeAmount', options.applicationFeeAmount, params.currency),
    ...amountIssues('providerOptions.transferData.amount', options.transferData?.amount, params.currency),
  ];
};

/** What Stripe would refuse, or could not honour, of a create. */
export const createIssues = (params: CreateParams, api: StripeApi): readonly FieldIssue[] => [
  ...amountIssues('amount', params.amount, params.currency),
  ...sourceIssues(params, api),
  ...(params.expiresAt === undefined ? [] : [issue('expiresAt', 'cannot be chosen: Stripe sets it')]),
  ...lengthIssue('description', params.description, longestDescription),
  ...lengthIssue('customer', params.customer, 500),
  ...descriptorIssues(params.statementDescriptor),
  ...shippingIssues(params.shipping),
  ...metadataIssues(params.metadata, 1),
  ...optionIssues(params, api),
];

const chargesOnly = (path: string, isGiven: boolean): readonly FieldIssue[] =>
  isGiven ? [issue(`providerOptions.${path}`, "exists only with api: 'charges'")] : [];

/** What Stripe would refuse of a list. */
export const listIssues = (params: ListParams, api: StripeApi): readonly FieldIssue[] => {
  if (api === 'charges') return [];
  const { paymentIntent, transferGroup } = listOptions(params);
  return [
    ...chargesOnly('paymentIntent', paymentIntent !== undefined),
    ...chargesOnly('transferGroup', transferGroup !== undefined),
  ];
};

/** What Stripe would refuse, or could not honour, of an update. */
export const updateIssues = (params: UpdateParams, api: StripeApi): readonly FieldIssue[] => [
  ...(api === 'charges' ? [] : chargesOnly('fraudDetails', updateOptions(params).fraudDetails !== undefined)),
  ...(params.email === undefined
    ? []
    : [issue('email', 'would make Stripe send a receipt: say so with providerOptions.receiptEmail')]),
  ...lengthIssue('description', params.description, longestDescription),
  ...shippingIssues(params.shipping),
  ...metadataIssues(params.metadata, 1),
];

/** What Stripe would refuse of a refund's metadata. */
export const refundIssues = (metadata: Readonly<Record<string, string>> | undefined): readonly FieldIssue[] =>
  metadataIssues(metadata, 1);

/** The one thing that is charged, and whose it is. */
export const chargedSource = (
  source: PaymentSource | undefined,
  customer: string | undefined,
): { readonly token: string | undefined; readonly customer: string | undefined } => {
  if (source === undefined) return { token: undefined, customer };
  const read = sourceObject(source);
  if (read.type === 'customer') return { token: read.card, customer: read.customer };
  return { token: read.type === 'token' ? read.token : undefined, customer };
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

/** The billing details of a PaymentMethod that is made from a token: the only place that sends no mail. */
export const billingFields = (params: Pick<CreateParams, 'billing' | 'email'>): WireValue => {
  const fields = {
    name: params.billing?.name,
    email: params.billing?.email ?? params.email,
    phone: params.billing?.phone,
    address: addressFields(params.billing?.address),
  };
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
};
