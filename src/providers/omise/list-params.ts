import * as z from 'zod';
import type { FieldIssue } from '../../models/error-details.js';
import {
  listParamsSchema,
  momentSchema,
  searchParamsSchema,
  type ListParams,
  type SearchParams,
} from '../../models/params.js';
import { orders } from './paging.js';

const order = z.enum(orders);

const listOptionsSchema = z.strictObject({
  /** Oldest or newest first; default `reverse_chronological`, newest first. */
  order: order.exactOptional(),
});

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

const searchOptionsSchema = z.strictObject({
  filters: searchFiltersSchema.exactOptional(),
  /** Oldest or newest first; default `reverse_chronological`, newest first. */
  order: order.exactOptional(),
});

/** Options of `list` that only Omise has. */
export type OmiseListOptions = z.input<typeof listOptionsSchema>;
/** Options of `search` that only Omise has. */
export type OmiseSearchOptions = z.input<typeof searchOptionsSchema>;

export const listSchema = listParamsSchema.extend({ providerOptions: listOptionsSchema.optional() });
export const searchSchema = searchParamsSchema.extend({ providerOptions: searchOptionsSchema.optional() });

// Both are checked by the row's schema; the common params do not know their types.
export const listOptionsOf = (params: ListParams): OmiseListOptions => params.providerOptions ?? {};
export const searchOptionsOf = (params: SearchParams): OmiseSearchOptions => params.providerOptions ?? {};

/** Filters that a status brings along; beside a status they would contradict it, or say nothing new. */
const decidedByStatus = ['authorized', 'captured', 'reversed'] as const;

/** Filters that contradict the other params, or need one of them. */
export const searchIssues = (params: SearchParams): FieldIssue[] => {
  const { filters = {} } = searchOptionsOf(params);
  const issues: FieldIssue[] =
    filters.refundAmount !== undefined && params.currency === undefined
      ? [{ path: 'currency', message: 'is required with refundAmount: Omise searches amounts in main units' }]
      : [];
  if (params.status === undefined) return issues;
  return [
    ...issues,
    ...decidedByStatus
      .filter((name) => filters[name] !== undefined)
      .map((name) => ({
        path: `providerOptions.filters.${name}`,
        message: 'cannot be set beside status, which decides it',
      })),
  ];
};

/** Which events of a charge are read, and in which order. */
export const eventPartSchema = z.strictObject({
  /** Inclusive. */
  createdAfter: momentSchema.exactOptional(),
  /** Exclusive. */
  createdBefore: momentSchema.exactOptional(),
  /** Oldest or newest first; default `reverse_chronological`, newest first. */
  order: order.exactOptional(),
  /** Ends the reading after so many events. */
  maxItems: z.int().min(1).exactOptional(),
});

/** Which events of a charge are read, and in which order. */
export type OmiseEventPart = z.input<typeof eventPartSchema>;
