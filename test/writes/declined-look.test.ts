import { describe, expect, it, vi } from 'vitest';
import { CardError } from '../../src/errors.js';
import { openShop as openSimulatedShop } from '../expensive-mistakes/simulated-shop.js';
import { lostAnswer, openShop, settleMs } from './a-write.js';

describe('a declined charge that a look found', () => {
  it('finishes its record: the third call is answered without a look and without a request', async () => {
    const shop = openShop();
    const declined = new CardError({ message: 'declined', outcome: 'rejected', chargeId: 'ch_1' });
    const send = vi.fn((_: unknown, assertLease: () => void) => {
      assertLease();
      return Promise.reject(lostAnswer());
    });
    const look = vi.fn(() => Promise.resolve({ seen: 'refused' as const, error: declined }));
    await expect(shop.write({ send, lookUp: look })).rejects.toMatchObject({ outcome: 'unknown' });
    await expect(shop.write({ send, lookUp: look })).rejects.toMatchObject({ name: 'CardError' });
    expect((await shop.record()).state).toBe('rejected');
    await expect(shop.write({ send, lookUp: look })).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      chargeId: 'ch_1',
    });
    expect([send.mock.calls.length, look.mock.calls.length]).toEqual([1, 1]);
  });

  it.each(['omise', 'magpie', 'pin'] as const)(
    'is the answer of its key at %s from then on, and costs no further request',
    async (provider) => {
      const shop = openSimulatedShop(provider);
      const charges = shop.client({ maxRetries: 0 });
      const source = shop.providers.source(provider, 'insufficient_funds');
      const params = { ...(await shop.params(10_000)), source };
      const options = { idempotencyKey: 'order-81' };
      shop.providers.inject({ operation: 'create', fault: 'cut_after_commit' });
      await expect(charges.create(params as never, options)).rejects.toMatchObject({ outcome: 'unknown' });
      shop.pass(settleMs);
      const declined = { name: 'CardError', outcome: 'rejected' };
      await expect(charges.create(params as never, options)).rejects.toMatchObject(declined);
      const before = shop.requests.length;
      await expect(charges.create(params as never, options)).rejects.toMatchObject(declined);
      expect(shop.requests.length).toBe(before);
      expect(shop.providers.ledger.charges(provider)).toHaveLength(1);
    },
  );
});
