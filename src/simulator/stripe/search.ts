import type { Call } from './call.js';
import { invalidParameter, Refusal } from './errors.js';
import { noExpansion, type Expansion } from './expand.js';
import { readLimit } from './lists.js';
import type { SearchDocument } from './search-documents.js';
import { type FieldType, parseQuery } from './search-query.js';

/** Parameters of every search. */
export const searchShape = { query: 'text', limit: 'integer', page: 'text', expand: 'texts' } as const;

const cardFields = ['card', 'card_present', 'interac_present'].flatMap((type) =>
  ['last4', 'exp_month', 'exp_year', 'brand', 'fingerprint'].map(
    (name) => `payment_method_details.${type}.${name}`,
  ),
);

const fieldsOf = (tokens: readonly string[]): ReadonlyMap<string, FieldType> =>
  new Map<string, FieldType>([
    ['amount', 'number'],
    ['created', 'number'],
    ...tokens.map((token): [string, FieldType] => [token, 'token']),
  ]);

/** The searchable fields of charges. */
export const chargeFields = fieldsOf([
  'billing_details.address.postal_code',
  'currency',
  'customer',
  'disputed',
  'refunded',
  'status',
  ...cardFields,
]);

/** The searchable fields of payment intents. */
export const paymentIntentFields = fieldsOf(['currency', 'customer', 'status']);

const pageTokenAfter = (id: string): string => Buffer.from(`after:${id}`).toString('base64url');

const idInPageToken = (token: string): string => {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith('after:')) throw invalidParameter('page', 'Invalid page token.');
  return text.slice('after:'.length);
};

/** What comes after the page that ended with an object, whether or not that one still fits the query. */
const olderThan = (
  id: string,
  documents: readonly SearchDocument[],
  found: readonly SearchDocument[],
): readonly SearchDocument[] => {
  const end = documents.findIndex((document) => document.id === id);
  if (end < 0) throw invalidParameter('page', 'Invalid page token.');
  const older = new Set(documents.slice(0, end));
  return found.filter((document) => older.has(document));
};

/** One page of what search can see, newest first. */
export const searchPage = (
  call: Call<typeof searchShape>,
  documents: readonly SearchDocument[],
  fields: ReadonlyMap<string, FieldType>,
  render: (id: string, expansion: Expansion) => object,
): object => {
  if (!call.view.version.since('2020-08-27')) {
    throw new Refusal(400, 'invalid_request_error', {
      message: 'Search is not supported on API version older than 2020-08-27.',
    });
  }
  const fits = parseQuery(call.params.query ?? '', fields);
  const limit = readLimit(call.params.limit);
  const found = documents.filter(fits).toReversed();
  const rest =
    call.params.page === undefined ? found : olderThan(idInPageToken(call.params.page), documents, found);
  const page = rest.slice(0, limit);
  const hasMore = rest.length > limit;
  const inner = call.expansion.get('data') ?? noExpansion;
  return {
    object: 'search_result',
    data: page.map((document) => render(document.id, inner)),
    has_more: hasMore,
    next_page: hasMore ? pageTokenAfter(page.at(-1)?.id ?? '') : null,
    ...(call.expansion.has('total_count') ? { total_count: found.length } : {}),
    url: call.path,
  };
};
