import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import { startSimulator, type Simulator } from '../../src/testing/simulator/simulator.js';
import type { Answer, Order, StoreKind } from './processes/messages.js';
import { savedCustomer } from './processes/saved-customer.js';
import { startMerchant, type Merchant } from './processes/start-merchant.js';
import {
  databaseUrl,
  describeWithPostgres,
  describeWithRedis,
  isContinuousIntegration,
  redisUrl,
} from './servers.js';

const rounds = isContinuousIntegration ? 1_000 : 200;
/** Rounds that run at the same time in both processes. */
const together = 20;
const startMs = 60_000;

const raceOver = (store: StoreKind, url: string) => () => {
  let simulator: Simulator;
  let merchants: readonly Merchant[] = [];
  let sources: Record<Order['provider'], string>;

  beforeAll(async () => {
    simulator = await startSimulator({ providers: ['omise', 'stripe'] });
    sources = { omise: await savedCustomer(simulator), stripe: 'pm_card_visa' };
    const settings = {
      store,
      url,
      namespace: systemRuntime.uuid(),
      omise: simulator.settings('omise'),
      stripe: simulator.settings('stripe'),
    };
    merchants = await Promise.all([startMerchant(settings), startMerchant(settings)]);
  }, startMs);
  afterAll(async () => {
    await Promise.all(merchants.map((merchant) => merchant.kill()));
    await simulator.close();
  });

  it(
    `make one charge for one key, ${rounds} times out of ${rounds}`,
    async () => {
      const orders = Array.from({ length: rounds }, (_, round): Order => {
        const provider = round % 2 === 0 ? 'omise' : 'stripe';
        return {
          provider,
          key: `order-${round}`,
          source: sources[provider],
          untilAnswered: round % 4 < 2,
        };
      });
      const answers: [Answer, Answer][] = [];
      for (let from = 0; from < rounds; from += together) {
        const batch = orders.slice(from, from + together);
        const [first = [], second = []] = await Promise.all(
          merchants.map((merchant) => merchant.create(batch)),
        );
        batch.forEach((_, index) => answers.push([first[index]!, second[index]!]));
      }

      const charges = new Map<string, string[]>();
      for (const { id, metadata } of simulator.ledger.charges()) {
        const key = metadata['unicharge_key'] ?? '';
        charges.set(key, [...(charges.get(key) ?? []), id]);
      }
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
    10 * startMs,
  );
};

describe('two processes with the same keys at the same moment', () => {
  describeWithRedis('over redisStore', raceOver('redis', redisUrl));
  describeWithPostgres('over postgresStore', raceOver('postgres', databaseUrl));
});
