import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import { whenAborted, type Runtime } from '../runtime.js';
import type { AxiosInstanceLike } from '../settings.js';
import {
  cannotStart,
  ExchangeFailure,
  failedBeforeConnection,
  maxAnswerBytes,
  networkCodeOf,
  type Exchange,
  type ExchangeAnswer,
} from './exchange.js';
import { thisPlatform, type Platform } from './platform.js';
import { memberOf, isObject } from '../models/objects.js';

const untouched = (value: unknown): unknown => value;

/** How often an interceptor may ask again for the one answer before it is left waiting. */
const mostRepeats = 20;

/** What every attempt has in common: text in, text out, every status an answer, no redirects. */
const plainConfig = {
  responseType: 'text',
  transformResponse: [untouched],
  validateStatus: () => true,
  maxRedirects: 0,
  maxContentLength: maxAnswerBytes,
  maxBodyLength: Infinity,
} as const satisfies AxiosRequestConfig;

const plainHeaders = (headers: unknown): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) {
    if (typeof value === 'string' || typeof value === 'number') flat[name.toLowerCase()] = String(value);
    else if (Array.isArray(value)) flat[name.toLowerCase()] = value.join(', ');
  }
  return flat;
};

const answerOf = (response: { status: number; headers: unknown; data: unknown }): ExchangeAnswer => ({
  status: response.status,
  headers: plainHeaders(response.headers),
  // A caller's interceptor may have parsed the body.
  text:
    typeof response.data === 'string'
      ? response.data
      : response.data == null
        ? ''
        : JSON.stringify(response.data),
});

/** An interceptor may give anything, such as the body alone. */
const isResponse = (value: unknown): value is { status: number; headers: unknown; data: unknown } =>
  isObject(value) && Number.isInteger(value['status']) && 'data' in value;

/** A caller that passes its own adapter function is responsible for what it does. */
const isAdapter = (value: unknown): value is AxiosAdapter => typeof value === 'function';

/** Axios, asked for what an instance names: it throws where there is no such adapter. */
interface AdapterFinder {
  getAdapter(named: unknown, config: unknown): unknown;
}

/** What the instance sends with. Axios is loaded only to find an adapter by its name. */
const adapterOf = async ({ defaults }: AxiosInstanceLike): Promise<AxiosAdapter> => {
  const own = memberOf(defaults, 'adapter');
  if (isAdapter(own)) return own;
  let axios: AdapterFinder;
  try {
    axios = (await import('axios')).default;
  } catch (error) {
    throw cannotStart('axios could not be loaded', error);
  }
  let adapter: unknown;
  let cause: unknown;
  try {
    adapter = axios.getAdapter(own, defaults);
  } catch (error) {
    cause = error;
  }
  if (!isAdapter(adapter))
    throw cannotStart('the adapter of the given axios instance could not be used', cause);
  return adapter;
};

/** An axios instance of which at least one request interceptor can have failed before anything was dispatched. */
const hasRequestInterceptors = (caller: unknown): boolean => {
  if (typeof caller !== 'function') return false;
  const handlers = memberOf(memberOf(memberOf(caller, 'interceptors'), 'request'), 'handlers');
  return Array.isArray(handlers) && handlers.some((handler) => handler !== null);
};

/** The adapter that one attempt goes through, whoever calls it however often. */
class OneShot {
  /** The one call of the real adapter. */
  attempt: ReturnType<AxiosAdapter> | null = null;
  /** The word of the adapter alone: an interceptor may fail with a code of its own, such as that of a collector that is down. */
  ownFailure: unknown = null;
  /** Axios has begun to hand a request to an adapter. */
  wasDispatched = false;
  /** The call has ended, so nothing may be sent any more. */
  isClosed = false;
  #calls = 0;

  constructor(private readonly send: AxiosAdapter) {}

  readonly adapter: AxiosAdapter = (config) => this.call(this.send, config);

  /** Axios runs this on every body, directly before it takes the adapter. */
  readonly transformRequest = (() => {
    const watch = (config: { adapter?: unknown } | undefined): void => {
      this.wasDispatched = true;
      if (config === undefined || config.adapter === this.adapter) return;
      // An interceptor put in an adapter of its own: it gets the one attempt.
      const { adapter } = config;
      config.adapter = isAdapter(adapter)
        ? (given: Parameters<AxiosAdapter>[0]) => this.call(adapter, given)
        : this.adapter;
    };
    return function (this: { adapter?: unknown } | undefined, body: unknown): unknown {
      watch(this);
      return body;
    };
  })();

  private call(send: AxiosAdapter, config: Parameters<AxiosAdapter>[0]): ReturnType<AxiosAdapter> {
    this.wasDispatched = true;
    this.#calls += 1;
    // An interceptor that repeats until it likes the answer would never yield: it waits here until the time is up.
    if (this.#calls > mostRepeats) return new Promise(() => undefined);
    if (this.attempt === null) {
      if (this.isClosed) return Promise.reject(new Error('the call is over'));
      // An adapter that throws at once has made its one attempt, too.
      this.attempt = (async () => send(config))();
      this.attempt.catch((error: unknown) => {
        this.ownFailure = error;
      });
    }
    return this.attempt;
  }
}

/**
 * A caller's own instance (proxy, certificates, interceptors), through axios proper, forced to one attempt: a retry
 * interceptor that sends again gets the first failure back and nothing leaves a second time. Evidence comes from error
 * codes; everything that is not certainly before the connection counts as sent.
 */
export const createCallerExchange = (
  caller: AxiosInstanceLike,
  runtime: Runtime,
  platform: Platform = thisPlatform,
): Exchange => {
  const mayResend = platform.resends !== 'never';
  return async (request) => {
    if (request.freshConnection && mayResend) {
      throw cannotStart(
        `${platform.name} may send a request again over a connection of an axios instance, and this provider has no idempotency keys: leave the setting axios out`,
      );
    }
    const oneShot = new OneShot(await adapterOf(caller));
    if (request.signal?.aborted) throw new ExchangeFailure('aborted', false);
    const controller = new AbortController();
    let stopWaiting: (() => void) | undefined;
    // A field, because the compiler does not see that callbacks assign a variable.
    const stopped: { reason: 'timeout' | 'aborted' | null } = { reason: null };
    const stop = (reason: 'timeout' | 'aborted') => {
      stopped.reason ??= reason;
      oneShot.isClosed = true;
      controller.abort();
      stopWaiting?.();
    };
    const stopListening = whenAborted(request.signal, () => {
      stop('aborted');
    });
    const cancelTimer = runtime.timer(request.timeoutMs, () => {
      stop('timeout');
    });
    try {
      // The race, because an adapter or interceptor of the caller's may not listen to the signal.
      const stopping = new Promise<never>((_, reject) => {
        stopWaiting = () => {
          reject(new Error('stopped'));
        };
      });
      const responding: Promise<unknown> = caller.request({
        ...plainConfig,
        transformRequest: [oneShot.transformRequest],
        baseURL: undefined,
        url: request.url,
        method: request.method,
        headers: { ...request.headers },
        data: request.body ?? undefined,
        timeout: 0,
        signal: controller.signal,
        adapter: oneShot.adapter,
      });
      const response = await Promise.race([responding, stopping]);
      // Whatever an interceptor made of a failure of the one attempt, it stays a failure.
      const own = oneShot.attempt === null ? null : await Promise.race([oneShot.attempt, stopping]);
      if (isResponse(response)) return answerOf(response);
      if (own !== null) return answerOf(own);
      throw new ExchangeFailure('connection', true);
    } catch (error) {
      oneShot.isClosed = true;
      if (error instanceof ExchangeFailure) throw error;
      const { attempt, ownFailure, wasDispatched } = oneShot;
      const cause = attempt === null ? error : ownFailure;
      const networkCode = networkCodeOf(cause);
      const sent =
        attempt === null
          ? wasDispatched || !hasRequestInterceptors(caller)
          : mayResend || !failedBeforeConnection(networkCode);
      if (stopped.reason !== null) throw new ExchangeFailure(stopped.reason, sent);
      const tooLarge =
        networkCode === 'ERR_BAD_RESPONSE' &&
        cause instanceof Error &&
        cause.message.startsWith('maxContentLength');
      throw new ExchangeFailure(tooLarge ? 'too_large' : 'connection', sent, networkCode);
    } finally {
      cancelTimer();
      stopListening();
    }
  };
};
