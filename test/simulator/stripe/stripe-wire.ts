import type { Delivery, SimulatedProviders, SimulatedProvidersOptions } from '../../../src/testing/index.js';
import { createSimulatedProviders } from '../../../src/testing/index.js';
import { createVirtualTime, type VirtualTime } from '../../virtual-time.js';

/** Parameters as a test writes them; `undefined` is left out. */
export interface WireParams {
  [name: string]: string | number | boolean | readonly (string | WireParams)[] | WireParams | undefined;
}

/** An answer as a test reads it. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  // Tests look into answers of every kind.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** Stripe, driven in memory with the bytes that any client would send. */
export interface StripeWire {
  simulated: SimulatedProviders;
  time: VirtualTime;
  send(
    method: string,
    path: string,
    params?: WireParams,
    headers?: Record<string, string>,
  ): Promise<WireAnswer>;
  deliver(
    method: string,
    path: string,
    params?: WireParams,
    headers?: Record<string, string>,
  ): Promise<Delivery>;
  get(path: string, params?: WireParams, headers?: Record<string, string>): Promise<WireAnswer>;
  post(path: string, params?: WireParams, headers?: Record<string, string>): Promise<WireAnswer>;
}

export const encode = (params: WireParams, parent?: string): string =>
  Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const key = parent === undefined ? name : `${parent}[${name}]`;
      if (Array.isArray(value))
        return encode(Object.fromEntries(value.map((each, index) => [index, each])), key);
      if (typeof value === 'object') return encode(value as WireParams, key);
      return `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`;
    })
    .filter((pair) => pair !== '')
    .join('&');

export const createStripeWire = (options: Partial<SimulatedProvidersOptions> = {}): StripeWire => {
  const time = createVirtualTime();
  const simulated = createSimulatedProviders({
    runtime: time.runtime,
    seed: 1,
    providers: ['stripe'],
    ...options,
  });
  const authorization = `Bearer ${simulated.settings('stripe').secretKey}`;

  const deliver: StripeWire['deliver'] = (method, path, params = {}, headers = {}) => {
    const encoded = encode(params);
    return simulated.handle('stripe', {
      method,
      path,
      query: method === 'GET' ? encoded : '',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: method === 'GET' ? '' : encoded,
    });
  };
  const send: StripeWire['send'] = async (...request) => {
    const delivery = await deliver(...request);
    if (delivery.outcome !== 'answered') throw new Error(`No answer: ${delivery.outcome}.`);
    const { status, headers, body } = delivery.response;
    return { status, headers, body: JSON.parse(body) };
  };
  return {
    simulated,
    time,
    deliver,
    send,
    get: (path, params, headers) => send('GET', path, params, headers),
    post: (path, params, headers) => send('POST', path, params, headers),
  };
};

/** Parameters of an intent that is confirmed at once. */
export const confirmed = (params: WireParams = {}): WireParams => ({
  amount: 4590,
  currency: 'eur',
  confirm: true,
  payment_method: 'pm_card_visa',
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  ...params,
});

/** Parameters of an intent that may send the payer away. */
export const redirectable = (params: WireParams = {}): WireParams =>
  confirmed({
    payment_method: 'pm_card_threeDSecure2Required',
    automatic_payment_methods: { enabled: true },
    return_url: 'https://shop.test/return?order=81',
    ...params,
  });

export const day = 24 * 3600 * 1000;
