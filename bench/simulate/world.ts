import type { ChargesClient } from '../../src/charges-client.js';
import type { ClientEvent } from '../../src/models/client-event.js';
import type { OperationStore } from '../../src/models/operation-store.js';
import type { PaymentSource } from '../../src/models/payment-source.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createSimulatedProviders, type SimulatedProvider } from '../../src/simulator/index.js';
import type { Exchange, ExchangeAnswer } from '../../src/transport/exchange.js';
import { connect } from './clients.js';
import { createEffectLog, type Cause, type Clocks, type EffectLog } from './effects.js';
import { createKnowledge, type Knowledge } from './knowledge.js';
import { createForeigners, type Foreigners } from './foreigners.js';
import { createMerchant, startOfTime, type Merchant } from './merchant.js';
import { createNetwork } from './network.js';
import type { Plant } from './plants.js';
import { createRandom, type Random } from './random.js';
import { createScheduler, type Scheduler } from './scheduler.js';
import { currenciesOf, hasKeys, nameOf } from './sources.js';
import { calm, type Aspect, type Weather } from './weather.js';

/** How long these merchants take a request to be under way, as their clients' `settleMs`. */
export const settleMs = 5 * 60_000;

/** One merchant process with its client. */
export interface Shop {
  readonly merchant: Merchant;
  readonly client: ChargesClient;
}

/** Everything of one run: a provider, a store, and merchants that come and go, all from one seed. */
export interface World {
  readonly provider: SimulatedProvider;
  readonly has: ReadonlySet<Aspect>;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly providers: ReturnType<typeof createSimulatedProviders>;
  readonly effects: EffectLog;
  readonly knowledge: Knowledge;
  readonly foreigners: Foreigners;
  /** A merchant process: one that lives, or a new one. */
  shop(index: number): Shop;
  /** Ends a process, if there is one; the next call starts another. */
  restart(index: number): void;
  /** A process that nothing happens to: for preparing and for the last look. */
  calmShop(): Shop;
  setWeather(weather: Weather): void;
  /** Which sources requests may name, and what stands for them where a copy is declined. */
  setSources(approved: readonly PaymentSource[], declined: PaymentSource | null): void;
  /** Requests of a key that the network delivered twice. */
  duplicatesOf(key: string): number;
  /** Whether the creates of a key arrive with another currency. */
  isGarbled(key: string): boolean;
  /** The store's clock is set back. */
  setStoreClockBack(milliseconds: number): void;
  /** The clocks of a process, now. */
  clocksOf(process: string): Clocks;
  /** Keys that have a record in the shared store. */
  keysOnRecord(): ReadonlySet<string>;
  /** What happened, line by line, for the history of a failure. */
  readonly history: string[];
  tell(line: string): void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly provider: SimulatedProvider;
  readonly has: ReadonlySet<Aspect>;
  readonly plant: Plant | null;
}

const usualSkewMs = 10 * 60_000;
const wideSkewMs = 5 * 60 * 60_000;

const changeStamp = (body: string, way: 'dropped' | 'cut'): string =>
  way === 'dropped'
    ? body.replace(/"unicharge_key":"[^"]*",?/, '').replace(/,}/, '}')
    : body.replace(/("unicharge_key":"[^"]{3})[^"]*"/, '$1"');

export const createWorld = ({ seed, provider, has, plant }: WorldOptions): World => {
  const random = createRandom(seed);
  const scheduler = createScheduler(() => random.next());
  const history: string[] = [];
  const tell = (line: string): void => {
    history.push(`${String(Math.round(scheduler.elapsed())).padStart(9)} ms  ${line}`);
  };
  const skew = (most: number): number => random.below(2 * most) - most;
  const mostSkewMs = has.has('clocks') ? wideSkewMs : usualSkewMs;
  const providerSkewMs = has.has('clocks') ? skew(wideSkewMs) : 0;
  const clocksOf = new Map<string, () => Clocks>();
  let storeSkewMs = has.has('clocks') ? skew(wideSkewMs) : 0;
  const hasMany = has.has('foreign') || has.has('lists');
  const pageSize = hasMany ? 3 + random.below(4) : 100;
  const providers = createSimulatedProviders({
    runtime: {
      now: () => startOfTime + scheduler.elapsed() + providerSkewMs,
      monotonic: () => scheduler.elapsed(),
      sleep: () => Promise.resolve(),
      timer: (milliseconds, run) => scheduler.after(milliseconds, run),
      random: () => random.next(),
      uuid: () => String(random.next()),
    },
    seed,
    providers: [provider],
    switches: {
      magpie: { vaultedSources: true, ...(hasMany ? { pageSize } : {}) },
      pin: hasMany ? { highestPerPage: pageSize } : {},
    },
    origin: (name) => `https://${name}.simulator.test`,
    requestLimit: 1,
  });
  providers.indexDelayMs = random.below(20_000);
  const effects = createEffectLog(providers, provider, () => scheduler.elapsed());
  const knowledge = createKnowledge();
  const records = memoryStore({
    runtime: { now: () => startOfTime + scheduler.elapsed() + storeSkewMs },
  });
  const letGo = ({ key, owner }: { readonly key: string; readonly owner: string }): void => {
    knowledge.letGo({ key, process: owner.split('-')[0] ?? '' }, scheduler.elapsed());
  };
  // One store for all processes: it outlives each of them, like a database.
  const keys = new Set<string>();
  const durable: OperationStore = {
    ...records,
    durable: true,
    begin: async (operation) => {
      const begun = await records.begin(operation);
      if (begun.status === 'locked') letGo(operation);
      else keys.add(operation.key);
      return begun;
    },
    release: async (owner) => {
      const released = await records.release(owner);
      if (released) {
        keys.delete(owner.key);
        letGo(owner);
      }
      return released;
    },
    settle: async (owner, end) => {
      const settled = await records.settle(owner, end);
      if (settled && end.state === 'did_not_happen') letGo(owner);
      return settled;
    },
  };
  const store = plant?.store?.(durable) ?? durable;

  let weather = calm;
  let made = 0;
  let approvedNames: readonly string[] = [];
  let declinedName: string | null = null;
  const doubled = new Map<string, number>();
  const garbled = new Map<string, boolean>();
  const earlier = new Map<string, { readonly path: string; readonly answer: ExchangeAnswer }>();
  const stampFate = has.has('stamps') ? random.pick(['dropped', 'cut'] as const) : null;
  const [currency, other] = currenciesOf(provider);

  const isGarbled = (key: string): boolean => {
    if (!has.has('garbled') || other === undefined) return false;
    const known = garbled.get(key) ?? random.chance(0.3);
    garbled.set(key, known);
    return known;
  };
  const tamper = (body: string, cause: Cause | null): string => {
    let changed = plant?.tamper?.(body) ?? body;
    if (stampFate !== null) changed = changeStamp(changed, stampFate);
    if (cause !== null && other !== undefined && isGarbled(cause.key)) {
      const swap = (from: string, to: string) => changed.replace(`currency=${from}`, `currency=${to}`).replace(`"currency":"${from}"`, `"currency":"${to}"`); // prettier-ignore
      const isLower = changed.includes(currency.toLowerCase());
      changed = isLower ? swap(currency.toLowerCase(), other.toLowerCase()) : swap(currency, other);
    }
    return changed;
  };
  const decline = (body: string): string => {
    const to = declinedName;
    if (to === null) return body;
    return approvedNames.reduce((text, from) => text.replace(from, to), body);
  };

  const open = (skewMs: number, isCalm: boolean): Shop => {
    made += 1;
    const merchant = createMerchant(`${isCalm ? 'calm' : 'shop'}${made}`, scheduler, random, skewMs);
    const clocks = (): Clocks => ({
      wallMs: merchant.runtime.now() - startOfTime - scheduler.elapsed(),
      storeMs: storeSkewMs,
    });
    clocksOf.set(merchant.name, clocks);
    const exchange = createNetwork({
      clocks,
      provider,
      providers,
      scheduler,
      random,
      merchant,
      effects,
      earlier,
      pageSize,
      weather: () => (isCalm ? calm : weather),
      onDuplicate: (cause) => {
        if (cause !== null) doubled.set(cause.key, (doubled.get(cause.key) ?? 0) + 1);
      },
      tamper,
      decline,
      tell,
      knowledge,
    });
    const onEvent = (event: ClientEvent): void => {
      if (event.type === 'lookup')
        tell(`${merchant.name}: look for ${event.idempotencyKey} sees ${event.seen}`);
      if (
        event.type === 'store' &&
        (event.action === 'begin' || event.action === 'claim') &&
        event.idempotencyKey !== null
      ) {
        const cause = { key: event.idempotencyKey, process: merchant.name };
        knowledge.beginFailed(cause, scheduler.elapsed());
      }
    };
    const client = connect(provider, {
      settings: {
        ...providers.settings(provider),
        // The waits of real life instead of the simulator's short ones.
        settleMs,
        abandonedMs: 15 * 60_000,
        ...plant?.settings,
        // Without one, a client keeps its records itself, and they end with it.
        ...(has.has('restarts') ? {} : { store: merchant.reach(store, () => (isCalm ? calm : weather)) }),
        timeoutMs: 10_000,
        deadlineMs: 60_000,
        onEvent,
      },
      internals: { runtime: merchant.runtime, exchange },
      plant,
    });
    return { merchant, client };
  };

  const directExchange: Exchange = async (request) => {
    const address = new URL(request.url);
    const delivery = await providers.handle(provider, {
      method: request.method,
      path: address.pathname,
      query: address.search.slice(1),
      headers: request.headers,
      body: (request.body ?? '').replaceAll('unicharge_key', 'foreign_key'),
    });
    if (delivery.outcome !== 'answered') throw new Error('nothing is injected for others');
    const { status, headers, body: text } = delivery.response;
    return { status, headers, text };
  };

  const shops: Shop[] = [];
  let calmOne: Shop | undefined;
  return {
    provider,
    has,
    random,
    scheduler,
    providers,
    effects,
    knowledge,
    foreigners: createForeigners({ provider, providers, scheduler, exchange: directExchange }),
    history,
    tell,
    keysOnRecord: () => keys,
    shop(index) {
      const existing = shops[index];
      if (existing?.merchant.isAlive() === true) return existing;
      const shop = open(skew(mostSkewMs), false);
      shops[index] = shop;
      tell(`${shop.merchant.name} starts`);
      return shop;
    },
    restart(index) {
      const existing = shops[index];
      if (existing?.merchant.isAlive() !== true) return;
      tell(`${existing.merchant.name} is ended`);
      existing.merchant.kill();
    },
    calmShop: () => (calmOne ??= open(0, true)),
    setWeather(next) {
      weather = next;
    },
    setSources(approved, declined) {
      approvedNames = approved.map(nameOf);
      // At a provider with keys a copy that differs would be another request under the same key.
      declinedName = declined === null || hasKeys(provider) ? null : nameOf(declined);
    },
    duplicatesOf: (key) => doubled.get(key) ?? 0,
    isGarbled,
    clocksOf: (process) => clocksOf.get(process)?.() ?? { wallMs: 0, storeMs: 0 },
    setStoreClockBack(milliseconds) {
      tell(`the clock of the store is set back by ${milliseconds} ms`);
      storeSkewMs -= milliseconds;
    },
  };
};
