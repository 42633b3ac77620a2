import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import type { Answer, Order, StoreKind } from './processes/messages.js';
import { savedCustomer } from './processes/saved-customer.js';
import { startMerchant, type Merchant } from './processes/start-merchant.js';
import { databaseUrl, describeWithPostgres, describeWithRedis, redisUrl } from './servers.js';
import { libsql, openFile, temporaryFolder } from './sqlite-drivers.js';

/** `npm run test:two-processes` plays 1,000. */
const rounds = Number(process.env['ROUNDS'] ?? 200);
/** Rounds that run at the same time in both processes. */
const together = 20;
const startMs = 60_000;
const raceMs = 10 * startMs;

/** Two processes of a merchant, the provider, and sources that may be charged any number of times. */
interface Race {
  readonly simulator: Simulator;
  readonly merchants: readonly [Merchant, Merchant];
  readonly sources: Readonly<Record<Order['provider'], string>>;
  end(): Promise<void>;
}

const startRace = async (
  store: StoreKind,
  url: string,
  namespaces: readonly [string, string],
): Promise<Race> => {
  const simulator = await startSimulator({ providers: ['omise', 'stripe'] });
  const settings = {
    store,
    url,
    omise: simulator.settings('omise'),
    stripe: simulator.settings('stripe'),
  };
  const [first, second] = namespaces;
  const merchants = await Promise.all([
    startMerchant({ ...settings, namespace: first }),
    startMerchant({ ...settings, namespace: second }),
  ]);
  return {
    simulator,
    merchants,
    sources: { omise: await savedCustomer(simulator), stripe: 'pm_card_visa' },
    end: async () => {
      await Promise.all(merchants.map((merchant) => merchant.kill()));
      await simulator.close();
    },
  };
};

/** Both processes get the same orders at the same moment. What each said, per order. */
const run = async ({ merchants }: Race, orders: readonly Order[]): Promise<[Answer, Answer][]> => {
  const answers: [Answer, Answer][] = [];
  for (let from = 0; from < orders.length; from += together) {
    const batch = orders.slice(from, from + together);
    const [first = [], second = []] = await Promise.all(merchants.map((merchant) => merchant.create(batch)));
    batch.forEach((_, index) => answers.push([first[index]!, second[index]!]));
  }
  return answers;
};

/** Every charge that there is at the provider, by the key that it carries. */
const chargesByKey = ({ simulator }: Race): ReadonlyMap<string, readonly string[]> => {
  const charges = new Map<string, string[]>();
  for (const { id, metadata } of simulator.ledger.charges()) {
    const key = metadata['unicharge_key'] ?? '';
    charges.set(key, [...(charges.get(key) ?? []), id]);
  }
  return charges;
};

const raceOver = (store: StoreKind, url: string) => () => {
  let race: Race;
  beforeAll(async () => {
    const namespace = systemRuntime.uuid();
    race = await startRace(store, url, [namespace, namespace]);
  }, startMs);
  afterAll(() => race.end());

  it(
    `make one charge for one key, ${rounds} times out of ${rounds}`,
    async () => {
      const orders = Array.from({ length: rounds }, (_, round): Order => {
        const provider = round % 2 === 0 ? 'omise' : 'stripe';
        return {
          provider,
          key: `order-${round}`,
          source: race.sources[provider],
          untilAnswered: round % 4 < 2,
        };
      });
      const answers = await run(race, orders);

      const charges = chargesByKey(race);
      const wrong = orders.filter(({ key, untilAnswered }, round) => {
        const made = charges.get(key) ?? [];
        const given = answers[round]!;
        const isRight = (answer: Answer) =>
          'charge' in answer
            ? answer.charge === made[0]
            : !untilAnswered && answer.error === 'OperationInProgressError';
        return made.length !== 1 || !given.every(isRight) || !given.some((answer) => 'charge' in answer);
      });
      expect(wrong.map(({ key }) => ({ key, charges: charges.get(key) }))).toEqual([]);
      expect(charges.size).toBe(rounds);
      // Else the two never met, and nothing was tested.
      const metAtOnce = answers.filter((pair) => pair.some((answer) => 'error' in answer));
      expect(metAtOnce.length).toBeGreaterThan(0);
    },
    raceMs,
  );
  it(
    `make one charge for one key, with another source in every call, and never say that nothing was sent, ${rounds} times out of ${rounds}`,
    async () => {
      // As a checkout does it whose payer types the card again: two calls of each process, no two with the same source.
      const customers = await Promise.all([1, 2, 3, 4].map(() => savedCustomer(race.simulator)));
      const cards = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex', 'pm_card_discover'];
      const sourcesOf = (round: number) => (round % 2 === 0 ? customers : cards);
      const order = (round: number, source: string): Order => ({
        provider: round % 2 === 0 ? 'omise' : 'stripe',
        key: `changed-${round}`,
        source,
        untilAnswered: true,
      });
      const wrong: unknown[] = [];
      for (let from = 0; from < rounds; from += together) {
        const batch = Array.from({ length: Math.min(together, rounds - from) }, (_, index) => from + index);
        const given = await Promise.all(
          race.merchants.map((merchant, process) =>
            merchant.create(
              batch.flatMap((round) =>
                [0, 1].map((call) => order(round, sourcesOf(round)[2 * process + call] ?? '')),
              ),
            ),
          ),
        );
        const charges = chargesByKey(race);
        batch.forEach((round, index) => {
          const answers = given.flatMap((ofProcess) => ofProcess.slice(2 * index, 2 * index + 2));
          const made = charges.get(`changed-${round}`) ?? [];
          const paid = answers.filter((answer) => 'charge' in answer && answer.charge === made[0]);
          const told = answers.filter((answer) => 'error' in answer && answer.outcome === 'unknown');
          if (made.length !== 1 || paid.length === 0 || paid.length + told.length !== 4)
            wrong.push({ round, made, answers });
        });
      }
      expect(wrong).toEqual([]);
    },
    raceMs,
  );
};

describe('two processes with the same keys at the same moment', () => {
  describeWithRedis('over redisStore', raceOver('redis', redisUrl));
  describeWithPostgres('over postgresStore', raceOver('postgres', databaseUrl));
  describe('over sqliteStore', () => {
    const folder = temporaryFolder();
    openFile(libsql, folder.path('shop.db')).close();
    afterAll(folder.remove);
    raceOver('sqlite', folder.path('shop.db'))();
  });

  describeWithRedis('without records in common', () => {
    it(
      'would charge everything twice at a provider without keys: the race is real',
      async () => {
        const race = await startRace('redis', redisUrl, [systemRuntime.uuid(), systemRuntime.uuid()]);
        const orders = Array.from({ length: together }, (_, round): Order => {
          const source = race.sources.omise;
          return { provider: 'omise', key: `order-${round}`, source, untilAnswered: false };
        });
        await run(race, orders);
        const charges = chargesByKey(race);
        expect(orders.map(({ key }) => charges.get(key)?.length)).toEqual(orders.map(() => 2));
        await race.end();
      },
      raceMs,
    );
  });
});
