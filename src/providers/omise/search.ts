import * as z from 'zod';
import type { Query } from '../../adapter/endpoint.js';
import { paging } from '../../adapter/paging.js';
import type { Issues } from '../../adapter/rows.js';
import type { ChargeStatus } from '../../models/charge.js';
import { minorUnitsToDecimal } from '../../models/money.js';
import { momentToMilliseconds, type SearchParams } from '../../models/params.js';
import { isOmiseCurrency } from './currency.js';
import { newestFirst, orderSchema } from './params.js';
import { searchWire } from './wire.js';

const dayOrRange = /^\d{4}-\d{2}-\d{2}(?:\.\.\d{4}-\d{2}-\d{2})?$/;

/** The documented filters of a search for charges that our params do not have. Each is one of Omise's, which decides alone. */
const searchFiltersSchema = z.strictObject({
  authorized: z.boolean().exactOptional(),
  /** Whether the charge was created to be captured at once. */
  capture: z.boolean().exactOptional(),
  captured: z.boolean().exactOptional(),
  /** A day, or two days with two dots between them: `2026-01-01..2026-01-31`. */
  capturedAt: z
    .string()
    .regex(dayOrRange, 'must be a day such as 2026-01-31, or two with .. between them')
    .exactOptional(),
  cardLastDigits: z
    .string()
    .regex(/^\d{4}$/, 'must be four digits')
    .exactOptional(),
  customerPresent: z.boolean().exactOptional(),
  disputed: z.boolean().exactOptional(),
  failureCode: z.string().min(1).exactOptional(),
  failureMessage: z.string().min(1).exactOptional(),
  /** In minor units of `currency`, which has to be named beside it. */
  refundAmount: z.int().positive().exactOptional(),
  refunded: z.boolean().exactOptional(),
  reversed: z.boolean().exactOptional(),
  sourceOfFund: z.enum(['card', 'offsite', 'offline']).exactOptional(),
  voided: z.boolean().exactOptional(),
});

/** What only Omise has when charges are searched. */
export const searchOptionsSchema = z.strictObject({
  /** Omise's own search filters (`filters[…]`); those that contradict another param are refused. */
  filters: searchFiltersSchema.exactOptional(),
  /** Oldest or newest first; default `reverse_chronological`, newest first. */
  order: orderSchema.exactOptional(),
});

/** Options of `search` that only Omise has. */
export type OmiseSearchOptions = z.input<typeof searchOptionsSchema>;

interface Asked {
  readonly params: SearchParams;
  readonly options: OmiseSearchOptions;
}

/** Filters that a status brings along; beside a status they would contradict it, or say nothing new. */
const decidedByStatus = ['authorized', 'captured', 'reversed'] as const;

/** Filters that contradict the other params, or need one of them. */
export const searchIssues = ({ params, options: { filters = {} } }: Asked): Issues => [
  filters.refundAmount !== undefined && params.currency === undefined
    ? { path: 'currency', message: 'is required with refundAmount: Omise searches amounts in main units' }
    : null,
  ...decidedByStatus.map((name) =>
    params.status !== undefined && filters[name] !== undefined
      ? {
          path: `providerOptions.filters.${name}`,
          message: 'cannot be set beside status, which decides it',
        }
      : null,
  ),
];

/**
 * What Omise can look for, for each status. It finds at least these charges; what it finds too many is left out here. A
 * lapsed authorization is `reversed`, a lapsed payment `expired`: no filter covers both.
 */
const statusFilters: Readonly<Record<ChargeStatus, Query>> = {
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
const createdFilter = ({ createdAfter, createdBefore }: SearchParams, now: number): Query => {
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
const ownFilters = ({ params, options: { filters = {} } }: Asked): Query => ({
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
});

/** `GET /search`. Order and page are always sent: the documentation contradicts itself on the defaults. */
export const searchQuery = (asked: Asked & { readonly page: Query }, now: number): Query => ({
  scope: 'charge',
  query: asked.params.query,
  filters: {
    // First: undefined is left out, and a status brings its own.
    ...ownFilters(asked),
    ...(asked.params.status === undefined ? {} : statusFilters[asked.params.status]),
    amount: mainUnits(asked.params.amount, asked.params.currency),
    currency: asked.params.currency,
    ...createdFilter(asked.params, now),
  },
  ...asked.page,
  order: asked.options.order ?? newestFirst,
});

const pageOf = (cursor: string | null): number => Number(cursor ?? 1);

/** The pages of a search: a cursor is the number of the page. */
export const searchPages = paging(searchWire, {
  isCursor: (cursor) => /^\d{1,15}$/.test(cursor),
  query: (cursor, limit) => ({ page: pageOf(cursor), per_page: limit }),
  end: ({ total_pages: last }, { cursor }) => {
    const page = pageOf(cursor);
    return { next: page < last ? String(page + 1) : null };
  },
  total: ({ total }) => total ?? null,
});
