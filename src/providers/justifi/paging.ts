import type * as z from 'zod';
import type { FieldIssue } from '../../models/error-details.js';
import { foreignCursor, isOpaqueCursor } from '../../models/paging.js';
import type { Call, WireRequest } from '../../provider.js';

/** One page of any list. */
export interface WireList<Item> {
  readonly data: readonly Item[];
  readonly page_info: { readonly has_next: boolean; readonly end_cursor?: string | null | undefined };
}

/** Where a list goes on. */
export const endOf = ({
  page_info,
}: WireList<unknown>): { readonly next: string | null; readonly hasMore: boolean } => ({
  next: page_info.has_next ? page_info.end_cursor || null : null,
  hasMore: page_info.has_next,
});

/** A cursor of JustiFi is base64 that it alone reads. */
export const cursorIssues = (cursor: string | null): FieldIssue[] =>
  cursor === null || isOpaqueCursor(cursor) ? [] : [{ path: 'cursor', message: foreignCursor }];

/** Every item of every page. */
export const readAll = <Item extends { readonly id: string }>(
  request: WireRequest,
  response: z.ZodType<WireList<Item>>,
  call: Call,
): Promise<Item[]> =>
  call.readPages({
    page: async (cursor) => {
      const query = { ...request.query, limit: 100, after_cursor: cursor ?? undefined };
      const { wire } = await call.send({ ...request, query }, response);
      return { items: wire.data, ...endOf(wire) };
    },
    idOf: ({ id }) => id,
  });
