import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { severalAcquirers, type Acquirers } from '../../examples/merchant-backend/acquirers.js';
import { openStorage, type Storage } from '../../examples/merchant-backend/database.js';
import { currencyOf, providers, tokensOf } from '../../examples/merchant-backend/provider.js';
import { createShop } from '../../examples/merchant-backend/shop.js';
import { createRouter } from '../../src/router/index.js';
import { hasChromium, logInWith, startChromium } from './chromium.js';
import { officePassword, serveLater, type ServedLater } from './shop-server.js';
import { startProvider, type ProviderProcess } from './simulator-process.js';

const names = ['omise', 'stripe'] as const;

describe.runIf(hasChromium)('a shop with two providers', { timeout: 180_000 }, () => {
  let browser: BrowserContext;
  let closeBrowser: () => Promise<void>;
  let folder: string;
  let storage: Storage;
  let served: ServedLater;
  let omise: ProviderProcess;
  let stripe: ProviderProcess;
  let page: Page;
  let shop: ReturnType<typeof createShop>;
  /** Whether the shop is out of reach for the providers. */
  let losesWebhooks = false;

  /** The clients of both, with records that a restart does not lose. */
  const clients = () =>
    [omise, stripe].map(({ provider, settings, webhooks }) => ({
      name: provider,
      client: providers[provider].create({
        store: storage.operations,
        webhookSecret: webhooks.secret,
        settings: { ...settings, maxRetries: 0, namespace: 'two-providers' },
      }),
    }));

  const routed = (): Acquirers =>
    severalAcquirers(
      names,
      // As the simulator's settings have it: a shop waits five minutes before it believes that nothing happened.
      createRouter({ store: storage.operations, routes: clients(), settleMs: 50, abandonedMs: 50 }),
    );

  /** What a shop writes first: catch, and try the next provider. */
  const naive = (): Acquirers => {
    const routes = clients();
    return {
      ...routed(),
      charge: async (params, sources, idempotencyKey) => {
        let last: unknown;
        for (const { name, client } of routes) {
          const source = sources[name];
          if (source === undefined) continue;
          try {
            return { charge: await client.create({ ...params, source }, { idempotencyKey }), route: name };
          } catch (error) {
            last = error;
          }
        }
        throw last;
      },
    };
  };

  const open = (acquirers: Acquirers): void => {
    shop = createShop({
      acquirers,
      storage,
      publicUrl: served.url,
      currency: currencyOf(names),
      tokens: tokensOf(names),
      officePassword,
      tokenMakers: [omise, stripe].map(({ provider, settings, publishableKey }) => ({
        route: provider,
        url: settings.baseUrl,
        publishableKey,
      })),
    });
    served.handleWith((request) =>
      losesWebhooks && request.url.includes('/webhooks/')
        ? new Response(null, { status: 503 })
        : shop.app.fetch(request),
    );
  };

  /** Opens the checkout, and lets something happen after the page made its tokens and before the shop hears of them. */
  const pay = async (betweenPageAndShop: () => Promise<void> = () => Promise.resolve()): Promise<string> => {
    page = await browser.newPage();
    await page.goto(served.url);
    const order = await page.locator('input[name=order]').inputValue();
    await page.route('**/orders', async (route) => {
      await betweenPageAndShop();
      await route.continue();
    });
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.locator('h1', { hasNotText: 'Checkout' }).waitFor();
    return order;
  };

  const status = async (): Promise<string> => page.innerText('#status');

  /** Every charge of an order that took money, at both, by name. */
  const paidAt = async (order: string): Promise<string[]> =>
    [...(await omise.charges()), ...(await stripe.charges())]
      .filter(({ metadata, state }) => metadata['order'] === order && state === 'captured')
      .map(({ provider }) => provider);

  /** Omise makes the charge, and its answer is lost; for a while its list answers nothing, either. */
  const loseAnswer = async (): Promise<void> => {
    await omise.inject({ operation: 'create', fault: 'cut_after_commit' });
    for (const operation of ['list', 'search', 'retrieve']) {
      await omise.inject({ operation, fault: 'server_error', times: 1_000_000 });
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unicharge-two-providers-'));
    storage = await openStorage({ SHOP_DATA: join(folder, 'database') });
    served = await serveLater();
    [omise, stripe] = await Promise.all([
      startProvider('omise', `${served.url}/webhooks/omise`),
      startProvider('stripe', `${served.url}/webhooks/stripe`),
    ]);
    ({ browser, close: closeBrowser } = await startChromium());
  }, 300_000);

  afterEach(async () => {
    losesWebhooks = false;
    await omise.clearFaults().catch(() => undefined);
    await page.close();
  });

  afterAll(async () => {
    await closeBrowser();
    await Promise.all([omise.kill(), stripe.kill(), served.close()]);
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('charges at the first, refunds there, and hears its webhooks; the card never reaches the shop', async () => {
    open(routed());
    const bodies: string[] = [];
    browser.on('request', (request) => {
      if (request.url().startsWith(served.url)) bodies.push(request.postData() ?? '');
    });
    const order = await pay();
    await page.locator('#status', { hasText: 'paid' }).waitFor();
    expect(await page.innerText('#route')).toBe('omise');
    expect(await paidAt(order)).toEqual(['omise']);
    expect(bodies.join('\n')).toContain('token-stripe=pm_');
    expect(bodies.join('\n')).not.toMatch(/4242/);

    await logInWith(page, served.url);
    await page.goto(`${served.url}/office/orders/${order}`);
    await page.getByRole('button', { name: 'Refund' }).click();
    await page.locator('#status', { hasText: 'refunded' }).waitFor();
    const refunded = (await omise.charges()).filter(({ metadata }) => metadata['order'] === order);
    expect(refunded).toMatchObject([{ amountCaptured: 45_900, amountRefunded: 45_900 }]);
  });

  it('shows a payment as pending whose answer the first lost, and does not pay it at the second', async () => {
    open(routed());
    losesWebhooks = true;
    const order = await pay(loseAnswer);
    expect(await status()).toBe('pending');
    await shop.settle();
    await page.reload();
    expect(await status()).toBe('pending');
    expect(await paidAt(order)).toEqual(['omise']);

    await omise.clearFaults();
    await shop.settle();
    await page.locator('#status', { hasText: 'paid' }).waitFor();
    expect(await page.innerText('#route')).toBe('omise');
    expect(await paidAt(order)).toEqual(['omise']);
  });

  it('is paid at both under the same storm by whoever catches an error and tries the next provider', async () => {
    open(naive());
    const order = await pay(loseAnswer);
    expect((await paidAt(order)).sort()).toEqual(['omise', 'stripe']);
  });

  it('takes a 500 of the first for no end: the order waits there, and is paid once it is well', async () => {
    open(routed());
    const order = await pay(() =>
      omise.inject({ operation: 'create', fault: 'server_error', times: 1_000_000 }),
    );
    expect(await status()).toBe('pending');
    await shop.settle();
    expect(await paidAt(order)).toEqual([]);

    await omise.clearFaults();
    await expect
      .poll(
        async () => {
          await shop.settle();
          return paidAt(order);
        },
        { timeout: 60_000 },
      )
      .toEqual(['omise']);
    await page.locator('#status', { hasText: 'paid' }).waitFor();
  });

  it('pays at the second, exactly once, where the first is gone after the page has its tokens', async () => {
    open(routed());
    const before = await omise.charges();
    const order = await pay(() => omise.kill());
    await page.locator('#status', { hasText: 'paid' }).waitFor();
    expect(await page.innerText('#route')).toBe('stripe');
    const charges = (await stripe.charges()).filter(({ metadata }) => metadata['order'] === order);
    expect(charges).toMatchObject([{ state: 'captured', amountCaptured: 45_900 }]);
    expect(before.filter(({ metadata }) => metadata['order'] === order)).toEqual([]);
  });

  it('pays at the second where the first was gone before, so that the page got no token of it', async () => {
    open(routed());
    await omise.kill();
    const order = await pay();
    await page.locator('#status', { hasText: 'paid' }).waitFor();
    const charges = (await stripe.charges()).filter(({ metadata }) => metadata['order'] === order);
    expect(charges).toMatchObject([{ state: 'captured', amountCaptured: 45_900 }]);
  });
});
