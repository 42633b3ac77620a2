import { describe, expect, it } from 'vitest';
import { createWorld } from '../../attacks/attacked-world.js';

/** Stripe answers a key with the response of its first request, whatever became of the charge since. */

const key = { idempotencyKey: 'order-81' };

describe('a create that is repeated by a process without the record', () => {
  it('tells that the payer has paid since', async () => {
    const world = createWorld();
    const params = world.params('stripe', {
      source: world.providers.source('stripe', 'requires_3ds'),
      returnUrl: 'https://shop.test/back',
    });
    const first = await world.client('stripe').create(params, key);
    expect(first.status).toBe('requires_action');
    if (first.nextAction?.type !== 'redirect') throw new Error('the payer has nowhere to go');
    world.providers.pay(first.nextAction.url, 'approve');
    const again = await world.client('stripe').create(params, key);
    expect(again).toMatchObject({ id: first.id, status: 'captured', nextAction: null });
  });

  it('tells that the authorization was voided since', async () => {
    const world = createWorld();
    const params = world.params('stripe', { capture: false });
    const charges = world.client('stripe');
    const { id } = await charges.create(params, key);
    await charges.void(id, { idempotencyKey: 'order-81/void' });
    await expect(world.client('stripe').create(params, key)).resolves.toMatchObject({ id, status: 'voided' });
  });

  it('asks for nothing more where the charge is final', async () => {
    const world = createWorld();
    const params = world.params('stripe');
    await world.client('stripe').create(params, key);
    world.sent.length = 0;
    await expect(world.client('stripe').create(params, key)).resolves.toMatchObject({ status: 'captured' });
    expect(world.sent.filter(({ method }) => method === 'GET')).toEqual([]);
  });
});
