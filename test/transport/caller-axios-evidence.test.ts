import axios, { AxiosError, type AxiosAdapter, type AxiosInstance } from 'axios';
import axiosRetry from 'axios-retry';
import { describe, expect, it, vi } from 'vitest';
import { createPin } from '../../src/providers/pin/index.js';
import { ChargesError } from '../../src/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { createCallerExchange } from '../../src/transport/axios-exchange.js';
import { ExchangeFailure, type ExchangeRequest } from '../../src/transport/exchange.js';
import { platformOf } from '../../src/transport/platform.js';

const refused = (): AxiosError => new AxiosError('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED');

const answering =
  (data = '{}'): AxiosAdapter =>
  (config) =>
    Promise.resolve({ status: 200, statusText: '', headers: {}, data, config });

/** An interceptor that tells every answer to a collector, which is down. */
const tellingACollector = (adapter: AxiosAdapter): AxiosInstance => {
  const instance = axios.create({ adapter });
  instance.interceptors.response.use(() => Promise.reject(refused()));
  return instance;
};

const requestOf = (more: Partial<ExchangeRequest> = {}): ExchangeRequest => ({
  method: 'POST',
  url: 'http://127.0.0.1:1/charges',
  headers: {},
  body: '',
  timeoutMs: 5_000,
  signal: null,
  freshConnection: true,
  ...more,
});

const failureOf = async (instance: AxiosInstance): Promise<ExchangeFailure> => {
  const exchange = createCallerExchange(instance, systemRuntime);
  const failing = exchange(requestOf());
  return failing.then(
    () => {
      throw new Error('it was to fail');
    },
    (error: unknown) => error as ExchangeFailure,
  );
};

describe('evidence of a request through an axios instance of the caller', () => {
  it('is that it was sent when an interceptor fails with a code of its own after the answer', async () => {
    const failure = await failureOf(tellingACollector(answering()));
    expect(failure).toBeInstanceOf(ExchangeFailure);
    expect(failure).toMatchObject({ reason: 'connection', sent: true, networkCode: null });
  });

  it('is that it was not sent when the connection itself was refused', async () => {
    const failure = await failureOf(axios.create({ adapter: () => Promise.reject(refused()) }));
    expect(failure).toMatchObject({ sent: false, networkCode: 'ECONNREFUSED' });
  });

  it('stays so when an interceptor turns the refusal into an error without a code', async () => {
    const instance = axios.create({ adapter: () => Promise.reject(refused()) });
    instance.interceptors.response.use(undefined, () => Promise.reject(new Error('upstream failed')));
    expect(await failureOf(instance)).toMatchObject({ sent: false });
  });

  it('is that it was sent when the connection was lost and a repeat of the interceptor is refused', async () => {
    const instance = axios.create({
      adapter: () => Promise.reject(new AxiosError('socket hang up', 'ECONNRESET')),
    });
    instance.interceptors.response.use(undefined, () => Promise.reject(refused()));
    expect(await failureOf(instance)).toMatchObject({ sent: true, networkCode: 'ECONNRESET' });
  });

  it('is that it was not sent when a request interceptor fails', async () => {
    const instance = axios.create({ adapter: answering() });
    instance.interceptors.request.use(() => Promise.reject(new Error('no token')));
    expect(await failureOf(instance)).toMatchObject({ sent: false });
  });
});

describe('an interceptor of the caller', () => {
  it('may unwrap the response: the answer of the adapter counts', async () => {
    const instance = axios.create({ adapter: answering('{"id":"ch_1"}') });
    instance.interceptors.response.use((response) => response.data as typeof response);
    const answer = await createCallerExchange(instance, systemRuntime)(requestOf());
    expect(answer).toMatchObject({ status: 200, text: '{"id":"ch_1"}' });
  });

  it('cannot make a success of a failure of the one attempt', async () => {
    const lost = new AxiosError('socket hang up', 'ECONNRESET');
    const instance = axios.create({ adapter: () => Promise.reject(lost) });
    instance.interceptors.response.use(undefined, () => ({ status: 201, headers: {}, data: '{}' }));
    expect(await failureOf(instance)).toMatchObject({ sent: true, networkCode: 'ECONNRESET' });
  });

  it('that swallows a failure leaves it a failure', async () => {
    const instance = axios.create({ adapter: () => Promise.reject(refused()) });
    instance.interceptors.response.use(undefined, () => undefined);
    expect(await failureOf(instance)).toMatchObject({ sent: false, networkCode: 'ECONNREFUSED' });
  });

  it('that brings an adapter of its own gets one attempt, and what it lost counts as sent', async () => {
    const own = vi.fn(() => Promise.reject(new Error('lost')));
    const instance = axios.create({ adapter: answering() });
    instance.interceptors.request.use((config) => ({ ...config, adapter: own }));
    axiosRetry(instance, { retries: 3, retryDelay: () => 1, retryCondition: () => true });
    expect(await failureOf(instance)).toMatchObject({ sent: true });
    expect(own).toHaveBeenCalledTimes(1);
  });

  it('that is still at it when the time is up sends nothing afterwards', async () => {
    const adapter = vi.fn(answering());
    const instance = axios.create({ adapter });
    let letGo: () => void = () => undefined;
    instance.interceptors.request.use(async (config) => {
      await new Promise<void>((resolve) => (letGo = resolve));
      // Even one that loses the signal of the call.
      return { ...config, signal: undefined } as unknown as typeof config;
    });
    const exchange = createCallerExchange(instance, systemRuntime);
    await expect(exchange(requestOf({ timeoutMs: 20 }))).rejects.toMatchObject({
      reason: 'timeout',
      sent: false,
    });
    letGo();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(adapter).not.toHaveBeenCalled();
  });
});

describe('an instance that is not axios itself', () => {
  it('counts as having sent when it fails without asking our adapter', async () => {
    const request = () => Promise.reject(new Error('socket hang up'));
    const exchange = createCallerExchange({ request, defaults: { adapter: answering() } }, systemRuntime);
    await expect(exchange(requestOf())).rejects.toMatchObject({ sent: true });
  });

  it('counts as having sent when it gives no response at all', async () => {
    const request = () =>
      Promise.resolve(undefined as unknown as { status: number; headers: object; data: string });
    const exchange = createCallerExchange({ request, defaults: { adapter: answering() } }, systemRuntime);
    await expect(exchange(requestOf())).rejects.toMatchObject({ sent: true });
  });
});

describe("a caller's own axios on a platform that sends again by itself", () => {
  const deno = platformOf({ process: { versions: {} }, Deno: {} });

  it('is refused where there are no keys', async () => {
    const adapter = vi.fn(answering());
    const exchange = createCallerExchange(axios.create({ adapter }), systemRuntime, deno);
    await expect(exchange(requestOf())).rejects.toMatchObject({ reason: 'cannot_start', sent: false });
    expect(adapter).not.toHaveBeenCalled();
  });

  it('proves nothing by a refused connection, which may be that of the second time', async () => {
    const instance = axios.create({ adapter: () => Promise.reject(refused()) });
    const exchange = createCallerExchange(instance, systemRuntime, deno);
    await expect(exchange(requestOf({ freshConnection: false }))).rejects.toMatchObject({ sent: true });
  });
});

describe('a charge whose answer an interceptor throws away', () => {
  it('is not sent again, and its outcome is unknown', async () => {
    let posts = 0;
    const adapter: AxiosAdapter = (config) => {
      posts += config.method === 'post' ? 1 : 0;
      return answering('{"response":[],"pagination":{"count":0}}')(config);
    };
    const client = createPin({
      secretKey: 'key_of_a_test',
      baseUrl: 'http://127.0.0.1:1',
      axios: tellingACollector(adapter),
      lookupFirst: false,
    });
    const params = {
      amount: 100,
      currency: 'AUD',
      source: { type: 'customer', customer: 'cus_1' } as const,
      description: 'Order',
      email: 'a@b.test',
      ip: '203.0.113.7',
    };
    const error = await client
      .create(params, { idempotencyKey: 'order-1' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChargesError);
    expect([(error as ChargesError).outcome, posts]).toEqual(['unknown', 1]);
  });
});
