import type * as z from 'zod';
import type { PageEnd } from '../models/paging.js';
import type { Call, ReportDrift } from '../provider.js';
import type { Query } from './endpoint.js';

/** Where a page stands in its list. */
export interface PageAsked {
  /** What the page before named; null for the first one. */
  readonly cursor: string | null;
  /** How many objects the caller wants in a page. */
  readonly limit: number | undefined;
  /** The objects of the page, as they came. */
  readonly items: readonly unknown[];
}

/** How a provider counts the pages of its lists. */
export interface PagingFacts<Page> {
  /** Whether a text may be a cursor of these lists. Any other is refused before anything is sent. */
  isCursor(cursor: string, call: Call): boolean;
  /** The part of the query that names a page. */
  query(cursor: string | null, limit: number | undefined): Query;
  /** Where the list goes on after a page. An end that was not seen is no end: say `hasMore` without `next` then. */
  end(page: Page, asked: PageAsked, drift: ReportDrift): Pick<PageEnd, 'next' | 'hasMore'>;
  /** How many objects there are on all pages, where the provider says so. */
  total?(page: Page): number | null;
  /** The page size of a list that is read to its end. Default: the provider's own. */
  readonly largest?: number;
  /** Whether the provider knows no page size: then a page is cut here, and the list goes on after its last object. */
  readonly cutsHere?: boolean;
}

/** The pages of a provider's lists, with the check of what a page holds beside its objects. */
export interface Paging extends PagingFacts<unknown> {
  /** What a page holds beside its objects. */
  readonly shape: z.core.$ZodShape;
}

/** Declares how a provider counts its pages. `shape`: what a page holds beside its objects. */
export const paging = <const Shape extends z.core.$ZodShape>(
  shape: Shape,
  facts: PagingFacts<z.output<z.ZodObject<Shape>>>,
): Paging => ({ ...facts, shape });

/** What a numbered page says of itself. */
export interface PageNumbers {
  /** The number of this page, from 1 on. */
  readonly current: number;
  /** The number of the next page; not believed where it is not higher. */
  readonly next?: unknown;
  /** How many pages there are. */
  readonly pages?: number | null | undefined;
  /** How many objects there are on all of them. */
  readonly total?: number | null | undefined;
  /** How many objects a full page holds. Default: as many as were asked for. */
  readonly size?: number | null | undefined;
}

/** The number of a page, its size, and a mark where a page before it gave less than was announced. */
const numberedCursor = /^([1-9]\d{0,8})(?:-([1-9]\d{0,2}))?(~)?$/;

const positionOf = (cursor: string | null, limit: number | undefined) => {
  const match = cursor === null ? null : numberedCursor.exec(cursor);
  if (match === null) return { page: 1, size: limit, lacksSome: false };
  const [, page, size, mark] = match;
  return { page: Number(page), size: size === undefined ? undefined : Number(size), lacksSome: mark === '~' };
};

/**
 * The number of the next page, or null on the last one. Only a higher number counts as the next. Where it is missing although
 * there are more pages, the list goes on: an end that is believed too early would make a lookup take a charge for absent.
 */
const nextNumber = (
  { current, next, pages, total }: PageNumbers,
  size: number | undefined,
  path: string,
  drift: ReportDrift,
): number | null => {
  if (typeof next === 'number' && Number.isSafeInteger(next) && next > current) return next;
  if (next != null && typeof next !== 'number') drift(path, 'wrong_type');
  const isCounted = total != null && size !== undefined && total > current * size;
  if (!isCounted && (pages == null || pages <= current)) return null;
  drift(path, 'inconsistent');
  return current + 1;
};

/** Whether the last page ends before the number of objects that it announces, or what it says of a next one cannot be read. */
const endsEarly = (
  { current, next, pages, total }: PageNumbers,
  size: number | undefined,
  given: number,
): boolean => {
  if (total == null) return pages == null && next != null && typeof next !== 'number';
  if (size === undefined && current > 1) return false;
  return total > (current - 1) * (size ?? 0) + given;
};

/**
 * Numbered pages. The page size travels in the cursor (`2-50`), because a page number means nothing with another one. A list that
 * gave less than it announced (`3-50~`) proves no end any more.
 */
export const numberedPages = <const Shape extends z.core.$ZodShape>(
  shape: Shape,
  facts: {
    /** The names of the page and its size in a query. */
    readonly names: { readonly page: string; readonly size: string };
    /** The field that names the next page, for drift. */
    readonly nextIn: string;
    numbers(page: z.output<z.ZodObject<Shape>>): PageNumbers;
  },
): Paging =>
  paging(shape, {
    isCursor: (cursor) => numberedCursor.test(cursor),
    query: (cursor, limit) => {
      const { page, size } = positionOf(cursor, limit);
      return { [facts.names.page]: page, [facts.names.size]: size };
    },
    end: (page, { cursor, limit, items }, drift) => {
      const numbers = facts.numbers(page);
      const asked = positionOf(cursor, limit);
      // A response about another page than the requested one: the list has more items, but where is unknown.
      if (numbers.current !== asked.page) return { next: null, hasMore: true };
      const size = numbers.size ?? asked.size;
      const next = nextNumber(numbers, size, facts.nextIn, drift);
      if (next === null && asked.lacksSome) return { next: null, hasMore: true };
      const lacksSome = asked.lacksSome || (next === null && endsEarly(numbers, size, items.length));
      if (next === null && !lacksSome) return { next: null, hasMore: false };
      const place = `${next ?? numbers.current + 1}${asked.size === undefined ? '' : `-${asked.size}`}`;
      return { next: lacksSome ? `${place}~` : place, hasMore: true };
    },
    total: (page) => facts.numbers(page).total ?? null,
  });

/**
 * Pages by the number of objects before them. Newest first, new objects push the others to higher offsets while one reads: some
 * come twice, none is left out. A total below what was read contradicts itself, so it proves no end.
 */
export const offsetPages = <const Shape extends z.core.$ZodShape>(
  shape: Shape,
  facts: {
    readonly names: { readonly offset: string; readonly limit: string };
    readonly largest?: number;
    /** How many objects there are on all pages. */
    total(page: z.output<z.ZodObject<Shape>>): number;
  },
): Paging => {
  const { names, largest, total } = facts;
  return paging(shape, {
    isCursor: (cursor) => /^\d{1,15}$/.test(cursor),
    query: (cursor, limit) => ({ [names.limit]: limit, [names.offset]: Number(cursor ?? 0) }),
    end: (page, { cursor, items }) => {
      const seen = Number(cursor ?? 0) + items.length;
      const all = total(page);
      const isContradiction = items.length > 0 && all < seen;
      return { next: seen < all ? String(seen) : null, hasMore: seen < all || isContradiction };
    },
    total,
    ...(largest === undefined ? {} : { largest }),
  });
};
