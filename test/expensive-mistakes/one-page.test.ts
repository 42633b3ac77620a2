import { describe, expect, it } from 'vitest';
import type { SimulatedProvider } from '../../src/simulator/index.js';
import { openShop, settleMs, type SimulatedShop } from './simulated-shop.js';

const options = { idempotencyKey: 'order-81' };
const withoutKeys = ['omise', 'pin', 'magpie'] as const;

const sellToOthers = async (shop: SimulatedShop, count: number): Promise<void> => {
  const client = shop.client();
  for (let sold = 0; sold < count; sold += 1) {
    await client.create((await shop.params(2_000)) as never);
    shop.pass(1_000);
  }
};

const loseAnswer = async (shop: SimulatedShop) => {
  const client = shop.client();
  const params = { ...(await shop.params(4590)), metadata: { order: '81' } };
  shop.providers.inject({ operation: 'create', fault: 'cut_after_commit' });
  await expect(client.create(params as never, options)).rejects.toMatchObject({ outcome: 'unknown' });
  return { client, again: () => client.create(params as never, options) };
};

/** Leaves what carries a stamp out of every list of an answer, as a list does that lags behind. */
const withoutStamps = (body: string): string => {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value.filter((each) => !JSON.stringify(each).includes('order-81')).map(strip);
    if (typeof value !== 'object' || value === null) return value;
    const page = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, strip(each)]));
    // A list that lags behind counts what it shows.
    if (Array.isArray(page['data']) && 'total' in page) page['total'] = page['data'].length;
    return page;
  };
  return JSON.stringify(strip(JSON.parse(body)));
};

describe.each(withoutKeys)(
  'expensive mistake 3: a lookup that reads one page (%s)',
  (provider: SimulatedProvider) => {
    it('finds the oldest of three hundred charges', async () => {
      const shop = openShop(provider);
      const { again } = await loseAnswer(shop);
      await sellToOthers(shop, 300);
      const charge = await again();
      expect(shop.charged('81').map(({ id }) => id)).toEqual([charge.id]);
    });

    it('finds the newest of three hundred charges', async () => {
      const shop = openShop(provider);
      await sellToOthers(shop, 300);
      const { again } = await loseAnswer(shop);
      const charge = await again();
      expect(shop.charged('81').map(({ id }) => id)).toEqual([charge.id]);
    });

    it('never says that it did not happen while the list may lag behind', async () => {
      const shop = openShop(provider);
      const { client, again } = await loseAnswer(shop);
      await sellToOthers(shop, 5);
      shop.tamper = (_, body) => withoutStamps(body);
      await expect(client.reconcile('order-81')).resolves.toMatchObject({ outcome: 'unknown' });
      await expect(again()).rejects.toMatchObject({ name: 'OutcomeUnknownError', outcome: 'unknown' });
      shop.tamper = (_, body) => body;
      shop.pass(settleMs);
      await expect(client.reconcile('order-81')).resolves.toMatchObject({ outcome: 'happened' });
      const charge = await again();
      expect(shop.charged('81').map(({ id }) => id)).toEqual([charge.id]);
    });

    it('sends again once a whole list has shown, late enough, that nothing happened', async () => {
      const shop = openShop(provider);
      const client = shop.client();
      const params = { ...(await shop.params(4590)), metadata: { order: '81' } };
      shop.providers.inject({ operation: 'create', fault: 'cut_before_commit' });
      await expect(client.create(params as never, options)).rejects.toMatchObject({ outcome: 'unknown' });
      await sellToOthers(shop, 120);
      shop.pass(settleMs);
      await client.create(params as never, options);
      expect(shop.charged('81').length).toBe(1);
    });
  },
);
