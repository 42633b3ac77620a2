import { describe, expect, it } from 'vitest';
import { UnsupportedOperationError, type ReadOptions } from '../../src/index.js';
import { createWorld, providerNames, type ProviderName } from '../attacks/attacked-world.js';

const withFee: ReadOptions = { include: ['fee'] };

const charged = async (provider: ProviderName) => {
  const world = createWorld();
  const client = world.client(provider);
  const { id } = await client.create(world.params(provider), { idempotencyKey: 'order-81' });
  world.sent.length = 0;
  return { world, client, id };
};

describe.each(['omise', 'justifi', 'pin'] as const)('%s, which always tells the fee', (provider) => {
  it('takes the word and sends nothing else for it', async () => {
    const { world, client, id } = await charged(provider);
    // JustiFi fills its fees in a moment later.
    world.runtime.pass(60 * 60_000);
    const paths = () => world.sent.map(({ url }) => url);
    const plain = await client.retrieve(id);
    const asked = await client.retrieve(id, withFee);
    expect(asked).toEqual(plain);
    expect(asked.fee).not.toBeNull();
    expect(paths()[0]).toBe(paths()[1]);
    await expect(client.list({}, withFee)).resolves.toMatchObject({ data: [{ id }] });
    await expect(client.search({ amount: 4590 }, withFee)).resolves.toBeDefined();
    const { retrieve, list, search } = client.capabilities;
    expect([retrieve.include, list.include, search.include]).toEqual([['fee'], ['fee'], ['fee']]);
  });
});

describe('magpie, which tells no fee', () => {
  it('refuses the word before a byte is sent', async () => {
    const { world, client, id } = await charged('magpie');
    const refused = { code: 'unsupported_include', outcome: 'not_sent', provider: 'magpie' };
    await expect(client.retrieve(id, withFee)).rejects.toMatchObject({ ...refused, operation: 'retrieve' });
    await expect(client.retrieve(id, withFee)).rejects.toBeInstanceOf(UnsupportedOperationError);
    await expect(client.list({}, withFee)).rejects.toMatchObject({ ...refused, operation: 'list' });
    await expect(client.search({ amount: 1 }, withFee)).rejects.toMatchObject(refused);
    expect(world.sent).toEqual([]);
    expect(client.capabilities.retrieve.include).toBeUndefined();
  });
});

describe.each(providerNames)('include at %s', (provider) => {
  it('is refused where it is no list of known words, and where no charge is read', async () => {
    const { world, client, id } = await charged(provider);
    const wrong = (include: unknown) => ({ include }) as never;
    for (const include of [['fees'], 'fee', [1], null, undefined]) {
      await expect(client.retrieve(id, wrong(include))).rejects.toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
      });
    }
    await expect(client.listRefunds(id, wrong(['fee']))).rejects.toMatchObject({
      issues: [{ path: 'include' }],
    });
    await expect(client.refund(id, {}, wrong(['fee']))).rejects.toMatchObject({
      issues: [{ path: 'include' }],
    });
    await expect(client.retrieve(id, { include: [] })).resolves.toMatchObject({ id });
    expect(world.sent.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('says in the capabilities what it does', async () => {
    const { client, id } = await charged(provider);
    const told = client.capabilities.retrieve.include?.includes('fee') ?? false;
    const read = client.retrieve(id, withFee);
    await (told ? expect(read).resolves.toMatchObject({ id }) : expect(read).rejects.toThrow());
  });
});
