import { describe, expect, it } from 'vitest';
import { memoryStore, type Charge, type OperationStore } from '../../src/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { settlePromises } from '../virtual-time.js';
import { createWorld, ending, type AttackedWorld, type ProviderName } from '../attacks/attacked-world.js';

const minute = 60_000;
const hour = 60 * minute;
const options = { idempotencyKey: 'order-81' };

/** A durable store whose clock is off by as much as a test says just now. */
const storeOf = (world: AttackedWorld, skewMs: () => number): OperationStore => ({
  ...memoryStore({ runtime: { now: () => world.runtime.now() + skewMs() } }),
  durable: true,
});

const standing = (world: AttackedWorld, provider: ProviderName) =>
  world.providers.ledger.charges(provider).filter(({ state }) => state !== 'failed');

/** What each clock is off by while the write is sent, and when somebody looks for it. */
interface Clocks {
  readonly store: number;
  readonly sender: number;
  readonly provider?: number;
}

const cases: readonly (readonly [string, Clocks, Clocks])[] = [
  [
    'the store and the sender are six hours ahead, the one who looks is right',
    { store: 6, sender: 6 },
    { store: 6, sender: 0 },
  ],
  ['the store was six hours ahead and was set right', { store: 6, sender: 0 }, { store: 0, sender: 0 }],
  ['the sender was six hours ahead and was set right', { store: 0, sender: 6 }, { store: 0, sender: 0 }],
  [
    'the provider is six hours behind',
    { store: 0, sender: 0, provider: -6 },
    { store: 0, sender: 0, provider: -6 },
  ],
  [
    'the store and the sender were two hours ahead and were set right',
    { store: 2, sender: 2 },
    { store: 0, sender: 0 },
  ],
  ['the store goes back a day', { store: 0, sender: 0 }, { store: -24, sender: 0 }],
  ['the store goes on by a day', { store: 0, sender: 0 }, { store: 24, sender: 0 }],
];

/** The provider's clock is the world's; all others are off by the difference. */
const apart = ({ store, sender, provider = 0 }: Clocks) => ({
  store: (store - provider) * hour,
  sender: (sender - provider) * hour,
});

describe.each(['omise', 'magpie', 'pin'] as const)(
  '%s: a charge is found, and nothing sent again, where',
  (provider) => {
    // Behind more charges than one page holds, so that the look has to stop at the start of its window.
    const count = { omise: 0, magpie: 25, pin: 110 }[provider];

    it.each(cases)('%s', async (_, before, after) => {
      const world = createWorld();
      let off = apart(before);
      const store = storeOf(world, () => off.store);
      const client = (settings: object = {}) =>
        world.client(provider, { store, ...settings }, () => off.sender);
      world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
      const params = world.params(provider);
      await expect(client({ maxRetries: 0 }).create(params, options)).rejects.toMatchObject({
        outcome: 'unknown',
      });
      const lost = standing(world, provider)[0]?.id;
      world.runtime.pass(hour);
      const others = world.client(provider);
      for (let index = 0; index < count; index += 1) await others.create(world.params(provider));
      off = apart(after);
      const end = await ending(() => client().create(params, options));
      expect(end).toMatchObject({ resolved: { id: lost } });
      expect(standing(world, provider)).toHaveLength(count + 1);
    });

    it.each([
      ['within the margin', 2],
      // Beyond it the error says how far ahead the sender was.
      ['far', 6],
    ])(
      'the error of a sender whose clock was ahead, %s, went to one whose clock is right',
      async (_, hours) => {
        const world = createWorld();
        world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
        const sender = world.client(provider, { maxRetries: 0 }, () => hours * hour);
        const lost = await ending(() => sender.create(world.params(provider), options));
        const error: unknown = 'rejected' in lost ? lost.rejected : null;
        world.runtime.pass(hour);
        const others = world.client(provider);
        for (let index = 0; index < count; index += 1) await others.create(world.params(provider));
        const json = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
        expect(await world.client(provider).reconcile(json)).toMatchObject({ outcome: 'happened' });
      },
    );
  },
);

describe.each(['omise', 'magpie', 'pin'] as const)(
  '%s: an error that is reconciled elsewhere waits until its request can no longer arrive',
  (provider) => {
    it.each([
      ['the one who looks is ten minutes ahead', { sender: 0, looking: 10 }],
      ['the sender is an hour behind', { sender: -60, looking: 0 }],
      ['the sender is an hour behind and the one who looks an hour ahead', { sender: -60, looking: 60 }],
    ])('%s', async (_, { sender: sentWith, looking }) => {
      const world = createWorld();
      const sender = world.client(provider, { maxRetries: 0 }, () => sentWith * minute);
      // Hears the provider's time.
      await sender.create(world.params(provider));
      let arrive: (() => Promise<unknown>) | null = null;
      let arrivesAt = Infinity;
      world.tamper = async (request, honest) => {
        if (request.method === 'POST') {
          arrive = honest;
          throw new ExchangeFailure('connection', true, 'ECONNRESET');
        }
        if (world.runtime.now() >= arrivesAt) {
          await arrive?.();
          arrive = null;
        }
        return honest();
      };
      const lost = await ending(() => sender.create(world.params(provider), options));
      arrivesAt = world.runtime.now() + 5_000;
      const json = JSON.parse(JSON.stringify('rejected' in lost ? lost.rejected : null)) as object;
      const looked = world.client(provider, { settleMs: 10_000 }, () => looking * minute);
      expect(await looked.reconcile(json as never)).toMatchObject({ outcome: 'happened' });
      expect(arrive).toBeNull();
    });
  },
);

/** A create that hangs on its way to the provider, until a test lets it go on. */
const holdCreates = (world: AttackedWorld) => {
  const held: (() => void)[] = [];
  world.tamper = async (request, honest) => {
    if (request.method === 'POST' && held.length === 0) await new Promise<void>((go) => held.push(go));
    return honest();
  };
  return () => {
    held.forEach((go) => {
      go();
    });
  };
};

describe.each(['omise', 'magpie', 'pin'] as const)('%s: a create under way is not sent again', (provider) => {
  it('where the clock of the store jumps forward by an hour', async () => {
    const world = createWorld();
    let skew = 0;
    const store = storeOf(world, () => skew);
    const params = world.params(provider);
    const go = holdCreates(world);
    const first = world.client(provider, { store }).create(params, options);
    await settlePromises();
    skew = hour;
    const end = await ending(() => world.client(provider, { store }).create(params, options));
    expect(end).toMatchObject({ rejected: { name: 'OutcomeUnknownError', outcome: 'unknown' } });
    go();
    await first;
    expect(standing(world, provider)).toHaveLength(1);
  });

  it('where the wall clock of the process jumps forward by an hour', async () => {
    const world = createWorld();
    let skew = 0;
    const client = world.client(provider, {}, () => skew);
    const params = world.params(provider);
    const go = holdCreates(world);
    const first = client.create(params, options);
    await settlePromises();
    skew = hour;
    const end = await ending(() => client.create(params, options));
    expect(end).toMatchObject({ rejected: { name: 'OperationInProgressError', outcome: 'unknown' } });
    go();
    await first;
    expect(standing(world, provider)).toHaveLength(1);
  });
});

describe.each(['stripe', 'justifi'] as const)(
  '%s: a key that the provider has forgotten is looked up',
  (provider) => {
    it.each([
      ['the clock of the store', 'store'],
      ['the wall clock', 'wall'],
    ] as const)('though %s says that it is young', async (_, which) => {
      const world = createWorld();
      let skew = 0;
      const store = storeOf(world, () => (which === 'store' ? skew : 0));
      const client = (settings = {}) =>
        world.client(provider, { store, ...settings }, () => (which === 'wall' ? skew : 0));
      world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
      const params = world.params(provider);
      await expect(client({ maxRetries: 0 }).create(params, options)).rejects.toMatchObject({
        outcome: 'unknown',
      });
      const lost = standing(world, provider)[0]?.id;
      world.runtime.pass(25 * hour);
      skew = -25 * hour;
      const charge: Charge = await client().create(params, options);
      expect(charge.id).toBe(lost);
      expect(standing(world, provider)).toHaveLength(1);
    });
  },
);

describe.each(['magpie', 'pin'] as const)('%s: a refund whose answer was lost', (provider) => {
  it('is found, and not taken for one made a day later, where the store is far behind', async () => {
    const world = createWorld();
    const client = world.client(provider, { store: storeOf(world, () => -30 * hour), maxRetries: 0 });
    const { id } = await client.create(world.params(provider));
    world.providers.inject({ provider, operation: 'refund', fault: 'cut_after_commit' });
    await expect(client.refund(id, { amount: 1000 }, options)).rejects.toMatchObject({ outcome: 'unknown' });
    world.runtime.pass(hour);
    const [made] = standing(world, provider)[0]?.refunds ?? [];
    expect(await client.refund(id, { amount: 1000 }, options)).toMatchObject({ id: made?.id });
  });
});
