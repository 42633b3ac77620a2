import { JustifiRefusal } from './errors.js';
import { timestamp } from './state.js';

/** What a list is made of. */
export interface Listed {
  id: string;
  createdAt: number;
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  info: {
    start_cursor: string | null;
    end_cursor: string | null;
    has_next: boolean;
    has_previous: boolean;
  };
}

const [defaultLimit, highestLimit] = [25, 100];

/** Opaque to clients: the place of an item by its time, with nanoseconds, and its id. */
const cursorOf = (item: Listed): string =>
  Buffer.from(JSON.stringify([timestamp(item.createdAt).replace('Z', '000000Z'), item.id])).toString(
    'base64',
  );

const limitOf = (text: string | undefined): number => {
  const limit = /^\d+$/.test(text ?? '') ? Number(text) : defaultLimit;
  return Math.min(Math.max(1, limit), highestLimit);
};

const timeOf = (query: Readonly<Record<string, string>>, name: string): number | null => {
  const text = query[name];
  if (text === undefined) return null;
  // A date alone is its midnight, and times without an offset are UTC.
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const time = Date.parse(/T|\s/.test(text) && !hasOffset ? `${text}Z` : text);
  if (Number.isNaN(time)) throw new JustifiRefusal(400, 'unexpected_parameter', undefined, { param: name });
  return time;
};

/** The page that a query asks for, newest first. `items` come oldest first. */
export const pageOf = <Item extends Listed>(
  items: readonly Item[],
  query: Readonly<Record<string, string>>,
): Page<Item> => {
  const after = timeOf(query, 'created_after');
  const before = timeOf(query, 'created_before');
  const newestFirst = items
    .filter(
      ({ createdAt }) => (after === null || createdAt > after) && (before === null || createdAt < before),
    )
    .reverse();
  const place = (name: string): number | null => {
    const cursor = query[name];
    if (cursor === undefined) return null;
    const index = newestFirst.findIndex((item) => cursorOf(item) === cursor);
    if (index < 0) throw new JustifiRefusal(400, 'unexpected_parameter', 'Invalid cursor', { param: name });
    return index;
  };
  const limit = limitOf(query['limit']);
  const older = place('after_cursor');
  const newer = place('before_cursor');
  const end = newer ?? newestFirst.length;
  const start = older === null ? (newer === null ? 0 : Math.max(0, end - limit)) : older + 1;
  const page = newestFirst.slice(start, Math.min(end, start + limit));
  const [first, last] = [page[0], page.at(-1)];
  return {
    items: page,
    info: {
      start_cursor: first === undefined ? null : cursorOf(first),
      end_cursor: last === undefined ? null : cursorOf(last),
      has_next: page.length > 0 && start + page.length < newestFirst.length,
      has_previous: page.length > 0 && start > 0,
    },
  };
};
