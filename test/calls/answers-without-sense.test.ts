import { describe, expect, it } from 'vitest';
import { smallProvider } from '../../bench/simulate/small-provider.js';
import type { ChargesClient } from '../../src/index.js';
import { scriptReplies } from '../scripted-replies.js';

const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };

const answered = (body: unknown) => {
  const script = scriptReplies({ body });
  const client: ChargesClient = script.client(smallProvider, { secretKey: 'sk_small', lookupFirst: false });
  return client.create(params, options);
};

describe('the answer of a create that cannot be read', () => {
  it.each([
    ['bare', { id: 'ch_1' }, 'ch_1'],
    ['a bare token', { token: 'ch_1' }, 'ch_1'],
    ['in an envelope', { id: 'evt_1', data: { id: 'ch_1' } }, 'ch_1'],
    ['in an envelope of another kind', { response: { token: 'ch_1' } }, 'ch_1'],
    ['too long to be one', { id: 'x'.repeat(256) }, null],
    ['a number', { id: 7 }, null],
    ['missing', { data: null, response: null }, null],
    ['not there at all', null, null],
    ['not even an object', 'ch_1', null],
    ['a list', [], null],
  ])('leaves the outcome open and keeps an id that is %s', async (_, body, chargeId) => {
    await expect(answered(body)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
      statusCode: 200,
      chargeId,
    });
  });
});
