import { describe, expect, it } from 'vitest';
import { omiseProvider } from '../../src/providers/omise/provider.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import { scriptReplies } from '../scripted-replies.js';

const params = { amount: 4590, currency: 'THB', source: 'tokn_test_1' };
const omiseKeys = { secretKey: 'skey_test_1', lookupFirst: false };

describe('requireIdempotencyKey', () => {
  const writes = [
    ['create', (client: ReturnType<typeof shop>['client']) => client.create(params)],
    ['capture', (client: ReturnType<typeof shop>['client']) => client.capture('chrg_test_1')],
    ['void', (client: ReturnType<typeof shop>['client']) => client.void('chrg_test_1')],
    ['refund', (client: ReturnType<typeof shop>['client']) => client.refund('chrg_test_1', { amount: 1 })],
  ] as const;
  const shop = (settings: object) => {
    const script = scriptReplies();
    return { script, client: script.client(omiseProvider, { ...omiseKeys, ...settings }) };
  };

  it.each(writes)('refuses a %s without a key before anything leaves', async (_, write) => {
    const { script, client } = shop({ requireIdempotencyKey: true });
    await expect(write(client)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [{ path: 'idempotencyKey' }],
    });
    expect(script.lines).toEqual([]);
  });

  it('lets a write with a key go out', async () => {
    const { script, client } = shop({ requireIdempotencyKey: true, maxRetries: 0 });
    script.replies.push('silent');
    await expect(client.create(params, { idempotencyKey: 'order-81' })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(script.lines).toEqual(['POST /charges']);
  });

  it('asks for nothing where it is not set', async () => {
    const { script, client } = shop({ requireIdempotencyKey: false, maxRetries: 0 });
    script.replies.push('silent');
    await expect(client.create(params)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(script.lines).toEqual(['POST /charges']);
  });
});

describe('deadlineMs of a call', () => {
  const silent = () => {
    const script = scriptReplies(...Array.from({ length: 9 }, () => 'silent' as const));
    return { script, client: script.client(stripeProvider, { secretKey: 'sk_test_a1', maxRetries: 0 }) };
  };

  it('ends a write at a provider that never answers', async () => {
    const { script, client } = silent();
    await expect(
      client.create({ ...params, currency: 'EUR' }, { idempotencyKey: 'order-81', deadlineMs: 50 }),
    ).rejects.toMatchObject({ name: 'TimeoutError', outcome: 'unknown' });
    expect(script.runtime.monotonic()).toBe(50);
  });

  it('ends a read, too, with all its attempts', async () => {
    const { script, client } = silent();
    await expect(
      client.retrieve('pi_1', { deadlineMs: 90_000, maxRetries: 5, timeoutMs: 60_000 }),
    ).rejects.toMatchObject({ name: 'TimeoutError', outcome: 'not_sent' });
    expect(script.runtime.monotonic()).toBeLessThanOrEqual(90_000);
    expect(script.lines).toHaveLength(2);
  });

  it('gives way to the one of the settings where a call names none', async () => {
    const { script, client } = silent();
    await expect(client.retrieve('pi_1', { timeoutMs: 500_000 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(script.runtime.monotonic()).toBe(120_000);
  });
});
