import { CardError, ChargesError } from '../errors.js';
import type { EventOfCall, ResolvedBy } from '../models/client-event.js';
import { isShownId } from '../transport/redact.js';
import { callerKeyIn } from './caller-key.js';
import { documentedHeader, type Context } from './context.js';
import { memberOf, isFunction, derivedFrom } from '../models/objects.js';
import { withMethods, type Method } from './methods.js';

/** A call as its events name it: its options may be anything yet. */
interface WatchedCall {
  readonly operation: string;
  readonly options: unknown;
  /** The key that the call is about where it does not stand in its options. */
  readonly key?: string | null;
}

/** What a header of an account may hold to be shown. */
const accountShape = /^[\x21-\x7e]{1,200}$/;

/** The account of a call, by its still unchecked options, else by the settings. */
const accountIn = (context: Context, options: unknown): string | null => {
  const { connection, secrets } = context;
  let { account } = connection;
  try {
    const headers = memberOf(options, 'headers');
    for (const [name, value] of Object.entries(headers ?? {})) {
      const known = documentedHeader(context, name.toLowerCase());
      if (known?.choosesAccount === true && typeof value === 'string') account = value;
    }
  } catch {
    // A getter or a proxy of the caller's threw: the call itself will say so.
  }
  return account !== null && accountShape.test(account) && isShownId(account, secrets) ? account : null;
};

/** The end of a call that failed. An unexpected error leaves open whether money moved. */
const endOf = (error: unknown) =>
  error instanceof ChargesError
    ? {
        outcome: error.outcome,
        errorName: error.name,
        errorCode: error.code,
        declineCode: error instanceof CardError ? error.declineCode : null,
      }
    : { outcome: 'unknown' as const, errorName: 'Error', errorCode: null, declineCode: null };

/** What decided a failed call: nothing, where its outcome is open or it never left. */
const deciderOf = (error: unknown, noted: ResolvedBy | null, attempts: number): ResolvedBy | null => {
  if (!(error instanceof ChargesError) || error.outcome === 'unknown') return null;
  if (error.outcome === 'not_sent') return error.statusCode === null ? null : 'response';
  // A refusal without a request is one that was recorded.
  return noted ?? (attempts > 0 ? 'response' : 'record');
};

/**
 * Runs one call with its own context, whose events carry the call's id and key. Without a listener the
 * client's context is used as it is, at no cost.
 */
export const watchCall = async <Output>(
  context: Context,
  call: WatchedCall,
  work: (own: Context) => Output | Promise<Output>,
): Promise<Output> => {
  if (!context.isWatched()) return work(context);
  const { runtime, spec } = context;
  const named = { provider: spec.provider, operation: call.operation };
  const facts = {
    callId: runtime.uuid(),
    callKey: call.key ?? callerKeyIn(call.options),
    account: accountIn(context, call.options),
  };
  const startedAt = runtime.monotonic();
  let attempts = 0;
  let noted: ResolvedBy | null | undefined;
  const emit = (event: EventOfCall): void => {
    // Each event is made for this moment, and nobody else has it: a copy would cost more than all the rest.
    context.tell(Object.assign(event, facts));
  };
  const own = derivedFrom(context, {
    emit,
    transport: derivedFrom(context.transport, { emit, nextExchange: () => (attempts += 1) }),
    protocol: derivedFrom(context.protocol, { emit }),
    noteResolvedBy: (by: ResolvedBy | null) => {
      noted = by;
    },
  });
  emit({ type: 'call_started', ...named });
  const end = () => ({ durationMs: Math.round(runtime.monotonic() - startedAt), attempts });
  try {
    const output = await work(own);
    const resolvedBy = noted === undefined ? (attempts > 0 ? 'response' : null) : noted;
    emit({
      type: 'call_ended',
      ...named,
      outcome: 'succeeded',
      errorName: null,
      errorCode: null,
      declineCode: null,
      ...end(),
      resolvedBy,
    });
    return output;
  } catch (error) {
    const resolvedBy = deciderOf(error, noted ?? null, attempts);
    emit({ type: 'call_ended', ...named, ...endOf(error), ...end(), resolvedBy });
    throw error;
  }
};

/** Methods that report each page or write as a call of its own, and `supports`, which sends nothing. */
const toldInside: ReadonlySet<string> = new Set([
  'list',
  'search',
  'reconcile',
  'reconcilePending',
  'supports',
]);

/** `reverse` is `void` under another name, in events as in errors and records. */
const operationOf = (method: string): string => (method === 'reverse' ? 'void' : method);

/**
 * Wraps the methods of a client so that each call emits events. `methodsIn` makes them for the context of one
 * call.
 */
export const watchCalls = <Methods extends object>(
  context: Context,
  methodsIn: (own: Context) => Methods,
): Methods =>
  withMethods(methodsIn(context), (name, member) => {
    if (toldInside.has(name)) return member;
    const { length } = member;
    const watched: Method = (...given) => {
      if (!context.isWatched()) return member(...given);
      const options = name === 'parseWebhook' ? undefined : given[length - 1];
      return watchCall(context, { operation: operationOf(name), options }, (own) => {
        const method = memberOf(methodsIn(own), name);
        return isFunction(method) ? method(...given) : undefined;
      });
    };
    return Object.defineProperty(watched, 'length', { value: length, configurable: true });
  });
