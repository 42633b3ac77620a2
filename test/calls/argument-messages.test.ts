import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { ChargesError, InvalidRequestError, UnsupportedOperationError } from '../../src/errors.js';
import type { ChargesClient } from '../../src/charges-client.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { createParamsSchema } from '../../src/models/params.js';
import { fieldIssues } from '../../src/models/validation.js';
import { createRouter } from '../../src/router/index.js';
import { memoryStore } from '../../src/stores/memory.js';
import { createFakeClient } from '../../src/testing/index.js';

const fake = createFakeClient();
// Whoever writes JavaScript passes what the types refuse.
const client = fake as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>;
const params = { amount: 4590, currency: 'EUR', source: 'approved' };

const errorOf = async (work: () => unknown): Promise<ChargesError> => {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(ChargesError);
    return error as ChargesError;
  }
  throw new Error('nothing was refused');
};

afterEach(() => {
  expect(fake.control.requests()).toEqual([]);
});

describe('a charge in the place of its id', () => {
  it.each(['retrieve', 'capture', 'void', 'expire', 'refund', 'listRefunds'])(
    '%s says so',
    async (method) => {
      const error = await errorOf(() => client[method]?.({ id: 'ch_1', amount: 4590 }));
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect(error.issues).toEqual([{ path: 'id', message: 'must be the id alone, such as charge.id' }]);
    },
  );
});

describe('what is no id', () => {
  const withId = ['retrieve', 'capture', 'void', 'expire', 'refund', 'listRefunds', 'update'] as const;
  const argumentsOf = (method: string, id: unknown) => (method === 'update' ? [id, {}] : [id]);

  it.each(withId)('%s of undefined, null or nothing says that it is missing', async (method) => {
    for (const id of [undefined, null, '']) {
      const error = await errorOf(() => client[method]?.(...argumentsOf(method, id)));
      expect(error.issues).toEqual([{ path: 'id', message: 'is missing: pass the id of the charge' }]);
    }
  });

  it.each(withId)('%s of a promise asks to await it', async (method) => {
    const error = await errorOf(() => client[method]?.(...argumentsOf(method, Promise.resolve('ch_1'))));
    expect(error.issues).toEqual([{ path: 'id', message: 'is a promise: await it first' }]);
  });

  it.each(withId)('%s of a client secret says so, and does not repeat it', async (method) => {
    const error = await errorOf(() => client[method]?.(...argumentsOf(method, 'pi_3Kx_secret_canary')));
    expect(error.issues).toEqual([
      { path: 'id', message: 'is a client secret: pass the id, which is the part before _secret_' },
    ]);
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('is refused in the params of verify3DS as well', async () => {
    const error = await errorOf(() => client['verify3DS']?.({ chargeId: 'pi_3Kx_secret_canary' }));
    expect(error.issues[0]).toMatchObject({ path: 'chargeId' });
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('of a refund is asked for by its name', async () => {
    const error = await errorOf(() => client['retrieveRefund']?.('ch_1', undefined));
    expect(error.issues).toEqual([{ path: 'refundId', message: 'is missing: pass the id of the refund' }]);
  });

  it('is refused by a router, too', async () => {
    const router = createRouter({ store: memoryStore(), routes: [{ name: 'main', client: fake }] });
    const error = await errorOf(() => router.capture('pi_3Kx_secret_canary'));
    expect(error.message).toContain('id: is a client secret');
    expect(JSON.stringify(error)).not.toContain('canary');
    expect((await errorOf(() => router.refund(undefined as never))).message).toContain('id: is missing');
  });
});

describe('a value of the wrong kind', () => {
  it.each([
    ['amount', new Number(4590), 'must be a plain number, not a Number object'],
    ['currency', new String('EUR'), 'must be plain text, not a String object'],
    ['capture', new Boolean(false), 'must be a plain true or false, not a Boolean object'],
    ['source', Promise.resolve('approved'), 'is a promise: await it first'],
  ])('%s says which kind it has to be: %#', async (name, value, message) => {
    const error = await errorOf(() => client['create']?.({ ...params, [name]: value }));
    expect(error.issues).toEqual([{ path: name, message }]);
  });

  it('is a controller in the place of its signal', async () => {
    const error = await errorOf(() => client['create']?.(params, { signal: new AbortController() }));
    expect(error.issues).toEqual([{ path: 'signal', message: 'is an AbortController: pass its signal' }]);
  });
});

describe('an argument that is no object', () => {
  const createExample = 'must be a plain object such as { amount, currency, source }';
  const key = 'must be a plain object such as { idempotencyKey }';
  const cases: readonly (readonly [string, readonly unknown[], string, string])[] = [
    ['create', [], 'params', createExample],
    ['create', [null], 'params', createExample],
    ['create', ['tok_4242'], 'params', createExample],
    ['create', [new Map()], 'params', createExample],
    ['create', [Promise.resolve(params)], 'params', 'is a promise: await it first'],
    ['create', [params, 'order-1'], 'options', key],
    ['update', ['ch_1'], 'params', 'must be a plain object such as { metadata }'],
    ['capture', ['ch_1', 4000], 'params', 'must be a plain object such as { amount }'],
    ['capture', ['ch_1', {}, 'order-1'], 'options', key],
    ['refund', ['ch_1', '4000'], 'params', 'must be a plain object such as { amount }'],
    ['expire', ['ch_1', 'order-1'], 'options', key],
    ['retrieve', ['ch_1', 5000], 'options', 'must be a plain object such as { timeoutMs }'],
    ['list', [20], 'params', 'must be a plain object such as { limit }'],
    ['search', ['order 81'], 'params', 'must be a plain object such as { metadata }'],
    [
      'create',
      [{ ...params, returnUrl: new URL('https://shop.example') }],
      'returnUrl',
      'must be text: give its href',
    ],
    ['verify3DS', ['ch_1'], 'params', 'must be a plain object such as { chargeId }'],
    ['verify3DS', [{}], 'params', 'must be an object with a chargeId or a sessionToken'],
  ];

  it.each(cases)('%s(...%j) is refused by its name', async (method, values, path, message) => {
    const error = await errorOf(() => client[method]?.(...values));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.issues).toEqual([{ path, message }]);
    const word = ['retrieve', 'list', 'search'].includes(method) ? 'run' : 'sent';
    expect(error.message).toBe(`${method} was not ${word}: ${path}: ${message}`);
  });
});

describe('what reconcile is given in the place of an error', () => {
  const unresolved = { scope: 'default/fake/test/-', operation: 'create', target: null, startedAt: 1 };
  it.each([
    [unresolved, 'is the unresolved of an error alone, which holds no idempotency key: pass the whole error'],
    [
      { id: 'ch_1', amount: 1, status: 'captured' },
      'is a charge or a refund, and not the write that made it',
    ],
    [{ idempotencyKey: 'order-81' }, 'is an object that holds a key: pass the key alone'],
    [Promise.resolve('order-81'), 'is a promise: await it first'],
    [undefined, 'must be an idempotency key, an error of a write'],
  ])('is told as what it is: %#', async (input, words) => {
    const router = createRouter({ store: memoryStore(), routes: [{ name: 'main', client: fake }] });
    for (const { reconcile } of [fake, router]) {
      const error = await errorOf(() => reconcile(input as never));
      expect(error.message).toContain(`reconcile was not run: keyOrError: ${words}`);
    }
  });
});

describe('the name of an official SDK', () => {
  const at = async (method: string, ...values: readonly unknown[]): Promise<unknown> =>
    (await errorOf(() => client[method]?.(...values))).issues[0]?.message;

  it.each([
    ['payment_method', 'did you mean source?'],
    ['return_uri', 'did you mean returnUrl?'],
    ['statement_descriptor_suffix', 'did you mean statementDescriptor?'],
    ['application_fee_amount', 'did you mean providerOptions.applicationFeeAmount?'],
    ['confirm', 'a create always confirms, so leave it out'],
    ['idempotency_key', 'idempotencyKey is an option: pass it in the last argument'],
    ['stripeAccount', 'the account is the setting account of the client, or a header'],
  ])('%s is recognized among the params', async (name, hint) => {
    expect(await at('create', { ...params, [name]: 'x' })).toContain(hint);
  });

  it('is recognized in other places, too', async () => {
    expect(await at('capture', 'ch_1', { amount_to_capture: 5 })).toContain('did you mean amount?');
    expect(await at('create', params, { stripeAccount: 'acct_1' })).toContain(
      'did you mean headers, which hold the account of one call?',
    );
    expect(await at('create', params, { idempotency_key: 'x' })).toContain('did you mean idempotencyKey?');
  });
});

describe('a moment', () => {
  it.each([
    [new Date('x'), 'is not a valid date'],
    [20260101, 'must be a Date or ISO 8601 text with a zone'],
    ['2026-01-01T00:00:00', 'must be a Date or ISO 8601 text with a zone'],
    ['2026-01-01', 'is a day without a zone: name the moment, such as 2026-01-31T00:00:00Z'],
    ['2026/01/01', 'is a day without a zone: name the moment, such as 2026-01-31T00:00:00Z'],
  ])('%s is refused as what it is', async (createdAfter, message) => {
    const error = await errorOf(() => client['list']?.({ createdAfter }));
    expect(error.issues).toEqual([{ path: 'createdAfter', message }]);
  });
});

describe('the idempotency key', () => {
  const options = { idempotencyKey: 'order-81' };
  const writes: readonly (readonly [string, readonly unknown[]])[] = [
    ['create', [{ ...params, amount: 0 }, options]],
    ['create', [undefined, options]],
    ['create', [params, { ...options, timeout: 1 }]],
    ['create', [params, { ...options, headers: { 'x-mine': '1' } }]],
    ['update', ['ch_1', { amount: 1 }, options]],
    ['update', ['ch 1', {}, options]],
    ['capture', ['ch_1', { amount: '1' }, options]],
    ['refund', ['ch 1', {}, options]],
    ['refund', ['ch_1', { reason: 'none' }, options]],
    ['void', ['ch 1', options]],
    ['reverse', ['ch 1', options]],
    ['verify3DS', [{ chargeID: 'ch_1' }, options]],
    ['expire', ['ch 1', options]],
  ];

  it.each(writes)('is on what %s(...%j) rejects with', async (method, values) => {
    for (const subject of [fake, createStripe({ secretKey: 'sk_test_demo' }), justifi()]) {
      const any = subject as unknown as typeof client;
      expect(await errorOf(() => any[method]?.(...values))).toMatchObject({
        idempotencyKey: 'order-81',
        outcome: 'not_sent',
      });
    }
  });

  const justifi = (): ChargesClient =>
    createJustifi({ clientId: 'test_1', clientSecret: 'messages', subAccount: 'acc_1' });

  it('is on an operation that the provider lacks', async () => {
    const error = await errorOf(() => justifi().expire('ch_1', options));
    expect(error).toBeInstanceOf(UnsupportedOperationError);
    expect(error.idempotencyKey).toBe('order-81');
  });

  it('that is none is not repeated', async () => {
    for (const idempotencyKey of ['two words', '', 81, 'x'.repeat(91), { toString: () => 'order-81' }]) {
      const error = await errorOf(() => client['create']?.(params, { idempotencyKey }));
      expect(error.idempotencyKey).toBeNull();
    }
  });

  it('is not read from what throws', async () => {
    const thrower = Object.defineProperty({}, 'idempotencyKey', {
      enumerable: true,
      get: () => {
        throw new Error('a getter');
      },
    });
    expect((await errorOf(() => client['create']?.(params, thrower))).idempotencyKey).toBeNull();
  });
});

describe('a body that was passed on as it came', () => {
  it('is refused with fifty of its unknown fields, and without a guess at names that are longer than any', () => {
    const { error } = createParamsSchema.safeParse(
      Object.fromEntries(
        Array.from({ length: 5_000 }, (_, index) => [`${'x'.repeat(996)}${String(index)}`, 1]),
      ),
    );
    const issues = fieldIssues(createParamsSchema, error!);
    expect(issues).toHaveLength(50);
    for (const { message } of issues.filter(({ path }) => path === '[masked]'))
      expect(message).toBe('is not a known field');
  });
});

describe('an object whose fields cannot all be seen', () => {
  class Money {
    readonly #cents: number;
    constructor(cents: number) {
      this.#cents = cents;
    }
    get cents(): number {
      return this.#cents;
    }
  }
  class WithReason extends Money {
    readonly reason = 'duplicate';
  }
  class Key {
    readonly #key = 'order-1';
    get idempotencyKey(): string {
      return this.#key;
    }
  }
  const hidden =
    'must be a plain object: this one has private, inherited or hidden fields, accessors, or fields under symbols';
  const cases: readonly (readonly [string, string, readonly unknown[], string])[] = [
    ['private fields', 'refund', ['ch_1', new Money(500)], 'params'],
    ['private fields', 'capture', ['ch_1', new Money(500)], 'params'],
    ['accessors of a class, beside a field of its own', 'refund', ['ch_1', new WithReason(500)], 'params'],
    ['a symbol', 'refund', ['ch_1', { [Symbol('amount')]: 500 }], 'params'],
    [
      'a hidden field',
      'refund',
      ['ch_1', Object.defineProperty({}, 'amount', { value: 500, enumerable: false })],
      'params',
    ],
    ['an inherited field', 'capture', ['ch_1', Object.create({ amount: 500 })], 'params'],
    ['accessors of a class', 'create', [params, new Key()], 'options'],
    ['private fields', 'verify3DS', [{ chargeId: 'ch_1', expected: new Money(500) }], 'expected'],
    ['private fields', 'create', [{ ...params, customer: new Money(1) }], 'customer'],
  ];

  it.each(cases)('%s: %s is refused', async (_, method, values, path) => {
    const error = await errorOf(() => client[method]?.(...values));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.outcome).toBe('not_sent');
    expect(error.issues).toEqual([{ path, message: hidden }]);
  });

  it('an object of a class with fields of its own is read as they stand there, as validating frameworks make them', async () => {
    class CreateCharge {
      amount = 4590;
      currency = 'EUR';
      source = 'approved';
      describe(): string {
        return `${this.amount}`;
      }
    }
    const own = createFakeClient();
    await expect(own.create(new CreateCharge())).resolves.toMatchObject({
      amount: 4590,
      status: 'captured',
    });
    const otherRealm: unknown = runInNewContext('({ amount: 4590, currency: "EUR", source: "approved" })');
    await expect(own.create(otherRealm as CreateCharge)).resolves.toMatchObject({ amount: 4590 });
  });
});

describe('settings whose fields cannot all be seen', () => {
  class Config {
    readonly #secretKey = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
    get secretKey(): string {
      return this.#secretKey;
    }
  }

  it('are refused by clients: a key of the environment would charge at another account', () => {
    expect(() => createStripe(new Config())).toThrow('settings must be a plain object such as { secretKey }');
    const inherited = Object.create({ secretKey: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc' }) as {
      secretKey: string;
    };
    for (const create of [createStripe, createOmise, createPin])
      expect(() => create(inherited)).toThrow('must be a plain object');
  });

  it('are refused by routers: a condition that nobody sees would be none', () => {
    const routes = (when: unknown) => ({ store: memoryStore(), routes: [{ name: 'a', client: fake, when }] });
    class OnlyEuro {
      readonly #currency = 'EUR';
      fits = (currency: string): boolean => currency === this.#currency;
    }
    class Nothing {
      readonly #currency = 'EUR';
      fits(currency: string): boolean {
        return currency === this.#currency;
      }
    }
    for (const when of [new Nothing(), Object.create({ currency: 'EUR' })])
      expect(() => createRouter(routes(when) as never)).toThrow('routes.0.when: must be a plain object');
    expect(() => createRouter(routes(new OnlyEuro()) as never)).toThrow('routes.0.when');
  });
});
