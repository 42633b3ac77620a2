import { describe, expect, it } from 'vitest';
import { createWorld, providerNames } from '../attacks/attacked-world.js';
import { InvalidRequestError } from '../../src/errors.js';
import { createPin } from '../../src/providers/pin/index.js';

const rejection = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

const keys = [
  'sk_live_81canary',
  'sk_test_81canary',
  'rk_live_81canary',
  'pk_test_81canary',
  'pk_81canary',
  'skey_81canary',
  'skey_test_81canary',
  'pkey_test_81canary',
  'whsec_81canary',
];

describe.each(providerNames)('%s: a key in the place of a token', (provider) => {
  it.each(keys)('is refused before it is sent, and not shown: %#', async (key) => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider);
    const sources: readonly (readonly [string, object])[] = [
      ['source', { source: key }],
      ['source.token', { source: { type: 'token', token: key } }],
      ['source.customer', { source: { type: 'customer', customer: key } }],
      ['customer', { customer: key }],
    ];
    for (const [path, source] of sources) {
      const error = await rejection(client.create({ ...params, ...source }));
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect((error as InvalidRequestError).issues).toEqual([
        { path, message: expect.stringContaining('is a key of an account') as string },
      ]);
      expect(JSON.stringify(error)).not.toContain('canary');
    }
    expect(world.sent).toEqual([]);
  });
});

it("the client's own key is recognized where it does not look like one", async () => {
  const secretKey = 'a1B2c3D4canary';
  const client = createPin({ secretKey, environment: 'test', baseUrl: 'http://127.0.0.1:1', maxRetries: 0 });
  const params = {
    amount: 4590,
    currency: 'AUD',
    description: 'Order 81',
    email: 'kim@shop.example',
    ip: '203.0.113.7',
  };
  for (const source of [secretKey, { type: 'token' as const, token: secretKey }]) {
    const error = await rejection(client.create({ ...params, source }));
    expect(error).toMatchObject({ name: 'InvalidRequestError', outcome: 'not_sent' });
    expect((error as Error).message).toContain('is a key of an account');
    expect(JSON.stringify(error)).not.toContain('canary');
  }
});
