import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRuntime } from '../../src/runtime.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import type { Finding, Order, ProcessSettings, StoreKind } from './processes/messages.js';
import { savedCustomer } from './processes/saved-customer.js';
import { startMerchant } from './processes/start-merchant.js';
import { databaseUrl, describeWithPostgres, describeWithRedis, redisUrl } from './servers.js';
import { libsql, openFile, temporaryFolder } from './sqlite-drivers.js';

const testMs = 60_000;
const inFlight = 8;

const killOver = (store: StoreKind, url: string) => () => {
  let simulator: Simulator;
  let settings: ProcessSettings;
  let orders: Order[];

  beforeAll(async () => {
    simulator = await startSimulator({ providers: ['omise', 'stripe'] });
    const omise = await savedCustomer(simulator);
    settings = {
      store,
      url,
      namespace: systemRuntime.uuid(),
      // Longer than any request below is under way.
      omise: { ...simulator.settings('omise'), abandonedMs: 2_000 },
      stripe: { ...simulator.settings('stripe'), abandonedMs: 2_000 },
    };
    orders = Array.from({ length: 6 * inFlight }, (_, index) => ({
      provider: index % 2 === 0 ? ('omise' as const) : ('stripe' as const),
      key: `order-${index}`,
      source: index % 2 === 0 ? omise : 'pm_card_visa',
      untilAnswered: false,
    }));
  });
  afterAll(() => simulator.close());

  const chargesOf = (key: string): string[] =>
    simulator.ledger
      .charges()
      .filter(({ metadata }) => metadata['unicharge_key'] === key)
      .map(({ id }) => id);

  it(
    'is killed in the middle of its writes; the next one finds out what became of every one, and can repeat them',
    async () => {
      // Executed and never answered, executed a little later, and lost on the way: nobody is left to hear of any.
      for (const provider of ['omise', 'stripe']) {
        const strike = (fault: Parameters<Simulator['inject']>[0]['fault']) => {
          simulator.inject({ provider, operation: 'create', fault, times: inFlight });
        };
        strike({ type: 'delay', when: 'after_commit', ms: testMs });
        strike({ type: 'delay', when: 'before_commit', ms: 200 });
        strike('cut_before_commit');
      }
      const doomed = await startMerchant({ ...settings, leaseMs: 2_000 });
      doomed.order(orders);
      await expect
        .poll(() => simulator.ledger.charges().length, { timeout: testMs })
        .toBeGreaterThanOrEqual(2 * inFlight);
      await doomed.kill();
      simulator.clearFaults();

      const next = await startMerchant(settings);
      const ends = new Map<string, Finding>();
      for (;;) {
        const findings = await next.reconcilePending();
        for (const finding of findings) ends.set(finding.key, finding);
        if (findings.every(({ outcome }) => outcome !== 'unknown')) break;
        await systemRuntime.sleep(100);
      }
      const outcomes = [...ends.values()].map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'happened').length).toBeGreaterThanOrEqual(
        2 * inFlight,
      );
      for (const { key, outcome, charge } of ends.values()) {
        expect({ key, charges: chargesOf(key) }).toEqual({
          key,
          charges: outcome === 'happened' ? [charge] : [],
        });
      }
      expect(await next.reconcilePending()).toEqual([]);

      const answers = await next.create(orders);
      orders.forEach(({ key }, index) => {
        expect([answers[index]]).toEqual(chargesOf(key).map((charge) => ({ charge })));
      });
      await next.kill();
    },
    2 * testMs,
  );

  it(
    'is killed after its bytes left; the next one gets the same charges by calling again, and no others with other params',
    async () => {
      const again = orders.slice(0, 2 * inFlight).map((order) => ({ ...order, key: `again-${order.key}` }));
      for (const provider of ['omise', 'stripe']) {
        const fault = { type: 'delay', when: 'after_commit', ms: testMs } as const;
        simulator.inject({ provider, operation: 'create', fault, times: inFlight });
      }
      const doomed = await startMerchant({ ...settings, leaseMs: 2_000 });
      doomed.order(again);
      const made = () => again.filter(({ key }) => chargesOf(key).length > 0).length;
      await expect.poll(made, { timeout: testMs }).toBe(again.length);
      await doomed.kill();
      simulator.clearFaults();

      const next = await startMerchant(settings);
      const answers = await next.create(again.map((order) => ({ ...order, untilAnswered: true })));
      again.forEach(({ key }, index) => {
        expect([answers[index]]).toEqual(chargesOf(key).map((charge) => ({ charge })));
      });
      const others = await next.create(again.map((order) => ({ ...order, amount: 99_900 })));
      for (const other of others) {
        expect(other).toEqual({ error: 'IdempotencyConflictError', outcome: 'unknown' });
      }
      expect(made()).toBe(again.length);
      await next.kill();
    },
    2 * testMs,
  );
};

describe('a process', () => {
  describeWithRedis('over redisStore', killOver('redis', redisUrl));
  describeWithPostgres('over postgresStore', killOver('postgres', databaseUrl));
  describe('over sqliteStore', () => {
    const folder = temporaryFolder();
    openFile(libsql, folder.path('shop.db')).close();
    afterAll(folder.remove);
    killOver('sqlite', folder.path('shop.db'))();
  });
});
