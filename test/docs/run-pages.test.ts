import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeBlocks } from '../../.ci/docs/snippets.js';
import type { ChargeProgress } from '../../src/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { startSimulator, type Simulator } from '../../src/testing/index.js';
import { temporaryFolder } from '../stores/sqlite-drivers.js';
import { runBlocks } from './run-blocks.js';

/** The code of the pages that a newcomer reads first, run as it stands against the simulator. */

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ providers: ['omise', 'pin', 'stripe'], seed: 1 });
});
afterEach(() => simulator.close());

/** `createStripe` as a page calls it, with the simulator in the place of Stripe. */
const simulatedStripe = (settings: object = {}) =>
  createStripe({ ...settings, ...simulator.settings('stripe'), webhookSecret: 'whsec_page' });

/** Serves an app of a page while `use` asks it. */
const served = async (app: Express, use: (origin: string) => Promise<void>): Promise<void> => {
  const server = app.listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
};

const recordedLines = () => {
  const lines: unknown[][] = [];
  return { lines, console: { log: (...line: unknown[]) => lines.push(line) } };
};

describe('the README', () => {
  const [quickStart = '', outcomes = '', server = '', router = '', simulated = ''] = codeBlocks('README.md');

  it('has a quick start', async () => {
    const { lines, console } = recordedLines();
    expect(quickStart).toContain('secretKey: process.env.STRIPE_SECRET_KEY,');
    await runBlocks([quickStart], { createStripe: simulatedStripe, console });
    expect(simulator.ledger.charges()).toMatchObject([
      { amount: 4590, amountCaptured: 4000, amountRefunded: 500, metadata: { order: '81' } },
    ]);
    expect(lines).toEqual([[simulator.ledger.charges()[0]?.id, 'captured']]);
  });

  it.each([
    { source: 'approved', fault: null, done: 'shipped' },
    { source: 'requires_3ds', fault: null, done: 'redirected' },
    { source: 'insufficient_funds', fault: null, done: 'told insufficient_funds, retry_later' },
    { source: 'approved', fault: 'cut_before_commit', done: 'queued unknown' },
  ] as const)('says what to do: $source, fault $fault', async ({ source, fault, done }) => {
    const did: string[] = [];
    if (fault !== null) simulator.inject({ provider: 'omise', operation: 'create', fault });
    await runBlocks([outcomes], {
      charges: createOmise({ ...simulator.settings('omise'), maxRetries: 0 }),
      params: {
        amount: 45900,
        currency: 'THB',
        source: simulator.source('omise', source),
        returnUrl: 'https://shop.example/orders/81',
      },
      redirect: () => did.push('redirected'),
      ship: () => did.push('shipped'),
      tellPayer: (...words: string[]) => did.push(`told ${words.join(', ')}`),
      queue: {
        push: (text: string) => did.push(`queued ${(JSON.parse(text) as { outcome: string }).outcome}`),
      },
    });
    expect(did).toEqual([done]);
  });

  it('has an endpoint for webhooks and a return page', async () => {
    const charges = simulatedStripe();
    const waiting = await charges.create({
      amount: 4590,
      currency: 'EUR',
      source: simulator.source('stripe', 'requires_3ds'),
      returnUrl: 'https://shop.example/orders/81/return',
    });
    const order = { chargeId: waiting.id, amount: 4590, currency: 'EUR' };
    const shown = await runBlocks([server], { charges, orderOf: () => Promise.resolve(order) }, [
      'app',
      'payments',
    ]);
    const { app, payments } = shown as { app: Express; payments: Map<string, ChargeProgress> };
    await served(app, async (origin) => {
      simulator.webhooks.deliverTo('stripe', `${origin}/webhooks`, 'whsec_page');
      await simulator.payer.approve(waiting.nextAction?.type === 'redirect' ? waiting.nextAction.url : '');
      await simulator.webhooks.flush();
      expect(payments.get(waiting.id)).toMatchObject({ status: 'captured' });
      expect(await (await fetch(`${origin}/orders/81/return`)).text()).toBe('captured');
      const forged = await fetch(`${origin}/webhooks`, { method: 'POST', body: '{}' });
      expect([forged.status, await forged.text()]).toEqual([400, 'webhook_header_missing']);
    });
  });

  it('has a router that goes to its second route once the first has declined for good', async () => {
    await runBlocks(
      [
        router
          .replace("'pm_1'", 'tokens.main')
          .replace("'tokn_1'", 'tokens.spare')
          .replaceAll("'EUR'", "'THB'"),
      ],
      {
        createStripe: simulatedStripe,
        createOmise: (settings: object) => createOmise({ ...settings, ...simulator.settings('omise') }),
        tokens: {
          main: simulator.source('stripe', 'declined'),
          spare: simulator.source('omise', 'approved'),
        },
      },
    );
    expect(simulator.ledger.charges().map(({ provider, state }) => [provider, state])).toEqual([
      ['stripe', 'failed'],
      ['omise', 'captured'],
    ]);
  });

  it('loses a response in the simulator and counts one charge', async () => {
    const { lines, console } = recordedLines();
    const checkout = `const source = simulator.source('stripe', 'approved');
      const checkout = () => stripe.create({ amount: 4590, currency: 'EUR', source }, { idempotencyKey: 'order-81' });
      await checkout().catch(checkout);`;
    expect(simulated).toContain('// … your checkout');
    await runBlocks([simulated.replace(/^\/\/ … your checkout.*$/m, checkout)], {
      createStripe,
      console,
    });
    expect(lines).toEqual([[1, 'charge at the provider']]);
  });
});

describe('docs/getting-started.md', () => {
  it('is a shop that charges once, whatever happens', async () => {
    const { lines, console } = recordedLines();
    const page = await runBlocks(codeBlocks('docs/getting-started.md'), { console }, [
      'app',
      'orders',
      'addOrder',
      'simulator',
      'settle',
    ]);
    const shop = page as {
      app: Express;
      orders: Map<string, { chargeId: string | null; attempt: number; payment: ChargeProgress | null }>;
      addOrder: (id: string, amount: number) => void;
      simulator: Simulator;
      settle: () => Promise<void>;
    };
    try {
      expect(lines).toEqual([
        [{ declined: 'generic_decline', advice: 'use_other_card' }],
        [{ status: 'captured' }],
        ['ship it'],
        [1, 'captured charge'],
      ]);
      expect(shop.orders.get('81')).toMatchObject({ attempt: 2, payment: { amountRefunded: 1000 } });

      await served(shop.app, async (origin) => {
        const pay = async (id: string, kind: 'requires_3ds' | 'approved') =>
          (await (
            await fetch(`${origin}/orders/${id}/pay`, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ token: shop.simulator.source('stripe', kind) }),
            })
          ).json()) as Record<string, unknown>;
        shop.simulator.webhooks.deliverTo('stripe', `${origin}/webhooks`, 'whsec_local');

        shop.addOrder('82', 2000);
        const { redirect } = await pay('82', 'requires_3ds');
        await shop.simulator.payer.approve(String(redirect));
        await shop.simulator.webhooks.flush();
        expect(shop.orders.get('82')?.payment).toMatchObject({ status: 'captured' });
        expect(await (await fetch(`${origin}/orders/82/return`)).json()).toEqual({ status: 'captured' });

        // Every response of the third order is lost: the next press of the button finds its one charge.
        shop.addOrder('83', 3000);
        shop.simulator.inject({
          provider: 'stripe',
          operation: 'create',
          fault: 'cut_after_commit',
          times: 3,
        });
        expect(await pay('83', 'approved')).toEqual({ status: 'checking' });
        await shop.settle();
        const charges = shop.simulator.ledger.charges().filter(({ amount }) => amount === 3000);
        expect(charges).toHaveLength(1);
        expect(shop.orders.get('83')).toMatchObject({ attempt: 1, chargeId: charges[0]?.id });

        // A payer who fails 3-D Secure ends the try once, however often the return page is loaded: the next card is charged.
        shop.addOrder('84', 4000);
        const { redirect: failing } = await pay('84', 'requires_3ds');
        await shop.simulator.payer.decline(String(failing));
        for (let load = 0; load < 2; load += 1) {
          const returned = await fetch(`${origin}/orders/84/return`);
          expect(returned.status).toBe(402);
          expect(await returned.json()).toMatchObject({ declined: 'authentication_failed' });
        }
        expect(await pay('84', 'approved')).toEqual({ status: 'captured' });
        expect(shop.orders.get('84')).toMatchObject({ attempt: 2, payment: { status: 'captured' } });

        const forged = await fetch(`${origin}/webhooks`, { method: 'POST', body: '{}' });
        expect(forged.status).toBe(400);
      });
    } finally {
      await shop.simulator.close();
    }
  });
});

describe('the page on stores', () => {
  it('has two ways to a file of SQLite, which keep what a write came to', async () => {
    const folder = temporaryFolder();
    const page = codeBlocks('docs/stores.md').filter((block) => block.includes("from 'unicharge/sqlite'"));
    expect(page).toHaveLength(2);
    const [byNode = '', byBetterSqlite3 = ''] = page.map((block) =>
      block.replace("'payments.db'", JSON.stringify(folder.path('payments.db'))),
    );
    const simulated = (settings: object) => createOmise({ ...settings, ...simulator.settings('omise') });
    const run = () => runBlocks([byNode], { createOmise: simulated }, ['charges', 'database']);
    const { lines, console } = recordedLines();
    const { database: other } = await runBlocks([byBetterSqlite3], { console }, ['database']);
    expect(lines).toEqual([[true]]);

    const params = { amount: 45900, currency: 'THB', source: simulator.source('omise', 'approved') };
    const opened: unknown[] = [other];
    const ids: string[] = [];
    for (let process = 0; process < 2; process += 1) {
      const { charges, database } = await run();
      opened.push(database);
      const { create } = charges as ReturnType<typeof createOmise>;
      ids.push((await create(params, { idempotencyKey: 'order-81' })).id);
    }
    expect(ids).toEqual(simulator.ledger.charges().flatMap(({ id }) => [id, id]));
    for (const database of opened) (database as { close(): void }).close();
    folder.remove();
  });
});
