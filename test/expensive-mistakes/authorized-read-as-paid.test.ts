import { describe, expect, it } from 'vitest';
import { isPaid } from '../../src/models/charge.js';
import { openShop } from './simulated-shop.js';

describe.each(['stripe', 'omise', 'magpie', 'justifi', 'pin'] as const)(
  'expensive mistake 1: an authorization or a failed charge read as paid (%s)',
  (provider) => {
    it('says captured only where the ledger took money', async () => {
      for (const api of provider === 'stripe' ? ['payment_intents', 'charges'] : [undefined]) {
        // A shop of its own for each mode: the list of charges also holds those of intents.
        const shop = openShop(provider);
        const charges = shop.client(api === undefined ? {} : { api });
        const params = async () => ({
          ...(await shop.params(10_000)),
          source: shop.providers.source(provider, 'approved'),
        });
        const paid = await charges.create((await params()) as never);
        const held = await charges.create({ ...(await params()), capture: false } as never);
        const released = await charges.create({ ...(await params()), capture: false } as never);
        await charges.void(released.id);
        const source = shop.providers.source(provider, 'declined');
        const declined = { ...(await params()), source };
        await expect(charges.create(declined as never)).rejects.toMatchObject({ name: 'CardError' });
        await expect(
          charges.create({
            ...declined,
            source: shop.providers.source(provider, 'declined'),
            capture: false,
          } as never),
        ).rejects.toMatchObject({ name: 'CardError' });

        const truth = new Map(
          shop.providers.ledger.charges(provider).map((each) => [each.id, each.amountCaptured]),
        );
        let seen = 0;
        for await (const charge of charges.list({ limit: 100 })) {
          seen += 1;
          const taken = (truth.get(charge.id) ?? 0) > 0;
          expect([charge.id, isPaid(charge), charge.status === 'captured']).toEqual([
            charge.id,
            taken,
            taken,
          ]);
        }
        expect(seen).toBeGreaterThanOrEqual(3);
        expect([paid, held].map(isPaid)).toEqual([true, false]);
      }
    });
  },
);
