import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencies } from '../../../src/models/money.js';
import type { CreateParams, RefundParams } from '../../../src/models/params.js';
import { omiseProvider } from '../../../src/providers/omise/index.js';
import { paidCharge } from '../../fixtures/omise/charges.js';
import { issuesOf, paramsIn, requestOf, rowIn } from '../seam.js';
import { fakeCall } from './call.js';

const createSchema = paramsIn(omiseProvider, 'create');
/** Params as a client hands them on. */
const parsed = (params: object): CreateParams => createSchema.parse(params) as CreateParams;
const createIssues = (params: CreateParams) => issuesOf(omiseProvider, 'create', { params }, fakeCall());
const createRequest = (params: CreateParams, idempotencyKey: string | null) =>
  requestOf(omiseProvider, 'create', { params }, fakeCall({ idempotencyKey }));

const base: CreateParams = { amount: 45900, currency: 'THB', source: 'tokn_test_1' };
const pathsOf = (params: CreateParams): string[] => createIssues(params).map(({ path }) => path);
/** The body as the wire sees it: undefined fields are not there. */
const bodyOf = (params: CreateParams, key: string | null = null): unknown =>
  JSON.parse(JSON.stringify(createRequest(params, key).json));

describe('the source of a create', () => {
  it.each([
    ['a card token', { source: 'tokn_test_1' }, { card: 'tokn_test_1' }],
    [
      'a card token as an object',
      { source: { type: 'token', token: 'tokn_test_1' } },
      { card: 'tokn_test_1' },
    ],
    ['a source token', { source: 'src_test_1' }, { source: 'src_test_1' }],
    ['a token of an unknown kind', { source: 'toky_test_1' }, { card: 'toky_test_1' }],
    ['a customer', { source: { type: 'customer', customer: 'cust_test_1' } }, { customer: 'cust_test_1' }],
    [
      'a card of a customer',
      { source: { type: 'customer', customer: 'cust_test_1', card: 'card_test_1' } },
      { customer: 'cust_test_1', card: 'card_test_1' },
    ],
    [
      'a saved card with its customer',
      { source: 'card_test_1', customer: 'cust_test_1' },
      { customer: 'cust_test_1', card: 'card_test_1' },
    ],
    [
      'a customer named twice',
      { source: { type: 'customer', customer: 'cust_test_1' }, customer: 'cust_test_1' },
      { customer: 'cust_test_1' },
    ],
    [
      'a wallet',
      { source: { type: 'redirect', method: 'truemoney', details: { phone_number: '0876543210' } } },
      { source: { type: 'truemoney', phone_number: '0876543210' } },
    ],
    ['a QR code', { source: { type: 'redirect', method: 'promptpay' } }, { source: { type: 'promptpay' } }],
    [
      'installments',
      { source: { type: 'redirect', method: 'installment_kbank', details: { installment_term: 4 } } },
      { source: { type: 'installment_kbank', installment_term: 4 } },
    ],
  ] as const)('may be %s', (_, params, sent) => {
    const whole = parsed({ ...base, ...params });
    expect(createIssues(whole)).toEqual([]);
    expect(bodyOf(whole)).toEqual({ amount: 45900, currency: 'THB', capture: true, metadata: {}, ...sent });
  });

  it('may be a customer by its own field', () => {
    const { source: _, ...unsourced } = base;
    const whole = parsed({ ...unsourced, customer: 'cust_test_1' });
    expect(createIssues(whole)).toEqual([]);
    expect(bodyOf(whole)).toMatchObject({ customer: 'cust_test_1' });
  });

  it.each([
    ['nothing', { source: undefined }, ['source']],
    ['a customer written as a token', { source: 'cust_test_1' }, ['source']],
    ['a saved card without its customer', { source: 'card_test_1' }, ['customer']],
    ['a one-time token with a customer', { customer: 'cust_test_1' }, ['customer']],
    ['a source with a customer', { source: 'src_test_1', customer: 'cust_test_1' }, ['customer']],
    [
      'a wallet with a customer',
      { source: { type: 'redirect', method: 'alipay' }, customer: 'cust_test_1' },
      ['customer'],
    ],
    [
      'two customers',
      { source: { type: 'customer', customer: 'cust_test_1' }, customer: 'cust_test_2' },
      ['customer'],
    ],
    [
      'a raw card',
      { source: { type: 'card', number: '4242424242424242', expMonth: 8, expYear: 2030 } },
      ['source.type'],
    ],
    [
      'a bank account',
      {
        source: {
          type: 'bank_account',
          routingNumber: '110000000',
          accountNumber: '000123456789',
          accountType: 'checking',
          ownerType: 'individual',
          holderName: 'A Tester',
        },
      },
      ['source.type'],
    ],
    [
      'a wallet that contradicts the charge',
      { source: { type: 'redirect', method: 'alipay', details: { amount: 1, currency: 'JPY', type: 'x' } } },
      ['source.details.type', 'source.details.amount', 'source.details.currency'],
    ],
    ['a card that expires', { expiresAt: '2026-03-01T00:00:00Z' }, ['expiresAt']],
    [
      'a saved card that expires',
      { source: 'card_test_1', customer: 'cust_test_1', expiresAt: '2026-03-01T00:00:00Z' },
      ['expiresAt'],
    ],
    [
      'a customer whose charge expires',
      { source: undefined, customer: 'cust_test_1', expiresAt: '2026-03-01T00:00:00Z' },
      ['expiresAt'],
    ],
    [
      'a card of a customer whose charge expires',
      { source: { type: 'customer', customer: 'cust_test_1' }, expiresAt: '2026-03-01T00:00:00Z' },
      ['expiresAt'],
    ],
  ] as const)('may not be %s', (_, params, paths) => {
    const whole = { ...base, ...params } as CreateParams;
    expect(pathsOf(whole)).toEqual(paths);
    for (const { message } of createIssues(whole))
      expect(message).not.toMatch(/4242|cust_test|card_test|src_test|tokn/);
  });
});

describe('a create', () => {
  it('carries everything that Omise has a place for, and leaves out what only informs', () => {
    const params = parsed({
      ...base,
      source: { type: 'redirect', method: 'promptpay' },
      capture: false,
      description: 'order 77',
      statementDescriptor: 'SHOP',
      email: 'payer@example.com',
      ip: '203.0.113.7',
      returnUrl: 'https://shop.example/orders/77',
      billing: { name: 'A Tester' },
      shipping: { name: 'A Tester' },
      expiresAt: new Date('2026-03-01T00:00:00.400Z'),
      metadata: { order: '77' },
    });
    expect(createIssues(params)).toEqual([]);
    expect(createRequest(params, 'order-77')).toMatchObject({ method: 'POST', route: '/charges' });
    expect(bodyOf(params, 'order-77')).toEqual({
      amount: 45900,
      currency: 'THB',
      source: { type: 'promptpay' },
      capture: false,
      description: 'order 77',
      ip: '203.0.113.7',
      return_uri: 'https://shop.example/orders/77',
      expires_at: '2026-03-01T00:00:01Z',
      metadata: { order: '77', unicharge_key: 'order-77' },
    });
  });

  it('carries the options that only Omise has', () => {
    const params = parsed({
      ...base,
      providerOptions: {
        authorizationType: 'pre_auth',
        authentication: '3DS',
        platformFee: { fixed: 100, percentage: 1.5 },
        zeroInterestInstallments: false,
        webhookEndpoints: ['https://shop.example/hooks'],
        recurringReason: '',
        transactionIndicator: 'MIT',
        firstCharge: 'chrg_test_0',
        linkedAccount: 'link_1',
      },
    });
    expect(bodyOf(params)).toEqual({
      amount: 45900,
      currency: 'THB',
      card: 'tokn_test_1',
      capture: true,
      metadata: {},
      authorization_type: 'pre_auth',
      authentication: '3DS',
      platform_fee: { fixed: 100, percentage: 1.5 },
      zero_interest_installments: false,
      webhook_endpoints: ['https://shop.example/hooks'],
      recurring_reason: '',
      transaction_indicator: 'MIT',
      first_charge: 'chrg_test_0',
      linked_account: 'link_1',
    });
  });

  it.each([
    { authorizationType: 'half_auth' },
    { preAuth: true },
    { webhookEndpoints: [] },
    { webhookEndpoints: ['https://a.example', 'https://b.example', 'https://c.example'] },
    { webhookEndpoints: ['http://a.example'] },
    { platformFee: { fixed: 1.5 } },
  ])('refuses the options %j', (providerOptions) => {
    expect(createSchema.safeParse({ ...base, providerOptions }).success).toBe(false);
  });

  it('sends amounts unchanged in every documented currency and refuses all others', () => {
    const documented = new Set('AUD CAD CHF CNY DKK EUR GBP HKD IDR JPY MYR SGD THB USD'.split(' '));
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        (currency, amount) => {
          const params = { ...base, currency, amount };
          expect(pathsOf(params)).toEqual(documented.has(currency) ? [] : ['currency']);
          expect(bodyOf(params)).toMatchObject({ amount, currency });
        },
      ),
    );
  });

  it('keeps the metadata byte for byte and puts the stamp beside it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (metadata) => {
        const body = bodyOf({ ...base, metadata }, 'key-1') as { metadata: Record<string, string> };
        expect(body.metadata).toEqual({ ...metadata, unicharge_key: 'key-1' });
      }),
    );
  });
});

describe('an update', () => {
  it.each([
    [{ description: '' }, []],
    [{ metadata: { a: '1' } }, []],
    [{ email: 'payer@example.com' }, ['email']],
    [{ customer: 'cust_test_1', shipping: { name: 'A Tester' } }, ['customer', 'shipping']],
  ])('%j has the issues %j', (params, paths) => {
    const issues = issuesOf(omiseProvider, 'update', { id: 'chrg_test_1', params }, fakeCall());
    expect(issues.map(({ path }) => path)).toEqual(paths);
  });

  it('sends the whole metadata: new, changed and kept keys, the stamp, and null for a removed one', async () => {
    const current = { order: '77', old: 'x', count: 3, unicharge_key: 'order-77' };
    const input = {
      id: 'chrg_test_0aaaaaaaaaaaaaaaaa1',
      params: { metadata: { order: '78', old: null, fresh: 'y', never: null } },
    };
    const reading = fakeCall({ answers: [paidCharge({ metadata: current })] });
    const prepared: unknown = await rowIn(omiseProvider, 'update').prepare?.(input, reading);
    const whole = { order: '78', old: null, count: 3, fresh: 'y', unicharge_key: 'order-77' };
    expect(prepared).toEqual({ metadata: whole });
    const sent = requestOf(omiseProvider, 'update', input, fakeCall({ prepared }));
    expect(sent).toMatchObject({ method: 'PATCH', route: '/charges/{id}', json: { metadata: whole } });
  });
});

describe('the metadata of a refund', () => {
  const refundMetadata = (params: RefundParams, idempotencyKey: string): unknown => {
    const call = fakeCall({ idempotencyKey, prepared: { amount: 900 } });
    const { json } = requestOf(omiseProvider, 'refund', { id: 'chrg_test_1', params }, call);
    expect(json).toMatchObject({ amount: 900 });
    return (json as { metadata: unknown }).metadata;
  };

  it.each(['duplicate', 'fraudulent', 'requested_by_customer', 'other'] as const)(
    'holds the reason %s',
    (reason) => {
      expect(refundMetadata({ reason }, 'r-1')).toEqual({ reason, unicharge_key: 'r-1' });
    },
  );

  it('is the stamp alone where nothing was said', () => {
    expect(refundMetadata({}, 'r-1')).toEqual({ unicharge_key: 'r-1' });
  });

  it('keeps a reason of the caller’s own', () => {
    const params = { reason: 'duplicate', metadata: { reason: 'sent twice', ticket: '9' } } as const;
    expect(refundMetadata(params, 'r-1')).toEqual({
      reason: 'sent twice',
      ticket: '9',
      unicharge_key: 'r-1',
    });
  });

  it('holds no free text as the reason', () => {
    expect(paramsIn(omiseProvider, 'refund').safeParse({ reason: 'sent twice' }).success).toBe(false);
  });
});
