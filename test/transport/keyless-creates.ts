import { ChargesError } from '../../src/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';

/** Short, so that a late answer is late at once. */
const settings = { secretKey: 'sk_test_0123456789', timeoutMs: 100, lookupFirst: false } as const;

const order = {
  amount: 4590,
  description: 'Order 81',
  email: 'kim@shop.example',
  ip: '203.0.113.7',
  statementDescriptor: 'SHOP',
};

/** A create at each provider without idempotency keys, with the client's own number of attempts. */
export const keylessCreates = [
  {
    provider: 'pin',
    origin: 'https://test-api.pinpayments.com',
    path: '/1/charges',
    create: () =>
      createPin({ ...settings, environment: 'test' }).create({ ...order, currency: 'AUD', source: 'card_1' }),
  },
  {
    provider: 'omise',
    origin: 'https://api.omise.co',
    path: '/charges',
    create: () =>
      createOmise({ ...settings, secretKey: 'skey_test_0123456789' }).create({
        ...order,
        currency: 'THB',
        source: 'tokn_test_1',
      }),
  },
  {
    provider: 'magpie',
    origin: 'https://api.magpie.im',
    path: '/v2/charges/',
    create: () =>
      createMagpie({ ...settings, platform: 'magpie' }).create({
        ...order,
        currency: 'PHP',
        source: 'src_1',
      }),
  },
] as const;

/** How a call ended: `succeeded`, or the outcome of its error. */
export const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'succeeded',
    (error: unknown) => (error instanceof ChargesError ? error.outcome : `a raw ${String(error)}`),
  );
