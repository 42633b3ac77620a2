import * as z from 'zod';
import { foreignCursor, lastIdOf } from '../models/paging.js';
import type { Call, ListSearchRow, OperationInputs, RequestRow, WirePage, WireRequest } from '../provider.js';
import type { Query } from './endpoint.js';
import { fieldsOf, textOf, type Fields } from './fields.js';
import type { PageFacts } from './facts.js';
import type { AdapterCall, AdapterTypes, RowInput } from './inputs.js';
import type { Paging } from './paging.js';
import { heldIn } from './resource.js';
import { optionsIn, paramsOf, requestBuilder, withoutNulls, type Kit } from './request-row.js';
import type { Issues, PageRow, RequestParts, SearchOverList } from './rows.js';

/** The schema of a page, including the fields beside its items, and a reader of the items. */
const pageOf = <Wire>(listIn: string, one: z.ZodType<Wire>, { shape }: Paging) =>
  heldIn(listIn, z.array(one), shape);

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
  const answer = pageOf(listIn, schema, paging);
  return (
    request: (page: Query) => WireRequest,
    call: Pick<Call, 'send' | 'drift' | 'readPages'>,
    checkPage: (page: Fields) => void = () => undefined,
  ): Promise<Wire[]> =>
    call.readPages({
      page: async (cursor) => {
        const { wire } = await call.send(request(paging.query(cursor, limit)), answer.schema);
        checkPage(fieldsOf(wire));
        const items = answer.objectIn(wire);
        return { items, ...paging.end(wire, { cursor, limit, items }, call.drift) };
      },
      idOf: (wire) => textOf(fieldsOf(wire)[id]) ?? '',
    });
};

/** What is wrong with the cursor of a list. */
const cursorIssues = ({ isCursor }: Paging, cursor: string | null, call: AdapterCall): Issues =>
  cursor === null || isCursor(cursor, call) ? [] : [{ path: 'cursor', message: foreignCursor }];

type Paged = 'list' | 'search';
type PageInput = OperationInputs[Paged];

/** The row of a list or of a search: what else they take stands in the params of the input. */
type AnyPageRow = PageFacts<AdapterTypes, Paged> &
  RequestParts<RowInput<AdapterTypes, Paged>, AdapterCall> & {
    check?(input: RowInput<AdapterTypes, Paged>, call: AdapterCall): Issues;
  };

/** What is shown of a page: all of it, unless the provider has no page size parameter and the caller asked for fewer. */
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

const toWirePage = async (
  kit: Kit,
  row: AnyPageRow,
  items: readonly unknown[],
  body: unknown,
  call: AdapterCall,
  input: PageInput,
): Promise<WirePage> => {
  const paging = row.paging ?? kit.paging;
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

/** The row that the engine runs, without `params`, `capability` and other per-operation fields. */
const pageRow = (kit: Kit, row: AnyPageRow) => {
  const paging = row.paging ?? kit.paging;
  const request = requestBuilder(row);
  const page = pageOf(kit.charge.items.in, kit.charge.schema, paging);
  return {
    check: (input: PageInput, call: AdapterCall) =>
      withoutNulls([
        ...cursorIssues(paging, input.cursor, call),
        ...(row.check?.(rowInputOf(paging, input), call) ?? []),
      ]),
    request: (input: PageInput, call: AdapterCall) => request(rowInputOf(paging, input), call),
    response: page.schema,
    items: kit.charge.items,
    output: ({ wire }: { readonly wire: unknown }, call: AdapterCall, input: PageInput) =>
      toWirePage(kit, row, page.objectIn(wire), wire, call, input),
  };
};

const pageCapability = ({ pushedDown, include }: AnyPageRow) => ({
  ...(pushedDown === undefined ? {} : { pushedDown }),
  ...(include === undefined ? {} : { include }),
});

export const listRow = (kit: Kit, row: PageRow<AdapterTypes, 'list'>): RequestRow<'list'> => ({
  params: paramsOf(kit, 'list'),
  capability: {
    order: row.order,
    ...(row.covers === undefined ? {} : { covers: row.covers }),
    ...pageCapability(row),
  },
  ...pageRow(kit, row),
});

export const searchRow = (
  kit: Kit,
  row: PageRow<AdapterTypes, 'search'> | SearchOverList,
): RequestRow<'search'> | ListSearchRow => {
  const { eventuallyConsistent } = row;
  const params = paramsOf(kit, 'search');
  const capability = eventuallyConsistent === undefined ? {} : { eventuallyConsistent };
  if (!('overList' in row))
    return { params, capability: { ...capability, ...pageCapability(row) }, ...pageRow(kit, row) };
  return {
    overList: row.overList,
    params,
    ...(eventuallyConsistent === undefined ? {} : { capability }),
  };
};
