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

/** One page of a list that is read to its end. */
export interface ListedPage<Item> extends Pick<PageEnd, 'next' | 'hasMore'> {
  readonly items: readonly Item[];
}

/** A list that comes in pages: how one page is read, and what makes two items the same. */
export interface PagedList<Item> {
  /** Reads one page; `cursor` is what the page before named, and null for the first one. */
  page(cursor: string | null): Promise<ListedPage<Item>>;
  /** The id of an item. Pages may overlap while something new comes in: each item is given once. */
  idOf(item: Item): string;
}

/** What is wrong with a cursor that no list of this provider gives: the same words at every provider. */
export const foreignCursor = 'must be the nextCursor of an earlier page';

/**
 * Whether a text may be a cursor that only its provider can read: base64 of either alphabet. The id of a charge and the
 * number of a page are cursors of other lists.
 */
export const isOpaqueCursor = (cursor: string): boolean =>
  /^[\w+/-]+={0,2}$/.test(cursor) && !/^(?:(?:ch|chrg|pi|py)_|\d+(?:-\d+)?$)/.test(cursor);
