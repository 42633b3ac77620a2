import { describe, expect, it } from 'vitest';
import { memoryStore, type ChargeList } from '../../src/index.js';
import { ExchangeFailure, type ExchangeRequest } from '../../src/transport/exchange.js';
import {
  createWorld,
  ending,
  providerNames,
  type AttackedWorld,
  type ProviderName,
} from './attacked-world.js';

/*
 * A list whose end was not seen. Whoever takes it for the end concludes that a payment or a refund is not there, and sends
 * it again.
 */

type Body = Record<string, unknown>;
type Change = (body: Body) => Body;

const cursor = Buffer.from('["2026-11-21T12:00:00.000000000Z","0a1b"]').toString('base64');

/** Every page is empty and says that there is more. */
const emptyPages: Readonly<Record<ProviderName, Change>> = {
  stripe: (body) => ({ ...body, data: [], has_more: true, next_page: 'cGFnZTI' }),
  omise: (body) => ({ ...body, data: [], total: 3, total_pages: 3 }),
  magpie: (body) => ({ ...body, data: [], next: '/v2/charges/?start_after=ch_0aa9' }),
  justifi: (body) => ({ ...body, data: [], page_info: { has_next: true, end_cursor: cursor } }),
  pin: (body) => ({ ...body, response: [], pagination: { current: 1, next: 2, pages: 2 } }),
};

/** Every page says that there is more, and not where; or in numbers that contradict the page. */
const nowhere: Readonly<Record<ProviderName, Change>> = {
  stripe: (body) => ({ ...body, has_more: true, data: [], next_page: null }),
  omise: (body) => ({ ...body, total: 0, total_pages: 0 }),
  magpie: (body) => ({ ...body, next: '/v2/charges/' }),
  justifi: (body) => ({ ...body, page_info: { has_next: true, end_cursor: null } }),
  pin: (body) => ({ ...body, pagination: { current: 7, next: null, pages: 1 } }),
};

/** Every page is the first one, and says that there is more. */
const samePages: Readonly<Record<ProviderName, Change>> = {
  stripe: (body) => ({ ...body, has_more: true, next_page: 'cGFnZTI' }),
  omise: (body) => ({ ...body, total: 1000, total_pages: 1000 }),
  magpie: (body) => ({ ...body, next: '/v2/charges/?start_after=ch_0aa9' }),
  justifi: (body) => ({ ...body, page_info: { has_next: true, end_cursor: cursor } }),
  pin: (body) => ({ ...body, pagination: { current: 1, next: 2, pages: 9 } }),
};

const isList = ({ method, url }: ExchangeRequest, provider: ProviderName): boolean => {
  const path = new URL(url).pathname;
  const last = path.split('/').filter(Boolean).at(-1);
  return (
    method === 'GET' &&
    (last === 'charges' ||
      last === 'payments' ||
      last === 'payment_intents' ||
      last === 'search' ||
      last === 'refunds') &&
    path.includes(provider)
  );
};

/** Changes every page of every list. `repeat` gives the first page again and again, whatever page is asked for. */
const changeLists = (world: AttackedWorld, provider: ProviderName, change: Change, repeat = false): void => {
  const pages = new Map<string, string>();
  world.tamper = async (request, honest) => {
    const answer = await honest();
    if (!isList(request, provider)) return answer;
    const url = new URL(request.url);
    const first = pages.get(url.pathname) ?? answer.text;
    pages.set(url.pathname, first);
    const body = JSON.parse(repeat ? first : answer.text) as Body;
    return { ...answer, status: 200, text: JSON.stringify(change(body)) };
  };
};

const collect = async (list: ChargeList): Promise<string[]> => {
  const ids: string[] = [];
  for await (const charge of list) ids.push(charge.id);
  return ids;
};

const incomplete = {
  rejected: { name: 'InvalidResponseError', code: 'incomplete_list', outcome: 'not_sent' },
};

describe.each(providerNames)('an empty page that announces more at %s', (provider) => {
  it('is no end for whoever takes one page, nor for whoever goes through all of them', async () => {
    const world = createWorld();
    const client = world.client(provider);
    await client.create(world.params(provider));
    changeLists(world, provider, emptyPages[provider]);
    expect(await ending(async () => client.list())).toMatchObject(incomplete);
    expect(await ending(() => collect(client.list()))).toMatchObject(incomplete);
  });

  it('is no proof that a lost create did not happen: it is not sent again', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider);
    const act = () => client.create(params, { idempotencyKey: 'order-81', maxRetries: 0 });
    world.tamper = async (request, honest) => {
      const answer = await honest();
      if (request.method === 'GET' || !/charges|payment_intents|payments$/.test(request.url)) return answer;
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    };
    expect(await ending(act)).toMatchObject({ rejected: { outcome: 'unknown' } });
    expect(world.providers.ledger.charges()).toHaveLength(1);
    world.runtime.pass(48 * 60 * 60_000);
    changeLists(world, provider, emptyPages[provider]);
    // A search is of no help here either.
    expect(await ending(act)).toMatchObject({ rejected: { outcome: 'unknown' } });
    expect(await ending(() => client.reconcile('order-81'))).not.toMatchObject({
      resolved: { outcome: 'did_not_happen' },
    });
    expect(world.providers.ledger.charges()).toHaveLength(1);
  });
});

describe.each(providerNames)('a page that announces more, but not where, at %s', (provider) => {
  it('is no end', async () => {
    const world = createWorld();
    const client = world.client(provider);
    await client.create(world.params(provider));
    changeLists(world, provider, nowhere[provider]);
    expect(await ending(async () => client.list())).toMatchObject(incomplete);
    expect(await ending(() => collect(client.list()))).toMatchObject(incomplete);
  });
});

describe('a list at pin that announces more than it gives', () => {
  const minute = 60_000;
  const open = () => {
    const world = createWorld();
    const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
    return { world, client: world.client('pin', { store, maxRetries: 0, settleMs: 5 * minute }) };
  };
  const loseWrites = (world: AttackedWorld): void => {
    world.tamper = async (request, honest) => {
      const answer = await honest();
      if (request.method === 'GET') return answer;
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    };
  };

  it('is no proof that a lost create did not happen', async () => {
    const { world, client } = open();
    loseWrites(world);
    await ending(async () => client.create(world.params('pin'), { idempotencyKey: 'order-84' }));
    world.runtime.pass(20 * minute);
    changeLists(world, 'pin', (body) => ({
      ...body,
      response: [],
      pagination: { current: 1, per_page: 25, count: 1 },
    }));
    expect(await ending(() => client.reconcile('order-84'))).toMatchObject({
      resolved: { outcome: 'unknown' },
    });
  });

  it('is no proof that a lost refund did not happen: it is not made twice', async () => {
    const { world, client } = open();
    const { id } = await client.create(world.params('pin'));
    const act = async () => client.refund?.(id, { amount: 500 }, { idempotencyKey: 'refund-84' });
    await client.refund?.(id, { amount: 100 });
    loseWrites(world);
    expect(await ending(act)).toMatchObject({ rejected: { outcome: 'unknown' } });
    world.runtime.pass(20 * minute);
    changeLists(world, 'pin', (body) => ({
      ...body,
      response: (body['response'] as { amount: number }[]).filter(({ amount }) => amount === 100),
      pagination: { current: 1, per_page: 2, count: 2 },
    }));
    expect(await ending(act)).toMatchObject({ rejected: { outcome: 'unknown', code: 'incomplete_list' } });
    expect(world.providers.ledger.charges('pin')).toMatchObject([{ amountRefunded: 600 }]);
  });
});

// Omise's next page is counted from the charges that came, so it never repeats.
const namesItsNextPage = providerNames.filter((provider) => provider !== 'omise');

describe.each(namesItsNextPage)('a list that goes in a circle at %s', (provider) => {
  it('is no end after what was read', async () => {
    const world = createWorld();
    const client = world.client(provider);
    await client.create(world.params(provider));
    changeLists(world, provider, samePages[provider], true);
    expect(await ending(() => collect(client.list()))).toMatchObject(incomplete);
  });
});

describe.each([
  ['stripe', 'an empty page that announces more', emptyPages],
  ['omise', 'an empty page that announces more', emptyPages],
  ['pin', 'an empty page that announces more', emptyPages],
  ['stripe', 'a page that announces more, but not where', nowhere],
  ['pin', 'a page that announces more, but not where', nowhere],
] as const)('a search at %s', (provider, name, changes) => {
  it(`has no end at ${name}`, async () => {
    const world = createWorld();
    const client = world.client(provider);
    const params = world.params(provider);
    await client.create(params);
    changeLists(world, provider, changes[provider]);
    expect(await ending(async () => client.search({ currency: params.currency }))).toMatchObject(incomplete);
  });
});

/** Magpie has no list of refunds but the one in the charge; JustiFi's is in the payment. */
describe.each(['stripe', 'omise', 'pin'] as const)('the refunds of a charge at %s', (provider) => {
  it.each([
    ['an empty page that announces more', emptyPages, false],
    ['the same page again and again', samePages, true],
  ] as const)('are not told after %s', async (_, changes, repeat) => {
    const world = createWorld();
    const client = world.client(provider);
    const charge = await client.create(world.params(provider, { amount: 9000 }));
    await client.refund(charge.id, { amount: 2500 });
    changeLists(world, provider, changes[provider], repeat);
    expect(await ending(() => client.listRefunds(charge.id))).toMatchObject(incomplete);
  });
});

const cursors: Readonly<Record<ProviderName, string>> = {
  stripe: 'pi_0000000000000001',
  omise: '40',
  magpie: 'ch_0aa2',
  justifi: cursor,
  pin: '3-25',
};

describe.each(providerNames)('a cursor of another list at %s', (provider) => {
  // Omise and Pin both count, so that a bare number is a cursor of both.
  const foreign = Object.entries(cursors).filter(
    ([other]) => other !== provider && !(provider === 'pin' && other === 'omise'),
  );

  it.each([...foreign.map(([, text]) => text), 'chrg_test_0000000000000000001', 'next page', '../charges'])(
    'is refused before anything is sent: %s',
    async (text) => {
      const world = createWorld();
      const client = world.client(provider);
      await client.retrieve('nothing').catch(() => null);
      const sent = world.sent.length;
      const end = await ending(async () => client.list({ cursor: text }));
      expect(end).toMatchObject({
        rejected: {
          name: 'InvalidRequestError',
          outcome: 'not_sent',
          issues: [{ path: 'cursor', message: 'must be the nextCursor of an earlier page' }],
        },
      });
      expect(world.sent).toHaveLength(sent);
    },
  );

  it('is refused by a search, too', async () => {
    const world = createWorld();
    const end = await ending(async () =>
      world.client(provider).search({ cursor: 'chrg_test_01', currency: world.params(provider).currency }),
    );
    expect(end).toMatchObject({ rejected: { name: 'InvalidRequestError', outcome: 'not_sent' } });
  });

  it('is none where it is its own', async () => {
    const world = createWorld();
    const client = world.client(provider);
    for (let count = 0; count < 3; count += 1) await client.create(world.params(provider));
    const first = await client.list({ limit: 1 });
    const second = await client.list({ limit: 1, cursor: first.nextCursor ?? '' });
    expect(second.data[0]?.id).not.toBe(first.data[0]?.id);
  });
});
