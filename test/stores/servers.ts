import { describe } from 'vitest';

const addressOf = (variable: 'REDIS_URL' | 'DATABASE_URL'): string => process.env[variable] ?? '';

/** Where the real servers are; empty where there is none. In continuous integration they have to be there. */
export const redisUrl = addressOf('REDIS_URL');
export const databaseUrl = addressOf('DATABASE_URL');

/** Whether this is a run that must leave nothing out. */
const isContinuousIntegration = (process.env['CI'] ?? '') !== '';

/** `concurrent`: beside its neighbours of the same kind, for tests that wait for real time more than they work. */
interface ServerTestOptions {
  readonly concurrent?: boolean;
}

const describeWith = (
  variable: string,
  address: string,
  name: string,
  tests: () => void,
  { concurrent = false }: ServerTestOptions,
): void => {
  if (address === '') {
    if (isContinuousIntegration) throw new Error(`${variable} is not set: '${name}' needs a real server`);
    process.stderr.write(`\n  ${variable} is not set: SKIPPED '${name}'\n`);
  }
  describe.runIf(address !== '')(name, { concurrent }, tests);
};

/** Tests that need Redis: skipped, loudly, where `REDIS_URL` is not set, and an error in continuous integration. */
export const describeWithRedis = (name: string, tests: () => void, options: ServerTestOptions = {}): void => {
  describeWith('REDIS_URL', redisUrl, name, tests, options);
};

/** Tests that need PostgreSQL: skipped, loudly, where `DATABASE_URL` is not set, and an error in continuous integration. */
export const describeWithPostgres = (
  name: string,
  tests: () => void,
  options: ServerTestOptions = {},
): void => {
  describeWith('DATABASE_URL', databaseUrl, name, tests, options);
};
