import * as z from 'zod';
import { offsetPages } from '../../adapter/paging.js';
import type { Issues } from '../../adapter/rows.js';
import type { FieldIssue } from '../../models/error-details.js';
import { momentToMilliseconds, type CreateParams, type Moment } from '../../models/params.js';
import type { PaymentSourceObject } from '../../models/payment-source.js';
import { listWire, toWireTimestamp } from './wire.js';

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
  /** Omise's `linked_account`, sent as it is given. */
  linkedAccount: z.string().min(1).exactOptional(),
});

/** What only Omise has when a charge is refunded. */
export const refundOptionsSchema = z.strictObject({
  /** Asks for a void, which exists before the settlement only. */
  void: z.boolean().exactOptional(),
});

/** Both orders of Omise's lists. */
export const orderSchema = z.enum(['chronological', 'reverse_chronological']);

/** What only Omise has when charges are listed. */
export const listOptionsSchema = z.strictObject({
  /** Oldest or newest first; default `reverse_chronological`, newest first. */
  order: orderSchema.exactOptional(),
});

/** Options of `create` that only Omise has. */
export type OmiseCreateOptions = z.input<typeof createOptionsSchema>;
/** Options of `refund` that only Omise has. */
export type OmiseRefundOptions = z.input<typeof refundOptionsSchema>;
/** Options of `list` that only Omise has. */
export type OmiseListOptions = z.input<typeof listOptionsSchema>;

/** Newest first, which is not Omise's default: only a caller changes it, a look never does. */
export const newestFirst = 'reverse_chronological';

/** The pages of Omise's lists: a cursor is the offset. */
export const pages = offsetPages(listWire, {
  names: { offset: 'offset', limit: 'limit' },
  largest: 100,
  total: ({ total }) => total,
});

/** A moment as Omise takes it. */
export const wireMoment = (moment: Moment | undefined): string | undefined =>
  moment === undefined ? undefined : toWireTimestamp(momentToMilliseconds(moment));

const issue = (path: string, message: string): FieldIssue => ({ path, message });

type TokenKind = 'card' | 'source' | 'savedCard' | 'customer';

/** Omise's ids tell what they are; what has no known prefix is taken for a card token, and Omise decides. */
const tokenKind = (token: string): TokenKind => {
  if (token.startsWith('src_')) return 'source';
  if (token.startsWith('card_')) return 'savedCard';
  return token.startsWith('cust_') ? 'customer' : 'card';
};

interface Given {
  readonly params: CreateParams;
}

const expiryIssue = ({ expiresAt }: CreateParams): FieldIssue | null =>
  expiresAt === undefined
    ? null
    : issue('expiresAt', 'is possible for sources (wallets, banks, codes) only, not for cards');

const customerIssue = ({ customer }: CreateParams): FieldIssue | null =>
  customer === undefined
    ? null
    : issue('customer', 'must be left out: a one-time token or a source belongs to no customer');

/** What is wrong with a token. A saved card is charged with its customer, everything else without. */
export const tokenIssues = ({ token }: { readonly token: string }, { params }: Given): Issues => {
  const kind = tokenKind(token);
  if (kind === 'customer') return [issue('source', 'is a customer: write { type: "customer", customer }')];
  const expiry = kind === 'source' ? null : expiryIssue(params);
  if (kind !== 'savedCard') return [customerIssue(params), expiry];
  return params.customer === undefined
    ? [issue('customer', 'is required: a saved card is charged with its customer'), expiry]
    : [expiry];
};

/** A customer is charged with a card of its own. */
export const customerIssues = (source: { readonly customer: string }, { params }: Given): Issues => [
  params.customer === undefined || params.customer === source.customer
    ? null
    : issue('customer', 'is not the customer of the source'),
  expiryIssue(params),
];

/** Fields of an inline source that the charge itself decides. */
const reservedDetails = ['type', 'amount', 'currency'];

/** What is wrong with the inline source of a wallet, a bank or a code. */
export const redirectIssues = (
  { details = {} }: { readonly details?: Readonly<Record<string, unknown>> | undefined },
  { params }: Given,
): Issues => [
  customerIssue(params),
  ...reservedDetails
    .filter((name) => Object.hasOwn(details, name))
    .map((name) => issue(`source.details.${name}`, 'is taken from the charge')),
];

/** Which of `card`, `customer` and `source` is charged. */
export const chargedFields = (from: PaymentSourceObject | null, { customer }: CreateParams) => {
  switch (from?.type) {
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

/** The options under Omise's own names. */
export const optionFields = (options: OmiseCreateOptions) => ({
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
