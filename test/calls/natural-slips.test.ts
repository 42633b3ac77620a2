import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../src/index.js';
import { createWorld, providerNames } from '../attacks/attacked-world.js';

describe.each(providerNames)('%s: a slip that would look like an answer', (provider) => {
  const client = createWorld().client(provider);

  it.each(['cature', 'authorise', '', 'toString', undefined, null, 1])('supports(%s) is refused', (name) => {
    expect(() => client.supports(name as never)).toThrow(InvalidRequestError);
  });

  it('supports names the operation that was meant', () => {
    expect(() => client.supports('cature' as never)).toThrow('did you mean capture?');
  });

  it('supports shows no name that could be data', () => {
    expect(() => client.supports('sk_test_4242424242424242' as never)).toThrow(
      expect.not.stringContaining('4242') as never,
    );
  });

  it.each(['data', 'nextCursor', 'total', 'length', 'map'])('list().%s is refused', (name) => {
    expect(() => (client.list() as unknown as Record<string, unknown>)[name]).toThrow(
      /client\.list\(\)\)\.data/,
    );
  });

  it('a list is shown, awaited and iterated as before', async () => {
    const list = client.list();
    expect(inspect(list)).not.toContain('Error');
    expect(Object.keys(list)).toEqual(['then', 'catch', 'finally']);
    expect((await list).data).toEqual([]);
    for await (const charge of client.list()) expect(charge).toBeUndefined();
  });

  it.each(['list', 'search'] as const)(
    '%s of a range that ends before it begins is refused',
    async (method) => {
      const range = { createdAfter: '2026-02-01T00:00:00Z', createdBefore: '2026-01-01T00:00:00Z' };
      await expect(client[method](range)).rejects.toMatchObject({
        name: 'InvalidRequestError',
        issues: [{ path: 'createdBefore', message: 'must not be earlier than createdAfter' }],
      });
      await expect(client[method]({ ...range, createdBefore: range.createdAfter })).resolves.toMatchObject({
        data: [],
      });
    },
  );

  it.each(['UK', 'gb', 'GBR', 'Germany', ''])('an address in the country %j is refused', async (country) => {
    const params = { amount: 4590, currency: 'AUD', source: 'tok_1', billing: { address: { country } } };
    const error: unknown = await client.create(params).catch((thrown: unknown) => thrown);
    expect((error as InvalidRequestError).issues).toContainEqual({
      path: 'billing.address.country',
      message: 'must be a two-letter upper-case ISO 3166 code, such as GB',
    });
  });
});
