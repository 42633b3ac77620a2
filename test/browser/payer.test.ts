import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import type { SimulatedProvider } from '../../src/testing/index.js';
import { hasChromium, logInWith, startChromium } from './chromium.js';
import { closeDatabase, openDatabase, startShop, type RunningShop } from './shop-server.js';

const screenshots = fileURLToPath(new URL('./screenshots/', import.meta.url));

describe.runIf(hasChromium)('a payer with a browser', { timeout: 60_000 }, () => {
  let browser: BrowserContext;
  let closeBrowser: () => Promise<void>;
  let shop: RunningShop | undefined;
  let page: Page;

  beforeAll(async () => {
    await openDatabase();
    ({ browser, close: closeBrowser } = await startChromium());
  }, 120_000);

  /** How many orders were placed in this database. */
  const countOrders = async (): Promise<number> => {
    const list = await (await shop?.office())?.read('/office');
    return (list ?? '').split('<li>').length - 1;
  };

  afterEach(async () => {
    await page.close();
    await shop?.close();
  });

  afterAll(async () => {
    await closeBrowser();
    await closeDatabase();
  });

  const textOf = (): Promise<string> => page.innerText('body');

  describe.each<SimulatedProvider>(['stripe', 'pin'])('at %s', (provider) => {
    it('who clicks twice on Pay has one order and one charge', async () => {
      shop = await startShop(provider);
      page = await browser.newPage();
      await page.goto(shop.url);
      const before = await countOrders();
      await page.getByRole('button', { name: 'Pay' }).dblclick({ delay: 20 });
      // Where the first click is under way still, the page of the order looks again by itself.
      await page.locator('#status', { hasText: 'paid' }).waitFor();
      expect(shop.simulator.ledger.charges()).toHaveLength(1);
      expect(await countOrders()).toBe(before + 1);
    });

    it('who pays, goes back and pays again has one order and one charge', async () => {
      shop = await startShop(provider);
      page = await browser.newPage();
      await page.goto(shop.url);
      const before = await countOrders();
      for (let press = 0; press < 2; press += 1) {
        await page.getByRole('button', { name: 'Pay' }).click();
        await page.locator('#status', { hasText: 'paid' }).waitFor();
        if (press === 0) await page.goBack();
      }
      expect(shop.simulator.ledger.charges()).toHaveLength(1);
      expect(await countOrders()).toBe(before + 1);

      // A fresh visit is another order.
      await page.getByRole('link', { name: 'Another order' }).click();
      await page.getByRole('button', { name: 'Pay' }).click();
      await page.locator('#status', { hasText: 'paid' }).waitFor();
      expect(shop.simulator.ledger.charges()).toHaveLength(2);
    });

    it('who left the page of the bank, goes back and presses Pay is led to the same payment', async () => {
      shop = await startShop(provider);
      page = await browser.newPage();
      await page.goto(shop.url);
      await page.check('input[value=requires_3ds]');
      await page.getByRole('button', { name: 'Pay' }).click();
      await page.getByRole('heading', { name: 'Approve this payment' }).waitFor();
      const address = page.url();
      await page.goBack();
      await page.getByRole('button', { name: 'Pay' }).click();
      await page.getByRole('heading', { name: 'Approve this payment' }).waitFor();
      expect(page.url()).toBe(address);
      expect(shop.simulator.ledger.charges()).toHaveLength(1);
    });
  });

  it('sees no button that ships or refunds; the operator ships and refunds', async () => {
    shop = await startShop('stripe');
    page = await browser.newPage();
    await page.goto(shop.url);
    await page.check('input[name=reserve]');
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.locator('#status', { hasText: 'reserved' }).waitFor();
    expect(await page.getByRole('button').count()).toBe(0);

    const order = page.url().split('/').at(-1)!;
    await logInWith(page, shop.url);
    await page.goto(`${shop.url}/office/orders/${order}`);
    await page.getByRole('button', { name: 'Ship and charge' }).click();
    await page.locator('#status', { hasText: 'paid' }).waitFor();
    await page.getByRole('button', { name: 'Refund' }).click();
    await page.locator('#status', { hasText: 'refunded' }).waitFor();
    expect(shop.simulator.ledger.charges()).toMatchObject([
      { amountCaptured: 45_900, amountRefunded: 45_900 },
    ]);
    await page.getByRole('link', { name: 'All orders' }).click();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
  });

  describe.each<[SimulatedProvider, string, string, string | null]>([
    ['stripe', 'requires_3ds', 'EUR 459.00', '3220'],
    ['omise', 'requires_3ds', 'THB 459.00', '4242'],
    ['pin', 'requires_3ds', 'AUD 459.00', null],
    ['magpie', 'redirect', 'PHP 459.00', null],
  ])('at %s', (provider, source, amount, cardEnding) => {
    it.each([
      ['Approve', 'paid', 'captured'],
      ['Decline', 'failed', 'failed'],
    ])('who presses %s finds the order %s', async (button, status, state) => {
      shop = await startShop(provider);
      page = await browser.newPage();
      await page.goto(shop.url);
      expect(await textOf()).toContain('One teapot');
      await page.check(`input[value=${source}]`);
      await page.screenshot({ path: `${screenshots}${provider}-1-checkout.png` });
      await page.getByRole('button', { name: 'Pay' }).click();

      await page.getByRole('heading', { name: 'Approve this payment' }).waitFor();
      const shown = await textOf();
      expect(shown).toContain(amount);
      if (cardEnding !== null) expect(shown).toContain(cardEnding);
      expect(await page.getByRole('button').allInnerTexts()).toEqual(['Approve', 'Decline']);
      await page.screenshot({ path: `${screenshots}${provider}-2-payer.png` });
      await page.getByRole('button', { name: button }).click();

      await page.locator('#status').waitFor();
      expect(new URL(page.url()).origin).toBe(shop.url);
      // Back at the shop's own address: nothing that the provider appended stays in the browser's history.
      expect(new URL(page.url()).search).toBe('');
      expect(await page.innerText('#status')).toBe(status);
      if (status === 'failed') expect(await textOf()).toContain('No money was taken');
      await page.screenshot({ path: `${screenshots}${provider}-3-${status}.png` });
      expect(shop.simulator.ledger.charges().map((charge) => charge.state)).toEqual([state]);
    });
  });
});
