import type { FieldIssue } from '../../models/error-details.js';
import { foreignCursor } from '../../models/paging.js';
import { momentToMilliseconds, type Moment } from '../../models/params.js';
import type { RequestRow } from '../../provider.js';
import { toCharge } from './charge.js';
import { listOptionsOf, listSchema } from './list-params.js';
import { endOf, toOffset } from './paging.js';
import { toWireTimestamp } from './timestamp.js';
import { chargePageWire, chargeWire, type ChargeWire, type PageWire } from './wire.js';

/** A cursor is a whole number: the offset of a list, or the page of a search. */
export const cursorIssues = (cursor: string | null): FieldIssue[] =>
  cursor === null || /^\d{1,15}$/.test(cursor) ? [] : [{ path: 'cursor', message: foreignCursor }];

/** A bound of `from` or `to`. */
export const bound = (moment: Moment | undefined): string | undefined =>
  moment === undefined ? undefined : toWireTimestamp(momentToMilliseconds(moment));

/**
 * `GET /charges`. The order is always sent: Omise's default is oldest first. Ours is newest first, and only a caller changes
 * it: a look never does. Whether `to` is inclusive is not documented; ours is exclusive, and the engine cuts the edge.
 */
export const list = {
  params: listSchema,
  capability: { order: 'newest_first', pushedDown: ['createdAfter', 'createdBefore'], include: ['fee'] },
  check: ({ cursor }) => cursorIssues(cursor),
  request: ({ params, cursor }) => ({
    method: 'GET',
    route: '/charges',
    query: {
      limit: params.limit,
      offset: toOffset(cursor),
      order: listOptionsOf(params).order ?? 'reverse_chronological',
      from: bound(params.createdAfter),
      to: bound(params.createdBefore),
    },
  }),
  response: chargePageWire,
  items: { in: 'data', schema: chargeWire, createdAt: ['created_at', 'created'] },
  output: async ({ wire }, call, { cursor }) => ({
    data: await call.readItems(wire.data, (charge) => toCharge(charge, call.drift)),
    total: wire.total,
    nextCursor: call.nextCursor({ count: wire.data.length, asked: cursor, ...endOf(cursor, wire) }),
  }),
} satisfies RequestRow<'list', PageWire<ChargeWire>>;
