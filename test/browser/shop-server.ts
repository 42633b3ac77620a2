import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { oneAcquirer } from '../../examples/merchant-backend/acquirers.js';
import { openStorage, type Storage } from '../../examples/merchant-backend/database.js';
import { currencyOf, providers, testSourcesOf, tokensOf } from '../../examples/merchant-backend/provider.js';
import { createShop } from '../../examples/merchant-backend/shop.js';
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

/** Starts the shop of the example against a simulator, with its orders in memory. */
export const startShop = async (
  provider: SimulatedProvider,
  { takesTokens = false }: { readonly takesTokens?: boolean } = {},
): Promise<RunningShop> => {
  const simulator = await startSimulator({ providers: [provider] });
  const storage: Storage = { ...(await openDatabase()), operations: memoryStore() };
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
    officePassword,
    testSources: takesTokens ? [] : testSourcesOf(simulator, provider),
  });
  served.handleWith((request) => shop.app.fetch(request));
  simulator.webhooks.deliverTo(provider, `${url}/webhooks`, webhookSecret);
  return {
    simulator,
    url,
    payer: newVisitor(url),
    operations: storage.operations,
    settle: shop.settle,
    office: () => logIn(url, officePassword),
    close: async () => {
      await simulator.webhooks.flush();
      await simulator.close();
      await served.close();
    },
  };
};
