import { serve } from '@hono/node-server';
import { randomUUID } from 'node:crypto';
import { createRouter } from 'unicharge/router';
import { startSimulator } from 'unicharge/testing';
import { oneAcquirer, severalAcquirers } from './acquirers.js';
import { openStorage } from './database.js';
import { currencyOf, providers, readProviders, testSourcesOf, tokenMakersOf, tokensOf } from './provider.js';
import { createShop } from './shop.js';

/**
 * Starts the shop: `npm run shop`. Without keys it runs against a simulator of its own, webhooks included.
 *
 * PROVIDERS        stripe (default), omise, pin, magpie or justifi; or several, in the order in which they are tried: stripe,omise
 * PORT             3000 unless set
 * PUBLIC_URL       where browsers and the provider find the shop
 * OFFICE_PASSWORD  what whoever ships and refunds has to know, of at least 12 characters; without it one is made and printed
 * LIVE             set it to ask the real providers, with their own environment variables and WEBHOOK_SECRET (of several:
 *                  WEBHOOK_SECRET_STRIPE and so on)
 * DATABASE_URL     PostgreSQL for the orders; else PGlite in the folder SHOP_DATA, or in memory
 * REDIS_URL        Redis for the library's record of writes; else the database
 */
const { env } = process;
const names = readProviders(env['PROVIDERS'] ?? env['PROVIDER']);
const currency = currencyOf(names);
const port = Number(env['PORT'] ?? 3000);
const publicUrl = env['PUBLIC_URL'] ?? `http://localhost:${port}`;
const webhookSecretOf = (name: string): string =>
  env[`WEBHOOK_SECRET_${name.toUpperCase()}`] ??
  env['WEBHOOK_SECRET'] ??
  Buffer.from('the secret of the shop').toString('base64');
const officePassword = env['OFFICE_PASSWORD'] ?? randomUUID();
if (officePassword.length < 12) throw new Error('OFFICE_PASSWORD must have at least 12 characters.');

const simulator = env['LIVE'] === undefined ? await startSimulator({ providers: names }) : null;
const storage = await openStorage(env);
const store = storage.operations;
const routes = names.map((name) => ({
  name,
  client: providers[name].create({
    store,
    webhookSecret: webhookSecretOf(name),
    settings: simulator?.settings(name),
  }),
}));
const [first, ...others] = routes;
if (first === undefined) throw new Error('PROVIDERS names none.');
const acquirers =
  others.length === 0
    ? oneAcquirer(first.name, first.client)
    : severalAcquirers(
        names,
        createRouter({
          store,
          routes,
          onEvent: (event) => {
            console.log(JSON.stringify(event));
          },
        }),
      );
const shop = createShop({
  acquirers,
  storage,
  publicUrl,
  currency,
  tokens: tokensOf(names),
  officePassword,
  tokenMakers: simulator === null || others.length === 0 ? [] : tokenMakersOf(simulator, names),
  testSources: simulator === null || others.length > 0 ? [] : testSourcesOf(simulator, first.name),
});
for (const name of names) {
  simulator?.webhooks.deliverTo(name, `http://127.0.0.1:${port}/webhooks/${name}`, webhookSecretOf(name));
}

await shop.settle();
const settling = setInterval(() => void shop.settle().catch(console.error), 10_000);
const server = serve({ fetch: shop.app.fetch, port, hostname: '127.0.0.1' }, () => {
  console.log(`The shop is open at ${publicUrl} and charges at ${names.join(', then ')}.`);
  console.log(`Ship and refund at ${publicUrl}/office.`);
  if (env['OFFICE_PASSWORD'] === undefined) console.log(`The password of this run: ${officePassword}`);
});

const stop = async (): Promise<void> => {
  clearInterval(settling);
  server.close();
  await Promise.all([simulator?.close(), storage.close()]);
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
