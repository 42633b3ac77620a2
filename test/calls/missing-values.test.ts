import { describe, expect, it } from 'vitest';
import { createWorld } from '../attacks/attacked-world.js';

describe('a value that was missing', () => {
  it.each(['order-undefined', 'undefined', 'order-null/1', 'NaN:2', 'shop_undefined_1'])(
    'in the key %s is refused before a byte is sent',
    async (idempotencyKey) => {
      const world = createWorld();
      const error: unknown = await world
        .client('stripe')
        .create(world.params('stripe'), { idempotencyKey })
        .catch((each: unknown) => each);
      expect(error).toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
        issues: [{ path: 'idempotencyKey' }],
      });
      expect((error as Error).message).toContain('a value was missing when the key was made');
      expect(world.sent).toEqual([]);
    },
  );

  it.each(['order-nullable', 'undefinedly', 'annulled', 'nan-1', 'Null-7'])(
    'is not seen in the key %s',
    async (idempotencyKey) => {
      const world = createWorld();
      const charge = await world.client('stripe').create(world.params('stripe'), { idempotencyKey });
      expect(charge.status).toBe('captured');
    },
  );

  it.each(['capture', 'refund'] as const)(
    'in the place of the params of a %s does not mean all',
    async (name) => {
      const world = createWorld();
      const client = world.client('stripe');
      const charge = await client.create(world.params('stripe', { capture: name === 'refund' }));
      const before = world.sent.length;
      await expect(client[name](charge.id, null as never)).rejects.toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
        issues: [{ path: 'params' }],
      });
      expect(world.sent).toHaveLength(before);
    },
  );
});
