import type { ChargesClient } from '../../src/charges-client.js';
import { ChargesError } from '../../src/errors.js';
import type { Charge } from '../../src/models/charge.js';
import type { Reconciliation } from '../../src/models/reconciliation.js';
import type { Refund } from '../../src/models/refund.js';
import { drain } from './scheduler.js';
import { paramsFor, reusableSource } from './sources.js';
import type { World } from './world.js';

/** The writes that are tried. */
export const kinds = ['create', 'authorize', 'capture', 'void', 'refund', 'partial_refund'] as const;
export type Kind = (typeof kinds)[number];

/** What one write came to. */
export interface Verdict {
  readonly violations: readonly string[];
  readonly calls: number;
  readonly needsReconcile: boolean;
  /** Requests that the network delivered twice and that were executed twice: detected, as the contract says. */
  readonly duplicatesDetected: number;
}

type Outcome = { readonly value: Charge | Refund } | { readonly error: unknown } | 'never';

const amount = 10_000;

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

const prepareTarget = async (world: World, kind: Kind): Promise<Charge | null> => {
  if (kind === 'create' || kind === 'authorize') return null;
  const { client } = world.calmShop();
  const source = await reusableSource(world.providers, world.provider);
  const capture = kind === 'refund' || kind === 'partial_refund';
  const charge = await finish(
    world,
    client.create({ amount, source, capture, ...paramsFor(world.provider) }),
  );
  if (charge === 'never') throw new Error('a calm create did not end');
  return charge;
};

const call = (
  client: ChargesClient,
  kind: Kind,
  params: object,
  id: string,
  key: string,
): Promise<Charge | Refund> => {
  const options = { idempotencyKey: key };
  switch (kind) {
    case 'create':
    case 'authorize':
      return client.create(params as never, options);
    case 'capture':
      return client.capture(id, {}, options);
    case 'void':
      return client.void(id, options);
    case 'refund':
      return client.refund(id, {}, options);
    case 'partial_refund':
      return client.refund(id, { amount: amount / 4 }, options);
  }
};

/** How often the write took effect, by the ledger. */
const effectsInLedger = (world: World, kind: Kind, targetId: string | null, key: string): number => {
  const charges = world.providers.ledger.charges(world.provider);
  if (targetId === null) {
    return charges.filter(({ metadata, state }) => metadata['unicharge_key'] === key && state !== 'failed')
      .length;
  }
  const charge = charges.find(({ id }) => id === targetId);
  if (charge === undefined) throw new Error('the ledger lost a charge');
  switch (kind) {
    case 'capture':
      return charge.state === 'captured' ? 1 : 0;
    case 'void':
      return charge.state === 'voided' ? 1 : 0;
    default:
      return charge.refunds.filter(({ status }) => status === 'pending' || status === 'succeeded').length;
  }
};

/** One write, called again and again by processes that fail, until a calm look says what became of it. */
export const runEpisode = async (
  world: World,
  kind: Kind,
  key: string,
  weather: Parameters<World['setWeather']>[0],
): Promise<Verdict> => {
  const { random, scheduler } = world;
  const target = await prepareTarget(world, kind);
  const source = target === null ? await reusableSource(world.providers, world.provider) : null;
  const params = { amount, source, capture: kind === 'create', ...paramsFor(world.provider) };
  const outcomes: Outcome[] = [];
  const pending: Promise<void>[] = [];
  world.tell(`-- ${kind} ${key} at ${world.provider}`);
  world.takeDuplicates();
  world.setWeather(weather);

  const calls = 1 + random.below(3);
  const processes = 1 + random.below(2);
  let delay = 0;
  for (let index = 0; index < calls; index += 1) {
    const slot = outcomes.push('never') - 1;
    scheduler.after(delay, () => {
      const shop = world.shop(random.below(processes));
      world.tell(`${shop.merchant.name} calls ${kind} ${key}`);
      pending.push(
        call(shop.client, kind, params, target?.id ?? '', key).then(
          (value) => {
            outcomes[slot] = { value };
            world.tell(`${shop.merchant.name} gets ${value.id} ${value.status}`);
          },
          (error: unknown) => {
            outcomes[slot] = { error };
            const text = error instanceof ChargesError ? `${error.name} ${error.outcome}` : String(error);
            world.tell(`${shop.merchant.name} gets ${text}`);
          },
        ),
      );
    });
    // At once, soon, or long after: what the wait rules are about.
    delay += random.pick([0, 50, 5_000, 70_000, 6 * 60_000, 20 * 60_000]);
  }
  await scheduler.runUntilIdle();
  world.setWeather({
    ...weather,
    killed: 0,
    frozen: 0,
    duplicated: 0,
    store: 0,
    refused: 0,
    requestLost: 0,
    answerLost: 0,
    answerCut: 0,
    badGateway: 0,
    slowRequest: 0,
  });
  const duplicates = world.takeDuplicates();

  // Long after the last sender could still send, everything must be known.
  scheduler.after(60 * 60_000, () => undefined);
  await scheduler.runUntilIdle();
  return judge(world, { kind, key, target, outcomes, duplicates, calls });
};

const judge = async (
  world: World,
  story: {
    readonly kind: Kind;
    readonly key: string;
    readonly target: Charge | null;
    readonly outcomes: readonly Outcome[];
    readonly duplicates: number;
    readonly calls: number;
  },
): Promise<Verdict> => {
  const { kind, key, target, outcomes } = story;
  const violations: string[] = [];
  const effects = effectsInLedger(world, kind, target?.id ?? null, key);
  const needsReconcile = outcomes.some(
    (outcome) =>
      outcome === 'never' || ('error' in outcome && (outcome.error as ChargesError).outcome === 'unknown'),
  );

  let final: Reconciliation | 'duplicate' | 'never' | { readonly failed: unknown };
  try {
    final = await finish(world, world.calmShop().client.reconcile(key, { deadlineMs: 2 * 60 * 60_000 }));
  } catch (error) {
    final = (error as ChargesError).code?.startsWith('duplicate_') ? 'duplicate' : { failed: error };
  }
  const said =
    final === 'duplicate' || final === 'never'
      ? final
      : 'failed' in final
        ? String(final.failed)
        : final.outcome;
  world.tell(`the ledger says ${effects}, reconcile says ${said}`);

  // A write that was never sent leaves no record: there is nothing to reconcile, and nothing may have happened.
  const neverSent =
    outcomes.every(
      (outcome) => outcome === 'never' || ('error' in outcome && saysNothingWasSent(outcome.error)),
    ) && !hasRecord(world, key);
  const networkDoubled = effects > 1 && story.duplicates > 0;
  if (effects > 1 && !networkDoubled) violations.push(`double ${kind}: ${effects} effects`);
  if (networkDoubled && final !== 'duplicate' && target === null)
    violations.push('a doubled request was not detected');
  if (!networkDoubled) {
    if (final === 'duplicate') violations.push('a duplicate was reported that is none');
    else if (said === 'happened' && effects === 0) violations.push('reported as happened, but it did not');
    else if (said === 'did_not_happen' && effects > 0)
      violations.push('reported as not happened, but it did');
    else if (said !== 'happened' && said !== 'did_not_happen' && !(neverSent && effects === 0))
      violations.push(`lost: reconcile says ${said}`);
  }
  for (const outcome of outcomes) {
    if (outcome === 'never') continue;
    if ('value' in outcome) {
      if (effects === 0) violations.push('a call resolved, but nothing happened');
    } else if (!(outcome.error instanceof ChargesError)) {
      violations.push(`an untyped exception: ${String(outcome.error)}`);
    } else if (outcome.error.outcome === 'rejected' && effects > 0) {
      violations.push(`happened, but reported as rejected (${outcome.error.name})`);
    }
  }
  const ids = new Set(
    outcomes.flatMap((outcome) => (outcome !== 'never' && 'value' in outcome ? [outcome.value.id] : [])),
  );
  if (ids.size > 1) violations.push('two calls of one key resolved with two charges');
  return {
    violations,
    calls: story.calls,
    needsReconcile,
    duplicatesDetected: networkDoubled && final === 'duplicate' ? 1 : 0,
  };
};

const saysNothingWasSent = (error: unknown): boolean =>
  error instanceof ChargesError &&
  (error.outcome === 'not_sent' || error.name === 'OperationInProgressError');

const hasRecord = (world: World, key: string): boolean => world.keysOnRecord().has(key);
