import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { officePassword } from './shop-server.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a browser. In CI there has to be one. */
export const hasChromium = existsSync(executablePath) || process.env['CI'] === 'true';

if (!hasChromium) {
  process.stderr.write(
    `\nNO BROWSER: ${executablePath} does not exist, so the tests of the payer's way are skipped.\n` +
      'Install it (apt-get install chromium), or set CHROMIUM to the path of another one.\n',
  );
}

/** A browser with a profile of its own. */
export const startChromium = async (): Promise<{ browser: BrowserContext; close(): Promise<void> }> => {
  const profile = await mkdtemp(join(tmpdir(), 'unicharge-browser-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
};

/** Logs this browser into the back office of a shop. */
export const logInWith = async (page: Page, shopUrl: string): Promise<void> => {
  const answer = await page.goto(`${shopUrl}/office`);
  // The cookie of an earlier login is there still.
  if (answer?.status() === 200) return;
  await page.getByLabel('Password').fill(officePassword);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
};
