import { describe, expect, it } from 'vitest';
import { createWorld, providerNames } from '../attacks/attacked-world.js';

describe.each(providerNames)('a currency in another letter case at %s', (provider) => {
  const begin = async () => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider);
    const mixed = `${params.currency.slice(0, 1)}${params.currency.slice(1).toLowerCase()}`;
    const charge = await client.create({ ...params, currency: mixed }, { idempotencyKey: 'order-81' });
    return { world, client, params, mixed, charge };
  };

  it('is charged, and is the same request to a repeat', async () => {
    const { world, client, params, charge } = await begin();
    expect(charge).toMatchObject({ amount: 4590, currency: params.currency });
    const { id } = await client.create(params, { idempotencyKey: 'order-81' });
    expect(id).toBe(charge.id);
    expect(world.providers.ledger.charges()).toHaveLength(1);
  });

  it('sends the bytes of the upper case', async () => {
    const bodies = (world: ReturnType<typeof createWorld>) =>
      world.sent.filter(({ method }) => method === 'POST').map(({ body }) => body);
    const { world, params } = await begin();
    const other = createWorld();
    const same = other.params(provider);
    await other.client(provider).create(same, { idempotencyKey: 'order-81' });
    expect(params.currency).toBe(same.currency);
    expect(bodies(world)).toEqual(bodies(other));
  });

  it('is found by a search', async () => {
    const { client, mixed, charge } = await begin();
    const ids: string[] = [];
    for await (const { id } of client.search({ currency: mixed })) ids.push(id);
    expect(ids).toEqual([charge.id]);
  });

  it('is what verify3DS expects', async () => {
    const { client, params, mixed, charge } = await begin();
    if (!client.supports('verify3DS')) return;
    const verify = (currency: string) =>
      client.verify3DS({ chargeId: charge.id, expected: { amount: 4590, currency } });
    await expect(verify(mixed)).resolves.toMatchObject({ currency: params.currency });
    await expect(verify('gbp')).rejects.toMatchObject({ name: 'IntegrityError' });
  });
});
