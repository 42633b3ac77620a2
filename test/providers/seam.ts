import type * as z from 'zod';
import type { Operation } from '../../src/charges-client.js';
import type { FieldIssue } from '../../src/models/error-details.js';
import type {
  Call,
  OperationInputs,
  OperationOutputs,
  ProviderSpec,
  WireRequest,
} from '../../src/provider.js';
import type { WebhookSpec } from '../../src/webhook-spec.js';

/*
 * The seam where tests of an adapter stand: what the engine asks of a spec, and nothing of how its folder answers. A test that
 * asks here says nothing about files, so that a folder may be written anew under it.
 */

/** Any row, by what a test may ask of it. */
interface AskedRow<Name extends Operation> {
  readonly params?: z.ZodType;
  readonly capability?: object;
  check?(input: OperationInputs[Name], call: Call): readonly FieldIssue[];
  prepare?(input: OperationInputs[Name], call: Call): Promise<unknown>;
  request(input: OperationInputs[Name], call: Call): WireRequest;
  readonly response: z.ZodType;
  output(
    answered: { readonly wire: unknown; readonly answer: unknown },
    call: Call,
    input: OperationInputs[Name],
  ): OperationOutputs[Name] | Promise<OperationOutputs[Name]>;
  run(input: OperationInputs[Name], call: Call): Promise<OperationOutputs[Name]>;
}

/** The row of an operation. */
export const rowIn = <Name extends Operation>(spec: ProviderSpec, name: Name): AskedRow<Name> => {
  const row = spec.operations[name];
  if (row === undefined) throw new Error(`${spec.provider} has no ${name}`);
  return row as unknown as AskedRow<Name>;
};

/** The check of an operation's params. */
export const paramsIn = (spec: ProviderSpec, name: Operation): z.ZodObject => {
  const { params } = rowIn(spec, name);
  if (params === undefined) throw new Error(`${spec.provider} reads ${name} as everybody does`);
  return params as z.ZodObject;
};

/** What is wrong with an input, before anything is sent. */
export const issuesOf = <Name extends Operation>(
  spec: ProviderSpec,
  name: Name,
  input: OperationInputs[Name],
  call: Call,
): readonly FieldIssue[] => rowIn(spec, name).check?.(input, call) ?? [];

/** The one request of an operation. */
export const requestOf = <Name extends Operation>(
  spec: ProviderSpec,
  name: Name,
  input: OperationInputs[Name],
  call: Call,
): WireRequest => rowIn(spec, name).request(input, call);

/** Whether the body of a 2xx answer is one. */
export const fits = (spec: ProviderSpec, name: Operation, body: unknown): boolean =>
  rowIn(spec, name).response.safeParse(body).success;

/** What an operation makes of a body. */
export const outputOf = <Name extends Operation>(
  spec: ProviderSpec,
  name: Name,
  { body, status = 200 }: { readonly body: unknown; readonly status?: number },
  call: Call,
  input: OperationInputs[Name],
): OperationOutputs[Name] | Promise<OperationOutputs[Name]> =>
  rowIn(spec, name).output(
    { wire: body, answer: { status, headers: {}, body, requestId: null } },
    call,
    input,
  );

/** How the deliveries of a provider are verified and read. */
export const webhookIn = ({ provider, webhook }: ProviderSpec): WebhookSpec => {
  if (webhook === undefined) throw new Error(`${provider} has no webhooks`);
  return webhook;
};
