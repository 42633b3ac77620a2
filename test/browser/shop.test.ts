import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SimulatedProvider } from '../../src/testing/index.js';
import {
  asOperator,
  beginOrder,
  closeDatabase,
  openDatabase,
  post,
  shownStatus,
  startShop,
  type RunningShop,
} from './shop-server.js';

let shop: RunningShop | undefined;

afterEach(async () => {
  await shop?.close();
  shop = undefined;
});

beforeAll(openDatabase, 60_000);
afterAll(closeDatabase);

/** A payer at the checkout: the page of the provider, or of the order. */
const checkOut = async (
  { url }: RunningShop,
  form: Record<string, string>,
): Promise<{ goTo: string; orderUrl: string }> => {
  const order = await beginOrder(url);
  const answer = await post(`${url}/orders`, { ...form, order });
  expect(answer.status).toBe(303);
  return { goTo: new URL(answer.headers.get('location')!, url).href, orderUrl: `${url}/orders/${order}` };
};

describe.each<SimulatedProvider>(['stripe', 'omise', 'pin', 'magpie', 'justifi'])(
  'a shop at %s',
  (provider) => {
    it('sells, refunds in parts and in full, and hears every webhook', async () => {
      shop = await startShop(provider);
      const { goTo, orderUrl } = await checkOut(shop, { source: 'approved' });
      expect(goTo).toBe(orderUrl);
      expect(await shownStatus(orderUrl)).toBe('paid');
      for (const request of ['1', '1'])
        await post(`${orderUrl}/refund`, { amount: '900', request }, asOperator());
      expect(await shownStatus(orderUrl)).toBe('partly refunded');
      expect(shop.simulator.ledger.charges()[0]?.refunds).toHaveLength(1);
      await post(`${orderUrl}/refund`, { amount: '45000', request: '2' }, asOperator());
      expect(await shownStatus(orderUrl)).toBe('refunded');
      await shop.simulator.webhooks.flush();
      expect(await shownStatus(orderUrl)).toBe('refunded');
      const states = shop.simulator.webhooks.deliveries().map(({ state }) => state);
      expect(states.length).toBeGreaterThan(0);
      expect(new Set(states)).toEqual(new Set(['accepted']));
    });

    it('reserves at the checkout and charges when it ships', async () => {
      shop = await startShop(provider);
      const { orderUrl } = await checkOut(shop, { source: 'approved', reserve: 'on' });
      expect(await shownStatus(orderUrl)).toBe('reserved');
      expect(shop.simulator.ledger.charges()[0]?.amountCaptured).toBe(0);
      await post(`${orderUrl}/ship`, {}, asOperator());
      expect(await shownStatus(orderUrl)).toBe('paid');
      expect(shop.simulator.ledger.charges()[0]?.amountCaptured).toBe(45_900);
    });

    it('tells a payer whose card is declined, and charges once for a form that is sent twice', async () => {
      shop = await startShop(provider);
      const declined = await checkOut(shop, { source: 'declined' });
      expect(await shownStatus(declined.orderUrl)).toBe('failed');
      const order = await beginOrder(shop.url);
      const { url } = shop;
      const press = (): Promise<Response> => post(`${url}/orders`, { source: 'approved', order });
      const answers = [...(await Promise.all([press(), press()])), await press()];
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(answers.map(({ headers }) => headers.get('location'))).toEqual(
        answers.map(() => `/orders/${order}`),
      );
      expect(await shownStatus(`${url}/orders/${order}`)).toBe('paid');
      const paid = shop.simulator.ledger.charges().filter(({ state }) => state === 'captured');
      expect(paid).toHaveLength(1);
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
    const { url, simulator } = shop;
    for (const source of [...ids, '', 'approved', '{"type":"customer","customer":"cus_1"}']) {
      const order = await beginOrder(url);
      expect((await post(`${url}/orders`, { source, order })).status, source).toBe(400);
      expect(await shownStatus(`${url}/orders/${order}`)).toBe('open');
    }
    expect(simulator.requests()).toEqual([]);
    const order = await beginOrder(url);
    const token = simulator.source(provider as 'stripe', 'approved');
    expect((await post(`${url}/orders`, { source: token, order })).status).toBe(303);
    expect(await shownStatus(`${url}/orders/${order}`)).toBe('paid');
  });
});

describe('an order', () => {
  it('is one that the shop began: nobody chooses its id', async () => {
    shop = await startShop('stripe');
    const { url } = shop;
    for (const order of ['order-of-my-own', '', '1']) {
      expect((await post(`${url}/orders`, { source: 'approved', order })).status).toBe(404);
      if (order !== '') expect((await fetch(`${url}/orders/${order}`)).status).toBe(404);
    }
    expect(await beginOrder(url)).not.toBe(await beginOrder(url));
    expect(shop.simulator.requests()).toEqual([]);
  });

  it('is paid with the card of the first press, whatever comes after it', async () => {
    shop = await startShop('stripe');
    const order = await beginOrder(shop.url);
    await post(`${shop.url}/orders`, { source: 'approved', order });
    await post(`${shop.url}/orders`, { source: 'declined', order });
    expect(await shownStatus(`${shop.url}/orders/${order}`)).toBe('paid');
    expect(shop.simulator.ledger.charges()).toHaveLength(1);
  });

  it('that waits for its payer is led back to its payment', async () => {
    shop = await startShop('stripe');
    const { goTo, orderUrl } = await checkOut(shop, { source: 'requires_3ds' });
    const order = orderUrl.split('/').at(-1)!;
    const again = await post(`${shop.url}/orders`, { order });
    expect(again.headers.get('location')).toBe(goTo);
    expect(shop.simulator.ledger.charges()).toHaveLength(1);
  });
});

describe('goods and money', () => {
  it('leave with the secret of the operator only, and from no page of another site', async () => {
    shop = await startShop('stripe');
    const { simulator } = shop;
    const reserved = await checkOut(shop, { source: 'approved', reserve: 'on' });
    const paid = await checkOut(shop, { source: 'approved' });
    const before = JSON.stringify(simulator.ledger.charges());
    const tries: readonly (readonly [number, Record<string, string>])[] = [
      [401, {}],
      [401, asOperator('a guess')],
      [401, { authorization: 'Basic' }],
      [403, { ...asOperator(), origin: 'https://evil.example' }],
      [403, { ...asOperator(), origin: 'null' }],
      [403, { ...asOperator(), origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ];
    for (const [status, headers] of tries) {
      expect((await post(`${reserved.orderUrl}/ship`, {}, headers)).status).toBe(status);
      const refund = { amount: '900', request: '1' };
      expect((await post(`${paid.orderUrl}/refund`, refund, headers)).status).toBe(status);
    }
    expect(JSON.stringify(simulator.ledger.charges())).toBe(before);
    for (const page of [`${shop.url}/operator`, `${paid.orderUrl}/operator`]) {
      expect((await fetch(page)).status).toBe(401);
      const answer = await fetch(page, { headers: asOperator() });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-frame-options')).toBe('DENY');
    }
  });

  it('are not offered to the payer', async () => {
    shop = await startShop('stripe');
    const { orderUrl } = await checkOut(shop, { source: 'approved' });
    expect(await (await fetch(orderUrl)).text()).not.toMatch(/refund|ship/i);
    expect(await (await fetch(`${orderUrl}/operator`, { headers: asOperator() })).text()).toContain('Refund');
  });

  it('are not asked for by a page of another site in the name of a payer', async () => {
    shop = await startShop('stripe');
    const order = await beginOrder(shop.url);
    const form = { source: 'approved', order };
    const answer = await post(`${shop.url}/orders`, form, { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(shop.simulator.requests()).toEqual([]);
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
  const { goTo, orderUrl } = await checkOut(shop, { source });
  expect(await shownStatus(orderUrl)).toBe('waiting');
  const returnUrl = await simulator.payer[decision](goTo);
  expect(returnUrl.startsWith(`${orderUrl}/return`)).toBe(true);
  const comeBack = (): Promise<Response> => fetch(returnUrl);
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
  return shownStatus(orderUrl);
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
