import { expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.js';
import { verifyJustifiWebhook } from '../../src/providers/justifi/index.js';
import { verifyOmiseWebhook } from '../../src/providers/omise/index.js';
import { verifyPinWebhook } from '../../src/providers/pin/index.js';
import { verifyStripeWebhook } from '../../src/providers/stripe/index.js';

const verifiers: readonly (readonly [string, (body: string, headers: object, options: never) => unknown])[] =
  [
    ['stripe', verifyStripeWebhook as never],
    ['omise', verifyOmiseWebhook as never],
    ['justifi', verifyJustifiWebhook as never],
    ['pin', verifyPinWebhook as never],
  ];

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
