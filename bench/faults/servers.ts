import pg from 'pg';
import { postgresSchema } from '../../src/stores/postgres.js';
import type { StoreName } from './messages.js';

const variables = { redis: 'REDIS_URL', postgres: 'DATABASE_URL' } as const;

/** Where the server of a durable store is. */
export const addressOf = (store: keyof typeof variables): string => {
  const address = process.env[variables[store]];
  if (address === undefined || address === '') {
    throw new Error(`${variables[store]} is not set: a run with the ${store} store needs a server`);
  }
  return address;
};

/** Makes what a store needs before it is used. */
export const prepareServer = async (store: StoreName): Promise<void> => {
  if (store === 'memory') return;
  const address = addressOf(store);
  if (store === 'redis') return;
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query(postgresSchema);
  await client.end();
};
