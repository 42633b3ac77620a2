import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.js';
import { createWorld, ending, providerNames } from '../attacks/attacked-world.js';

const options = { idempotencyKey: 'order-81' };
const returnUrl = 'https://shop.test/back';

describe.each(providerNames)('%s: a create that is repeated', (provider) => {
  it('answers an authorization that was captured meanwhile with its state of today', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider, { capture: false });
    const { id } = await client.create(params, options);
    await client.capture(id);
    const before = world.sent.length;
    await expect(client.create(params, options)).resolves.toMatchObject({ id, status: 'captured' });
    expect(world.sent.slice(before).map(({ method }) => method)).toEqual(['GET']);
  });

  it('answers from the record where the read fails, and sends no write', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider, { capture: false });
    const { id } = await client.create(params, options);
    await client.capture(id);
    world.providers.inject({ provider, operation: 'retrieve', fault: 'server_error', times: 9 });
    const before = world.sent.length;
    await expect(client.create(params, options)).resolves.toMatchObject({ id, status: 'authorized' });
    expect(world.sent.slice(before).map(({ method }) => method)).toEqual(['GET']);
  });

  it('reads nothing where the recorded state is final', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider);
    const { id } = await client.create(params, options);
    const before = world.sent.length;
    await expect(client.create(params, options)).resolves.toMatchObject({ id, status: 'captured' });
    expect(world.sent).toHaveLength(before);
  });
});

describe.each(['stripe', 'omise', 'magpie'] as const)(
  '%s: a payment that waited for its payer',
  (provider) => {
    const open = async () => {
      const world = createWorld();
      const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
      const source = world.providers.source(provider, 'requires_3ds', { returnUrl });
      const params = world.params(provider, { source, returnUrl });
      const client = world.client(provider, { store });
      const charge = await client.create(params, options);
      expect(charge).toMatchObject({ status: 'requires_action', nextAction: { type: 'redirect' } });
      const url = (charge.nextAction as { url: string }).url;
      return { world, params, client, charge, url };
    };

    it('does not send a payer who has paid to the page again', async () => {
      const { world, params, client, charge, url } = await open();
      world.providers.pay(url, 'approve');
      await expect(client.create(params, options)).resolves.toMatchObject({
        id: charge.id,
        status: 'captured',
        nextAction: null,
      });
    });

    it('rejects like a decline where the payer declined', async () => {
      const { world, params, client, charge, url } = await open();
      world.providers.pay(url, 'decline');
      expect(await ending(() => client.create(params, options))).toMatchObject({
        rejected: { name: 'CardError', outcome: 'rejected', chargeId: charge.id },
      });
    });
  },
);
