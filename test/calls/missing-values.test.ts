import { describe, expect, it } from 'vitest';
import type { InvalidRequestError } from '../../src/errors.js';
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

  it.each([
    ['order-Infinity', 'a value was missing'],
    ['order-null-refund', 'a value was missing'],
    ['null-1', 'a value was missing'],
    ['null', 'a value was missing'],
    ['undefined-shop-1', 'a value was missing'],
    ['order-${id}', 'a placeholder that was not filled in'],
    ['order-{{id}}', 'a placeholder that was not filled in'],
    ['order-%s', 'a placeholder that was not filled in'],
    ['order-%d', 'a placeholder that was not filled in'],
    ['order-[object Object]', 'an object where text was meant'],
    ['[object Promise]', 'an object where text was meant'],
    ['[object_Promise]', 'an object where text was meant'],
  ])('in the key %s is told as what it is', async (idempotencyKey, message) => {
    const world = createWorld();
    const error: unknown = await world
      .client('stripe')
      .create(world.params('stripe'), { idempotencyKey })
      .catch((each: unknown) => each);
    expect(error).toMatchObject({ name: 'InvalidRequestError', outcome: 'not_sent' });
    expect((error as InvalidRequestError).issues).toHaveLength(1);
    expect((error as InvalidRequestError).issues[0]?.message).toContain(message);
    expect(world.sent).toEqual([]);
  });

  it.each([
    'null-island-1',
    'Infinity-shop-1',
    'order%2F81',
    'order%d181',
    'order-100%',
    'V1StGXR8_Z5jdHi6B-m-',
    'cart_81:',
    'ab-',
    '5%s!',
    '${',
    'x{{y',
    '{tenant}:81',
    'order-nullable',
    'undefinedly',
    'annulled',
    'nan-1',
    'Null-7',
  ])('is not seen in the key %s', async (idempotencyKey) => {
    const world = createWorld();
    const charge = await world.client('stripe').create(world.params('stripe'), { idempotencyKey });
    expect(charge.status).toBe('captured');
  });

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

  it.each(['undefined', 'null', 'NaN'])('in the path of the returnUrl is refused: %s', async (text) => {
    const world = createWorld();
    for (const returnUrl of [`https://shop.test/orders/${text}`, `https://shop.test/${text}/done?step=3`]) {
      const error: unknown = await world
        .client('stripe')
        .create(world.params('stripe', { returnUrl }))
        .catch((each: unknown) => each);
      expect(error).toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
        issues: [
          { path: 'returnUrl', message: 'holds undefined, null or NaN in its path: a value was missing' },
        ],
      });
    }
    expect(world.sent).toEqual([]);
    const returnUrl = `https://shop.test/orders/${text}-island?next=${text}`;
    await world.client('stripe').create(world.params('stripe', { returnUrl }));
    expect(world.sent).not.toEqual([]);
  });
});
