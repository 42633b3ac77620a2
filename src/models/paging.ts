import type * as z from 'zod';
import type { Charge } from './charge.js';
import { memberOf } from './objects.js';

/** Where one page of a provider's list says that the list goes on. */
export interface PageEnd {
  /** How many items the page holds, before anything is filtered here. */
  readonly count: number;
  /** The cursor that the page was asked with; null for the first page. */
  readonly asked: string | null;
  /** The cursor that the page names; null where it names none. */
  readonly next: string | null;
  /** Whether the page says that there is more. Left out where the cursor alone says it. */
  readonly hasMore?: boolean;
}

/** One page as a row reads it: `nextCursor` is whatever the row wants back as `cursor`. */
export interface WirePage {
  /** The charges of the page, in the order of the provider. */
  readonly data: readonly Charge[];
  /** The cursor of the next page; null on the last one. */
  readonly nextCursor: string | null;
  /** How many there are on all pages, where the provider says so. */
  readonly total?: number | null;
  /** The body that it was read from: the engine's. */
  readonly raw?: unknown;
}

/** Where the items of a page stand, so that each can be checked for itself where the page as a whole is wrong. */
export interface PageItems {
  /** The field of the body that holds them. */
  readonly in: string;
  /** The check of one of them. */
  readonly schema: z.ZodType;
  /** The field of an item that is its id. Default: `id`. */
  readonly id?: string;
  /** The fields that may say when it was made, as ISO 8601 text or seconds since 1970. Default: `created_at`. */
  readonly createdAt?: readonly string[];
}

/** One page of a list that is read to its end. */
export interface ListedPage<Item> extends Pick<PageEnd, 'next' | 'hasMore'> {
  /** The items of the page, before anything is filtered. */
  readonly items: readonly Item[];
}

/** A list that comes in pages: how one page is read, and what makes two items the same. */
export interface PagedList<Item> {
  /** Reads one page; `cursor` is what the page before named, and null for the first one. */
  page(cursor: string | null): Promise<ListedPage<Item>>;
  /** The id of an item. Pages may overlap while something new comes in: each item is given once. */
  idOf(item: Item): string;
}

/** The id of the last item that has one, for lists that go on after an item. An item that cannot be read may have none. */
export const lastIdOf = (items: readonly unknown[]): string | null => {
  const ids = items.map((item) => memberOf(item, 'id'));
  return ids.findLast((id): id is string => typeof id === 'string' && id !== '') ?? null;
};

/** What is wrong with a cursor that no list of this provider gives: the same words at every provider. */
export const foreignCursor = 'must be the nextCursor of an earlier page';

/**
 * Whether a text may be a cursor that only its provider can read: base64 of either alphabet. The id of a charge and the
 * number of a page are cursors of other lists.
 */
export const isOpaqueCursor = (cursor: string): boolean =>
  /^[\w+/-]+={0,2}$/.test(cursor) && !/^(?:(?:ch|chrg|pi|py)_|\d+(?:-\d+)?$)/.test(cursor);
