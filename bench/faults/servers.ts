import pg from 'pg';
import { postgresSchema } from '../../src/stores/postgres.js';
import { addressOf } from './addresses.js';
import type { StoreName } from './messages.js';

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
