import axios, { type AxiosInstance } from 'axios';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChargesError, ConfigurationError, type ChargesClient } from '../../src/index.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import type { AxiosInstanceLike } from '../../src/settings.js';
import { serve } from './a-server.js';

const secret = 'sk_test_0123456789abcdef';

/** What a bundler leaves of axios. */
const brokenBundle = vi.hoisted(() => ({ isOn: false }));
vi.mock('axios', async (original) => {
  const real: { default: object } = await original();
  return new Proxy(real, {
    get: (module, name) => {
      if (brokenBundle.isOn && name === 'default')
        throw new Error(`Dynamic require of "util" is not supported (key sk_test_0123456789abcdef)`);
      return Reflect.get(module, name) as unknown;
    },
  });
});
afterEach(() => {
  brokenBundle.isOn = false;
});

const common = (instance: AxiosInstanceLike) => ({
  secretKey: secret,
  baseUrl: 'http://127.0.0.1:9',
  lookupFirst: false,
  axios: instance,
});

const clients: Readonly<Record<string, (instance: AxiosInstanceLike) => ChargesClient>> = {
  stripe: (instance) => createStripe(common(instance)),
  omise: (instance) => createOmise({ ...common(instance), secretKey: 'skey_test_0123456789' }),
  magpie: (instance) => createMagpie({ ...common(instance), platform: 'magpie' }),
  justifi: (instance) => {
    const { secretKey, ...rest } = common(instance);
    return createJustifi({ ...rest, clientId: 'test_1', clientSecret: secretKey, subAccount: 'acc_1' });
  },
  pin: (instance) => createPin({ ...common(instance), environment: 'test' }),
};

const order = {
  amount: 4590,
  description: 'Order 81',
  email: 'kim@shop.example',
  ip: '203.0.113.7',
  statementDescriptor: 'SHOP-81',
};
const currencies: Readonly<Record<string, string>> = {
  stripe: 'EUR',
  omise: 'THB',
  magpie: 'PHP',
  justifi: 'USD',
  pin: 'AUD',
};
const sources: Readonly<Record<string, string>> = {
  stripe: 'tok_visa',
  omise: 'tokn_test_1',
  justifi: 'pm_1',
  pin: 'card_1',
};

const calls: Readonly<Record<string, (client: ChargesClient, provider: string) => Promise<unknown>>> = {
  create: (client, provider) =>
    client.create(
      { ...order, currency: currencies[provider] ?? '', source: sources[provider] ?? 'src_1' },
      { idempotencyKey: 'order-81' },
    ),
  retrieve: (client) => client.retrieve('ch_1'),
  list: async (client) => client.list(),
  search: async (client) => client.search({ status: 'captured' }),
  capture: (client) => client.capture('ch_1', {}, { idempotencyKey: 'order-82' }),
  void: (client) => client.void('ch_1', { idempotencyKey: 'order-83' }),
  refund: (client) => client.refund('ch_1', { amount: 100 }, { idempotencyKey: 'order-84' }),
  listRefunds: (client) => client.listRefunds('ch_1'),
};

const operations = [
  'create',
  'retrieve',
  'list',
  'search',
  'capture',
  'void',
  'refund',
  'listRefunds',
] as const;

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );

const ways: readonly (readonly [string, () => AxiosInstanceLike, RegExp])[] = [
  [
    'a bundle without what axios needs',
    () => {
      const instance = axios.create();
      brokenBundle.isOn = true;
      return instance;
    },
    /^axios could not be loaded: Dynamic require of "util" is not supported \(key \[redacted\]\)$/,
  ],
  [
    'an adapter that there is none of',
    () => instanceWith('carrier-pigeon'),
    /^the adapter of the given axios instance could not be used: Unknown adapter 'carrier-pigeon'$/,
  ],
  [
    'an instance without an adapter',
    () => ({ request: () => Promise.reject(new Error('never asked')), defaults: {} }),
    /^the adapter of the given axios instance could not be used/,
  ],
];

const instanceWith = (adapter: string): AxiosInstance => axios.create({ adapter: adapter as 'http' });

describe.each(ways)('a way to the provider that cannot start: %s', (_, makeInstance, message) => {
  for (const [provider, createClient] of Object.entries(clients)) {
    it.each(operations)(
      `is a ConfigurationError of ${provider}'s %s, and nothing was sent`,
      async (operation) => {
        const instance = makeInstance();
        const client = createClient(instance);
        if (!client.supports(operation)) return;
        const error = await failureOf(calls[operation]!(client, provider));
        expect(error).toBeInstanceOf(ChargesError);
        expect(error).toBeInstanceOf(ConfigurationError);
        expect(error).toMatchObject({ outcome: 'not_sent', isRetryable: false, provider });
        expect((error as Error).message).toMatch(message);
        expect(JSON.stringify(error)).not.toContain(secret);
      },
    );
  }
});

describe('the default way to the provider', () => {
  it('does not need axios', async () => {
    brokenBundle.isOn = true;
    const origin = await serve((_request, response) => response.writeHead(404).end('{}'));
    const client = createStripe({ secretKey: secret, baseUrl: origin });
    await expect(client.retrieve('pi_1')).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});
