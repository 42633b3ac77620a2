import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStripe } from '../../src/providers/stripe/index.js';
import { closeDatabase, officePassword, openDatabase, startShop, type RunningShop } from './shop-server.js';
import { beginOrder, checkOut, logIn, newVisitor, shownStatus, type Visitor } from './visitor.js';

let shop: RunningShop | undefined;

afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

beforeAll(openDatabase, 180_000);
afterAll(closeDatabase);

describe('a form', () => {
  it('that does not carry the token of its session does nothing', async () => {
    shop = await startShop('stripe');
    const { payer, simulator } = shop;
    const order = await beginOrder(payer);
    const form = { source: 'approved', order, attempt: '1' };
    const stranger = newVisitor(shop.url);
    const foreign = /name="csrf" value="([^"]+)"/.exec(await stranger.read('/'))![1]!;
    for (const csrf of ['', 'a guess', foreign]) {
      expect((await payer.post('/orders', { ...form, csrf })).status).toBe(403);
    }
    expect(simulator.requests()).toEqual([]);
    expect(await shownStatus(payer, order)).toBe('open');
  });

  it('is not taken from a page of another site, in the name of a payer', async () => {
    shop = await startShop('stripe');
    const { payer } = shop;
    const order = await beginOrder(payer);
    const form = { source: 'approved', order, attempt: '1' };
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }])
      expect((await payer.post('/orders', form, headers)).status).toBe(403);
    expect(shop.simulator.requests()).toEqual([]);
  });

  it('that names no origin is taken where the browser says that it is the same', async () => {
    shop = await startShop('stripe');
    const { url } = shop;
    const answer = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${url}/office/login`, { method: 'POST', body: new URLSearchParams(), headers })).status;
    expect(await answer({})).toBe(403);
    expect(await answer({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    // It comes as far as the token that it lacks.
    const own = await fetch(`${url}/office/login`, {
      method: 'POST',
      body: new URLSearchParams(),
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(await own.text()).toContain('too old');
  });
});

describe('a cookie', () => {
  it('is for the server alone, and never holds what the database keeps', async () => {
    shop = await startShop('stripe');
    const visitor = (await shop.payer.get('/')).headers.getSetCookie();
    expect(visitor).toHaveLength(1);
    expect(visitor[0]).toMatch(/^visitor=[\w-]{43}; .*Path=\/; HttpOnly; SameSite=Lax$/);
    const login = await shop.payer.get('/office');
    expect(login.status).toBe(401);
    const answer = await shop.payer.post('/office/login', { password: officePassword });
    const office = answer.headers.getSetCookie().find((line) => line.startsWith('office='))!;
    expect(office).toMatch(/^office=[\w-]{43}; .*Path=\/office; HttpOnly; SameSite=Strict$/);
    const token = /=([\w-]+)/.exec(office)![1]!;
    const { database } = await openDatabase();
    const { rows } = await database.query('select hash from office_sessions', []);
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows).toContainEqual({ hash: createHash('sha256').update(token).digest('hex') });
  });
});

describe('goods and money', () => {
  it('leave with a session of the office only, and from no page of another site', async () => {
    shop = await startShop('stripe');
    const { simulator, url } = shop;
    const office = await shop.office();
    const reserved = await checkOut(shop, { source: 'approved', reserve: 'on' });
    const paid = await checkOut(shop, { source: 'approved' });
    const before = JSON.stringify(simulator.ledger.charges());
    const guesser = newVisitor(url);
    await guesser.get('/office');
    expect((await guesser.post('/office/login', { password: 'a guess' })).status).toBe(401);
    const tries: readonly (readonly [number, Visitor, Record<string, string>])[] = [
      [401, newVisitor(url), {}],
      [401, guesser, {}],
      [401, shop.payer, {}],
      [401, newVisitor(url), { cookie: 'office=guess' }],
      [403, office, { origin: 'https://evil.example' }],
      [403, office, { origin: 'null' }],
      [403, office, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ];
    for (const [status, visitor, headers] of tries) {
      const ship = await visitor.post(`/office/orders/${reserved.order}/ship`, { attempt: '1' }, headers);
      expect(ship.status).toBe(status);
      const refund = { attempt: '1', amount: '9.00', request: '1' };
      const refunded = await visitor.post(`/office/orders/${paid.order}/refund`, refund, headers);
      expect(refunded.status).toBe(status);
    }
    const withoutToken = { attempt: '1', csrf: 'a guess' };
    expect((await office.post(`/office/orders/${reserved.order}/ship`, withoutToken)).status).toBe(403);
    expect(JSON.stringify(simulator.ledger.charges())).toBe(before);
    for (const page of ['/office', '/office/open', `/office/orders/${paid.order}`]) {
      const answer = await newVisitor(url).get(page);
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain(paid.order);
      const shown = await office.get(page);
      expect(shown.status).toBe(200);
      expect(shown.headers.get('x-frame-options')).toBe('DENY');
      expect(shown.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });

  it('are not offered to the payer', async () => {
    shop = await startShop('stripe');
    const { order } = await checkOut(shop, { source: 'approved' });
    expect(await shop.payer.read(`/orders/${order}`)).not.toMatch(/refund|ship/i);
    const office = await shop.office();
    expect(await office.read(`/office/orders/${order}`)).toContain('Refund');
  });

  it('are out of reach again after the office has logged out', async () => {
    shop = await startShop('stripe');
    const office = await shop.office();
    expect((await office.post('/office/logout', {})).status).toBe(303);
    expect((await office.get('/office')).status).toBe(401);
  });

  it('are not given to whoever tries many passwords', async () => {
    shop = await startShop('stripe');
    const office = await shop.office();
    const guesser = newVisitor(shop.url);
    await guesser.get('/office');
    const tries = Array.from({ length: 14 }, (_, index) =>
      guesser.post('/office/login', { password: `guess ${index}` }),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    // Whoever is logged in goes on.
    expect((await office.get('/office')).status).toBe(200);
    await expect(logIn(shop.url, officePassword)).rejects.toThrow('401');
  });
});

describe('a refund', () => {
  const paidOrder = async (): Promise<{ order: string; office: Visitor }> => {
    shop = await startShop('stripe');
    const { order } = await checkOut(shop, { source: 'approved' });
    return { order, office: await shop.office() };
  };

  it('is asked for in decimals, and one that is no amount or too much is never sent', async () => {
    const { order, office } = await paidOrder();
    const before = shop!.simulator.requests().length;
    for (const amount of ['', '0', '-1', '1.234', '4,50', 'all', '459.01', '1e2']) {
      const answer = await office.post(`/office/orders/${order}/refund`, {
        attempt: '1',
        amount,
        request: '1',
      });
      expect(answer.status, amount).toBe(400);
      expect(await answer.text()).toContain(`value="${amount}"`);
    }
    expect(shop!.simulator.requests()).toHaveLength(before);
    const answer = await office.post(`/office/orders/${order}/refund`, {
      attempt: '1',
      amount: ' 45.9 ',
      request: '1',
    });
    expect(answer.status).toBe(303);
    expect(shop!.simulator.ledger.charges()).toMatchObject([{ amountRefunded: 4_590 }]);
  });

  it('whose answer is lost is asked for again under its number, and made once', async () => {
    const { order, office } = await paidOrder();
    const { simulator } = shop!;
    simulator.webhooks.hold();
    simulator.inject({ provider: 'stripe', operation: 'refund', fault: 'cut_after_commit', times: 9 });
    const form = { attempt: '1', amount: '10.00', request: '1' };
    const lost = await office.post(`/office/orders/${order}/refund`, form);
    expect(lost.status).toBe(502);
    expect(await lost.text()).toContain('Not known yet: money may have moved');
    // Nobody gets another number, or another amount, while it is not known.
    for (const other of [{ request: '2' }, { amount: '11.00' }]) {
      const answer = await office.post(`/office/orders/${order}/refund`, { ...form, ...other });
      expect(answer.status).toBe(400);
    }
    expect(await office.read('/office/open')).toContain(`${order}/1/refund-1`);
    simulator.clearFaults();
    expect((await office.post('/office/settle', {})).status).toBe(303);
    expect(await office.read('/office/open')).toContain('Nothing is open');
    expect(await shownStatus(shop!.payer, order)).toBe('partly refunded');
    expect(simulator.ledger.charges()).toMatchObject([{ amountRefunded: 1_000 }]);
    expect(await office.read(`/office/orders/${order}`)).toContain('name="request" value="2"');
  });

  it('that the provider refuses is told as refused, and the next one is another', async () => {
    const { order, office } = await paidOrder();
    const { simulator } = shop!;
    simulator.webhooks.hold();
    // Somebody gives the money back by hand, and the shop has not heard of it.
    const charge = simulator.ledger.charges()[0]!;
    const byHand = createStripe(simulator.settings('stripe'));
    await byHand.refund(charge.id, {});
    const answer = await office.post(`/office/orders/${order}/refund`, {
      attempt: '1',
      amount: '5.00',
      request: '1',
    });
    expect(answer.status).toBe(409);
    const text = await answer.text();
    expect(text).toContain('no money moved');
    expect(text).toContain('name="request" value="2"');
  });
});

describe('a payment', () => {
  it('that was not sent took nothing, is not made behind the back of its payer, and can be repeated', async () => {
    shop = await startShop('omise');
    const { payer, simulator, operations } = shop;
    const failing = vi.spyOn(operations, 'begin').mockRejectedValue(new Error('the database is away'));
    const { order } = await checkOut(shop, { source: 'approved' });
    expect(await shownStatus(payer, order)).toBe('not sent');
    const page = await payer.read(`/orders/${order}`);
    expect(page).toContain('No money was taken.');
    expect(page).toContain('Try again');
    failing.mockRestore();
    await shop.settle();
    expect(simulator.ledger.charges()).toEqual([]);
    await payer.post('/orders', { order, attempt: '1' });
    expect(await shownStatus(payer, order)).toBe('paid');
    expect(simulator.ledger.charges()).toHaveLength(1);
  });

  it('whose answer is lost is not known, cannot be paid with another card, and stands in the office as open', async () => {
    shop = await startShop('stripe');
    const { payer, simulator } = shop;
    simulator.webhooks.hold();
    simulator.inject({ provider: 'stripe', operation: 'create', fault: 'cut_after_commit', times: 1_000 });
    const { order } = await checkOut(shop, { source: 'approved' });
    expect(await shownStatus(payer, order)).toBe('pending');
    expect(await payer.read(`/orders/${order}`)).toContain('do not pay again');
    await payer.post('/orders', { source: 'approved', order, attempt: '2' });
    const office = await shop.office();
    const open = await office.read('/office/open');
    expect(open).toContain(`${order}/1`);
    expect(open).toContain('€459.00');
    expect(open).toContain('Do not ask for another payment');
    simulator.clearFaults();
    await office.post('/office/settle', {});
    expect(await shownStatus(payer, order)).toBe('paid');
    expect(simulator.ledger.charges()).toHaveLength(1);
    expect(await office.read('/office/open')).toContain('Nothing is open');
  });

  it('of a former attempt that is made after all does not touch the next one, and the office is told', async () => {
    shop = await startShop('stripe');
    const { payer, simulator } = shop;
    const { order } = await checkOut(shop, { source: 'declined' });
    await payer.post('/orders', { source: 'approved', order, attempt: '2' });
    await simulator.webhooks.flush();
    expect(await shownStatus(payer, order)).toBe('paid');
    const { database } = await openDatabase();
    await database.query(
      `update attempts set payment = (select payment from attempts where order_id = $1 and number = 2)
       where order_id = $1 and number = 1`,
      [order],
    );
    const page = await (await shop.office()).read(`/office/orders/${order}`);
    expect(page).toContain('Two attempts took money');
    expect(page.match(/>Refund</g)).toHaveLength(2);
  });
});
