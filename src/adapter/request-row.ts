import * as z from 'zod';
import type { Operation, ProviderParams } from '../charges-client.js';
import type { FieldIssue } from '../models/error-details.js';
import * as models from '../models/params.js';
import type { OperationInputs, OperationOutputs, RequestRow, WireRequest } from '../provider.js';
import { parseEndpoint, type Ids, type ParsedEndpoint } from './endpoint.js';
import type { AdapterCall, AdapterTypes, OptionSchemas } from './inputs.js';
import type { ChargeResource, RefundResource } from './resource.js';
import type { Paging } from './paging.js';
import type { Issues, RequestFacts, RequestParts } from './rows.js';

/** Params as an operation of the provider reads them, where it reads them more narrowly than the common ones. */
export type ParamsSchemas = { readonly [Name in keyof ProviderParams]?: z.ZodObject };

/** What the rows of one provider share. Without its types: they end at the door, in `defineAdapter`. */
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

/** A row without the types of its provider. */
export type PlainRow<Name extends Operation> = RequestFacts<AdapterTypes, Name, unknown, unknown> & {
  readonly schema?: z.ZodType | undefined;
};

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
export const paramsOf = (kit: Kit, name: keyof typeof commonParams): z.ZodObject => {
  const { [name]: own = commonParams[name] } = kit.params;
  const { [name]: options = noOptions } = kit.options;
  return own.extend({ providerOptions: options.optional() });
};

/** The options among checked params. */
export const optionsIn = (input: { readonly params: { readonly providerOptions?: object | undefined } }) => ({
  options: input.params.providerOptions ?? {},
});

const nothingWrong: readonly FieldIssue[] = [];

/** The fields that are wrong, without the conditions that found nothing. */
export const found = (issues: Issues): readonly FieldIssue[] => {
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
export const requestOf = <Input extends object, Call>(row: RequestParts<Input, Call>) => {
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
export interface RowParts<Name extends Operation> {
  /** The input of the row, of the engine's input. */
  input(input: OperationInputs[Name], call: AdapterCall): object;
  /** What the kit finds wrong, with what the row itself found. Left out where neither checks anything. */
  check?: ((input: never, call: AdapterCall, own: Issues) => Issues) | undefined;
  /** What the kit reads before the write, where the row has no `prepare` of its own. */
  prepare?: ((input: never, call: AdapterCall) => Promise<unknown>) | undefined;
  readonly capability?: object | undefined;
  /** The params of a create that the settings supply. */
  suppliedParams?: ((settings: unknown) => readonly string[]) | undefined;
  /** The object that the answer holds, where the row does not say. */
  readonly resource: ChargeResource<unknown> | RefundResource<unknown>;
  /** What becomes of that object, where the row does not say. */
  output?: ((wire: unknown, call: AdapterCall, input: never) => unknown) | undefined;
}

/** Makes the row that the engine runs. */
export const requestRow = <Name extends Operation>(
  kit: Kit,
  name: Name,
  row: PlainRow<Name>,
  parts: RowParts<Name>,
): RequestRow<Name> => {
  const { resource } = parts;
  const answer = resource.answer(row.schema ?? resource.schema);
  const read = parts.output ?? ((wire: unknown, call: AdapterCall) => resource.read(wire, call));
  const request = requestOf(row);
  // The engine's inputs and calls are what the types of the rows say: they are joined here, and nowhere else.
  const inputOf = parts.input as (input: OperationInputs[Name], call: AdapterCall) => never;
  const own = row as unknown as PlainRow<never>;
  const { preparedAtOnce, takesKey } = own;
  const prepare = own.prepare ?? parts.prepare;
  const made = {
    ...(name in commonParams ? { params: paramsOf(kit, name as keyof typeof commonParams) } : {}),
    ...(parts.capability === undefined ? {} : { capability: parts.capability }),
    ...(parts.suppliedParams === undefined ? {} : { suppliedParams: parts.suppliedParams }),
    ...(own.check === undefined && parts.check === undefined
      ? {}
      : {
          check: (input: OperationInputs[Name], call: AdapterCall) => {
            const given = inputOf(input, call);
            const issues = own.check?.(given, call) ?? nothingWrong;
            return found(parts.check?.(given, call, issues) ?? issues);
          },
        }),
    ...(prepare === undefined
      ? {}
      : {
          prepare: (input: OperationInputs[Name], call: AdapterCall) => prepare(inputOf(input, call), call),
        }),
    ...(preparedAtOnce === undefined
      ? {}
      : {
          preparedAtOnce: (input: OperationInputs[Name], call: AdapterCall) =>
            preparedAtOnce(inputOf(input, call), call),
        }),
    ...(own.capturedBefore === undefined ? {} : { capturedBefore: own.capturedBefore }),
    ...(takesKey === undefined ? {} : { takesKey }),
    ...(own.lookup === undefined ? {} : { lookup: own.lookup }),
    request: (input: OperationInputs[Name], call: AdapterCall) => {
      own.prepared?.parse(call.prepared);
      return request(inputOf(input, call), call);
    },
    response: answer.schema,
    output: (
      answered: Parameters<RequestRow<Name>['output']>[0],
      call: AdapterCall,
      input: OperationInputs[Name],
    ) => {
      const wire = answer.objectIn(answered.wire);
      return own.output === undefined
        ? read(wire, call, inputOf(input, call))
        : own.output({ wire, answer: answered.answer }, call, inputOf(input, call));
    },
  };
  return made as unknown as RequestRow<Name> & { output: () => OperationOutputs[Name] };
};

/** The input of a row to which the kit adds nothing. */
export const asItIs = <Input>(input: Input): Input => input;
