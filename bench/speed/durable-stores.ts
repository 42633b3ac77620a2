import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OperationStore } from '../../src/index.js';
import type * as postgresEntry from '../../src/stores/postgres.js';
import type * as redisEntry from '../../src/stores/redis.js';

let trips = 0;

/** How often a store has asked its server and waited, in this process. */
export const storeTrips = (): number => trips;

const entry = async <Module>(dist: string, name: string): Promise<Module> =>
  (await import(pathToFileURL(join(dist, `${name}.js`)).href)) as Module;

const redis = async (dist: string, url: string): Promise<OperationStore> => {
  const { Redis } = await import('ioredis');
  const client = new Redis(url);
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    trips += 1;
    return send(command, stream);
  };
  const { redisStore } = await entry<typeof redisEntry>(dist, 'redis');
  return redisStore(client);
};

const postgres = async (dist: string, url: string): Promise<OperationStore> => {
  const { default: pg } = await import('pg');
  const { postgresSchema, postgresStore } = await entry<typeof postgresEntry>(dist, 'postgres');
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query(postgresSchema);
  return postgresStore({
    query: (text, values) => {
      trips += 1;
      return pool.query(text, values);
    },
  });
};

export const durableStores = { redis, postgres };
