import type { EventOfCall } from '../models/client-event.js';
import type {
  AuthorizationTools,
  Connection,
  ProviderFailure,
  WireAnswer,
  WireRequest,
} from '../provider.js';
import { whenAborted, type Runtime } from '../runtime.js';
import { encodeBody, fillRoute } from './encode.js';
import { ExchangeFailure, isPermanent, type Exchange } from './exchange.js';
import { parseResponse, type AnswerReader } from './parse-response.js';
import { requestHeaders } from './request-headers.js';
import { decideRetry, parseRetryAfter, type AttemptFailure, type Repeatability } from './retry.js';

/** What every request of one client shares. */
export interface Transport extends AnswerReader {
  readonly provider: string;
  readonly exchange: Exchange;
  readonly runtime: Runtime;
  readonly baseUrl: string;
  /** Scheme, host and port of the base address. */
  readonly origin: string;
  readonly connection: Connection;
  readonly userAgent: string;
  readonly shouldRetryHeader: string | null;
  readonly rateLimitMeansNotExecuted: boolean;
  readonly emit: (event: EventOfCall) => void;
  /** Whether anybody listens: otherwise no event is made. */
  isWatched(): boolean;
  /** The number of the next attempt among all of its call. */
  nextExchange(): number;
}

/** What one request adds. */
export interface SendOptions {
  readonly operation: string;
  readonly repeatability: Repeatability;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  /** On the monotonic clock. */
  readonly deadline: number;
  readonly signal: AbortSignal | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly idempotency: { readonly header: string; readonly key: string } | null;
  readonly freshConnection: boolean;
  /** False for the request that fetches the authorization itself. */
  readonly authorized: boolean;
  readonly trace: SendTrace;
  classify(answer: WireAnswer): ProviderFailure;
  /** The error of a refused request for authorization. */
  errorOf(refused: Refused): Error;
  /** Called directly before the first byte of every attempt; what it throws stops the request unsent. */
  readonly assertLease?: (() => void) | undefined;
}

/** Whether a request may have been executed, kept across its attempts. */
export interface SendTrace {
  /** An attempt before the last one may have been executed. */
  earlierMayHaveExecuted: boolean;
  /** The last attempt may have been executed. */
  lastMayHaveExecuted: boolean;
}

export const newTrace = (): SendTrace => ({ earlierMayHaveExecuted: false, lastMayHaveExecuted: false });

const noHeaders: Readonly<Record<string, string>> = {};

/** A final response that is a refusal, with its meaning. */
export interface Refused {
  readonly answer: WireAnswer;
  readonly failure: ProviderFailure;
  readonly retryAfterMs: number | null;
}

/** A final response: a success without `failure`, or a refusal. */
export type Sent = Refused | (Omit<Refused, 'failure'> & { readonly failure: null });

/**
 * Sends one request, in as many attempts as are safe. Resolves with the final response, whatever its status;
 * rejects with the last `ExchangeFailure`, or with what `assertLease` or the authorization threw.
 */
export const send = async (
  transport: Transport,
  request: WireRequest,
  options: SendOptions,
): Promise<Sent> => {
  const { runtime, connection, emit } = transport;
  const { trace } = options;
  const url = transport.baseUrl + fillRoute(request);
  // Serialized once: every attempt carries the same bytes.
  const { body, contentType } = encodeBody(request);
  let rejectedAuthorization: Readonly<Record<string, string>> | null = null;
  let hasRenewedAuthorization = false;

  for (let attempt = 1; ; attempt += 1) {
    let authorization = noHeaders;
    if (options.authorized) {
      const made = authorizeInTime(transport, options, rejectedAuthorization);
      authorization = made instanceof Promise ? await made : made;
    }
    rejectedAuthorization = null;
    const remainingMs = options.deadline - runtime.monotonic();
    if (options.signal?.aborted) throw new ExchangeFailure('aborted', false);
    if (remainingMs <= 0) throw new ExchangeFailure('timeout', false);
    options.assertLease?.();

    const startedAt = runtime.monotonic();
    trace.earlierMayHaveExecuted ||= trace.lastMayHaveExecuted;
    const facts = {
      provider: transport.provider,
      operation: options.operation,
      method: request.method,
      route: request.route,
      attempt,
      exchange: transport.nextExchange(),
    };
    if (transport.isWatched())
      emit({
        type: 'request',
        ...facts,
        idempotencyKey: options.idempotency?.key ?? null,
        origin: transport.origin,
      });
    const headers = requestHeaders(
      transport.userAgent,
      contentType,
      authorization,
      // The account that a call names beats the one of the settings; callers can set documented headers only.
      request.headers,
      options.headers,
    );
    if (options.idempotency !== null)
      headers[options.idempotency.header.toLowerCase()] = options.idempotency.key;
    let final: Sent | ExchangeFailure;
    let failure: AttemptFailure;
    // From here on the request counts as possibly executed, until the response or the exchange failure proves
    // otherwise.
    trace.lastMayHaveExecuted = true;
    try {
      const raw = await transport.exchange({
        method: request.method,
        url,
        headers,
        body,
        timeoutMs: Math.min(options.timeoutMs, remainingMs),
        signal: options.signal,
        freshConnection: options.freshConnection,
      });
      const answer = parseResponse(transport, raw);
      if (transport.isWatched()) {
        const durationMs = Math.round(runtime.monotonic() - startedAt);
        emit({ type: 'response', ...facts, status: answer.status, requestId: answer.requestId, durationMs });
      }
      const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], runtime.now());
      if (answer.status >= 200 && answer.status < 300) return { answer, failure: null, retryAfterMs };
      const refusal = options.classify(answer);
      // A proxy can answer 401, too: only the provider's own error body proves that nothing was executed.
      trace.lastMayHaveExecuted = refusal.outcome === 'unknown';
      if (
        answer.status === 401 &&
        options.authorized &&
        connection.renewsAuthorization === true &&
        !hasRenewedAuthorization
      ) {
        hasRenewedAuthorization = true;
        if (options.repeatability !== 'once' || !trace.lastMayHaveExecuted) {
          rejectedAuthorization = authorization;
          continue;
        }
        await renewForLater(transport, options, authorization);
      }
      final = { answer, failure: refusal, retryAfterMs };
      failure = {
        type: 'refusal',
        kind: refusal.kind,
        outcome: refusal.outcome,
        shouldRetry: shouldRetryOf(transport, answer),
        retryAfterMs,
        // An HTML or empty 429 comes from a proxy before the provider and proves nothing.
        definitelyNotExecuted:
          refusal.kind === 'rate_limit' &&
          refusal.outcome === 'rejected' &&
          transport.rateLimitMeansNotExecuted &&
          answer.body !== undefined,
      };
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      trace.lastMayHaveExecuted = error.sent;
      const durationMs = Math.round(runtime.monotonic() - startedAt);
      emit({ type: 'no_answer', ...facts, reason: error.message, sent: error.sent, durationMs });
      final = error;
      failure = {
        type: 'no_answer',
        sent: error.sent,
        reason: error.reason,
        isPermanent: isPermanent(error.networkCode),
      };
    }

    const decision = decideRetry({
      repeatability: options.repeatability,
      attempts: attempt,
      maxRetries: options.maxRetries,
      failure,
      remainingMs: options.deadline - runtime.monotonic(),
      random: runtime.random(),
    });
    if (!decision.retry) {
      if (final instanceof ExchangeFailure) throw final;
      return final;
    }
    emit({ type: 'retry', ...facts, delayMs: decision.delayMs });
    try {
      await runtime.sleep(decision.delayMs, options.signal ?? undefined);
    } catch {
      throw new ExchangeFailure('aborted', trace.lastMayHaveExecuted);
    }
  }
};

/** The token request may be shared with another call: this call still keeps its own deadline and signal. */
const authorizeInTime = (
  transport: Transport,
  options: SendOptions,
  rejectedAuthorization: AuthorizationTools['refused'],
): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>> => {
  const headers = authorize(transport, options, rejectedAuthorization);
  if (!(headers instanceof Promise)) return headers;
  return new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
    const stopListening = whenAborted(options.signal, () => {
      reject(new ExchangeFailure('aborted', false));
    });
    const cancel = transport.runtime.timer(options.deadline - transport.runtime.monotonic(), () => {
      reject(new ExchangeFailure('timeout', false));
    });
    headers.then(resolve, reject).finally(() => {
      cancel();
      stopListening();
    });
  });
};

/** Lets the next call have a good authorization. This one may have been executed, and ends with what is known. */
const renewForLater = async (
  transport: Transport,
  options: SendOptions,
  refused: Readonly<Record<string, string>>,
): Promise<void> => {
  try {
    await authorizeInTime(transport, options, refused);
  } catch {
    // The next call asks again.
  }
};

const authorize = (
  transport: Transport,
  options: SendOptions,
  rejectedAuthorization: AuthorizationTools['refused'],
) =>
  transport.connection.headers({
    refused: rejectedAuthorization,
    now: () => transport.runtime.now(),
    send: async (request) => {
      const sent = await send(transport, request, {
        ...options,
        // A token request moves no money and may be repeated.
        repeatability: 'read',
        idempotency: null,
        authorized: false,
        trace: newTrace(),
        assertLease: () => undefined,
      });
      if (sent.failure !== null) throw options.errorOf(sent);
      return sent.answer;
    },
  });

const shouldRetryOf = (transport: Transport, answer: WireAnswer): boolean | null => {
  const advice =
    transport.shouldRetryHeader === null ? undefined : answer.headers[transport.shouldRetryHeader];
  return advice === 'true' ? true : advice === 'false' ? false : null;
};
