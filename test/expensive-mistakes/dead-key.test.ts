import { describe, expect, it } from 'vitest';
import { hour, openShop } from './simulated-shop.js';

const metadata = { order: '81' };
const options = { idempotencyKey: 'order-81' };

describe.each(['stripe', 'justifi'] as const)(
  'expensive mistake 2: resend with a dead key (%s)',
  (provider) => {
    const loseAnswer = async () => {
      const shop = openShop(provider);
      const client = shop.client();
      const params = { ...(await shop.params(4590)), metadata };
      // Every attempt of the first call is executed or replayed, and none is answered.
      shop.providers.inject({ operation: 'create', fault: 'cut_after_commit', times: 3 });
      await expect(client.create(params as never, options)).rejects.toMatchObject({ outcome: 'unknown' });
      expect(shop.charged('81').length).toBe(1);
      return { shop, client, params };
    };

    it('finds the charge when the provider has forgotten the key, and charges nothing', async () => {
      const { shop, client, params } = await loseAnswer();
      shop.pass(25 * hour);
      const charge = await client.create(params as never, options);
      expect(shop.charged('81').map(({ id }) => id)).toEqual([charge.id]);
    });

    it('replays while the key is young, and charges nothing', async () => {
      const { shop, client, params } = await loseAnswer();
      const charge = await client.create(params as never, options);
      expect(shop.charged('81').map(({ id }) => id)).toEqual([charge.id]);
    });

    it('would have charged twice: the key is dead for who has no record of it', async () => {
      const { shop, params } = await loseAnswer();
      shop.pass(25 * hour);
      await shop.client({ store: shop.store() }).create(params as never, options);
      expect(shop.charged('81').length).toBe(2);
    });
  },
);
