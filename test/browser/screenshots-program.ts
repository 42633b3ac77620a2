import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startChromium } from './chromium.js';
import { payWith, scenes, showScenes } from './scenes.js';
import { closeDatabase, openDatabase } from './shop-server.js';

/** Takes the pictures of docs/shop.md, as `npm run screenshots`: from the pages that the tests see. */

/** Pages that a reader is shown, and the files that they become. */
const pictures = new Map([
  ['checkout', { file: 'shop-checkout.webp', colorScheme: 'light' }],
  ['order declined', { file: 'shop-declined.webp', colorScheme: 'dark' }],
  ['office open operations', { file: 'shop-office.webp', colorScheme: 'light' }],
] as const);
const mostBytes = 60_000;

const nameOf = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

await openDatabase();
const { browser, close } = await startChromium();
const page = await browser.newPage();
await page.setViewportSize({ width: 880, height: 620 });
// Playwright writes PNG and JPEG; as WebP the same pictures have about half of the bytes.
const session = await browser.newCDPSession(page);

const before = [
  'checkout',
  'order declined',
  'office refund not known',
  'order pending',
  'office open operations',
];
let isTooLarge = false;
await showScenes(
  page,
  async ({ name }, shop) => {
    for (const [scene, { file, colorScheme }] of pictures) {
      if (scene !== name) continue;
      await page.emulateMedia({ colorScheme });
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 75 });
      const picture = Buffer.from(data, 'base64');
      writeFileSync(nameOf(file), picture);
      isTooLarge ||= picture.length > mostBytes;
      console.log(`docs/${file}: ${picture.length} bytes`);
    }
    if (name === 'order declined') await payWith(page, shop, 'approved');
  },
  scenes.filter(({ name }) => before.includes(name)),
);
await close();
await closeDatabase();
if (isTooLarge) throw new Error(`A picture has more than ${mostBytes} bytes.`);
