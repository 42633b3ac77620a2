import { describe, expect, it } from 'vitest';
import { InvalidRequestError, type ChargesClient } from '../../src/index.js';
import { createFakeClient } from '../../src/testing/index.js';
import { createWorld, ending, providerNames } from '../attacks/attacked-world.js';

type Loose = Record<string, (...values: unknown[]) => unknown>;

const key = { idempotencyKey: 'order-81' };
const params = { amount: 4590, currency: 'EUR', source: 'approved' };

/** How many arguments each method takes; its options come last. */
const methods: readonly (readonly [name: string, ...good: unknown[]])[] = [
  ['create', params, {}],
  ['retrieve', 'ch_1', {}],
  ['update', 'ch_1', { description: 'x' }, {}],
  ['list', {}, {}],
  ['search', {}, {}],
  ['capture', 'ch_1', {}, {}],
  ['void', 'ch_1', {}],
  ['reverse', 'ch_1', {}],
  ['expire', 'ch_1', {}],
  ['refund', 'ch_1', {}, {}],
  ['listRefunds', 'ch_1', {}],
  ['retrieveRefund', 'ch_1', 're_1', {}],
  ['verify3DS', { chargeId: 'ch_1' }, {}],
  ['reconcile', 'order-81', {}],
  ['reconcilePending', {}],
];

/** Awaits a call, or reads on where it gives something that can only be iterated. */
const settle = async (called: unknown): Promise<unknown> => {
  const given = await called;
  if (typeof given === 'object' && given !== null && Symbol.asyncIterator in given) {
    for await (const each of given as AsyncIterable<unknown>) return each;
  }
  return given;
};

const refusalOf = async (work: () => unknown): Promise<InvalidRequestError> => {
  const end = await ending(() => settle(work()));
  if ('resolved' in end) throw new Error('it resolved');
  expect(end.rejected).toBeInstanceOf(InvalidRequestError);
  expect(end.rejected).toMatchObject({ outcome: 'not_sent' });
  return end.rejected as InvalidRequestError;
};

const places = ['', 'first', 'second', 'third'];
const messageFor = (most: number): string =>
  `takes at most ${String(most)} argument${most === 1 ? '' : 's'}, got ${String(most + 1)}: options come ${String(places[most])}`;

const world = createWorld();
const fake = createFakeClient();
const clients: readonly (readonly [string, ChargesClient, sent: () => number])[] = [
  ...providerNames.map((name) => [name, world.client(name), () => world.sent.length] as const),
  ['fake', fake, () => fake.control.requests().length],
];

describe.each(clients)('a surplus argument at %s', (_, client, sent) => {
  const loose = client as unknown as Loose;

  it.each(methods)('of %s is refused before a byte leaves', async (...named) => {
    const [name, ...good] = named as [string, ...unknown[]];
    const before = sent();
    const error = await refusalOf(() => loose[name]?.(...good, key));
    expect(error.issues).toEqual([{ path: 'arguments', message: messageFor(good.length) }]);
    expect(error).toMatchObject({ operation: name, idempotencyKey: 'order-81' });
    expect(sent()).toBe(before);
  });

  it('is refused where the options stand one place too late', async () => {
    const before = sent();
    await refusalOf(() => loose['create']?.(params, undefined, key));
    await refusalOf(() => loose['void']?.('ch_1', {}, key));
    await refusalOf(() => loose['retrieveRefund']?.('ch_1', 're_1', undefined, {}));
    await refusalOf(() => loose['list']?.(undefined, undefined, {}));
    expect(sent()).toBe(before);
  });

  it('is refused of parseWebhook, which takes no options', async () => {
    const error = await refusalOf(() => loose['parseWebhook']?.('{}', {}, {}));
    expect(error.message).toBe('parseWebhook was not run: arguments: takes at most 2 arguments, got 3');
  });
});

describe('a surplus argument', () => {
  it('says which place the options have', async () => {
    const error = await refusalOf(() => (fake as unknown as Loose)['void']?.('ch_1', {}, key));
    expect(error.message).toBe(
      'void was not sent: arguments: takes at most 2 arguments, got 3: options come second',
    );
  });

  it('is refused of the methods that only one provider has', async () => {
    const omise = world.client('omise') as unknown as Loose;
    const justifi = world.client('justifi') as unknown as Loose;
    const before = world.sent.length;
    for (const name of ['listEvents', 'markAsPaid', 'markAsFailed']) {
      expect((await refusalOf(() => omise[name]?.('chrg_1', {}, {}))).issues).toEqual([
        { path: 'arguments', message: messageFor(2) },
      ]);
    }
    await refusalOf(() => justifi['listBalanceTransactions']?.('py_1', undefined, {}));
    expect(world.sent.length).toBe(before);
  });

  it('is refused of a method that is handed to map, whose second argument is an index', async () => {
    const [first] = ['ch_1'].map((fake as unknown as Loose)['retrieve'] as () => Promise<unknown>);
    expect((await refusalOf(() => first)).issues).toEqual([{ path: 'arguments', message: messageFor(2) }]);
  });

  it('of a list rejects when it is awaited or iterated, and leaves no stray rejection', async () => {
    const list = (fake as unknown as ChargesClient).list as (
      ...values: unknown[]
    ) => ReturnType<ChargesClient['list']>;
    const strays: unknown[] = [];
    const listen = (reason: unknown): void => void strays.push(reason);
    process.on('unhandledRejection', listen);
    list({}, {}, {});
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(strays).toEqual([]);
    await expect(list({}, {}, {})).rejects.toBeInstanceOf(InvalidRequestError);
    await expect(list({}, {}, {}).catch((error: unknown) => error)).resolves.toBeInstanceOf(
      InvalidRequestError,
    );
    await expect(
      (async () => {
        for await (const each of list({}, {}, {})) return each;
        return null;
      })(),
    ).rejects.toBeInstanceOf(InvalidRequestError);
  });

  it('that is undefined says nothing', async () => {
    const loose = fake as unknown as Loose;
    const charge = (await loose['create']?.(params, undefined, undefined, undefined)) as { id: string };
    await expect(loose['retrieve']?.(charge.id, undefined, undefined)).resolves.toHaveProperty(
      'id',
      charge.id,
    );
    await expect(loose['list']?.(undefined, undefined, undefined)).resolves.toHaveProperty('data');
  });

  it('of supports says nothing either: it serves as a filter', () => {
    const names: readonly ('expire' | 'create')[] = ['create', 'expire'];
    expect(names.filter(world.client('stripe').supports)).toEqual(['create']);
  });
});
