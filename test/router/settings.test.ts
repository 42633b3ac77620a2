import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/stores/memory.js';
import { createRouter, type RouterSettings } from '../../src/router/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createFakeClient } from '../../src/testing/index.js';
import { ConfigurationError } from '../../src/errors.js';

const client = createFakeClient();
const thai = createOmise({ secretKey: 'skey_test_5xuy4w91xqz7d1w9u0t' });
const good = { store: memoryStore(), routes: [{ name: 'main', client }] };

const refusalOf = (settings: object): string => {
  try {
    createRouter(settings as RouterSettings);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('the settings were taken');
};

describe('the settings of a router', () => {
  it('are taken where they are right', () => {
    expect(createRouter(good).provider).toBe('router');
    const full = {
      ...good,
      cascade: { declines: ['do_not_honor' as const], failures: false },
      health: false as const,
      maxRoutes: 3,
      namespace: 'shop-1',
    };
    expect(createRouter(full).supports('create')).toBe(true);
  });

  it.each([
    ['nothing', null, 'settings must be a plain object'],
    ['no store', { routes: good.routes }, 'store'],
    [
      'a store without a method',
      { ...good, store: { ...good.store, begin: undefined } },
      'store: must be an operation store, such as memoryStore(): it has no method begin',
    ],
    [
      'a client without a method',
      { ...good, routes: [{ name: 'main', client: { ...client, reconcile: undefined } }] },
      'routes.0.client: must be a client: it has no method reconcile',
    ],
    ['a store that nobody awaited', { ...good, store: Promise.resolve(good.store) }, 'is a promise: await'],
    [
      'a client that nobody awaited',
      { ...good, routes: [{ name: 'main', client: Promise.resolve(client) }] },
      'routes.0.client: is a promise: await',
    ],
    ['health as a switch', { ...good, health: true }, 'health: must be false, or an object such as'],
    ['no routes', { ...good, routes: [] }, 'routes'],
    ['an unknown name', { ...good, route: [] }, 'route: is not a known field; did you mean routes?'],
    ['a route without a client', { ...good, routes: [{ name: 'main' }] }, 'routes.0.client'],
    ['a bad name', { ...good, routes: [{ name: 'a:b', client }] }, 'routes.0.name'],
    ...['weight', 'when', 'adapt'].map((name): [string, object, string] => [
      `a lost ${name}`,
      { ...good, routes: [{ name: 'main', client, [name]: undefined }] },
      `wrong: routes.0.${name}: is undefined: leave it out, or give a value`,
    ]),
    [
      'a lost condition',
      { ...good, routes: [{ name: 'main', client, when: { country: undefined } }] },
      'wrong: routes.0.when.country: is undefined: leave it out, or give a value',
    ],
    ['lost sources', { ...good, sources: undefined }, 'wrong: sources: is undefined: leave it out'],
    ['a negative weight', { ...good, routes: [{ name: 'main', client, weight: -1 }] }, 'routes.0.weight'],
    [
      'a name twice',
      { ...good, routes: [...good.routes, { name: 'main', client: createFakeClient() }] },
      'routes.1.name: another route has this name',
    ],
    [
      'a client twice',
      { ...good, routes: [...good.routes, { name: 'spare', client }] },
      'routes.1.client: another route has this client',
    ],
    [
      'clients in the place of routes',
      { ...good, routes: [client] },
      'routes.0: is a client: give { name, client }',
    ],
    [
      'a namespace whose name got lost',
      { ...good, namespace: 'shop-undefined' },
      'namespace: holds undefined',
    ],
    [
      'a live account beside a test account',
      {
        ...good,
        routes: [
          { name: 'live', client: createStripe({ secretKey: 'sk_live_4eC39HqLyjWDarjt' }) },
          { name: 'test', client: createOmise({ secretKey: 'skey_test_5xuy4w91xqz7d1w9u0t' }) },
        ],
      },
      'routes.1.client: is in test mode, and the route live is live',
    ],
    [
      'seconds in the place of milliseconds',
      {
        ...good,
        settleMs: 300,
        routes: [{ name: 'live', client: createStripe({ secretKey: 'sk_live_4eC39HqLyjWDarjt' }) }],
      },
      'settleMs is in milliseconds, and with a live key at least 1000',
    ],
    [
      'an amount without one currency',
      { ...good, routes: [{ name: 'main', client, when: { currency: ['EUR', 'JPY'], amount: { min: 1 } } }] },
      'routes.0.when.amount: needs one currency',
    ],
    [
      'an empty range',
      { ...good, routes: [{ name: 'main', client, when: { currency: 'EUR', amount: { min: 2, max: 1 } } }] },
      'min is above max',
    ],
    [
      'a currency that is none',
      { ...good, routes: [{ name: 'main', client, when: { currency: 'EURO' } }] },
      'routes.0.when',
    ],
    [
      'an amount that no payment has',
      { ...good, routes: [{ name: 'main', client, when: { currency: 'EUR', amount: { max: 0 } } }] },
      'routes.0.when.amount: max is 0, so that nothing fits',
    ],
    ...(
      [
        ['UK', '; did you mean GB?'],
        ['gb', '; did you mean GB?'],
        ['Germany', '; did you mean DE?'],
        ['USA', '; did you mean US?'],
        ['ZZ', ''],
        ['QQ', ''],
        ['', ''],
        [44, ''],
      ] as const
    ).flatMap(([country, hint]): [string, object, string][] => [
      [
        `a country that is ${String(country)}`,
        { ...good, routes: [{ name: 'main', client, when: { country } }] },
        `wrong: routes.0.when.country: must be an upper-case ISO 3166-1 code${hint}`,
      ],
    ]),
    [
      'a country that is none among others',
      { ...good, routes: [{ name: 'main', client, when: { country: ['GB', 'UK'] } }] },
      'wrong: routes.0.when.country.1: must be an upper-case ISO 3166-1 code; did you mean GB?',
    ],
    [
      'a currency that the provider never takes',
      { ...good, routes: [{ name: 'main', client: thai, when: { currency: 'AED' } }] },
      'routes.0.when.currency: is nothing that this client can charge, so that nothing fits',
    ],
    [
      'currencies of which the provider takes none',
      {
        ...good,
        routes: [...good.routes, { name: 'thai', client: thai, when: { currency: ['AED', 'BHD'] } }],
      },
      'routes.1.when.currency: is nothing that this client can charge, so that nothing fits',
    ],
    [
      'a currency that no route below a router takes',
      {
        ...good,
        routes: [
          {
            name: 'inner',
            client: createRouter({
              store: memoryStore(),
              namespace: 'inner',
              routes: [{ name: 'thai', client: thai }],
            }),
            when: { currency: 'AED' },
          },
        ],
      },
      'routes.0.when.currency: is nothing that this client can charge',
    ],
    [
      'a decline that never cascades',
      { ...good, cascade: { declines: ['lost_or_stolen_card'] } },
      'cascade.declines: lost_or_stolen_card never cascades: Visa category 1',
    ],
    [
      'an amount as text',
      { ...good, routes: [{ name: 'main', client, when: { currency: 'EUR', amount: { min: '100' } } }] },
      'wrong: routes.0.when.amount.min: must be an integer in minor units',
    ],
    [
      'a condition on metadata that is no text',
      { ...good, routes: [{ name: 'main', client, when: { metadata: { brand: 5 } } }] },
      'wrong: routes.0.when.metadata.brand: must be text',
    ],
    [
      'a condition of an unknown name',
      { ...good, routes: [{ name: 'main', client, when: { currencies: 'EUR' } }] },
      'wrong: routes.0.when.currencies: is not a known field; did you mean currency?',
    ],
    [
      'conditions that are none',
      { ...good, routes: [{ name: 'main', client, when: 'EUR' }] },
      'wrong: routes.0.when: must be a function, or an object such as { currency }',
    ],
    ['a rest as text', { ...good, health: { restMs: '5' } }, 'wrong: health.restMs: must be a number'],
    ['a decline that is none', { ...good, cascade: { declines: ['declined'] } }, 'cascade.declines.0'],
    ['too few routes', { ...good, maxRoutes: 0 }, 'maxRoutes'],
    ['a wrong rate', { ...good, health: { failureRate: 0 } }, 'health'],
  ])('refuse %s', (_name, settings, message) => {
    expect(refusalOf(settings as object)).toContain(message);
  });

  it('take a condition that fits some payment', () => {
    for (const when of [
      { currency: 'thb' },
      { currency: ['AED', 'THB'] },
      { country: 'GB' },
      // Addresses have these: providers take them, though ISO 3166-1 names no country so.
      { country: ['XK', 'AC', 'TA'] },
      { currency: 'THB', amount: { min: 0, max: 1 } },
    ])
      expect(createRouter({ ...good, routes: [{ name: 'thai', client: thai, when }] }).provider).toBe(
        'router',
      );
    // A provider that names no currencies takes any.
    const when = { currency: 'AED' };
    expect(client.capabilities.create.currencies).toBeUndefined();
    expect(createRouter({ ...good, routes: [{ name: 'main', client, when }] }).provider).toBe('router');
  });

  it('are no secret', () => {
    expect(refusalOf({ ...good, namespace: 'sk_live_1 2' })).not.toContain('sk_live_1');
  });
});

describe('the options of a create', () => {
  it('hold no headers, which belong to one provider', async () => {
    const router = createRouter(good);
    const params = { amount: 1, currency: 'EUR', source: 'approved' };
    await expect(router.create(params, { idempotencyKey: 'a', headers: {} } as never)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      idempotencyKey: 'a',
    });
  });

  it('hold a key where the settings require one', async () => {
    const router = createRouter({ ...good, requireIdempotencyKey: true });
    await expect(router.create({ amount: 1, currency: 'EUR', source: 'approved' })).rejects.toMatchObject({
      issues: [{ path: 'idempotencyKey', message: 'is required by the router settings' }],
    });
  });

  it('stand in their place: surplus arguments are refused', async () => {
    const router = createRouter(good);
    const params = { amount: 1, currency: 'EUR', source: 'approved' };
    const create = router.create as (...given: unknown[]) => Promise<unknown>;
    await expect(create(params, undefined, { idempotencyKey: 'a' })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      idempotencyKey: 'a',
    });
  });

  it('end a call that was aborted before anything was sent', async () => {
    const router = createRouter(good);
    const signal = AbortSignal.abort();
    const params = { amount: 1, currency: 'EUR', source: 'approved' };
    await expect(router.create(params, { idempotencyKey: 'b', signal })).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'not_sent',
      idempotencyKey: 'b',
    });
  });
});
