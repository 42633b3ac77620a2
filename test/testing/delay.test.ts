import { describe, expect, it } from 'vitest';
import { createFakeClient } from '../../src/testing/index.js';

const start = Date.UTC(2026, 0, 1);
const params = { amount: 500, currency: 'EUR', source: 'approved' } as const;

/** A fake client with one delay in front of its next charge, and the moments of a request at the provider. */
const delayed = (fault: object, settings: object = {}) => {
  const charges = createFakeClient({ maxRetries: 0, timeoutMs: 100, ...settings });
  charges.control.inject({ operation: 'create', fault: { type: 'delay', ...fault } });
  const now = async (): Promise<number> => {
    const { createdAt } = await charges.create(params);
    return Date.parse(createdAt ?? '') - start;
  };
  return { charges, now };
};

describe('a delay at the fake client', () => {
  it('is a lost answer where it is longer than the client waits, and the charge exists', async () => {
    const { charges } = delayed({ ms: 5_000, when: 'after_commit' });
    await expect(charges.create(params)).rejects.toMatchObject({
      name: 'TimeoutError',
      code: 'timeout',
      outcome: 'unknown',
    });
    expect(charges.control.charges()).toHaveLength(1);
    expect(charges.control.pendingFaults()).toEqual([]);
  });

  it('is a lost answer before the charge exists, and the charge comes at the end of the wait', async () => {
    const { charges } = delayed({ ms: 5_000 });
    await expect(charges.create(params)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(charges.control.charges()).toEqual([]);
    for (let second = 0; second < 4; second += 1) await charges.list();
    expect(charges.control.charges()).toEqual([]);
    await charges.list();
    expect(charges.control.charges()).toHaveLength(1);
  });

  it('lets a second process charge once with the same key while the first request is still on its way', async () => {
    const { charges } = delayed({ ms: 5_000 });
    const options = { idempotencyKey: 'order-81' };
    await charges.create(params, options).catch(() => 'unknown');
    const charge = await charges.control.anotherClient().create(params, options);
    for (let second = 0; second < 10; second += 1) await charges.list();
    expect(charges.control.charges()).toMatchObject([{ id: charge.id }]);
  });

  it('passes as time of the provider while the client waits for less', async () => {
    const { charges, now } = delayed({ ms: 5_000 });
    await charges.create(params).catch(() => undefined);
    // A second for each request, and a tenth for what the client waited.
    expect(await now()).toBe(2_100);
  });

  it.each([
    ['before_commit', 1_040, 2_040],
    ['after_commit', 1_000, 2_040],
    [undefined, 1_040, 2_040],
  ])('only takes time where it is shorter: %s', async (when, first, second) => {
    const { now, charges } = delayed({ ms: 40, when });
    expect(await now()).toBe(first);
    expect(await now()).toBe(second);
    expect(charges.control.charges()).toHaveLength(2);
  });

  it('takes a second unless told', async () => {
    const { now } = delayed({}, { timeoutMs: 2_000 });
    expect(await now()).toBe(2_000);
    await expect(delayed({}, { timeoutMs: 999 }).now()).rejects.toMatchObject({ code: 'timeout' });
    await expect(delayed({}, { timeoutMs: 1_000 }).now()).rejects.toMatchObject({ code: 'timeout' });
  });

  it('is repeated by the engine, which finds one charge', async () => {
    for (const when of ['before_commit', 'after_commit']) {
      const { charges } = delayed({ ms: 5_000, when }, { maxRetries: 2 });
      await expect(charges.create(params)).resolves.toMatchObject({ status: 'captured' });
      for (let second = 0; second < 10; second += 1) await charges.list();
      expect(charges.control.charges()).toHaveLength(1);
    }
  });
});
