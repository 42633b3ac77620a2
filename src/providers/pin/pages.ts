import type { ListParams } from '../../models/params.js';
import type { ReportDrift } from '../../provider.js';
import type { PaginationWire } from './wire.js';

/** Where a list goes on. The page size travels along, because page numbers mean nothing with another one. */
export interface PagePosition {
  readonly page: number;
  readonly perPage: number | undefined;
}

const cursorPattern = /^([1-9]\d{0,8})(?:-([1-9]\d{0,2}))?$/;

/** Reads a cursor; null where it is none of ours. */
export const readCursor = (cursor: string): PagePosition | null => {
  const match = cursorPattern.exec(cursor);
  if (match === null) return null;
  return { page: Number(match[1]), perPage: match[2] === undefined ? undefined : Number(match[2]) };
};

/** The page that a list asks for. */
export const positionOf = (params: Pick<ListParams, 'limit'>, cursor: string | null): PagePosition =>
  (cursor === null ? null : readCursor(cursor)) ?? { page: 1, perPage: params.limit };

/**
 * The number of the next page, or null on the last one. Pin says `next`; an old sample says `next: 1` on page 1, so only a
 * higher number counts. Where `next` is missing although `pages` says that there is more, the list goes on: an end that is
 * believed too early would make a look-up take a charge for absent.
 */
const nextPage = (pagination: PaginationWire, drift: ReportDrift): number | null => {
  const { current, next, pages } = pagination;
  if (typeof next === 'number' && Number.isSafeInteger(next) && next > current) return next;
  if (next != null && typeof next !== 'number') drift('pagination.next', 'wrong_type');
  if (pages == null || pages <= current) return null;
  drift('pagination.next', 'inconsistent');
  return current + 1;
};

/**
 * Where a list goes on after the page at a position. An answer about another page than was asked has no place in the list:
 * then more is announced, and nobody knows where.
 */
export const endOf = (
  pagination: PaginationWire,
  { page, perPage }: PagePosition,
  drift: ReportDrift,
): { readonly next: string | null; readonly hasMore: boolean } => {
  if (pagination.current !== page) return { next: null, hasMore: true };
  const next = nextPage(pagination, drift);
  if (next === null) return { next: null, hasMore: false };
  return { next: perPage === undefined ? String(next) : `${next}-${perPage}`, hasMore: true };
};
