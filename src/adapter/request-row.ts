import * as z from 'zod';
import type { Operation, ProviderParams } from '../charges-client.js';
import type { FieldIssue } from '../models/error-details.js';
import * as models from '../models/params.js';
import type { Answered, OperationInputs, PreparedLookup, WireRequest } from '../provider.js';
import { parseEndpoint, type Ids, type ParsedEndpoint } from './endpoint.js';
import type { AdapterCall, AdapterTypes, ModelOf, OptionSchemas, RowInput } from './inputs.js';
import type { ChargeResource, RefundResource, Resource } from './resource.js';
import type { Paging } from './paging.js';
import type { Issues, RequestParts } from './rows.js';

/** Params as an operation of the provider reads them, where it reads them more narrowly than the common ones. */
export type ParamsSchemas = { readonly [Name in keyof ProviderParams]?: z.ZodObject };

/** What the rows of one provider share. Untyped: `defineAdapter` erases the provider's types. */
export interface Kit {
  readonly provider: string;
  /** The provider's name in messages. */
  readonly name: string;
  readonly charge: ChargeResource<unknown>;
  readonly refund: RefundResource<unknown>;
  readonly paging: Paging;
  readonly options: OptionSchemas;
  readonly params: ParamsSchemas;
  /** What is wrong with the id of a charge. */
  idIssues(id: string | undefined, path?: string): Issues;
}

/**
 * A row as the kit runs it. `Given` is the input of the engine, `Input` what the kit makes of it for the row, `Output` what the
 * operation gives. What it prepared and what was answered are `unknown` here: the row's own types say what they are.
 */
export interface AnyRow<Given, Input, Output> extends RequestParts<Input, AdapterCall> {
  readonly schema?: z.ZodType | undefined;
  readonly takesKey?: boolean | ((input: Given) => boolean) | undefined;
  check?(input: Input, call: AdapterCall): Issues;
  prepare?(input: Input, call: AdapterCall): Promise<unknown>;
  beforeRepeat?(input: Input, call: AdapterCall): Promise<void>;
  preparedAtOnce?(input: Input, call: AdapterCall): unknown;
  readonly prepared?: z.ZodType;
  capturedBefore?(prepared: unknown): number | null;
  readonly lookup?: PreparedLookup;
  output?(answered: Answered<unknown>, call: AdapterCall, input: Input): Output | Promise<Output>;
}

/** The row of one operation. */
export type PlainRow<Name extends Operation> = AnyRow<
  OperationInputs[Name],
  RowInput<AdapterTypes, Name>,
  ModelOf<Name>
>;

const commonParams = {
  create: models.createParamsSchema,
  update: models.updateParamsSchema,
  list: models.listParamsSchema,
  search: models.searchParamsSchema,
  capture: models.captureParamsSchema,
  refund: models.refundParamsSchema,
  verify3DS: models.verify3DSParamsSchema,
} as const;

const noOptions = z.strictObject({});

/** The strict schema of an operation's params, with the provider's own options in it. */
export const paramsOf = <Name extends keyof typeof commonParams>(
  kit: Kit,
  name: Name,
): z.ZodType<OperationInputs[Name]['params']> => {
  const own: z.ZodObject = kit.params[name] ?? commonParams[name];
  const { [name]: options = noOptions } = kit.options;
  // A narrower schema still produces the common type; the types of the rows enforce that.
  return own.extend({ providerOptions: options.optional() });
};

/** The options among checked params. */
export const optionsIn = (input: { readonly params: { readonly providerOptions?: object | undefined } }) => ({
  options: input.params.providerOptions ?? {},
});

const nothingWrong: readonly FieldIssue[] = [];

/** The fields that are wrong, without the nulls of conditions that found nothing. */
export const withoutNulls = (issues: Issues): readonly FieldIssue[] => {
  const wrong = issues.filter((issue) => issue !== null);
  return wrong.length === 0 ? nothingWrong : wrong;
};

interface PlainInput {
  readonly id?: string;
  readonly refundId?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

const idsIn = (names: readonly string[], input: PlainInput): Ids => {
  const ids: Record<string, string> = {};
  for (const name of names) {
    const value = name === 'id' || name === 'refundId' ? input[name] : input.params?.[name];
    ids[name] = typeof value === 'string' ? value : '';
  }
  return ids;
};

/** The request of a row as a function. A fixed endpoint is taken apart before the first call. */
export const requestBuilder = <Input extends object, Call>(row: RequestParts<Input, Call>) => {
  const { to } = row;
  const fixed: ParsedEndpoint | null = typeof to === 'string' ? parseEndpoint(to) : null;
  return (input: Input, call: Call): WireRequest => {
    const { method, route, names } = fixed ?? parseEndpoint(typeof to === 'function' ? to(input, call) : to);
    const json = row.json?.(input, call);
    return {
      method,
      route,
      ...(names.length === 0 ? {} : { ids: row.ids?.(input, call) ?? idsIn(names, input) }),
      ...(row.query === undefined ? {} : { query: row.query(input, call) }),
      ...(row.form === undefined ? {} : { form: row.form(input, call) }),
      ...(json === undefined ? {} : { json }),
      ...(row.headers === undefined ? {} : { headers: row.headers(input, call) }),
    };
  };
};

/** What the kit adds to a row. */
export type RowParts<Given, Input, Output> = {
  /** The input of the row, of the engine's input. */
  input(input: Given, call: AdapterCall): Input;
  /** What the kit finds wrong, with what the row itself found. Left out where neither checks anything. */
  check?(input: Input, call: AdapterCall, own: Issues): Issues;
  /** What the kit reads before the write, where the row has no `prepare` of its own. */
  prepare?: ((input: Input, call: AdapterCall) => Promise<unknown>) | undefined;
} & (
  | {
      /** The object that the answer holds, where the row does not say. */
      readonly resource: Resource<unknown, Output>;
      readonly output?: undefined;
    }
  | {
      readonly resource: Resource<unknown, unknown>;
      /** What becomes of that object, where the row does not say. */
      output(wire: unknown, call: AdapterCall, input: Input): Output | Promise<Output>;
    }
);

/** Makes the row that the engine runs, without `params`, `capability` and other per-operation fields. */
export const requestRow = <Given, Input extends object, Output>(
  row: AnyRow<Given, Input, Output>,
  parts: RowParts<Given, Input, Output>,
) => {
  const { resource, output } = parts;
  const answer = resource.answer(row.schema ?? resource.schema);
  const request = requestBuilder(row);
  const { preparedAtOnce, beforeRepeat, takesKey, capturedBefore, lookup } = row;
  const prepare = row.prepare ?? parts.prepare;
  return {
    ...(row.check === undefined && parts.check === undefined
      ? {}
      : {
          check: (input: Given, call: AdapterCall) => {
            const given = parts.input(input, call);
            const issues = row.check?.(given, call) ?? nothingWrong;
            return withoutNulls(parts.check?.(given, call, issues) ?? issues);
          },
        }),
    ...(prepare === undefined
      ? {}
      : { prepare: (input: Given, call: AdapterCall) => prepare(parts.input(input, call), call) }),
    ...(preparedAtOnce === undefined
      ? {}
      : {
          preparedAtOnce: (input: Given, call: AdapterCall) => preparedAtOnce(parts.input(input, call), call),
        }),
    ...(beforeRepeat === undefined
      ? {}
      : { beforeRepeat: (input: Given, call: AdapterCall) => beforeRepeat(parts.input(input, call), call) }),
    ...(capturedBefore === undefined ? {} : { capturedBefore }),
    ...(takesKey === undefined ? {} : { takesKey }),
    ...(lookup === undefined ? {} : { lookup }),
    request: (input: Given, call: AdapterCall) => {
      row.prepared?.parse(call.prepared);
      return request(parts.input(input, call), call);
    },
    response: answer.schema,
    output: (answered: Answered<unknown>, call: AdapterCall, input: Given): Output | Promise<Output> => {
      const wire = answer.objectIn(answered.wire);
      const given = parts.input(input, call);
      if (row.output !== undefined) return row.output({ wire, answer: answered.answer }, call, given);
      return output === undefined ? resource.read(wire, call) : output(wire, call, given);
    },
  };
};

/** The input of a row to which the kit adds nothing. */
export const unchanged = <Input>(input: Input): Input => input;
