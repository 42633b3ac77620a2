import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../src/index.js';
import { createWorld, ending, providerNames } from '../attacks/attacked-world.js';

describe.each(providerNames)('requireIdempotencyKey at %s', (provider) => {
  const world = createWorld();
  const client = world.client(provider, { requireIdempotencyKey: true });
  const writes = (options?: object) =>
    ({
      create: () => client.create(world.params(provider), options),
      update: () => client.update('ch_1', { description: 'x' }, options),
      capture: () => client.capture('ch_1', {}, options),
      void: () => client.void('ch_1', options),
      reverse: () => client.reverse('ch_1', options),
      expire: () => client.expire('ch_1', options),
      refund: () => client.refund('ch_1', {}, options),
      verify3DS: () => client.verify3DS({ chargeId: 'ch_1' }, options),
    }) as const;
  const verifyIsWrite = provider === 'pin' || provider === 'magpie';
  const names = (Object.keys(writes()) as (keyof ReturnType<typeof writes>)[]).filter(
    (name) => client.supports(name) && (name !== 'verify3DS' || verifyIsWrite),
  );

  it.each(names)('refuses %s without a key before a request leaves', async (name) => {
    for (const options of [undefined, {}, { timeoutMs: 1000 }]) {
      const end = await ending(writes(options)[name]);
      expect(end).toMatchObject({
        rejected: {
          name: 'InvalidRequestError',
          outcome: 'not_sent',
          issues: [{ path: 'idempotencyKey', message: 'is required by the client settings' }],
        },
      });
    }
    expect(world.sent).toEqual([]);
  });

  if (client.supports('verify3DS') && !verifyIsWrite) {
    it('asks verify3DS for none where it only reads', async () => {
      const charge = await client.create(world.params(provider), { idempotencyKey: 'order-82' });
      for (const options of [undefined, { idempotencyKey: 'verify-82' }]) {
        const verified = await client.verify3DS({ chargeId: charge.id }, options);
        expect(verified.id).toBe(charge.id);
      }
    });
  }

  it('lets a write with a key, and reads without one', async () => {
    const charge = await client.create(world.params(provider), { idempotencyKey: 'order-81' });
    await expect(client.retrieve(charge.id)).resolves.toHaveProperty('id', charge.id);
    await expect(client.list()).resolves.toHaveProperty('data');
    await expect(client.listRefunds(charge.id)).resolves.toEqual([]);
    await expect(client.reconcile('order-81')).resolves.toHaveProperty('outcome', 'happened');
    expect(await ending(() => client.refund(charge.id))).toMatchObject({
      rejected: expect.any(InvalidRequestError) as unknown,
    });
  });
});
