import { describe, expect, it } from 'vitest';
import { memoryStore, type ChargesClient, type ChargesError } from '../../src/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { openBank, type Bank, type Wire } from '../calls/small-provider.js';

const settleMs = 5 * 60_000;
const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };

/** A charge of somebody else, some minutes ago. */
const other = (bank: Bank, id: string, minutesAgo: number): Wire => ({
  id,
  amount: 1,
  currency: 'EUR',
  created: bank.time.runtime.now() - minutesAgo * 60_000,
  metadata: {},
});

const loseThenWait = async (bank: Bank, client: ChargesClient, fate: Bank['next'] = 'request_lost') => {
  bank.next = fate;
  await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
  await bank.time.advance(settleMs);
};

describe('miss only from a covering list', () => {
  it('reads page after page until the start of the window, and then sends again', async () => {
    const bank = openBank();
    const client = bank.client();
    await loseThenWait(bank, client);
    bank.list = (page) =>
      page === null
        ? { data: [other(bank, 'a', 1), other(bank, 'b', 2)], next: '2' }
        : { data: [other(bank, 'c', 200), other(bank, 'd', 201)], next: '3' };
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges.length).toBe(1);
  });

  it('finds a stamp on a later page', async () => {
    const bank = openBank();
    const client = bank.client();
    await loseThenWait(bank, client, 'answer_lost');
    bank.list = (page) =>
      page === null ? { data: [other(bank, 'a', 1)], next: '2' } : { data: [...bank.charges], next: null };
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges.length).toBe(1);
  });

  it.each([
    ['an unspecified order', 'unspecified'],
    ['an order of which the adapter says nothing', null],
  ] as const)('concludes nothing while %s is unproven and the list goes on', async (_, order) => {
    const bank = openBank(order);
    const client = bank.client();
    await loseThenWait(bank, client);
    bank.list = (page) => ({
      data: [other(bank, `x${page ?? '1'}`, 400)],
      next: String(Number(page ?? '1') + 1),
    });
    await expect(client.create(params, options)).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
    expect(bank.charges.length).toBe(0);
  });

  it('reads a list of which the adapter says nothing to its end', async () => {
    const bank = openBank(null);
    const client = bank.client();
    await loseThenWait(bank, client, 'answer_lost');
    bank.list = (page) =>
      page === null ? { data: [other(bank, 'a', 1)], next: '2' } : { data: [...bank.charges], next: null };
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges.length).toBe(1);
  });

  it('concludes nothing from an oldest-first list whose end it did not see', async () => {
    const bank = openBank();
    const client = bank.client();
    await loseThenWait(bank, client);
    bank.list = (page) => ({
      data: [0, 1].map((step) => other(bank, `x${page ?? '1'}${step}`, 500 - 2 * Number(page ?? '1') - step)),
      next: String(Number(page ?? '1') + 1),
    });
    await expect(client.create(params, options)).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
    expect(bank.charges.length).toBe(0);
  });

  it('concludes nothing when the list repeats a cursor', async () => {
    const bank = openBank();
    const client = bank.client();
    await loseThenWait(bank, client);
    bank.list = () => ({ data: [other(bank, 'a', 1)], next: 'again' });
    await expect(client.create(params, options)).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
    expect(bank.charges.length).toBe(0);
  });
});

describe('one key with several charges', () => {
  it('is an IntegrityError with all of them, never one taken for the other', async () => {
    const bank = openBank();
    const client = bank.client();
    await loseThenWait(bank, client, 'answer_lost');
    const [first] = bank.charges;
    if (first === undefined) throw new Error('nothing was charged');
    bank.charges.push({ ...first, id: 'ch_2' });
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'IntegrityError',
      code: 'duplicate_charge',
      outcome: 'unknown',
      candidates: ['ch_2', 'ch_1'],
    });
  });

  it('is noticed by reconcile, also after an answer that looked fine', async () => {
    const bank = openBank();
    const client = bank.client();
    const charge = await client.create(params, options);
    const [first] = bank.charges;
    if (first === undefined) throw new Error('nothing was charged');
    await expect(client.reconcile('order-1')).resolves.toMatchObject({
      outcome: 'happened',
      charge: { id: charge.id },
    });
    bank.charges.push({ ...first, id: 'ch_2' });
    await expect(client.reconcile('order-1')).rejects.toMatchObject({ code: 'duplicate_charge' });
  });
});

describe('scope per account', () => {
  it('keeps the keys of two accounts apart on one store', async () => {
    const bank = openBank();
    const client = bank.client({ lookupFirst: false });
    const of = (account: string) => ({ ...options, headers: { 'small-account': account } });
    const first = await client.create(params, of('acct_1'));
    const second = await client.create({ ...params, amount: 999 }, of('acct_2'));
    expect([first.id, second.id]).toEqual(['ch_1', 'ch_2']);
    await expect(client.create(params, of('acct_1'))).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges.length).toBe(2);
  });

  it('keeps the keys of two namespaces apart on one store', async () => {
    const bank = openBank();
    const store = memoryStore({ runtime: bank.time.runtime });
    await bank.client({ store, namespace: 'shop-a', lookupFirst: false }).create(params, options);
    await bank.client({ store, namespace: 'shop-b', lookupFirst: false }).create(params, options);
    expect(bank.charges.length).toBe(2);
  });

  it('is one for two processes of one account', async () => {
    const bank = openBank();
    const store = memoryStore({ runtime: bank.time.runtime });
    await bank.client({ store }).create(params, options);
    await expect(bank.client({ store }).create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges.length).toBe(1);
  });
});

describe('lookupFirst', () => {
  it('finds what an earlier process charged with the same key, without a shared store', async () => {
    const bank = openBank();
    await bank.client().create(params, options);
    await expect(bank.client().create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges.length).toBe(1);
  });

  it('does not ask for keys that the library made itself', async () => {
    const bank = openBank();
    await bank.client().create(params);
    expect(bank.requests).toEqual([{ method: 'POST', path: '/charges' }]);
  });

  it('can be switched off', async () => {
    const bank = openBank();
    await bank.client({ lookupFirst: false }).create(params, options);
    expect(bank.requests.length).toBe(1);
  });
});

describe('verify as a write', () => {
  it('sends a GET that finishes a payment once, whatever maxRetries says', async () => {
    const bank = openBank();
    bank.next = 'request_lost';
    await expect(bank.client().verify3DS({ sessionToken: 'se_1' })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect(bank.requests).toEqual([{ method: 'GET', path: '/verify' }]);
  });
});

describe('a declined charge with the key', () => {
  const declined = (bank: Bank): Wire => ({
    ...other(bank, 'ch_declined', 1),
    amount: 100,
    metadata: { unicharge_key: 'order-1' },
    declined: true,
  });

  it('is the answer of the key where the list was read to its end', async () => {
    const bank = openBank();
    const client = bank.client();
    await loseThenWait(bank, client, 'answer_lost');
    bank.list = () => ({ data: [declined(bank)] });
    await expect(client.create(params, options)).rejects.toMatchObject({ name: 'CardError' });
  });

  it('is not where the list goes on: another copy of the request may have been paid', async () => {
    const bank = openBank();
    const client = bank.client();
    await loseThenWait(bank, client, 'answer_lost');
    bank.list = (page) => ({ data: page === null ? [declined(bank)] : [], next: 'more' });
    await expect(client.create(params, options)).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      candidates: ['ch_declined'],
    });
  });
});

describe('a call of which nothing was sent, reconciled without its record', () => {
  it.each([
    ['did not happen where the list was read to its end', null, 'did_not_happen'],
    ['stays unknown where it goes on', 'more', 'unknown'],
  ] as const)('%s', async (_, next, outcome) => {
    const bank = openBank();
    bank.list = () => {
      throw new ExchangeFailure('connection', false, 'ECONNREFUSED');
    };
    const error: unknown = await bank
      .client({ maxRetries: 0 })
      .create(params, options)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ outcome: 'not_sent' });
    bank.list = (page) => ({ data: page === null ? [other(bank, 'a', 1)] : [], next });
    await expect(bank.client().reconcile(error as ChargesError)).resolves.toMatchObject({ outcome });
  });
});
