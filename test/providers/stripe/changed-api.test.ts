import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/index.js';
import { ExchangeFailure } from '../../../src/transport/exchange.js';
import { createWorld } from '../../attacks/attacked-world.js';

/** A shop changes the setting `api` while a create is open: plain charges and intents stand in two lists. */

const minute = 60_000;
const waits = { settleMs: 5 * minute, abandonedMs: 15 * minute };
const key = 'order-81';

const openCreate = async (api: 'charges' | 'payment_intents', source: 'approved' | 'requires_3ds') => {
  const world = createWorld();
  const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
  const client = (chosen: 'charges' | 'payment_intents') =>
    world.client('stripe', { ...waits, store, maxRetries: 0, api: chosen });
  const params = world.params('stripe', {
    source: api === 'charges' ? 'tok_visa' : world.providers.source('stripe', source),
    returnUrl: 'https://shop.test/back',
  });
  if (api === 'charges') delete (params as { returnUrl?: string }).returnUrl;
  world.tamper = async (request, honest) => {
    const answer = await honest();
    if (request.method === 'POST' && /(?:charges|intents)$/.test(request.url))
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    return answer;
  };
  const error = await client(api)
    .create(params, { idempotencyKey: key })
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ outcome: 'unknown', unresolved: { api } });
  world.tamper = null;
  world.runtime.pass(20 * minute);
  return { world, client, params, error };
};

const other = { charges: 'payment_intents', payment_intents: 'charges' } as const;

describe.each([
  ['charges', 'approved'],
  ['payment_intents', 'approved'],
  ['payment_intents', 'requires_3ds'],
] as const)('a create that was sent to %s, of a source that is %s', (api, source) => {
  it('is found by its record, by a client of the other API', async () => {
    const { client } = await openCreate(api, source);
    await expect(client(other[api]).reconcile(key)).resolves.toMatchObject({ outcome: 'happened' });
  });

  it('is found by the JSON of its error, in a process without the record', async () => {
    const { world, error } = await openCreate(api, source);
    const elsewhere = world.client('stripe', { ...waits, api: other[api] });
    const json = JSON.parse(JSON.stringify(error)) as never;
    await expect(elsewhere.reconcile(json)).resolves.toMatchObject({ outcome: 'happened' });
  });
});

describe('a create that was sent as a charge', () => {
  it('is the result of its key for a client of intents, however often and late it is repeated', async () => {
    const { world, client, params } = await openCreate('charges', 'approved');
    for (const wait of [0, 20 * minute, 24 * 60 * minute]) {
      world.runtime.pass(wait);
      const again = client('payment_intents').create(params, { idempotencyKey: key });
      await expect(again).resolves.toMatchObject({ status: 'captured' });
    }
    expect(world.providers.ledger.charges('stripe')).toHaveLength(1);
  });
});
