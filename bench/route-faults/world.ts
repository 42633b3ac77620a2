import type { ChargesClient } from '../../src/charges-client.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import type { PaymentSource } from '../../src/models/payment-source.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createRouter, type Router } from '../../src/router/index.js';
import { createSimulatedProviders, type SimulatedProvider } from '../../src/simulator/index.js';
import { connect } from '../simulate/clients.js';
import { createMerchant, startOfTime, type Merchant } from '../simulate/merchant.js';
import { createRandom, type Random } from '../simulate/random.js';
import { createScheduler, type Scheduler } from '../simulate/scheduler.js';
import { reusableSource } from '../simulate/sources.js';
import { calm } from '../simulate/weather.js';
import { calmRoutes, createRouteNetwork, stormOverRoutes, type RouteWeather } from './network.js';

/** Two providers in the order of the routes. */
export type Pair = readonly [SimulatedProvider, SimulatedProvider];

const currencies: Readonly<Record<string, readonly string[]>> = {
  stripe: ['USD', 'PHP'],
  omise: ['USD'],
  pin: ['USD', 'PHP'],
  justifi: ['USD'],
  magpie: ['PHP'],
};

/** The currency that both providers take; undefined where there is none. */
export const currencyOf = ([first, second]: Pair): string | undefined =>
  currencies[first]?.find((currency) => currencies[second]?.includes(currency));

const names = Object.keys(currencies) as SimulatedProvider[];

/** Every ordered pair of providers that share a currency. */
export const pairs: readonly Pair[] = names
  .flatMap((first) => names.map((second): Pair => [first, second]))
  .filter((pair) => pair[0] !== pair[1] && currencyOf(pair) !== undefined);

/** One merchant process: a router over both providers, and the clients themselves. */
export interface RouteShop {
  readonly merchant: Merchant;
  readonly router: Router;
  readonly clients: readonly ChargesClient[];
}

/** A charge of one key, as the ledger tells it. */
export interface Paid {
  readonly provider: string;
  readonly id: string;
  readonly isFailed: boolean;
  /** The process whose request made it. */
  readonly by: string;
}

/** Two providers, a store and merchants that come and go, all from one seed. */
export interface RouteWorld {
  readonly pair: Pair;
  readonly currency: string;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly history: string[];
  readonly sources: Readonly<Record<'approved' | 'declined', Readonly<Record<string, PaymentSource>>>>;
  shop(index: number): RouteShop;
  calmShop(): RouteShop;
  setStorm(isStorm: boolean): void;
  /** A provider is out of reach, or is back. */
  setDown(index: number, isDown: boolean): void;
  /** Declines tell that a network forbids to try again. */
  setForbidden(isForbidden: boolean): void;
  ledgerOf(key: string): readonly Paid[];
  pass(milliseconds: number): Promise<void>;
}

/** Whether the answers of a provider can tell that a network forbids another try. */
export const canForbid = (provider: SimulatedProvider): boolean => ['stripe', 'omise'].includes(provider);

const forbidding = (body: string): string =>
  body
    .replaceAll('"decline_code":', '"advice_code":"do_not_try_again","decline_code":')
    .replaceAll(/"merchant_advice_code":(?:null|"[^"]*")/g, '"merchant_advice_code":"9003"');

/** Makes a world. Its memory store passes for one that outlives processes. */
export const createRouteWorld = async (seed: number, pair: Pair): Promise<RouteWorld> => {
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
    providers: [...pair],
    switches: { magpie: { vaultedSources: true } },
    origin: (name) => `https://${name}.simulator.test`,
    requestLimit: 1,
  });
  const records = memoryStore({ runtime: { now: () => startOfTime + scheduler.elapsed() } });
  const store: OperationStore = { ...records, durable: true };
  const currency = currencyOf(pair) ?? 'USD';
  const sourcesOf = async (kind: 'approved' | 'declined') =>
    Object.fromEntries(
      await Promise.all(
        pair.map(async (name) => [name, await reusableSource(providers, name, kind)] as const),
      ),
    );
  const sources = { approved: await sourcesOf('approved'), declined: await sourcesOf('declined') };

  const senders = new Map<string, string>();
  let sender = '';
  providers.ledger.subscribe(({ chargeId }) => {
    if (!senders.has(chargeId)) senders.set(chargeId, sender);
  });

  let weather: RouteWeather = calmRoutes;
  let storeFailures = 0;
  let isForbidden = false;
  const down = [false, false];
  let made = 0;
  const open = (isCalm: boolean): RouteShop => {
    made += 1;
    const skew = isCalm ? 0 : random.below(20 * 60_000) - 10 * 60_000;
    const merchant = createMerchant(`${isCalm ? 'calm' : 'shop'}${made}`, scheduler, random, skew);
    const reached = merchant.reach(store, () => ({ ...calm, store: isCalm ? 0 : storeFailures }));
    const clients = pair.map((provider, index) =>
      connect(provider, {
        settings: {
          ...providers.settings(provider),
          settleMs: 5 * 60_000,
          abandonedMs: 15 * 60_000,
          store: reached,
          timeoutMs: 10_000,
          deadlineMs: 60_000,
        },
        internals: {
          runtime: merchant.runtime,
          exchange: createRouteNetwork({
            provider,
            providers,
            scheduler,
            random,
            merchant,
            weather: () => (isCalm ? calmRoutes : weather),
            isDown: () => !isCalm && down[index] === true,
            sending: async (work) => {
              sender = merchant.name;
              try {
                return await work();
              } finally {
                sender = '';
              }
            },
            tamper: (body) => (isForbidden ? forbidding(body) : body),
            tell,
          }),
        },
        plant: null,
      }),
    );
    const router = createRouter(
      {
        store: reached,
        routes: pair.map((name, index) => ({ name, client: clients[index] as ChargesClient })),
        cascade: { declines: ['generic_decline', 'do_not_honor', 'processing_error'] },
        health: { minimum: 2, restMs: 60_000, windowMs: 5 * 60_000 },
        deadlineMs: 90_000,
        onEvent: (event) => {
          tell(`${merchant.name}: ${JSON.stringify(event)}`);
        },
      },
      { runtime: merchant.runtime },
    );
    return { merchant, router, clients };
  };

  const shops: RouteShop[] = [];
  let calmOne: RouteShop | undefined;
  return {
    pair,
    currency,
    random,
    scheduler,
    history,
    sources,
    shop(index) {
      const existing = shops[index];
      if (existing?.merchant.isAlive() === true) return existing;
      const shop = open(false);
      shops[index] = shop;
      return shop;
    },
    calmShop: () => (calmOne ??= open(true)),
    setStorm(isStorm) {
      weather = isStorm ? stormOverRoutes : calmRoutes;
      storeFailures = isStorm ? 0.05 : 0;
    },
    setDown(index, isDown) {
      if (down[index] !== isDown) tell(`${pair[index] ?? ''} is ${isDown ? 'out of reach' : 'back'}`);
      down[index] = isDown;
    },
    setForbidden(next) {
      isForbidden = next;
    },
    ledgerOf: (key) =>
      providers.ledger
        .charges()
        .filter(({ metadata }) => metadata['unicharge_key'] === key)
        .map(({ provider, id, state }) => ({
          provider,
          id,
          isFailed: state === 'failed',
          by: senders.get(id) ?? '',
        })),
    async pass(milliseconds) {
      scheduler.after(milliseconds, () => undefined);
      await scheduler.runUntilIdle();
    },
  };
};
