import { CardError, ChargesError } from '../../errors.js';
import { withDetails } from '../../errors/with-details.js';
import type { FieldIssue } from '../../models/error-details.js';
import { foreignCursor, isOpaqueCursor, lastIdOf } from '../../models/paging.js';
import { momentToSeconds, type ListParams } from '../../models/params.js';
import type { Call, RequestRow, RunRow, WirePage, WireRequest, WireValue } from '../../provider.js';
import {
  listOptions,
  stripeListParamsSchema,
  stripeSearchParamsSchema,
  stripeVerify3DSParamsSchema,
} from './options.js';
import { listIssues } from './params.js';
import { apiOf, expandedOf, paymentRequest, readWire, toCharge, toCharges } from './payment.js';
import { buildQuery, searchIssues } from './search.js';
import { intentSchema, paymentListSchema, paymentSchema, type WirePayment } from './wire.js';

type WireList = (typeof paymentListSchema)['_output'];

export const retrieve = {
  capability: { include: ['fee'] },
  request: ({ id }, call) => paymentRequest(id, call),
  response: paymentSchema,
  output: ({ wire }, call, { id }) => {
    call.checkSame(id, wire.id);
    return toCharge(wire, call);
  },
} satisfies RequestRow<'retrieve', WirePayment>;

/** Lists and searches are over the objects that the client charges with, so that one payment shows once. */
const pageRequest = (call: Call, suffix: string, query: Record<string, WireValue>): WireRequest => {
  const object = apiOf(call) === 'charges' ? 'charge' : 'payment_intent';
  const expand = expandedOf(object, call).map((path) => `data.${path}`);
  return {
    method: 'GET',
    route: `/v1/${object}s${suffix}`,
    query: { ...query, ...(expand.length === 0 ? {} : { expand }) },
  };
};

const createdFilter = (params: ListParams): WireValue => {
  const after = params.createdAfter && momentToSeconds(params.createdAfter);
  const before = params.createdBefore && momentToSeconds(params.createdBefore);
  return after === undefined && before === undefined ? undefined : { gte: after, lt: before };
};

/** A list goes on after the last object of a page, by its id. */
const listCursors = { payment_intents: /^pi_\w+$/, charges: /^(?:ch|py)_\w+$/ } as const;

const cursorIssues = (cursor: string | null, isOurs: (cursor: string) => boolean): FieldIssue[] =>
  cursor === null || isOurs(cursor) ? [] : [{ path: 'cursor', message: foreignCursor }];

export const list = {
  params: stripeListParamsSchema,
  capability: {
    order: 'newest_first',
    pushedDown: ['createdAfter', 'createdBefore', 'customer'],
    include: ['fee'],
  },
  check: ({ params, cursor }, call) => [
    ...listIssues(params, apiOf(call)),
    ...cursorIssues(cursor, (text) => listCursors[apiOf(call)].test(text)),
  ],
  request: ({ params, cursor }, call) =>
    pageRequest(call, '', {
      limit: params.limit,
      starting_after: cursor ?? undefined,
      created: createdFilter(params),
      customer: params.customer,
      payment_intent: listOptions(params).paymentIntent,
      transfer_group: listOptions(params).transferGroup,
    }),
  response: paymentListSchema,
  items: { in: 'data', schema: paymentSchema, createdAt: ['created'] },
  output: async ({ wire }, call, { cursor }): Promise<WirePage> => ({
    nextCursor: call.nextCursor({
      count: wire.data.length,
      asked: cursor,
      next: lastIdOf(wire.data),
      hasMore: wire.has_more,
    }),
    data: await toCharges(wire.data, call),
  }),
} satisfies RequestRow<'list', WireList>;

export const search = {
  params: stripeSearchParamsSchema,
  capability: {
    pushedDown: ['query', 'currency', 'customer', 'createdAfter', 'createdBefore'],
    // Status, amount and metadata only narrow at Stripe: its status says less, its unit depends on the currency, and its
    // texts match in any letter case. Every result is compared here.
    eventuallyConsistent: true,
    include: ['fee'],
  },
  check: ({ params, cursor }, call) => [
    ...searchIssues(params, apiOf(call)),
    ...cursorIssues(cursor, isOpaqueCursor),
  ],
  request: ({ params, cursor }, call) =>
    pageRequest(call, '/search', {
      query: buildQuery(params, apiOf(call)),
      limit: params.limit,
      page: cursor ?? undefined,
    }),
  response: paymentListSchema,
  items: { in: 'data', schema: paymentSchema, createdAt: ['created'] },
  output: async ({ wire }, call, { cursor }): Promise<WirePage> => ({
    nextCursor: call.nextCursor({
      count: wire.data.length,
      asked: cursor,
      next: wire.next_page ?? null,
      hasMore: wire.has_more,
    }),
    data: await toCharges(wire.data, call),
  }),
} satisfies RequestRow<'search', WireList>;

/**
 * Several requests: an intent with manual confirmation waits for the server after the payer came back, so it is confirmed.
 * That is safe to repeat: an intent is paid at most once, whoever confirms it how often.
 */
export const verify3DS = {
  params: stripeVerify3DSParamsSchema,
  capability: { by: ['chargeId'] },
  check: ({ params }) => [
    ...(params.chargeId === undefined ? [{ path: 'chargeId', message: 'is required' }] : []),
    ...(params.sessionToken === undefined
      ? []
      : [{ path: 'sessionToken', message: 'does not exist at Stripe: the charge is read by chargeId' }]),
    ...(params.otp === undefined
      ? []
      : [{ path: 'otp', message: 'does not exist at Stripe: the charge is read by chargeId' }]),
  ],
  run: async ({ params }, call) => {
    const wire = await readWire(params.chargeId ?? '', call);
    if (
      wire.object !== 'payment_intent' ||
      wire.status !== 'requires_confirmation' ||
      wire.confirmation_method !== 'manual'
    ) {
      return toCharge(wire, call);
    }
    const confirm: WireRequest = {
      method: 'POST',
      route: '/v1/payment_intents/{id}/confirm',
      ids: { id: wire.id },
      form: { expand: ['latest_charge'] },
    };
    try {
      const confirmed = (await call.send(confirm, intentSchema)).wire;
      call.checkSame(wire.id, confirmed.id);
      return await toCharge(confirmed, call);
    } catch (error) {
      if (!(error instanceof ChargesError) || error instanceof CardError) throw error;
      // The intent tells whether the confirmation arrived; while it still waits for one, nobody knows.
      const after = await readWire(wire.id, call).catch(() => null);
      if (after === null || after.status === wire.status) throw withDetails(error, { outcome: 'unknown' });
      return toCharge(after, call);
    }
  },
} satisfies RunRow<'verify3DS'>;
