import * as z from 'zod';
import type { Query } from '../../adapter/endpoint.js';
import { rowOf } from '../../adapter/fields.js';
import type { FieldIssue } from '../../models/error-details.js';
import {
  currencyParamSchema,
  momentToMilliseconds,
  type CreateParams,
  type Moment,
  type SearchParams,
} from '../../models/params.js';
import {
  sourceObject,
  type Address,
  type CardSource,
  type PaymentSourceObject,
} from '../../models/payment-source.js';
import { threeDSecureSchema } from './authorization.js';

/** `providerOptions` of `create`. */
export const createOptionsSchema = z.strictObject({
  /**
   * Pin's `three_d_secure`: how its hosted 3-D Secure treats cards without it, or the result of 3-D Secure
   * done elsewhere.
   */
  threeDSecure: threeDSecureSchema.exactOptional(),
  /** Withheld from the merchant's entitlement. */
  platformAdjustment: z
    .strictObject({ amount: z.int().min(0), currency: currencyParamSchema })
    .exactOptional(),
});

/** `providerOptions` of `create`. */
export type PinCreateOptions = z.infer<typeof createOptionsSchema>;

/** Pin has one field for each kind of token; the prefix tells them apart. Both are good for one charge. */
const tokenFields: Readonly<Record<string, string>> = { card: 'card_token', ps: 'payment_source_token' };

const tokenField = (token: string): string | undefined => rowOf(tokenFields, /^([a-z]+)_/.exec(token)?.[1]);

/** Name and address of a raw card: its own, else those of `billing`. */
const cardholderOf = (
  source: CardSource,
  { billing }: CreateParams,
): { name: string | undefined; address: Address } => ({
  name: source.holderName ?? billing?.name,
  address: source.address ?? billing?.address ?? {},
});

const cardFields = (source: CardSource, params: CreateParams) => {
  const { name, address } = cardholderOf(source, params);
  return {
    number: source.number,
    expiry_month: source.expMonth,
    expiry_year: source.expYear,
    cvc: source.cvc,
    name,
    address_line1: address.line1,
    address_line2: address.line2,
    address_city: address.city,
    address_postcode: address.postalCode,
    address_state: address.state,
    address_country: address.country,
  };
};

/**
 * The one of `card`, `card_token`, `customer_token` and `payment_source_token` that carries the source. Empty
 * without a source, or for a token that `tokenIssues` refuses.
 */
export const sourceFields = (source: PaymentSourceObject | null, params: CreateParams) => {
  switch (source?.type) {
    case 'card':
      return { card: cardFields(source, params) };
    case 'customer':
      return { customer_token: source.customer };
    case 'token': {
      const field = tokenField(source.token);
      return field === undefined ? {} : { [field]: source.token };
    }
    default:
      return {};
  }
};

/** What is wrong with a token. A customer comes from the payer's browser there, and could be anybody's. */
export const tokenIssues = ({ token }: { readonly token: string }): FieldIssue[] => {
  if (token.startsWith('cus_'))
    return [{ path: 'source', message: 'is a customer: write { type: "customer", customer }' }];
  return tokenField(token) === undefined
    ? [{ path: 'source', message: 'must be a token of Pin: card_… or ps_…' }]
    : [];
};

/** A customer is charged with the primary card. */
export const customerIssues = ({ card }: { readonly card?: string }): FieldIssue[] =>
  card === undefined
    ? []
    : [
        {
          path: 'source.card',
          message: 'cannot be chosen: Pin charges the primary card of the customer',
        },
      ];

/** Whether the customer that params name is what they charge: alone, or as their source. */
export const isCharged = ({ source, customer }: CreateParams): boolean => {
  if (source === undefined) return true;
  const charged = sourceObject(source);
  return (
    (charged.type === 'customer' && charged.customer === customer) ||
    (charged.type === 'token' && charged.token === customer)
  );
};

/** What Pin requires of a card that is no token. */
export const cardIssues = (source: CardSource, { params }: { readonly params: CreateParams }) => {
  const { name, address } = cardholderOf(source, params);
  const needed: ReadonlyArray<readonly [path: string, value: unknown]> = [
    ['source.cvc', source.cvc],
    ['source.holderName', name],
    ['source.address.line1', address.line1],
    ['source.address.city', address.city],
    ['source.address.country', address.country],
  ];
  return needed
    .filter(([, value]) => value === undefined || value === '')
    .map(([path]) => ({ path, message: 'is required by Pin for a card that is no token' }));
};

const dayMs = 86_400_000;

/** `YYYY/MM/DD` of a moment in UTC, moved by whole days. */
const day = (moment: Moment, moved: number): string =>
  new Date(momentToMilliseconds(moment) + moved * dayMs).toISOString().slice(0, 10).replaceAll('-', '/');

/** The longest text among the metadata asked for: the one that fewest other charges hold. */
const metadataText = (metadata: Readonly<Record<string, string>> | undefined): string | undefined =>
  Object.values(metadata ?? {})
    .filter((value) => value !== '')
    .sort((left, right) => right.length - left.length)[0];

/**
 * Pin has one text query, over description, email, metadata, cardholder name and tokens, and whole days in a time zone that
 * it does not name: both may find too much and are filtered exactly afterwards. The first day is moved one back and the
 * excluded last one two on, enough for every time zone. Sort and direction are always sent: Pin's pages and its behaviour
 * disagree about the default.
 */
export const searchQuery = (params: SearchParams): Query => ({
  query: params.query ?? metadataText(params.metadata) ?? params.customer,
  start_date: params.createdAfter === undefined ? undefined : day(params.createdAfter, -1),
  end_date: params.createdBefore === undefined ? undefined : day(params.createdBefore, 2),
  sort: 'created_at',
  direction: -1,
});
