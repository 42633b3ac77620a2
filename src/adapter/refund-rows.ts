import { markEchoOfSuccess } from '../calls/echo-of-success.js';
import { ConflictError, NotFoundError } from '../errors.js';
import { stampMetadata } from '../models/attachments.js';
import type { Refund } from '../models/refund.js';
import type { OperationInputs, RequestRow, RunRow } from '../provider.js';
import { parseEndpoint } from './endpoint.js';
import type { Facts } from './facts.js';
import { fieldsOf, textOf } from './fields.js';
import type { AdapterCall, AdapterTypes } from './inputs.js';
import { metadataIssues } from './limits.js';
import { everyPage } from './page-rows.js';
import { refundedBy } from './refund.js';
import {
  optionsIn,
  paramsOf,
  requestBuilder,
  requestRow,
  unchanged,
  withoutNulls,
  type Kit,
  type PlainRow,
} from './request-row.js';
import type { RequestParts, RowsByName } from './rows.js';

type Plain<Name extends 'refund' | 'retrieveRefund'> = PlainRow<Name> & Facts<AdapterTypes>[Name];

/** Reads every refund of a charge. */
export type ReadRefunds = (id: string, call: AdapterCall) => Promise<readonly Refund[]>;

const noSuchRefund = (kit: Kit, chargeId: string): NotFoundError =>
  new NotFoundError({
    message: 'the charge has no such refund',
    outcome: 'not_sent',
    provider: kit.provider,
    operation: 'retrieveRefund',
    chargeId,
  });

type PagesRow = Facts<AdapterTypes>['listRefunds'] &
  RequestParts<OperationInputs['listRefunds'] & { readonly page: object }, AdapterCall>;

/** Every refund of a list in pages, each once. */
const readPages = (kit: Kit, row: PagesRow): ReadRefunds => {
  const { refund: refunds } = kit;
  const request = requestBuilder(row);
  const read = everyPage(
    { schema: refunds.schema, listIn: refunds.items.in, id: refunds.id },
    row.paging ?? kit.paging,
  );
  return async (id, call) => {
    const wires = await read(
      (page) => request({ id, page }, call),
      call,
      (page) => {
        // A page without refunds says by this alone whose they are.
        const chargeId = row.chargeIdIn?.(page) ?? null;
        if (chargeId !== null) call.checkSame(id, chargeId);
      },
    );
    const all: Refund[] = [];
    for (const wire of wires) {
      const refund = await refunds.read(wire, call);
      call.checkSame(id, refund.chargeId);
      all.push(refund);
    }
    return all;
  };
};

/** How the refunds of a charge are read, by the row that lists them. */
export const readRefundsOf = (
  kit: Kit,
  row: RowsByName<AdapterTypes>['listRefunds'] | undefined,
): ReadRefunds => {
  if (row === undefined) return () => Promise.resolve([]);
  if (row.run !== undefined) return (id, call) => row.run({ id, page: {} }, call);
  const { inCharge, schema } = row;
  if (inCharge === undefined) return readPages(kit, row);
  const strict = schema === undefined ? {} : { schema };
  return async (id, call) => inCharge(await kit.charge.fetch(id, call, strict), call);
};

/** One request where the charge carries its refunds; several reads, because the answer comes in pages, else. */
export const listRefundsRow = (
  kit: Kit,
  row: RowsByName<AdapterTypes>['listRefunds'],
  readRefunds: ReadRefunds,
): RequestRow<'listRefunds'> | RunRow<'listRefunds'> => {
  const check = ({ id }: OperationInputs['listRefunds']) => withoutNulls(kit.idIssues(id));
  if (row.run !== undefined || row.inCharge === undefined)
    return { check, run: ({ id }, call) => readRefunds(id, call) };
  const { inCharge } = row;
  const answer = kit.charge.answer(row.schema ?? kit.charge.schema);
  const request = requestBuilder(row);
  return {
    check,
    request: ({ id }, call) => request({ id, page: {} }, call),
    response: answer.schema,
    output: ({ wire }, call, { id }) => {
      const charge = answer.objectIn(wire);
      call.checkSame(id, textOf(fieldsOf(charge)[kit.charge.id]) ?? '');
      return inCharge(charge, call);
    },
  };
};

/** A refund by its own id alone may be one of another charge; where the request names the charge, the answer is compared. */
const namesCharge = (to: PlainRow<'retrieveRefund'>['to']): boolean =>
  typeof to === 'string' && parseEndpoint(to).names.includes('id');

export const retrieveRefundRow = (kit: Kit, row: Plain<'retrieveRefund'>): RequestRow<'retrieveRefund'> => {
  const { inCharge } = row;
  const isNamed = namesCharge(row.to);
  const { schema, chargeId, id: idIn, answer } = kit.refund;
  const { objectIn } = answer(schema);
  const made = requestRow(row, {
    input: unchanged,
    check: ({ id }, _call, own) => [...kit.idIssues(id), ...own],
    resource: inCharge === undefined ? kit.refund : kit.charge,
    output: async (wire, call, { id, refundId }) => {
      if (inCharge !== undefined) {
        call.checkSame(id, textOf(fieldsOf(wire)[kit.charge.id]) ?? '');
        const told = (await inCharge(wire, call, refundId)).find((each) => each.id === refundId);
        if (told === undefined) throw noSuchRefund(kit, id);
        return told;
      }
      const refund = await kit.refund.read(wire, call);
      call.checkSame(refundId, refund.id);
      if (!isNamed && refund.chargeId !== id) throw noSuchRefund(kit, id);
      return refund;
    },
  });
  if (chargeId === undefined || inCharge !== undefined) return made;
  return {
    ...made,
    output: (answered, call, input) => {
      const fields = fieldsOf(objectIn(answered.wire));
      call.checkSame(input.refundId, textOf(fields[idIn]) ?? '');
      const owner = textOf(fields[chargeId]);
      if (owner !== null && owner !== input.id) throw noSuchRefund(kit, input.id);
      return made.output(answered, call, input);
    },
  };
};

/** What is recorded before a refund, so that a repeat asks for the same. */
interface PreparedRefund {
  /** In minor units; null where everything is asked for by leaving it out. */
  readonly amount: number | null;
  readonly currency?: string;
}

const refusedRefund = (kit: Kit, id: string, call: AdapterCall, message: string): ConflictError =>
  new ConflictError({
    message,
    outcome: 'rejected',
    provider: kit.provider,
    operation: 'refund',
    idempotencyKey: call.idempotencyKey,
    chargeId: id,
  });

/** An earlier attempt of the same refund, whose answer and record are lost, would leave nothing, too. */
const nothingLeft = (kit: Kit, id: string, call: AdapterCall): ConflictError =>
  markEchoOfSuccess(refusedRefund(kit, id, call, 'nothing is left to refund'));

const prepareRefund = async (
  kit: Kit,
  row: Plain<'refund'>,
  readRefunds: ReadRefunds,
  { id, params }: OperationInputs['refund'],
  call: AdapterCall,
): Promise<PreparedRefund> => {
  const readCharge = async () =>
    kit.charge.read(await kit.charge.fetch(id, call), { ...call, drift: () => undefined });
  const needsCharge =
    row.readsCurrency === true || (row.everything === 'named' && params.amount === undefined);
  const charge = needsCharge ? await readCharge() : null;
  const currency =
    row.readsCurrency === true && charge?.currency != null ? { currency: charge.currency } : {};
  if (params.amount !== undefined) return { amount: params.amount, ...currency };
  if (row.everything === 'named') {
    if (charge?.status !== 'captured')
      throw refusedRefund(kit, id, call, `the charge is ${charge?.status ?? 'unknown'}, not captured`);
    if (charge.amountCaptured === null)
      throw refusedRefund(kit, id, call, 'how much was captured is not known: name an amount');
    const left = charge.amountCaptured - charge.amountRefunded;
    if (left > 0) return { amount: left, ...currency };
    throw nothingLeft(kit, id, call);
  }
  // The list of refunds tells, not the charge's total: whether that counts refunds on their way is not known.
  const given = refundedBy(await readRefunds(id, call));
  if (given === 0) return { amount: null, ...currency };
  const { amount } = charge ?? (await readCharge());
  const left = (amount ?? 0) - given;
  if (left > 0) return { amount: left, ...currency };
  throw nothingLeft(kit, id, call);
};

/** What a row without a `prepare` of its own finds again: what `prepareRefund` gave. */
type RefundCall = AdapterCall<unknown, PreparedRefund | null>;

export const refundRow = (kit: Kit, row: Plain<'refund'>, readRefunds: ReadRefunds): RequestRow<'refund'> => {
  const isPrepared = row.everything !== undefined && row.prepare === undefined;
  return {
    params: paramsOf(kit, 'refund'),
    capability: { partial: row.partial, metadata: row.metadata },
    ...requestRow(row, {
      input: (input, call: RefundCall) => {
        const { amount = null, currency = '' } = (isPrepared ? call.prepared : null) ?? {};
        const metadata = row.metadata ? stampMetadata(input.params.metadata, call.idempotencyKey) : {};
        return { ...input, ...optionsIn(input), amount, currency, metadata };
      },
      check: ({ id, params }, _call, own) => [
        ...kit.idIssues(id),
        ...metadataIssues(row.metadataLimits, params.metadata),
        !row.metadata && params.metadata !== undefined
          ? { path: 'metadata', message: `cannot be kept: refunds of ${kit.name} have no metadata` }
          : null,
        ...own,
      ],
      prepare: isPrepared ? (input, call) => prepareRefund(kit, row, readRefunds, input, call) : undefined,
      resource: kit.refund,
    }),
  };
};
