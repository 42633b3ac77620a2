import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import type { Runtime } from '../runtime.js';
import type { AxiosInstanceLike } from '../settings.js';
import {
  ExchangeFailure,
  failedBeforeConnection,
  maxAnswerBytes,
  networkCodeOf,
  type Exchange,
  type ExchangeAnswer,
} from './exchange.js';
import { createNodeExchange } from './node-exchange.js';

/** Loaded at the first request: importing this library must not cost what importing axios costs. */
const loadAxios = async () => (await import('axios')).default;

const untouched = (value: unknown): unknown => value;

/** How often an interceptor may ask again for the one answer before it is left waiting. */
const mostRepeats = 20;

/** What every attempt has in common: text in, text out, every status an answer, no redirects. */
const plainConfig = {
  responseType: 'text',
  transformRequest: [untouched],
  transformResponse: [untouched],
  validateStatus: () => true,
  maxRedirects: 0,
  maxContentLength: maxAnswerBytes,
  maxBodyLength: Infinity,
} as const satisfies AxiosRequestConfig;

const plainHeaders = (headers: unknown): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries((headers ?? {}) as Record<string, unknown>)) {
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

/** The default: an axios instance of our own around node:http(s), with evidence whether a byte left. */
export const createDefaultExchange = (runtime: Runtime): Exchange => {
  const overNode = createNodeExchange(runtime);
  let instance: Promise<AxiosInstanceLike> | undefined;
  return async (request) => {
    instance ??= loadAxios().then((axios) => axios.create({ ...plainConfig, proxy: false }));
    const adapter: AxiosAdapter = async (config) => {
      const { status, headers, text } = await overNode(request);
      return { status, statusText: '', headers, data: text, config };
    };
    return answerOf(await (await instance).request({ url: request.url, method: request.method, adapter }));
  };
};

/**
 * A caller's own instance (proxy, certificates, interceptors), through axios proper, forced to one attempt: a retry
 * interceptor that sends again gets the first failure back and nothing leaves a second time. Evidence comes from error
 * codes; everything that is not certainly before the connection counts as sent.
 */
export const createCallerExchange = (caller: AxiosInstanceLike, runtime: Runtime): Exchange => {
  return async (request) => {
    const axios = await loadAxios();
    const own: unknown = caller.defaults.adapter;
    const send = axios.getAdapter(own as Parameters<typeof axios.getAdapter>[0]);
    let attempt: ReturnType<AxiosAdapter> | undefined;
    // The word of the adapter alone: an interceptor may fail with a code of its own, such as that of a collector that is down.
    let ownFailure: unknown;
    let calls = 0;
    const oneShot: AxiosAdapter = (config) => {
      calls += 1;
      // An interceptor that repeats until it likes the answer would never yield: it waits here until the time is up.
      if (calls > mostRepeats) return new Promise(() => undefined);
      if (attempt === undefined) {
        // An adapter that throws at once has made its one attempt, too.
        attempt = (async () => send(config))();
        attempt.catch((error: unknown) => {
          ownFailure = error;
        });
      }
      return attempt;
    };

    const controller = new AbortController();
    let stopWaiting: (() => void) | undefined;
    // A field, because the compiler does not see that callbacks assign a variable.
    const stopped: { reason: 'timeout' | 'aborted' | null } = { reason: null };
    const stop = (reason: 'timeout' | 'aborted') => {
      stopped.reason ??= reason;
      controller.abort();
      stopWaiting?.();
    };
    const onAbort = () => {
      stop('aborted');
    };
    if (request.signal?.aborted) throw new ExchangeFailure('aborted', false);
    request.signal?.addEventListener('abort', onAbort, { once: true });
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
      const responding = caller.request({
        ...plainConfig,
        baseURL: undefined,
        url: request.url,
        method: request.method,
        headers: { ...request.headers },
        data: request.body ?? undefined,
        timeout: 0,
        signal: controller.signal,
        adapter: oneShot,
      });
      return answerOf(await Promise.race([responding, stopping]));
    } catch (error) {
      // A request interceptor that failed never reached the adapter.
      const networkCode = networkCodeOf(attempt === undefined ? error : ownFailure);
      const sent = attempt !== undefined && !failedBeforeConnection(networkCode);
      if (stopped.reason !== null) throw new ExchangeFailure(stopped.reason, sent);
      const tooLarge =
        networkCode === 'ERR_BAD_RESPONSE' &&
        error instanceof Error &&
        error.message.startsWith('maxContentLength');
      throw new ExchangeFailure(tooLarge ? 'too_large' : 'connection', sent, networkCode);
    } finally {
      cancelTimer();
      request.signal?.removeEventListener('abort', onAbort);
    }
  };
};
