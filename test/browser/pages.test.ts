import axe, { type AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { hasChromium, startChromium } from './chromium.js';
import { payWith, scenes, showScenes } from './scenes.js';
import { closeDatabase, openDatabase, startShop, type RunningShop } from './shop-server.js';

/** Colours do not depend on the width, nor does the layout on the colours: each is seen once. */
const looks = [
  { size: 'phone', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
  { size: 'desktop', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
] as const;

describe.runIf(hasChromium)('the pages of the shop', { timeout: 120_000 }, () => {
  let browser: BrowserContext;
  let closeBrowser: () => Promise<void>;

  beforeAll(async () => {
    await openDatabase();
    ({ browser, close: closeBrowser } = await startChromium());
  }, 120_000);

  afterAll(async () => {
    await closeBrowser();
    await closeDatabase();
  });

  /** What axe finds wrong with a page as it stands, and where. */
  const violations = async (page: Page): Promise<string[]> => {
    const { violations: found } = await page.evaluate<AxeResults>(
      'axe.run({ resultTypes: ["violations"], preload: false })',
    );
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  };

  it('are accessible and fit, dark on a phone and light on a desktop', async () => {
    const page = await browser.newPage();
    const broken: string[] = [];
    page.on('console', (message) => {
      // A refused page is told in the console, too; everything else is a mistake, such as what the content policy stops.
      if (message.type() === 'error' && !/status of (?:4\d\d|502)/.test(message.text()))
        broken.push(message.text());
    });
    const seen: string[] = [];
    const wrong: string[] = [];
    await showScenes(page, async ({ name }) => {
      seen.push(name);
      await page.evaluate(axe.source);
      for (const { size, viewport, colorScheme } of looks) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        const where = `${name}, ${size}, ${colorScheme}`;
        wrong.push(...(await violations(page)).map((text) => `${where}: ${text}`));
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (width > viewport.width) wrong.push(`${name}, ${size}: ${width} pixels wide`);
      }
    });
    await page.close();
    expect(wrong).toEqual([]);
    expect(broken).toEqual([]);
    expect(seen).toEqual(scenes.map(({ name }) => name));
  });

  it('take another card after a decline, lead whoever uses the keyboard alone, and pay a double click once', async () => {
    const shop: RunningShop = await startShop('stripe');
    const page = await browser.newPage();
    const order = await payWith(page, shop, 'declined');
    expect(await page.innerText('[role=alert]')).toContain('No money was taken.');
    // The skip link comes first, and is seen once it has the focus.
    await page.keyboard.press('Tab');
    const skip = page.locator('a:focus');
    expect(await skip.innerText()).toBe('Skip to the content');
    expect((await skip.boundingBox())!.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.locator('input[name=source]:focus').inputValue()).toBe('approved');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await page.getByRole('button', { name: 'Pay €459.00' }).dblclick({ delay: 20 });
    await page.locator('#status', { hasText: 'paid' }).waitFor();
    const taken = shop.simulator.ledger.charges().filter(({ state }) => state === 'captured');
    expect(taken).toMatchObject([{ metadata: { order, attempt: '2' } }]);
    await page.close();
    await shop.close();
  });

  it('are not shown to another browser, and are shown again to their own after the bank has sent it back', async () => {
    // The simulator is at 127.0.0.1: seen from localhost it is another site, as a bank is.
    const shop = await startShop('stripe', { host: 'localhost' });
    const page = await browser.newPage();
    await payWith(page, shop, 'requires_3ds');
    const bank = new URL(page.url());
    expect(bank.hostname).toBe('127.0.0.1');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.locator('#status', { hasText: 'paid' }).waitFor();
    const address = page.url();
    expect(new URL(address).hostname).toBe('localhost');
    await browser.clearCookies({ name: 'visitor' });
    await page.goto(address);
    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    expect(await page.innerText('body')).not.toContain('459');
    await page.close();
    await shop.close();
  });
});
