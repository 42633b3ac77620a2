import { describe, expect, it } from 'vitest';
import { memoryStore, type Charge } from '../../src/index.js';
import { settlePromises } from '../virtual-time.js';
import { createWorld, ending, type AttackedWorld } from '../attacks/attacked-world.js';
import { openBank, type Bank, type Wire } from '../calls/small-provider.js';

type WithoutKeys = 'omise' | 'magpie' | 'pin';
const withoutKeys = ['omise', 'magpie', 'pin'] as const;
const minute = 60_000;
const hour = 60 * minute;
const options = { idempotencyKey: 'order-81' };

const chargesOf = (world: AttackedWorld, provider: WithoutKeys) =>
  world.providers.ledger
    .charges(provider)
    .filter(({ metadata }) => metadata['unicharge_key'] === options.idempotencyKey);

/** The answer of a create is lost, and the process ends. */
const loseCreate = async (world: AttackedWorld, provider: WithoutKeys) => {
  const params = world.params(provider);
  world.providers.inject({ provider, operation: 'create', fault: 'cut_after_commit' });
  const lost = await ending(() => world.client(provider, { maxRetries: 0 }).create(params, options));
  expect(lost).toMatchObject({ rejected: { outcome: 'unknown' } });
  return params;
};

const sellMore = async (world: AttackedWorld, provider: WithoutKeys, count: number) => {
  const others = world.client(provider, { store: memoryStore({ maxRecords: 10 }) });
  for (let index = 0; index < count; index += 1) await others.create(world.params(provider));
};

describe('a create whose answer and record are lost, without a durable store', () => {
  it.each([
    ['omise', 1_050, 100],
    ['magpie', 150, 25],
    ['pin', 300, 100],
  ] as const)('is found at %s behind %d newer charges, %d a read', async (provider, count, pageSize) => {
    const world = createWorld();
    const params = await loseCreate(world, provider);
    await sellMore(world, provider, count);
    world.runtime.pass(10 * minute);
    const before = world.sent.length;
    const charge = await world.client(provider).create(params, options);
    expect(charge.id).toBe(chargesOf(world, provider)[0]?.id);
    expect(chargesOf(world, provider)).toHaveLength(1);
    const reads = world.sent.slice(before);
    expect(reads.every(({ method }) => method === 'GET')).toBe(true);
    // Pin is asked by its search first; the charge that was found is read once more.
    const lists = reads.filter(({ url }) => !/charges\/(?:search|ch_|chrg_)/.test(url));
    if (provider !== 'pin') expect(lists).toHaveLength(Math.ceil((count + 1) / pageSize));
  });

  it.each([
    ['omise', 250, 100],
    ['magpie', 45, 25],
    ['pin', 250, 100],
  ] as const)(
    'costs a first create at %s, behind %d charges of the day, a read of %d each',
    async (provider, count, pageSize) => {
      const world = createWorld();
      await sellMore(world, provider, count);
      const before = world.sent.length;
      await world.client(provider).create(world.params(provider), options);
      const reads = world.sent.slice(before).filter(({ method }) => method === 'GET');
      const lists = reads.filter(({ url }) => !url.includes('/search'));
      expect(lists).toHaveLength(Math.ceil(count / pageSize));
    },
  );

  it.each(withoutKeys)('is found at %s beyond lookbackMs where the first page shows it', async (provider) => {
    const world = createWorld();
    const params = await loseCreate(world, provider);
    await sellMore(world, provider, 8);
    world.runtime.pass(40 * hour);
    await world.client(provider).create(params, options);
    expect(chargesOf(world, provider)).toHaveLength(1);
  });

  it.each(withoutKeys)(
    'is found at %s though something in front says a day of the future',
    async (provider) => {
      const world = createWorld();
      const params = await loseCreate(world, provider);
      world.runtime.pass(10 * minute);
      world.tamper = async (_, honest) => {
        const answer = await honest();
        const date = new Date(world.runtime.now() + 48 * hour).toUTCString();
        return { ...answer, headers: { ...answer.headers, date } };
      };
      const client = world.client(provider);
      await client.list();
      await client.create(params, options);
      expect(chargesOf(world, provider)).toHaveLength(1);
    },
  );

  it.each(withoutKeys)(
    'is found at %s where a full memory store has dropped its record',
    async (provider) => {
      const world = createWorld();
      const client = world.client(provider, {
        store: memoryStore({ maxRecords: 3, runtime: world.runtime }),
      });
      const params = world.params(provider);
      const first = await client.create(params, options);
      for (let index = 0; index < 5; index += 1) await client.create(world.params(provider));
      expect((await client.create(params, options)).id).toBe(first.id);
      expect(chargesOf(world, provider)).toHaveLength(1);
    },
  );
});

const other = (bank: Bank, id: string, minutesAgo: number, metadata: Record<string, string> = {}): Wire => ({
  id,
  amount: 100,
  currency: 'EUR',
  created: bank.time.runtime.now() - minutesAgo * minute,
  metadata,
});

const stamped = { unicharge_key: 'order-80' };
const params = { amount: 100, currency: 'EUR', source: 'tok' } as const;

const writesOf = (bank: Bank) => bank.requests.filter(({ method }) => method === 'POST').length;

describe('a look before a first attempt that cannot see everything', () => {
  const endless = (bank: Bank) => (page: string | null) => ({
    data: [other(bank, `x${page ?? '0'}`, 1, stamped)],
    next: String(Number(page ?? '0') + 1),
  });

  it.each([
    ['the list is longer than what is read', endless],
    [
      'the pages go round in a circle',
      (bank: Bank) => () => ({ data: [other(bank, 'x', 1, stamped)], next: '2' }),
    ],
    [
      'the order is not known',
      (bank: Bank) => (page: string | null) => ({
        data: [other(bank, `a${page ?? '0'}`, 9_000, stamped), other(bank, `b${page ?? '0'}`, 1, stamped)],
        next: String(Number(page ?? '0') + 1),
      }),
    ],
  ])('sends nothing: %s', async (_, list) => {
    const bank = openBank();
    bank.list = list(bank);
    await expect(bank.client().create(params, options)).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      outcome: 'unknown',
      isRetryable: true,
      message: expect.stringContaining('durable store') as string,
    });
    expect(writesOf(bank)).toBe(0);
  });

  it('sends where the list was read back for lookbackMs and three hours for the clocks, and reads no further', async () => {
    const bank = openBank();
    bank.list = (page) => ({
      data: [other(bank, `x${page ?? '0'}`, 20 * (1 + Number(page ?? '0')), stamped)],
      next: String(Number(page ?? '0') + 1),
    });
    const client = bank.client({ lookbackMs: hour });
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.requests.map(({ path }) => path)).toEqual([
      ...Array<string>(13).fill('/charges'),
      '/charges',
    ]);
  });

  it('reads nothing with a durable store, without a key of the caller, or with lookupFirst off', async () => {
    for (const settings of [{ store: { ...memoryStore(), durable: true } }, { lookupFirst: false }]) {
      const bank = openBank();
      await bank.client(settings).create(params, options);
      expect(bank.requests).toEqual([{ method: 'POST', path: '/charges' }]);
    }
    const bank = openBank();
    await bank.client().create(params);
    expect(bank.requests).toEqual([{ method: 'POST', path: '/charges' }]);
  });
});

describe('a stamp that the provider lost or cut off', () => {
  it.each([
    ['lost, as this client has seen', {}],
    ['cut off', { unicharge_key: 'order' }],
  ] as const)('leaves the outcome open: %s', async (_, metadata) => {
    const bank = openBank();
    const client = bank.client({ lookupFirst: false });
    bank.keeps = () => metadata;
    await client.create(params).catch(() => undefined);
    bank.next = 'answer_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await bank.time.advance(hour);
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      outcome: 'unknown',
      candidates: ['ch_2', 'ch_1'],
    });
    expect(await client.reconcile(options.idempotencyKey)).toMatchObject({
      outcome: 'unknown',
      candidates: ['ch_2', 'ch_1'],
    });
    expect(bank.charges).toHaveLength(2);
  });

  it('is no reason to doubt a list that shows longer ones', async () => {
    const bank = openBank();
    const client = bank.client();
    bank.next = 'request_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    bank.list = () => ({
      data: [
        other(bank, 'a', 1, {}),
        other(bank, 'b', 2, { unicharge_key: 'order' }),
        other(bank, 'c', 3, { unicharge_key: 'order-4711' }),
      ],
      next: null,
    });
    await bank.time.advance(hour);
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
  });
});

describe.each(['pin', 'magpie'] as const)('%s: a refund whose answer and record are lost', (provider) => {
  const key = { idempotencyKey: 'refund-81' };

  const lose = async (world: AttackedWorld, amount?: number): Promise<Charge> => {
    const client = world.client(provider, { maxRetries: 0 });
    const charge = await client.create(world.params(provider));
    world.providers.inject({ provider, operation: 'refund', fault: 'cut_after_commit' });
    await expect(client.refund(charge.id, amount === undefined ? {} : { amount }, key)).rejects.toMatchObject(
      {
        outcome: 'unknown',
      },
    );
    world.runtime.pass(hour);
    return charge;
  };

  const refundsOf = (world: AttackedWorld, id: string) =>
    world.providers.ledger.charges(provider).find((charge) => charge.id === id)?.refunds ?? [];

  it.each([[1000], [undefined]])('is not made again by a process without the record: %s', async (amount) => {
    const world = createWorld();
    const { id } = await lose(world, amount);
    const asked = amount === undefined ? {} : { amount };
    await expect(world.client(provider).refund(id, asked, key)).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      outcome: 'unknown',
      candidates: refundsOf(world, id).map((refund) => refund.id),
    });
    expect(refundsOf(world, id)).toHaveLength(1);
  });

  it.each([[1000], [undefined]])(
    'is found where the caller says what was refunded before: %s',
    async (amount) => {
      const world = createWorld();
      const { id } = await lose(world, amount);
      const asked = { ...(amount === undefined ? {} : { amount }), refundedBefore: 0 };
      const refund = await world.client(provider).refund(id, asked, key);
      expect(refund.id).toBe(refundsOf(world, id)[0]?.id);
      expect(refundsOf(world, id)).toHaveLength(1);
    },
  );

  it('is no hindrance for a second refund of the same amount that is wanted', async () => {
    const world = createWorld();
    const { id } = await lose(world, 1000);
    const second = { idempotencyKey: 'refund-82' };
    await world.client(provider).refund(id, { amount: 1000, refundedBefore: 1000 }, second);
    expect(refundsOf(world, id).map(({ amount }) => amount)).toEqual([1000, 1000]);
    // The same call again, by another process that knows as little, is the newer of the two.
    const again = await world.client(provider).refund(id, { amount: 1000, refundedBefore: 1000 }, second);
    expect(again.id).toBe(refundsOf(world, id)[1]?.id);
    expect(refundsOf(world, id)).toHaveLength(2);
  });

  it('of another amount, or one that this client made, is no hindrance', async () => {
    const world = createWorld();
    const { id } = await lose(world, 1000);
    const client = world.client(provider);
    await client.refund(id, { amount: 500 }, { idempotencyKey: 'refund-83' });
    await client.refund(id, { amount: 500 }, { idempotencyKey: 'refund-84' });
    expect(refundsOf(world, id).map(({ amount }) => amount)).toEqual([1000, 500, 500]);
  });

  it('is not made again where the sums agree with nothing', async () => {
    const world = createWorld();
    const { id } = await lose(world, 1000);
    await expect(
      world.client(provider).refund(id, { amount: 1000, refundedBefore: 700 }, key),
    ).rejects.toMatchObject({ outcome: 'unknown' });
    expect(refundsOf(world, id)).toHaveLength(1);
  });
});

describe.each(['pin', 'magpie'] as const)(
  '%s: a refund whose owner died before it was about to send',
  (provider) => {
    it('is made by the next call, and holds nothing up', async () => {
      const world = createWorld();
      const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
      const client = world.client(provider, { store });
      const { id } = await client.create(world.params(provider));
      world.tamper = () => new Promise(() => undefined);
      void client.refund(id, { amount: 1000 }, { idempotencyKey: 'refund-81' }).catch(() => undefined);
      await settlePromises();
      world.tamper = null;
      world.runtime.pass(hour);
      const next = world.client(provider, { store });
      await expect(next.refund(id, { amount: 1000 }, { idempotencyKey: 'refund-81' })).resolves.toMatchObject(
        { amount: 1000 },
      );
      await expect(next.refund(id, { amount: 1000 }, { idempotencyKey: 'refund-82' })).resolves.toMatchObject(
        { amount: 1000 },
      );
    });
  },
);

describe.each([
  ['omise', '"lost":"1"'],
  ['justifi', '"lost":"1"'],
  ['omise', '"unicharge_key":"ref"'],
  ['justifi', '"unicharge_key":"ref"'],
] as const)('%s: a refund whose stamp the provider lost: it keeps %s', (provider, kept) => {
  it('is not taken for one that did not happen, once the loss was seen', async () => {
    const world = createWorld();
    const client = world.client(provider, { maxRetries: 0 });
    const { id } = await client.create(world.params(provider));
    world.tamper = async (request, honest) =>
      honest(
        request.body === null
          ? undefined
          : { ...request, body: request.body.replace(/"unicharge_key":"[^"]*"/, kept) },
      );
    await ending(() => client.refund(id, { amount: 500 }, { idempotencyKey: 'refund-80' }));
    world.providers.inject({ provider, operation: 'refund', fault: 'cut_after_commit', times: 9 });
    const key = { idempotencyKey: 'refund-81' };
    await expect(client.refund(id, { amount: 700 }, key)).rejects.toMatchObject({ outcome: 'unknown' });
    world.providers.clearFaults();
    world.runtime.pass(30 * hour);
    expect(await client.reconcile('refund-81')).toMatchObject({ outcome: 'unknown' });
    await expect(client.refund(id, { amount: 700 }, key)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(world.providers.ledger.charges(provider).find((charge) => charge.id === id)?.refunds).toHaveLength(
      2,
    );
  });
});
