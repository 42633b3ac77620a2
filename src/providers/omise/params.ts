import * as z from 'zod';
import { stampMetadata } from '../../models/attachments.js';
import type { FieldIssue } from '../../models/error-details.js';
import {
  captureParamsSchema,
  createParamsSchema,
  momentToMilliseconds,
  refundParamsSchema,
  updateParamsSchema,
  verify3DSParamsSchema,
  type CreateParams,
  type RefundParams,
  type UpdateParams,
} from '../../models/params.js';
import { sourceObject, type PaymentSourceObject } from '../../models/payment-source.js';
import type { WireRequest } from '../../provider.js';
import { isOmiseCurrency, omiseCurrencies } from './currency.js';
import { reasonMetadataKey } from './refund.js';
import { toWireTimestamp } from './timestamp.js';

/** What only Omise has when a charge is created. Each is one documented parameter of `POST /charges`. */
export const createOptionsSchema = z.strictObject({
  /** `pre_auth` allows one partial capture, where the account has it; `final_auth` is Omise's default. */
  authorizationType: z.enum(['pre_auth', 'final_auth']).exactOptional(),
  /** How the payer authenticates. */
  authentication: z.enum(['PASSKEY', '3DS']).exactOptional(),
  /** What the platform keeps: `fixed` in minor units, `percentage` of the amount. */
  platformFee: z
    .strictObject({ fixed: z.int().min(0).exactOptional(), percentage: z.number().min(0).exactOptional() })
    .exactOptional(),
  /** The merchant pays the interest of the installments. */
  zeroInterestInstallments: z.boolean().exactOptional(),
  /** One or two https addresses that get this charge's webhooks. */
  webhookEndpoints: z
    .array(z.url({ protocol: /^https$/ }))
    .min(1)
    .max(2)
    .optional(),
  /** Why a stored card is charged. */
  recurringReason: z
    .enum([
      '',
      'unscheduled',
      'standing_order',
      'subscription',
      'installment',
      'partial_shipment',
      'delayed_charge',
      'no_show',
      'resubmission',
    ])
    .optional(),
  /** Who started it: the merchant (`MIT`) or the payer (`CIT`). */
  transactionIndicator: z.enum(['MIT', 'CIT']).optional(),
  /** The first charge of a recurring chain. */
  firstCharge: z.string().min(1).optional(),
  linkedAccount: z.string().min(1).exactOptional(),
});

/** What only Omise has when a charge is refunded. */
export const refundOptionsSchema = z.strictObject({
  /** Asks for a void, which exists before the settlement only. */
  void: z.boolean().exactOptional(),
});

const noOptions = z.strictObject({}).optional();

export const createSchema = createParamsSchema.extend({ providerOptions: createOptionsSchema.optional() });
export const updateSchema = updateParamsSchema.extend({ providerOptions: noOptions });
export const captureSchema = captureParamsSchema.extend({ providerOptions: noOptions });
export const refundSchema = refundParamsSchema.extend({ providerOptions: refundOptionsSchema.optional() });
export const verifySchema = verify3DSParamsSchema.extend({ providerOptions: noOptions });

/** Options of `create` that only Omise has. */
export type OmiseCreateOptions = z.input<typeof createOptionsSchema>;
/** Options of `refund` that only Omise has. */
export type OmiseRefundOptions = z.input<typeof refundOptionsSchema>;

const issue = (path: string, message: string): FieldIssue => ({ path, message });

/** Fields of an inline source that the charge itself decides. */
const reservedDetails = ['type', 'amount', 'currency'];

type TokenKind = 'card' | 'source' | 'savedCard' | 'customer';

/** Omise's ids tell what they are; what has no known prefix is taken for a card token, and Omise decides. */
const tokenKind = (token: string): TokenKind => {
  if (token.startsWith('src_')) return 'source';
  if (token.startsWith('card_')) return 'savedCard';
  return token.startsWith('cust_') ? 'customer' : 'card';
};

const noExpiry = issue('expiresAt', 'is possible for sources (wallets, banks, codes) only, not for cards');
const noCustomer = issue('customer', 'must be left out: a one-time token or a source belongs to no customer');

const savedCardAlone = issue('customer', 'is required: a saved card is charged with its customer');

const tokenIssues = (token: string, { customer, expiresAt }: CreateParams): FieldIssue[] => {
  const kind = tokenKind(token);
  if (kind === 'customer') return [issue('source', 'is a customer: write { type: "customer", customer }')];
  const expiry = kind === 'source' || expiresAt === undefined ? [] : [noExpiry];
  if (kind !== 'savedCard') return customer === undefined ? expiry : [noCustomer, ...expiry];
  return customer === undefined ? [savedCardAlone, ...expiry] : expiry;
};

const sourceIssues = (source: PaymentSourceObject, params: CreateParams): FieldIssue[] => {
  switch (source.type) {
    case 'token':
      return tokenIssues(source.token, params);
    case 'customer':
      return [
        ...(params.customer === undefined || params.customer === source.customer
          ? []
          : [issue('customer', 'is not the customer of the source')]),
        ...(params.expiresAt === undefined ? [] : [noExpiry]),
      ];
    case 'redirect':
      return [
        ...(params.customer === undefined ? [] : [noCustomer]),
        ...reservedDetails
          .filter((name) => Object.hasOwn(source.details ?? {}, name))
          .map((name) => issue(`source.details.${name}`, 'is taken from the charge')),
      ];
    default:
      return [
        issue(
          'source.type',
          'must be one of token, customer, redirect: card data goes to the vault from the browser',
        ),
      ];
  }
};

/** What Omise would refuse, or would not do as asked. */
export const createIssues = (params: CreateParams): FieldIssue[] => {
  const { source, customer, currency } = params;
  const issues = isOmiseCurrency(currency)
    ? []
    : [issue('currency', `must be one of ${omiseCurrencies.join(', ')}`)];
  if (source !== undefined) return [...issues, ...sourceIssues(sourceObject(source), params)];
  if (customer === undefined)
    return [...issues, issue('source', 'is required, unless a customer is charged')];
  return params.expiresAt === undefined ? issues : [...issues, noExpiry];
};

/** Which of `card`, `customer` and `source` is charged. */
const chargedFields = ({ source, customer }: CreateParams): Record<string, unknown> => {
  if (source === undefined) return { customer };
  const from = sourceObject(source);
  switch (from.type) {
    case 'token':
      return tokenKind(from.token) === 'source' ? { source: from.token } : { card: from.token, customer };
    case 'customer':
      return { customer: from.customer, card: from.card };
    case 'redirect':
      // Sent inline, so that it inherits amount and currency and cannot contradict them.
      return { source: { ...from.details, type: from.method } };
    default:
      return {};
  }
};

const optionFields = (options: OmiseCreateOptions): Record<string, unknown> => ({
  authorization_type: options.authorizationType,
  authentication: options.authentication,
  platform_fee: options.platformFee,
  zero_interest_installments: options.zeroInterestInstallments,
  webhook_endpoints: options.webhookEndpoints,
  recurring_reason: options.recurringReason,
  transaction_indicator: options.transactionIndicator,
  first_charge: options.firstCharge,
  linked_account: options.linkedAccount,
});

/** `POST /charges`. Amounts are minor units on both sides. */
export const createRequest = (params: CreateParams, idempotencyKey: string | null): WireRequest => ({
  method: 'POST',
  route: '/charges',
  json: {
    amount: params.amount,
    currency: params.currency,
    ...chargedFields(params),
    capture: params.capture ?? true,
    return_uri: params.returnUrl,
    description: params.description,
    ip: params.ip,
    expires_at:
      params.expiresAt === undefined ? undefined : toWireTimestamp(momentToMilliseconds(params.expiresAt)),
    metadata: stampMetadata(params.metadata, idempotencyKey),
    // Checked by the schema above; the common params do not know its type.
    ...optionFields(params.providerOptions ?? {}),
  },
});

/** Omise changes the description and the metadata, nothing else. */
export const updatableFields = ['description', 'metadata'] as const;

export const updateIssues = (params: UpdateParams): FieldIssue[] =>
  (['email', 'customer', 'shipping'] as const)
    .filter((field) => params[field] !== undefined)
    .map((field) => issue(field, 'cannot be changed at Omise: only description and metadata can'));

/** The whole metadata that a change leaves, our stamp included. A removed key is sent as null: Omise may merge or replace. */
export const mergedMetadata = (
  current: Readonly<Record<string, unknown>>,
  change: NonNullable<UpdateParams['metadata']>,
): Record<string, unknown> => {
  const kept = Object.entries(change).filter(([key, value]) => value !== null || Object.hasOwn(current, key));
  return { ...current, ...Object.fromEntries(kept) };
};

/** The reason rides in the metadata; a `reason` of the caller's own wins. */
export const refundMetadata = (params: RefundParams, idempotencyKey: string | null): Record<string, string> =>
  stampMetadata(
    { ...(params.reason === undefined ? {} : { [reasonMetadataKey]: params.reason }), ...params.metadata },
    idempotencyKey,
  );
