import type { Operation } from '../charges-client.js';
import { IntegrityError } from '../errors.js';
import type { Capabilities } from '../models/capabilities.js';
import type { Charge } from '../models/charge.js';
import type { ChargeList } from '../models/page.js';
import {
  listParamsSchema,
  momentToMilliseconds,
  searchParamsSchema,
  type ListParams,
  type SearchParams,
} from '../models/params.js';
import { createChargeList, listOf, type FetchedPage } from '../paginate.js';
import type {
  OperationInputs,
  OperationOutputs,
  OperationRows,
  RequestRow,
  RunRow,
  WirePage,
} from '../provider.js';
import { collectDrift, wrapAdapterObject, makeCall, sendChecked } from './call.js';
import { startCall, type CallContext } from './start-call.js';
import { refuseInput } from './check-input.js';
import { checkParams, checkRange, type Asked } from './check-params.js';
import type { Context } from './context.js';
import { invalidResponse } from './failures.js';
import { assertWire, withWire } from './merge-wire.js';
import { checkCharge, assertSameCharge, assertSameRefund } from './output.js';
import type { Wired } from './wire-fields.js';
import { createPageReading, isSketch, stampTold } from './page-items.js';
import { watchCall } from './watch-calls.js';
import { memberOf } from '../models/objects.js';

/** What is used of a row: the row of a list and that of a search are both one of pages. */
type ReadRow<Name extends Operation> =
  | Pick<RequestRow<Name>, 'check' | 'request' | 'response' | 'items' | 'output'>
  | Pick<RunRow<Name>, 'check' | 'run'>;
type PageRow = ReadRow<'list' | 'search'> & { readonly capability?: PageCapability };
type PageCapability = Partial<Pick<Capabilities['list'], 'order' | 'pushedDown'>>;

const stringField = (input: object, name: string): string | undefined => {
  const text = memberOf(input, name);
  return typeof text === 'string' ? text : undefined;
};

/**
 * Checks that the response is about the requested charge or refunds. Every read passes through here, for a
 * caller as for a lookup.
 */
const checkWhose = (run: CallContext, input: object, output: OperationOutputs[Operation]): void => {
  const id = stringField(input, 'id');
  const refundId = stringField(input, 'refundId');
  if (id === undefined || 'data' in output) return;
  if ('length' in output) for (const refund of output) assertSameCharge(run, refund.chargeId, id);
  else if (!('chargeId' in output)) assertSameCharge(run, output.id, id);
  else if (refundId !== undefined) assertSameRefund(run, output, refundId, id);
};

/** Of what rows give, pages alone name where it goes on. */
const isPage = <Output extends OperationOutputs[Operation]>(output: Output): output is Output & WirePage =>
  'nextCursor' in output;

/** Reads: build, send, check, map. The same for every operation. */
export const runRow = async <Name extends Operation>(
  run: CallContext,
  row: ReadRow<Name>,
  input: OperationInputs[Name] & Wired,
): Promise<OperationOutputs[Name]> => {
  const { drift, finish } = collectDrift(run);
  const items = 'items' in row ? row.items : undefined;
  const reading = createPageReading(run, items, drift);
  const call = makeCall(run, { prepared: null, drift, readItems: reading.readItems });
  const issues = row.check?.(input, call) ?? [];
  if (issues.length > 0) throw refuseInput(run.context, run.operation, issues);
  const { wire = null } = input;
  assertWire(run, row, input, wire);
  const output = await wrapAdapterObject(run, async (): Promise<OperationOutputs[Name]> => {
    if ('run' in row) return row.run(input, call);
    const answered = await sendChecked(
      run,
      withWire(run, row.request(input, call), wire),
      row.response,
      { repeatability: 'read', key: null, wire, items },
      drift,
    );
    const read = await row.output(answered, call, input);
    return isPage(read) ? Object.assign({}, read, { raw: answered.answer.body }) : read;
  });
  checkWhose(run, input, output);
  const finished = isPage(output) ? reading.finish(output) : output;
  finish(null);
  return finished;
};

/** Reads of a lookup: never a write, whatever the call is. */
export const readRun = (run: CallContext): CallContext => ({ ...run, isWrite: false });

/**
 * Reads one charge for a lookup. A response about another charge is an error, `crossed_answers`. Null if the
 * provider cannot read a charge. If the read fails, `instead` is returned.
 */
export const readCharge = async (
  run: CallContext,
  id: string,
  instead: Charge | null = null,
): Promise<Charge | null> => {
  const row = run.context.spec.operations.retrieve;
  if (row === undefined) return null;
  const reading = { ...readRun(run), row: 'retrieve' as const, target: id };
  try {
    return checkCharge(reading, await runRow<'retrieve'>(reading, row, { id }));
  } catch (error) {
    if (instead === null || error instanceof IntegrityError) throw error;
    return instead;
  }
};

/** What a list's filters mean here, for those that the provider does not apply itself. */
const keepsListed = (params: ListParams) => {
  const after = params.createdAfter === undefined ? -Infinity : momentToMilliseconds(params.createdAfter);
  const before = params.createdBefore === undefined ? Infinity : momentToMilliseconds(params.createdBefore);
  return (charge: Charge): boolean => {
    // Keep an unreadable item if the filtered field is missing in it.
    const isOpen = isSketch(charge);
    const isOthers = charge.customer !== params.customer && !(isOpen && charge.customer === null);
    if (params.customer !== undefined && isOthers) return false;
    if (after === -Infinity && before === Infinity) return true;
    if (charge.createdAt === null) return isOpen;
    const created = Date.parse(charge.createdAt);
    return created >= after && created < before;
  };
};

/** Whether a charge is what a search asked for. Applied to every search, also where the provider filtered already. */
const keepsFound = (params: SearchParams) => {
  const listed = keepsListed(params);
  return (charge: Charge): boolean =>
    listed(charge) &&
    (params.status === undefined || charge.status === params.status) &&
    (params.amount === undefined || charge.amount === null || charge.amount === params.amount) &&
    (params.currency === undefined || charge.currency === null || charge.currency === params.currency) &&
    (stampTold(charge) === undefined ||
      Object.entries(params.metadata ?? {}).every(([key, value]) => charge.metadata[key] === value));
};

/** In a newest-first list, whether a page ends before the asked window. */
const isPastWindow = ({ capability }: PageRow, params: ListParams, page: WirePage): boolean => {
  if (
    capability?.order !== 'newest_first' ||
    params.createdAfter === undefined ||
    capability.pushedDown?.includes('createdAfter') === true
  )
    return false;
  const last = page.data.at(-1)?.createdAt;
  return last != null && Date.parse(last) < momentToMilliseconds(params.createdAfter);
};

const pageOf = async (
  run: CallContext,
  row: PageRow,
  { params, wire }: Asked<ListParams | SearchParams>,
  cursor: string | null,
  keeps: (charge: Charge) => boolean,
): Promise<FetchedPage> => {
  const page = await runRow<'list' | 'search'>(run, row, { params, cursor, wire });
  const nextCursor = isPastWindow(row, params, page) ? null : page.nextCursor;
  return { data: page.data.filter(keeps), nextCursor, total: page.total ?? null, raw: page.raw };
};

const startRead = (context: Context, operation: Operation, options: unknown): CallContext =>
  startCall(context, { operation, row: operation, isWrite: false, target: null, options });

/** Fetches one page, in the context of its own call. */
type FetchPage = (own: Context, cursor: string | null) => Promise<FetchedPage>;

/** A list as its pages are fetched: each of them is one call, with a deadline of its own. */
const sourceOf = (
  context: Context,
  operation: Operation,
  params: ListParams | SearchParams,
  options: unknown,
  fetch: FetchPage,
): ChargeList =>
  createChargeList({
    cursor: params.cursor ?? null,
    maxItems: params.maxItems ?? null,
    fetch: (cursor) => watchCall(context, { operation, options }, (own) => fetch(own, cursor)),
    onRepeatedCursor: () =>
      watchCall(context, { operation, options }, (own) => {
        const run = startRead(own, operation, {});
        collectDrift(run).drift('nextCursor', 'cursor_repeated');
        throw invalidResponse(run, 'the list names a page again that was read before', {
          code: 'incomplete_list',
        });
      }),
  });

/** A list. Wrong params reject when it is awaited or iterated, like everything else that is wrong with it. */
export const list = (
  context: Context,
  row: NonNullable<OperationRows['list']>,
  input: unknown,
  options: unknown,
): ChargeList => {
  const schema = row.params ?? listParamsSchema;
  const read = () => checkParams<ListParams>(context, 'list', schema, input ?? {});
  return deferred(
    context,
    'list',
    options,
    read,
    (asked) => (own, cursor) =>
      pageOf(startRead(own, 'list', options), row, asked, cursor, keepsListed(asked.params)),
  );
};

/** A search: at the provider, or over its list within the bound of the row. */
export const search = (
  context: Context,
  row: NonNullable<OperationRows['search']>,
  input: unknown,
  options: unknown,
): ChargeList => {
  const schema = row.params ?? searchParamsSchema;
  const read = () => checkParams<SearchParams>(context, 'search', schema, input ?? {});
  return deferred(context, 'search', options, read, (asked) => {
    const keeps = keepsFound(asked.params);
    if (!('overList' in row)) {
      return (own, cursor) => pageOf(startRead(own, 'search', options), row, asked, cursor, keeps);
    }
    return overList(row.overList.maxPages, asked, options, keeps);
  });
};

/** A search that reads the list and filters here: on until something is found, within the bound. */
const overList = (
  maxPages: number,
  { params, wire }: Asked<SearchParams>,
  options: unknown,
  keeps: (charge: Charge) => boolean,
) => {
  const {
    query,
    status: _status,
    amount: _amount,
    currency: _currency,
    metadata: _metadata,
    ...listed
  } = params;
  let pages = 0;
  return async (own: Context, first: string | null): Promise<FetchedPage> => {
    const row = own.spec.operations.list;
    if (row === undefined) throw new TypeError('a search over the list needs a list');
    const message = 'cannot be used: this provider has no search of its own';
    if (query !== undefined) throw refuseInput(own, 'search', [{ path: 'query', message }]);
    let cursor = first;
    for (;;) {
      const run = startRead(own, 'search', options);
      // The page size of a search that filters is ours to choose: a small one would shrink what the bound can see.
      const asked = { params: { ...listed, limit: 100 }, wire };
      const page = await pageOf({ ...run, row: 'list' }, row, asked, cursor, keeps);
      pages += 1;
      const stop = pages >= maxPages;
      // The list's own total says nothing of what fits the search.
      if (page.data.length > 0 || page.nextCursor === null || stop) return { ...page, total: null, stop };
      cursor = page.nextCursor;
    }
  };
};

/** Params are checked once, at the first page. */
const deferred = <Params extends ListParams | SearchParams>(
  context: Context,
  operation: Operation,
  options: unknown,
  read: () => Asked<Params>,
  prepare: (asked: Asked<Params>) => FetchPage,
): ChargeList => {
  let source: ChargeList | undefined;
  const start = (): ChargeList => {
    if (source !== undefined) return source;
    try {
      const asked = checkRange(context, operation, read());
      source = sourceOf(context, operation, asked.params, options, prepare(asked));
      return source;
    } catch (error) {
      // Reject when the list is awaited, as for every page, so that the refused call emits its events.
      return sourceOf(context, operation, {}, options, () => {
        throw error;
      });
    }
  };
  return listOf(
    async () => start(),
    async function* everyCharge() {
      yield* start();
    },
  );
};
