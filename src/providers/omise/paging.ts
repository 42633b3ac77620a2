import type * as z from 'zod';
import { InvalidResponseError } from '../../errors.js';
import type { Call, WireRequest } from '../../provider.js';
import type { PageWire } from './wire.js';

/** The most that one page may hold. */
const largestPage = 100;

/**
 * The offset of the next page, or null on the last one. Newest first, new objects push the others to higher offsets while
 * one reads: some come twice, none is left out.
 * @throws InvalidResponseError for an empty page before the end: to stop there would make absence of what was not seen.
 */
export const nextOffset = (operation: string, offset: number, page: PageWire<unknown>): number | null => {
  const next = offset + page.data.length;
  if (next >= page.total) return null;
  if (page.data.length > 0) return next;
  throw new InvalidResponseError({
    message: 'Omise says that there are further items, but the page is empty',
    code: 'incomplete_list',
    provider: 'omise',
    operation,
    outcome: 'not_sent',
  });
};

/** Every item of the list behind one charge, newest first. */
export const readAll = async <Item extends { readonly id: string }>(
  operation: string,
  call: Call,
  request: Pick<WireRequest, 'route' | 'ids'>,
  response: z.ZodType<PageWire<Item>>,
): Promise<Item[]> => {
  const items = new Map<string, Item>();
  for (let offset: number | null = 0; offset !== null;) {
    const query = { limit: largestPage, offset, order: 'reverse_chronological' };
    const { wire } = await call.send({ ...request, method: 'GET', query }, response);
    for (const item of wire.data) items.set(item.id, item);
    offset = nextOffset(operation, offset, wire);
  }
  return [...items.values()];
};
