import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargesClient, ClientEvent } from '../../src/index.js';
import { readWire } from '../../src/calls/wire-fields.js';
import { createWorld, providerNames, type ProviderName } from '../attacks/attacked-world.js';

type Wire = Record<string, unknown>;

/** The body or query of a request, as names and values. */
const fieldsOf = ({ url, headers, body }: { url: string; headers: object; body: string | null }): Wire => {
  if (body === null || body === '') return Object.fromEntries(new URL(url).searchParams);
  const type = (headers as Record<string, string>)['content-type'] ?? '';
  return type.includes('json')
    ? (JSON.parse(body) as Wire)
    : Object.fromEntries(new URLSearchParams(body).entries());
};

const open = (provider: ProviderName, settings: object = {}) => {
  const world = createWorld();
  const events: ClientEvent[] = [];
  const client = world.client(provider, {
    ...settings,
    onEvent: (event: ClientEvent) => {
      events.push(event);
    },
  });
  // The simulator may know none of these fields: it gets the requests without them.
  world.tamper = (request, honest) => {
    const url = request.url.replace(/&?brand_new[^=&]*=[^&]*/g, '').replace(/\?&|\?$/, '');
    const body = request.body?.includes('brand_new')
      ? request.body.startsWith('{')
        ? JSON.stringify(
            Object.fromEntries(
              Object.entries(JSON.parse(request.body) as Wire).filter(([name]) => name !== 'brand_new'),
            ),
          )
        : request.body.replace(/&?brand_new[^=&]*=[^&]*/g, '')
      : request.body;
    return honest({ ...request, url, body: body ?? null });
  };
  return { world, client, events };
};

const wire = { brand_new: { depth: { one: 'a value', two: 2 }, list: ['x'], no: null } };
const withWire = { providerOptions: { wire } } as object as Record<string, never>;
const fieldNames = ['brand_new.depth.one', 'brand_new.depth.two', 'brand_new.list', 'brand_new.no'];

const asJson = wire.brand_new;
const inForm = {
  'brand_new[depth][one]': 'a value',
  'brand_new[depth][two]': '2',
  'brand_new[list][0]': 'x',
  'brand_new[no]': '',
};

/** Every operation with params, as a call on a fresh charge. */
const operations: Readonly<
  Record<
    string,
    (
      client: ChargesClient,
      world: ReturnType<typeof createWorld>,
      provider: ProviderName,
      more: object,
    ) => Promise<unknown>
  >
> = {
  create: (client, world, provider, more) =>
    client.create({ ...world.params(provider), ...more }, { idempotencyKey: world.key() }),
  update: async (client, world, provider, more) => {
    const { id } = await client.create(world.params(provider), { idempotencyKey: world.key() });
    world.sent.length = 0;
    return client.update(id, { metadata: { order: '82' }, ...more }, { idempotencyKey: world.key() });
  },
  capture: async (client, world, provider, more) => {
    const params = world.params(provider, { capture: false });
    const { id } = await client.create(params, { idempotencyKey: world.key() });
    world.sent.length = 0;
    return client.capture(id, more, { idempotencyKey: world.key() });
  },
  refund: async (client, world, provider, more) => {
    const { id } = await client.create(world.params(provider), { idempotencyKey: world.key() });
    world.sent.length = 0;
    return client.refund(id, { amount: 500, ...more }, { idempotencyKey: world.key() });
  },
  list: async (client, _world, _provider, more) => (await client.list(more)).data,
  search: async (client, _world, _provider, more) => (await client.search({ amount: 1, ...more })).data,
};

const cases = providerNames.flatMap((provider) =>
  Object.entries(operations)
    .filter(([name]) =>
      createWorld()
        .client(provider)
        .supports(name as never),
    )
    .map(([name, run]) => [provider, name, run] as const),
);

describe('fields in the provider’s own names', () => {
  it.each(cases)(
    'go out at %s with the request of %s, and are told by their names',
    async (provider, name, run) => {
      const { world, client, events } = open(provider);
      await run(client, world, provider, withWire);
      const carrying = world.sent.filter(({ url, body }) => `${url} ${body ?? ''}`.includes('brand_new'));
      expect(carrying.map(({ method }) => method)).toHaveLength(1);
      const fields = fieldsOf(carrying[0] as never);
      const isJson = carrying[0]?.body?.startsWith('{') === true;
      expect(fields).toMatchObject(isJson ? { brand_new: asJson } : inForm);
      const told = events.filter(({ type }) => type === 'passthrough');
      expect(told).toMatchObject([{ type: 'passthrough', provider, operation: name, fields: fieldNames }]);
      expect(JSON.stringify(events)).not.toContain('a value');
    },
  );

  it.each(cases)('are refused at %s unsent with %s where they are ours', async (provider, name, run) => {
    const { world, client } = open(provider);
    for (const field of ['amount', 'metadata', 'Currency']) {
      const more = { providerOptions: { wire: { [field]: { unicharge: 1 } } } };
      await expect(run(client, world, provider, more)).rejects.toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
        operation: name,
        issues: [{ path: `providerOptions.wire.${field}` }],
      });
    }
    // What is made before the operation itself is not counted.
    expect(world.sent.filter(({ method, url }) => method !== 'GET' && !url.includes('/oauth/'))).toEqual([]);
  });

  it.each([
    ['stripe', 'create', { confirm: false }, 'confirm'],
    [
      'stripe',
      'create',
      { automatic_payment_methods: { enabled: false } },
      'automatic_payment_methods.enabled',
    ],
    ['stripe', 'create', { return_url: 'https://shop.test' }, 'return_url'],
    ['stripe', 'capture', { amount_to_capture: 1 }, 'amount_to_capture'],
    ['stripe', 'refund', { reason: 'duplicate' }, 'reason'],
    ['stripe', 'refund', { expand: ['charge'] }, 'expand'],
    ['omise', 'create', { capture: false }, 'capture'],
    ['omise', 'capture', { capture_amount: 1 }, 'capture_amount'],
    ['magpie', 'create', { source: 'src_2' }, 'source'],
    ['magpie', 'refund', { reason: 'x' }, 'reason'],
    ['justifi', 'create', { capture_strategy: 'manual' }, 'capture_strategy'],
    ['pin', 'create', { card_token: 'card_2' }, 'card_token'],
  ] as const)('never stand over a field of ours: %s %s %j', async (provider, name, fields, path) => {
    const { world, client } = open(provider);
    const run = operations[name] as (typeof operations)[string];
    const before = world.sent.length;
    await expect(run(client, world, provider, { providerOptions: { wire: fields } })).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: `providerOptions.wire.${path}` }],
    });
    if (name === 'create') expect(world.sent).toHaveLength(before);
    else expect(world.sent).toEqual([]);
  });

  // How much is taken, from whom, and when: by the reference of each provider.
  it.each([
    ['stripe', 'amount_to_capture capture capture_method charge confirm confirmation_method customer'],
    ['stripe', 'ending_before expand payment_intent payment_method source'],
    ['omise', 'capture capture_amount card customer expand return_uri source'],
    ['magpie', 'capture reason source'],
    ['justifi', 'capture_strategy payment_method'],
    ['pin', 'capture card card_token customer_token payment_source_token'],
  ] as const)(
    'never decide what is charged, where a request leaves it out: %s %s',
    async (provider, names) => {
      for (const name of names.split(' ')) {
        const { world, client } = open(provider);
        const params = { ...world.params(provider), providerOptions: { wire: { [name]: 'another' } } };
        await expect(client.create(params), name).rejects.toMatchObject({
          outcome: 'not_sent',
          issues: [{ path: `providerOptions.wire.${name}` }],
        });
        expect(world.sent).toEqual([]);
      }
    },
  );

  it('are merged beside ours inside an object', async () => {
    const { world, client } = open('stripe');
    world.tamper = (request, honest) =>
      honest({
        ...request,
        body: request.body?.replace(/&automatic_payment_methods%?\[brand[^&]*/g, '') ?? null,
      });
    const params = world.params('stripe', {
      providerOptions: { wire: { automatic_payment_methods: { brand_new: 'a' } } },
    });
    await client.create(params, { idempotencyKey: 'k1' });
    expect(fieldsOf(world.sent.at(-1) as never)).toMatchObject({
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[brand_new]': 'a',
    });
  });

  it('are part of the request that a key stands for', async () => {
    const { world, client } = open('stripe');
    const params = world.params('stripe');
    const create = (fields: object) =>
      client.create({ ...params, providerOptions: { wire: fields } }, { idempotencyKey: 'k1' });
    const { id } = await create({ brand_new: 'a' });
    await expect(create({ brand_new: 'a' })).resolves.toMatchObject({ id });
    await expect(create({ brand_new: 'b' })).rejects.toMatchObject({ name: 'IdempotencyConflictError' });
    await expect(client.create(params, { idempotencyKey: 'k1' })).rejects.toMatchObject({
      name: 'IdempotencyConflictError',
    });
  });

  it('leave the other options of the provider in the request that a key stands for', async () => {
    const { world, client } = open('stripe');
    const params = world.params('stripe');
    const create = (receiptEmail: string) =>
      client.create(
        { ...params, providerOptions: { receiptEmail, wire: { brand_new: 'a' } } },
        { idempotencyKey: 'k1' },
      );
    const { id } = await create('kim@shop.test');
    await expect(create('kim@shop.test')).resolves.toMatchObject({ id });
    await expect(create('sam@shop.test')).rejects.toMatchObject({ name: 'IdempotencyConflictError' });
  });

  it('are not repeated by the error of a provider that quotes them', async () => {
    const { world, client, events } = open('stripe');
    world.tamper = () =>
      Promise.resolve({
        status: 400,
        headers: { 'content-type': 'application/json' },
        text: JSON.stringify({
          error: {
            type: 'invalid_request_error',
            message: 'No such thing: secret value',
            param: 'secret value',
          },
        }),
      });
    const params = world.params('stripe', {
      source: 'pm_card_visa',
      providerOptions: { wire: { brand_new: 'secret value' } },
    });
    const error: unknown = await client.create(params).catch((reason: unknown) => reason);
    expect(JSON.stringify(error)).toContain('No such thing: [redacted]');
    expect(JSON.stringify([error, events])).not.toContain('secret value');
  });

  it('are not taken where what is sent depends on what is read', async () => {
    const { world, client } = open('stripe');
    const verified = client.verify3DS({ chargeId: 'pi_1', ...withWire });
    await expect(verified).rejects.toMatchObject({ issues: [{ path: 'providerOptions.wire' }] });
    expect(world.sent).toEqual([]);
  });

  const cyclic: Wire = {};
  cyclic['self'] = cyclic;
  it.each([
    ['no object', 'x', ''],
    ['a list', ['x'], ''],
    ['undefined', undefined, ''],
    ['a Map', new Map([['a', 1]]), ''],
    ['an undefined value', { a: undefined }, '.a'],
    ['a Date', { a: { b: new Date() } }, '.a.b'],
    ['a bigint', { a: 1n }, '.a'],
    ['not a number', { a: Number.NaN }, '.a'],
    ['an unsafe integer', { a: 2 ** 60 }, '.a'],
    ['a function', { a: [() => 1] }, '.a.0'],
    ['half a character', { a: '\ud800' }, '.a'],
    ['a text without end', { a: 'x'.repeat(5001) }, '.a'],
    ['an empty object', { a: {} }, '.a'],
    ['an empty list', { a: [] }, '.a'],
    ['a name with brackets', { 'metadata[unicharge_key]': 'x' }, '.metadata[unicharge_key]'],
    ['a name with a space', { 'a b': 'x' }, '.a b'],
    ['the stamp, wherever', { a: { unicharge_key: 'x' } }, '.a.unicharge_key'],
    ['a prototype', JSON.parse('{"__proto__":{"a":1}}') as Wire, '.__proto__'],
    ['a value that contains itself', cyclic, '.self.self.self.self.self.self.self.self'],
    ['too many values', Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}`, n])), ''],
  ])('are refused for %s', async (_, fields, path) => {
    const { world, client } = open('omise');
    const params = { ...world.params('omise'), providerOptions: { wire: fields } } as never;
    const error: unknown = await client.create(params).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'InvalidRequestError', outcome: 'not_sent' });
    expect((error as { issues: { path: string }[] }).issues.map((issue) => issue.path)).toEqual([
      `providerOptions.wire${path}`,
    ]);
    expect(world.sent).toEqual([]);
  });

  it('are read from any value in bounded work, and never changed', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withMap: true, withDate: true }), (value) => {
        const { wire: read, issues } = readWire({ field: value });
        if (issues.length === 0)
          expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify({ field: value })));
        else expect(issues).toHaveLength(1);
      }),
    );
  });
});
