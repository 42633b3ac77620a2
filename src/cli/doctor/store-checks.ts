import type { OperationStore } from '../../models/operation-store.js';
import { openWrites, scopesOf } from '../open-writes.js';
import type { StoreConnection } from '../open-store.js';
import { failureWords, type Surroundings } from '../stores.js';
import { duration } from '../terminal.js';
import { checksOf, type Check } from './check.js';
import { checkPostgres, checkRedis } from './server-checks.js';
import { checkSqlite } from './sqlite-checks.js';

const { ok, warning, problem } = checksOf('store');

const dayMs = 86_400_000;

const checkConnection = async (connection: StoreConnection, surroundings: Surroundings): Promise<Check[]> => {
  try {
    switch (connection.kind) {
      case 'redis':
        return await checkRedis(connection.client);
      case 'postgres':
        return await checkPostgres(connection);
      case 'sqlite':
        return checkSqlite(connection);
    }
  } catch (error) {
    return [
      problem(
        `the store does not answer (${failureWords(error, surroundings.secrets)})`,
        'see that it runs, and that this machine reaches it: without it no write is sent',
      ),
    ];
  }
};

const checkAge = async (store: OperationStore, surroundings: Surroundings): Promise<Check> => {
  let open = 0;
  let old = 0;
  let oldestMs = 0;
  try {
    for (const scope of await scopesOf(store, surroundings.clients)) {
      for await (const { record, now } of openWrites(store, scope)) {
        const ageMs = now - record.startedAt;
        open += 1;
        if (ageMs > dayMs) old += 1;
        oldestMs = Math.max(oldestMs, ageMs);
      }
    }
  } catch (error) {
    return problem(
      `the records cannot be read (${failureWords(error, surroundings.secrets)})`,
      'without a store that answers no write is sent',
    );
  }
  if (old > 0) {
    return warning(
      `${old} of ${open} open writes are older than a day, the oldest ${duration(oldestMs)}`,
      'run npx unicharge reconcile, and look at what stays open in the provider’s dashboard',
    );
  }
  return ok(open === 0 ? 'no write is open' : `${open} open writes, none older than a day`);
};

/** The store: whether it keeps what it is given, and what waits in it. */
export const checkStores = async (surroundings: Surroundings): Promise<Check[]> => {
  const { stores, connection } = surroundings;
  if (stores.length === 0) {
    return [
      warning(
        'no store is known: records end with the process',
        'give the clients postgresStore, redisStore or sqliteStore where there is more than one process, and name it here',
      ),
    ];
  }
  const checks: Check[] = [];
  if (stores.some(({ durable }) => !durable)) {
    checks.push(
      warning(
        'the store ends with its process',
        'take postgresStore, redisStore or sqliteStore where there is more than one process',
      ),
    );
  }
  if (connection !== null) checks.push(...(await checkConnection(connection, surroundings)));
  else if (stores.some(({ durable }) => durable)) {
    checks.push(
      warning(
        'the server under the store was not asked',
        'name it with --postgres, --redis or --sqlite, or export postgres (the pool), redis (the client) or sqlite (the database) from the config',
      ),
    );
  }
  for (const store of stores) checks.push(await checkAge(store, surroundings));
  return checks;
};
