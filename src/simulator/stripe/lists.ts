import type { Call } from './call.js';
import { invalidParameter } from './errors.js';
import { noExpansion, type Expansion } from './expand.js';
import type { Range } from './params.js';
import type { Shelf } from './store.js';

/** Parameters of every list. */
export const pageShape = {
  limit: 'integer',
  starting_after: 'text',
  ending_before: 'text',
  created: 'range',
  expand: 'texts',
} as const;

/** The number of objects on a page. */
export const readLimit = (limit: number | undefined): number => {
  if (limit === undefined) return 10;
  if (limit < 1 || limit > 100) {
    throw invalidParameter(
      'limit',
      `Invalid limit: ${limit}. It must be between 1 and 100.`,
      'parameter_invalid_integer',
    );
  }
  return limit;
};

const isWithin = (created: number, range: Range | undefined): boolean =>
  range === undefined ||
  ((range.gt === undefined || created > range.gt) &&
    (range.gte === undefined || created >= range.gte) &&
    (range.lt === undefined || created < range.lt) &&
    (range.lte === undefined || created <= range.lte));

const isBelow = (created: number, range: Range | undefined): boolean =>
  (range?.gte !== undefined && created < range.gte) || (range?.gt !== undefined && created <= range.gt);

interface PageParams {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
  created?: Range;
}

/** One page of a shelf, newest first. */
export const listPage = <Item extends { id: string; created: number }>(
  call: Pick<Call<typeof pageShape>, 'expansion' | 'path'> & { params: PageParams },
  shelf: Shelf<Item>,
  fits: (item: Item) => boolean,
  render: (item: Item, expansion: Expansion) => object,
): object => {
  const { starting_after: after, ending_before: before, created } = call.params;
  const limit = readLimit(call.params.limit);
  if (after !== undefined && before !== undefined) {
    throw invalidParameter(
      'starting_after',
      'You cannot use both `starting_after` and `ending_before`.',
      'parameters_exclusive',
    );
  }
  const found: Item[] = [];
  const collect = (item: Item | undefined): void => {
    if (item !== undefined && isWithin(item.created, created) && fits(item)) found.push(item);
  };
  // One more than the page holds tells whether there is another page.
  if (before === undefined) {
    const start = after === undefined ? shelf.size : shelf.positionOf(after, 'starting_after');
    for (let position = start - 1; position >= 0 && found.length <= limit; position -= 1) {
      const item = shelf.at(position);
      if (item !== undefined && isBelow(item.created, created)) break;
      collect(item);
    }
  } else {
    const start = shelf.positionOf(before, 'ending_before');
    for (let position = start + 1; position < shelf.size && found.length <= limit; position += 1) {
      collect(shelf.at(position));
    }
  }
  const page = found.slice(0, limit);
  if (before !== undefined) page.reverse();
  const inner = call.expansion.get('data') ?? noExpansion;
  return {
    object: 'list',
    data: page.map((item) => render(item, inner)),
    has_more: found.length > limit,
    url: call.path,
  };
};
