import { expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';

const sent: string[] = [];
const onEvent = ({ type }: { readonly type: string }): void => {
  if (!type.startsWith('call_')) sent.push(type);
};
const stripe = createStripe({ secretKey: 'sk_test_1', onEvent });
const omise = createOmise({ secretKey: 'skey_test_1', onEvent });
const pin = createPin({ secretKey: 'secret', onEvent });
const justifi = createJustifi({ clientId: 'test_1', clientSecret: 'secret', onEvent });
const magpie = createMagpie({ secretKey: 'sk_test_1', platform: 'magpie', onEvent });

/** Compiled, never called: each line is an error of the compiler, and the build fails when one is none. */
export const refusedByTheCompiler = (): void => {
  // @ts-expect-error Stripe has no expire.
  void stripe.expire('pi_1');
  // @ts-expect-error Pin has no update.
  void pin.update('ch_1', { description: 'text' });
  // @ts-expect-error Pin has no expire.
  void pin.expire('ch_1');
  // @ts-expect-error JustiFi has no expire.
  void justifi.expire('py_1');
  // @ts-expect-error JustiFi has no 3-D Secure.
  void justifi.verify3DS({ chargeId: 'py_1' });
  // @ts-expect-error Magpie has no update.
  void magpie.update('ch_1', { description: 'text' });
  // @ts-expect-error Magpie has no expire.
  void magpie.expire('ch_1');
};

const calls = {
  update: (client: ChargesClient) => client.update('ch_1', { description: 'text' }),
  expire: (client: ChargesClient) => client.expire('ch_1'),
  verify3DS: (client: ChargesClient) => client.verify3DS({ chargeId: 'ch_1' }),
};
const clients: readonly ChargesClient[] = [stripe, omise, pin, justifi, magpie];
const operations = [
  ...['create', 'retrieve', 'update', 'list', 'search', 'capture', 'void', 'expire', 'refund'],
  ...['listRefunds', 'retrieveRefund', 'verify3DS'],
] as Parameters<ChargesClient['supports']>[0][];
const unsupported = clients.flatMap((client) =>
  operations
    .filter((operation) => !client.supports(operation))
    .map((operation) => [client, operation] as const),
);

it('knows every pair that the compiler refuses', () => {
  expect(unsupported.map(([client, operation]) => `${client.provider} ${operation}`)).toEqual([
    'stripe expire',
    'pin update',
    'pin expire',
    'justifi expire',
    'justifi verify3DS',
    'magpie update',
    'magpie expire',
  ]);
});

it('refuses every one of them before anything is sent, behind the general interface', async () => {
  for (const [client, operation] of unsupported) {
    await expect(calls[operation as keyof typeof calls](client)).rejects.toMatchObject({
      name: 'UnsupportedOperationError',
      outcome: 'not_sent',
    });
  }
  expect(sent).toEqual([]);
});
