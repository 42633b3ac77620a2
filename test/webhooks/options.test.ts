import { expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { verifyJustifiWebhook } from '../../src/providers/justifi/index.js';
import { verifyOmiseWebhook } from '../../src/providers/omise/index.js';
import { verifyPaymongoWebhook } from '../../src/providers/paymongo/index.js';
import { verifyPinWebhook } from '../../src/providers/pin/index.js';
import { createStripe, verifyStripeWebhook } from '../../src/providers/stripe/index.js';

const verifiers: readonly (readonly [string, (body: string, headers: object, options: never) => unknown])[] =
  [
    ['stripe', verifyStripeWebhook as never],
    ['omise', verifyOmiseWebhook as never],
    ['justifi', verifyJustifiWebhook as never],
    ['pin', verifyPinWebhook as never],
    ['paymongo', verifyPaymongoWebhook as never],
  ];

const client = createStripe({ secretKey: 'sk_test_4242', webhookSecret: 'whsec_4242canary' });

const errorOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
};

it.each(verifiers)('the verifier of %s without options asks for the secret', (provider, verify) => {
  for (const options of [undefined, null, 'whsec_4242canary', ['whsec_4242canary']]) {
    const error = errorOf(() => verify('{}', {}, options as never));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).message).toBe(
      `${provider}: the third argument must be a plain object such as { secret }`,
    );
  }
});

it.each(verifiers)('the verifier of %s names its argument where the secret is none', (provider, verify) => {
  for (const secret of [undefined, null, '', ' ', [], [''], 4242, Promise.resolve('whsec_4242canary')]) {
    const error = errorOf(() => verify('{}', {}, { secret } as never));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).message).toBe(
      `${provider}: secret is missing or empty: pass the secret of the endpoint, or several`,
    );
  }
});

it.each(verifiers)('the verifier of %s refuses a time that is none', (provider, verify) => {
  for (const now of [NaN, Infinity, -1, null, new Date(), '1767225600000']) {
    const error = errorOf(() => verify('{}', {}, { secret: 'whsec_4242canary', now } as never));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).message).toBe(`${provider}: now must be a number of milliseconds`);
  }
});

it.each(verifiers)('the verifier of %s refuses a tolerance that is none', (provider, verify) => {
  for (const toleranceMs of [NaN, Infinity, -1, null, '300000']) {
    const error = errorOf(() => verify('{}', {}, { secret: 'whsec_4242canary', toleranceMs } as never));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).message).toBe(
      `${provider}: toleranceMs must be a number of milliseconds`,
    );
  }
});

it.each([
  [undefined, 'rawBody: is missing'],
  [null, 'rawBody: is missing'],
  [Promise.resolve('{}'), 'rawBody: is a promise: await it first'],
  [{ id: 'evt_4242canary' }, 'rawBody: must be a string, a Buffer or a Uint8Array'],
])('a body that is %s is refused with what is expected, and where to find it', async (body, what) => {
  const error: unknown = await client.parseWebhook(body as never, {}).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'InvalidRequestError', outcome: 'not_sent' });
  const { message } = error as Error;
  expect(message).toContain(`parseWebhook was not run: ${what}: pass the raw body of the request`);
  expect(message).toContain('request.body');
  expect(message).not.toContain('4242canary');
});

it.each([
  [undefined, 'headers: is missing: pass the headers of the request'],
  ['stripe-signature', 'headers: must be a Headers object or a record: pass the headers of the request'],
])('headers that are %s are refused with what is expected', async (headers, what) => {
  await expect(client.parseWebhook('{}', headers as never)).rejects.toThrow(
    `parseWebhook was not run: ${what}`,
  );
});
