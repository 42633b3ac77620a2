import { describe, expect, it } from 'vitest';
import { smallProvider } from '../../bench/simulate/small-provider.js';
import type { ChargesClient } from '../../src/index.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';
import { scriptReplies } from '../scripted-replies.js';

const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };

describe('the connection of a request', () => {
  it('is never stale for a write that cannot be repeated; for a read any will do', async () => {
    const script = scriptReplies({ body: { data: [] } }, 'answer_lost');
    const client: ChargesClient = script.client(smallProvider, { secretKey: 'sk_small' });
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(script.lines).toEqual(['GET /charges', 'POST /charges']);
    expect(script.fresh).toEqual([false, true]);
  });

  it('may be any for a write that its key makes safe to repeat', async () => {
    const script = scriptReplies('answer_lost');
    const client = script.client(stripeProvider, { secretKey: 'sk_test_a1', maxRetries: 0 });
    await expect(client.create({ ...params, source: 'pm_1' }, options)).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect(script.fresh).toEqual([false]);
  });
});
