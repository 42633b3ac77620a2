import { serve } from '@hono/node-server';
import { randomUUID } from 'node:crypto';
import { startSimulator } from 'unicharge/testing';
import { openStorage } from './database.js';
import { providers, readProvider, testSourcesOf } from './provider.js';
import { createShop } from './shop.js';

/**
 * Starts the shop: `npm run shop`. Without keys it runs against a simulator of its own, webhooks included.
 *
 * PROVIDER         stripe (default), omise, pin, magpie or justifi
 * PORT             3000 unless set
 * PUBLIC_URL       where browsers and the provider find the shop
 * OPERATOR_SECRET  what whoever ships and refunds has to know; without it one is made and printed
 * LIVE             set it to ask the real provider, with its own environment variables and WEBHOOK_SECRET
 * DATABASE_URL     PostgreSQL for the orders; else PGlite in the folder SHOP_DATA, or in memory
 * REDIS_URL        Redis for the library's record of writes; else the database
 */
const { env } = process;
const provider = readProvider(env['PROVIDER']);
const port = Number(env['PORT'] ?? 3000);
const publicUrl = env['PUBLIC_URL'] ?? `http://localhost:${port}`;
const webhookSecret = env['WEBHOOK_SECRET'] ?? Buffer.from('the secret of the shop').toString('base64');

const operatorSecret = env['OPERATOR_SECRET'] ?? randomUUID();

const simulator = env['LIVE'] === undefined ? await startSimulator({ providers: [provider] }) : null;
const storage = await openStorage(env);
const shop = createShop({
  charges: providers[provider].create({
    store: storage.operations,
    webhookSecret,
    settings: simulator?.settings(provider),
  }),
  storage,
  publicUrl,
  currency: providers[provider].currency,
  token: providers[provider].token,
  operatorSecret,
  testSources: simulator === null ? [] : testSourcesOf(simulator, provider),
});
if (simulator !== null) {
  simulator.webhooks.deliverTo(provider, `http://127.0.0.1:${port}/webhooks`, webhookSecret);
}

await shop.recover();
const server = serve({ fetch: shop.app.fetch, port, hostname: '127.0.0.1' }, () => {
  console.log(`The shop is open at ${publicUrl} and charges at ${provider}.`);
  console.log(`Ship and refund at ${publicUrl}/operator as operator.`);
  if (env['OPERATOR_SECRET'] === undefined)
    console.log(`The operator's secret of this run: ${operatorSecret}`);
});

const stop = async (): Promise<void> => {
  server.close();
  await Promise.all([simulator?.close(), storage.close()]);
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
