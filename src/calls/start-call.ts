import type * as z from 'zod';
import type { Include, Operation } from '../charges-client.js';
import { AbortError, UnsupportedOperationError } from '../errors.js';
import { callOptionsSchema, readOptionsSchema, writeOptionsSchema } from './call-options.js';
import { checkInput, notBegun, refuseInput } from './check-input.js';
import { documentedHeader, scopeOf, type Context } from './context.js';
import { callFacts } from './failures.js';

/** One call of one method, from its options to its deadline. */
export interface CallContext {
  readonly context: Context;
  readonly operation: string;
  /** The row whose failure table reads refusals. */
  readonly row: Operation;
  readonly isWrite: boolean;
  readonly idempotencyKey: string | null;
  /** Whether the caller chose the key: then an earlier process may have used it. */
  readonly keyIsCallers: boolean;
  readonly target: string | null;
  /** Whom the call is for, where one key of the provider serves several accounts. */
  readonly account: string | null;
  readonly scope: string;
  readonly signal: AbortSignal | null;
  readonly timeoutMs: number;
  /** On the monotonic clock. */
  readonly deadline: number;
  readonly maxRetries: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the charges of a read are asked to hold besides. */
  readonly include: ReadonlySet<Include>;
}

/** The idempotency key of a write: the caller's, or one that was made for it. */
export const keyOfWrite = ({ idempotencyKey }: Pick<CallContext, 'idempotencyKey'>): string => {
  if (idempotencyKey === null) throw new TypeError('a read has no idempotency key');
  return idempotencyKey;
};

/** The charge that a write changes. A create changes none. */
export const chargeOfWrite = ({ target }: Pick<CallContext, 'target'>): string => {
  if (target === null) throw new TypeError('a create names no charge');
  return target;
};

/** The options of every kind of call, as one type. */
type AnyOptions = z.output<typeof writeOptionsSchema> & z.output<typeof readOptionsSchema>;

const noOptions: AnyOptions = {};

/** Reads of charges: they may ask for more than a provider tells by itself. */
const readsCharges: ReadonlySet<string> = new Set(['retrieve', 'list', 'search']);

const schemaOf = (operation: string, isWrite: boolean): z.ZodType<AnyOptions> => {
  if (isWrite) return writeOptionsSchema;
  return readsCharges.has(operation) ? readOptionsSchema : callOptionsSchema;
};

/** A search without a row of its own, or one over the list, shows what the list shows. */
const includesOf = ({ spec }: Context, operation: string): readonly Include[] => {
  const { retrieve, list, search } = spec.operations;
  const shows = operation === 'retrieve' ? retrieve : operation === 'list' ? list : search;
  const row = shows === undefined || 'overList' in shows ? list : shows;
  return row?.capability?.include ?? [];
};

const readInclude = (
  context: Context,
  operation: string,
  asked: readonly Include[],
): ReadonlySet<Include> => {
  const told = asked.length === 0 ? [] : includesOf(context, operation);
  const missing = asked.find((name) => !told.includes(name));
  if (missing === undefined) return new Set(asked);
  throw new UnsupportedOperationError({
    message: `${notBegun(operation)}: ${context.spec.provider} cannot include the ${missing} there`,
    code: 'unsupported_include',
    provider: context.spec.provider,
    operation,
    outcome: 'not_sent',
  });
};

const readHeaders = (context: Context, operation: string, given: Readonly<Record<string, string>>) => {
  const headers: Record<string, string> = {};
  const { accountHeader = null } = context.connection;
  let account: string | null = null;
  // The header that chooses the account: of the settings, until one of the call takes its place.
  let chosenBy = context.connection.account === null ? null : accountHeader;
  for (const [name, value] of Object.entries(given)) {
    const lowerName = name.toLowerCase();
    const known = documentedHeader(context, lowerName);
    if (known === undefined) {
      const documented = Object.keys(context.spec.callHeaders ?? {});
      const instead = documented.length === 0 ? 'takes none' : `takes ${documented.join(', ')}`;
      const message = `holds a header that is not documented for callers: this provider ${instead}`;
      throw refuseInput(context, operation, [{ path: 'headers', message }]);
    }
    headers[lowerName] = value;
    if (!known.choosesAccount) continue;
    if (chosenBy !== null && chosenBy !== lowerName) {
      const message = `must name one account: ${lowerName} and ${chosenBy} exclude each other`;
      throw refuseInput(context, operation, [{ path: 'headers', message }]);
    }
    chosenBy = lowerName;
    account = value;
  }
  return { headers, account };
};

/** A call whose signal was aborted before anything was sent. */
export const abortedError = (run: CallContext): AbortError =>
  new AbortError({
    ...callFacts(run),
    message: `${run.operation} was aborted by its signal before it was sent`,
    outcome: 'not_sent',
  });

/** A lookup after 3-D Secure that only reads needs no key, though it takes one: at the next provider it may be a write. */
const needsKey = ({ spec, common }: Context, row: Operation, isWrite: boolean): boolean =>
  isWrite &&
  common.requireIdempotencyKey === true &&
  (row !== 'verify3DS' || spec.operations.verify3DS?.isWrite === true);

/** Starts a call: reads its options, sets its deadline, chooses its key. */
export const startCall = (
  context: Context,
  call: {
    readonly operation: string;
    readonly row: Operation;
    readonly isWrite: boolean;
    readonly target: string | null;
    readonly options: unknown;
  },
): CallContext => {
  const { operation } = call;
  const options: AnyOptions =
    call.options == null
      ? noOptions
      : checkInput(context, operation, schemaOf(operation, call.isWrite), call.options, {
          takesKey: call.isWrite,
        });
  if (options.idempotencyKey === undefined && needsKey(context, call.row, call.isWrite)) {
    throw refuseInput(context, operation, [
      { path: 'idempotencyKey', message: 'is required by the client settings' },
    ]);
  }
  const { headers, account: named } = readHeaders(context, operation, options.headers ?? {});
  const account = named ?? context.connection.account;
  const deadlineMs = options.deadlineMs ?? context.deadlineMs;
  const run: CallContext = {
    context,
    operation,
    row: call.row,
    isWrite: call.isWrite,
    target: call.target,
    idempotencyKey: call.isWrite ? (options.idempotencyKey ?? context.runtime.uuid()) : null,
    keyIsCallers: options.idempotencyKey !== undefined,
    account,
    scope: scopeOf(context, account),
    signal: options.signal ?? null,
    timeoutMs: options.timeoutMs ?? context.timeoutMs,
    deadline: context.runtime.monotonic() + deadlineMs,
    maxRetries: options.maxRetries ?? context.maxRetries,
    headers,
    include: readInclude(context, operation, options.include ?? []),
  };
  // A write is asked later: an earlier attempt with its key may have moved money.
  if (!call.isWrite && run.signal?.aborted) throw abortedError(run);
  return run;
};
