import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SimulatedProvider } from '../../src/testing/index.js';
import { closeDatabase, openDatabase, startShop, type RunningShop } from './shop-server.js';
import { beginOrder, checkOut, newVisitor, shownStatus } from './visitor.js';

let shop: RunningShop | undefined;

afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

beforeAll(openDatabase, 180_000);
afterAll(closeDatabase);

describe.each<SimulatedProvider>(['stripe', 'omise', 'pin', 'magpie', 'justifi'])(
  'a shop at %s',
  (provider) => {
    it('sells, refunds in parts and in full, and hears every webhook', async () => {
      shop = await startShop(provider);
      const { payer } = shop;
      const office = await shop.office();
      const { goTo, order, orderUrl } = await checkOut(shop, { source: 'approved' });
      expect(goTo).toBe(orderUrl);
      expect(await shownStatus(payer, order)).toBe('paid');
      const refund = (amount: string, request: string): Promise<Response> =>
        office.post(`/office/orders/${order}/refund`, { attempt: '1', amount, request });
      for (const request of ['1', '1']) expect((await refund('9.00', request)).status).toBe(303);
      expect(await shownStatus(payer, order)).toBe('partly refunded');
      expect(shop.simulator.ledger.charges()[0]?.refunds).toHaveLength(1);
      expect((await refund('450', '2')).status).toBe(303);
      expect(await shownStatus(payer, order)).toBe('refunded');
      await shop.simulator.webhooks.flush();
      expect(await shownStatus(payer, order)).toBe('refunded');
      expect(shop.simulator.ledger.charges()).toMatchObject([{ amountRefunded: 45_900 }]);
      const states = shop.simulator.webhooks.deliveries().map(({ state }) => state);
      expect(states.length).toBeGreaterThan(0);
      expect(new Set(states)).toEqual(new Set(['accepted']));
    });

    it('reserves at the checkout and charges when it ships', async () => {
      shop = await startShop(provider);
      const { order } = await checkOut(shop, { source: 'approved', reserve: 'on' });
      expect(await shownStatus(shop.payer, order)).toBe('reserved');
      expect(shop.simulator.ledger.charges()[0]?.amountCaptured).toBe(0);
      await (await shop.office()).post(`/office/orders/${order}/ship`, { attempt: '1' });
      expect(await shownStatus(shop.payer, order)).toBe('paid');
      expect(shop.simulator.ledger.charges()[0]?.amountCaptured).toBe(45_900);
    });

    it('tells a payer whose card is declined, and charges once for a form that is sent twice', async () => {
      shop = await startShop(provider);
      const { payer } = shop;
      const declined = await checkOut(shop, { source: 'declined' });
      expect(await shownStatus(payer, declined.order)).toBe('failed');
      const order = await beginOrder(payer);
      const press = (): Promise<Response> =>
        payer.post('/orders', { source: 'approved', order, attempt: '1' });
      const answers = [...(await Promise.all([press(), press()])), await press()];
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(answers.map(({ headers }) => headers.get('location'))).toEqual(
        answers.map(() => `/orders/${order}`),
      );
      expect(await shownStatus(payer, order)).toBe('paid');
      const paid = shop.simulator.ledger.charges().filter(({ state }) => state === 'captured');
      expect(paid).toHaveLength(1);
    });

    it('takes another card after a decline, once, under a key of its own', async () => {
      shop = await startShop(provider);
      const { payer } = shop;
      const { order } = await checkOut(shop, { source: 'declined' });
      expect(await payer.read(`/orders/${order}`)).toContain('name="attempt" value="2"');
      const press = (): Promise<Response> =>
        payer.post('/orders', { source: 'approved', order, attempt: '2' });
      await Promise.all([press(), press()]);
      await press();
      await shop.simulator.webhooks.flush();
      expect(await shownStatus(payer, order)).toBe('paid');
      const taken = shop.simulator.ledger.charges().filter(({ state }) => state === 'captured');
      expect(taken).toMatchObject([{ amountCaptured: 45_900, metadata: { order, attempt: '2' } }]);
    });
  },
);

/** Ways to name what a payer never got from the provider's own form. */
const notTheirs: Readonly<Record<string, readonly string[]>> = {
  stripe: ['cus_1', 'card_1', 'src_1', 'acct_1', 'ba_1'],
  omise: ['cust_test_1', 'card_test_1'],
  pin: ['cus_1', 'tok_1'],
  magpie: ['cus_1', 'card_1'],
  justifi: ['cust_1', 'acc_1'],
};

describe.each(Object.entries(notTheirs))('what a payer of a shop at %s pays with', (provider, ids) => {
  it('is a token of the provider, and nobody else', async () => {
    shop = await startShop(provider as SimulatedProvider, { takesTokens: true });
    const { payer, simulator } = shop;
    for (const source of [...ids, '', 'approved', '{"type":"customer","customer":"cus_1"}']) {
      const order = await beginOrder(payer);
      expect((await payer.post('/orders', { source, order, attempt: '1' })).status, source).toBe(400);
      expect(await shownStatus(payer, order)).toBe('open');
    }
    expect(simulator.requests()).toEqual([]);
    const order = await beginOrder(payer);
    const token = simulator.source(provider as 'stripe', 'approved');
    expect((await payer.post('/orders', { source: token, order, attempt: '1' })).status).toBe(303);
    expect(await shownStatus(payer, order)).toBe('paid');
  });
});

describe('an order', () => {
  it('is one that the shop began: nobody chooses its id', async () => {
    shop = await startShop('stripe');
    const { payer } = shop;
    await payer.get('/');
    for (const order of ['order-of-my-own', '', '1']) {
      const form = { source: 'approved', order, attempt: '1' };
      expect((await payer.post('/orders', form)).status).toBe(404);
      if (order !== '') expect((await payer.get(`/orders/${order}`)).status).toBe(404);
    }
    expect(await beginOrder(payer)).not.toBe(await beginOrder(payer));
    expect(shop.simulator.requests()).toEqual([]);
  });

  it('is paid with the card of the first press, whatever comes after it', async () => {
    shop = await startShop('stripe');
    const { payer } = shop;
    const { order } = await checkOut(shop, { source: 'approved' });
    for (const attempt of ['1', '2', '3'])
      await payer.post('/orders', { source: 'declined', order, attempt });
    expect(await shownStatus(payer, order)).toBe('paid');
    expect(shop.simulator.ledger.charges()).toHaveLength(1);
  });

  it('that waits for its payer is led back to its payment', async () => {
    shop = await startShop('stripe');
    const { goTo, order } = await checkOut(shop, { source: 'requires_3ds' });
    const again = await shop.payer.post('/orders', { order, attempt: '1' });
    expect(again.headers.get('location')).toBe(goTo);
    // Another card would be a second payment beside one that can be approved still.
    await shop.payer.post('/orders', { source: 'approved', order, attempt: '2' });
    expect(await shownStatus(shop.payer, order)).toBe('waiting');
    expect(shop.simulator.ledger.charges()).toHaveLength(1);
  });

  it('is shown to nobody and paid by nobody but whoever began it', async () => {
    shop = await startShop('stripe');
    const { simulator } = shop;
    const order = await beginOrder(shop.payer);
    const other = newVisitor(shop.url);
    await other.get('/');
    const nobody = newVisitor(shop.url);
    const form = { source: 'approved', order, attempt: '1' };
    expect((await other.post('/orders', form)).status).toBe(404);
    expect((await nobody.post('/orders', form)).status).toBe(403);
    expect(simulator.requests()).toEqual([]);

    simulator.webhooks.hold();
    const { order: waiting, goTo } = await checkOut(shop, { source: 'requires_3ds' });
    await simulator.payer.approve(goTo);
    const before = simulator.requests().length;
    for (const visitor of [other, nobody]) {
      for (const address of [`/orders/${waiting}`, `/orders/${waiting}/return`]) {
        const answer = await visitor.get(address);
        expect(answer.status).toBe(404);
        expect(await answer.text()).not.toContain('459');
      }
    }
    expect(simulator.requests()).toHaveLength(before);
  });
});

describe('a webhook', () => {
  it('that nobody signed is refused, and changes nothing', async () => {
    shop = await startShop('stripe');
    const answer = await fetch(`${shop.url}/webhooks`, {
      method: 'POST',
      body: '{"type":"payment_intent.succeeded"}',
      headers: { 'stripe-signature': `t=1,v1=${'0'.repeat(64)}` },
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe('webhook_signature_mismatch');
  });
});

type Arrival = 'before' | 'after' | 'twice' | 'never' | 'alone';

const live = async (
  [provider, source]: readonly [SimulatedProvider, string],
  decision: 'approve' | 'decline',
  arrival: Arrival,
): Promise<string | undefined> => {
  shop = await startShop(provider);
  const { simulator } = shop;
  simulator.webhooks.hold();
  const { payer } = shop;
  const { goTo, order, orderUrl } = await checkOut(shop, { source });
  expect(await shownStatus(payer, order)).toBe('waiting');
  const returnUrl = await simulator.payer[decision](goTo);
  expect(returnUrl.startsWith(`${orderUrl}/return`)).toBe(true);
  const comeBack = (): Promise<Response> => payer.get(returnUrl);
  switch (arrival) {
    case 'before':
      await simulator.webhooks.release();
      await comeBack();
      break;
    case 'after':
      await comeBack();
      await simulator.webhooks.release();
      break;
    case 'twice':
      await simulator.webhooks.release({ copies: 2, order: 'shuffled' });
      await comeBack();
      await comeBack();
      break;
    case 'never':
      await comeBack();
      await simulator.webhooks.release({ drop: () => true });
      break;
    case 'alone':
      await simulator.webhooks.release();
  }
  await simulator.webhooks.flush();
  const [charge] = simulator.ledger.charges();
  expect(charge?.state).toBe(decision === 'approve' ? 'captured' : 'failed');
  return shownStatus(payer, order);
};

const redirecting: [SimulatedProvider, string][] = [
  ['stripe', 'requires_3ds'],
  ['omise', 'requires_3ds'],
  ['pin', 'requires_3ds'],
  ['magpie', 'redirect'],
];

describe.each(redirecting)('when the payer of %s comes back', (provider, source) => {
  it.each<Arrival>(['before', 'after', 'twice', 'never'])(
    'with the webhook %s, the order ends the same',
    async (arrival) => {
      expect(await live([provider, source], 'approve', arrival)).toBe('paid');
      await shop?.close();
      expect(await live([provider, source], 'decline', arrival)).toBe('failed');
    },
  );
});

// Pin's payment is finished by the payer's return alone.
describe.each(redirecting.filter(([provider]) => provider !== 'pin'))(
  'when the payer of %s does not come back',
  (provider, source) => {
    it('the webhook alone ends the order the same', async () => {
      expect(await live([provider, source], 'approve', 'alone')).toBe('paid');
      await shop?.close();
      expect(await live([provider, source], 'decline', 'alone')).toBe('failed');
    });
  },
);
