import { describe, expect, it } from 'vitest';
import { ChargesError } from '../../src/index.js';
import type { ExchangeAnswer } from '../../src/transport/exchange.js';
import { createWorld, ending, type AttackedWorld } from './attacked-world.js';

const refused: ExchangeAnswer = {
  status: 401,
  headers: { 'content-type': 'application/json' },
  text: '{"error":{"code":"not_authenticated","message":"Not Authenticated"}}',
};

const isToken = (url: string): boolean => url.includes('/oauth/token');

const tokensAskedFor = (world: AttackedWorld): number => world.sent.filter(({ url }) => isToken(url)).length;

describe('JustiFi answers every request 401', () => {
  const storm = (): AttackedWorld => {
    const world = createWorld();
    world.tamper = (request, honest) => (isToken(request.url) ? honest() : Promise.resolve(refused));
    return world;
  };

  it.each(['create', 'retrieve', 'list'] as const)(
    'a %s asks for one new token and then gives up',
    async (method) => {
      const world = storm();
      const client = world.client('justifi', { maxRetries: 5 });
      const calls = {
        create: () => client.create(world.params('justifi'), { idempotencyKey: 'order-81' }),
        retrieve: () => client.retrieve('py_1'),
        list: () => client.list({ limit: 1 }),
      };
      const end = await ending(calls[method]);
      expect('rejected' in end && end.rejected).toMatchObject({
        name: 'AuthenticationError',
        statusCode: 401,
        outcome: method === 'create' ? 'rejected' : 'not_sent',
      });
      expect(tokensAskedFor(world)).toBe(2);
      expect(world.sent.length).toBe(4);
    },
  );

  it('a hundred calls at once, and a hundred after each other, ask for at most two tokens a call', async () => {
    const world = storm();
    const client = world.client('justifi', { maxRetries: 5 });
    const ends = await Promise.all(Array.from({ length: 100 }, () => ending(() => client.retrieve('py_1'))));
    for (const end of ends) {
      expect('rejected' in end && end.rejected).toMatchObject({ name: 'AuthenticationError' });
    }
    // They share what they fetch: one for all, and one more for all.
    expect(tokensAskedFor(world)).toBeLessThanOrEqual(4);
    const before = tokensAskedFor(world);
    for (let call = 0; call < 100; call += 1) await ending(() => client.retrieve('py_1'));
    expect(tokensAskedFor(world) - before).toBeLessThanOrEqual(200);
    expect(world.sent.length).toBeLessThanOrEqual(800);
  });

  it('works again with the first good answer', async () => {
    const world = storm();
    const client = world.client('justifi');
    await ending(() => client.create(world.params('justifi'), { idempotencyKey: 'order-81' }));
    world.tamper = null;
    const before = tokensAskedFor(world);
    await expect(
      client.create(world.params('justifi'), { idempotencyKey: 'order-82' }),
    ).resolves.toMatchObject({ status: 'captured' });
    expect(tokensAskedFor(world) - before).toBeLessThanOrEqual(1);
  });
});

describe('JustiFi refuses or spoils every token', () => {
  it.each<readonly [string, ExchangeAnswer]>([
    ['401', refused],
    ['404', { ...refused, status: 404 }],
    ['500', { ...refused, status: 500, text: '<html>' }],
    ['429', { ...refused, status: 429 }],
    ['nothing in it', { ...refused, status: 200, text: '{}' }],
    ['a number', { ...refused, status: 200, text: '{"access_token":1}' }],
    ['an empty text', { ...refused, status: 200, text: '{"access_token":""}' }],
    ['a line break', { ...refused, status: 200, text: '{"access_token":"a\\r\\nX-Evil: 1"}' }],
    ['HTML', { ...refused, status: 200, text: '<html>' }],
  ])('%s: nothing is sent without one, and the asking is bounded', async (_, answer) => {
    const world = createWorld();
    world.tamper = (request, honest) => (isToken(request.url) ? Promise.resolve(answer) : honest());
    const client = world.client('justifi', { maxRetries: 2 });
    const end = await ending(() => client.create(world.params('justifi'), { idempotencyKey: 'order-81' }));
    if ('resolved' in end) throw new Error('it resolved');
    expect(end.rejected).toBeInstanceOf(ChargesError);
    expect((end.rejected as ChargesError).outcome).not.toBe('unknown');
    expect(world.sent.filter(({ url }) => !isToken(url))).toEqual([]);
    expect(tokensAskedFor(world)).toBeLessThanOrEqual(3);
    expect(world.providers.ledger.charges()).toEqual([]);
  });

  it('a token that lives no time at all is asked for once a call', async () => {
    const world = createWorld();
    world.tamper = async (request, honest) => {
      const given = await honest();
      if (!isToken(request.url)) return given;
      const body = JSON.parse(given.text) as Record<string, unknown>;
      return { ...given, text: JSON.stringify({ ...body, expires_in: -1, created_at: 0 }) };
    };
    const client = world.client('justifi');
    for (const order of ['81', '82', '83']) {
      const charge = await client.create(world.params('justifi'), { idempotencyKey: `order-${order}` });
      expect(charge.status).toBe('captured');
    }
    expect(tokensAskedFor(world)).toBeLessThanOrEqual(3);
  });
});
