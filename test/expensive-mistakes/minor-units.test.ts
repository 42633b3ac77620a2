import { describe, expect, it } from 'vitest';
import { paramsFor } from '../../bench/simulate/sources.js';
import { openShop } from './simulated-shop.js';

/** Currencies without, with two and with three decimals, where the provider's table has them. */
const wanted = ['JPY', 'ISK', 'UGX', 'EUR', 'USD', 'THB', 'AUD', 'PHP', 'KWD', 'BHD'];

describe.each(['stripe', 'omise', 'magpie', 'pin'] as const)(
  'expensive mistake 8: wrong minor units (%s)',
  (provider) => {
    it('charges, refunds and finds what the ledger holds', async () => {
      const shop = openShop(provider);
      const charges = shop.client();
      const { currencies } = charges.capabilities.create;
      const tested = wanted.filter((currency) => currencies?.includes(currency) ?? true);
      expect(tested.length).toBeGreaterThan(0);
      for (const currency of tested) {
        const amount = 409_600;
        const source = shop.providers.source(provider, 'approved');
        const { id } = await charges.create({ ...paramsFor(provider), amount, currency, source });
        await charges.refund(id, { amount: 100_000 });
        const truth = shop.providers.ledger.charges(provider).find((each) => each.id === id);
        expect(truth).toMatchObject({
          currency,
          amount,
          amountCaptured: amount,
          refunds: [{ amount: 100_000 }],
        });
        const found: string[] = [];
        for await (const charge of charges.search({ amount, currency })) found.push(charge.id);
        expect(found).toContain(id);
      }
    });
  },
);
