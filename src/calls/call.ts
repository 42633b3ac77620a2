import type * as z from 'zod';
import { ChargesError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import type { Answered, Call, DriftKind, PageItems, ReportDrift, WireRequest } from '../provider.js';
import { loneSurrogate } from '../models/lone-surrogate.js';
import type { WireFields } from '../models/wire-fields.js';
import { ExchangeFailure } from '../transport/exchange.js';
import { stepKey } from '../transport/idempotency.js';
import { redactText } from '../transport/redact.js';
import type { Repeatability } from '../transport/retry.js';
import { newTrace, send, type SendTrace } from '../transport/send.js';
import { refuseInput } from './check-input.js';
import type { Context } from './context.js';
import { callFacts, exchangeError, invalidResponse, readRefusal, refusalError } from './failures.js';
import { readAnswer, readPageAnswer } from './read-answer.js';
import type { CallContext } from './start-call.js';
import { createAnswerChecks } from './whole-answers.js';
import { textsOf } from './wire-fields.js';
import { isObject, memberOf } from '../models/objects.js';

/** How one request of a call goes out. */
interface RequestMode {
  readonly repeatability: Repeatability;
  /** The provider's idempotency key of this request; null on reads and where the provider has none. */
  readonly key: string | null;
  readonly assertLease?: () => void;
  readonly trace?: SendTrace;
  /** What the row's `prepare` returned: reading a refusal may need it. */
  readonly prepared?: unknown;
  /** The caller's own wire fields in the request: errors must not repeat their values. */
  readonly wire?: WireFields | null | undefined;
  /** Where the items of a page are in the response. */
  readonly items?: PageItems | undefined;
}

/** Sends one request of a call and checks the response. Rejects with a `ChargesError`. */
export const sendChecked = async <Wire>(
  run: CallContext,
  request: WireRequest,
  response: z.ZodType<Wire>,
  mode: RequestMode,
  drift: ReportDrift,
): Promise<Answered<Wire>> => {
  const { context } = run;
  const { writeSafety } = context.spec;
  const trace = mode.trace ?? newTrace();
  let refusal: { readonly reported: () => readonly string[]; readonly call: Call } | null = null;
  // Created on the first refusal and shared by all attempts.
  const refusalContext = () => {
    if (refusal === null) {
      const { reported, drift: report } = reportOnce(drift);
      refusal = { reported, call: makeCall(run, { prepared: mode.prepared ?? null, drift: report }) };
    }
    return refusal;
  };
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
      classify: (answer) => readRefusal(run, answer, refusalContext().call),
      // If the access token was refused, this attempt was not sent, whatever happened at the token endpoint.
      errorOf: (refused) => refusalError({ ...run, isWrite: false }, refused, newTrace()),
      assertLease: mode.assertLease,
    });
    noteClock(context, sent.answer.headers['date']);
    if (sent.failure !== null) {
      const quoted = mode.wire == null ? [] : textsOf(mode.wire);
      throw refusalError(run, sent, trace, { drift: refusalContext().reported(), quoted });
    }
    const wire =
      mode.items === undefined
        ? readAnswer(run, response, sent.answer, drift)
        : readPageAnswer(run, response, mode.items, sent.answer, drift);
    return { wire, answer: sent.answer };
  } catch (error) {
    if (error instanceof ExchangeFailure) throw exchangeError(run, error, trace);
    // An error from fetching the access token lacks this call's facts and knows nothing of earlier attempts:
    // add both.
    if (error instanceof ChargesError) {
      const isOpen = run.isWrite && (trace.earlierMayHaveExecuted || trace.lastMayHaveExecuted);
      const outcome = isOpen && error.outcome === 'not_sent' ? ('unknown' as const) : error.outcome;
      throw withDetails(error, { ...callFacts(run), outcome });
    }
    // Once a response has arrived, no later error may report the request as not sent.
    if (trace.lastMayHaveExecuted) throw invalidResponse(run, 'the answer cannot be read');
    if (error instanceof RangeError) {
      throw refuseInput(context, run.operation, [{ path: 'id', message: error.message }], {
        idempotencyKey: run.idempotencyKey,
      });
    }
    if (error instanceof URIError) {
      throw refuseInput(context, run.operation, [{ path: '', message: `a text ${loneSurrogate}` }], {
        idempotencyKey: run.idempotencyKey,
      });
    }
    throw error;
  }
};

/** Reports each deviation of a refusal once per call, although every attempt is classified anew. */
const reportOnce = (drift: ReportDrift) => {
  const reported = new Set<string>();
  return {
    reported: () => [...reported],
    drift: (path: string, kind: DriftKind) => {
      const deviation = `${path} (${kind})`;
      if (reported.has(deviation)) return;
      reported.add(deviation);
      drift(path, kind);
    },
  };
};

/** Caches the last parsed `Date` header: all responses within one second have the same. */
let lastDate = { text: '', moment: Number.NaN };

const noteClock = (context: Context, date: string | undefined): void => {
  if (date === undefined) return;
  if (date !== lastDate.text) lastDate = { text: date, moment: Date.parse(date) };
  const { moment } = lastDate;
  if (!Number.isNaN(moment)) context.observed.clockOffsetMs = moment - context.runtime.now();
};

/** Collects drift; `finish` turns it into an error where the settings ask for it. */
export const collectDrift = (run: CallContext) => {
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
  run: CallContext,
  {
    prepared,
    drift = () => undefined,
    readItems,
  }: {
    readonly prepared: unknown;
    readonly drift?: (path: string, kind: DriftKind) => void;
    readonly readItems?: Call['readItems'];
  },
): Call => {
  let steps = 0;
  const checks = createAnswerChecks(callFacts(run), () =>
    run.isWrite && steps > 0 ? 'unknown' : 'not_sent',
  );
  return {
    settings: run.context.own,
    livemode: run.context.connection.livemode,
    account: run.account,
    include: run.include,
    idempotencyKey: run.idempotencyKey,
    prepared,
    drift,
    checkSame: checks.checkSame,
    nextCursor: checks.nextCursor,
    readPages: checks.readPages,
    readItems: readItems ?? checks.readItems,
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
      // A verification that reads may have to finish the payment.
      const sender = run.row === 'verify3DS' ? { ...run, isWrite: true } : run;
      const hasKeys = run.context.spec.writeSafety.kind === 'provider-key' && run.idempotencyKey !== null;
      return sendChecked(
        sender,
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

/**
 * Runs adapter code. Anything thrown that is not a `ChargesError` becomes an `InvalidResponseError`, or an
 * `AbortError` if the call's signal caused it. A synchronous result is returned synchronously.
 */
export const wrapAdapterErrors = <Output>(
  run: CallContext,
  work: () => Output | Promise<Output>,
): Output | Promise<Output> => {
  let output: Output | Promise<Output>;
  try {
    output = work();
  } catch (error) {
    throw adapterError(run, error);
  }
  return isThenable(output) ? awaited(run, output) : output;
};

/** The same for what has to be an object: an adapter that gives nothing, such as one without a `return`, is at fault, too. */
export const wrapAdapterObject = async <Output extends object>(
  run: CallContext,
  work: () => Output | Promise<Output>,
): Promise<Output> => {
  const output = await wrapAdapterErrors(run, work);
  if (!isObject(output)) throw invalidResponse(run, 'the adapter gave nothing where an object was needed');
  return output;
};

/** An adapter in plain JavaScript may return any thenable. */
const isThenable = <Output>(output: Output | Promise<Output>): output is Promise<Output> =>
  typeof memberOf(output, 'then') === 'function';

const awaited = async <Output>(run: CallContext, output: Promise<Output>): Promise<Output> => {
  try {
    return await output;
  } catch (error) {
    throw adapterError(run, error);
  }
};

const adapterError = (run: CallContext, error: unknown): ChargesError => {
  if (error instanceof ChargesError) return error;
  if (run.signal?.aborted && error === run.signal.reason)
    // A write that already has its response must never be reported as `not_sent`.
    return exchangeError(run, new ExchangeFailure('aborted', run.isWrite), {
      ...newTrace(),
      lastMayHaveExecuted: run.isWrite,
    });
  return invalidResponse(run, 'the answer cannot be read');
};
