import { describe, expect, it } from 'vitest';
import { createWorld, type AttackedWorld } from '../../attacks/attacked-world.js';
import type { ExchangeAnswer, ExchangeRequest } from '../../../src/transport/exchange.js';

const isIntent = ({ method, url }: ExchangeRequest): boolean =>
  method === 'POST' && url.endsWith('/payment_intents');

describe('an intent that was made for another key', () => {
  /** Every intent that is made is answered with the first one. */
  const cross = (world: AttackedWorld, sent: (request: ExchangeRequest) => ExchangeRequest) => {
    let first: ExchangeAnswer | undefined;
    world.tamper = async (request, honest) => {
      const own = await honest(sent(request));
      if (!isIntent(request)) return own;
      first ??= own;
      return first;
    };
  };
  const open = () => {
    const world = createWorld();
    return { world, client: world.client('paymongo', { maxRetries: 0 }) };
  };

  it('is not paid with the method of this one', async () => {
    const { world, client } = open();
    cross(world, (request) => request);
    await client.create(world.params('paymongo'), { idempotencyKey: 'order-80' });
    const before = world.sent.length;
    await expect(
      client.create(world.params('paymongo') as never, { idempotencyKey: 'order-81' }),
    ).rejects.toMatchObject({ name: 'IntegrityError', code: 'crossed_answers', outcome: 'not_sent' });
    expect(world.sent.slice(before).filter(({ url }) => url.endsWith('/attach'))).toEqual([]);
  });

  it('is no success of this one where stamps are dropped, too', async () => {
    const { world, client } = open();
    cross(world, (request) => ({
      ...request,
      body: (request.body ?? '').replace(/"unicharge_key":"[^"]*"/, '"note":"none"'),
    }));
    await client.create(world.params('paymongo'), { idempotencyKey: 'order-80' });
    await expect(
      client.create(world.params('paymongo') as never, { idempotencyKey: 'order-81' }),
    ).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('a key that PayMongo knows with other parameters', () => {
  it('is not told as refused of a refund that it made', async () => {
    const world = createWorld();
    const { id } = await world
      .client('paymongo')
      .create(world.params('paymongo'), { idempotencyKey: 'order-80' });
    const options = { idempotencyKey: 'refund-80' };
    await world.client('paymongo').refund(id, { amount: 1_000 }, options);
    await expect(world.client('paymongo').refund(id, { amount: 1_500 }, options)).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      outcome: 'unknown',
    });
  });
});
