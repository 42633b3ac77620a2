import { describe, expect, it } from 'vitest';
import { openShop } from '../expensive-mistakes/simulated-shop.js';

const options = { idempotencyKey: 'refund-81' };

describe('a refund that the network delivered twice', () => {
  it('is noticed by reconcile where refunds carry the key, though its answer looked fine', async () => {
    const shop = openShop('omise');
    const client = shop.client();
    const { id } = await client.create((await shop.params(10_000)) as never);
    shop.providers.inject({ operation: 'refund', fault: { type: 'duplicate_delivery', answer: 'first' } });
    await client.refund(id, { amount: 2_500 }, options);
    const refunds = shop.providers.ledger.charges('omise')[0]?.refunds.map((refund) => refund.id) ?? [];
    expect(refunds.length).toBe(2);
    await expect(client.reconcile('refund-81')).rejects.toMatchObject({
      name: 'IntegrityError',
      code: 'duplicate_refund',
      candidates: expect.arrayContaining(refunds) as unknown,
    });
  });

  it('is the one refund where the network delivered it once', async () => {
    const shop = openShop('omise');
    const client = shop.client();
    const { id } = await client.create((await shop.params(10_000)) as never);
    const refund = await client.refund(id, { amount: 2_500 }, options);
    await expect(client.reconcile('refund-81')).resolves.toMatchObject({
      outcome: 'happened',
      refund: { id: refund.id },
    });
  });
});
