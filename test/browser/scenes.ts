import type { Page } from 'playwright-core';
import { logInWith } from './chromium.js';
import { officePassword, startShop, type RunningShop, type ShopDifferences } from './shop-server.js';

/** One page of the shop, and the way to it. */
export interface Scene {
  readonly name: string;
  /** Goes there, in a shop at Stripe. */
  show(page: Page, shop: RunningShop): Promise<void>;
  readonly shop?: ShopDifferences;
}

type Source = 'approved' | 'declined' | 'requires_3ds';

/** Pays in a browser, and says which order it was. */
export const payWith = async (
  page: Page,
  { url }: RunningShop,
  source: Source,
  { reserves = false } = {},
): Promise<string> => {
  await page.goto(url);
  const order = await page.locator('input[name=order]').inputValue();
  await page.check(`input[value=${source}]`);
  if (reserves) await page.check('input[name=reserve]');
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.locator('h1', { hasNotText: 'Checkout' }).waitFor();
  return order;
};

/** The page of an order in the back office. */
const inOffice = async (page: Page, { url }: RunningShop, order: string): Promise<void> => {
  await logInWith(page, url);
  await page.goto(`${url}/office/orders/${order}`);
};

/** Stripe makes everything, and every answer gets lost. */
const loseAnswers = ({ simulator }: RunningShop, operation: 'create' | 'refund'): void => {
  simulator.webhooks.hold();
  simulator.inject({ provider: 'stripe', operation, fault: 'cut_after_commit', times: 1_000 });
};

const openAt = async (page: Page, address: string): Promise<void> => {
  await page.goto(address);
};

const atStatus = (page: Page, status: string): Promise<void> =>
  page.locator('#status', { hasText: status }).waitFor();

/** Every page of the shop, those with something wrong included. */
export const scenes: readonly Scene[] = [
  { name: 'checkout', show: (page, { url }) => openAt(page, url) },
  {
    name: 'checkout with a token',
    shop: { takesTokens: true },
    show: (page, { url }) => openAt(page, url),
  },
  {
    name: 'checkout with a card for two providers',
    shop: { spare: 'pin' },
    show: (page, { url }) => openAt(page, url),
  },
  {
    name: 'not found',
    show: (page, { url }) => openAt(page, `${url}/orders/1`),
  },
  {
    name: 'a form that is too old',
    show: async (page, { url }) => {
      await page.goto(url);
      await page.locator('input[name=csrf]').evaluate((field) => void field.setAttribute('value', 'old'));
      await page.getByRole('button', { name: 'Pay' }).click();
      await page.getByRole('heading', { name: 'Not paid' }).waitFor();
    },
  },
  {
    name: 'order paid',
    show: async (page, shop) => {
      await payWith(page, shop, 'approved');
      await atStatus(page, 'paid');
    },
  },
  {
    name: 'order declined',
    show: async (page, shop) => {
      await payWith(page, shop, 'declined');
      await atStatus(page, 'failed');
    },
  },
  {
    name: 'order waiting',
    show: async (page, shop) => {
      const order = await payWith(page, shop, 'requires_3ds');
      await page.goto(`${shop.url}/orders/${order}`);
      await atStatus(page, 'waiting');
    },
  },
  {
    name: 'order not sent',
    show: async (page, shop) => {
      const { operations } = shop;
      const { begin } = operations;
      operations.begin = () => Promise.reject(new Error('the database is away'));
      await payWith(page, shop, 'approved');
      operations.begin = begin;
      await atStatus(page, 'not sent');
    },
  },
  {
    name: 'login refused',
    show: async (page, { url }) => {
      await page.goto(`${url}/office`);
      await page.getByLabel('Password').fill(`not ${officePassword}`);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'office with nothing open',
    show: async (page, { url }) => {
      await logInWith(page, url);
      await page.getByRole('link', { name: 'Open operations' }).click();
      await page.getByText('Nothing is open').waitFor();
    },
  },
  {
    name: 'office order reserved',
    show: async (page, shop) => {
      await inOffice(page, shop, await payWith(page, shop, 'approved', { reserves: true }));
      await page.getByRole('button', { name: 'Ship and charge' }).waitFor();
    },
  },
  {
    name: 'office refund too high',
    show: async (page, shop) => {
      await inOffice(page, shop, await payWith(page, shop, 'approved'));
      await page.getByLabel('Amount in EUR').fill('500.00');
      await page.getByRole('button', { name: 'Refund' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'office refund not known',
    show: async (page, shop) => {
      await inOffice(page, shop, await payWith(page, shop, 'approved'));
      loseAnswers(shop, 'refund');
      await page.getByLabel('Amount in EUR').fill('50.00');
      await page.getByRole('button', { name: 'Refund' }).click();
      await page.getByText('Not known yet: money').waitFor();
    },
  },
  {
    name: 'order pending',
    show: async (page, shop) => {
      loseAnswers(shop, 'create');
      await payWith(page, shop, 'approved');
      await atStatus(page, 'pending');
    },
  },
  {
    name: 'office open operations',
    show: async (page, { url }) => {
      await logInWith(page, url);
      await page.goto(`${url}/office/open`);
      await page.getByText('Do not ask for another payment').waitFor();
      await page.getByText('Do not refund by another way').waitFor();
    },
  },
  {
    name: 'office orders',
    show: async (page, { url }) => {
      await logInWith(page, url);
    },
  },
];

/** Shows one scene after the other: those that need no other shop than the one before share it, and what has happened in it. */
export const showScenes = async (
  page: Page,
  seen: (scene: Scene, shop: RunningShop) => Promise<void>,
  shown: readonly Scene[] = scenes,
): Promise<void> => {
  const shops = new Map<string, RunningShop>();
  try {
    for (const scene of shown) {
      const key = JSON.stringify(scene.shop ?? {});
      const shop = shops.get(key) ?? (await startShop('stripe', scene.shop));
      shops.set(key, shop);
      await scene.show(page, shop);
      await seen(scene, shop);
    }
  } finally {
    for (const shop of shops.values()) await shop.close();
  }
};
