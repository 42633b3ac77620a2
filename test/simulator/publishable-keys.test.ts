import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const page = 'http://shop.example';
const order = {
  amount: 45_900,
  description: 'Order 81',
  statementDescriptor: 'SHOP',
  email: 'kim@shop.example',
  ip: '198.51.100.7',
};
const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
const form = (fields: Record<string, string>): Pick<RequestInit, 'body'> => ({
  body: new URLSearchParams(fields),
});
const json = (value: object): Pick<RequestInit, 'body'> & { type: string } => ({
  body: JSON.stringify(value),
  type: 'application/json',
});

/** How each provider documents that a page makes a token, and what charges it afterwards. */
const providers = {
  stripe: {
    path: '/v1/payment_methods',
    key: (key: string) => `Bearer ${key}`,
    sent: form({
      type: 'card',
      'card[number]': '4242424242424242',
      'card[exp_month]': '12',
      'card[exp_year]': '2099',
      'card[cvc]': '123',
    }),
    tokenIn: (answer: { id: string }) => answer.id,
    charges: '/v1/payment_intents',
    pay: (source: string) =>
      createStripe(simulator.settings('stripe')).create({ ...order, currency: 'EUR', source }),
  },
  omise: {
    path: '/tokens',
    key: basic,
    sent: form({
      'card[name]': 'A Payer',
      'card[number]': '4242424242424242',
      'card[expiration_month]': '12',
      'card[expiration_year]': '2099',
      'card[security_code]': '123',
    }),
    tokenIn: (answer: { id: string }) => answer.id,
    charges: '/charges',
    pay: (source: string) =>
      createOmise(simulator.settings('omise')).create({ ...order, currency: 'THB', source }),
  },
  pin: {
    path: '/1/cards',
    key: basic,
    sent: form({
      number: '4200000000000000',
      expiry_month: '12',
      expiry_year: '2099',
      cvc: '123',
      name: 'A Payer',
      address_line1: '1 High Street',
      address_city: 'Perth',
      address_country: 'AU',
    }),
    tokenIn: (answer: { response: { token: string } }) => answer.response.token,
    charges: '/1/charges',
    pay: (source: string) =>
      createPin(simulator.settings('pin')).create({ ...order, currency: 'AUD', source }),
  },
  magpie: {
    path: '/v2/sources/',
    key: basic,
    sent: json({
      type: 'card',
      card: { name: 'A Payer', number: '4242424242424242', exp_month: '12', exp_year: '2099', cvc: '123' },
      redirect: { success: 'https://shop.example/back', fail: 'https://shop.example/back' },
    }),
    tokenIn: (answer: { id: string }) => answer.id,
    charges: '/v2/charges/',
    pay: (source: string) =>
      createMagpie(simulator.settings('magpie')).create({ ...order, currency: 'PHP', source }),
  },
};

const ask = (url: string, headers: Record<string, string>, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, headers: { origin: page, ...headers } });

describe.each(Object.keys(providers) as (keyof typeof providers)[])(
  'a page with the publishable key of %s',
  (name) => {
    const { path, key, sent, tokenIn, charges, pay } = providers[name];
    const urlOf = (asked: string): string => `${simulator.url(name)}${asked}`;
    const authorization = (): string => key(simulator.publishableKey(name)!);

    it('makes a token that the shop charges, and may read the answer', async () => {
      const preflight = await ask(
        urlOf(path),
        { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
        { method: 'OPTIONS' },
      );
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
      expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
      const type = 'type' in sent ? { 'content-type': sent.type } : {};
      const made = await ask(
        urlOf(path),
        { authorization: authorization(), ...type },
        { method: 'POST', body: sent.body! },
      );
      expect(made.headers.get('access-control-allow-origin')).toBe('*');
      const token = tokenIn((await made.json()) as never);
      expect(await pay(token)).toMatchObject({ status: 'captured', amount: 45_900 });
    });

    it('charges nothing, lists nothing, and reads no answer of the secret key', async () => {
      const before = simulator.ledger.charges();
      for (const method of ['POST', 'GET']) {
        const refused = await ask(urlOf(charges), { authorization: authorization() }, { method });
        expect([401, 403]).toContain(refused.status);
        expect(refused.headers.get('access-control-allow-origin')).toBeNull();
        const preflight = await ask(
          urlOf(charges),
          { 'access-control-request-method': method },
          { method: 'OPTIONS' },
        );
        expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([403, null]);
      }
      const { secretKey } = simulator.settings(name);
      const listed = await ask(urlOf(charges), { authorization: key(secretKey) });
      expect([listed.status, listed.headers.get('access-control-allow-origin')]).toEqual([200, null]);
      expect(simulator.ledger.charges()).toEqual(before);
    });
  },
);

describe('JustiFi', () => {
  it('has no publishable key, and answers no page', async () => {
    expect(simulator.publishableKey('justifi')).toBeNull();
    const preflight = await ask(
      `${simulator.url('justifi')}/v1/payment_methods`,
      { 'access-control-request-method': 'POST' },
      { method: 'OPTIONS' },
    );
    expect(preflight.status).toBe(403);
  });
});
