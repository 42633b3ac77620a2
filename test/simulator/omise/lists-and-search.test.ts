import { describe, expect, it } from 'vitest';
import { openAccount, type OmiseAccount } from './account.js';

const minute = 60_000;
const ids = (body: { data: { id: string }[] }): string[] => body.data.map((each) => each.id);

/** Charges a minute apart, oldest first. */
const severalCharges = async (account: OmiseAccount, count: number): Promise<string[]> => {
  const made: string[] = [];
  for (let index = 0; index < count; index += 1) {
    made.push((await account.charge({ amount: 10_000 + index })).body.id as string);
    account.simulator.clock.advance(minute);
  }
  return made;
};

describe('a list', () => {
  it('is oldest first, twenty at a time', async () => {
    const account = openAccount();
    const made = await severalCharges(account, 23);
    const first = await account.call('GET', '/charges');
    expect(ids(first.body)).toEqual(made.slice(0, 20));
    expect(first.body).toMatchObject({
      object: 'list',
      limit: 20,
      offset: 0,
      total: 23,
      location: '/charges',
      order: 'chronological',
      from: '1970-01-01T00:00:00Z',
      to: '2026-01-05T03:23:00Z',
    });
    const rest = await account.call('GET', '/charges?offset=20');
    expect(ids(rest.body)).toEqual(made.slice(20));
    expect(ids((await account.call('GET', '/charges?offset=40')).body)).toEqual([]);
  });

  it('turns round, and stays between from and to', async () => {
    const account = openAccount();
    const made = await severalCharges(account, 5);
    const newest = await account.call('GET', '/charges?order=reverse_chronological&limit=2');
    expect(ids(newest.body)).toEqual([made[4], made[3]]);
    const between = '/charges?from=2026-01-05T03:01:00Z&to=2026-01-05T03:03:00Z';
    expect(ids((await account.call('GET', between)).body)).toEqual(made.slice(1, 4));
  });

  it('takes its parameters from a body, too', async () => {
    const account = openAccount();
    const made = await severalCharges(account, 2);
    const listed = await account.call('GET', '/charges', { limit: 1, offset: 1 });
    expect(ids(listed.body)).toEqual([made[1]]);
  });

  it('never gives more than a hundred, and refuses nonsense', async () => {
    const account = openAccount();
    expect((await account.call('GET', '/charges?limit=500')).body.limit).toBe(100);
    for (const query of ['limit=0', 'limit=x', 'offset=-1', 'order=down', 'from=yesterday']) {
      expect((await account.call('GET', `/charges?${query}`)).body.code).toBe('bad_request');
    }
  });

  it('holds failed and pending charges, and lags where the switch says so', async () => {
    const account = openAccount();
    const failed = await account.charge({ card: await account.token('4111111111140011') });
    const pending = await account.charge({ source: { type: 'promptpay' } });
    expect(ids((await account.call('GET', '/charges')).body)).toEqual([failed.body.id, pending.body.id]);
    account.simulator.switches.omise.listDelayMs = minute;
    expect((await account.call('GET', '/charges')).body.total).toBe(0);
    account.simulator.clock.advance(minute);
    expect((await account.call('GET', '/charges')).body.total).toBe(2);
  });
});

describe('search', () => {
  const search = async (account: OmiseAccount, query: string) =>
    (await account.call('GET', `/search?scope=charge&${query}`)).body;

  it('reads amounts in main units', async () => {
    const account = openAccount();
    const baht = await account.charge({ amount: 409_669 });
    const yen = await account.charge({ amount: 500, currency: 'JPY' });
    expect(ids(await search(account, 'filters[amount]=4096.69'))).toEqual([baht.body.id]);
    expect(ids(await search(account, 'filters%5Bamount%5D=409669'))).toEqual([]);
    expect(ids(await search(account, 'filters[amount]=500'))).toEqual([yen.body.id]);
    expect(ids(await search(account, 'filters[amount]=4000..5000'))).toEqual([baht.body.id]);
  });

  it('answers with its own envelope and echoes filters as text', async () => {
    const account = openAccount();
    await severalCharges(account, 3);
    const body = await search(account, 'filters[captured]=true&query=thb');
    expect(body).toMatchObject({
      object: 'search',
      scope: 'charge',
      query: 'thb',
      filters: { captured: 'true' },
      page: 1,
      per_page: 30,
      total: 3,
      total_pages: 1,
      location: '/search',
      export: null,
      aggregate_level: null,
    });
    const beyond = await search(account, 'page=9');
    expect(beyond).toMatchObject({ page: 9, data: [] });
    expect(await search(account, 'filters[voided]=yes')).toMatchObject({ total: 0, total_pages: 0 });
  });

  it('pages, and follows the order', async () => {
    const account = openAccount();
    const made = await severalCharges(account, 3);
    expect(ids(await search(account, 'per_page=2&order=chronological'))).toEqual(made.slice(0, 2));
    expect(ids(await search(account, 'per_page=2&page=2&order=reverse_chronological'))).toEqual([made[0]]);
    account.simulator.switches.omise.searchNewestFirst = true;
    expect(ids(await search(account, 'per_page=1'))).toEqual([made[2]]);
  });

  it('filters by what is known of a charge', async () => {
    const account = openAccount();
    const paid = (await account.charge({ description: 'blue shoes' })).body.id as string;
    const declined = (await account.charge({ card: await account.token('5555551111110011') })).body
      .id as string;
    const held = (await account.charge({ capture: false })).body.id as string;
    const code = (await account.charge({ source: { type: 'promptpay' } })).body.id as string;
    await account.call('POST', `/charges/${paid}/refunds`, { amount: 250 });
    const expected: Record<string, string[]> = {
      'filters[status]=failed': [declined],
      'filters[failure_code]=insufficient_fund': [declined],
      'filters[card_last_digits]=0011': [declined],
      'filters[authorized]=on&filters[captured]=off': [held],
      'filters[capture]=no': [held],
      'filters[refunded]=true': [paid],
      'filters[refund_amount]=2.50': [paid],
      'filters[source_of_fund]=offline': [code],
      'filters[created]=2026-01-05..2026-01-05&filters[currency]=thb': [paid, declined, held, code],
      'filters[created_at]=2026-01-06': [],
      'query=blue+shoes': [paid],
      'query=red': [],
    };
    for (const [query, found] of Object.entries(expected)) {
      expect([query, ids(await search(account, query))]).toEqual([query, found]);
    }
  });

  it('does not look into metadata', async () => {
    const account = openAccount();
    await account.charge({ metadata: { unicharge_key: 'order-81' } });
    expect((await search(account, 'query=order-81')).total).toBe(0);
  });

  it.each([
    ['scope=charge&filters[colour]=red', 'invalid_filter'],
    ['scope=charge&filters[captured]=maybe', 'invalid_filter'],
    ['scope=charge&filters[amount]=cheap', 'invalid_filter'],
    ['scope=charge&filters[created]=today', 'invalid_filter'],
    ['scope=charge&page=0', 'invalid_page'],
    ['scope=charge&per_page=101', 'invalid_per_page'],
    ['scope=weather', 'invalid_scope'],
    ['', 'invalid_scope'],
  ])('refuses %s', async (query, code) => {
    const account = openAccount();
    expect(await account.call('GET', `/search?${query}`)).toMatchObject({ status: 422, body: { code } });
  });

  it('knows created_at only where the switch says so', async () => {
    const account = openAccount({ createdAtFilter: false });
    expect((await search(account, 'filters[created_at]=2026-01-05')).code).toBe('invalid_filter');
  });

  it('lags behind by the index delay, and then shows what has changed', async () => {
    const account = openAccount();
    account.simulator.indexDelayMs = minute;
    const { body } = await account.charge();
    expect((await search(account, '')).total).toBe(0);
    account.simulator.clock.advance(minute);
    expect((await search(account, 'filters[refunded]=false')).total).toBe(1);
    await account.call('POST', `/charges/${body.id as string}/refunds`, { amount: 100 });
    expect((await search(account, 'filters[refunded]=true')).total).toBe(0);
    account.simulator.clock.advance(minute);
    expect((await search(account, 'filters[refunded]=true')).total).toBe(1);
  });
});
