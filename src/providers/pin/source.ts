import type { FieldIssue } from '../../models/error-details.js';
import type { CreateParams } from '../../models/params.js';
import {
  sourceObject,
  type Address,
  type CardSource,
  type PaymentSourceObject,
  type PaymentSourceType,
} from '../../models/payment-source.js';

/** The sources that Pin charges. */
export const sourceTypes: readonly PaymentSourceType[] = ['token', 'customer', 'card'];

/** Pin has one field for each kind of token; the prefix tells them apart. Both are good for one charge. */
const tokenFields: Readonly<Record<string, string>> = {
  card_: 'card_token',
  ps_: 'payment_source_token',
};

const tokenField = (token: string): string | undefined =>
  Object.entries(tokenFields).find(([prefix]) => token.startsWith(prefix))?.[1];

/** The source; a `customer` alone is charged with the customer's primary card. */
const sourceOf = ({ source, customer }: CreateParams): PaymentSourceObject | null => {
  if (source !== undefined) return sourceObject(source);
  return customer === undefined ? null : { type: 'customer', customer };
};

/** Name and address of a raw card: its own, else those of `billing`. */
const cardholderOf = (
  source: CardSource,
  params: CreateParams,
): { name: string | undefined; address: Address } => ({
  name: source.holderName ?? params.billing?.name,
  address: source.address ?? params.billing?.address ?? {},
});

const cardFields = (source: CardSource, params: CreateParams): Readonly<Record<string, unknown>> => {
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

/** The one of `card`, `card_token`, `customer_token` and `payment_source_token` that carries the source. */
export const sourceFields = (params: CreateParams): Readonly<Record<string, unknown>> => {
  const source = sourceOf(params);
  if (source?.type === 'card') return { card: cardFields(source, params) };
  if (source?.type === 'customer') return { customer_token: source.customer };
  const field = source?.type === 'token' ? tokenField(source.token) : undefined;
  return source?.type === 'token' && field !== undefined ? { [field]: source.token } : {};
};

const cardIssues = (source: CardSource, params: CreateParams): FieldIssue[] => {
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

/** What is wrong with the source of a create. */
export const sourceIssues = (params: CreateParams): FieldIssue[] => {
  const source = sourceOf(params);
  if (source === null) return [{ path: 'source', message: 'is required' }];
  const issues: FieldIssue[] = [];
  const charged =
    source.type === 'customer' ? source.customer : source.type === 'token' ? source.token : null;
  if (params.customer !== undefined && params.customer !== charged) {
    issues.push({
      path: 'customer',
      message: 'cannot be set beside another source: Pin takes exactly one of them',
    });
  }
  switch (source.type) {
    case 'token':
      // A token often comes from the payer's browser, and the customer that it names could be anybody.
      if (source.token.startsWith('cus_')) {
        issues.push({ path: 'source', message: 'is a customer: write { type: "customer", customer }' });
      } else if (tokenField(source.token) === undefined) {
        issues.push({ path: 'source', message: 'must be a token of Pin: card_… or ps_…' });
      }
      break;
    case 'customer':
      if (source.card !== undefined) {
        issues.push({
          path: 'source.card',
          message: 'cannot be chosen: Pin charges the primary card of the customer',
        });
      }
      break;
    case 'card':
      issues.push(...cardIssues(source, params));
      break;
    default:
      issues.push({ path: 'source.type', message: `must be one of ${sourceTypes.join(', ')}` });
  }
  return issues;
};
