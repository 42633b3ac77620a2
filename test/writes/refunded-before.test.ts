import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../src/errors.js';
import { createFakeClient } from '../../src/testing/index.js';
import { createWorld, ending, providerNames, type ProviderName } from '../attacks/attacked-world.js';

/** What leaves for a refund, in a world of its own that is the same every time. */
const sentFor = async (provider: ProviderName, params: object) => {
  const world = createWorld();
  const client = world.client(provider);
  const charge = await client.create(world.params(provider), { idempotencyKey: 'order-81' });
  const before = world.sent.length;
  const end = await ending(() => client.refund(charge.id, params, { idempotencyKey: 'refund-81' }));
  const sent = world.sent.slice(before).map(({ method, url, headers, body }) => ({
    method,
    url,
    headers,
    body,
  }));
  return { end, sent };
};

describe.each(providerNames)('refundedBefore at %s', (provider) => {
  it('is taken, and changes nothing of what is sent', async () => {
    for (const params of [{}, { amount: 1000 }]) {
      const plain = await sentFor(provider, params);
      const told = await sentFor(provider, { ...params, refundedBefore: 0 });
      expect(told.end).toHaveProperty('resolved');
      expect(told.sent).toEqual(plain.sent);
      expect(told.sent.length).toBeGreaterThan(0);
      expect(JSON.stringify(told.sent)).not.toMatch(/refunded_?before/i);
    }
  });

  it.each([
    ['undefined', undefined, 'is undefined: leave it out, or give a value'],
    ['null', null, 'must be a safe integer in minor units'],
    ['a text', '0', 'must be a safe integer in minor units'],
    ['a fraction', 0.5, 'must be a safe integer in minor units'],
    ['a negative number', -1, 'must not be negative'],
  ])('is refused before a byte leaves when it is %s', async (_, refundedBefore, message) => {
    const { end, sent } = await sentFor(provider, { amount: 1000, refundedBefore });
    expect(sent).toEqual([]);
    expect((end as { rejected: unknown }).rejected).toBeInstanceOf(InvalidRequestError);
    expect(end).toMatchObject({
      rejected: { outcome: 'not_sent', issues: [{ path: 'refundedBefore', message }] },
    });
  });
});

describe.each(providerNames)('a repeat at %s', (provider) => {
  it('with the same number is answered, and with one that was read anew is refused and names the refund', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const { id } = await client.create(world.params(provider));
    const again = (refundedBefore: number) =>
      client.refund(id, { amount: 1000, refundedBefore }, { idempotencyKey: 'refund-81' });
    const made = await again(0);
    expect((await again(0)).id).toBe(made.id);
    // The webhook has booked it meanwhile.
    await expect(again(1000)).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      message: expect.stringContaining(made.id) as unknown,
    });
    expect(world.providers.ledger.charges(provider)[0]?.refunds).toHaveLength(1);
  });
});

describe('refundedBefore of a fake client', () => {
  it('is taken and never sent', async () => {
    const client = createFakeClient();
    const { id } = await client.create({ amount: 4590, currency: 'EUR', source: 'approved' });
    await expect(client.refund(id, { amount: 1000, refundedBefore: 0 })).resolves.toMatchObject({
      amount: 1000,
    });
  });
});
