import type { ChargesClient } from '../../../src/charges-client.js';
import type { OperationStore } from '../../../src/models/operation-store.js';
import { memoryStore } from '../../../src/stores/memory.js';
import { systemRuntime } from '../../../src/runtime.js';
import { postgresStore } from '../../../src/stores/postgres.js';
import { redisStore } from '../../../src/stores/redis.js';
import { sqliteStore } from '../../../src/stores/sqlite.js';
import { connect } from '../../simulate/clients.js';
import { addressOf } from '../addresses.js';
import type { MerchantSetup, Place } from '../messages.js';

interface Opened {
  readonly store: OperationStore;
  close(): Promise<void>;
}

const openStore = async (setup: MerchantSetup): Promise<Opened> => {
  switch (setup.store) {
    case 'memory':
      return { store: memoryStore(), close: () => Promise.resolve() };
    case 'redis': {
      const { Redis } = await import('ioredis');
      const client = new Redis(addressOf('redis'));
      return { store: redisStore(client), close: () => client.quit().then(() => undefined) };
    }
    case 'postgres': {
      const { default: pg } = await import('pg');
      const pool = new pg.Pool({ connectionString: addressOf('postgres'), max: 10 });
      return { store: postgresStore(pool), close: () => pool.end() };
    }
    case 'sqlite': {
      const { default: Database } = await import('libsql');
      const database = new Database(addressOf('sqlite'));
      return {
        store: sqliteStore(database),
        close: () => {
          database.close();
          return Promise.resolve();
        },
      };
    }
  }
};

/** The store of this process, and its clients: one for each account and way to it. */
export interface Clients extends Opened {
  clientFor(place: Place): ChargesClient;
}

export const openClients = async (setup: MerchantSetup): Promise<Clients> => {
  // One store for all clients of the process, as in a real one.
  const { store, close } = await openStore(setup);
  const clients = new Map<string, ChargesClient>();
  return {
    store,
    close,
    clientFor: ({ provider, namespace, baseUrl, settings }) => {
      const name = `${namespace} ${provider} ${baseUrl}`;
      const known = clients.get(name);
      if (known !== undefined) return known;
      const { timeoutMs, deadlineMs, settleMs, abandonedMs } = setup;
      const client = connect(provider, {
        settings: { ...settings, baseUrl, namespace, store, timeoutMs, deadlineMs, settleMs, abandonedMs },
        internals: { runtime: systemRuntime },
        plant: null,
      });
      clients.set(name, client);
      return client;
    },
  };
};
