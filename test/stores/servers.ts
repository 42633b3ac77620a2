import { describe } from 'vitest';

/** Where the real servers are. In continuous integration they have to be there. */
const addressOf = (variable: 'REDIS_URL' | 'DATABASE_URL'): string | null => {
  const address = process.env[variable];
  return address === undefined || address === '' ? null : address;
};

export const redisUrl = addressOf('REDIS_URL');
export const databaseUrl = addressOf('DATABASE_URL');

const describeWith = (variable: string, address: string | null, what: string): typeof describe.skip => {
  if (address !== null) return describe;
  if (process.env['CI'] !== undefined) {
    throw new Error(`${variable} is not set: ${what} has to be tested against a real server here`);
  }
  process.stderr.write(`\n${variable} is not set: the tests of ${what} are SKIPPED\n`);
  return describe.skip;
};

/** A group of tests that needs Redis. Skipped, loudly, where there is none; an error in continuous integration. */
export const describeWithRedis = (what: string) => describeWith('REDIS_URL', redisUrl, what);

/** A group of tests that needs PostgreSQL. Skipped, loudly, where there is none; an error in continuous integration. */
export const describeWithPostgres = (what: string) => describeWith('DATABASE_URL', databaseUrl, what);
