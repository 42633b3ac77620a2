import type * as z from 'zod';
import type { Operation } from '../charges-client.js';
import { AbortError, ChargesError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { Answered, Call, DriftKind, ReportDrift, WireRequest } from '../provider.js';
import { ExchangeFailure } from '../transport/exchange.js';
import { stepKey } from '../transport/idempotency.js';
import { redactText } from '../transport/redact.js';
import type { Repeatability } from '../transport/retry.js';
import { newTrace, send, type SendTrace } from '../transport/send.js';
import { callOptionsSchema, writeOptionsSchema } from './call-options.js';
import { checkInput, refuseInput } from './check-input.js';
import { scopeOf, type Context } from './context.js';
import { callFacts, exchangeError, invalidResponse, readRefusal, refusalError } from './failures.js';
import { readAnswer } from './read-answer.js';
import { createAnswerChecks } from './whole-answers.js';

/** One call of one method, from its options to its deadline. */
export interface CallRun {
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
}

const readHeaders = (context: Context, operation: string, given: Readonly<Record<string, string>>) => {
  const headers: Record<string, string> = {};
  const { accountHeader = null } = context.connection;
  let account: string | null = null;
  // The header that chooses the account: of the settings, until one of the call takes its place.
  let chosenBy = context.connection.account === null ? null : accountHeader;
  for (const [name, value] of Object.entries(given)) {
    const documented = context.spec.callHeaders ?? {};
    const lowerName = name.toLowerCase();
    // A name such as `constructor` is found in every object.
    const known = Object.hasOwn(documented, lowerName) ? documented[lowerName] : undefined;
    if (known === undefined) {
      throw refuseInput(context, operation, [
        { path: 'headers', message: 'holds a header that this provider does not document for callers' },
      ]);
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
export const abortedError = (run: CallRun): AbortError =>
  new AbortError({
    ...callFacts(run),
    message: `${run.operation} was aborted by its signal before it was sent`,
    outcome: 'not_sent',
  });

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
): CallRun => {
  const { operation } = call;
  const schema: z.ZodType<z.output<typeof writeOptionsSchema>> = call.isWrite
    ? writeOptionsSchema
    : callOptionsSchema;
  const options = checkInput(context, operation, schema, call.options ?? {}, {
    takesKey: call.isWrite,
  });
  if (call.isWrite && options.idempotencyKey === undefined && context.common.requireIdempotencyKey === true) {
    throw refuseInput(context, operation, [
      { path: 'idempotencyKey', message: 'is required by the client settings' },
    ]);
  }
  const { headers, account: named } = readHeaders(context, operation, options.headers ?? {});
  const account = named ?? context.connection.account;
  const deadlineMs = options.deadlineMs ?? context.deadlineMs;
  const run: CallRun = {
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
  };
  // A write is asked later: an earlier attempt with its key may have moved money.
  if (!call.isWrite && run.signal?.aborted) throw abortedError(run);
  return run;
};

/** How one request of a call goes out. */
interface RequestMode {
  readonly repeatability: Repeatability;
  /** The provider's idempotency key of this request; null on reads and where the provider has none. */
  readonly key: string | null;
  readonly permit?: () => void;
  readonly trace?: SendTrace;
  /** What the row's preparation returned: the reading of a refusal may need it. */
  readonly prepared?: unknown;
}

/** Sends one request of a call and checks the answer. Rejects with a `ChargesError`. */
export const sendChecked = async <Wire>(
  run: CallRun,
  request: WireRequest,
  response: z.ZodType<Wire>,
  mode: RequestMode,
  drift: ReportDrift,
): Promise<Answered<Wire>> => {
  const { context } = run;
  const { writeSafety } = context.spec;
  const trace = mode.trace ?? newTrace();
  const refusalDrift = tellOnce(drift);
  const call = makeCall(run, { prepared: mode.prepared ?? null, drift: refusalDrift.drift });
  try {
    const sent = await send(context.transport, request, {
      operation: run.operation,
      repeatability: mode.repeatability,
      maxRetries: run.maxRetries,
      timeoutMs: run.timeoutMs,
      deadline: run.deadline,
      signal: run.signal,
      headers: run.headers,
      idempotency:
        mode.key !== null && writeSafety.kind === 'provider-key'
          ? { header: writeSafety.header, key: mode.key }
          : null,
      freshConnection: mode.repeatability === 'once',
      authorized: true,
      trace,
      classify: (answer) => readRefusal(run, answer, call),
      // A token that was refused means that this attempt never left, whatever the token endpoint did.
      errorOf: (refused) => refusalError({ ...run, isWrite: false }, refused, newTrace()),
      ...(mode.permit === undefined ? {} : { permit: mode.permit }),
    });
    noteClock(context, sent.answer.headers['date']);
    if (sent.failure !== null) throw refusalError(run, sent, trace, refusalDrift.told());
    const wire = readAnswer(run, response, sent.answer, drift);
    return { wire, answer: sent.answer };
  } catch (error) {
    if (error instanceof ExchangeFailure) throw exchangeError(run, error, trace);
    // What asking for the authorization threw knows neither which call it was for, nor what an earlier attempt did.
    if (error instanceof ChargesError) {
      const isOpen = run.isWrite && (trace.earlierMayHaveExecuted || trace.lastMayHaveExecuted);
      const outcome = isOpen && error.outcome === 'not_sent' ? ('unknown' as const) : error.outcome;
      throw withDetails(error, { ...callFacts(run), outcome });
    }
    // After an answer arrived nothing that goes wrong may look as if nothing had been sent.
    if (trace.lastMayHaveExecuted) throw invalidResponse(run, 'the answer cannot be read');
    if (error instanceof RangeError) {
      throw refuseInput(context, run.operation, [{ path: 'id', message: error.message }], {
        idempotencyKey: run.idempotencyKey,
      });
    }
    if (error instanceof URIError) {
      throw refuseInput(
        context,
        run.operation,
        [{ path: '', message: 'a text holds half a character (a lone surrogate)' }],
        {
          idempotencyKey: run.idempotencyKey,
        },
      );
    }
    throw error;
  }
};

/** The drift of refusals: every attempt is read anew, and what one of them told is told already. */
const tellOnce = (drift: ReportDrift) => {
  const told = new Set<string>();
  return {
    told: () => [...told],
    drift: (path: string, kind: DriftKind) => {
      const words = `${path} (${kind})`;
      if (told.has(words)) return;
      told.add(words);
      drift(path, kind);
    },
  };
};

const noteClock = (context: Context, date: string | undefined): void => {
  const moment = date === undefined ? Number.NaN : Date.parse(date);
  if (!Number.isNaN(moment)) context.observed.clockOffsetMs = moment - context.runtime.now();
};

/** Collects drift; `finish` turns it into an error where the settings ask for it. */
export const collectDrift = (run: CallRun) => {
  const seen: string[] = [];
  return {
    drift: (at: string, kind: DriftKind) => {
      // A path names fields, and a field may be named after anything.
      const path = redactText(at, run.context.secrets);
      seen.push(`${path} (${kind})`);
      run.context.emit({
        type: 'drift',
        provider: run.context.spec.provider,
        operation: run.operation,
        path,
        kind,
      });
    },
    finish: (chargeId: string | null) => {
      if (run.context.common.strictResponses !== true || seen.length === 0) return;
      throw invalidResponse(run, `the answer deviates from what is known: ${[...new Set(seen)].join(', ')}`, {
        code: 'drift',
        chargeId,
      });
    },
  };
};

/** What a row may use during a call. Further writes get derived keys and are repeated only where the key makes that safe. */
export const makeCall = (
  run: CallRun,
  {
    prepared,
    drift = () => undefined,
  }: { readonly prepared: unknown; readonly drift?: (path: string, kind: DriftKind) => void },
): Call => {
  let steps = 0;
  return {
    settings: run.context.own,
    livemode: run.context.connection.livemode,
    account: run.account,
    idempotencyKey: run.idempotencyKey,
    prepared,
    drift,
    ...createAnswerChecks(callFacts(run), () => (run.isWrite && steps > 0 ? 'unknown' : 'not_sent')),
    now: () => run.context.runtime.now(),
    sleep: (milliseconds) => run.context.runtime.sleep(milliseconds, run.signal ?? undefined),
    send: (request, response) => {
      if (request.method === 'GET') {
        return sendChecked(
          { ...run, isWrite: false },
          request,
          response,
          { repeatability: 'read', key: null, prepared },
          drift,
        );
      }
      steps += 1;
      const hasKeys = run.context.spec.writeSafety.kind === 'provider-key' && run.idempotencyKey !== null;
      return sendChecked(
        run,
        request,
        response,
        hasKeys
          ? { repeatability: 'provider-key', key: stepKey(run.idempotencyKey, steps), prepared }
          : { repeatability: 'once', key: null, prepared },
        drift,
      );
    },
  };
};

/** Runs something of a row; whatever it throws that is no error of ours is a fault of the answer or the adapter. */
export const guard = async <Output>(run: CallRun, work: () => Output | Promise<Output>): Promise<Output> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChargesError) throw error;
    if (run.signal?.aborted && error === run.signal.reason)
      // Whoever guards a write after its answer must not hear that nothing was sent.
      throw exchangeError(run, new ExchangeFailure('aborted', run.isWrite), {
        ...newTrace(),
        lastMayHaveExecuted: run.isWrite,
      });
    throw invalidResponse(run, 'the answer cannot be read');
  }
};
