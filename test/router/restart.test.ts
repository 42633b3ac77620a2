import { describe, expect, it } from 'vitest';
import { ConnectionError, IdempotencyConflictError, IntegrityError } from '../../src/errors.js';
import type { Reconciliation } from '../../src/models/reconciliation.js';
import { createRouter, type Route } from '../../src/router/index.js';
import { routerFingerprint } from '../../src/router/params.js';
import { memoryStore } from '../../src/stores/memory.js';
import { makeBench, order, saying } from './bench.js';

const key = { idempotencyKey: 'order-77' };
const write = { idempotencyKey: 'order-77', operation: 'create', target: null };

/** A route that has an open record of the key. */
const openRecord: Reconciliation = { ...write, outcome: 'unknown', retryAfterMs: 60_000, candidates: [] };
/** A route without a record, whose list could not be read to its end. */
const unclear: Reconciliation = { ...openRecord, operation: null };

/** Processes with memory stores: each knows nothing of the one before. */
const makeProcesses = () => {
  const bench = makeBench();
  const start = (words: Partial<Record<string, Reconciliation | Error>> = {}, retired?: string) => {
    const routes = bench.routes.map((given): Route => {
      const route = given.name === retired ? { ...given, when: () => false } : given;
      const word = words[route.name];
      return word === undefined ? route : { ...route, client: saying(route.client, word) };
    });
    return createRouter({ store: memoryStore(), routes });
  };
  return { ...bench, start };
};

describe('a charge that is found after a restart', () => {
  it.each([
    ['another amount', { amount: 6900 }],
    ['another currency', { currency: 'USD' }],
  ])('of %s is a conflict that carries it', async (_name, change) => {
    const { start, ledger } = makeProcesses();
    const paid = await start().create(order, key);
    const error: unknown = await start()
      .create({ ...order, ...change }, key)
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(IdempotencyConflictError);
    expect(error).toMatchObject({
      outcome: 'unknown',
      provider: 'router',
      idempotencyKey: 'order-77',
      chargeId: paid.id,
      charge: { id: paid.id, amount: 4590, currency: 'EUR', route: 'first' },
    });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('stays a conflict, and is the answer of the same params', async () => {
    const { start } = makeProcesses();
    await start().create(order, key);
    const router = start();
    for (let turn = 0; turn < 2; turn += 1)
      await expect(router.create({ ...order, amount: 6900 }, key)).rejects.toMatchObject({
        code: 'idempotency_conflict',
        outcome: 'unknown',
      });
    expect(await router.create(order, key)).toMatchObject({ route: 'first', amount: 4590 });
  });

  it.each([['amount'], ['currency']])('without its %s is not the answer', async (name) => {
    const { start, ledger } = makeProcesses();
    const charge = { ...(await start().create(order, key)), [name]: null };
    const router = start({ first: { ...write, outcome: 'happened', charge, refund: null } });
    await expect(router.create(order, key)).rejects.toMatchObject({
      code: 'idempotency_conflict',
      outcome: 'unknown',
    });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });
});

describe('after a restart every route is asked', () => {
  it.each([
    ['could not read its list to the end', unclear],
    ['has an open record', openRecord],
    ['is out of reach', new ConnectionError({ message: 'refused', outcome: 'not_sent' })],
  ])('though one before it %s', async (_name, word) => {
    const { start, first, fail, ledger } = makeProcesses();
    fail(first, 'refuse');
    expect(await start().create(order, key)).toMatchObject({ route: 'second' });
    expect(await start({ first: word }).create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('also where an earlier owner left a record without a position', async () => {
    const { another, routes, store, first, second, ledger } = makeBench();
    await second.create({ amount: 4590, currency: 'EUR', source: 'approved' }, key);
    const away = saying(first, new ConnectionError({ message: 'refused', outcome: 'not_sent' }));
    const router = another({ routes: [{ name: 'first', client: away }, ...routes.slice(1)] });
    const own = { scope: 'default/router/keys', key: 'order-77', owner: 'dead' };
    const begun = await store.begin({
      ...own,
      operation: 'create',
      target: null,
      fingerprint: routerFingerprint(order),
      leaseMs: 1000,
      refundLock: null,
    });
    expect(begun.status).toBe('made');
    await store.settle({ ...own, attempt: 1 }, { state: 'unknown', result: null });
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('and charges at several are told', async () => {
    const { start, first, second, ledger } = makeProcesses();
    const params = { amount: 4590, currency: 'EUR', source: 'approved' };
    const [one, two] = [await first.create(params, key), await second.create(params, key)];
    const error: unknown = await start()
      .create(order, key)
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      name: 'IntegrityError',
      code: 'duplicate_charge',
      outcome: 'unknown',
      candidates: [`first:${one.id}`, `second:${two.id}`],
    });
    expect(ledger()).toEqual({ first: 1, second: 1, third: 0 });
  });

  it('and one that finds several charges of the key lets nothing be sent', async () => {
    const { start, ledger } = makeProcesses();
    const twice = new IntegrityError({ message: 'several', outcome: 'unknown', code: 'duplicate_charge' });
    await expect(start({ second: twice }).create(order, key)).rejects.toMatchObject({
      code: 'duplicate_charge',
      outcome: 'unknown',
    });
    expect(ledger()).toEqual({ first: 0, second: 0, third: 0 });
  });

  it('and the payment begins where one has an open record', async () => {
    const { start, ledger } = makeProcesses();
    const router = start({ first: unclear, second: unclear, third: openRecord });
    expect(await router.create(order, key)).toMatchObject({ route: 'third' });
    expect(ledger()).toEqual({ first: 0, second: 0, third: 1 });
  });

  it('but a list that could not be read to its end draws no payment to its route', async () => {
    const { start, ledger } = makeProcesses();
    expect(await start({ second: unclear }).create(order, key)).toMatchObject({ route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });
});

describe('after a restart a route that the payment does not fit any more is asked, too', () => {
  it('because it is retired', async () => {
    const { start, ledger } = makeProcesses();
    const paid = await start().create(order, key);
    expect(await start({}, 'first').create(order, key)).toMatchObject({ id: paid.id, route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('because the repeat has no source for it', async () => {
    const { start, ledger } = makeProcesses();
    const paid = await start().create({ ...order, sources: { first: 'approved', second: 'approved' } }, key);
    expect(paid.route).toBe('first');
    const again = await start().create({ ...order, sources: { second: 'approved' } }, key);
    expect(again).toMatchObject({ id: paid.id, route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('and with an open record there nothing is sent anywhere', async () => {
    const { start, ledger } = makeProcesses();
    await expect(start({ first: openRecord }, 'first').create(order, key)).rejects.toMatchObject({
      name: 'OutcomeUnknownError',
      outcome: 'unknown',
      retryAfterMs: 60_000,
    });
    expect(ledger()).toEqual({ first: 0, second: 0, third: 0 });
  });

  it('and draws no payment to itself where nothing is known there', async () => {
    const { start, ledger } = makeProcesses();
    expect(await start({ first: unclear }, 'first').create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });
});
