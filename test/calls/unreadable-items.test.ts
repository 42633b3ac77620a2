import { describe, expect, it } from 'vitest';
import type { Charge, ClientEvent } from '../../src/index.js';
import { createWorld, ending, providerNames, type ProviderName } from '../attacks/attacked-world.js';

type Item = Record<string, unknown>;

/** The field of a page that holds its items. */
const itemsIn = { stripe: 'data', omise: 'data', magpie: 'data', justifi: 'data', pin: 'response' } as const;
const idField = (provider: ProviderName): string => (provider === 'pin' ? 'token' : 'id');

const hour = 60 * 60_000;

/** A world of one provider in which the items of every list can be damaged by their ids. */
const scene = (provider: ProviderName, settings: object = {}) => {
  const world = createWorld();
  const drifts: string[] = [];
  const onEvent = (event: ClientEvent) => {
    if (event.type === 'drift') drifts.push(`${event.path} ${event.kind}`);
  };
  const client = (more: object = {}) =>
    world.client(provider, { maxRetries: 0, onEvent, ...settings, ...more });
  const create = (metadata: Record<string, string> = {}, more: object = {}) =>
    client().create(world.params(provider, { metadata, ...more }), { idempotencyKey: world.key() });
  const damage = (change: (item: Item) => unknown) => {
    world.tamper = async (request, honest) => {
      const answer = await honest();
      const body = JSON.parse(answer.text) as Item;
      const items = body[itemsIn[provider]];
      if (request.method !== 'GET' || !Array.isArray(items)) return answer;
      return {
        ...answer,
        text: JSON.stringify({ ...body, [itemsIn[provider]]: items.map((item: Item) => change(item)) }),
      };
    };
  };
  const damageOnly = (id: string, changes: Item) => {
    damage((item) => (item[idField(provider)] === id ? { ...item, ...changes } : item));
  };
  return { world, client, create, damage, damageOnly, drifts };
};

const idsOf = (charges: readonly Charge[]): string[] => charges.map(({ id }) => id);

describe.each(providerNames)('%s: a charge of a list that cannot be read', (provider) => {
  it('is unknown in its place, with its id, metadata and resource, and hides no other', async () => {
    const { client, create, damageOnly, drifts } = scene(provider);
    const charges = [await create(), await create({ order: '81' }), await create()];
    const bad = charges[1]!.id;
    damageOnly(bad, { amount: 'much' });
    const page = await client().list();
    expect(idsOf(page.data)).toEqual(idsOf(charges).reverse());
    const [newest, unreadable, oldest] = page.data;
    expect([newest?.status, oldest?.status]).toEqual(['captured', 'captured']);
    expect(unreadable).toMatchObject({
      id: bad,
      provider,
      status: 'unknown',
      amount: null,
      amountCaptured: null,
      amountRefunded: null,
      currency: null,
      refundStatus: null,
      metadata: { order: '81' },
      createdAt: charges[1]!.createdAt,
      raw: { amount: 'much' },
    });
    expect(drifts).toEqual([`${itemsIn[provider]}.1.amount unreadable`]);
    const all: Charge[] = [];
    for await (const charge of client().list({ limit: 2 })) all.push(charge);
    expect(idsOf(all)).toEqual(idsOf(page.data));
  });

  it('is left out and reported where it has no id, and the others are there', async () => {
    const { client, create, damage, drifts } = scene(provider);
    const [first, second] = [await create(), await create()];
    damage((item) => (item[idField(provider)] === second.id ? null : item));
    expect(idsOf((await client().list()).data)).toEqual([first.id]);
    expect(drifts).toEqual([`${itemsIn[provider]}.0 unreadable`]);
  });

  it('is found by no filter that it contradicts, and left out by none that it does not answer', async () => {
    const { client, create, damageOnly, world } = scene(provider);
    const bad = await create({ order: '81' });
    damageOnly(bad.id, { amount: 'much' });
    const { amount } = world.params(provider);
    const found = async (metadata: Record<string, string>) =>
      idsOf((await client().search({ amount, metadata })).data);
    expect(await found({ order: '81' })).toEqual([bad.id]);
    expect(await found({ order: '82' })).toEqual([]);
  });

  it('does not stand in the way of a keyed create', async () => {
    const { client, create, damageOnly, world } = scene(provider);
    const bad = await create();
    world.runtime.pass(hour);
    damageOnly(bad.id, provider === 'omise' ? { paid: null } : { amount: null });
    const made = await client().create(world.params(provider), { idempotencyKey: 'order-81' });
    expect(made.status).toBe('captured');
  });

  it('does not keep another write of its page from being reconciled', async () => {
    const { client, create, damageOnly, world } = scene(provider);
    const bad = await create();
    world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
    const merchant = client();
    const lost = await ending(() =>
      merchant.create(world.params(provider), { idempotencyKey: 'order-81', deadlineMs: 1_000 }),
    );
    expect(lost).toMatchObject({ rejected: { outcome: 'unknown' } });
    damageOnly(bad.id, { amount: null });
    world.runtime.pass(hour);
    const settled = [];
    for await (const each of merchant.reconcilePending()) settled.push(each);
    expect(settled).toMatchObject([{ idempotencyKey: 'order-81', outcome: 'happened' }]);
  });
});

describe.each(providerNames)('%s: a look at a list in which the charge itself cannot be read', (provider) => {
  /** A create whose answer was lost, to be looked for by another process. */
  const lose = async (settings: object = {}) => {
    const made = scene(provider, settings);
    const { world, client } = made;
    world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
    const error = await ending(() =>
      client({ deadlineMs: 1_000 }).create(world.params(provider), { idempotencyKey: 'order-81' }),
    );
    const id = world.providers.ledger.charges()[0]?.id ?? '';
    world.runtime.pass(hour);
    return { ...made, error: (error as { rejected: unknown }).rejected, id };
  };
  const reconciled = async ({ client, error }: Awaited<ReturnType<typeof lose>>) =>
    client().reconcile(JSON.parse(JSON.stringify(error)) as string);

  /** At Stripe the list names intents, and the ledger charges: the id is read off the list. */
  const everyItem = (damage: ReturnType<typeof scene>['damage'], changes: Item | null) => {
    damage((item) => (changes === null ? null : { ...item, ...changes }));
  };

  it('is found by its key, and read by its id', async () => {
    const lost = await lose();
    everyItem(lost.damage, { amount: null });
    expect(await reconciled(lost)).toMatchObject({ outcome: 'happened', charge: { status: 'captured' } });
  });

  it.each<[string, Item | null]>([
    ['metadata that cannot be read', { amount: null, metadata: 7 }],
    ['nothing at all', null],
  ])('never says that it did not happen: %s', async (_, changes) => {
    const lost = await lose();
    everyItem(lost.damage, changes);
    expect(await reconciled(lost)).toMatchObject({ outcome: 'unknown' });
    const posts = () => lost.world.sent.filter(({ method }) => method === 'POST').length;
    const before = posts();
    if (['stripe', 'justifi'].includes(provider)) return;
    const again = await ending(() =>
      lost.client().create(lost.world.params(provider), { idempotencyKey: 'order-81' }),
    );
    expect(again).toMatchObject({ rejected: { outcome: 'unknown' } });
    expect(posts()).toBe(before);
  });
});

describe('a charge of stripe', () => {
  const inCurrency = async (currency: string) => {
    const { client, create, damageOnly, drifts } = scene('stripe');
    const [first, second] = [await create(), await create({ order: '81' })];
    damageOnly(second.id, { currency, latest_charge: null });
    return { page: await client().list(), first, second, drifts };
  };

  it('in a currency that was retired is read with its amounts', async () => {
    const { page, second } = await inCurrency('hrk');
    expect(page.data[0]).toMatchObject({ id: second.id, status: 'captured', amount: 4590, currency: 'HRK' });
  });

  it('in a currency of an unknown unit is unknown, and its amounts are null', async () => {
    const { page, first, second, drifts } = await inCurrency('xyz');
    expect(page.data).toMatchObject([
      { id: second.id, status: 'unknown', amount: null, currency: null, metadata: { order: '81' } },
      { id: first.id, status: 'captured', amount: 4590, currency: 'EUR' },
    ]);
    expect(drifts).toContain('data.0.currency unreadable');
  });

  it.each(['ch_unheard_of', 'no id'])(
    'that refers to a charge that is not there hides no other: %s',
    async (latest) => {
      const { client, create, damageOnly } = scene('stripe');
      const [first, second] = [await create(), await create()];
      damageOnly(second.id, { latest_charge: latest });
      const { data } = await client().list();
      expect(data).toMatchObject([
        { id: second.id, status: 'unknown' },
        { id: first.id, status: 'captured' },
      ]);
    },
  );
});
