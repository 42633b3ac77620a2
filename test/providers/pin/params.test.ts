import { describe, expect, it } from 'vitest';
import type { CreateParams } from '../../../src/models/params.js';
import type { PaymentSource } from '../../../src/models/payment-source.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import { issuesOf, paramsIn, requestOf } from '../seam.js';
import { recordedCall, type CallFacts, type RecordedCall } from './call.js';

const params: CreateParams = {
  amount: 1250,
  currency: 'AUD',
  source: 'card_Z9y8X7w6V5u4T3s2R1q0pA',
  email: 'kim@shop.example',
  description: 'Order 77',
  ip: '198.51.100.7',
};
const createRequest = (asked: CreateParams, call: RecordedCall) =>
  requestOf(pinProvider, 'create', { params: asked }, call);
const createIssues = (asked: CreateParams, call: RecordedCall) =>
  issuesOf(pinProvider, 'create', { params: asked }, call);
const createParams = paramsIn(pinProvider, 'create');
const rawCard = {
  type: 'card',
  number: '4200000000000000',
  expMonth: 7,
  expYear: 2031,
  cvc: '123',
  holderName: 'Kim Lee',
  address: { line1: '1 Pier Rd', city: 'Perth', country: 'AU' },
} as const;

const body = (
  change: Partial<CreateParams> = {},
  facts: CallFacts = { idempotencyKey: 'order-77' },
): unknown => JSON.parse(JSON.stringify(createRequest({ ...params, ...change }, recordedCall(facts)).json));
const issues = (change: Partial<CreateParams> = {}, facts: CallFacts = { idempotencyKey: 'order-77' }) =>
  createIssues({ ...params, ...change }, recordedCall(facts));
const paths = (change: Partial<CreateParams>) => issues(change).map(({ path }) => path);

describe('the request of a create', () => {
  it('holds what Pin requires, the stamp, and says whether to capture', () => {
    expect(createRequest(params, recordedCall({ idempotencyKey: 'order-77' }))).toMatchObject({
      method: 'POST',
      route: '/1/charges',
    });
    expect(body()).toEqual({
      email: 'kim@shop.example',
      description: 'Order 77',
      amount: 1250,
      ip_address: '198.51.100.7',
      currency: 'AUD',
      capture: true,
      metadata: { unicharge_key: 'order-77' },
      card_token: 'card_Z9y8X7w6V5u4T3s2R1q0pA',
    });
  });

  it.each<[name: string, source: PaymentSource, fields: Readonly<Record<string, unknown>>]>([
    ['a card token', 'card_1', { card_token: 'card_1' }],
    ['a card token as an object', { type: 'token', token: 'card_1' }, { card_token: 'card_1' }],
    ['a payment source token', 'ps_1', { payment_source_token: 'ps_1' }],
    ['a customer', { type: 'customer', customer: 'cus_1' }, { customer_token: 'cus_1' }],
    [
      'a raw card',
      rawCard,
      {
        card: {
          number: '4200000000000000',
          expiry_month: 7,
          expiry_year: 2031,
          cvc: '123',
          name: 'Kim Lee',
          address_line1: '1 Pier Rd',
          address_city: 'Perth',
          address_country: 'AU',
        },
      },
    ],
  ])('charges %s through its own field, exactly one', (_, source, fields) => {
    expect(issues({ source })).toEqual([]);
    const sent = body({ source }) as Record<string, unknown>;
    const own = ['card', 'card_token', 'customer_token', 'payment_source_token'].filter(
      (name) => name in sent,
    );
    expect(own).toEqual(Object.keys(fields));
    expect(sent).toMatchObject(fields);
  });

  it('charges a customer alone', () => {
    const { source: _, ...without } = params;
    const call = recordedCall({ idempotencyKey: 'k' });
    expect(createIssues({ ...without, customer: 'cus_1' }, call)).toEqual([]);
    expect(createRequest({ ...without, customer: 'cus_1' }, call).json).toMatchObject({
      customer_token: 'cus_1',
    });
    expect(issues({ source: { type: 'customer', customer: 'cus_1' }, customer: 'cus_1' })).toEqual([]);
  });

  it('takes name and address of a raw card from billing where the card has none', () => {
    const { holderName: _name, address: _address, ...bare } = rawCard;
    const billing = {
      name: 'Kim Lee',
      address: {
        line1: '1 Pier Rd',
        line2: 'Flat 2',
        city: 'Perth',
        postalCode: '6000',
        state: 'WA',
        country: 'AU',
      },
    };
    expect(issues({ source: bare, billing })).toEqual([]);
    expect(body({ source: bare, billing })).toMatchObject({
      card: {
        name: 'Kim Lee',
        address_line1: '1 Pier Rd',
        address_line2: 'Flat 2',
        address_city: 'Perth',
        address_postcode: '6000',
        address_state: 'WA',
        address_country: 'AU',
      },
    });
  });

  it('authorizes only with capture: false, and needs no mark without 3-D Secure', () => {
    expect(body({ capture: false })).toHaveProperty('capture', false);
    expect(body({ capture: false })).toHaveProperty('metadata', { unicharge_key: 'order-77' });
  });

  it('carries the statement descriptor and the caller’s metadata', () => {
    expect(body({ statementDescriptor: 'SHOP 77', metadata: { order: '77' } })).toMatchObject({
      reference: 'SHOP 77',
      metadata: { order: '77', unicharge_key: 'order-77' },
    });
  });

  it('asks for 3-D Secure where the payer has an address to come back to', () => {
    const returnUrl = 'https://shop.example/back?order=77';
    expect(body({ returnUrl })).toMatchObject({ three_d_secure: { enabled: true, callback_url: returnUrl } });
    expect(body({ returnUrl, providerOptions: { threeDSecure: { fallbackOk: true } } })).toMatchObject({
      three_d_secure: { enabled: true, callback_url: returnUrl, fallback_ok: true },
    });
    expect(body()).not.toHaveProperty('three_d_secure');
  });

  it('marks an authorization with 3-D Secure, because its answer looks like a capture that is late', () => {
    const returnUrl = 'https://shop.example/back';
    expect(body({ returnUrl, capture: false })).toMatchObject({
      metadata: { unicharge_capture: 'manual', unicharge_key: 'order-77' },
    });
    expect(body({ returnUrl })).toHaveProperty('metadata', { unicharge_key: 'order-77' });
  });

  it('hands a 3-D Secure result from elsewhere through', () => {
    const result = { version: '2.2.0', eci: '05', cavv: 'q83vEjRWeJq83vEjRWeJq83vEjQ=' };
    const providerOptions = { threeDSecure: { ...result, transactionId: 't-1' } };
    expect(body({ providerOptions, returnUrl: 'https://shop.example/' })).toMatchObject({
      three_d_secure: { ...result, transaction_id: 't-1' },
    });
    expect(body({ providerOptions, capture: false })).toHaveProperty('metadata', {
      unicharge_key: 'order-77',
    });
  });

  it('carries a platform adjustment', () => {
    const platformAdjustment = { amount: 100, currency: 'AUD' };
    expect(body({ providerOptions: { platformAdjustment } })).toMatchObject({
      platform_adjustment: platformAdjustment,
    });
  });

  it('takes email, description and IP address from the settings where the call has none', () => {
    const defaults = { email: 'shop@shop.example', description: 'Shop', ip: '203.0.113.9' };
    const bare: CreateParams = { amount: 1250, currency: 'AUD', source: 'card_1' };
    const call = recordedCall({ settings: { defaults }, idempotencyKey: 'k' });
    expect(createIssues(bare, call)).toEqual([]);
    expect(createRequest(bare, call).json).toMatchObject({
      email: 'shop@shop.example',
      description: 'Shop',
      ip_address: '203.0.113.9',
    });
    expect(createRequest(params, call).json).toMatchObject({
      email: 'kim@shop.example',
      ip_address: '198.51.100.7',
    });
  });
});

describe('a create is refused before sending', () => {
  it.each(['email', 'description', 'ip'] as const)('without %s', (field) => {
    const { [field]: _, ...without } = params;
    expect(createIssues(without, recordedCall()).map(({ path }) => path)).toEqual([field]);
  });

  it('without a source', () => {
    const { source: _, ...without } = params;
    expect(createIssues(without, recordedCall()).map(({ path }) => path)).toEqual(['source']);
  });

  it.each<[name: string, change: Partial<CreateParams>, path: string]>([
    ['a token of somebody else', { source: 'tok_visa' }, 'source'],
    ['a charge as a token', { source: 'ch_a1B2c3D4e5F6g7H8i9J0kQ' }, 'source'],
    [
      'a bank account',
      {
        source: {
          type: 'bank_account',
          routingNumber: '110000000',
          accountNumber: '000123',
          accountType: 'checking',
          ownerType: 'individual',
          holderName: 'Kim',
        },
      },
      'source.type',
    ],
    ['a wallet page', { source: { type: 'redirect', method: 'gcash' } }, 'source.type'],
    [
      'a chosen card of a customer',
      { source: { type: 'customer', customer: 'cus_1', card: 'card_1' } },
      'source.card',
    ],
    ['a customer beside another source', { customer: 'cus_1' }, 'customer'],
    [
      'a customer beside another customer',
      { source: { type: 'customer', customer: 'cus_2' }, customer: 'cus_1' },
      'customer',
    ],
    ['a customer written as a token', { source: 'cus_1' }, 'source'],
    ['a customer written as the object of a token', { source: { type: 'token', token: 'cus_1' } }, 'source'],
    ['a customer written as a token and named', { source: 'cus_1', customer: 'cus_1' }, 'source'],
    ['a time of lapsing', { expiresAt: '2031-01-01T00:00:00Z' }, 'expiresAt'],
    [
      'a fallback without an address to come back to',
      { providerOptions: { threeDSecure: { fallbackOk: true } } },
      'returnUrl',
    ],
    ['a reserved metadata key', { metadata: { unicharge_capture: 'manual' } }, 'metadata.unicharge_capture'],
    ['a metadata key of 51 characters', { metadata: { ['k'.repeat(51)]: 'v' } }, 'metadata'],
    ['a metadata value of 501 characters', { metadata: { order: 'v'.repeat(501) } }, 'metadata.order'],
  ])('with %s', (_, change, path) => {
    expect(paths(change)).toEqual([path]);
  });

  it.each<[field: string, path: string]>([
    ['cvc', 'source.cvc'],
    ['holderName', 'source.holderName'],
  ])('with a raw card without %s', (field, path) => {
    expect(paths({ source: { ...rawCard, [field]: undefined } })).toEqual([path]);
  });

  it('with a raw card without an address', () => {
    const { address: _, ...bare } = rawCard;
    expect(paths({ source: bare })).toEqual([
      'source.address.line1',
      'source.address.city',
      'source.address.country',
    ]);
  });

  it('with more metadata than Pin keeps, our own entries counted', () => {
    const entries = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
    const returnUrl = 'https://shop.example/back';
    expect(paths({ metadata: entries(24) })).toEqual([]);
    expect(paths({ metadata: entries(25) })).toEqual(['metadata']);
    expect(paths({ metadata: entries(23), capture: false, returnUrl })).toEqual([]);
    expect(paths({ metadata: entries(24), capture: false, returnUrl })).toEqual(['metadata']);
    expect(issues({ metadata: entries(25) })[0]?.message).toContain('at most 24 entries');
  });

  it('takes keys and values of exactly the longest kind', () => {
    expect(paths({ metadata: { ['k'.repeat(50)]: 'v'.repeat(500) } })).toEqual([]);
  });

  it('never repeats a value', () => {
    const secret = '4111111111111111';
    const said = JSON.stringify(
      issues({ source: `x${secret}`, customer: secret, metadata: { [secret.repeat(4)]: secret.repeat(40) } }),
    );
    expect(said).not.toContain(secret);
  });
});

describe('the options that only Pin has', () => {
  it.each([
    { unknown: true },
    { threeDSecure: { enabled: true } },
    { threeDSecure: { fallbackOk: 'yes' } },
    { threeDSecure: { version: '2.2.0', eci: '05' } },
    { platformAdjustment: { amount: 1.5, currency: 'AUD' } },
    { platformAdjustment: { amount: 1 } },
  ])('are strict: %j', (providerOptions) => {
    expect(createParams.safeParse({ ...params, providerOptions }).success).toBe(false);
    expect(createParams.safeParse(params).success).toBe(true);
  });
});
