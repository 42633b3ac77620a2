import { describe, expect, it } from 'vitest';
import type { MagpieSwitches } from '../../../src/simulator/magpie/switches.js';
import { type MagpieAccount, openAccount } from './account.js';

/** An account with charges over 1, 2, 3, … centavos. */
const accountWith = async (count: number, switches: Partial<MagpieSwitches> = {}): Promise<MagpieAccount> => {
  const account = openAccount({ pageSize: 2, ...switches });
  for (let amount = 1; amount <= count; amount += 1) await account.charge({ amount });
  return account;
};

/** All pages as amounts, and what `next` was on the last one. */
const walk = async ({ call }: MagpieAccount): Promise<{ pages: number[][]; end: unknown }> => {
  const pages: number[][] = [];
  let target = '/v2/charges/';
  for (;;) {
    const { status, body } = await call('GET', target);
    expect([status, body.object]).toEqual([200, 'list']);
    pages.push((body.data as { amount: number }[]).map(({ amount }) => amount));
    const next: unknown = body.next;
    if (typeof next !== 'string' || next === '') return { pages, end: next };
    target = next;
  }
};

describe('the list of charges', () => {
  it.each([
    ['newest_first', [[5, 4], [3, 2], [1]]],
    ['oldest_first', [[1, 2], [3, 4], [5]]],
  ] as const)('goes %s by start_after', async (listOrder, pages) => {
    expect(await walk(await accountWith(5, { listOrder }))).toEqual({ pages, end: undefined });
  });

  it.each([
    ['omitted', [[2, 1]], undefined],
    ['null', [[2, 1]], null],
    ['empty_text', [[2, 1]], ''],
    ['another_page', [[2, 1], []], undefined],
  ] as const)('ends with next %s', async (listEnd, pages, end) => {
    expect(await walk(await accountWith(2, { listEnd }))).toEqual({ pages, end });
  });

  it('is empty for an account without charges', async () => {
    expect((await openAccount().call('GET', '/v2/charges/')).body).toEqual({ object: 'list', data: [] });
  });

  it.each([
    ['relative', '/v2/charges/?start_after='],
    ['absolute', 'http://magpie.simulator.test/v2/charges/?start_after='],
    ['foreign_host', 'https://elsewhere.example/v2/charges/?start_after='],
    ['id', ''],
  ] as const)('points to the next page by a %s', async (nextAs, prefix) => {
    const { call } = await accountWith(3, { nextAs });
    const { body } = await call('GET', '/v2/charges/');
    expect(body.next).toBe(`${prefix}${body.data[1].id as string}`);
  });

  it('ignores every parameter but start_after', async () => {
    const { call } = await accountWith(3);
    const { body } = await call('GET', '/v2/charges/?limit=1&status=failed&start_after=');
    expect(body.data).toHaveLength(2);
    expect((await call('GET', '/v2/charges/?start_after=ch_nobody')).status).toBe(404);
  });

  it('neither repeats nor skips when a charge comes in between', async () => {
    const account = await accountWith(4);
    const { body: first } = await account.call('GET', '/v2/charges/');
    await account.charge({ amount: 5 });
    const { body: second } = await account.call('GET', first.next as string);
    expect([...first.data, ...second.data].map(({ amount }) => amount as number)).toEqual([4, 3, 2, 1]);
  });

  it('may be late', async () => {
    const account = await accountWith(1, { listDelayMs: 1000 });
    expect((await walk(account)).pages).toEqual([[]]);
    account.simulator.clock.advance(1000);
    expect((await walk(account)).pages).toEqual([[1]]);
  });

  it('may lack what is pending or failed', async () => {
    const account = await accountWith(1, { listsUnpaid: false, pageSize: 1 });
    const { simulator, charge } = account;
    const unpaid = await charge({ amount: 2, source: simulator.source('magpie', 'redirect') });
    await charge({ amount: 3, source: simulator.source('magpie', 'declined') });
    expect((await walk(account)).pages).toEqual([[1]]);
    simulator.pay(unpaid.body.action.url as string, 'approve');
    expect((await walk(account)).pages).toEqual([[2], [1]]);
  });
});
