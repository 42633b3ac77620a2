import { describe, expect, it, vi } from 'vitest';
import type { OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createWorld, type AttackedWorld } from '../attacks/attacked-world.js';
import { settlePromises } from '../virtual-time.js';
import { callMs, createLedger, openShop } from './a-write.js';

const steps = ['begin', 'claim', 'prepare', 'settle', 'release'] as const;

/** A store that counts as durable and notes every step. */
const openStore = (world: AttackedWorld, changes: Partial<OperationStore> = {}) => {
  const inner = { ...memoryStore({ runtime: world.runtime }), durable: true, ...changes };
  const taken: string[] = [];
  const noted = Object.fromEntries(
    steps.map((step) => [
      step,
      (...values: never[]) => {
        taken.push(step);
        return (inner[step] as (...values: never[]) => unknown)(...values);
      },
    ]),
  );
  return { store: { ...inner, ...noted }, taken };
};

/** At Stripe a PaymentMethod, which is charged as it is; a token becomes one first. */
const paramsOf = (world: AttackedWorld, provider: Parameters<AttackedWorld['params']>[0]) =>
  world.params(provider, provider === 'stripe' ? { source: { type: 'token', token: 'pm_card_visa' } } : {});

const options = { idempotencyKey: 'order-1' };

describe('a write that has nothing to read before it is sent', () => {
  it.each(['stripe', 'justifi', 'omise', 'pin', 'magpie'] as const)(
    'takes two steps of a durable store at %s',
    async (provider) => {
      const world = createWorld();
      const { store, taken } = openStore(world);
      await world.client(provider, { store }).create(paramsOf(world, provider), options);
      expect(taken).toEqual(['begin', 'settle']);
    },
  );

  it('takes three where a first step at the provider is needed', async () => {
    const world = createWorld();
    const { store, taken } = openStore(world);
    await world.client('stripe', { store }).create(world.params('stripe'), options);
    expect(taken).toEqual(['begin', 'prepare', 'settle']);
    expect(world.sent[0]?.url).toContain('/v1/payment_methods');
  });

  it('takes three where the store leaves that to prepare', async () => {
    const world = createWorld();
    const inner = memoryStore({ runtime: world.runtime });
    const { store, taken } = openStore(world, {
      ...inner,
      durable: true,
      begin: ({ resolved: _, ...operation }) => inner.begin(operation),
    });
    await world.client('stripe', { store }).create(paramsOf(world, 'stripe'), options);
    expect(taken).toEqual(['begin', 'prepare', 'settle']);
  });

  it.each(['stripe', 'omise'] as const)(
    'is recorded as about to be sent before the first byte at %s',
    async (provider) => {
      const world = createWorld();
      const { store } = openStore(world);
      const seen: unknown[] = [];
      world.tamper = async (request, honest) => {
        for (const scope of (await store.listScopes?.()) ?? []) {
          const stored = await store.get(scope, 'order-1');
          seen.push([request.method, stored?.record.state, stored?.record.prepared, stored?.record.sentAt]);
        }
        return honest();
      };
      await world.client(provider, { store }).create(paramsOf(world, provider), options);
      expect(seen).toContainEqual(['POST', 'started', true, world.runtime.now()]);
    },
  );

  it('is settled by another process after the one that began it was killed', async () => {
    const shop = openShop();
    const ledger = createLedger();
    const never = () => new Promise<never>(() => undefined);
    const resolvedAtOnce = { row: null };
    void shop.write({ resolvedAtOnce, send: never }).catch(() => undefined);
    await settlePromises();
    expect(await shop.record()).toMatchObject({ state: 'started', prepared: true, resolved: { row: null } });
    await shop.time.advance(callMs * 2);
    const look = vi.fn(ledger.look);
    await shop.write({ resolvedAtOnce, send: ledger.send(), lookUp: look }).catch(() => undefined);
    expect(look).toHaveBeenCalled();
  });

  it('leaves nothing open where its beginning was given up, though the store carried it out', async () => {
    const world = createWorld();
    const inner = memoryStore({ runtime: world.runtime });
    let isAway = true;
    const { store } = openStore(world, {
      ...inner,
      durable: true,
      begin: async (operation) => {
        const begun = await inner.begin(operation);
        if (isAway) throw new Error('the answer of the store was lost');
        return begun;
      },
    });
    const client = world.client('omise', { store });
    const params = world.params('omise');
    await expect(client.create(params, options)).rejects.toMatchObject({
      code: 'store_unavailable',
      outcome: 'not_sent',
    });
    await settlePromises();
    isAway = false;
    await expect(client.create(params, options)).resolves.toMatchObject({ status: 'captured' });
    expect(world.sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('ends as not sent, and holds no lease, where its time ran out before the first byte', async () => {
    const shop = openShop();
    const resolvedAtOnce = { row: null };
    const send = async (_: unknown, assertLease: () => void) => {
      await shop.time.advance(callMs * 2);
      assertLease();
      throw new Error('sent');
    };
    await expect(shop.write({ resolvedAtOnce, send })).rejects.toMatchObject({ outcome: 'not_sent' });
    expect(await shop.record()).toMatchObject({ state: 'did_not_happen', openSend: null });
  });
});
