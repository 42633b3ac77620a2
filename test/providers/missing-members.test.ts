import { describe, expect, it } from 'vitest';
import { createWorld, ending, type ProviderName } from '../attacks/attacked-world.js';

/*
 * Most of what a provider tells about a charge only informs. An old API version, or a sample in its documentation, leaves it
 * out: the charge is readable all the same, or every look that meets it on a page would fail.
 */

/** Members that decide about money or say what the answer is about; without one, nobody may guess. */
const deciding: Readonly<Record<string, readonly string[]>> = {
  stripe: [
    'object',
    'id',
    'amount',
    'currency',
    'status',
    'latest_charge.object',
    'latest_charge.id',
    'latest_charge.amount',
    'latest_charge.currency',
    'latest_charge.status',
    'latest_charge.captured',
    'latest_charge.refunded',
    'latest_charge.amount_refunded',
  ],
  'stripe (charges)': [
    'object',
    'id',
    'amount',
    'currency',
    'status',
    'captured',
    'refunded',
    'amount_refunded',
  ],
  omise: ['object', 'id', 'amount', 'currency', 'status', 'authorized', 'paid', 'reversed'],
  magpie: ['id', 'amount', 'currency', 'status', 'refunds.#.id', 'refunds.#.amount'],
  justifi: [
    'data',
    'data.id',
    'data.amount',
    'data.currency',
    'data.status',
    'data.refunds.#.id',
    'data.refunds.#.amount',
    'data.refunds.#.status',
  ],
  pin: ['response', 'response.token', 'response.amount', 'response.currency'],
};

type Path = readonly (string | number)[];

const pathsIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [here]), ...pathsIn(inner, here)];
  });
};

const without = (value: unknown, path: Path): unknown => {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  let holder = copy;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  Reflect.deleteProperty(holder, path.at(-1) as string);
  return copy;
};

const nameOf = (path: Path): string => path.map((step) => (typeof step === 'number' ? '#' : step)).join('.');

const clients: readonly (readonly [name: string, ProviderName, object])[] = [
  ['stripe', 'stripe', {}],
  ['stripe (charges)', 'stripe', { api: 'charges' }],
  ['omise', 'omise', {}],
  ['magpie', 'magpie', {}],
  ['justifi', 'justifi', {}],
  ['pin', 'pin', {}],
];

describe.each(clients)('a charge of %s', (name, provider, settings) => {
  it('is readable without any member that only informs, and refused without one that decides', async () => {
    const world = createWorld();
    const client = world.client(provider, settings);
    const made = await client.create(world.params(provider, { amount: 9000, metadata: { order: '81' } }));
    await client.refund(made.id, { amount: 2500 });
    let whole: unknown;
    world.tamper = async (_, honest) => {
      const answer = await honest();
      whole = JSON.parse(answer.text);
      return answer;
    };
    await client.retrieve(made.id);

    const refused = new Set<string>();
    for (const path of pathsIn(whole)) {
      const text = JSON.stringify(without(whole, path));
      world.tamper = async (request, honest) => {
        const answer = await honest();
        return new URL(request.url).pathname.includes(made.id) ? { ...answer, text } : answer;
      };
      const end = await ending(() => client.retrieve(made.id));
      if ('rejected' in end) refused.add(nameOf(path));
      else expect(end.resolved).toMatchObject({ id: made.id, amount: 9000 });
    }
    expect([...refused].sort()).toEqual([...(deciding[name] ?? [])].sort());
  });
});
