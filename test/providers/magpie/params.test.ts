import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../../../src/models/money.js';
import type { CreateParams, Verify3DSParams } from '../../../src/models/params.js';
import type { PaymentSource } from '../../../src/models/payment-source.js';
import {
  captureParamsSchema,
  captureRequest,
  checkCreate,
  checkList,
  checkRefund,
  checkVerification,
  createParamsSchema,
  createRequest,
  listParamsSchema,
  listRequest,
  otpRequest,
  refundParamsSchema,
  refundRequest,
  retrieveRequest,
  searchParamsSchema,
  statementDescriptorSchema,
  verify3DSParamsSchema,
  voidRequest,
} from '../../../src/providers/magpie/params.js';

const order: CreateParams = {
  amount: 12550,
  currency: 'PHP',
  source: 'src_0bb1',
  description: 'Order 77',
  statementDescriptor: 'TINDAHAN',
};
const pathsOf = (params: CreateParams, defaults = {}): string[] =>
  checkCreate(params, defaults).map(({ path }) => path);
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
    expect(createRequest(params, {}, 'order-77').json).toEqual({
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
    expect(createRequest(bare, defaults, null).json).toMatchObject({
      description: 'An order',
      statement_descriptor: 'SARI SARI',
      metadata: {},
    });
    expect(createRequest(order, defaults, null).json).toMatchObject({ description: 'Order 77' });
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
    const issues = checkCreate({ ...order, source, statementDescriptor: 'Peña', customer: 'cus_secret' }, {});
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
        expect(createRequest(params, {}, null).json).toMatchObject({ amount, currency });
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
        expect(statementDescriptorSchema.safeParse(good).success).toBe(true);
        const spoiled = `${good.slice(0, place)}${bad}${good.slice(place + 1)}`;
        expect(statementDescriptorSchema.safeParse(spoiled).success).toBe(false);
      }),
    );
  });
});

describe('the other requests', () => {
  it('read a charge', () => {
    expect(retrieveRequest('ch_1')).toEqual({
      method: 'GET',
      route: '/v2/charges/{id}',
      ids: { id: 'ch_1' },
    });
  });

  it('read a page with its cursor and nothing else', () => {
    expect(listRequest(null)).toEqual({ method: 'GET', route: '/v2/charges/', query: {} });
    expect(listRequest('ch_9')).toEqual({
      method: 'GET',
      route: '/v2/charges/',
      query: { start_after: 'ch_9' },
    });
  });

  it('capture with an amount', () => {
    expect(captureRequest('ch_1', 400)).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/capture',
      ids: { id: 'ch_1' },
      json: { amount: 400 },
    });
  });

  it('void without a body', () => {
    expect(voidRequest('ch_1')).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/void',
      ids: { id: 'ch_1' },
    });
  });

  it('refund everything with an empty object, and a part with its amount', () => {
    expect(refundRequest('ch_1', null, undefined)).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/refund',
      ids: { id: 'ch_1' },
      json: {},
    });
    expect(JSON.stringify(refundRequest('ch_1', null, undefined).json)).toBe('{}');
    expect(refundRequest('ch_1', 500, 'duplicate').json).toEqual({ amount: 500, reason: 'duplicate' });
  });

  it.each(['duplicate', 'fraudulent', 'requested_by_customer', 'other'] as const)(
    'refund with the reason %s',
    (reason) => {
      expect(refundRequest('ch_1', null, reason).json).toEqual({ reason });
    },
  );

  it('send a one-time password', () => {
    expect(otpRequest('ch_1', { confirmationId: 'conf_123', code: '000111' })).toEqual({
      method: 'POST',
      route: '/v2/charges/{id}/verify',
      ids: { id: 'ch_1' },
      json: { confirmation_id: 'conf_123', otp: '000111' },
    });
  });
});

describe('what cannot be honoured', () => {
  it('is a filter by customer, because no charge names one', () => {
    expect(checkList({ customer: 'cus_1' }).map(({ path }) => path)).toEqual(['customer']);
    expect(checkList({ createdAfter: '2025-01-01T00:00:00Z' })).toEqual([]);
  });

  it('is metadata of a refund', () => {
    expect(checkRefund({ metadata: { why: 'late' } }).map(({ path }) => path)).toEqual(['metadata']);
    expect(checkRefund({ amount: 1, reason: 'other' })).toEqual([]);
  });

  it('is an option anywhere but in create', () => {
    const providerOptions = { anything: 1 };
    const order3DS = { chargeId: 'ch_1', providerOptions };
    expect(listParamsSchema.safeParse({ providerOptions }).success).toBe(false);
    expect(searchParamsSchema.safeParse({ providerOptions }).success).toBe(false);
    expect(captureParamsSchema.safeParse({ providerOptions }).success).toBe(false);
    expect(refundParamsSchema.safeParse({ providerOptions }).success).toBe(false);
    expect(verify3DSParamsSchema.safeParse(order3DS).success).toBe(false);
  });

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
    expect(checkVerification(params).map(({ path }) => path)).toEqual(paths);
  });
});
