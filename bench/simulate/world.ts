import type { ChargesClient } from '../../src/charges-client.js';
import type { ClientEvent } from '../../src/models/client-event.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/operations/memory-store.js';
import { createSimulatedProviders, type SimulatedProvider } from '../../src/testing/simulator/index.js';
import { createMerchant, startOfTime, type Merchant } from './merchant.js';
import { calm, createNetwork, type Weather } from './network.js';
import type { Plant } from './plants.js';
import { createRandom, type Random } from './random.js';
import { createScheduler, type Scheduler } from './scheduler.js';
import { connect } from './clients.js';

/** One merchant process with its client. */
export interface Shop {
  readonly merchant: Merchant;
  readonly client: ChargesClient;
}

/** Everything of one run: a provider, a store, and merchants that come and go, all from one seed. */
export interface World {
  readonly provider: SimulatedProvider;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly providers: ReturnType<typeof createSimulatedProviders>;
  readonly store: OperationStore;
  /** A merchant process: one that lives, or a new one. */
  shop(index: number): Shop;
  /** A process that nothing happens to: for preparing and for the last look. */
  calmShop(): Shop;
  setWeather(weather: Weather): void;
  /** Requests that the network delivered twice since the last call. */
  takeDuplicates(): number;
  /** Keys that have a record. */
  keysOnRecord(): ReadonlySet<string>;
  /** What happened, line by line, for the history of a failure. */
  readonly history: string[];
  tell(line: string): void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly provider: SimulatedProvider;
  readonly plant: Plant | null;
}

const largestSkewMs = 10 * 60_000;

export const createWorld = ({ seed, provider, plant }: WorldOptions): World => {
  const random = createRandom(seed);
  const scheduler = createScheduler(() => random.next());
  const history: string[] = [];
  const tell = (line: string): void => {
    history.push(`${String(Math.round(scheduler.elapsed())).padStart(9)} ms  ${line}`);
  };
  const providers = createSimulatedProviders({
    runtime: {
      now: () => startOfTime + scheduler.elapsed(),
      monotonic: () => scheduler.elapsed(),
      sleep: () => Promise.resolve(),
      timer: (milliseconds, run) => scheduler.after(milliseconds, run),
      random: () => random.next(),
      uuid: () => String(random.next()),
    },
    seed,
    providers: [provider],
    switches: { magpie: { vaultedSources: true } },
    origin: (name) => `https://${name}.simulator.test`,
    requestLimit: 1,
  });
  providers.indexDelayMs = random.below(20_000);
  const sharedClock = { now: () => startOfTime + scheduler.elapsed() };
  const records = memoryStore({ runtime: sharedClock });
  // One store for all processes: it outlives each of them, like a database.
  const keys = new Set<string>();
  const durable: OperationStore = {
    ...records,
    durable: true,
    begin: (operation) => {
      keys.add(operation.key);
      return records.begin(operation);
    },
    release: async (owner) => {
      const released = await records.release(owner);
      if (released) keys.delete(owner.key);
      return released;
    },
  };
  const store = plant?.store?.(durable) ?? durable;

  let weather = calm;
  let duplicates = 0;
  let made = 0;

  const open = (skew: number, isCalm: boolean): Shop => {
    made += 1;
    const merchant = createMerchant(`${isCalm ? 'calm' : 'shop'}${made}`, scheduler, random, skew);
    const exchange = createNetwork({
      provider,
      providers,
      scheduler,
      random,
      merchant,
      weather: () => (isCalm ? calm : weather),
      onDuplicate: () => {
        duplicates += 1;
      },
      tell,
      ...(plant?.tamper === undefined ? {} : { tamper: plant.tamper }),
    });
    const onEvent = (event: ClientEvent): void => {
      if (event.type === 'lookup')
        tell(`${merchant.name}: look for ${event.idempotencyKey} sees ${event.seen}`);
    };
    const client = connect(provider, {
      settings: {
        ...providers.settings(provider),
        // The waits of real life instead of the simulator's short ones.
        settleMs: 5 * 60_000,
        abandonedMs: 15 * 60_000,
        ...plant?.settings,
        store: merchant.reach(store, isCalm ? 0 : weather.store),
        timeoutMs: 10_000,
        deadlineMs: 60_000,
        onEvent,
      },
      internals: { runtime: merchant.runtime, exchange },
      plant,
    });
    return { merchant, client };
  };

  const shops: Shop[] = [];
  let calmOne: Shop | undefined;
  return {
    provider,
    random,
    scheduler,
    providers,
    store,
    history,
    tell,
    keysOnRecord: () => keys,
    shop(index) {
      const existing = shops[index];
      if (existing?.merchant.isAlive() === true) return existing;
      const shop = open(random.below(2 * largestSkewMs) - largestSkewMs, false);
      shops[index] = shop;
      tell(`${shop.merchant.name} starts`);
      return shop;
    },
    calmShop: () => (calmOne ??= open(0, true)),
    setWeather(next) {
      weather = next;
    },
    takeDuplicates() {
      const taken = duplicates;
      duplicates = 0;
      return taken;
    },
  };
};
