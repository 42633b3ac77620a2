import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargesClient } from '../../src/charges-client.js';
import type { Route, RouterCreateParams } from '../../src/router/index.js';
import type { CreateParams } from '../../src/models/params.js';
import { createFakeClient } from '../../src/testing/index.js';
import { approved, makeBench, order } from './bench.js';

const misfitsOf = async (
  when: Exclude<Route['when'], undefined>,
  params: Partial<RouterCreateParams> = {},
): Promise<readonly string[]> => {
  const { router } = makeBench({}, { first: { when } });
  const plan = await router.explain({ ...order, ...params });
  return plan.routes[0]?.misfits ?? [];
};

describe('a route fits', () => {
  it('by currency', async () => {
    expect(await misfitsOf({ currency: 'EUR' })).toEqual([]);
    expect(await misfitsOf({ currency: 'eur' })).toEqual([]);
    expect(await misfitsOf({ currency: ['USD', 'EUR'] }, { currency: 'usd' })).toEqual([]);
    expect(await misfitsOf({ currency: 'THB' })).toEqual(['currency']);
  });

  it('by amount, both ends included', async () => {
    const when = { currency: 'EUR', amount: { min: 100, max: 200 } };
    expect(await misfitsOf(when, { amount: 99 })).toEqual(['amount']);
    expect(await misfitsOf(when, { amount: 100 })).toEqual([]);
    expect(await misfitsOf(when, { amount: 200 })).toEqual([]);
    expect(await misfitsOf(when, { amount: 201 })).toEqual(['amount']);
  });

  it('by the country of the billing address', async () => {
    const billing = { address: { country: 'TH' } };
    expect(await misfitsOf({ country: ['TH', 'SG'] }, { billing })).toEqual([]);
    expect(await misfitsOf({ country: 'SG' }, { billing })).toEqual(['country']);
    expect(await misfitsOf({ country: 'SG' })).toEqual(['country']);
  });

  it('by metadata', async () => {
    expect(await misfitsOf({ metadata: { shop: 'a' } }, { metadata: { shop: 'a', more: 'b' } })).toEqual([]);
    expect(await misfitsOf({ metadata: { shop: 'a' } }, { metadata: { shop: 'b' } })).toEqual(['metadata']);
    expect(await misfitsOf({ metadata: { toString: 'a' } })).toEqual(['metadata']);
  });

  it('by a function of the same facts', async () => {
    expect(await misfitsOf(({ amount, currency }) => amount > 1000 && currency === 'EUR')).toEqual([]);
    expect(await misfitsOf(({ country }) => country !== null)).toEqual(['when']);
    await expect(misfitsOf((() => 1) as never)).rejects.toMatchObject({ name: 'ConfigurationError' });
    const throws = () => {
      throw new RangeError('secret');
    };
    const error: unknown = await misfitsOf(throws).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'ConfigurationError', outcome: 'not_sent' });
    expect(String(error)).toContain('when threw RangeError');
    expect(String(error)).not.toContain('secret');
  });

  it('only with a source of its own', async () => {
    const { router, ledger } = makeBench();
    const plan = await router.explain({ ...order, sources: { second: 'approved' } });
    expect(plan.routes.map(({ misfits }) => misfits)).toEqual([['no_source'], [], ['no_source']]);
    const charge = await router.create({ ...order, sources: { second: 'approved' } });
    expect(charge.route).toBe('second');
    expect(ledger()).toEqual({ first: 0, second: 1, third: 0 });
  });

  it('only with a source, where the settings give null for a column without one', async () => {
    const tokens: Readonly<Record<string, string | null>> = { first: null, second: 'approved', third: null };
    const { router } = makeBench({ sources: (_, route) => tokens[route] as string });
    const params = { amount: 4590, currency: 'EUR' };
    expect((await router.explain(params)).routes.map(({ misfits }) => misfits)).toEqual([
      ['no_source'],
      [],
      ['no_source'],
    ]);
    expect(await router.create(params)).toMatchObject({ route: 'second' });
  });

  it('only where the provider takes the source and the currency, by its capabilities', async () => {
    const client = createFakeClient();
    const capabilities = { ...client.capabilities };
    const limited = {
      ...client,
      capabilities: {
        ...capabilities,
        create: { ...capabilities.create, currencies: ['THB'], refuses: ['returnUrl'], requires: ['email'] },
      },
    } as unknown as ChargesClient;
    const { another, routes } = makeBench();
    const router = another({ routes: [{ name: 'limited', client: limited }, routes[1] as Route] });
    const card = { type: 'card', number: '4242424242424242', expMonth: 1, expYear: 2030 } as const;
    const plan = await router.explain({
      amount: 1,
      currency: 'EUR',
      returnUrl: 'https://shop.example',
      source: card,
    });
    expect(plan.routes.map(({ misfits }) => misfits)).toEqual([
      ['currency_not_taken', 'source_type', 'param_refused', 'param_missing'],
      ['source_type'],
    ]);
  });

  it('or nothing is sent: the error says why each does not', async () => {
    const { router, first } = makeBench({}, { first: { when: { currency: 'THB' } } });
    await expect(router.create({ ...order, sources: { first: 'approved' } })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      code: 'no_route',
      outcome: 'not_sent',
      message: 'create was not sent: no route fits: first (currency); second (no_source); third (no_source)',
    });
    expect(first.control.requests()).toEqual([]);
  });
});

describe('explain', () => {
  it.each<[string, unknown, unknown, string]>([
    [
      'params that are missing',
      undefined,
      {},
      'params: must be a plain object such as { amount, currency, source }',
    ],
    ['an amount that is none', { ...order, amount: 45.9 }, {}, 'amount: must be a safe integer'],
    ['a source beside sources', { ...order, source: 'a' }, {}, 'source: must not stand beside sources'],
    ['a route that there is not', { ...order, sources: { fourth: 'a' } }, {}, 'sources: names a route'],
    [
      'a misspelt route beside one that there is',
      { ...order, sources: { mian: 'a', first: 'b', sk_live_4242: 'c' } },
      {},
      'sources: names a route that this router does not have: mian, [masked] (it has ',
    ],
    ['a key that is none', order, { idempotencyKey: '' }, 'idempotencyKey: must be'],
    ['options that are none', order, { idempotencyKeys: 'a' }, 'idempotencyKeys: is not a known field'],
  ])('speaks of itself where it is given %s', async (_, params, options, message) => {
    const { router } = makeBench();
    const error: unknown = await router
      .explain(params as typeof order, options as object)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'InvalidRequestError', operation: 'explain', outcome: 'not_sent' });
    expect((error as Error).message).toContain(`explain was not run: ${message}`);
  });

  it('speaks of itself where the settings or the store fail', async () => {
    const failing = () => {
      throw new Error('4242canary');
    };
    const isOurs = { operation: 'explain', outcome: 'not_sent' };
    await expect(
      makeBench({ sources: failing }).router.explain({ amount: 1, currency: 'EUR' }),
    ).rejects.toMatchObject(isOurs);
    await expect(makeBench({}, { first: { when: failing } }).router.explain(order)).rejects.toMatchObject(
      isOurs,
    );
    const store = { ...makeBench().store, get: () => Promise.reject(new Error('down')) };
    await expect(makeBench({ store }).router.explain(order, { idempotencyKey: 'a' })).rejects.toMatchObject({
      ...isOurs,
      code: 'store_unavailable',
    });
  });
});

describe('sources', () => {
  it.each<[unknown, string]>([
    [42, 'must be'],
    ['', 'must not be empty'],
    [{}, 'type: '],
    [[], 'must be'],
    [{ type: 'tokn', token: '4242canary' }, 'type: must be one of token, customer'],
    [{ type: 'token', token: '4242 canary' }, 'token: must not contain spaces'],
  ])(
    'are blamed where the function of the settings gives %j, and nothing is sent',
    async (given, message) => {
      for (const [name, settings, routes] of [
        ['sources gave what is no source: ', { sources: () => given as string }, {}],
        [
          'adapt gave a source that is none: ',
          {},
          { first: { adapt: (params: object) => ({ ...params, source: given }) as never } },
        ],
      ] as const) {
        const { router, first } = makeBench(settings, routes);
        const { sources: _, ...rest } = order;
        const params = name.startsWith('adapt') ? order : rest;
        for (const ask of [router.create, router.explain]) {
          const error: unknown = await ask(params).catch((thrown: unknown) => thrown);
          expect(error).toMatchObject({ name: 'ConfigurationError', outcome: 'not_sent' });
          expect((error as Error).message).toContain(`the route first cannot be used: ${name}`);
          expect((error as Error).message).toContain(message);
          expect((error as Error).message).not.toContain('canary');
        }
        expect(first.control.requests()).toEqual([]);
      }
    },
  );

  it('come from the function of the settings, for the route that is used', async () => {
    const { router, first, fail } = makeBench({ sources: async (_params, route) => `token_of_${route}` });
    fail(first, 'refuse');
    const charge = await router.create({ amount: 1, currency: 'EUR' });
    expect(charge.route).toBe('second');
    const { sources, ...rest } = order;
    expect(sources).toBe(approved);
    await expect(router.create({ ...rest, source: 'any' })).resolves.toBeDefined();
  });

  it('that are one token are refused where several routes could be meant', async () => {
    const { router, first } = makeBench();
    await expect(router.create({ amount: 1, currency: 'EUR', source: 'token' })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [{ path: 'source', message: expect.stringContaining('3 routes fit') as string }],
    });
    expect(first.control.requests()).toEqual([]);
  });

  it('that are one token are used where one route fits', async () => {
    const { router } = makeBench({}, { second: { when: () => false }, third: { when: () => false } });
    await expect(router.create({ amount: 1, currency: 'EUR', source: 'token' })).resolves.toMatchObject({
      route: 'first',
    });
  });

  it('are named by routes of this router, and stand alone', async () => {
    const { router } = makeBench();
    const issuesOf = async (params: object) =>
      router.create({ amount: 1, currency: 'EUR', ...params }).catch((error: unknown) => error);
    expect(await issuesOf({ sources: { fourth: 'a' } })).toMatchObject({ issues: [{ path: 'sources' }] });
    expect(await issuesOf({ source: 'a', sources: approved })).toMatchObject({
      issues: [{ path: 'source' }],
    });
    expect(await issuesOf({ sources: undefined })).toMatchObject({ issues: [{ path: 'sources' }] });
  });
});

describe('adapt', () => {
  it('is named with its route where the client there refuses what it gave', async () => {
    const adapt = (params: CreateParams) => ({ ...params, colour: 'red' });
    const { router, first } = makeBench({}, { first: { adapt } });
    const error: unknown = await router.create(order, { idempotencyKey: 'a' }).catch((each: unknown) => each);
    expect(error).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [{ path: 'colour' }],
    });
    expect((error as Error).message).toMatch(
      /^after adapt of the route first: .*colour: is not a known field/,
    );
    expect(first.control.requests()).toEqual([]);
  });

  it('changes what is sent at its route alone', async () => {
    const { router, first, second, fail } = makeBench(
      {},
      { second: { adapt: (params) => ({ ...params, description: 'adapted' }) } },
    );
    await router.create(order, { idempotencyKey: 'a' });
    fail(first, 'refuse');
    const charge = await router.create(order, { idempotencyKey: 'b' });
    expect(charge.description).toBe('adapted');
    expect((await first.list()).data[0]?.description).toBeNull();
    expect((await second.list()).data).toHaveLength(1);
  });

  it('cannot make a payment of an authorization by leaving capture out', async () => {
    const adapt = ({ amount, currency, source }: CreateParams) => ({
      amount,
      currency,
      ...(source === undefined ? {} : { source }),
    });
    const { router, first } = makeBench({}, { first: { adapt } });
    await expect(router.create({ ...order, capture: false })).rejects.toMatchObject({
      name: 'ConfigurationError',
      outcome: 'not_sent',
    });
    expect(first.control.requests()).toEqual([]);
    await expect(router.create({ ...order, capture: true })).resolves.toMatchObject({ status: 'captured' });
  });

  it('cannot change the amount, the currency or throw, and has to give the params at once', async () => {
    for (const adapt of [
      () => undefined as never,
      () => null as never,
      () => ({}) as never,
      (params: RouterCreateParams) => Promise.resolve(params) as never,
      (params: RouterCreateParams) => ({ ...params, amount: 1 }),
      (params: RouterCreateParams) => ({ ...params, currency: 'USD' }),
      () => {
        throw new Error('secret');
      },
    ]) {
      const { router, first } = makeBench({}, { first: { adapt } });
      const error: unknown = await router.create(order).catch((failure: unknown) => failure);
      expect(error).toMatchObject({ name: 'ConfigurationError', outcome: 'not_sent' });
      expect(String(error)).not.toContain('secret');
      expect(first.control.requests()).toEqual([]);
    }
  });
});

describe('the order', () => {
  it('is that of the settings where no route has a weight', async () => {
    const { router } = makeBench();
    for (const idempotencyKey of ['a', 'b', 'c', 'd'])
      expect((await router.explain(order, { idempotencyKey })).order).toEqual(['first', 'second']);
  });

  it('is a draw by weight, the same for a key whenever it is asked, and spare routes come last', async () => {
    const { router, another } = makeBench(
      { maxRoutes: 3 },
      { first: { weight: 90 }, second: { weight: 10 }, third: {} },
    );
    const firsts: string[] = [];
    for (let index = 0; index < 400; index += 1) {
      const idempotencyKey = `order-${index}`;
      const { order: drawn } = await router.explain(order, { idempotencyKey });
      expect((await another().explain(order, { idempotencyKey })).order).toEqual(drawn);
      expect(drawn.at(-1)).toBe('third');
      firsts.push(drawn[0] ?? '');
    }
    const share = firsts.filter((name) => name === 'first').length / firsts.length;
    expect(share).toBeGreaterThan(0.84);
    expect(share).toBeLessThan(0.96);
  });

  it('is recorded with the payment: what is drawn later changes nothing', async () => {
    const { router, another, routes, first, fail } = makeBench();
    fail(first, 'cut_before_commit');
    await router.create(order, { idempotencyKey: 'a' }).catch(() => undefined);
    const weighted = routes.map((route, index) => ({ ...route, weight: index === 2 ? 1 : 0 }));
    const plan = await another({ routes: weighted }).explain(order, { idempotencyKey: 'a' });
    expect(plan).toMatchObject({
      recorded: true,
      route: 'first',
      state: 'unknown',
      order: ['first', 'second'],
    });
    expect((await another({ routes: weighted }).explain(order, { idempotencyKey: 'b' })).order[0]).toBe(
      'third',
    );
  });

  it('holds every route that fits once, whatever the weights are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }), {
          minLength: 3,
          maxLength: 3,
        }),
        fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', 'b', '1', '-') }),
        async (weights, idempotencyKey) => {
          const names = ['first', 'second', 'third'] as const;
          const settings = Object.fromEntries(
            names.map((name, index) => [
              name,
              weights[index] === undefined ? {} : { weight: weights[index] },
            ]),
          );
          const { router } = makeBench({ maxRoutes: 3 }, settings);
          const plan = await router.explain(order, { idempotencyKey });
          expect([...plan.order].sort()).toEqual(['first', 'second', 'third']);
          const spare = plan.order.findIndex((name) => (settings[name]?.weight ?? 0) === 0);
          // Behind a spare route stand spare ones only.
          if (spare !== -1)
            expect(plan.order.slice(spare).every((name) => (settings[name]?.weight ?? 0) === 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is told without sending or recording anything', async () => {
    const { router, store, first } = makeBench();
    await router.explain(order, { idempotencyKey: 'a' });
    expect(await store.get('default/router/keys', 'a')).toBeNull();
    expect(first.control.requests()).toEqual([]);
  });
});
