import type { ChargeStatus } from '../../models/charge.js';
import { minorUnitsToDecimal } from '../../models/money.js';
import { momentToMilliseconds, type SearchParams } from '../../models/params.js';
import type { RequestRow, WireValue } from '../../provider.js';
import { toCharge } from './charge.js';
import { isOmiseCurrency } from './currency.js';
import { cursorIssues } from './list.js';
import { searchIssues, searchOptionsOf, searchSchema } from './list-params.js';
import { chargeWire, searchWire, type SearchWire } from './wire.js';

type Filters = Record<string, WireValue>;

/**
 * What Omise can look for, for each status. It finds at least these charges; what it finds too many is left out here. A
 * lapsed authorization is `reversed`, a lapsed payment `expired`: no filter covers both.
 */
const statusFilters: Readonly<Record<ChargeStatus, Filters>> = {
  pending: { status: 'pending', authorized: false },
  requires_action: { status: 'pending', authorized: false },
  authorized: { status: 'pending', authorized: true },
  captured: { status: 'successful' },
  voided: { reversed: true },
  expired: {},
  failed: { status: 'failed' },
  unknown: {},
};

const dayMs = 86_400_000;
const day = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** Whole days, one more on each side: in which time zone Omise cuts them is not documented. The edges are cut here. */
const createdFilter = ({ createdAfter, createdBefore }: SearchParams, now: number): Filters => {
  if (createdAfter === undefined && createdBefore === undefined) return {};
  const before = createdBefore === undefined ? now : momentToMilliseconds(createdBefore);
  const to = Math.min(before, now) + dayMs;
  const after = createdAfter === undefined ? 0 : momentToMilliseconds(createdAfter) - dayMs;
  return { created: `${day(Math.min(Math.max(after, 0), to))}..${day(Math.max(to, 0))}` };
};

/** Amounts are searched in MAIN units: 409669 satang are found by `4096.69`, yen by the same number. */
const mainUnits = (amount: number | undefined, currency: string | undefined): string | undefined =>
  amount === undefined || currency === undefined || !isOmiseCurrency(currency)
    ? undefined
    : minorUnitsToDecimal(amount, currency);

/** The filters that only Omise has, under its own names. */
const ownFilters = (params: SearchParams): Filters => {
  const { filters = {} } = searchOptionsOf(params);
  return {
    authorized: filters.authorized,
    capture: filters.capture,
    captured: filters.captured,
    captured_at: filters.capturedAt,
    card_last_digits: filters.cardLastDigits,
    customer_present: filters.customerPresent,
    disputed: filters.disputed,
    failure_code: filters.failureCode,
    failure_message: filters.failureMessage,
    refund_amount: mainUnits(filters.refundAmount, params.currency),
    refunded: filters.refunded,
    reversed: filters.reversed,
    source_of_fund: filters.sourceOfFund,
    voided: filters.voided,
  };
};

const toPage = (cursor: string | null): number => Number(cursor ?? 1);

/** `GET /search`. Order and page are always sent: the documentation contradicts itself on the defaults. */
export const search = {
  params: searchSchema,
  capability: {
    pushedDown: ['query', 'status', 'amount', 'currency', 'createdAfter', 'createdBefore'],
    filteredHere: ['metadata', 'customer'],
    eventuallyConsistent: true,
    include: ['fee'],
  },
  check: ({ params, cursor }) => [...cursorIssues(cursor), ...searchIssues(params)],
  request: ({ params, cursor }, call) => ({
    method: 'GET',
    route: '/search',
    query: {
      scope: 'charge',
      query: params.query,
      filters: {
        // First: undefined is left out, and a status brings its own.
        ...ownFilters(params),
        ...(params.status === undefined ? {} : statusFilters[params.status]),
        amount: mainUnits(params.amount, params.currency),
        currency: params.currency,
        ...createdFilter(params, call.now()),
      },
      page: toPage(cursor),
      per_page: params.limit,
      order: searchOptionsOf(params).order ?? 'reverse_chronological',
    },
  }),
  response: searchWire,
  items: { in: 'data', schema: chargeWire, createdAt: ['created_at', 'created'] },
  output: async ({ wire }, call, { cursor }) => {
    const page = toPage(cursor);
    return {
      data: await call.readItems(wire.data, (charge) => toCharge(charge, call.drift)),
      total: wire.total ?? null,
      nextCursor: call.nextCursor({
        count: wire.data.length,
        asked: cursor,
        next: page < wire.total_pages ? String(page + 1) : null,
      }),
    };
  },
} satisfies RequestRow<'search', SearchWire>;
