import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createRouter, type Route, type RoutedCharge } from '../../src/router/index.js';
import { createFakeClient } from '../../src/testing/index.js';
import { makeBench, order } from './bench.js';

const atSecond = { ...order, sources: { second: 'approved' } };

describe('a follow-up', () => {
  it('goes where the charge lives, by the charge', async () => {
    const { router, first, second } = makeBench();
    const charge = await router.create(atSecond, { idempotencyKey: 'a' });
    const before = first.control.requests().length;
    const refund = await router.for(charge).refund(charge.id, { amount: 500 });
    expect(refund).toMatchObject({ amount: 500, chargeId: charge.id });
    expect((await router.for('second').retrieve(charge.id)).amountRefunded).toBe(500);
    expect(second.control.charges()[0]?.amountRefunded).toBe(500);
    expect(first.control.requests()).toHaveLength(before);
  });

  it('names its route in what it gives', async () => {
    const { router } = makeBench();
    const charge = await router.create({ ...atSecond, capture: false }, { idempotencyKey: 'a' });
    const captured = await router.for(charge).capture(charge.id);
    expect(captured).toMatchObject({ route: 'second', status: 'captured' });
    expect((await router.for('second').list()).data).toMatchObject([{ route: 'second' }]);
    expect(JSON.parse(JSON.stringify(captured))).toMatchObject({ route: 'second' });
  });

  it('goes by the plain id, which the store remembers, in every process', async () => {
    const { another, router } = makeBench();
    const charge = await router.create({ ...atSecond, capture: false }, { idempotencyKey: 'a' });
    expect(await another().capture(charge.id, { amount: 4000 })).toMatchObject({
      route: 'second',
      amountCaptured: 4000,
    });
    expect((await another().refund(charge.id, {}, { idempotencyKey: 'r' })).amount).toBe(4000);
    expect(await router.listRefunds(charge.id)).toHaveLength(1);
  });

  it('goes by the name of the route before the id', async () => {
    const { router, second } = makeBench();
    const { id } = await second.create({ amount: 100, currency: 'EUR', source: 'approved', capture: false });
    expect(await router.void(`second:${id}`)).toMatchObject({ id, route: 'second', status: 'voided' });
  });

  it('of an id that nobody knows asks for the route, and asks no provider', async () => {
    const { router, first, second } = makeBench();
    const { id } = await second.create({ amount: 100, currency: 'EUR', source: 'approved' });
    const before = [first, second].map(({ control }) => control.requests().length);
    await expect(router.refund(id, {}, { idempotencyKey: 'r' })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      idempotencyKey: 'r',
      issues: [{ path: 'id', message: expect.stringContaining('names no route') as string }],
    });
    expect([first, second].map(({ control }) => control.requests().length)).toEqual(before);
  });

  it('of a route that there is not names those that there are', async () => {
    const { router } = makeBench();
    const message = expect.stringContaining('(it has first, second, third)') as string;
    await expect(router.retrieve('frist:ch_1')).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: 'id', message }],
    });
  });

  it('gives a charge whose type names its route', async () => {
    const { router } = makeBench();
    const { id } = await router.create({ ...order, capture: false });
    const told: readonly RoutedCharge[] = [
      await router.retrieve(id),
      await router.capture(id),
      await router.for('first').retrieve(id),
    ];
    expect(told.map(({ route }) => route)).toEqual(['first', 'first', 'first']);
  });

  it('of an id that two routes gave asks which is meant', async () => {
    const { router, first, second } = makeBench();
    // Both accounts count from the same number.
    const one = await router.create({ ...order, sources: { first: 'approved' } }, { idempotencyKey: 'a' });
    const two = await router.create(atSecond, { idempotencyKey: 'b' });
    expect(one.id).toBe(two.id);
    await expect(router.refund(one.id)).rejects.toMatchObject({ name: 'InvalidRequestError' });
    await router.refund(`second:${two.id}`);
    expect(first.control.charges()[0]?.amountRefunded).toBe(0);
    expect(second.control.charges()[0]?.amountRefunded).toBe(4590);
  });

  it('needs no name where there is one route', async () => {
    const client = createFakeClient();
    const { store } = makeBench();
    const router = createRouter({ store, routes: [{ name: 'only', client }] });
    const { id } = await client.create({ amount: 100, currency: 'EUR', source: 'approved' });
    expect(await router.retrieve(id)).toMatchObject({ route: 'only' });
  });

  it('finds the payer who came back, by the charge', async () => {
    const { router, second } = makeBench();
    const charge = await router.create(
      { ...order, sources: { second: 'requires_3ds' } },
      { idempotencyKey: 'a' },
    );
    second.control.approve(charge.id);
    expect(await router.verify3DS({ chargeId: charge.id })).toMatchObject({ status: 'captured' });
    const named = `second:${charge.id}`;
    const expected = { chargeId: named, amount: order.amount, currency: order.currency };
    expect(await router.verify3DS({ chargeId: named, expected })).toMatchObject({ status: 'captured' });
    expect(await router.for('second').verify3DS({ chargeId: named, expected })).toMatchObject({
      route: 'second',
    });
    await expect(
      router.verify3DS({ chargeId: named, expected: { ...expected, chargeId: 'first:ch_9' } }),
    ).rejects.toMatchObject({ name: 'IntegrityError' });
    await expect(router.verify3DS({ sessionToken: 'x' })).rejects.toMatchObject({
      issues: [{ path: 'chargeId' }],
    });
  });

  it('takes an id with its route at the client of that route, too', async () => {
    const { router, second } = makeBench();
    const { id } = await router.create(atSecond, { idempotencyKey: 'a' });
    expect(await router.for('second').retrieve(`second:${id}`)).toMatchObject({ id, route: 'second' });
    await router.for('second').refund(`second:${id}`);
    expect(second.control.charges()[0]?.amountRefunded).toBe(4590);
  });

  it('is refused at the client of another route than that of its id, before a byte is sent', async () => {
    const { router, first, second } = makeBench();
    const { id } = await router.create(atSecond, { idempotencyKey: 'a' });
    const sent = second.control.requests().length;
    const named = `second:${id}`;
    const client = router.for('first');
    const options = { idempotencyKey: 'b' };
    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['retrieve', () => client.retrieve(named)],
      ['update', () => client.update(named, { description: 'a' }, options)],
      ['capture', () => client.capture(named, {}, options)],
      ['void', () => client.void(named, options)],
      ['reverse', () => client.reverse(named, options)],
      ['expire', () => client.expire(named, options)],
      ['refund', () => client.refund(named, {}, options)],
      ['listRefunds', () => client.listRefunds(named)],
      ['retrieveRefund', () => client.retrieveRefund(named, 're_1')],
      ['verify3DS', () => client.verify3DS({ chargeId: named }, options)],
      ['retrieve', () => router.retrieve(`first:${named}`)],
    ];
    for (const [operation, call] of calls) {
      const path = operation === 'verify3DS' ? 'chargeId' : 'id';
      const message = "is of the route second, and this client of the route first: call router.for('second')";
      await expect(call()).rejects.toMatchObject({
        name: 'InvalidRequestError',
        operation,
        outcome: 'not_sent',
        issues: [{ path, message }],
      });
    }
    expect(first.control.requests()).toEqual([]);
    expect(second.control.requests()).toHaveLength(sent);
    // A key of a call that was refused was not sent.
    await expect(client.refund(named, {}, options)).rejects.toMatchObject({ outcome: 'not_sent' });
  });

  it('has no create for itself', () => {
    const { router } = makeBench();
    expect('create' in router.for('first')).toBe(false);
    for (const wrong of ['fourth', '', undefined, null, {}, { route: 1 }])
      expect(() => router.for(wrong as never)).toThrow(
        expect.objectContaining({ name: 'InvalidRequestError', outcome: 'not_sent' }),
      );
  });

  it('asks for what names a route', async () => {
    const { router } = makeBench();
    const charge = await router.create(atSecond, { idempotencyKey: 'a' });
    const refund = await router.for(charge).refund(charge.id);
    const wanted = 'pass a charge of this router, or the name of its route';
    for (const [wrong, message] of [
      ['secnd', 'is not a known route; did you mean second?: this router has first, second, third'],
      [`second:${charge.id}`, `is an id: ${wanted} alone`],
      [refund, `is about a charge and names no route: ${wanted}`],
      [{ ...charge, route: undefined }, `names no route: ${wanted}`],
      [Promise.resolve(charge), 'is a promise: await it first'],
      [undefined, `names no route: ${wanted}`],
    ] as const)
      expect(() => router.for(wrong as never)).toThrow(
        expect.objectContaining({ message: `for: the argument ${message}`, operation: 'for' }),
      );
  });
});

describe('a list over the routes', () => {
  const filled = async (counts: readonly number[]) => {
    const bench = makeBench();
    const clients = [bench.first, bench.second, bench.third];
    const made: string[] = [];
    for (const [index, count] of counts.entries()) {
      for (let turn = 0; turn < count; turn += 1) {
        const charge = await (clients[index] as ChargesClient).create({
          amount: 100,
          currency: 'EUR',
          source: 'approved',
        });
        made.push(`${index} ${charge.createdAt ?? ''}`);
      }
    }
    return { ...bench, made };
  };

  it('is merged newest first, page after page, and holds every charge once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 }), fc.nat({ max: 7 })),
        fc.integer({ min: 1, max: 9 }),
        async (counts, limit) => {
          const { router, made } = await filled(counts);
          const seen: { key: string; at: string }[] = [];
          let cursor: string | null = null;
          do {
            const page: Awaited<ReturnType<typeof router.list>> = await router.list({
              limit,
              ...(cursor === null ? {} : { cursor }),
            });
            expect(page.data.length).toBeLessThanOrEqual(limit);
            for (const charge of page.data) {
              const { route = '', createdAt } = charge as { route?: string; createdAt: string | null };
              const index = ['first', 'second', 'third'].indexOf(route);
              seen.push({ key: `${index} ${createdAt ?? ''}`, at: createdAt ?? '' });
            }
            cursor = page.nextCursor;
          } while (cursor !== null);
          expect(seen.map(({ key }) => key).sort()).toEqual([...made].sort());
          const times = seen.map(({ at }) => Date.parse(at));
          expect(times).toEqual([...times].sort((left, right) => right - left));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('loses and repeats nothing where new charges come in between two pages', async () => {
    const { router, first } = await filled([4, 4, 0]);
    const page = await router.list({ limit: 3 });
    for (let turn = 0; turn < 2; turn += 1)
      await first.create({ amount: 100, currency: 'EUR', source: 'approved' });
    const rest = await router.list({ limit: 100, cursor: page.nextCursor ?? '' });
    const names = [...page.data, ...rest.data].map(
      (charge) => `${(charge as { route?: string }).route ?? ''} ${charge.id}`,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(8);
  });

  it('is filtered and searched at every route', async () => {
    const { router } = makeBench();
    for (const route of ['first', 'second'] as const) {
      await router.create(
        { ...order, sources: { [route]: 'approved' }, metadata: { order: '81' } },
        { idempotencyKey: route },
      );
    }
    const found = await router.search({ metadata: { order: '81' } });
    expect(found.data.map((charge) => (charge as { route?: string }).route).sort()).toEqual([
      'first',
      'second',
    ]);
    expect((await router.search({ metadata: { order: '82' } })).data).toEqual([]);
    await expect(router.list({ cursor: 'mine' })).rejects.toMatchObject({ issues: [{ path: 'cursor' }] });
  });
});

describe('reconcile', () => {
  const key = { idempotencyKey: 'a' };

  it('finds a create at the route where its key lives, and settles the record', async () => {
    const { router, another, second, fail, store } = makeBench();
    fail(second, 'cut_after_commit');
    await expect(router.create(atSecond, key)).rejects.toMatchObject({ outcome: 'unknown' });
    const found = await another().reconcile('a');
    expect(found).toMatchObject({ outcome: 'happened', charge: { route: 'second', status: 'captured' } });
    expect((await store.get('default/router/keys', 'a'))?.record.state).toBe('succeeded');
    expect(await router.create(atSecond, key)).toMatchObject({ route: 'second' });
    expect(second.control.charges()).toHaveLength(1);
  });

  it('takes the error of a create, and its JSON', async () => {
    const { router, second, fail } = makeBench();
    fail(second, 'cut_after_commit');
    const error: unknown = await router.create(atSecond, key).catch((failure: unknown) => failure);
    const json = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
    expect(await router.reconcile(json)).toMatchObject({ outcome: 'happened' });
    expect(await router.reconcile('a')).toMatchObject({ outcome: 'happened' });
  });

  it('takes the error of a refund to the route of its charge', async () => {
    const { router, another, routes, second, store } = makeBench();
    const charge = await router.create(atSecond, key);
    second.control.inject({ operation: 'refund', fault: 'cut_after_commit' });
    const error: unknown = await router
      .refund(charge.id, {}, { idempotencyKey: 'r' })
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ outcome: 'unknown', chargeId: charge.id });
    expect(await another().reconcile(error as never)).toMatchObject({ outcome: 'happened' });
    expect(routes).toHaveLength(3);
    expect(store.durable).toBe(true);
  });

  it('says of a decline that nothing happened', async () => {
    const { router } = makeBench();
    await router.create({ ...order, sources: { first: 'declined' } }, key).catch(() => undefined);
    expect(await router.reconcile('a')).toMatchObject({
      outcome: 'did_not_happen',
      charge: { status: 'failed' },
    });
  });

  it('tells charges of one key at two routes, however they came there', async () => {
    const { router, first, second, fail } = makeBench();
    fail(first, 'refuse');
    await router.create(order, key);
    // Somebody uses the key directly, at the route that the payment has left.
    await first.create({ amount: 4590, currency: 'EUR', source: 'approved' }, key);
    await expect(router.reconcile('a')).rejects.toMatchObject({
      name: 'IntegrityError',
      code: 'duplicate_charge',
      candidates: [
        `first:${first.control.charges()[0]?.id ?? ''}`,
        `second:${second.control.charges()[0]?.id ?? ''}`,
      ],
    });
  });

  it('of a key that nobody used is unknown', async () => {
    const { router } = makeBench();
    expect(await router.reconcile('never')).toMatchObject({ outcome: 'unknown', retryAfterMs: null });
    await expect(router.reconcile({})).rejects.toMatchObject({ name: 'InvalidRequestError' });
  });

  it('tells a payment of a dead process once: what happened at the route is not taken back by the open record', async () => {
    const { router, first, store, fail } = makeBench();
    fail(first, 'cut_after_commit');
    await router.create(order, { idempotencyKey: 'a' }).catch(() => 0);
    // As a process leaves it that died before it could say so: started, prepared, and its lease is not over.
    const scope = 'default/router/keys';
    const record = (await store.get(scope, 'a'))?.record;
    if (record === undefined) throw new Error('nothing was recorded');
    const claim = { scope, key: 'a', attempt: record.attempt, owner: 'dead', leaseMs: 60_000 };
    const dead = await store.claim(claim);
    await store.prepare(
      { scope, key: 'a', owner: 'dead', attempt: dead?.record.attempt ?? 0 },
      record.resolved,
    );
    // The client settles its record at the first look; that of the router stays the dead process's until its lease is over.
    for (let look = 0; look < 2; look += 1) {
      const found: string[] = [];
      for await (const { idempotencyKey, outcome } of router.reconcilePending())
        found.push(`${idempotencyKey} ${outcome}`);
      expect(found).toEqual(['a happened']);
      expect(await router.reconcile('a')).toMatchObject({ outcome: 'happened', charge: { route: 'first' } });
      expect((await store.get(scope, 'a'))?.record).toMatchObject({ state: 'started', owner: 'dead' });
    }
  });

  it('goes through everything that is pending, once', async () => {
    const { router, first, second, fail } = makeBench();
    fail(first, 'cut_after_commit');
    fail(second, 'cut_before_commit');
    await router.create({ ...order, sources: { first: 'approved' } }, { idempotencyKey: 'a' }).catch(() => 0);
    await router.create(atSecond, { idempotencyKey: 'b' }).catch(() => 0);
    const found: string[] = [];
    for await (const { idempotencyKey, outcome } of router.reconcilePending())
      found.push(`${idempotencyKey} ${outcome}`);
    expect(found).toEqual(['a happened', expect.stringMatching(/^b (?:unknown|did_not_happen)$/)]);
  });
});

describe('a webhook', () => {
  it('is read by the client of its route', async () => {
    const { router } = makeBench();
    await expect(router.parseWebhook('{}', {})).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('router.for(route).parseWebhook') as string,
    });
  });

  it('names its route, where there is one route only, too', async () => {
    const { store } = makeBench();
    const client = createStripe({ secretKey: 'sk_test_1', webhookSecret: 'whsec_1' });
    const router = createRouter({ store, routes: [{ name: 'only', client } satisfies Route] });
    await expect(router.parseWebhook('{}', {})).rejects.toMatchObject({ name: 'WebhookSignatureError' });
  });
});
