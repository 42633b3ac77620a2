import type { Charge } from './models/charge.js';
import type { ChargeList, Page } from './models/page.js';

/** One page as it is fetched: `stop` ends an iteration here though a cursor exists (the bound of a filtered search). */
export interface FetchedPage<Each extends Charge = Charge> {
  readonly data: readonly Each[];
  readonly nextCursor: string | null;
  readonly total: number | null;
  readonly raw: unknown;
  readonly stop?: boolean;
}

export interface ChargeListSource<Each extends Charge> {
  /** The cursor of the first page. */
  readonly cursor: string | null;
  /** How many charges an iteration yields at most. */
  readonly maxItems: number | null;
  fetch(cursor: string | null): Promise<FetchedPage<Each>>;
  /** The error of a page that names a cursor that was asked for before: going on would never end, and it is no end. */
  onRepeatedCursor(): Promise<never>;
}

/** A page that iterates over its own items. */
export const createPage = <Each extends Charge>(
  data: readonly Each[],
  { nextCursor, total, raw }: Pick<Page<Charge>, 'nextCursor' | 'total' | 'raw'>,
): Page<Each> => {
  const page: Page<Each> = { data, nextCursor, total, [Symbol.iterator]: () => data[Symbol.iterator]() };
  Object.defineProperty(page, 'raw', { value: raw, enumerable: false });
  Object.defineProperty(page, Symbol.iterator, { enumerable: false });
  return page;
};

/** Members of a page, and of an array, that somebody may read off a list which was not awaited. */
const membersOfPages = ['data', 'nextCursor', 'total', 'length', 'map', 'forEach', 'filter'] as const;

/** A list of its first page and of every charge. Neither is asked for before the list is awaited or iterated. */
export const listOf = <Each extends Charge>(
  firstPage: () => Promise<Page<Each>>,
  everyCharge: () => AsyncIterator<Each, void, undefined>,
): ChargeList<Each> => {
  const list: ChargeList<Each> = {
    // Being awaitable is what a list is for.
    then: (onFulfilled, onRejected) => firstPage().then(onFulfilled, onRejected),
    catch: (onRejected) => firstPage().catch(onRejected),
    finally: (onFinally) => firstPage().finally(onFinally),
    [Symbol.asyncIterator]: () => everyCharge(),
  };
  // Undefined would say that there are no charges.
  for (const name of membersOfPages)
    Object.defineProperty(list, name, {
      get: () => {
        throw new TypeError(`a list has no ${name}: await it for a page, as in (await client.list()).data`);
      },
    });
  return list;
};

/**
 * A list that asks for nothing before it is awaited (one page) or iterated (every charge). Offset pages shift while new
 * charges come in: ids of the last two pages are not repeated.
 */
export const createChargeList = <Each extends Charge>(source: ChargeListSource<Each>): ChargeList<Each> => {
  let first: Promise<Page<Each>> | undefined;
  const firstPage = () =>
    (first ??= source
      .fetch(source.cursor)
      .then(({ data, ...page }) =>
        createPage(source.maxItems === null ? data : data.slice(0, source.maxItems), page),
      ));

  async function* everyCharge(): AsyncGenerator<Each, void, undefined> {
    const asked = new Set<string>();
    let earlier: readonly ReadonlySet<string>[] = [];
    let left = source.maxItems ?? Infinity;
    let cursor = source.cursor;
    for (;;) {
      if (cursor !== null) asked.add(cursor);
      const page = await source.fetch(cursor);
      const current = new Set<string>();
      for (const charge of page.data) {
        if (current.has(charge.id) || earlier.some((ids) => ids.has(charge.id))) continue;
        current.add(charge.id);
        yield charge;
        left -= 1;
        if (left <= 0) return;
      }
      if (page.nextCursor === null || page.stop === true) return;
      if (asked.has(page.nextCursor)) await source.onRepeatedCursor();
      cursor = page.nextCursor;
      // An empty page (all filtered away) must not make the pages before it forgotten.
      if (page.data.length > 0) earlier = [new Set(page.data.map(({ id }) => id)), ...earlier.slice(0, 1)];
    }
  }

  return listOf(firstPage, everyCharge);
};
