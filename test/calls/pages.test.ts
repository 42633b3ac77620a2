import { expect, it } from 'vitest';
import { createWorld, providerNames } from '../attacks/attacked-world.js';

/** What each provider says of a list of three charges, read in pages of two. */
const totals = { stripe: null, omise: 3, magpie: null, justifi: null, pin: 3 } as const;

it.each(providerNames)('%s: a page tells how many there are, where the provider does', async (provider) => {
  const world = createWorld();
  const client = world.client(provider);
  for (let made = 0; made < 3; made += 1) await client.create(world.params(provider));
  const page = await client.list({ limit: 2 });
  expect(page.data.length).toBe(2);
  expect(page.total).toBe(totals[provider]);
  expect(Object.keys(page)).toEqual(['data', 'nextCursor', 'total']);
  expect(JSON.stringify(page)).not.toContain('raw');
  expect(page.raw).toMatchObject({
    [provider === 'pin' ? 'response' : 'data']: expect.any(Array) as unknown,
  });
});

it('a search that filters a list here claims no total of it', async () => {
  const world = createWorld();
  const client = world.client('magpie');
  await client.create(world.params('magpie'));
  expect((await client.search({ amount: 4590 })).total).toBeNull();
});
