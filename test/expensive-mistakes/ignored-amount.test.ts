import { describe, expect, it } from 'vitest';
import { openShop } from './simulated-shop.js';

describe.each(['omise', 'justifi', 'pin'] as const)(
  'expensive mistake 5: a partial amount sent where it is ignored (%s)',
  (provider) => {
    it('is refused before a capture is sent, and nothing is taken', async () => {
      const shop = openShop(provider);
      const charges = shop.client();
      const { id } = await charges.create({ ...(await shop.params(10_000)), capture: false } as never);
      const before = shop.requests.length;
      await expect(charges.capture(id, { amount: 4_000 })).rejects.toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
      });
      expect(
        shop.requests.slice(before).filter((request) => /^(?:POST|PUT) .*capture/.test(request)),
      ).toEqual([]);
      const [truth] = shop.providers.ledger.charges(provider);
      expect(truth).toMatchObject({ id, state: 'authorized', amountCaptured: 0 });
    });
  },
);
