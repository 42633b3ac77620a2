import type * as z from 'zod';
import type { Call, WireRequest } from '../../provider.js';
import type { PageWire } from './wire.js';

/** Both orders of Omise's lists. */
export const orders = ['chronological', 'reverse_chronological'] as const;
/** An order of a list: oldest or newest first. */
export type Order = (typeof orders)[number];

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

/** Which part of a list is read. */
export interface Part {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly order?: Order | undefined;
  /** Ends the reading after so many items. */
  readonly maxItems?: number | undefined;
}

/** Every item of the list behind one charge, newest first unless another order is asked. */
export const readAll = async <Item extends { readonly id: string }>(
  call: Call,
  request: Pick<WireRequest, 'route' | 'ids'>,
  response: z.ZodType<PageWire<Item>>,
  { from, to, order = 'reverse_chronological', maxItems = Infinity }: Part = {},
): Promise<Item[]> => {
  const limit = Math.min(largestPage, maxItems);
  const items = await call.readPages({
    page: async (cursor) => {
      const query = { limit, offset: toOffset(cursor), order, from, to };
      const { wire } = await call.send({ ...request, method: 'GET', query }, response);
      const isEnough = toOffset(cursor) + wire.data.length >= maxItems;
      return { items: wire.data, ...(isEnough ? { next: null, hasMore: false } : endOf(cursor, wire)) };
    },
    idOf: ({ id }) => id,
  });
  return items.slice(0, maxItems);
};
