import { momentToMilliseconds, type Moment, type SearchParams } from '../../models/params.js';
import type { WireRequest } from '../../provider.js';
import { positionOf } from './pages.js';

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
 * `GET /charges/search`. Pin has one text query, over description, email, metadata, cardholder name and tokens, and whole
 * days in a time zone that it does not name: both may find too much and are filtered exactly afterwards. The first day is
 * moved one back and the excluded last one two on, enough for every time zone. Sort and direction are always sent: Pin's
 * pages and its behaviour disagree about the default.
 */
export const searchRequest = (params: SearchParams, cursor: string | null): WireRequest => {
  const { page, perPage } = positionOf(params, cursor);
  return {
    method: 'GET',
    route: '/1/charges/search',
    query: {
      query: params.query ?? metadataText(params.metadata) ?? params.customer,
      start_date: params.createdAfter === undefined ? undefined : day(params.createdAfter, -1),
      end_date: params.createdBefore === undefined ? undefined : day(params.createdBefore, 2),
      sort: 'created_at',
      direction: -1,
      page,
      per_page: perPage,
    },
  };
};
