import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { oneAcquirer, severalAcquirers } from '../../examples/merchant-backend/acquirers.js';
import { openStorage, type Storage } from '../../examples/merchant-backend/database.js';
import {
  currencyOf,
  providers as known,
  testSourcesOf,
  tokenMakersOf,
  tokensOf,
} from '../../examples/merchant-backend/provider.js';
import { createShop } from '../../examples/merchant-backend/shop.js';
import { createRouter } from '../../src/router/index.js';
import { memoryStore, type OperationStore } from '../../src/index.js';
import { startSimulator, type SimulatedProvider, type Simulator } from '../../src/testing/index.js';
import { logIn, newVisitor, type Visitor } from './visitor.js';

/** A shop and its provider, both over real HTTP. */
export interface RunningShop {
  readonly simulator: Simulator;
  readonly url: string;
  /** Somebody who buys. */
  readonly payer: Visitor;
  /** Somebody of the back office, logged in. */
  office(): Promise<Visitor>;
  /** The library's record of writes. */
  readonly operations: OperationStore;
  /** What the shop does by itself every ten seconds. */
  settle(): Promise<number>;
  close(): Promise<void>;
}

const webhookSecret = Buffer.from('the secret of the shop').toString('base64');

// Starting a database takes longer than everything else together: the shops of one file share it, not their records of writes.
let opened: Promise<Storage> | undefined;

/** Opens the database that the shops share. */
export const openDatabase = (): Promise<Storage> => (opened ??= openStorage({}));

/** Closes the database that the shops shared. */
export const closeDatabase = async (): Promise<void> => (await opened)?.close();

/** What whoever ships and refunds in these shops knows. */
export const officePassword = 'the password of the office';

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

/** How a shop of the tests differs from others. */
export interface ShopDifferences {
  /** Takes the tokens of the provider's own form, as with an account, in place of the simulator's test cards. */
  readonly takesTokens?: boolean;
  /** A second provider, behind a router. */
  readonly spare?: SimulatedProvider;
  /** The name under which browsers know the shop. The providers call it by its address. */
  readonly host?: 'localhost';
}

/** Starts the shop of the example against a simulator, with its orders in memory. */
export const startShop = async (
  provider: SimulatedProvider,
  { takesTokens = false, spare, host }: ShopDifferences = {},
): Promise<RunningShop> => {
  const providers = spare === undefined ? [provider] : [provider, spare];
  const simulator = await startSimulator({ providers });
  const storage: Storage = { ...(await openDatabase()), operations: memoryStore() };
  const store = storage.operations;
  const served = await serveLater();
  const url = host === undefined ? served.url : served.url.replace('127.0.0.1', host);
  const routes = providers.map((name) => ({
    name,
    client: known[name].create({ store, webhookSecret, settings: simulator.settings(name) }),
  }));
  const shop = createShop({
    acquirers:
      routes.length === 1 && routes[0] !== undefined
        ? oneAcquirer(provider, routes[0].client)
        : severalAcquirers(providers, createRouter({ store, routes })),
    storage,
    publicUrl: url,
    currency: currencyOf(providers),
    tokens: tokensOf(providers),
    officePassword,
    tokenMakers: spare === undefined ? [] : tokenMakersOf(simulator, providers),
    testSources: takesTokens || spare !== undefined ? [] : testSourcesOf(simulator, provider),
  });
  served.handleWith((request) => shop.app.fetch(request));
  for (const name of providers)
    simulator.webhooks.deliverTo(name, `${served.url}/webhooks/${name}`, webhookSecret);
  return {
    simulator,
    url,
    payer: newVisitor(url),
    operations: store,
    settle: shop.settle,
    office: () => logIn(url, officePassword),
    close: async () => {
      await simulator.webhooks.flush();
      await simulator.close();
      await served.close();
    },
  };
};
