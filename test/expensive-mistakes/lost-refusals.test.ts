import { describe, expect, it } from 'vitest';
import { openShop, settleMs } from './simulated-shop.js';

const cases = [
  ['omise', 'backend_error'],
  ['justifi', 'gateway_timeout_error'],
] as const;

describe.each(cases)('expensive mistake 9: a 4xx taken as rejected (%s, %s)', (provider, serverErrorAs) => {
  it('leaves the outcome open after the money moved, and the repeat finds the one charge', async () => {
    const shop = openShop(provider, { [provider]: { serverErrorAs } });
    const charges = shop.client({ maxRetries: 0 });
    const params = { ...(await shop.params(10_000)), metadata: { order: '81' } };
    const options = { idempotencyKey: 'order-81' };
    shop.providers.inject({ operation: 'create', fault: 'server_error_after_commit' });
    await expect(charges.create(params as never, options)).rejects.toMatchObject({
      outcome: 'unknown',
      idempotencyKey: 'order-81',
    });
    expect(shop.charged('81')).toHaveLength(1);
    // Later than any provider remembers the failed answer of a key.
    shop.pass(Math.max(settleMs, 2 * 60 * 60_000));
    const charge = await charges.create(params as never, options);
    expect(charge).toMatchObject({ status: 'captured', amount: 10_000 });
    expect(shop.charged('81').map(({ id }) => id)).toEqual([charge.id]);
  });
});
