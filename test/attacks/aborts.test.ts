import { describe, expect, it } from 'vitest';
import { ChargesError, memoryStore, type Charge, type OperationStore } from '../../src/index.js';
import {
  createWorld,
  ending,
  providerNames,
  type AttackedWorld,
  type ProviderName,
} from './attacked-world.js';

const aborting = (at: number): { signal: AbortSignal; step: () => void } => {
  const controller = new AbortController();
  let steps = 0;
  return {
    signal: controller.signal,
    step: () => {
      steps += 1;
      if (steps === at) controller.abort(new Error('the shopper went away'));
    },
  };
};

/** Counts every call of a store before and after it ran: an abort may fall on either side. */
const stepping = (store: OperationStore, step: () => void): OperationStore =>
  new Proxy(store, {
    get: (target, name) => {
      const member = (target as unknown as Record<PropertyKey, unknown>)[name];
      if (typeof member !== 'function' || name === 'listUnresolved') return member;
      return async (...values: unknown[]) => {
        step();
        const answer: unknown = await (member as (...all: unknown[]) => unknown).apply(target, values);
        step();
        return answer;
      };
    },
  });

/** Ids of the charges that carry a key and may hold money. */
const effectsOf = (world: AttackedWorld, key: string): readonly string[] =>
  world.providers.ledger
    .charges()
    .filter((charge) => charge.metadata['unicharge_key'] === key && charge.state !== 'failed')
    .map((charge) => charge.id);

/** Attacks at the first step, the second, and so on, until a call ends before its turn comes; gives how many there were. */
const atEveryStep = async (attack: (at: number) => Promise<AbortSignal>): Promise<number> => {
  for (let at = 1; at < 200; at += 1) {
    if (!(await attack(at)).aborted) return at - 1;
  }
  throw new Error('the steps never end');
};

describe.each(providerNames)('%s', (provider: ProviderName) => {
  it('an abort at any step of a create leaves the truth, and a repeat ends with one charge', async () => {
    const steps = await atEveryStep(async (at) => {
      const world = createWorld(at);
      const { signal, step } = aborting(at);
      const client = world.client(provider, {
        store: stepping(memoryStore({ runtime: world.runtime }), step),
        onEvent: step,
      });
      world.tamper = async (_, honest) => {
        step();
        const answer = await honest();
        step();
        return answer;
      };
      const params = world.params(provider);
      const key = world.key();
      const end = await ending(() => client.create(params, { idempotencyKey: key, signal }));
      if ('rejected' in end) {
        expect(end.rejected).toBeInstanceOf(ChargesError);
        expect((end.rejected as ChargesError).idempotencyKey).toBe(key);
        const effects = effectsOf(world, key).length;
        if ((end.rejected as ChargesError).outcome !== 'unknown') {
          expect(effects, `step ${at}: ${String(end.rejected)}`).toBe(0);
        }
        world.runtime.pass(60_000);
        // Another process, which has nothing but the error.
        const queued = JSON.parse(JSON.stringify(end.rejected)) as Record<string, unknown>;
        const { outcome } = await world.client(provider).reconcile(queued);
        expect(outcome, `step ${at}: reconciled`).not.toBe(effects === 0 ? 'happened' : 'did_not_happen');
      }
      const again = await ending(() => client.create(params, { idempotencyKey: key }));
      if ('rejected' in again) throw new Error(`step ${at}: the repeat: ${String(again.rejected)}`);
      expect(effectsOf(world, key), `step ${at}`).toEqual([(again.resolved as Charge).id]);
      return signal;
    });
    expect(steps).toBeGreaterThan(8);
  });

  it('an abort at any step of a capture and a refund leaves the truth', async () => {
    for (const operation of ['capture', 'refund'] as const) {
      const steps = await atEveryStep(async (at) => {
        const world = createWorld(at);
        const { signal, step } = aborting(at);
        let armed = false;
        const count = (): void => {
          if (armed) step();
        };
        const client = world.client(provider, {
          store: stepping(memoryStore({ runtime: world.runtime }), count),
          onEvent: count,
        });
        const { id } = await client.create(world.params(provider, { capture: operation === 'refund' }), {
          idempotencyKey: world.key(),
        });
        armed = true;
        const done = (): number => {
          const charge = world.providers.ledger.charges().find((each) => each.id === id);
          return operation === 'capture'
            ? Number(charge?.state === 'captured')
            : (charge?.refunds.length ?? 0);
        };
        const key = world.key();
        const run = (more: object): Promise<unknown> =>
          client[operation](id, { amount: 4590 }, { idempotencyKey: key, ...more });
        const end = await ending(() => run({ signal }));
        if ('rejected' in end) {
          expect(end.rejected).toBeInstanceOf(ChargesError);
          if ((end.rejected as ChargesError).outcome !== 'unknown')
            expect(done(), `${operation} ${at}`).toBe(0);
        }
        world.runtime.pass(60_000);
        const again = await ending(() => run({}));
        expect(
          'resolved' in again,
          `${operation} ${at}: ${'rejected' in again ? String(again.rejected) : ''}`,
        ).toBe(true);
        expect(done(), `${operation} ${at}`).toBe(1);
        return signal;
      });
      expect(steps).toBeGreaterThan(8);
    }
  });

  it('two hundred creates at once make two hundred charges, and two hundred with one key make one', async () => {
    const world = createWorld();
    const client = world.client(provider);
    const many = await Promise.all(
      Array.from({ length: 200 }, () =>
        client.create(world.params(provider), { idempotencyKey: world.key() }),
      ),
    );
    expect(new Set(many.map(({ id }) => id)).size).toBe(200);
    expect(world.sent.filter(({ url }) => url.includes('oauth')).length).toBeLessThanOrEqual(1);

    const key = world.key();
    const params = world.params(provider);
    const ends = await Promise.all(
      Array.from({ length: 200 }, () => ending(() => client.create(params, { idempotencyKey: key }))),
    );
    expect(effectsOf(world, key).length).toBe(1);
    const names = ends.map((end) => ('resolved' in end ? 'resolved' : (end.rejected as ChargesError).name));
    expect([...new Set(names)].sort()).toEqual(['OperationInProgressError', 'resolved']);
  });

  it('clients of two namespaces on one store do not meet each other by key', async () => {
    const world = createWorld();
    const store = memoryStore({ runtime: world.runtime });
    // Without the look before sending: at a provider without keys the stamp is one for the whole account.
    const one = world.client(provider, { store, namespace: 'one', lookupFirst: false });
    const other = world.client(provider, { store, namespace: 'other', lookupFirst: false });
    const key = { idempotencyKey: world.key() };
    const first = await one.create(world.params(provider), key);
    const end = await ending(() => other.create(world.params(provider, { amount: 5000 }), key));
    // The provider itself may know the key of the account: then it is a conflict, never the other's charge.
    if ('resolved' in end) expect((end.resolved as { id: string }).id).not.toBe(first.id);
    else expect((end.rejected as ChargesError).name).toBe('IdempotencyConflictError');
  });

  it('a wall clock that jumps between the attempts makes no second charge', async () => {
    for (const jump of [-86_400_000, 86_400_000]) {
      const world = createWorld();
      let skew = 0;
      const skewed = world.runtime.now;
      Object.assign(world.runtime, { now: () => skewed() + skew });
      const client = world.client(provider);
      world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit', times: 9 });
      const key = world.key();
      const params = world.params(provider);
      await ending(() => client.create(params, { idempotencyKey: key, maxRetries: 0 }));
      world.providers.clearFaults();
      skew = jump;
      world.runtime.pass(60_000);
      await ending(() => client.create(params, { idempotencyKey: key }));
      expect(effectsOf(world, key).length, `a jump of ${jump}`).toBe(1);
    }
  });
});
