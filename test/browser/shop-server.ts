import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { oneAcquirer } from '../../examples/merchant-backend/acquirers.js';
import { openStorage, type Storage } from '../../examples/merchant-backend/database.js';
import { currencyOf, providers, testSourcesOf, tokensOf } from '../../examples/merchant-backend/provider.js';
import { createShop } from '../../examples/merchant-backend/shop.js';
import { memoryStore } from '../../src/index.js';
import { startSimulator, type SimulatedProvider, type Simulator } from '../../src/testing/index.js';

/** A shop and its provider, both over real HTTP. */
export interface RunningShop {
  readonly simulator: Simulator;
  readonly url: string;
  close(): Promise<void>;
}

const webhookSecret = Buffer.from('the secret of the shop').toString('base64');

// Starting a database takes longer than everything else together: the shops of one file share it, not their records of writes.
let opened: Promise<Storage> | undefined;

/** Opens the database that the shops share. */
export const openDatabase = async (): Promise<void> => {
  await (opened ??= openStorage({}));
};

/** Closes the database that the shops shared. */
export const closeDatabase = async (): Promise<void> => (await opened)?.close();

/** What whoever ships and refunds in these shops knows. */
export const operatorSecret = 'the secret of the operator';

/** The header by which the operator is known. */
export const asOperator = (secret = operatorSecret): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`operator:${secret}`).toString('base64')}`,
});

type Handler = (request: Request) => Response | Promise<Response>;

/** A server whose address is known before there is a shop to serve. */
export interface ServedLater {
  readonly url: string;
  handleWith(handler: Handler): void;
  close(): Promise<void>;
}

/** Listens, and answers 503 until it is told with what. */
export const serveLater = async (): Promise<ServedLater> => {
  let handle: Handler = () => new Response(null, { status: 503 });
  const server = await new Promise<ServerType>((resolve) => {
    const starting = serve({ fetch: (request) => handle(request), port: 0, hostname: '127.0.0.1' }, () =>
      resolve(starting),
    );
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    handleWith: (handler) => {
      handle = handler;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
};

/** Starts the shop of the example against a simulator, with its orders in memory. */
export const startShop = async (
  provider: SimulatedProvider,
  { takesTokens = false }: { readonly takesTokens?: boolean } = {},
): Promise<RunningShop> => {
  const simulator = await startSimulator({ providers: [provider] });
  const storage: Storage = { ...(await (opened ??= openStorage({}))), operations: memoryStore() };
  const served = await serveLater();
  const { url } = served;
  const shop = createShop({
    acquirers: oneAcquirer(
      provider,
      providers[provider].create({
        store: storage.operations,
        webhookSecret,
        settings: simulator.settings(provider),
      }),
    ),
    storage,
    publicUrl: url,
    currency: currencyOf([provider]),
    tokens: tokensOf([provider]),
    operatorSecret,
    testSources: takesTokens ? [] : testSourcesOf(simulator, provider),
  });
  served.handleWith((request) => shop.app.fetch(request));
  simulator.webhooks.deliverTo(provider, `${url}/webhooks`, webhookSecret);
  return {
    simulator,
    url,
    close: async () => {
      await simulator.webhooks.flush();
      await simulator.close();
      await served.close();
    },
  };
};

/** Posts a form as a browser does on a page of the shop, without following the way that it is sent. */
export const post = (
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
    headers: { origin: new URL(url).origin, ...headers },
  });

/** The order that a fresh checkout page has begun. */
export const beginOrder = async (url: string): Promise<string> => {
  const text = await (await fetch(url)).text();
  const id = /name="order" value="([^"]+)"/.exec(text)?.[1];
  if (id === undefined) throw new Error('The checkout page names no order.');
  return id;
};

/** The status that the page of an order shows. */
export const shownStatus = async (orderUrl: string): Promise<string | undefined> =>
  /<strong id="status">([^<]*)<\/strong>/.exec(await (await fetch(orderUrl)).text())?.[1];
