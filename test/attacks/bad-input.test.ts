import { describe, expect, it } from 'vitest';
import { ChargesError } from '../../src/index.js';
import {
  createWorld,
  ending,
  providerNames,
  type AttackedWorld,
  type ProviderName,
} from './attacked-world.js';

const canary = 'canary-7f3a9c';

/** A bad value and its name. */
type Case = readonly [name: string, make: () => unknown];

/** Strikes with every case and tells all that got through, by name. */
const strikeAll = async (
  cases: readonly Case[],
  strike: (value: unknown, name: string) => Promise<unknown>,
) => {
  const holes: string[] = [];
  for (const [name, make] of cases) {
    const value = make();
    await strike(value, name).catch((error: unknown) => holes.push(`${name}: ${(error as Error).message}`));
  }
  expect(holes).toEqual([]);
};

const notNull = ([name]: Case): boolean => name !== 'null';
const nothing: Case = ['undefined', () => undefined];

const hostile = (): never => {
  throw new Error(canary);
};
const throwing = (name = 'amount'): object =>
  Object.defineProperty({}, name, { enumerable: true, get: hostile });
const brandedError = (): ChargesError => new ChargesError({ message: 'x', outcome: 'unknown' });
const givenAway = (): ArrayBuffer => {
  const memory = new ArrayBuffer(8);
  structuredClone(memory, { transfer: [memory] });
  return memory;
};
const hostileProxy = (): unknown =>
  new Proxy(
    {},
    {
      get: () => {
        throw new Error(canary);
      },
      ownKeys: () => {
        throw new Error(canary);
      },
      has: () => {
        throw new Error(canary);
      },
      getPrototypeOf: () => {
        throw new Error(canary);
      },
    },
  );
const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const cyclic = (): object => {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
};

/** Values that no field takes: amounts, texts, dates and ids alike. */
const neverGood: readonly Case[] = [
  ['null', () => null],
  ['NaN', () => Number.NaN],
  ['-0', () => -0],
  ['a negative number', () => -1],
  ['a float', () => 45.9],
  ['1e21', () => 1e21],
  ['2**53', () => 2 ** 53],
  ['Infinity', () => Infinity],
  ['an array', () => [canary]],
  ['a symbol', () => Symbol(canary)],
  ['a BigInt', () => 4590n],
  ['a function', () => () => canary],
  ['an empty text', () => ''],
  ['a hostile proxy', hostileProxy],
  ['a revoked proxy', revoked],
  ['a cyclic object', cyclic],
  ['a boxed text', () => new String(canary)],
  ['a promise', () => Promise.resolve(canary)],
  ['a map', () => new Map([[canary, canary]])],
];

const badIds: readonly Case[] = [
  ...neverGood,
  nothing,
  ['..', () => '..'],
  ['.', () => '.'],
  ['a path', () => 'ch_1/refunds'],
  ['a query', () => 'ch_1?x=1'],
  ['a fragment', () => 'ch_1#x'],
  ['percent', () => '%2f'],
  ['dots encoded', () => '%2e%2e'],
  ['CR LF', () => 'ch_1\r\nX-Evil: 1'],
  ['a null byte', () => 'ch_1\0'],
  ['a lone surrogate', () => 'ch_\ud800'],
  ['256 signs', () => 'c'.repeat(256)],
  ['a space', () => ' ch_1'],
  ['a backslash', () => 'ch_1\\..'],
  ['full width dots', () => '．．'],
];

/** A refusal before sending: typed, `not_sent`, nothing on the wire, no value in any text. */
const expectRefusal = async (world: AttackedWorld, work: () => unknown): Promise<ChargesError> => {
  const before = world.sent.length;
  const end = await ending(work);
  expect(world.sent.length, 'requests').toBe(before);
  if ('resolved' in end) throw new Error('it resolved');
  expect(end.rejected).toBeInstanceOf(ChargesError);
  const error = end.rejected as ChargesError;
  expect(error.outcome).toBe('not_sent');
  expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(canary);
  return error;
};

const createFields = [
  'amount',
  'currency',
  'source',
  'capture',
  'description',
  'statementDescriptor',
  'metadata',
  'customer',
  'email',
  'ip',
  'returnUrl',
  'billing',
  'shipping',
  'expiresAt',
  'providerOptions',
];

const oneOf = (
  provider: ProviderName,
): { world: AttackedWorld; client: ReturnType<AttackedWorld['client']> } => {
  const world = createWorld();
  return { world, client: world.client(provider) };
};

describe.each(providerNames)('%s refuses before it sends', (provider) => {
  const { world, client } = oneOf(provider);
  const key = () => ({ idempotencyKey: world.key() });

  it.each(createFields)('create with a bad %s', async (field) => {
    await strikeAll(neverGood, async (value) => {
      const error = await expectRefusal(world, () =>
        client.create({ ...world.params(provider), [field]: value }, key()),
      );
      // A value that cannot even be looked at is named only where it is met before anything else is read.
      const issues = JSON.stringify((error as { issues?: unknown }).issues);
      if (!issues.includes('cannot be read')) expect(issues).toContain(field);
    });
  });

  it('create with params of a bad kind', async () => {
    await strikeAll(
      [
        ...neverGood,
        nothing,
        ['a getter that throws', () => throwing()],
        ['options in place of params', () => ({ idempotencyKey: 'order-81' })],
        ['an unknown field', () => ({ ...world.params(provider), amuont: 1 })],
        ['an own __proto__ field', () => JSON.parse('{"__proto__":1}') as unknown],
      ],
      async (value) => {
        await expectRefusal(world, () => client.create(value as never, key()));
      },
    );
  });

  it('create with options of a bad kind', async () => {
    await strikeAll(
      [
        ...neverGood.filter(notNull),
        ['a getter that throws', () => throwing()],
        ['params in place of options', () => world.params(provider)],
        ['an unknown option', () => ({ idempotencyKy: 'order-81' })],
        ['a key with a space', () => ({ idempotencyKey: 'order 81' })],
        ['a key of 91 signs', () => ({ idempotencyKey: 'k'.repeat(91) })],
        ['an empty key', () => ({ idempotencyKey: '' })],
        ['a key with CR LF', () => ({ idempotencyKey: 'k\r\nX-Evil: 1' })],
        ['a key with an umlaut', () => ({ idempotencyKey: 'bestellung-ä' })],
        ['a key that is a number', () => ({ idempotencyKey: 81 })],
        ['a signal that is none', () => ({ signal: { aborted: false } })],
        ['a timeout of 0', () => ({ timeoutMs: 0 })],
        ['a timeout in seconds', () => ({ timeoutMs: 5 })],
        ['a deadline of NaN', () => ({ deadlineMs: Number.NaN })],
        ['a deadline without end', () => ({ deadlineMs: Infinity })],
        ['21 retries', () => ({ maxRetries: 21 })],
        ['-1 retries', () => ({ maxRetries: -1 })],
        ['a header with CR LF', () => ({ headers: { 'stripe-account': 'acct_1\r\nX-Evil: 1' } })],
        ['an authorization header', () => ({ headers: { authorization: canary } })],
        ['a host header', () => ({ headers: { Host: canary } })],
        ['an idempotency header', () => ({ headers: { 'Idempotency-Key': canary } })],
        ['a __proto__ header', () => ({ headers: JSON.parse('{"__proto__":"x"}') as unknown })],
        ['a constructor header', () => ({ headers: { constructor: 'x' } })],
      ],
      async (value) => {
        await expectRefusal(world, () => client.create(world.params(provider), value as never));
      },
    );
  });

  it('a bad id', async () => {
    await strikeAll(badIds, async (value) => {
      const bad = value as string;
      await expectRefusal(world, () => client.retrieve(bad));
      await expectRefusal(world, () => client.capture(bad, {}, key()));
      await expectRefusal(world, () => client.void(bad, key()));
      await expectRefusal(world, () => client.reverse(bad, key()));
      await expectRefusal(world, () => client.expire(bad, key()));
      await expectRefusal(world, () => client.refund(bad, {}, key()));
      await expectRefusal(world, () => client.update(bad, { description: 'x' }, key()));
      await expectRefusal(world, () => client.listRefunds(bad));
      await expectRefusal(world, () => client.retrieveRefund('ch_1', bad));
      await expectRefusal(world, () => client.retrieveRefund(bad, 'rfnd_1'));
      if (value !== undefined) await expectRefusal(world, () => client.verify3DS({ chargeId: bad }));
    });
  });

  describe.each(['capture', 'refund', 'update', 'list', 'search', 'verify3DS'] as const)('%s', (method) => {
    const call = (params: unknown, options?: unknown): unknown => {
      switch (method) {
        case 'capture':
        case 'refund':
        case 'update':
          return client[method]('ch_1', params as never, options ?? key());
        case 'list':
        case 'search':
          return client[method](params as never, options as never);
        case 'verify3DS':
          return client.verify3DS(params as never, options as never);
      }
    };
    it('with params of a bad kind', async () => {
      await strikeAll(
        [
          ...neverGood.filter(notNull),
          ['a getter that throws', () => throwing()],
          ['an unknown field', () => ({ amuont: 1 })],
          ['options in place of params', () => ({ idempotencyKey: 'order-81' })],
        ],
        async (value) => {
          await expectRefusal(world, () => call(value));
        },
      );
    });
    it.each([
      'amount',
      'metadata',
      'createdAfter',
      'limit',
      'maxItems',
      'cursor',
      'chargeId',
      'sessionToken',
      'expected',
      'reason',
      'description',
      'providerOptions',
      'query',
      'status',
    ])('with a bad %s', async (field) => {
      // An update with an empty description clears it.
      const clears = method === 'update' && field === 'description';
      const cases = clears ? neverGood.filter(([name]) => name !== 'an empty text') : neverGood;
      await strikeAll(cases, (value) => expectRefusal(world, () => call({ [field]: value })));
    });
    it('with options of a bad kind', async () => {
      await strikeAll(
        [...neverGood.filter(notNull), ['an unknown option', () => ({ timeout: 5 })]],
        async (value) => {
          await expectRefusal(world, () => call(method === 'update' ? { description: 'x' } : {}, value));
        },
      );
    });
  });

  it('reconcile of something else', async () => {
    const cases: readonly Case[] = [
      ...neverGood,
      nothing,
      ['a getter that throws', () => throwing('name')],
      [
        'an error whose toJSON throws',
        () => Object.assign(brandedError(), { toJSON: () => throwing('name') }),
      ],
      ['an error whose toJSON says nothing', () => Object.assign(brandedError(), { toJSON: () => null })],
      ['a proxy of an error', () => new Proxy(brandedError(), { get: hostile })],
      ['an error of something else', () => new TypeError(canary)],
    ];
    await strikeAll(cases, async (value) => {
      const error = await expectRefusal(world, () => client.reconcile(value as never));
      expect(error).toMatchObject({ name: 'InvalidRequestError', issues: [{ path: 'keyOrError' }] });
    });
  });

  it('reconcilePending with options of a bad kind', async () => {
    await strikeAll(neverGood.filter(notNull), async (value) => {
      await expectRefusal(world, async () => {
        for await (const each of client.reconcilePending(value as never))
          throw new Error(`it yielded ${each.outcome}`);
      });
    });
  });

  it('parseWebhook of something else than a raw body and headers', async () => {
    const listener = world.client(provider, provider === 'magpie' ? {} : { webhookSecret: 'd2hzZWM=' });
    const bodies: readonly Case[] = [
      ...neverGood.filter(([name]) => name !== 'an empty text'),
      nothing,
      ['a proxy of bytes', () => new Proxy(Buffer.from('{}'), { get: hostile })],
      ['words of 16 bits', () => new Uint16Array(2)],
      ['memory that was given away', givenAway],
      ['a parsed body', () => ({ id: canary })],
    ];
    await strikeAll(bodies, async (value) => {
      const error = await expectRefusal(world, () => listener.parseWebhook(value as never, {}));
      expect(error).toMatchObject({ name: 'InvalidRequestError', issues: [{ path: 'rawBody' }] });
    });
    const headers: readonly Case[] = [
      ...neverGood.filter(
        ([name]) => !['a cyclic object', 'a boxed text', 'a promise', 'a map'].includes(name),
      ),
      nothing,
      ['a getter that throws', () => throwing('stripe-signature')],
      ['a proxy of headers', () => new Proxy(new Headers(), { get: hostile })],
      ['a list that holds a symbol', () => ({ 'x-signature': [Symbol(canary)] })],
      ['a map with keys that are no text', () => new Map([[Symbol(canary), canary]])],
      ['a forEach that throws', () => ({ forEach: hostile })],
    ];
    await strikeAll(headers, async (value) => {
      const error = await expectRefusal(world, () => listener.parseWebhook('{}', value as never));
      expect(error).toMatchObject({ name: 'InvalidRequestError', issues: [{ path: 'headers' }] });
    });
    // Headers that can be read, and hold nothing of use: no signature.
    const empty: readonly Case[] = [
      ['a cyclic object', cyclic],
      ['a boxed text', () => new String(canary)],
      ['a promise', () => Promise.resolve(canary)],
      ['numbers', () => ({ 'stripe-signature': 1, 'omise-signature': null })],
    ];
    // Magpie signs nothing: there the charge that is named would be read.
    const unsigned = provider === 'magpie' ? [] : empty;
    await strikeAll(unsigned, async (value) => {
      const error = await expectRefusal(world, () => listener.parseWebhook('{}', value as never));
      expect(error.name).toBe('WebhookSignatureError');
    });
  });

  it('keys of the prototype in metadata are carried or refused, never dropped, and pollute nothing', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const metadata = JSON.parse(`{"${name}":"${canary}"}`) as Record<string, string>;
      const end = await ending(() => client.create({ ...world.params(provider), metadata }, key()));
      if ('resolved' in end) {
        expect(Object.hasOwn((end.resolved as { metadata: object }).metadata, name), name).toBe(true);
      } else expect(end.rejected, name).toMatchObject({ outcome: 'not_sent' });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(JSON.stringify({})).toBe('{}');
    }
  });

  it('the same key for another operation or target', async () => {
    const shared = world.key();
    const charge = await client.create(world.params(provider, { capture: false }), {
      idempotencyKey: shared,
    });
    const error = await expectRefusal(world, () => client.capture(charge.id, {}, { idempotencyKey: shared }));
    expect(error.name).toBe('IdempotencyConflictError');
    await expectRefusal(world, () => client.refund(charge.id, {}, { idempotencyKey: shared }));
    await expectRefusal(world, () => client.void(charge.id, { idempotencyKey: shared }));
  });

  it('takes frozen objects and leaves them as they are', async () => {
    const params = world.params(provider, { metadata: Object.freeze({ order: '81' }) });
    const options = Object.freeze({ ...key(), headers: Object.freeze({}) });
    const before = JSON.stringify([params, options]);
    const charge = await client.create(Object.freeze(params), options);
    await client.refund(charge.id, Object.freeze({ amount: 500 }), Object.freeze(key()));
    await client.list(Object.freeze({ limit: 1 }), Object.freeze({ maxRetries: 0 }));
    expect(JSON.stringify([params, options])).toBe(before);
  });

  it('texts with lone surrogates, control characters and a million signs end typed', async () => {
    for (const text of [
      '\ud800',
      'a\udc00b',
      '\0\u0007\u001b',
      'line\r\nbreak',
      '\u202e',
      'x'.repeat(1_000_000),
    ]) {
      for (const more of [
        { description: text },
        { metadata: { order: text } },
        { metadata: { [text]: 'x' } },
        { source: text },
        { customer: text },
        { statementDescriptor: text },
      ]) {
        const end = await ending(() => client.create(world.params(provider, more), key()));
        if ('rejected' in end) expect(end.rejected).toBeInstanceOf(ChargesError);
        const read = await ending(() => client.search({ metadata: { order: text }, limit: 1 }));
        if ('rejected' in read) expect(read.rejected).toBeInstanceOf(ChargesError);
        const page = await ending(() => client.list({ cursor: text, limit: 1 }));
        if ('rejected' in page) expect(page.rejected).toBeInstanceOf(ChargesError);
      }
    }
  });

  it('moments at the ends of time end typed', async () => {
    for (const moment of [
      new Date(8.64e15),
      new Date(-8.64e15),
      '9999-12-31T23:59:59Z',
      '0000-01-01T00:00:00Z',
      new Date(0),
    ]) {
      for (const more of [{ createdAfter: moment }, { createdBefore: moment }]) {
        for (const method of ['list', 'search'] as const) {
          const end = await ending(() => client[method](more));
          if ('rejected' in end) {
            expect(end.rejected).toBeInstanceOf(ChargesError);
            expect((end.rejected as ChargesError).name, `${method} ${String(moment)}`).toBe(
              'InvalidRequestError',
            );
          }
        }
      }
      const end = await ending(() => client.create(world.params(provider, { expiresAt: moment }), key()));
      if ('rejected' in end) expect((end.rejected as ChargesError).name).toBe('InvalidRequestError');
    }
  });
});
