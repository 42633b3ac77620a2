import { describe, expect, it } from 'vitest';
import { createChargesClient } from '../../../src/create-charges-client.js';
import { paymongoProvider } from '../../../src/providers/paymongo/provider.js';
import { createInstantRuntime } from '../../../src/testing/in-memory-exchange.js';
import { createSimulatedProviders } from '../../../src/simulator/index.js';
import type { Exchange, ExchangeAnswer, ExchangeRequest } from '../../../src/transport/exchange.js';

/** PayMongo in memory, with a way to change what a request says and what answers it. */
const openWorld = () => {
  const runtime = createInstantRuntime(Date.UTC(2026, 10, 21, 12));
  const providers = createSimulatedProviders({
    runtime,
    seed: 1,
    origin: (provider) => `http://127.0.0.1:1/${provider}`,
  });
  const paths: string[] = [];
  let answered: (request: ExchangeRequest, own: ExchangeAnswer) => ExchangeAnswer = (_, own) => own;
  let drops = false;
  const exchange: Exchange = async (request) => {
    const { pathname, search } = new URL(request.url);
    paths.push(`${request.method} ${pathname}`);
    const body = request.body ?? '';
    const delivery = await providers.handle('paymongo', {
      method: request.method,
      path: pathname.slice('/paymongo'.length),
      query: search.slice(1),
      headers: request.headers,
      body: drops ? body.replace(/"unicharge_key":"[^"]*"/, '"note":"none"') : body,
    });
    if (delivery.outcome !== 'answered') throw new Error('nothing is injected here');
    const { status, headers, body: text } = delivery.response;
    return answered(request, { status, headers, text });
  };
  return {
    providers,
    paths,
    dropStamps: () => (drops = true),
    answer: (with_: typeof answered) => (answered = with_),
    client: () =>
      createChargesClient(
        paymongoProvider,
        { ...providers.settings('paymongo'), maxRetries: 0 },
        { runtime, exchange },
      ),
    params: () => ({ amount: 4590, currency: 'PHP', source: providers.source('paymongo', 'approved') }),
  };
};

const isIntent = ({ method, url }: ExchangeRequest): boolean =>
  method === 'POST' && url.endsWith('/payment_intents');

describe('an intent that was made for another key', () => {
  const crossed = (world: ReturnType<typeof openWorld>) => {
    let first: ExchangeAnswer | undefined;
    world.answer((request, own) => {
      if (!isIntent(request)) return own;
      first ??= own;
      return first;
    });
  };

  it('is not paid with the method of this one', async () => {
    const world = openWorld();
    const client = world.client();
    crossed(world);
    await client.create(world.params(), { idempotencyKey: 'order-80' });
    const before = world.paths.length;
    await expect(
      client.create(world.params() as never, { idempotencyKey: 'order-81' }),
    ).rejects.toMatchObject({ name: 'IntegrityError', code: 'crossed_answers', outcome: 'not_sent' });
    expect(world.paths.slice(before).filter((path) => path.endsWith('/attach'))).toEqual([]);
  });

  it('is no success of this one where stamps are dropped, too', async () => {
    const world = openWorld();
    const client = world.client();
    world.dropStamps();
    crossed(world);
    await client.create(world.params(), { idempotencyKey: 'order-80' });
    await expect(
      client.create(world.params() as never, { idempotencyKey: 'order-81' }),
    ).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('a key that PayMongo knows with other parameters', () => {
  it('is not told as refused of a refund that it made', async () => {
    const world = openWorld();
    const { id } = await world.client().create(world.params(), { idempotencyKey: 'order-80' });
    const options = { idempotencyKey: 'refund-80' };
    await world.client().refund(id, { amount: 1_000 }, options);
    await expect(world.client().refund(id, { amount: 1_500 }, options)).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      outcome: 'unknown',
    });
  });
});
