import * as z from 'zod';
import { InvalidRequestError } from '../errors.js';
import { stampMetadata, stampMetadataKey } from '../models/attachments.js';
import type { CreateParams, UpdateParams } from '../models/params.js';
import type { OperationInputs, RequestRow } from '../provider.js';
import type { Facts } from './facts.js';
import { fieldsOf, type Fields } from './fields.js';
import type { AdapterCall, AdapterTypes, RowInput } from './inputs.js';
import {
  chargedSource,
  createIssues,
  currencyCodes,
  sourcesIn,
  updateIssues,
  verifyIssues,
  withDefaults,
} from './limits.js';
import { optionsIn, paramsOf, requestRow, unchanged, type Kit, type PlainRow } from './request-row.js';

type Plain<Name extends keyof Facts<AdapterTypes>> = PlainRow<Name> & Facts<AdapterTypes>[Name];

/** Reads a charge without reporting drift; the operation's own response reports it. */
const readQuietly = async (kit: Kit, id: string, call: AdapterCall) =>
  kit.charge.read(await kit.charge.fetch(id, call), { ...call, drift: () => undefined });

export const createRow = (kit: Kit, row: Plain<'create'>): RequestRow<'create'> => {
  // Asked for at the check, the request and the answer, and worked out once a call.
  const made = new WeakMap<object, RowInput<AdapterTypes, 'create'>>();
  const make = (params: CreateParams, call: AdapterCall) => {
    const whole = withDefaults(params, row.defaults?.(call.settings));
    const { options } = optionsIn({ params });
    const source = chargedSource(whole, row);
    const metadata =
      row.ownMetadata === undefined
        ? params.metadata
        : { ...params.metadata, ...row.ownMetadata({ params: whole, options, source }) };
    return { params: whole, options, source, metadata: stampMetadata(metadata, call.idempotencyKey) };
  };
  const currencies = currencyCodes(row);
  return {
    params: paramsOf(kit, 'create'),
    capability: {
      sources: sourcesIn(row),
      ...(row.requires === undefined ? {} : { requires: row.requires }),
      ...(row.refuses === undefined ? {} : { refuses: Object.keys(row.refuses) }),
      ...(row.leavesOut === undefined ? {} : { leavesOut: row.leavesOut }),
      ...(currencies === undefined ? {} : { currencies }),
    },
    suppliedParams: (settings) =>
      Object.entries(row.defaults?.(settings) ?? {}).flatMap(([name, value]) =>
        value === undefined ? [] : [name],
      ),
    ...requestRow(row, {
      input: (input, call) => {
        const known = made.get(input);
        if (known !== undefined) return known;
        const own = make(input.params, call);
        made.set(input, own);
        return own;
      },
      check: (input, call, own) => createIssues(row, kit.name, input, call, own),
      resource: kit.charge,
    }),
  };
};

/** The whole map that a change leaves, our stamp included. */
const changedMetadata = (
  current: Fields,
  change: NonNullable<UpdateParams['metadata']>,
  removed: 'left_out' | 'null',
): Fields => {
  const whole = new Map(Object.entries(current));
  for (const [key, value] of Object.entries(change)) {
    if (key === stampMetadataKey) continue;
    if (value !== null || (removed === 'null' && whole.has(key))) whole.set(key, value);
    else whole.delete(key);
  }
  return Object.fromEntries(whole);
};

const metadataWire = z.object({ metadata: z.record(z.string(), z.unknown()) });

/** Recorded as `{ metadata }`; where nothing of it changes, as null in it (`either`) or without it (`replaced`). */
const prepareUpdate = async (
  kit: Kit,
  mode: 'replaced' | 'either',
  { id, params }: OperationInputs['update'],
  call: AdapterCall,
) => {
  if (params.metadata === undefined) return mode === 'either' ? { metadata: null } : {};
  // Where a charge always has its map, one that could not be read must not be written anew: that would wipe our stamp.
  const strict = mode === 'either' ? { schema: z.intersection(kit.charge.schema, metadataWire) } : {};
  const current = fieldsOf(fieldsOf(await kit.charge.fetch(id, call, strict))['metadata']);
  return { metadata: changedMetadata(current, params.metadata, mode === 'either' ? 'null' : 'left_out') };
};

/** What a row without a `prepare` of its own finds again: what `prepareUpdate` gave. */
type UpdateCall = AdapterCall<unknown, { readonly metadata?: Fields | null } | null>;

export const updateRow = (kit: Kit, row: Plain<'update'>): RequestRow<'update'> => {
  const { fields, metadata: mode } = row;
  const isSentWhole = mode !== 'merged' && row.prepare === undefined;
  return {
    params: paramsOf(kit, 'update'),
    capability: { fields },
    ...requestRow(row, {
      input: (input, call: UpdateCall) => ({
        ...input,
        ...optionsIn(input),
        metadata: isSentWhole ? (call.prepared?.metadata ?? undefined) : input.params.metadata,
      }),
      check: ({ id, params }, _call, own) => [
        ...kit.idIssues(id),
        ...updateIssues(params, kit.name, row),
        ...own,
      ],
      prepare: isSentWhole ? (input, call) => prepareUpdate(kit, mode, input, call) : undefined,
      resource: kit.charge,
    }),
  };
};

/** Refuses any amount but the full one: a provider without partial capture would capture everything. */
const prepareFullCapture = async (
  kit: Kit,
  { id, params }: OperationInputs['capture'],
  call: AdapterCall,
): Promise<{ readonly amount: number } | null> => {
  if (params.amount === undefined) return null;
  const { amount } = await readQuietly(kit, id, call);
  if (amount === params.amount) return { amount };
  const message =
    amount !== null && params.amount > amount
      ? 'is more than was authorized'
      : `must be the whole amount: ${kit.name} captures in full only`;
  throw new InvalidRequestError({
    message: `amount ${message}`,
    outcome: 'not_sent',
    provider: kit.provider,
    operation: 'capture',
    idempotencyKey: call.idempotencyKey,
    chargeId: id,
    issues: [{ path: 'amount', message }],
  });
};

export const captureRow = (kit: Kit, row: Plain<'capture'>): RequestRow<'capture'> => ({
  params: paramsOf(kit, 'capture'),
  capability: { partial: row.partial },
  ...requestRow(row, {
    input: (input) => ({ ...input, ...optionsIn(input) }),
    check: ({ id }, _call, own) => [...kit.idIssues(id), ...own],
    prepare: row.partial === false ? (input, call) => prepareFullCapture(kit, input, call) : undefined,
    resource: kit.charge,
  }),
});

/** A row of one charge by its id, to which nothing but the id is said: retrieve, void, expire. */
const oneChargeRow = (kit: Kit, row: PlainRow<'retrieve' | 'void' | 'expire'>) =>
  requestRow(row, {
    input: unchanged,
    check: ({ id }, _call, own) => [...kit.idIssues(id), ...own],
    resource: kit.charge,
  });

export const retrieveRow = (kit: Kit, row: Plain<'retrieve'>): RequestRow<'retrieve'> => ({
  ...(row.include === undefined ? {} : { capability: { include: row.include } }),
  ...oneChargeRow(kit, row),
});

export const voidRow = (kit: Kit, row: Plain<'void'>): RequestRow<'void'> => ({
  capability: {
    ...(row.windowMs === undefined ? {} : { windowMs: row.windowMs }),
    captured: row.captured,
  },
  ...oneChargeRow(kit, row),
});

export const expireRow = (kit: Kit, row: PlainRow<'expire'>): RequestRow<'expire'> => oneChargeRow(kit, row);

/** What is wrong with a verification, by the facts of its row. */
export const verifyCheck = (kit: Kit, by: Facts<AdapterTypes>['verify3DS']['by']) => {
  return ({ params }: OperationInputs['verify3DS'], _call: AdapterCall, own: RowIssues): RowIssues => [
    ...verifyIssues(params, kit.name, by),
    ...kit.idIssues(params.chargeId, 'chargeId'),
    ...own,
  ];
};
type RowIssues = ReturnType<typeof verifyIssues>;

export const verifyRow = (
  kit: Kit,
  row: Plain<'verify3DS'>,
): RequestRow<'verify3DS'> & { readonly isWrite?: boolean } => ({
  params: paramsOf(kit, 'verify3DS'),
  capability: { by: row.by },
  ...requestRow(row, {
    input: (input) => ({ ...input, ...optionsIn(input) }),
    check: verifyCheck(kit, row.by),
    resource: kit.charge,
  }),
  ...(row.isWrite === undefined ? {} : { isWrite: row.isWrite }),
});
