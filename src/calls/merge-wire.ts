import type { FieldIssue } from '../models/error-details.js';
import { showPath } from '../models/validation.js';
import type { WireFields } from '../models/wire-fields.js';
import type { Call, WireRequest, WireValue } from '../provider.js';
import { makeCall } from './call.js';
import { refuseInput } from './check-input.js';
import type { CallContext } from './start-call.js';
import { isPlainObject, type Fields } from '../models/objects.js';
import { pathsOf } from './wire-fields.js';

const ours = 'is a field of this library: it has a place in the params';

/** Fields that are ours at every provider, also in a request that leaves them out: they decide how much, and whose it is. */
const alwaysOurs: readonly string[] = ['amount', 'currency', 'metadata'];

/** The fields of a query or a form. */
type Values = Readonly<Record<string, WireValue>>;

/** Names that are ours beside the fields, where the fields stand, and what was wrong so far. */
type Place = readonly [reserved: readonly string[], path: readonly string[], issues: FieldIssue[]];

/**
 * Our fields with theirs beside them. Issues: what would stand in the place of one of ours. Nothing is made here that neither of
 * the two holds: what is merged of values is made of values.
 */
function merged(own: Values, further: Values, ...place: Place): Values;
function merged(own: Fields, further: Fields, ...place: Place): Fields;
function merged(own: Fields, further: Fields, ...[reserved, path, issues]: Place): Fields {
  const result: Record<string, unknown> = { ...own };
  // A server that ignores letter case would take one for the other.
  const names = new Map([...reserved, ...Object.keys(own)].map((name) => [name.toLowerCase(), name]));
  for (const [name, value] of Object.entries(further)) {
    const known = names.get(name.toLowerCase());
    const mine: unknown = Object.hasOwn(own, name) ? own[name] : undefined;
    const isListed = Object.hasOwn(own, name) && mine === undefined && !reserved.includes(name);
    if (known === undefined || (known === name && isListed && isPlainObject(value))) result[name] = value;
    else if (known === name && isPlainObject(mine) && isPlainObject(value) && name !== 'metadata')
      result[name] = merged(mine, value, [], [...path, name], issues);
    else issues.push({ path: showPath([...path, name]), message: ours });
  }
  return result;
}

const withFields = (
  run: CallContext,
  request: WireRequest,
  wire: WireFields,
  issues: FieldIssue[],
): WireRequest => {
  const reserved = [...alwaysOurs, ...(run.context.spec.ownFields ?? [])];
  const place: Place = [reserved, ['providerOptions', 'wire'], issues];
  const merge = (own: Values | undefined) => merged(isPlainObject(own) ? own : {}, wire, ...place);
  const { method, query, form, json } = request;
  if (method === 'GET') return { ...request, query: merge(query) };
  if (form !== undefined) return { ...request, form: merge(form) };
  return { ...request, json: merged(isPlainObject(json) ? json : {}, wire, ...place) };
};

const refused = (run: CallContext, issues: readonly FieldIssue[]) =>
  refuseInput(run.context, run.operation, issues, {
    idempotencyKey: run.idempotencyKey,
    chargeId: run.target,
  });

/** The request of a row with the caller's wire fields in it, and the event that says so. It is about to be sent. */
export const withWire = (run: CallContext, request: WireRequest, wire: WireFields | null): WireRequest => {
  if (wire === null) return request;
  const issues: FieldIssue[] = [];
  const complete = withFields(run, request, wire, issues);
  if (issues.length > 0) throw refused(run, issues);
  run.context.emit({
    type: 'passthrough',
    provider: run.context.spec.provider,
    operation: run.operation,
    fields: pathsOf(wire),
  });
  return complete;
};

/** Stands for whatever a preparation would give: it has every member, and each of them as well. */
const anything: unknown = new Proxy(() => undefined, {
  get: (_, name): unknown => (name === Symbol.toPrimitive ? () => 'any' : anything),
});

/**
 * Refuses wire fields that the request will have itself before the row prepares anything, which may send: a request is built
 * for its names only. Where that cannot be done without the preparation, the request itself is compared before it leaves.
 */
export const assertWire = <Input>(
  run: CallContext,
  row: { request(input: Input, call: Call): WireRequest } | object,
  input: Input,
  wire: WireFields | null,
): void => {
  if (wire === null) return;
  if (!('request' in row)) {
    throw refused(run, [
      { path: 'providerOptions.wire', message: 'is not taken here: what is sent depends on what is read' },
    ]);
  }
  const issues: FieldIssue[] = [];
  let request: WireRequest;
  try {
    request = row.request(input, makeCall(run, { prepared: anything }));
  } catch {
    request = { method: 'POST', route: '/' };
  }
  withFields(run, request, wire, issues);
  if (issues.length > 0) throw refused(run, issues);
};
