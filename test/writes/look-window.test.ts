import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { smallProvider, toCharge, wireSchema } from '../../bench/simulate/small-provider.js';
import {
  memoryStore,
  type ChargesClient,
  type OperationStore,
  type ProviderSpec,
  type RequestRow,
} from '../../src/index.js';
import { scriptReplies, type Reply } from '../scripted-replies.js';
import { openBank, type Bank, type Wire } from '../calls/small-provider.js';

const minute = 60_000;
const settleMs = 5 * minute;
const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };

/** The charge that the bank has made, with other values. */
const change = (bank: Bank, values: Partial<Wire>): void => {
  const [charge] = bank.charges;
  if (charge === undefined) throw new Error('nothing was charged');
  Object.assign(charge, values);
};

describe('a charge with our key and amount in another currency', () => {
  it('is not taken for the lost one', async () => {
    const bank = openBank();
    const client = bank.client();
    bank.next = 'answer_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await bank.time.advance(settleMs);
    change(bank, { currency: 'USD' });
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'IntegrityError',
      outcome: 'unknown',
      candidates: ['ch_1'],
    });
    expect(bank.charges).toHaveLength(1);
  });

  it('is not what reconcile reports as happened', async () => {
    const bank = openBank();
    const client = bank.client();
    bank.next = 'answer_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await bank.time.advance(settleMs);
    change(bank, { currency: 'USD' });
    await expect(client.reconcile('order-1')).rejects.toMatchObject({ name: 'IntegrityError' });
  });

  it('means, before anything was sent, that the key belongs to another request', async () => {
    const bank = openBank();
    await bank.client().create({ ...params, currency: 'USD' }, options);
    await expect(bank.client().create(params, options)).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
      outcome: 'unknown',
      chargeId: 'ch_1',
    });
    expect(bank.charges).toHaveLength(1);
  });

  it('is told from one of another amount in the same currency, which is not taken either', async () => {
    const bank = openBank();
    const client = bank.client();
    bank.next = 'answer_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await bank.time.advance(settleMs);
    change(bank, { amount: 101 });
    await expect(client.create(params, options)).rejects.toMatchObject({ name: 'IntegrityError' });
    expect(bank.charges).toHaveLength(1);
  });
});

/** Somebody else's charge, as the provider's clock dates it. */
const other = (id: string, created: number): Wire => ({
  id,
  amount: 1,
  currency: 'EUR',
  created,
  metadata: {},
});

/** The first page ends with what was charged before; the second holds the lost charge, or has nothing on it. */
const onTheSecondPage = (bank: Bank, before: number): void => {
  bank.list = (page) =>
    page === null
      ? { data: [other('a', before + minute), other('b', before)], next: '2' }
      : { data: [...bank.charges, other('c', 0)], next: '3' };
};

const pageSchema = z.object({ data: z.array(wireSchema), next: z.string().nullable() });

/** A list of pages, newest first. */
const pagedList: RequestRow<'list', z.infer<typeof pageSchema>> = {
  capability: { order: 'newest_first' },
  request: ({ cursor }) => ({ method: 'GET', route: '/charges', query: { page: cursor ?? undefined } }),
  response: pageSchema,
  output: ({ wire }) => ({ data: wire.data.map(toCharge), nextCursor: wire.next }),
};

/** A store whose clock differs from ours. */
const storeAhead = (bank: Bank, milliseconds: number): OperationStore =>
  memoryStore({ runtime: { now: () => bank.time.runtime.now() + milliseconds } });

describe('the window of a look', () => {
  it.each([40, 120])('counts back that the clock of the store is %i minutes ahead', async (minutes) => {
    const bank = openBank();
    const client = bank.client({ store: storeAhead(bank, minutes * minute) });
    const startedAt = bank.time.runtime.now();
    bank.next = 'answer_lost';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
    await bank.time.advance(settleMs);
    // By the store's clock this is long before the write began; by ours it is inside of the margin.
    onTheSecondPage(bank, startedAt - 10 * minute);
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges).toHaveLength(1);
  });

  describe('at a provider whose clock differs', () => {
    const behind = 40 * minute;
    const started = Date.UTC(2026, 10, 21, 12);
    const lost = { ...other('ch_1', started - behind), amount: 100, metadata: { unicharge_key: 'order-1' } };
    /** The first page ends in the half hour before the write, as our clock sees it; only the second has the charge. */
    const pages = (date: number): readonly Reply[] => {
      const headers = { date: new Date(date).toUTCString() };
      return [
        { headers, body: { data: [other('a', started - 20 * minute)], next: '2' } },
        { headers, body: { data: [lost, other('b', 0)], next: null } },
      ];
    };
    const paged = {
      ...smallProvider,
      operations: { create: smallProvider.operations.create, list: pagedList },
    } as ProviderSpec;
    // A repeat at once leaves no time for a second look: the first has to find the charge.
    const open = (...replies: Reply[]) => {
      const script = scriptReplies('answer_lost', ...replies);
      const settings = { secretKey: 'sk_small', maxRetries: 0, lookupFirst: false };
      const client: ChargesClient = script.client(paged, settings);
      return { script, client };
    };

    it('opens anew once an answer has told so', async () => {
      const [first, second] = pages(started - behind);
      const { script, client } = open(first as Reply, first as Reply, second as Reply);
      await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
      await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
      expect(script.lines).toEqual(['POST /charges', 'GET /charges', 'GET /charges', 'GET /charges']);
    });

    it('opens early at once where an earlier answer has told so', async () => {
      const [first, second] = pages(started - behind);
      const { script, client } = open(first as Reply, first as Reply, second as Reply);
      await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
      await client.list({ maxItems: 1 });
      await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
      expect(script.replies).toEqual([]);
    });

    it('opens no later where the clock claims to be ahead', async () => {
      const [first, second] = pages(started + 10 * 60 * minute);
      const recent = { ...(first as object), body: { data: [other('a', started - minute)], next: '2' } };
      const made = { ...lost, created: started };
      const { client } = open(recent, recent, {
        ...(second as object),
        body: { data: [made], next: null },
      });
      await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
      await client.list({ maxItems: 1 });
      await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    });
  });
});
