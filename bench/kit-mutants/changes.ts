import type { Operation } from '../../src/charges-client.js';
import { attach, stampOf } from '../../src/models/attachments.js';
import type { Charge } from '../../src/models/charge.js';
import type { Refund } from '../../src/models/refund.js';
import type {
  Answered,
  Call,
  ProviderFailure,
  ProviderSpec,
  WireAnswer,
  WirePage,
  WireRequest,
} from '../../src/provider.js';

/** A change of an adapter. */
export type Change = (spec: ProviderSpec) => ProviderSpec;

/** Any row, as far as mutants look into it. */
interface AnyRow {
  readonly capability?: object;
  readonly check?: unknown;
  readonly prepare?: (input: never, call: Call) => Promise<unknown>;
  readonly request: (input: never, call: Call) => WireRequest;
  readonly output: (answered: Answered<unknown>, call: Call, input: never) => unknown;
}

/** Replaces one row. The spec's type is left behind: a mutant is wrong by intention. */
export const row =
  (name: Operation, change: (row: AnyRow) => object): Change =>
  (spec) => {
    const found = spec.operations[name];
    if (found === undefined) throw new RangeError(`${spec.provider} has no ${name}`);
    const operations = { ...spec.operations, [name]: change(found as unknown as AnyRow) };
    return { ...spec, operations };
  };

export const capability = (name: Operation, facts: object): Change =>
  row(name, (old) => ({ ...old, capability: { ...old.capability, ...facts } }));

export const unchecked = (name: Operation): Change => row(name, (old) => ({ ...old, check: undefined }));

/** Changes the request of a row. */
export const request = (
  name: Operation,
  change: (
    request: WireRequest,
    input: { params: Record<string, unknown>; id: string },
    call: Call,
  ) => WireRequest,
): Change =>
  row(name, (old) => ({
    ...old,
    request: (input: never, call: Call) => change(old.request(input, call), input, call),
  }));

/** Changes fields of the JSON body of a request. */
export const body = (
  name: Operation,
  change: (json: Record<string, unknown>, call: Call) => object,
): Change =>
  request(name, (sent, _, call) => ({ ...sent, json: change({ ...(sent.json as object) }, call) }));

/** Changes parameters of the query of a request. */
export const query = (name: Operation, change: (old: Record<string, unknown>) => object): Change =>
  request(name, (sent) => ({
    ...sent,
    query: change({ ...sent.query }) as NonNullable<WireRequest['query']>,
  }));

/** A copy with other fields that keeps what rides along. */
export const changed = <Model extends Charge | Refund>(model: Model, fields: object): Model =>
  attach({ ...model, ...fields }, { raw: model.raw, stamp: stampOf(model) });

const answeringCharges: readonly Operation[] = [
  'create',
  'retrieve',
  'update',
  'capture',
  'void',
  'expire',
  'verify3DS',
];
const listing: readonly Operation[] = ['list', 'search'];

/** Changes what every row answers about one thing: the charges, those of pages, or the refunds. */
const outputs =
  (names: readonly Operation[], change: (output: unknown, call: Call, input: never) => unknown): Change =>
  (spec) =>
    names.reduce((current, name) => {
      const found = current.operations[name];
      if (found === undefined || !('output' in found)) return current;
      return row(name, (old) => ({
        ...old,
        output: async (answered: Answered<unknown>, call: Call, input: never) =>
          change(await old.output(answered, call, input), call, input),
      }))(current);
    }, spec);

/** Changes fields of every charge, or of those that the named operations answer with. */
export const charge = (
  fields: (charge: Charge) => object,
  names: readonly Operation[] = [...answeringCharges, ...listing],
): Change => {
  const change = (each: Charge): Charge => changed(each, fields(each));
  const single = outputs(
    names.filter((name) => answeringCharges.includes(name)),
    (output) => change(output as Charge),
  );
  const paged = page((old) => ({ ...old, data: old.data.map(change) }), names);
  return (spec) => paged(single(spec));
};

/** Rebuilds every charge: for mutants that lose what rides along. */
export const rebuiltCharge = (rebuild: (charge: Charge) => Charge, names = answeringCharges): Change =>
  outputs(names, (output) => rebuild(output as Charge));

/** Changes pages of lists and searches. */
export const page = (
  change: (page: WirePage, input: { cursor: string | null }) => WirePage,
  names: readonly Operation[] = listing,
): Change =>
  outputs(
    names.filter((name) => listing.includes(name)),
    (output, _, input) => change(output as WirePage, input),
  );

/** Changes fields of every refund. */
export const refund = (fields: (refund: Refund) => object): Change => {
  const change = (each: Refund): Refund => changed(each, fields(each));
  const single = outputs(['refund', 'retrieveRefund'], (output) => change(output as Refund));
  const listed = outputs(['listRefunds'], (output) => (output as Refund[]).map(change));
  return (spec) => listed(single(spec));
};

/** Changes the list of refunds of a charge. */
export const refundList = (change: (refunds: readonly Refund[], id: string) => readonly Refund[]): Change =>
  outputs(['listRefunds'], (output, _, input: { id: string }) => change(output as Refund[], input.id));

/** Changes how refusals are read. */
export const failure =
  (change: (failure: ProviderFailure, answer: WireAnswer) => object): Change =>
  (spec) => ({
    ...spec,
    failure: (answer, operation, call) => {
      const read = spec.failure(answer, operation, call);
      return { ...read, ...change(read, answer) };
    },
  });

export const all =
  (...changes: readonly Change[]): Change =>
  (spec) =>
    changes.reduce((current, change) => change(current), spec);
