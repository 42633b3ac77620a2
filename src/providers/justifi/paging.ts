import type * as z from 'zod';
import { InvalidResponseError } from '../../errors.js';
import type { Call, WireRequest } from '../../provider.js';

/** One page of any list. */
export interface WireList<Item> {
  readonly data: readonly Item[];
  readonly page_info: { readonly has_next: boolean; readonly end_cursor?: string | null | undefined };
}

const broken = (message: string, operation: string): InvalidResponseError =>
  new InvalidResponseError({ message, outcome: 'not_sent', provider: 'justifi', operation });

/** The cursor of the next page, or null on the last. A page that announces more but does not say where is no end. */
export const nextCursor = ({ page_info }: WireList<unknown>, operation: string): string | null => {
  if (!page_info.has_next) return null;
  if (page_info.end_cursor) return page_info.end_cursor;
  throw broken('The list announces a next page without a cursor', operation);
};

/** Every item of every page. */
export const readAll = async <Item>(
  request: WireRequest,
  response: z.ZodType<WireList<Item>>,
  operation: string,
  call: Call,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const query = { ...request.query, limit: 100, after_cursor: cursor ?? undefined };
    const { wire }: { wire: WireList<Item> } = await call.send({ ...request, query }, response);
    items.push(...wire.data);
    cursor = nextCursor(wire, operation);
    if (cursor !== null && seen.has(cursor)) throw broken('The list repeats a cursor', operation);
    if (cursor !== null) seen.add(cursor);
  } while (cursor !== null);
  return items;
};
