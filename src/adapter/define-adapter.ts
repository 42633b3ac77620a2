import type * as z from 'zod';
import type { Operation } from '../charges-client.js';
import type { OperationRows, ProviderSpec, RunRow } from '../provider.js';
import {
  captureRow,
  createRow,
  expireRow,
  retrieveRow,
  updateRow,
  verifyCheck,
  verifyRow,
  voidRow,
} from './charge-rows.js';
import type { Definition, SpecRows } from './definition.js';
import type { AdapterTypes, OptionSchemas } from './inputs.js';
import { listRow, searchRow } from './page-rows.js';
import { paging } from './paging.js';
import { listRefundsRow, readRefundsOf, refundRow, retrieveRefundRow } from './refund-rows.js';
import { optionsIn, paramsOf, withoutNulls, type Kit, type ParamsSchemas } from './request-row.js';
import type { Issues, ReadingRow, RowsByName } from './rows.js';

type PlainRows = Partial<RowsByName<AdapterTypes>>;

const readingRow = (kit: Kit, row: ReadingRow<AdapterTypes, 'retrieveRefund'>): RunRow<'retrieveRefund'> => ({
  check: (input, call) => withoutNulls([...kit.idIssues(input.id), ...(row.check?.(input, call) ?? [])]),
  run: (input, call) => row.run(input, call),
});

const readingVerify = (
  kit: Kit,
  row: RowsByName<AdapterTypes>['verify3DS'] & ReadingRow<AdapterTypes, 'verify3DS'>,
): OperationRows['verify3DS'] & object => {
  const check = verifyCheck(kit, row.by);
  return {
    params: paramsOf(kit, 'verify3DS'),
    capability: { by: row.by },
    check: (input, call) => {
      const own = row.check?.({ ...input, ...optionsIn(input) }, call) ?? [];
      return withoutNulls(check(input, call, own));
    },
    run: (input, call) => row.run({ ...input, ...optionsIn(input) }, call),
    ...(row.isWrite === undefined ? {} : { isWrite: row.isWrite }),
  };
};

/** Builds one operation handler per row of the definition. */
const rowsOf = (kit: Kit, rows: PlainRows): OperationRows => {
  const { create, retrieve, update, list, search, capture, expire, refund, verify3DS } = rows;
  const { void: release, listRefunds, retrieveRefund } = rows;
  const readRefunds = readRefundsOf(kit, listRefunds);
  const made: OperationRows = {};
  if (create !== undefined) made.create = createRow(kit, create);
  if (retrieve !== undefined) made.retrieve = retrieveRow(kit, retrieve);
  if (update !== undefined) made.update = updateRow(kit, update);
  if (list !== undefined) made.list = listRow(kit, list);
  if (search !== undefined) made.search = searchRow(kit, search);
  if (capture !== undefined) made.capture = captureRow(kit, capture);
  if (release !== undefined) made.void = voidRow(kit, release);
  if (expire !== undefined) made.expire = expireRow(kit, expire);
  if (refund !== undefined) made.refund = refundRow(kit, refund, readRefunds);
  if (listRefunds !== undefined) made.listRefunds = listRefundsRow(kit, listRefunds, readRefunds);
  if (retrieveRefund !== undefined) {
    made.retrieveRefund =
      retrieveRefund.run !== undefined
        ? readingRow(kit, retrieveRefund)
        : retrieveRefundRow(kit, retrieveRefund);
  }
  if (verify3DS !== undefined) {
    made.verify3DS = verify3DS.run !== undefined ? readingVerify(kit, verify3DS) : verifyRow(kit, verify3DS);
  }
  return made;
};

/** Refuses a reserved word (`notIds`) as an id. */
const idIssuesOf = (notIds: { readonly words: readonly string[]; readonly message: string } | undefined) => {
  const words = new Set(notIds?.words);
  const nothing: Issues = [];
  return (id: string | undefined, path = 'id'): Issues =>
    id !== undefined && notIds !== undefined && words.has(id) ? [{ path, message: notIds.message }] : nothing;
};

const noRefund = (): never => {
  throw new TypeError('the definition names no refund');
};

/** Builds a `ProviderSpec` from a definition: declared facts become input checks and capabilities. */
export const defineAdapter = <
  const Shape extends z.core.$ZodShape,
  ChargeWire,
  RefundWire,
  Names extends Operation,
  Options extends OptionSchemas = object,
  Params extends ParamsSchemas = object,
  Extras extends object = object,
  const Provider extends string = string,
>(
  definition: Definition<Shape, Options, Params, ChargeWire, RefundWire, Names, Extras, Provider>,
): ProviderSpec<Shape, SpecRows<Options, Params, Names>, Extras, Provider> => {
  const {
    name,
    options,
    params,
    charge,
    refund,
    paging: pages,
    notIds,
    operations,
    webhook,
    ...spec
  } = definition;
  const kit: Kit = {
    provider: spec.provider,
    name,
    charge,
    // Where refunds are told by their charge alone, it is the charge that is fetched.
    refund: refund ?? { ...charge, read: noRefund },
    paging: pages ?? paging({}, { isCursor: () => false, query: () => ({}), end: () => ({ next: null }) }),
    options: options ?? {},
    params: params ?? {},
    idIssues: idIssuesOf(notIds),
  };
  return {
    ...spec,
    // Safe cast: rows check inputs with the provider's schemas before its functions see them.
    operations: rowsOf(kit, operations) as SpecRows<Options, Params, Names>,
    ...(webhook === undefined ? {} : { webhook }),
  };
};
