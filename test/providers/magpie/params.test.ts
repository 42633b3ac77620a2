import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../../../src/models/money.js';
import type { Operation } from '../../../src/charges-client.js';
import type { CreateParams, Verify3DSParams } from '../../../src/models/params.js';
import type { PaymentSource } from '../../../src/models/payment-source.js';
import type { OperationInputs } from '../../../src/provider.js';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import { issuesOf, paramsIn, requestOf, rowIn } from '../seam.js';
import { recordedCall } from './call.js';

const order: CreateParams = {
  amount: 12550,
  currency: 'PHP',
  source: 'src_0bb1',
  description: 'Order 77',
  statementDescriptor: 'TINDAHAN',
};
const issuesIn = (params: CreateParams, defaults = {}) =>
  issuesOf(magpieProvider, 'create', { params }, recordedCall({ settings: { defaults } }).call);
const pathsOf = (params: CreateParams, defaults = {}): string[] =>
  issuesIn(params, defaults).map(({ path }) => path);
const createRequest = (params: CreateParams, defaults: object, idempotencyKey?: string) => {
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  return requestOf(
    magpieProvider,
    'create',
    { params },
    recordedCall({ settings: { defaults }, ...key }).call,
  );
};
/** Where a request of an operation goes and what it holds, after this was prepared. */
const requestIn = <Name extends Operation>(name: Name, input: OperationInputs[Name], prepared?: unknown) =>
  requestOf(magpieProvider, name, input, recordedCall({ prepared }).call);
const createParamsSchema = paramsIn(magpieProvider, 'create');
const without = (name: keyof CreateParams): CreateParams =>
  Object.fromEntries(Object.entries(order).filter(([key]) => key !== name)) as CreateParams;

describe('create', () => {
  it('sends the six required fields always, capture among them', () => {
    expect(createRequest(order, {}, 'order-77')).toEqual({
      method: 'POST',
      route: '/v2/charges/',
      json: {
        amount: 12550,
        currency: 'PHP',
        source: 'src_0bb1',
        description: 'Order 77',
        statement_descriptor: 'TINDAHAN',
        capture: true,
        metadata: { unicharge_key: 'order-77' },
      },
    });
  });

  it('sends what else was given', () => {
    const params = createParamsSchema.parse({
      ...order,
      source: { type: 'token', token: 'src_0bb1' },
      capture: false,
      returnUrl: 'https://shop.test/back',
      metadata: { order: '77' },
      email: 'ana@shop.test',
      ip: '203.0.113.7',
      providerOptions: { cvc: '123', requireAuth: false },
    });
    expect(createRequest(params as CreateParams, {}, 'order-77').json).toEqual({
      amount: 12550,
      currency: 'PHP',
      source: 'src_0bb1',
      description: 'Order 77',
      statement_descriptor: 'TINDAHAN',
      capture: false,
      cvc: '123',
      require_auth: false,
      redirect_url: 'https://shop.test/back',
      metadata: { order: '77', unicharge_capture: 'manual', unicharge_key: 'order-77' },
    });
  });

  it('takes what the provider requires from the settings where the params have none', () => {
    const defaults = { description: 'An order', statementDescriptor: 'SARI SARI' };
    const bare: CreateParams = { amount: 100, currency: 'PHP', source: 'src_1' };
    expect(pathsOf(bare)).toEqual(['description', 'statementDescriptor']);
    expect(pathsOf(bare, defaults)).toEqual([]);
    expect(createRequest(bare, defaults).json).toMatchObject({
      description: 'An order',
      statement_descriptor: 'SARI SARI',
      metadata: {},
    });
    expect(createRequest(order, defaults).json).toMatchObject({ description: 'Order 77' });
  });

  it.each<[name: string, params: CreateParams, path: string]>([
    ['no source', without('source'), 'source'],
    ['a token of the old version', { ...order, source: 'tok_1' }, 'source'],
    ['a token with letters that the provider refuses', { ...order, source: 'src_ñ' }, 'source'],
    ['a token that is too long', { ...order, source: `src_${'1'.repeat(252)}` }, 'source'],
    [
      'a raw card',
      { ...order, source: { type: 'card', number: '4242424242424242', expMonth: 1, expYear: 2030 } },
      'source.type',
    ],
    ['a customer as source', { ...order, source: { type: 'customer', customer: 'cus_1' } }, 'source.type'],
    ['a wallet without a source', { ...order, source: { type: 'redirect', method: 'gcash' } }, 'source.type'],
    ['a customer', { ...order, customer: 'cus_1' }, 'customer'],
    ['a time to expire', { ...order, expiresAt: '2030-01-01T00:00:00Z' }, 'expiresAt'],
    ['another currency', { ...order, currency: 'USD' }, 'currency'],
    ['a description that is too long', { ...order, description: 'x'.repeat(256) }, 'description'],
    ['a descriptor that is too short', { ...order, statementDescriptor: 'AB' }, 'statementDescriptor'],
    [
      'a descriptor that is too long',
      { ...order, statementDescriptor: 'x'.repeat(16) },
      'statementDescriptor',
    ],
    ['a descriptor with an accent', { ...order, statementDescriptor: 'Peña' }, 'statementDescriptor'],
    [
      'a descriptor with an ampersand',
      { ...order, statementDescriptor: 'Reyes & Co' },
      'statementDescriptor',
    ],
    [
      'a return address that is too long',
      { ...order, returnUrl: `https://shop.test/${'x'.repeat(2083)}` },
      'returnUrl',
    ],
    [
      'the mark of an authorization',
      { ...order, metadata: { unicharge_capture: 'x' } },
      'metadata.unicharge_capture',
    ],
  ])('refuses %s', (_, params, path) => {
    expect(pathsOf(params)).toEqual([path]);
  });

  it('never repeats a value in what it refuses', () => {
    const source: PaymentSource = { type: 'card', number: '4242424242424242', expMonth: 1, expYear: 2030 };
    const issues = issuesIn({ ...order, source, statementDescriptor: 'Peña', customer: 'cus_secret' });
    expect(JSON.stringify(issues)).not.toMatch(/4242|Peña|cus_secret/);
  });

  it('accepts what lies at the limits', () => {
    const descriptor = "A-b_c.d,e # f'g";
    expect(descriptor).toHaveLength(15);
    expect(
      pathsOf({
        ...order,
        description: 'ñ & '.padEnd(255, 'x'),
        statementDescriptor: descriptor,
        source: `src_${'1'.repeat(251)}`,
      }),
    ).toEqual([]);
  });

  it('refuses options that the provider does not have', () => {
    expect(createParamsSchema.safeParse({ ...order, providerOptions: { require_auth: true } }).success).toBe(
      false,
    );
    expect(createParamsSchema.safeParse({ ...order, providerOptions: { cvc: '12' } }).success).toBe(false);
  });

  it('sends an amount untouched or refuses its currency, for every currency', () => {
    fc.assert(
      fc.property(fc.constantFrom(...money.currencies), fc.integer({ min: 1 }), (currency, amount) => {
        const params = { ...order, currency, amount };
        const refused = pathsOf(params);
        expect(refused).toEqual(currency === 'PHP' ? [] : ['currency']);
        expect(createRequest(params, {}).json).toMatchObject({ amount, currency });
      }),
    );
  });

  it('keeps metadata untouched beside its own marks', () => {
    const name = fc
      .string({ minLength: 1 })
      .filter((key) => key !== '__proto__' && !key.startsWith('unicharge_'));
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (metadata) => {
        const { json } = createRequest({ ...order, metadata, capture: false }, {}, 'k');
        const sent = (JSON.parse(JSON.stringify(json)) as { metadata: Record<string, string> }).metadata;
        expect(sent).toEqual({ ...metadata, unicharge_capture: 'manual', unicharge_key: 'k' });
      }),
    );
  });
});

describe('the statement descriptor', () => {
  it('has only characters that the provider accepts', () => {
    const accepted = fc.constantFrom(...Array.from("AZaz09 '#_.-,"));
    const refused = fc.constantFrom(...Array.from('&@/\\+*()"<>ñéü日\u0000€'));
    const text = fc.string({ unit: accepted, minLength: 3, maxLength: 15 });
    fc.assert(
      fc.property(text, refused, fc.nat(14), (good, bad, place) => {
        expect(pathsOf({ ...order, statementDescriptor: good })).toEqual([]);
        const spoiled = `${good.slice(0, place)}${bad}${good.slice(place + 1)}`;
        expect(pathsOf({ ...order, statementDescriptor: spoiled })).toContain('statementDescriptor');
        const defaults = { statementDescriptor: spoiled };
        expect(magpieProvider.settings.defaults.safeParse(defaults).success).toBe(false);
      }),
    );
  });
});

describe('the other requests', () => {
  it('read a charge', () => {
    expect(requestIn('retrieve', { id: 'ch_1' })).toEqual({
      method: 'GET',
      route: '/v2/charges/{id}',
      ids: { id: 'ch_1' },
    });
  });

  it('read a page with its cursor and nothing else', () => {
    const params = { limit: 5, createdAfter: '2025-01-01T00:00:00Z' };
    expect(requestIn('list', { params, cursor: null })).toEqual({
      method: 'GET',
      route: '/v2/charges/',
      query: {},
    });
    expect(requestIn('list', { params, cursor: 'ch_9' })).toEqual({
      method: 'GET',
      route: '/v2/charges/',
      query: { start_after: 'ch_9' },
    });
  });

  it('capture with an amount', () => {
    expect(requestIn('capture', { id: 'ch_1', params: {} }, { amount: 400 })).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/capture',
      ids: { id: 'ch_1' },
      json: { amount: 400 },
    });
  });

  it('void without a body', () => {
    expect(requestIn('void', { id: 'ch_1' })).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/void',
      ids: { id: 'ch_1' },
    });
  });

  const refunding = (amount: number | null, params: OperationInputs['refund']['params'] = {}) =>
    requestIn('refund', { id: 'ch_1', params }, { refundIdsBefore: [], amount, expectedAmount: null });

  it('refund everything with an empty object, and a part with its amount', () => {
    expect(refunding(null)).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/refund',
      ids: { id: 'ch_1' },
      json: {},
    });
    expect(JSON.stringify(refunding(null).json)).toBe('{}');
    expect(refunding(500, { reason: 'duplicate' }).json).toEqual({ amount: 500, reason: 'duplicate' });
  });

  it.each(['duplicate', 'fraudulent', 'requested_by_customer', 'other'] as const)(
    'refund with the reason %s',
    (reason) => {
      expect(refunding(null, { reason }).json).toEqual({ reason });
    },
  );

  it('refund nothing by a record that they cannot have written', () => {
    const params = { amount: 500 };
    for (const prepared of [
      null,
      { amount: 500 },
      { refundIdsBefore: [], amount: '5', expectedAmount: null },
    ])
      expect(() => requestIn('refund', { id: 'ch_1', params }, prepared)).toThrow();
  });

  it('send a one-time password', () => {
    const params = { chargeId: 'ch_1', otp: { confirmationId: 'conf_123', code: '000111' } };
    expect(requestIn('verify3DS', { params }, { isOpen: true })).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/verify',
      ids: { id: 'ch_1' },
      json: { confirmation_id: 'conf_123', otp: '000111' },
    });
  });
});

describe('what cannot be honoured', () => {
  const { call } = recordedCall();
  const found = <Name extends Operation>(name: Name, input: OperationInputs[Name]): string[] =>
    issuesOf(magpieProvider, name, input, call).map(({ path }) => path);

  it('is a filter by customer, because no charge names one', () => {
    expect(found('list', { params: { customer: 'cus_1' }, cursor: null })).toEqual(['customer']);
    const params = { createdAfter: '2025-01-01T00:00:00Z' };
    expect(found('list', { params, cursor: null })).toEqual([]);
  });

  it('is metadata of a refund', () => {
    expect(found('refund', { id: 'ch_1', params: { metadata: { why: 'late' } } })).toEqual(['metadata']);
    expect(found('refund', { id: 'ch_1', params: { amount: 1, reason: 'other' } })).toEqual([]);
  });

  it.each(['list', 'search', 'capture', 'refund', 'verify3DS'] as const)(
    'is an option anywhere but in create: %s',
    (name) => {
      const schema = rowIn(magpieProvider, name).params;
      const params = name === 'verify3DS' ? { chargeId: 'ch_1' } : {};
      expect(schema?.safeParse(params).success).toBe(true);
      expect(schema?.safeParse({ ...params, providerOptions: {} }).success).toBe(true);
      expect(schema?.safeParse({ ...params, providerOptions: { anything: 1 } }).success).toBe(false);
    },
  );

  const otp = { confirmationId: 'conf_123', code: '000111' };
  it.each<[name: string, params: Verify3DSParams, paths: string[]]>([
    ['no charge', {}, ['chargeId']],
    ['a session token', { chargeId: 'ch_1', sessionToken: 'se_1' }, ['sessionToken']],
    [
      'a short confirmation id',
      { chargeId: 'ch_1', otp: { ...otp, confirmationId: 'c_12' } },
      ['otp.confirmationId'],
    ],
    [
      'a long confirmation id',
      { chargeId: 'ch_1', otp: { ...otp, confirmationId: 'c'.repeat(256) } },
      ['otp.confirmationId'],
    ],
    [
      'strange letters in it',
      { chargeId: 'ch_1', otp: { ...otp, confirmationId: 'conf/123' } },
      ['otp.confirmationId'],
    ],
    ['a long password', { chargeId: 'ch_1', otp: { ...otp, code: '01234567890' } }, ['otp.code']],
    ['nothing wrong', { chargeId: 'ch_1', otp }, []],
    ['nothing wrong in a read', { chargeId: 'ch_1', expected: { amount: 1 } }, []],
  ])('is a verification with %s', (_, params, paths) => {
    expect(found('verify3DS', { params })).toEqual(paths);
  });
});
