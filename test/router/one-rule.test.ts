import { describe, expect, it } from 'vitest';
import { CardError, ChargesError, IdempotencyConflictError } from '../../src/errors.js';
import { approved, makeBench, order } from './bench.js';

const key = { idempotencyKey: 'order-77' };

const errorOf = async (call: Promise<unknown>): Promise<ChargesError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof ChargesError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
};

describe('a payment', () => {
  it('is charged at the first route, and names it', async () => {
    const { router, ledger } = makeBench();
    const charge = await router.create(order, key);
    expect(charge).toMatchObject({ status: 'captured', amount: 4590, route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('is answered from the record when it is repeated, by any process', async () => {
    const { router, another, first, ledger } = makeBench();
    const charge = await router.create(order, key);
    const requests = first.control.requests().length;
    const again = await another().create(order, key);
    expect(again).toEqual(charge);
    expect(first.control.requests()).toHaveLength(requests);
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('is open where an earlier call with its key was, or took it, and this one was aborted before it began', async () => {
    const { router, fail, first } = makeBench();
    const signal = AbortSignal.abort();
    const open = { name: 'AbortError', outcome: 'unknown' };
    await router.create(order, key);
    await expect(router.create(order, { ...key, signal })).rejects.toMatchObject(open);
    fail(first, 'cut_after_commit');
    const other = { idempotencyKey: 'order-78' };
    await expect(router.create(order, other)).rejects.toMatchObject({ outcome: 'unknown' });
    await expect(router.create(order, { ...other, signal })).rejects.toMatchObject(open);
  });

  it('goes to the next route where nothing was sent to the first', async () => {
    const { router, first, fail, ledger, events } = makeBench();
    fail(first, 'refuse');
    expect(await router.create(order, key)).toMatchObject({ route: 'second', status: 'captured' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
    expect(events.map(({ type }) => type)).toEqual([
      'planned',
      'entered',
      'ended',
      'moved',
      'entered',
      'ended',
    ]);
  });

  it('goes on where the provider says that too much was asked', async () => {
    const { router, first, fail } = makeBench();
    fail(first, 'rate_limited');
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
  });

  it.each(['cut_before_commit', 'cut_after_commit', 'server_error', 'server_error_after_commit'] as const)(
    'never leaves a route after %s, whose outcome is unknown',
    async (fault) => {
      const { router, another, first, fail, ledger } = makeBench();
      fail(first, fault);
      const error = await errorOf(router.create(order, key));
      expect(error.outcome).toBe('unknown');
      expect(ledger()['second']).toBe(0);
      // Neither do those who repeat it, in whatever order they would choose today.
      const repeated = await another()
        .create(order, key)
        .catch((failure: unknown) => failure);
      if (fault !== 'server_error_after_commit' && fault !== 'server_error')
        expect(repeated).toMatchObject({ route: 'first', status: 'captured' });
      expect(ledger()['second']).toBe(0);
    },
  );

  it('stays where it is unknown though the route is out of reach at the repeat', async () => {
    const { router, first, fail, ledger } = makeBench();
    fail(first, 'cut_after_commit');
    expect((await errorOf(router.create(order, key))).outcome).toBe('unknown');
    first.control.inject({ fault: 'refuse', times: 20 });
    expect((await errorOf(router.create(order, key))).outcome).toBe('unknown');
    first.control.clearFaults();
    expect(await router.create(order, key)).toMatchObject({ route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('never moves while its payer has to act', async () => {
    const { router, first, ledger } = makeBench();
    const waiting = { ...order, sources: { ...approved, first: 'requires_3ds' } };
    const charge = await router.create(waiting, key);
    expect(charge).toMatchObject({ status: 'requires_action', route: 'first' });
    expect(await router.create(waiting, key)).toMatchObject({ status: 'requires_action', route: 'first' });
    first.control.approve(charge.id);
    expect(await router.create(waiting, key)).toMatchObject({ status: 'captured', route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('tells a payer who was refused later as the decline that it is, and still does not move', async () => {
    const { router, first, ledger } = makeBench({ cascade: { declines: ['generic_decline'] } });
    const waiting = { ...order, sources: { ...approved, first: 'requires_3ds' } };
    const charge = await router.create(waiting, key);
    first.control.decline(charge.id);
    const error = await errorOf(router.create(waiting, key));
    expect(error).toBeInstanceOf(CardError);
    expect(error).toMatchObject({ outcome: 'rejected', chargeId: charge.id, idempotencyKey: 'order-77' });
    expect(ledger()['second']).toBe(0);
  });

  it('tries as many routes as maxRoutes says', async () => {
    const { router, first, second, fail, ledger } = makeBench({ maxRoutes: 2 });
    fail(first, 'refuse');
    fail(second, 'refuse');
    expect((await errorOf(router.create(order, key))).outcome).toBe('not_sent');
    // It lives at the second now, and goes nowhere else.
    expect(await router.create(order, key)).toMatchObject({ route: 'second' });
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('stays at a route that is down where the settings say so', async () => {
    const { router, first, fail, ledger } = makeBench({ cascade: { failures: false } });
    fail(first, 'refuse');
    expect((await errorOf(router.create(order, key))).outcome).toBe('not_sent');
    expect(ledger()['second']).toBe(0);
    expect(await router.create(order, key)).toMatchObject({ route: 'first' });
  });

  it('does not move for a request that is wrong', async () => {
    const { router, first, second } = makeBench();
    const wrong = { ...order, metadata: { unicharge_key: 'mine' } };
    expect(await errorOf(router.create(wrong, key))).toMatchObject({ outcome: 'not_sent' });
    expect(first.control.requests()).toHaveLength(0);
    expect(second.control.requests()).toHaveLength(0);
  });

  it('is not another payment under the same key', async () => {
    const { router, ledger } = makeBench();
    const charge = await router.create(order, key);
    const error = await errorOf(router.create({ ...order, amount: 4591 }, key));
    expect(error).toBeInstanceOf(IdempotencyConflictError);
    expect(error).toMatchObject({ outcome: 'unknown', chargeId: charge.id });
    const other = { ...order, sources: { ...approved, second: 'other' } };
    expect(await errorOf(router.create(other, key))).toBeInstanceOf(IdempotencyConflictError);
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });
});

describe('a decline', () => {
  const declinedFirst = { ...order, sources: { ...approved, first: 'declined' } };

  it('ends the payment where the settings do not name it', async () => {
    const { router, ledger } = makeBench();
    const error = await errorOf(router.create(declinedFirst, key));
    expect(error).toMatchObject({ name: 'CardError', declineCode: 'generic_decline', outcome: 'rejected' });
    expect(await errorOf(router.create(declinedFirst, key))).toMatchObject({ name: 'CardError' });
    expect(ledger()).toEqual({ first: 0, second: 0, third: 0 });
  });

  it('goes on to the next route where the settings name it', async () => {
    const { router, first, ledger } = makeBench({ cascade: { declines: ['generic_decline'] } });
    expect(await router.create(declinedFirst, key)).toMatchObject({ route: 'second', status: 'captured' });
    const requests = first.control.requests().length;
    expect(await router.create(declinedFirst, key)).toMatchObject({ route: 'second' });
    expect(first.control.requests()).toHaveLength(requests);
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('of the last route is the recorded end of a cascade', async () => {
    const { router, another, first, second } = makeBench({ cascade: { declines: ['generic_decline'] } });
    const declined = { ...order, sources: { ...approved, first: 'declined', second: 'insufficient_funds' } };
    const end = { name: 'CardError', declineCode: 'insufficient_funds', outcome: 'rejected' };
    expect(await errorOf(router.create(declined, key))).toMatchObject(end);
    const requests = [first, second].map(({ control }) => control.requests().length);
    expect(await errorOf(another().create(declined, key))).toMatchObject(end);
    expect([first, second].map(({ control }) => control.requests().length)).toEqual(requests);
  });

  it('that never may be decided otherwise is not taken elsewhere', async () => {
    const { router, ledger } = makeBench({ cascade: { declines: ['generic_decline'] } });
    const poor = { ...order, sources: { ...approved, first: 'insufficient_funds' } };
    expect(await errorOf(router.create(poor, key))).toMatchObject({ declineCode: 'insufficient_funds' });
    expect(ledger()['second']).toBe(0);
  });

  it('that a network forbids to try again is not taken elsewhere, whatever the settings say', async () => {
    const bench = makeBench();
    const events: string[] = [];
    for (const refusal of [
      { advice: 'do_not_retry' as const, networkCode: null },
      { advice: 'use_other_card' as const, networkCode: 'R01' },
      { advice: 'use_other_card' as const, networkCode: '04' },
      { advice: 'use_other_card' as const, networkCode: '03' },
      { advice: 'use_other_card' as const, networkCode: '9021' },
    ]) {
      const client = {
        ...bench.first,
        create: () =>
          Promise.reject(
            new CardError({
              message: 'declined',
              outcome: 'rejected',
              declineCode: 'generic_decline',
              ...refusal,
            }),
          ),
      };
      const router = bench.another({
        cascade: { declines: ['generic_decline'] },
        routes: [{ name: 'first', client }, bench.routes[1] as never],
        onEvent: (event) => {
          if (event.type === 'stayed') events.push(event.reason);
        },
      });
      const params = { amount: 1, currency: 'EUR', sources: { first: 'a', second: 'approved' } };
      const idempotencyKey = refusal.networkCode ?? 'advice';
      expect(await errorOf(router.create(params, { idempotencyKey }))).toBeInstanceOf(CardError);
    }
    expect(events).toEqual(Array(5).fill('network_forbids'));
    expect(bench.ledger()['second']).toBe(0);
  });
});

describe('two processes with one key', () => {
  it('charge once: the other hears that it is under way', async () => {
    const { router, another, ledger } = makeBench();
    const ends = await Promise.allSettled([
      router.create(order, key),
      another().create(order, key),
      another().create(order, key),
    ]);
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as ChargesError] : []));
    expect(failures.map(({ code }) => code)).toEqual(['operation_in_progress', 'operation_in_progress']);
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('go where the first went, though the settings of the other would choose another order', async () => {
    const { router, another, routes, first, fail, ledger } = makeBench();
    fail(first, 'cut_before_commit');
    expect((await errorOf(router.create(order, key))).outcome).toBe('unknown');
    const reversed = another({ routes: routes.toReversed() });
    expect(await reversed.create(order, key)).toMatchObject({ route: 'first' });
    expect(ledger()).toEqual({ first: 1, second: 0, third: 0 });
  });

  it('never pass over a route that the settings of one lack', async () => {
    const { router, another, routes, first, fail, ledger } = makeBench({ sources: () => 'approved' });
    const params = { amount: 4590, currency: 'EUR' };
    fail(first, 'cut_after_commit');
    expect((await errorOf(router.create(params, key))).outcome).toBe('unknown');
    const without = another({ routes: routes.slice(1) });
    const error = await errorOf(without.create(params, key));
    expect(error).toMatchObject({ code: 'route_missing', outcome: 'unknown', idempotencyKey: 'order-77' });
    expect(await router.create(params, key)).toMatchObject({ route: 'first' });
    expect(ledger()['second']).toBe(0);
  });
});
