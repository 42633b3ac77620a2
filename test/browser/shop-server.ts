import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { openStorage } from '../../examples/merchant-backend/database.js';
import { providers, testSourcesOf } from '../../examples/merchant-backend/provider.js';
import { createShop } from '../../examples/merchant-backend/shop.js';
import { startSimulator, type SimulatedProvider, type Simulator } from '../../src/testing/index.js';

/** A shop and its provider, both over real HTTP. */
export interface RunningShop {
  readonly simulator: Simulator;
  readonly url: string;
  close(): Promise<void>;
}

const webhookSecret = Buffer.from('the secret of the shop').toString('base64');

/** Starts the shop of the example against a simulator, with its orders in memory. */
export const startShop = async (provider: SimulatedProvider): Promise<RunningShop> => {
  const simulator = await startSimulator({ providers: [provider] });
  const storage = await openStorage({});
  let handle: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const server = await new Promise<ServerType>((resolve) => {
    const starting = serve({ fetch: (request) => handle(request), port: 0, hostname: '127.0.0.1' }, () =>
      resolve(starting),
    );
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const shop = createShop({
    charges: providers[provider].create({
      store: storage.operations,
      webhookSecret,
      settings: simulator.settings(provider),
    }),
    storage,
    publicUrl: url,
    currency: providers[provider].currency,
    testSources: testSourcesOf(simulator, provider),
  });
  handle = (request) => shop.app.fetch(request);
  simulator.webhooks.deliverTo(provider, `${url}/webhooks`, webhookSecret);
  return {
    simulator,
    url,
    close: async () => {
      await simulator.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await storage.close();
    },
  };
};

/** Posts a form as a browser does, without following the way that it is sent. */
export const post = (url: string, form: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

/** The status that the page of an order shows. */
export const shownStatus = async (orderUrl: string): Promise<string | undefined> =>
  /<strong id="status">([^<]*)<\/strong>/.exec(await (await fetch(orderUrl)).text())?.[1];
