import axios, { AxiosError, type AxiosAdapter, type AxiosInstance } from 'axios';
import { describe, expect, it } from 'vitest';
import { createPin } from '../../src/providers/pin/index.js';
import { ChargesError } from '../../src/index.js';
import { systemRuntime } from '../../src/runtime.js';
import { createCallerExchange } from '../../src/transport/axios-exchange.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';

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

const failureOf = async (instance: AxiosInstance): Promise<ExchangeFailure> => {
  const exchange = createCallerExchange(instance, systemRuntime);
  const failing = exchange({
    method: 'POST',
    url: 'http://127.0.0.1:1/charges',
    headers: {},
    body: '',
    timeoutMs: 5_000,
    signal: null,
    freshConnection: true,
  });
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
