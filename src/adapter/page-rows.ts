import * as z from 'zod';
import { foreignCursor, lastIdOf } from '../models/paging.js';
import type { Call, ListSearchRow, OperationInputs, RequestRow, WirePage, WireRequest } from '../provider.js';
import type { Query } from './endpoint.js';
import { fieldsOf, textOf, type Fields } from './fields.js';
import type { AdapterCall, AdapterTypes } from './inputs.js';
import type { Paging } from './paging.js';
import { found, optionsIn, paramsOf, requestOf, type Kit } from './request-row.js';
import type { Issues, PageRow, SearchOverList } from './rows.js';

/** The check of a page: its objects, and what stands beside them. */
const pageSchema = (listIn: string, one: z.ZodType, { shape }: Paging): z.ZodType =>
  z.object({ [listIn]: z.array(one), ...shape });

/** The objects of a checked page. */
const itemsIn = <Wire>(listIn: string, page: unknown): readonly Wire[] =>
  fieldsOf(page)[listIn] as readonly Wire[];

/** Objects that come in pages. */
export interface Listed<Wire> {
  /** The check of one. */
  readonly schema: z.ZodType<Wire>;
  /** The field of a page that holds them. Default: `data`. */
  readonly listIn?: string;
  /** The field of an object that is its id. Default: `id`. */
  readonly id?: string;
}

/** Reads every object of a list, each once, with pages as large as the provider gives them. */
export const everyPage = <Wire>({ schema, listIn = 'data', id = 'id' }: Listed<Wire>, paging: Paging) => {
  const { largest: limit } = paging;
  const answer = pageSchema(listIn, schema, paging);
  return (
    request: (page: Query) => WireRequest,
    call: Pick<Call, 'send' | 'drift' | 'readPages'>,
    checkPage: (page: Fields) => void = () => undefined,
  ): Promise<Wire[]> =>
    call.readPages({
      page: async (cursor) => {
        const { wire } = await call.send(request(paging.query(cursor, limit)), answer);
        checkPage(fieldsOf(wire));
        const items = itemsIn<Wire>(listIn, wire);
        return { items, ...paging.end(wire, { cursor, limit, items }, call.drift) };
      },
      idOf: (wire) => textOf(fieldsOf(wire)[id]) ?? '',
    });
};

/** What is wrong with the cursor of a list. */
const cursorIssues = ({ isCursor }: Paging, cursor: string | null, call: AdapterCall): Issues =>
  cursor === null || isCursor(cursor, call) ? [] : [{ path: 'cursor', message: foreignCursor }];

type PageInput = OperationInputs['list' | 'search'];

/** What is shown of a page: all of it, unless the provider knows no page size and the caller wants fewer. */
const shownOf = (
  items: readonly unknown[],
  { cutsHere }: Paging,
  { params }: PageInput,
): { readonly shown: readonly unknown[]; readonly isCut: boolean } => {
  const { limit } = params;
  if (cutsHere !== true || limit === undefined || limit >= items.length)
    return { shown: items, isCut: false };
  return { shown: items.slice(0, limit), isCut: true };
};

const readPage = async (
  kit: Kit,
  row: PageRow<AdapterTypes, 'list'>,
  body: unknown,
  call: AdapterCall,
  input: PageInput,
): Promise<WirePage> => {
  const paging = row.paging ?? kit.paging;
  const items = itemsIn(kit.charge.items.in, body);
  const { shown, isCut } = shownOf(items, paging, input);
  const asked = { cursor: input.cursor, limit: input.params.limit, items };
  const rowInput = rowInputOf(paging, input);
  const { readItem, keeps } = row;
  const data = await call.readItems(shown, (wire) =>
    readItem === undefined ? kit.charge.read(wire, call) : readItem(wire, call, rowInput),
  );
  return {
    data: keeps === undefined ? data : data.filter((charge) => keeps(charge, rowInput)),
    ...(paging.total === undefined ? {} : { total: paging.total(body) }),
    nextCursor: call.nextCursor({
      count: items.length,
      asked: input.cursor,
      ...(isCut ? { next: lastIdOf(shown) } : paging.end(body, asked, call.drift)),
    }),
  };
};

const rowInputOf = (paging: Paging, input: PageInput) => ({
  ...input,
  ...optionsIn(input),
  page: paging.query(input.cursor, input.params.limit),
});

const pageRow = <Name extends 'list' | 'search'>(
  kit: Kit,
  name: Name,
  row: PageRow<AdapterTypes, 'list'>,
  capability: object,
): RequestRow<Name> => {
  const paging = row.paging ?? kit.paging;
  const request = requestOf(row);
  const made = {
    params: paramsOf(kit, name),
    capability: {
      ...capability,
      ...(row.pushedDown === undefined ? {} : { pushedDown: row.pushedDown }),
      ...(row.include === undefined ? {} : { include: row.include }),
    },
    check: (input: PageInput, call: AdapterCall) =>
      found([
        ...cursorIssues(paging, input.cursor, call),
        ...(row.check?.(rowInputOf(paging, input), call) ?? []),
      ]),
    request: (input: PageInput, call: AdapterCall) => request(rowInputOf(paging, input), call),
    response: pageSchema(kit.charge.items.in, kit.charge.schema, paging),
    items: kit.charge.items,
    output: ({ wire }: { readonly wire: unknown }, call: AdapterCall, input: PageInput) =>
      readPage(kit, row, wire, call, input),
  };
  // A list and a search differ in their params alone, which their schemas have checked.
  return made as unknown as RequestRow<Name>;
};

export const listRow = (kit: Kit, row: PageRow<AdapterTypes, 'list'>): RequestRow<'list'> =>
  pageRow(kit, 'list', row, {
    order: row.order,
    ...(row.covers === undefined ? {} : { covers: row.covers }),
  });

export const searchRow = (
  kit: Kit,
  row: PageRow<AdapterTypes, 'search'> | SearchOverList,
): RequestRow<'search'> | ListSearchRow => {
  const { eventuallyConsistent } = row;
  const capability = eventuallyConsistent === undefined ? {} : { eventuallyConsistent };
  if (!('overList' in row)) {
    return pageRow(kit, 'search', row as unknown as PageRow<AdapterTypes, 'list'>, capability);
  }
  return {
    overList: row.overList,
    // The schema of a search gives what a search takes.
    params: paramsOf(kit, 'search') as unknown as NonNullable<ListSearchRow['params']>,
    ...(eventuallyConsistent === undefined ? {} : { capability }),
  };
};
