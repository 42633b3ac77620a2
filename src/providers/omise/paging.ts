import type * as z from 'zod';
import type { Call, WireRequest } from '../../provider.js';
import type { PageWire } from './wire.js';

/** The most that one page may hold. */
const largestPage = 100;

/** The offset that a cursor of ours stands for. */
export const toOffset = (cursor: string | null): number => Number(cursor ?? 0);

/**
 * Where a list goes on. Newest first, new objects push the others to higher offsets while one reads: some come twice, none
 * is left out. A total below what was read contradicts itself, so it proves no end.
 */
export const endOf = (
  cursor: string | null,
  { data, total }: PageWire<unknown>,
): { readonly next: string | null; readonly hasMore: boolean } => {
  const next = toOffset(cursor) + data.length;
  const isContradiction = data.length > 0 && total < next;
  return { next: next < total ? String(next) : null, hasMore: next < total || isContradiction };
};

/** Every item of the list behind one charge, newest first. */
export const readAll = <Item extends { readonly id: string }>(
  call: Call,
  request: Pick<WireRequest, 'route' | 'ids'>,
  response: z.ZodType<PageWire<Item>>,
): Promise<Item[]> =>
  call.readPages({
    page: async (cursor) => {
      const query = { limit: largestPage, offset: toOffset(cursor), order: 'reverse_chronological' };
      const { wire } = await call.send({ ...request, method: 'GET', query }, response);
      return { items: wire.data, ...endOf(cursor, wire) };
    },
    idOf: ({ id }) => id,
  });
