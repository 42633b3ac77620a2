import { describe, expect, it } from 'vitest';
import type { SimulatedProvidersOptions } from '../../src/simulator/index.js';
import { hour, openShop } from './simulated-shop.js';

const options = { idempotencyKey: 'order-81' };

const cases = [
  { name: 'stripe', provider: 'stripe', switches: {} },
  { name: 'justifi, which replaces metadata', provider: 'justifi', switches: {} },
  {
    name: 'omise, if it merges metadata',
    provider: 'omise',
    switches: { omise: { metadataReplaces: false } },
  },
  {
    name: 'omise, if it replaces metadata',
    provider: 'omise',
    switches: { omise: { metadataReplaces: true } },
  },
] as const satisfies readonly {
  name: string;
  provider: 'stripe' | 'justifi' | 'omise';
  switches: SimulatedProvidersOptions['switches'];
}[];

describe.each(cases)('expensive mistake 6: update wipes the stamp ($name)', ({ provider, switches }) => {
  it('leaves one charge when the create is called again after an update', async () => {
    const shop = openShop(provider, switches);
    const client = shop.client();
    const params = { ...(await shop.params(4590)), metadata: { order: '81', colour: 'red' } };
    shop.providers.inject({ operation: 'create', fault: 'cut_after_commit', times: 3 });
    await expect(client.create(params as never, options)).rejects.toMatchObject({ outcome: 'unknown' });
    shop.providers.clearFaults();
    // Somebody in the back office sees the payment and files it.
    const { data } = await client.list({ limit: 10 });
    const seen = data.find(({ metadata }) => metadata['order'] === '81');
    if (seen === undefined) throw new Error('the back office sees no payment');
    const updated = await client.update(seen.id, { metadata: { colour: 'blue', filed: 'yes' } });
    expect(updated.metadata).toEqual({ order: '81', colour: 'blue', filed: 'yes' });
    // By now no provider knows the key any more: only the stamp is left.
    shop.pass(25 * hour);
    const charge = await client.create(params as never, options);
    expect(charge.id).toBe(seen.id);
    expect(shop.charged('81').length).toBe(1);
  });
});
