import { jsonResponse, type SimulatorResponse } from '../face.js';
import { type Parameters, readInteger } from './parameters.js';
import type { PinState } from './state.js';

const defaultPerPage = 25;

const positive = (value: number | null, otherwise: number): number =>
  value === null || value < 1 ? otherwise : value;

/** One page of what is given, in the order given. A page past the end is empty and points back. */
export const pageOf = <Item>(
  state: PinState,
  items: readonly Item[],
  query: Parameters,
  render: (item: Item) => unknown,
): SimulatorResponse => {
  const perPage = Math.min(
    positive(readInteger(query, 'per_page'), defaultPerPage),
    state.switches.highestPerPage,
  );
  const current = positive(readInteger(query, 'page'), 1);
  const first = (current - 1) * perPage;
  const response = items.slice(first, first + perPage).map(render);
  const pages = Math.ceil(items.length / perPage);
  return jsonResponse(200, {
    response,
    count: response.length,
    pagination: {
      current,
      previous: current > 1 ? current - 1 : null,
      next: current < pages ? current + 1 : null,
      per_page: perPage,
      pages,
      count: items.length,
    },
  });
};

/** The charges or refunds of a map, newest first, without those that are too young to be listed. */
export const newestFirst = <Item extends { createdAt: number }>(
  state: PinState,
  items: Iterable<Item>,
  isListed: (item: Item) => boolean,
): Item[] => {
  const horizon = state.context.now() - state.switches.listDelayMs;
  const found: Item[] = [];
  for (const item of items) {
    if (item.createdAt <= horizon && isListed(item)) found.push(item);
  }
  return found.reverse();
};
