import { describe, expect, it } from 'vitest';
import type { ChargesError, Reconciliation, Refund } from '../../src/index.js';
import type { BeginAnswer, OperationStore } from '../../src/models/operation-store.js';
import { memoryStore } from '../../src/stores/memory.js';
import { ExchangeFailure, type ExchangeRequest } from '../../src/transport/exchange.js';
import { createWorld, ending, type AttackedWorld, type ProviderName } from './attacked-world.js';

const aDay = 24 * 60 * 60 * 1000;
const withoutKeys = ['omise', 'magpie', 'pin'] as const;
const withoutRefundMetadata = ['magpie', 'pin'] as const;

const isWrite = ({ method }: ExchangeRequest): boolean => method === 'POST';

/** Whatever a write does, nobody hears of it. */
const loseAnswers = (world: AttackedWorld): void => {
  world.tamper = async (request, honest) => {
    const answer = await honest();
    if (isWrite(request)) throw new ExchangeFailure('connection', true, 'ECONNRESET');
    return answer;
  };
};

/** A write goes out, and nothing of it arrives. */
const loseWrites = (world: AttackedWorld): void => {
  world.tamper = async (request, honest) => {
    if (isWrite(request)) throw new ExchangeFailure('connection', true, 'ECONNRESET');
    return honest();
  };
};

const rejectionOf = async (work: () => Promise<unknown>): Promise<ChargesError> => {
  const end = await ending(work);
  if (!('rejected' in end)) throw new Error('it was to reject');
  return end.rejected as ChargesError;
};

/** The store as another process or a later version left it. */
const changed = (store: OperationStore, change: (answer: BeginAnswer) => BeginAnswer): OperationStore => ({
  ...store,
  durable: true,
  begin: async (operation) => change(await store.begin(operation)),
});

describe('a key that was declined in one process and succeeds in another', () => {
  const declineThenPay = async (provider: ProviderName, key: string) => {
    const world = createWorld();
    const declined = world.providers.source(provider, 'declined');
    const { name } = await rejectionOf(() =>
      world.client(provider).create(world.params(provider, { source: declined }), { idempotencyKey: key }),
    );
    expect(name).toBe('CardError');
    const params = world.params(provider);
    const paid = await world.client(provider).create(params, { idempotencyKey: key });
    world.runtime.pass(60_000);
    return { world, params, paid };
  };

  it.each(withoutKeys)('answers a third process with the charge that was paid: %s', async (provider) => {
    const { world, params, paid } = await declineThenPay(provider, 'tried-twice');
    const again = await world.client(provider).create(params, { idempotencyKey: 'tried-twice' });
    expect(again).toMatchObject({ id: paid.id, status: 'captured' });
  });

  it.each(withoutKeys)('is reconciled as what happened: %s', async (provider) => {
    const { world, paid } = await declineThenPay(provider, 'tried-twice');
    expect(await world.client(provider).reconcile('tried-twice')).toMatchObject({
      outcome: 'happened',
      charge: { id: paid.id },
    });
  });
});

describe('a full refund whose answer never came, beside a refund of another amount', () => {
  const besideAnother = async (provider: ProviderName) => {
    const world = createWorld();
    const client = world.client(provider);
    const charge = await client.create(world.params(provider));
    loseWrites(world);
    await rejectionOf(() => client.refund(charge.id, {}, { idempotencyKey: 'full' }));
    world.tamper = null;
    // By hand, in the dashboard.
    const byHand = await world.client(provider).refund(charge.id, { amount: 100 });
    world.runtime.pass(aDay);
    return { client, charge, byHand };
  };

  it.each(withoutRefundMetadata)('does not take that one for its own: %s', async (provider) => {
    const { client, byHand } = await besideAnother(provider);
    expect(await client.reconcile('full')).toMatchObject({ outcome: 'unknown', candidates: [byHand.id] });
  });

  it.each(withoutRefundMetadata)('does not answer a repeat with it: %s', async (provider) => {
    const { client, charge, byHand } = await besideAnother(provider);
    const error = await rejectionOf(() => client.refund(charge.id, {}, { idempotencyKey: 'full' }));
    expect(error).toMatchObject({ outcome: 'unknown', candidates: [byHand.id] });
  });

  it.each(withoutRefundMetadata)('finds its own where it happened: %s', async (provider) => {
    const world = createWorld();
    const client = world.client(provider);
    const charge = await client.create(world.params(provider));
    await client.refund(charge.id, { amount: 100 });
    loseAnswers(world);
    await rejectionOf(() => client.refund(charge.id, {}, { idempotencyKey: 'rest' }));
    world.tamper = null;
    world.runtime.pass(aDay);
    const found: Refund = await client.refund(charge.id, {}, { idempotencyKey: 'rest' });
    expect(found.amount).toBe((charge.amount ?? 0) - 100);
  });
});

describe('a write that can never be settled', () => {
  it('does not keep reconcilePending from those after it', async () => {
    const world = createWorld();
    const client = world.client('omise');
    // The network delivers the first one twice.
    world.tamper = async (request, honest) => {
      if (!isWrite(request)) return honest();
      await honest();
      const source = world.providers.source('omise', 'approved') as string;
      await world.providers.handle('omise', {
        method: 'POST',
        path: new URL(request.url).pathname.slice('/omise'.length),
        query: '',
        headers: request.headers,
        body: (request.body ?? '').replace(/tokn_test_\w+/, source),
      });
      throw new ExchangeFailure('connection', true, 'ECONNRESET');
    };
    await rejectionOf(() => client.create(world.params('omise'), { idempotencyKey: 'doubled' }));
    loseAnswers(world);
    await rejectionOf(() => client.create(world.params('omise'), { idempotencyKey: 'single' }));
    world.tamper = null;
    world.runtime.pass(aDay);

    const seen: Reconciliation[] = [];
    const error = await rejectionOf(async () => {
      for await (const each of client.reconcilePending()) seen.push(each);
    });
    const ids = world.providers.ledger.charges().map(({ id }) => id);
    expect(error).toMatchObject({ code: 'duplicate_charge', idempotencyKey: 'doubled' });
    expect(seen).toMatchObject([
      { idempotencyKey: 'doubled', outcome: 'unknown', candidates: expect.arrayContaining(ids.slice(0, 2)) },
      { idempotencyKey: 'single', outcome: 'happened' },
    ]);
  });
});

describe('a repeat with a signal that has been aborted already', () => {
  it('does not say that nothing was sent while the first attempt is open', async () => {
    const world = createWorld();
    const client = world.client('omise');
    const params = world.params('omise');
    loseAnswers(world);
    await rejectionOf(() => client.create(params, { idempotencyKey: 'looped' }));
    const requests = world.sent.length;
    const error = await rejectionOf(() =>
      client.create(params, { idempotencyKey: 'looped', signal: AbortSignal.abort() }),
    );
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'unknown', idempotencyKey: 'looped' });
    expect(error.toJSON()).toMatchObject({ unresolved: { operation: 'create', amount: params.amount } });
    expect(world.sent).toHaveLength(requests);
  });

  it('does not say so after a success either, and stays not_sent where nothing was', async () => {
    const world = createWorld();
    const client = world.client('omise');
    const options = { idempotencyKey: 'done', signal: AbortSignal.abort() };
    expect(await rejectionOf(() => client.create(world.params('omise'), options))).toMatchObject({
      outcome: 'not_sent',
    });
    const params = world.params('omise');
    await client.create(params, { idempotencyKey: 'done' });
    expect(await rejectionOf(() => client.create(params, options))).toMatchObject({ outcome: 'unknown' });
  });
});

describe('a record of a success that cannot be read any more', () => {
  const unreadable = (answer: BeginAnswer): BeginAnswer =>
    answer.status === 'exists' ? { ...answer, record: { ...answer.record, result: null } } : answer;

  it.each(['refuse', 'send'] as const)(
    'is no reason to send again: storeFailure %s',
    async (storeFailure) => {
      const world = createWorld();
      const store = changed(memoryStore({ runtime: world.runtime }), unreadable);
      const client = world.client('omise', { store, storeFailure });
      const params = world.params('omise');
      await client.create(params, { idempotencyKey: 'kept' });
      const writes = world.sent.filter(isWrite).length;
      const error = await rejectionOf(() => client.create(params, { idempotencyKey: 'kept' }));
      expect(error).toMatchObject({ name: 'ConnectionError', code: 'record_unreadable', outcome: 'unknown' });
      expect(world.sent.filter(isWrite)).toHaveLength(writes);
    },
  );
});
