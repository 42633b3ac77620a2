// What a shop would write, with its settings from the test that starts the command.
import { Redis } from 'ioredis';
import pg from 'pg';
import { createOmise } from '../../src/providers/omise/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { postgresStore } from '../../src/stores/postgres.js';
import { redisStore } from '../../src/stores/redis.js';

interface Given {
  readonly namespace: string;
  readonly omise: { secretKey: string; baseUrl: string };
  readonly stripe: { secretKey: string; baseUrl: string };
  /** Before the names of tables and keys. */
  readonly prefix: string;
  readonly postgres?: string;
  readonly redis?: string;
}

const given = JSON.parse(process.env['UNICHARGE_TEST'] ?? '{}') as Given;

export const postgres =
  given.postgres === undefined ? undefined : new pg.Pool({ connectionString: given.postgres });
export const redis = given.redis === undefined ? undefined : new Redis(given.redis);
const store =
  postgres !== undefined
    ? postgresStore(postgres, { tablePrefix: given.prefix })
    : redis !== undefined
      ? redisStore(redis, { prefix: given.prefix })
      : undefined;
const common = { store, namespace: given.namespace };

export const clients = {
  omise: createOmise({ ...given.omise, ...common }),
  stripe: createStripe({ ...given.stripe, ...common }),
};

export const close = async (): Promise<void> => {
  await postgres?.end();
  redis?.disconnect();
};
