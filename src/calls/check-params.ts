import type * as z from 'zod';
import type { WireFields } from '../models/wire-fields.js';
import { checkInput, refuseInput } from './check-input.js';
import type { Context } from './context.js';
import { momentToMilliseconds, type ListParams, type SearchParams } from '../models/params.js';
import { readWire, takeWire, withoutCardData } from './wire-fields.js';
import { fieldsOf } from '../models/objects.js';

/** Checked params, and the caller's own fields of the request, which no schema and no row sees. */
export interface Asked<Params> {
  readonly params: Params;
  readonly wire: WireFields | null;
}

/** Checks the params of an operation against its schema, and what `providerOptions.wire` holds beside them. */
export const checkParams = <Params>(
  context: Context,
  operation: string,
  schema: z.ZodType<Params>,
  value: unknown,
): Asked<Params> => {
  const { params, given } = takeWire(value);
  const checked = checkInput(context, operation, schema, params);
  if (given === undefined) return { params: checked, wire: null };
  const { wire, issues } = readWire(given);
  if (issues.length > 0) throw refuseInput(context, operation, issues);
  return { params: checked, wire };
};

/** Refuses a range of moments that ends before it begins: no charge was created in it, and an empty list would hide the mistake. */
export const checkRange = <Params extends ListParams | SearchParams>(
  context: Context,
  operation: string,
  asked: Asked<Params>,
): Asked<Params> => {
  const { createdAfter, createdBefore } = asked.params;
  if (createdAfter === undefined || createdBefore === undefined) return asked;
  if (momentToMilliseconds(createdAfter) <= momentToMilliseconds(createdBefore)) return asked;
  throw refuseInput(context, operation, [
    { path: 'createdBefore', message: 'must not be earlier than createdAfter' },
  ]);
};

/** What a write is told apart by: another field of the request is another request. */
export const fingerprinted = ({ params, wire }: Asked<Readonly<Record<string, unknown>>>) => {
  if (wire === null) return params;
  const options = fieldsOf(params['providerOptions']);
  return { ...params, providerOptions: { ...options, wire: withoutCardData(wire) } };
};
