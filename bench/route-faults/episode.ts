import { CardError, ChargesError } from '../../src/errors.js';
import type { RoutedCharge } from '../../src/router/index.js';
import { canForbid, type RouteShop, type RouteWorld } from './world.js';

/** How one key fared. */
export interface EpisodeResult {
  readonly calls: number;
  /** What is wrong, in words; empty where nothing is. */
  readonly violations: readonly string[];
  readonly paidAt: readonly string[];
  /** Charged at the second route. */
  readonly isRescued: boolean;
  readonly isDeclined: boolean;
}

/** Who charges: the router, or what a shop writes first. */
export type Way = 'router' | 'naive';

type Told =
  | { readonly said: 'charged'; readonly id: string; readonly route: string | null }
  | {
      readonly said: 'rejected' | 'not_sent' | 'unknown';
      readonly code: string;
      readonly isDecline: boolean;
    };

/** What a call with a key says, and what the ledger held at that moment: all of it, and what the same process had made. */
interface Heard {
  readonly told: Told;
  readonly paid: number;
  readonly paidByItself: number;
}

const paramsOf = (world: RouteWorld, amount: number) => ({
  amount,
  currency: world.currency,
  description: 'Order',
  statementDescriptor: 'MYSHOP',
  email: 'payer@shop.test',
  ip: '203.0.113.7',
});

/** Catches, and tries the next: every error that is no decline looks like a reason. */
const createNaively = async (
  shop: RouteShop,
  world: RouteWorld,
  params: ReturnType<typeof paramsOf>,
  sources: RouteWorld['sources']['approved'],
  key: string,
) => {
  let failure: unknown;
  for (const [index, client] of shop.clients.entries()) {
    const source = sources[world.pair[index] ?? ''];
    try {
      return await client.create(
        { ...params, ...(source === undefined ? {} : { source }) },
        { idempotencyKey: key },
      );
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
};

const toldBy = (error: unknown): Told => {
  if (!(error instanceof ChargesError)) throw error;
  const isDecline = error instanceof CardError;
  return { said: error.outcome, code: isDecline ? error.declineCode : error.code, isDecline };
};

/** Lets several processes charge one key under faults, then asks in calm until there is a last word, and judges. */
export const runEpisode = async (world: RouteWorld, key: string, way: Way): Promise<EpisodeResult> => {
  const { random, pair } = world;
  const amount = 4000 + random.below(1000);
  const isForbidden = canForbid(pair[0]) && random.chance(0.2);
  const isDeclined = [isForbidden || random.chance(0.2), random.chance(0.15)];
  world.setForbidden(isForbidden);
  const sources = Object.fromEntries(
    pair.map((name, index) => [
      name,
      world.sources[isDeclined[index] === true ? 'declined' : 'approved'][name],
    ]),
  ) as RouteWorld['sources']['approved'];
  const params = paramsOf(world, amount);
  const heard: Heard[] = [];
  const paidNow = () => world.ledgerOf(key).filter(({ isFailed }) => !isFailed);

  const call = (shop: RouteShop): void => {
    const create =
      way === 'router'
        ? shop.router.create({ ...params, sources }, { idempotencyKey: key })
        : createNaively(shop, world, params, sources, key);
    void create
      .then(
        (charge): Told => ({
          said: 'charged',
          id: charge.id,
          route: (charge as Partial<RoutedCharge>).route ?? null,
        }),
        toldBy,
      )
      .then((told) => {
        world.history.push(`            ${shop.merchant.name} hears of ${key}: ${JSON.stringify(told)}`);
        const paid = paidNow();
        const paidByItself = paid.filter(({ by }) => by === shop.merchant.name).length;
        heard.push({ told, paid: paid.length, paidByItself });
      });
  };

  world.setStorm(true);
  const rounds = 1 + random.below(4);
  let calls = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const index of [0, 1]) world.setDown(index, random.chance(0.25));
    const together = random.chance(0.3) ? 2 : 1;
    for (let turn = 0; turn < together; turn += 1) {
      call(world.shop(random.below(3)));
      calls += 1;
    }
    await world.scheduler.runUntilIdle();
    await world.pass(random.pick([1_000, 60_000, 10 * 60_000, 40 * 60_000]));
  }
  world.setStorm(false);
  for (const index of [0, 1]) world.setDown(index, false);
  // Longer than any lease and than the wait for an owner that never reported.
  await world.pass(3 * 60 * 60_000);
  let last: Told | undefined;
  for (let turn = 0; turn < 4; turn += 1) {
    const before = heard.length;
    call(world.calmShop());
    calls += 1;
    await world.scheduler.runUntilIdle();
    last = heard[before]?.told;
    if (last?.said === 'charged' || last?.said === 'rejected') break;
    await world.pass(60 * 60_000);
  }
  return { calls, ...judge(world, key, heard, last, isForbidden) };
};

const judge = (
  world: RouteWorld,
  key: string,
  heard: readonly Heard[],
  last: Told | undefined,
  isForbidden: boolean,
): Omit<EpisodeResult, 'calls'> => {
  const all = world.ledgerOf(key);
  const paid = all.filter(({ isFailed }) => !isFailed);
  const places = [...new Set(paid.map(({ provider }) => provider))];
  const violations: string[] = [];
  if (places.length > 1) violations.push('charged at two routes');
  else if (paid.length > 1) violations.push('charged twice at one route');
  if (last === undefined || last.said === 'unknown' || last.said === 'not_sent')
    violations.push('lost: no last word');
  for (const { told, paid: then, paidByItself } of heard) {
    if (told.said === 'charged') {
      const isThere = paid.some(
        ({ id, provider }) => id === told.id && (told.route ?? provider) === provider,
      );
      if (!isThere) violations.push('misreported: told of a charge that is not there');
    }
    // A refused key or a 429 may be cured; a decline is the last word on the key.
    if (told.said === 'rejected' && (told.isDecline ? paid.length : then) > 0)
      violations.push('misreported: rejected, and charged');
    // Where the store cannot be asked, a process answers for what it sent itself.
    const known = told.said !== 'charged' && told.code === 'store_unavailable' ? paidByItself : then;
    if (told.said === 'not_sent' && known > 0) violations.push('misreported: not sent, and charged');
  }
  const tried = new Set(all.map(({ provider }) => provider));
  if (
    isForbidden &&
    tried.has(world.pair[1]) &&
    all.some(({ provider, isFailed }) => isFailed && provider === world.pair[0])
  )
    violations.push('went on after a decline that networks forbid to try again');
  return {
    violations,
    paidAt: places,
    isRescued: places.length === 1 && places[0] === world.pair[1],
    isDeclined: last?.said === 'rejected',
  };
};
