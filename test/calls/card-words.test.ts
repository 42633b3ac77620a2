import { describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../src/index.js';
import { createWorld, providerNames, type ProviderName } from '../attacks/attacked-world.js';

interface Words {
  readonly brand: string;
  readonly country: string;
}

/** What providers call the two. */
const fields: Readonly<Record<string, keyof Words>> = {
  brand: 'brand',
  scheme: 'brand',
  country: 'country',
  issuing_country: 'country',
};

const withWords = (value: unknown, told: Words): unknown => {
  if (Array.isArray(value)) return value.map((each) => withWords(each, told));
  if (typeof value !== 'object' || value === null) return value;
  const changed = Object.entries(value).map(([name, inside]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, field === undefined ? withWords(inside, told) : told[field]];
  });
  // JustiFi tells the country among the facts of the number, which its samples leave out.
  return {
    ...(Object.fromEntries(changed) as object),
    ...('bin_details' in value ? { bin_details: { country: told.country } } : {}),
  };
};

const cardOf = async (provider: ProviderName, told: Words) => {
  const world = createWorld();
  const drifts: string[] = [];
  const client = world.client(provider, {
    onEvent: (event: ClientEvent) => {
      if (event.type === 'drift') drifts.push(event.path);
    },
  });
  const { id } = await client.create(world.params(provider), { idempotencyKey: 'order-81' });
  world.tamper = async (_, honest) => {
    const answer = await honest();
    return { ...answer, text: JSON.stringify(withWords(JSON.parse(answer.text), told)) };
  };
  const { paymentMethod } = await client.retrieve(id);
  return { card: paymentMethod?.card, drifts };
};

describe.each(providerNames)('a card at %s', (provider) => {
  it.each([
    ['AMERICAN EXPRESS', 'amex'],
    ['MasterCard', 'mastercard'],
    ['Diners Club', 'diners'],
    ['Cartes Bancaires', 'cartes_bancaires'],
    ['unknown', null],
  ])('of the brand %j is told as %j', async (brand, shared) => {
    expect((await cardOf(provider, { brand, country: 'US' })).card).toMatchObject({ brand: shared });
  });

  it('has a country by its code, or none that is told as one', async () => {
    const lower = await cardOf(provider, { brand: 'visa', country: 'th' });
    expect([lower.card?.country ?? null, lower.drifts]).toEqual(['TH', []]);
    const foreign = await cardOf(provider, { brand: 'visa', country: 'Atlantis' });
    expect(foreign.card?.country ?? null).toBeNull();
    expect(foreign.drifts).toContain('paymentMethod.card.country');
  });
});
