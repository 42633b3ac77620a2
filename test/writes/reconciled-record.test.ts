import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.js';
import { ExchangeFailure } from '../../src/transport/exchange.js';
import { createWorld } from '../attacks/attacked-world.js';
import { openShop } from '../expensive-mistakes/simulated-shop.js';
import { openBank, type Bank } from '../calls/small-provider.js';

const minute = 60_000;
const scope = 'default/small/any/-';
const params = { amount: 100, currency: 'EUR' };
const options = { idempotencyKey: 'order-1' };

/** A write whose answer or request was lost, long enough ago for a look to be believed. */
const lose = async (fate: Bank['next']) => {
  const bank = openBank();
  const store = memoryStore({ runtime: bank.time.runtime });
  const client = bank.client({ store, deadlineMs: 10 * minute });
  bank.next = fate;
  await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'unknown' });
  await bank.time.advance(6 * minute);
  return { bank, client, store, state: async () => (await store.get(scope, 'order-1'))?.record.state };
};

describe('a write that this process never sent, where an earlier one may have', () => {
  it('stays unknown while the list cannot be read to its end', async () => {
    const bank = openBank();
    await bank.client().create(params, options);
    const client = bank.client({ lookupFirst: false, maxRetries: 0 });
    bank.next = 'refused';
    await expect(client.create(params, options)).rejects.toMatchObject({ outcome: 'not_sent' });
    const whole = bank.list;
    bank.list = () => ({ data: [], next: 'again' });
    await expect(client.reconcile('order-1')).resolves.toMatchObject({
      outcome: 'unknown',
      retryAfterMs: minute,
    });
    bank.list = whole;
    await expect(client.reconcile('order-1')).resolves.toMatchObject({
      outcome: 'happened',
      charge: { id: 'ch_1' },
    });
  });
});

describe('reconcilePending', () => {
  it('settles everything where it is awaited, as where it is iterated', async () => {
    const awaited = await lose('answer_lost');
    const pending = awaited.client.reconcilePending();
    expect(await pending).toMatchObject([{ outcome: 'happened', charge: { id: 'ch_1' } }]);
    expect(await pending).toHaveLength(1);
    expect(await awaited.state()).toBe('succeeded');

    const iterated = await lose('answer_lost');
    for await (const found of iterated.client.reconcilePending()) expect(found.outcome).toBe('happened');
    expect(await iterated.state()).toBe('succeeded');
  });

  it('rejects where it is awaited with what it throws where it is iterated', async () => {
    const { client } = await lose('answer_lost');
    const wrong = { timeoutMs: -1 };
    await expect((async () => client.reconcilePending(wrong))()).rejects.toMatchObject({
      name: 'InvalidRequestError',
    });
  });
});

describe('what reconcile found', () => {
  it('finishes the record of a write that happened: a repeat is answered without a request', async () => {
    const { bank, client, state } = await lose('answer_lost');
    expect(await state()).toBe('unknown');
    await expect(client.reconcile('order-1')).resolves.toMatchObject({
      outcome: 'happened',
      charge: { id: 'ch_1' },
    });
    expect(await state()).toBe('succeeded');
    const before = bank.requests.length;
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.requests.length).toBe(before);
  });

  it('finishes the record of a write that did not happen: a repeat may send it', async () => {
    const { bank, client, state } = await lose('request_lost');
    await expect(client.reconcile('order-1')).resolves.toMatchObject({ outcome: 'did_not_happen' });
    expect(await state()).toBe('did_not_happen');
    await expect(client.create(params, options)).resolves.toMatchObject({ id: 'ch_1' });
    expect(bank.charges).toHaveLength(1);
  });

  it('leaves the record open where it found several', async () => {
    const { bank, client, state } = await lose('answer_lost');
    const [first] = bank.charges;
    if (first === undefined) throw new Error('nothing was charged');
    bank.charges.push({ ...first, id: 'ch_2' });
    await expect(client.reconcile('order-1')).rejects.toMatchObject({ code: 'duplicate_charge' });
    expect(await state()).toBe('unknown');
  });

  it('leaves the record open where the list ended before the write', async () => {
    const { bank, client, state } = await lose('answer_lost');
    bank.list = () => ({ data: [], next: 'again' });
    await expect(client.reconcile('order-1')).resolves.toMatchObject({
      outcome: 'unknown',
      retryAfterMs: minute,
    });
    expect(await state()).toBe('unknown');
  });

  it.each(['omise', 'magpie', 'pin'] as const)(
    'finishes the record of a declined create at %s: a repeat is declined without a request',
    async (provider) => {
      const shop = openShop(provider);
      const charges = shop.client({ maxRetries: 0 });
      const source = shop.providers.source(provider, 'insufficient_funds');
      const declined = { ...(await shop.params(10_000)), source } as never;
      shop.providers.inject({ operation: 'create', fault: 'cut_after_commit' });
      await expect(charges.create(declined, options)).rejects.toMatchObject({ outcome: 'unknown' });
      shop.pass(6 * minute);
      await expect(charges.reconcile('order-1')).resolves.toMatchObject({
        outcome: 'did_not_happen',
        charge: { status: 'failed' },
      });
      const before = shop.requests.length;
      await expect(charges.create(declined, options)).rejects.toMatchObject({ name: 'CardError' });
      expect(shop.requests.length).toBe(before);
    },
  );
});

describe('a decline that was the answer to the second copy of a create, and that no look could doubt', () => {
  const decline = async (arrives: (body: string) => string) => {
    const world = createWorld();
    const store = { ...memoryStore({ runtime: world.runtime }), durable: true };
    const client = world.client('pin', { store, maxRetries: 0 });
    world.tamper = async (request, honest) => {
      if (request.method === 'GET') throw new ExchangeFailure('connection', true, 'ECONNRESET');
      await honest({ ...request, body: arrives(request.body ?? '') });
      const text = JSON.stringify({ error: 'card_declined', error_description: 'The card was declined' });
      return { status: 400, headers: { 'content-type': 'application/json' }, text };
    };
    const options = { idempotencyKey: 'order-81' };
    await expect(client.create(world.params('pin'), options)).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
    });
    world.tamper = null;
    const [{ id } = { id: '' }] = world.providers.ledger.charges('pin');
    return { client, id };
  };

  it('is found out by reconcile', async () => {
    const { client, id } = await decline((body) => body);
    expect(await client.reconcile('order-81')).toMatchObject({ outcome: 'happened', charge: { id } });
  });

  it('is found out by reconcile where the charge has another currency, too', async () => {
    const { client, id } = await decline((body) => body.replace(/AUD/, 'USD'));
    await expect(client.reconcile('order-81')).rejects.toMatchObject({
      name: 'IntegrityError',
      outcome: 'unknown',
      candidates: [id],
    });
  });
});
