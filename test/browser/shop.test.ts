import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SimulatedProvider } from '../../src/testing/index.js';
import {
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
  const order = `order-${String(Math.abs(hash(JSON.stringify(form))))}-${String((serial += 1))}`;
  const answer = await post(`${url}/orders`, { ...form, order });
  expect(answer.status).toBe(303);
  return { goTo: new URL(answer.headers.get('location')!, url).href, orderUrl: `${url}/orders/${order}` };
};
let serial = 0;
const hash = (text: string): number =>
  [...Buffer.from(text)].reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7);

describe.each<SimulatedProvider>(['stripe', 'omise', 'pin', 'magpie', 'justifi'])(
  'a shop at %s',
  (provider) => {
    it('sells, refunds in parts and in full, and hears every webhook', async () => {
      shop = await startShop(provider);
      const { goTo, orderUrl } = await checkOut(shop, { source: 'approved' });
      expect(goTo).toBe(orderUrl);
      expect(await shownStatus(orderUrl)).toBe('paid');
      for (const request of ['1', '1']) await post(`${orderUrl}/refund`, { amount: '900', request });
      expect(await shownStatus(orderUrl)).toBe('partly refunded');
      expect(shop.simulator.ledger.charges()[0]?.refunds).toHaveLength(1);
      await post(`${orderUrl}/refund`, { amount: '45000', request: '2' });
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
      await post(`${orderUrl}/ship`, {});
      expect(await shownStatus(orderUrl)).toBe('paid');
      expect(shop.simulator.ledger.charges()[0]?.amountCaptured).toBe(45_900);
    });

    it('tells a payer whose card is declined, and charges once for a form that is sent twice', async () => {
      shop = await startShop(provider);
      const declined = await checkOut(shop, { source: 'declined' });
      expect(await shownStatus(declined.orderUrl)).toBe('failed');
      const twice = { source: 'approved', order: `order-sent-twice-${provider}` };
      await Promise.allSettled([post(`${shop.url}/orders`, twice), post(`${shop.url}/orders`, twice)]);
      await post(`${shop.url}/orders`, twice);
      expect(await shownStatus(`${shop.url}/orders/order-sent-twice-${provider}`)).toBe('paid');
      const paid = shop.simulator.ledger.charges().filter(({ state }) => state === 'captured');
      expect(paid).toHaveLength(1);
    });
  },
);

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
