import type { FieldIssue } from '../../models/error-details.js';
import { momentToMilliseconds, type Moment } from '../../models/params.js';
import type { RequestRow } from '../../provider.js';
import { toCharge } from './charge.js';
import { nextOffset } from './paging.js';
import { listSchema } from './params.js';
import { toWireTimestamp } from './timestamp.js';
import { chargePageWire, type ChargeWire, type PageWire } from './wire.js';

const toOffset = (cursor: string | null): number => Number(cursor ?? 0);

/** A cursor is a whole number: the offset of a list, or the page of a search. */
export const cursorIssues = (cursor: string | null): FieldIssue[] =>
  cursor === null || /^\d{1,15}$/.test(cursor)
    ? []
    : [{ path: 'cursor', message: 'must be the nextCursor of an earlier page' }];

const bound = (moment: Moment | undefined): string | undefined =>
  moment === undefined ? undefined : toWireTimestamp(momentToMilliseconds(moment));

/**
 * `GET /charges`. The order is always sent: Omise's default is oldest first. Whether `to` is inclusive is not documented; ours
 * is exclusive, and the engine cuts the edge.
 */
export const list = {
  params: listSchema,
  capability: { order: 'newest_first', pushedDown: ['createdAfter', 'createdBefore'] },
  check: ({ cursor }) => cursorIssues(cursor),
  request: ({ params, cursor }) => ({
    method: 'GET',
    route: '/charges',
    query: {
      limit: params.limit,
      offset: toOffset(cursor),
      order: 'reverse_chronological',
      from: bound(params.createdAfter),
      to: bound(params.createdBefore),
    },
  }),
  response: chargePageWire,
  output: ({ wire }, call, { cursor }) => {
    const next = nextOffset('list', toOffset(cursor), wire);
    return {
      data: wire.data.map((charge) => toCharge(charge, call.drift)),
      nextCursor: next === null ? null : String(next),
    };
  },
} satisfies RequestRow<'list', PageWire<ChargeWire>>;
