import { describe, expect, it } from 'vitest';
import { paramsFor } from '../../bench/simulate/sources.js';
import type { SimulatedProvider } from '../../src/simulator/index.js';
import { openShop } from './simulated-shop.js';

/* What docs/money-safety.md says in limit 5 about a payment that still waits for its payer. */

const returnUrl = 'https://shop.example/return';

const openPayment = async (provider: SimulatedProvider) => {
  const shop = openShop(provider);
  const charges = shop.client();
  const params = {
    ...paramsFor(provider),
    amount: 45_900,
    source: shop.providers.source(provider, 'requires_3ds', { returnUrl }),
    returnUrl,
    metadata: { order: '81' },
  };
  const create = () => charges.create(params, { idempotencyKey: 'order-81' });
  const charge = await create();
  expect(charge.status).toBe('requires_action');
  const url = charge.nextAction?.type === 'redirect' ? charge.nextAction.url : '';
  const approve = () => shop.providers.pay(url, 'approve');
  return { shop, charges, create, charge, approve };
};

describe('a payment that waits for its payer', () => {
  it.each(['stripe', 'omise', 'magpie', 'pin'] as const)(
    'at %s is led back to by its key, so that one key per order is one charge',
    async (provider) => {
      const { shop, create, charge } = await openPayment(provider);
      expect((await create()).id).toBe(charge.id);
      expect(shop.providers.ledger.charges()).toHaveLength(1);
    },
  );

  it('can be voided at Stripe, and the old tab pays nothing', async () => {
    const { shop, charges, charge, approve } = await openPayment('stripe');
    expect((await charges.void(charge.id)).status).toBe('voided');
    try {
      approve();
    } catch {
      // The page may refuse as well.
    }
    expect(shop.providers.ledger.charges()).toMatchObject([{ amountCaptured: 0 }]);
  });

  it('can be neither reversed nor expired at Omise, and the old tab pays', async () => {
    const { shop, charges, charge, approve } = await openPayment('omise');
    await expect(charges.reverse(charge.id)).rejects.toMatchObject({ name: 'ConflictError' });
    await expect(charges.expire(charge.id)).rejects.toMatchObject({ name: 'ConflictError' });
    approve();
    expect(shop.providers.ledger.charges()).toMatchObject([{ state: 'captured' }]);
    expect((await charges.refund(charge.id)).amount).toBe(45_900);
  });

  it('cannot be voided at Magpie, and the old tab pays', async () => {
    const { shop, charges, charge, approve } = await openPayment('magpie');
    await expect(charges.void(charge.id)).rejects.toMatchObject({ name: 'ConflictError' });
    approve();
    expect(shop.providers.ledger.charges()).toMatchObject([{ state: 'captured' }]);
    expect((await charges.refund(charge.id)).amount).toBe(45_900);
  });

  it('is not captured at Pin before somebody verifies it', async () => {
    const { shop, approve } = await openPayment('pin');
    approve();
    expect(shop.providers.ledger.charges()).toMatchObject([{ amountCaptured: 0 }]);
  });
});
