import { describe, expect, it } from 'vitest';
import { createWorld } from '../attacks/attacked-world.js';

/** A create of a card that needs 3-D Secure, without an address for the payer to come back to. */
const challenged = async (provider: 'stripe' | 'omise', more: object = {}) => {
  const world = createWorld();
  const source = world.providers.source(provider, 'requires_3ds', { returnUrl: 'https://shop.test/back' });
  const params = world.params(provider, { source, ...more });
  const create = (): Promise<unknown> =>
    world
      .client(provider)
      .create(params, { idempotencyKey: 'order-81' })
      .catch((reason: unknown) => reason);
  return create();
};

describe('a payer who has to authenticate, and no returnUrl', () => {
  it('is said at Stripe, beside the decline', async () => {
    expect(await challenged('stripe')).toMatchObject({
      name: 'CardError',
      declineCode: 'authentication_required',
      issues: [
        { path: 'returnUrl', message: 'was not given, so the payer could not be asked to authenticate' },
      ],
    });
  });

  it('is said at Omise, beside the refusal', async () => {
    expect(await challenged('omise')).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'rejected',
      issues: [{ path: 'returnUrl', message: expect.stringContaining('was not given') as string }],
    });
  });

  it.each(['stripe', 'omise'] as const)('is not said at %s where one was given', async (provider) => {
    const made = await challenged(provider, { returnUrl: 'https://shop.test/back' });
    expect(made).toMatchObject({ status: 'requires_action' });
  });
});
