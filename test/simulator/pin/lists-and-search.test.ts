import { describe, expect, it } from 'vitest';
import type { PinSwitches } from '../../../src/simulator/pin/switches.js';
import { type Answer, day, openAccount, type PinAccount, rawCard, start } from './account.js';

const descriptionsOf = ({ body }: Answer): string[] =>
  body.response.map((each: { description: string }) => each.description) as string[];

/** An account with as many charges, a minute apart: "1" is the oldest. */
const filled = async (count: number, switches: Partial<PinSwitches> = {}): Promise<PinAccount> => {
  const account = openAccount(switches);
  for (let made = 1; made <= count; made += 1) {
    await account.charge({ description: String(made) });
    account.simulator.clock.advance(60_000);
  }
  return account;
};

describe('listing charges', () => {
  it('gives pages of 25, newest first', async () => {
    const { call } = await filled(26);
    const first = await call('GET', '/charges');
    expect(descriptionsOf(first).slice(0, 2)).toEqual(['26', '25']);
    expect(first.body).toMatchObject({
      count: 25,
      pagination: { current: 1, previous: null, next: 2, per_page: 25, pages: 2, count: 26 },
    });
    const second = await call('GET', '/charges?page=2');
    expect(descriptionsOf(second)).toEqual(['1']);
    expect(second.body).toMatchObject({ count: 1, pagination: { current: 2, previous: 1, next: null } });
  });

  it('answers a page past the end with nothing, and so an empty account', async () => {
    const { call } = await filled(1);
    expect((await call('GET', '/charges?page=2')).body).toEqual({
      response: [],
      count: 0,
      pagination: { current: 2, previous: 1, next: null, per_page: 25, pages: 1, count: 1 },
    });
    const empty = openAccount();
    expect((await empty.call('GET', '/charges')).body.pagination).toMatchObject({ pages: 0, count: 0 });
  });

  it('shows the page size that it keeps to', async () => {
    const { call, simulator } = await filled(5);
    expect((await call('GET', '/charges?per_page=2&page=2')).body).toMatchObject({
      response: [{ description: '3' }, { description: '2' }],
      pagination: { per_page: 2, pages: 3 },
    });
    simulator.switches.pin.highestPerPage = 3;
    expect((await call('GET', '/charges?per_page=100')).body).toMatchObject({
      count: 3,
      pagination: { per_page: 3 },
    });
    expect((await call('GET', '/charges?per_page=0&page=x')).body.pagination).toMatchObject({ current: 1 });
  });

  it('holds declined charges, or not', async () => {
    const { call, charge, simulator } = openAccount();
    await charge({ description: 'declined', card: rawCard('4100000000000001') });
    await charge({ description: 'approved' });
    for (const target of ['/charges', '/charges/search']) {
      simulator.switches.pin.listsFailedCharges = true;
      expect(descriptionsOf(await call('GET', target)).sort()).toEqual(['approved', 'declined']);
      simulator.switches.pin.listsFailedCharges = false;
      expect(descriptionsOf(await call('GET', target))).toEqual(['approved']);
    }
  });

  it('holds every other charge, whatever the switches hide', async () => {
    const { call } = await filled(2, { listsFailedCharges: false, listsPendingCharges: false });
    expect((await call('GET', '/charges')).body.count).toBe(2);
    expect((await call('GET', '/charges/search')).body.count).toBe(2);
  });

  it('comes late, where the switch says so', async () => {
    const { call, charge, simulator } = openAccount({ listDelayMs: 1000 });
    await charge();
    simulator.clock.advance(999);
    expect((await call('GET', '/charges')).body.count).toBe(0);
    simulator.clock.advance(1);
    expect((await call('GET', '/charges')).body.count).toBe(1);
  });
});

describe('searching charges', () => {
  const shop = async (): Promise<PinAccount & { tokens: string[] }> => {
    const account = openAccount();
    const tokens: string[] = [];
    const charges = [
      { description: 'Blue lamp', metadata: { unicharge_key: 'order-81' } },
      { description: 'Red LAMP', amount: 9900, email: 'lee@mail.example' },
      { description: 'Chair', amount: 500, currency: 'USD', card: { ...rawCard(), name: 'Ada Byron' } },
    ];
    for (const each of charges) {
      tokens.push((await account.charge(each)).body.response.token as string);
      account.simulator.clock.advance(day);
    }
    return { ...account, tokens };
  };

  it.each([
    ['order-81', ['Blue lamp']],
    ['lamp', ['Red LAMP', 'Blue lamp']],
    ['red lamp', ['Red LAMP']],
    ['lee@mail.example', ['Red LAMP']],
    ['ada byron', ['Chair']],
    ['USD', ['Chair']],
    ['9900', ['Red LAMP']],
    ['990', []],
    ['', ['Chair', 'Red LAMP', 'Blue lamp']],
    ['nobody', []],
  ])('finds %j', async (query, expected) => {
    const { call } = await shop();
    expect(descriptionsOf(await call('GET', `/charges/search?query=${encodeURIComponent(query)}`))).toEqual(
      expected,
    );
  });

  it('finds the tokens of charges, cards, customers and refunds', async () => {
    const { call, tokens } = await shop();
    const { body: made } = await call('POST', `/charges/${tokens[1] as string}/refunds`, { amount: 100 });
    const { body: charge } = await call('GET', `/charges/${tokens[1] as string}`);
    for (const query of [tokens[1], made.response.token, charge.response.card.token]) {
      expect(descriptionsOf(await call('GET', `/charges/search?query=${String(query)}`))).toEqual([
        'Red LAMP',
      ]);
    }
    const partly = (tokens[1] as string).slice(0, -1);
    expect((await call('GET', `/charges/search?query=${partly}`)).body.count).toBe(0);
  });

  it('finds the charges of a customer', async () => {
    const { call, charge } = await shop();
    const { body } = await call('POST', '/customers', { email: 'kim@shop.example', card: rawCard() });
    const customer_token = body.response.token as string;
    await charge({ description: 'Desk', customer_token });
    expect(descriptionsOf(await call('GET', `/charges/search?query=${customer_token}`))).toEqual(['Desk']);
  });

  it('begins a range with its first day and ends it before its last', async () => {
    const { call, charge, simulator } = openAccount();
    simulator.clock.advance(Date.parse('2026-01-06T00:00:00Z') - start);
    await charge();
    expect((await call('GET', '/charges/search?start_date=2026/01/06')).body.count).toBe(1);
    expect((await call('GET', '/charges/search?end_date=2026/01/06')).body.count).toBe(0);
  });

  it.each([
    ['start_date=2026/01/06', ['Chair', 'Red LAMP']],
    ['start_date=2026-01-07', ['Chair']],
    ['start_date=Jan%207,%202026', ['Chair']],
    ['end_date=2026/01/06', ['Blue lamp']],
    ['start_date=2026/01/06&end_date=2026/01/07', ['Red LAMP']],
    ['sort=created_at&direction=1', ['Blue lamp', 'Red LAMP', 'Chair']],
    ['sort=amount&direction=1', ['Chair', 'Blue lamp', 'Red LAMP']],
    ['sort=amount&direction=-1&per_page=1', ['Red LAMP']],
    ['sort=amount&direction=-1&per_page=1&page=3', ['Chair']],
  ])('obeys %s', async (query, expected) => {
    const { call } = await shop();
    expect(descriptionsOf(await call('GET', `/charges/search?${query}`))).toEqual(expected);
  });

  it.each(['start_date=soon', 'sort=captured_at', 'direction=2'])('refuses %s', async (query) => {
    const { call } = await shop();
    expect((await call('GET', `/charges/search?${query}`)).status).toBe(422);
  });

  it('starts with the oldest charge where the switch says what the documentation says', async () => {
    const { call, simulator } = await shop();
    simulator.switches.pin.searchDirection = 1;
    expect(descriptionsOf(await call('GET', '/charges/search'))[0]).toBe('Blue lamp');
  });

  it('lags behind by the index delay, in what it finds and in what it shows', async () => {
    const { call, charge, simulator } = openAccount();
    simulator.indexDelayMs = 2000;
    const { body } = await charge({ capture: false });
    expect((await call('GET', '/charges/search?query=Order')).body.count).toBe(0);
    expect((await call('GET', '/charges')).body.count).toBe(1);
    simulator.clock.advance(2000);
    await call('PUT', `/charges/${body.response.token as string}/capture`);
    expect((await call('GET', '/charges/search?query=Order')).body.response).toMatchObject([
      { captured: false },
    ]);
    simulator.clock.advance(2000);
    expect((await call('GET', '/charges/search?query=Order')).body.response).toMatchObject([
      { captured: true },
    ]);
  });

  it('lags behind with refunds, too', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge();
    const search = async (): Promise<unknown> => (await call('GET', '/charges/search')).body.response;
    await call('POST', `/charges/${body.response.token as string}/refunds`, { amount: 100 });
    simulator.indexDelayMs = 2000;
    simulator.clock.advance(2000);
    expect(await search()).toMatchObject([{ amount_refunded: 100, refund_pending: true }]);
    // The refund settles a day after it was made; search knows it two seconds later.
    simulator.clock.advance(day - 2000);
    expect(await search()).toMatchObject([{ amount_refunded: 100, refund_pending: true }]);
    simulator.clock.advance(2000);
    expect(await search()).toMatchObject([{ amount_refunded: 100, refund_pending: false }]);
  });
});
