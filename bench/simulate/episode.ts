import type { ChargesClient } from '../../src/charges-client.js';
import { ChargesError } from '../../src/errors.js';
import type { Charge } from '../../src/models/charge.js';
import type { PaymentSource } from '../../src/models/payment-source.js';
import type { Refund } from '../../src/models/refund.js';
import { causes } from './effects.js';
import { compare, judgeKey, sayFinal } from './judge.js';
import { drain } from './scheduler.js';
import { currenciesOf, hasKeys, paramsFor, reusableSource } from './sources.js';
import {
  makesCharge,
  makesRefund,
  type Asked,
  type Final,
  type Kind,
  type Told,
  type Verdict,
} from './story.js';
import { calm, type Weather } from './weather.js';
import type { Shop, World } from './world.js';

const minute = 60_000;
const hour = 60 * minute;

/** Multiples of four, so that parts are whole. */
const amounts = [10_000, 24_000, 12_340, 99_960] as const;

/** Waits in virtual time for something that may never come, because its process died. */
const finish = async <Value>(world: World, work: Promise<Value>): Promise<Value | 'never'> => {
  let result: { readonly value: Value } | { readonly error: unknown } | undefined;
  work.then(
    (value) => (result = { value }),
    (error: unknown) => (result = { error }),
  );
  await world.scheduler.runUntilIdle();
  await drain();
  if (result === undefined) return 'never';
  if ('error' in result) throw result.error;
  return result.value;
};

interface Prepared {
  readonly target: Charge | null;
  readonly amount: number;
  readonly source: PaymentSource;
  readonly refundsBefore: ReadonlySet<string>;
}

/** The charge that a write is about, and what others did before it. */
const prepare = async (world: World, kind: Kind): Promise<Prepared> => {
  const { random, provider, providers, has } = world;
  const amount = random.pick(amounts);
  const [currency] = currenciesOf(provider);
  const source = await reusableSource(providers, provider);
  const declined = has.has('declined_copy') ? await reusableSource(providers, provider, 'declined') : null;
  world.setSources([source], declined);
  if (has.has('foreign') || has.has('lists')) {
    const many = random.chance(0.05) ? 60 : random.below(12);
    await world.foreigners.charge(random.chance(0.5) ? amount : random.pick(amounts), many);
  }
  if (makesCharge(kind)) return { target: null, amount, source, refundsBefore: new Set() };
  const params = {
    amount,
    source,
    capture: makesRefund(kind),
    ...paramsFor(provider),
    currency,
    // Only such an authorization can be captured in part there.
    ...((provider as string) === 'omise' && kind === 'capture'
      ? { providerOptions: { authorizationType: 'pre_auth' } }
      : {}),
  };
  // Where stamps are lost, none of an earlier charge may tell that they are kept.
  const made = await finish(
    world,
    has.has('stamps') ? world.foreigners.create(params) : world.calmShop().client.create(params as never),
  );
  if (made === 'never') throw new Error('a calm create did not end');
  if (has.has('foreign') && makesRefund(kind) && random.chance(0.5))
    await world.foreigners.refund(made.id, amount / 4);
  const truth = providers.ledger.charges(provider).find(({ id }) => id === made.id);
  return { target: made, amount, source, refundsBefore: new Set(truth?.refunds.map(({ id }) => id)) };
};

const firstAsked = (world: World, kind: Kind, key: string, { amount, source }: Prepared): Asked => {
  const [currency] = currenciesOf(world.provider);
  const { random, provider } = world;
  if (makesCharge(kind)) {
    const params = {
      ...paramsFor(provider),
      amount,
      currency,
      source,
      capture: kind === 'create',
      metadata: { order: key },
    };
    return { key, kind, amount, currency, params };
  }
  const canCapturePart = ['stripe', 'magpie', 'omise'].includes(provider);
  const isPart = kind === 'partial_refund' || (kind === 'capture' && canCapturePart && random.chance(0.5));
  const part = isPart ? amount / 4 : null;
  return { key, kind, amount: part, currency, params: part === null ? {} : { amount: part } };
};

/** The same key with something else in it: a new token, another note, another amount or currency. */
const changedAsked = (world: World, asked: Asked, other: PaymentSource): Asked => {
  const { random, provider } = world;
  if (!makesCharge(asked.kind)) {
    if (asked.amount === null) return asked;
    const amount = random.chance(0.5) ? asked.amount * 2 : asked.amount + 1;
    return { ...asked, amount, params: { amount } };
  }
  const [, otherCurrency] = currenciesOf(provider);
  const change = random.pick(['source', 'metadata', 'amount', 'currency'] as const);
  switch (change) {
    case 'source':
      return { ...asked, params: { ...asked.params, source: other } };
    case 'metadata':
      return { ...asked, params: { ...asked.params, metadata: { order: asked.key, try: '2' } } };
    case 'amount': {
      const amount = (asked.amount ?? 0) + 400;
      return { ...asked, amount, params: { ...asked.params, amount } };
    }
    case 'currency': {
      const currency = otherCurrency ?? asked.currency;
      return { ...asked, currency, params: { ...asked.params, currency } };
    }
  }
};

const write = (
  client: ChargesClient,
  { kind, key, params }: Asked,
  id: string,
  deadlineMs: number,
): Promise<Charge | Refund> => {
  const options = { idempotencyKey: key, deadlineMs };
  switch (kind) {
    case 'create':
    case 'authorize':
      return client.create(params as never, options);
    case 'capture':
      return client.capture(id, params, options);
    case 'void':
      return client.void(id, options);
    case 'refund':
    case 'partial_refund':
      return client.refund(id, params, options);
  }
};

const describe = (told: Told['result']): string => {
  if ('value' in told) return `${told.value.id} ${told.value.status}`;
  if ('reconciled' in told) return `reconciled: ${told.reconciled.outcome}`;
  return told.error instanceof ChargesError
    ? `${told.error.name} ${told.error.outcome}${told.error.code === null ? '' : ` ${told.error.code}`}`
    : String(told.error);
};

/** When the calls of a key come: at once, soon, or long after, which is what the rules about waiting are about. */
const delaysIn = (world: World): { readonly delays: readonly number[]; readonly restarts: boolean } => {
  const { has, random, provider } = world;
  if (!has.has('restarts') || random.chance(0.3))
    return { delays: [0, 50, 5_000, 70_000, 6 * minute, 20 * minute], restarts: false };
  // A new process without the records of the old one is promised nothing before `settleMs` has passed.
  return { delays: [6 * minute, 20 * minute, ...(hasKeys(provider) ? [] : [20 * hour])], restarts: true };
};

const secondKindOf = (world: World, kind: Kind): Kind => {
  if (kind === 'capture' || kind === 'void')
    return world.random.chance(0.3) ? (kind === 'capture' ? 'void' : 'capture') : kind;
  return kind;
};

/** One charge, written to with one key or two, again and again by processes that fail, until a calm look says what became of it. */
export const runEpisode = async (
  world: World,
  kind: Kind,
  key: string,
  weather: Weather,
): Promise<Verdict> => {
  const { random, scheduler, has, provider } = world;
  const prepared = await prepare(world, kind);
  const { target, refundsBefore } = prepared;
  const otherSource = has.has('changed') ? await reusableSource(world.providers, provider) : prepared.source;
  if (has.has('declined_copy')) {
    const declined = await reusableSource(world.providers, provider, 'declined');
    world.setSources([prepared.source, otherSource], declined);
  }
  const first = firstAsked(world, kind, key, prepared);
  const hasSecond = target !== null && has.has('two_keys') && random.chance(0.7);
  const keys: Asked[] = hasSecond
    ? [first, firstAsked(world, secondKindOf(world, kind), `${key}-b`, prepared)]
    : [first];
  const told: Told[] = [];
  const begun: Asked[] = [];
  world.tell(`-- ${kind} ${key} at ${provider}, ${[...has].join(' ')}`);
  world.setWeather(weather);

  const calls = (hasSecond ? 2 : 1) + random.below(3);
  const processes = has.has('restarts') ? 1 : 1 + random.below(2);
  const { delays, restarts } = delaysIn(world);
  const pending: Promise<void>[] = [];

  const callOnce = (asked: Asked, reconciles: boolean, deadlineMs: number): void => {
    const { merchant, client } = world.shop(random.below(processes));
    const startedAt = scheduler.elapsed();
    const frozenBefore = merchant.frozenMs();
    begun.push(asked);
    world.tell(`${merchant.name} calls ${reconciles ? 'reconcile of ' : ''}${asked.kind} ${asked.key}`);
    const hear = (result: Told['result']): void => {
      const frozenMs = merchant.frozenMs() - frozenBefore;
      const call = {
        asked,
        process: merchant.name,
        startedAt,
        at: scheduler.elapsed(),
        deadlineMs,
        frozenMs,
      };
      told.push({ ...call, result });
      world.tell(`${merchant.name} gets ${describe(result)} for ${asked.key}`);
    };
    const fail = (error: unknown): void => {
      hear({ error });
    };
    // Who was told better by a later call has no error to ask about.
    const last = told.findLast(({ asked: { key: name } }) => name === asked.key);
    const lastError = last !== undefined && 'error' in last.result ? last.result.error : null;
    const work = causes.run({ key: asked.key, process: merchant.name, calledAt: startedAt }, () =>
      reconciles
        ? client
            .reconcile(lastError instanceof ChargesError ? lastError.toJSON() : asked.key, { deadlineMs })
            .then((reconciled) => {
              hear({ reconciled });
            })
        : write(client, asked, target?.id ?? '', deadlineMs).then((value) => {
            hear({ value });
          }),
    );
    pending.push(
      work.catch((error: unknown) => {
        // What a look finds twice is told by an error that is no word about a write.
        if (reconciles) world.tell(`${merchant.name} gets ${describe({ error })} of reconcile`);
        else fail(error);
      }),
    );
  };

  // A refund that never came, given up, and another one of the same amount before it is tried again: whose is whose?
  const takesTurns = hasSecond && makesRefund(kind) && !restarts && random.chance(0.4);
  const turns = [
    { asked: 0, reconciles: false },
    { asked: 0, reconciles: true },
    { asked: 1, reconciles: false },
    { asked: 0, reconciles: false },
  ] as const;
  let delay = 0;
  const used = new Set<string>();
  for (let index = 0; index < (takesTurns ? turns.length : calls); index += 1) {
    const turn = takesTurns ? turns[index] : undefined;
    const base = turn !== undefined ? (keys[turn.asked] ?? first) : hasSecond ? random.pick(keys) : first;
    const isFirst = !used.has(base.key);
    used.add(base.key);
    const asked =
      !isFirst && has.has('changed') && random.chance(0.5) ? changedAsked(world, base, otherSource) : base;
    const reconciles = turn !== undefined ? turn.reconciles : !isFirst && random.chance(0.15);
    const deadlineMs = random.chance(0.2) ? 10 * minute : minute;
    const restarted = restarts && index > 0 && random.chance(0.7);
    const setsBack = has.has('jumps') && !has.has('restarts') && random.chance(0.2);
    scheduler.after(delay, () => {
      if (restarted) world.restart(0);
      if (setsBack) world.setStoreClockBack(random.below(3 * hour));
      callOnce(asked, reconciles, deadlineMs);
    });
    if (has.has('foreign') || has.has('lists')) {
      const foreign = {
        amount: random.pick(amounts),
        count: random.below(12),
        at: delay + random.below(30_000),
      };
      scheduler.after(foreign.at, () => void world.foreigners.charge(foreign.amount, foreign.count));
    }
    const wait = turn !== undefined ? 20 * minute : random.pick(delays);
    // What is looked for without a record is looked for over one day.
    delay += delay + wait < 23 * hour ? wait : 20 * minute;
  }
  await scheduler.runUntilIdle();
  world.setWeather(calm);

  // Long after the last sender could still send, everything must be known. A blind look covers a day.
  // Where clocks disagree, every wait is as long as the slowest of them says.
  scheduler.after(has.has('jumps') || has.has('clocks') ? 20 * hour : hour, () => undefined);
  await scheduler.runUntilIdle();
  const verdict = await judgeEpisode(world, {
    keys: keys.filter((each) => used.has(each.key)),
    told,
    begun,
    target,
    refundsBefore,
  });
  if (has.has('restarts')) {
    scheduler.after(25 * hour, () => undefined);
    await scheduler.runUntilIdle();
  }
  return { ...verdict, calls };
};

/** Who looks last: where a process knows what others do not, one that made calls, else one that made none. */
const lastShop = (world: World): Shop =>
  world.has.has('restarts') || world.has.has('stamps') ? world.shop(0) : world.calmShop();

const lastLook = async (world: World, key: string, told: readonly Told[]): Promise<Final> => {
  const remembers = !world.has.has('restarts');
  const { client } = lastShop(world);
  const open = told.findLast(
    ({ asked, result }) =>
      asked.key === key && 'error' in result && (result.error as ChargesError).outcome === 'unknown',
  );
  const input =
    !remembers && open !== undefined && 'error' in open.result && open.result.error instanceof ChargesError
      ? open.result.error.toJSON()
      : key;
  try {
    const said = await finish(world, client.reconcile(input, { deadlineMs: 2 * hour }));
    return said === 'never' ? 'never' : { reconciled: said };
  } catch (error) {
    return (error as ChargesError).code?.startsWith('duplicate_') ? 'duplicate' : { failed: error };
  }
};

const judgeEpisode = async (
  world: World,
  episode: {
    readonly keys: readonly Asked[];
    readonly told: readonly Told[];
    readonly begun: readonly Asked[];
    readonly target: Charge | null;
    readonly refundsBefore: ReadonlySet<string>;
  },
): Promise<Omit<Verdict, 'calls'>> => {
  const { told, target, refundsBefore } = episode;
  const violations: string[] = [];
  let duplicatesDetected = 0;
  let needsReconcile = false;
  for (const asked of episode.keys) {
    const { key } = asked;
    const own = told.filter((each) => each.asked.key === key);
    const asks = episode.begun.filter((each) => each.key === key);
    needsReconcile ||=
      asks.length > own.length ||
      own.some(({ result }) => 'error' in result && (result.error as ChargesError).outcome === 'unknown');
    const lastProcess = lastShop(world).merchant.name;
    const lastAt = world.scheduler.elapsed();
    const final = await lastLook(world, key, told);
    const effects = world.effects.of(key);
    world.tell(`the ledger says ${effects.length} for ${key}, reconcile says ${sayFinal(final)}`);
    const toldOthers = told.filter((each) => each.asked.key !== key);
    const duplicates = world.duplicatesOf(key);
    violations.push(
      ...judgeKey(world, {
        key,
        asked,
        target: target?.id ?? null,
        told: own,
        toldOthers,
        asks,
        final,
        lastProcess,
        lastAt,
        effects,
        duplicates,
        refundsBefore,
      }),
    );
    if (effects.length > 1 && final === 'duplicate') duplicatesDetected += 1;
  }
  violations.push(...(await judgeReading(world, episode.keys, target)));
  return { violations, needsReconcile, duplicatesDetected };
};

/** A charge that is read when all is over is the one in the ledger. */
const judgeReading = async (
  world: World,
  keys: readonly Asked[],
  target: Charge | null,
): Promise<string[]> => {
  const id = target?.id ?? world.effects.of(keys[0]?.key ?? '')[0]?.chargeId;
  if (id === undefined) return [];
  const read = await finish(world, world.calmShop().client.retrieve(id));
  if (read === 'never') return ['a calm read did not end'];
  const truth = world.providers.ledger.charges(world.provider).find((charge) => charge.id === id);
  return compare(read, truth).map((wrong) => `read: ${wrong}`);
};
