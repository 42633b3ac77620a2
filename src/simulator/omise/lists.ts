import { OmiseRefusal } from './errors.js';
import { type Parameters, readInteger, readText, readTime } from './parameters.js';
import { timestamp } from './state.js';

/** Limit, offset and total of a page. */
export interface PagePosition {
  limit: number;
  offset: number;
  total: number;
}

/** A list as Omise's JSON. The defaults are those of an embedded list: everything, oldest first. */
export const listObject = (
  data: readonly unknown[],
  place: PagePosition,
  location: string,
  now: number,
  { from = 0, to = now, order = 'chronological' }: { from?: number; to?: number; order?: string } = {},
): Record<string, unknown> => ({
  object: 'list',
  data,
  limit: place.limit,
  offset: place.offset,
  total: place.total,
  location,
  order,
  from: timestamp(from),
  to: timestamp(to),
});

/** Whole seconds, because that is all that the wire shows of a time. */
const seconds = (time: number): number => Math.floor(time / 1000);

/** Omise's default and highest page size. */
const [defaultLimit, highestLimit] = [20, 100];

/** One page of a list: oldest first unless told, offsets count within `from` and `to`, both of which are included. */
export const pageOf = <Item extends { createdAt: number }>(
  items: Iterable<Item>,
  parameters: Parameters,
  location: string,
  now: number,
  render: (item: Item) => unknown,
): Record<string, unknown> => {
  const limit = readInteger(parameters, 'limit') ?? defaultLimit;
  const offset = readInteger(parameters, 'offset') ?? 0;
  const order = readText(parameters, 'order') ?? 'chronological';
  if (!(limit >= 1)) throw new OmiseRefusal('bad_request', 'limit must be a positive number');
  if (!(offset >= 0)) throw new OmiseRefusal('bad_request', 'offset must not be negative');
  if (order !== 'chronological' && order !== 'reverse_chronological') {
    throw new OmiseRefusal('bad_request', 'order must be chronological or reverse_chronological');
  }
  const from = readTime(parameters, 'from') ?? 0;
  const to = readTime(parameters, 'to') ?? now;

  const inRange: Item[] = [];
  for (const item of items) {
    if (seconds(item.createdAt) >= seconds(from) && seconds(item.createdAt) <= seconds(to))
      inRange.push(item);
  }
  if (order === 'reverse_chronological') inRange.reverse();
  const place = { limit: Math.min(limit, highestLimit), offset, total: inRange.length };
  const page = inRange.slice(offset, offset + place.limit).map(render);
  return listObject(page, place, location, now, { from, to, order });
};
