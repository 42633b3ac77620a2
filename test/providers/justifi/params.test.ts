import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../../../src/models/money.js';
import { justifiProvider } from '../../../src/providers/justifi/index.js';
import { issuesOf, paramsIn, requestOf, rowIn } from '../seam.js';
import { callWith, readPayment } from './reading.js';
import { payment } from './wire-samples.js';
import type { Call, WireRequest } from '../../../src/provider.js';
import type { CreateParams, ListParams, RefundParams, UpdateParams } from '../../../src/models/params.js';
import type { JustifiClient } from '../../../src/providers/justifi/index.js';

type Create = Parameters<JustifiClient['create']>[0];
type Facts = Partial<Pick<Call, 'livemode' | 'idempotencyKey' | 'prepared'>>;

const callOf = (facts: Facts = {}): Call => callWith(facts).call;
const base = { amount: 2599, currency: 'USD', source: 'pm_DemoC3' } as const;
const createParams = (changes: Partial<Create>) =>
  paramsIn(justifiProvider, 'create').parse({ ...base, ...changes }) as unknown as CreateParams;
const pathsOf = (params: CreateParams, livemode: boolean | null = false): string[] =>
  issuesOf(justifiProvider, 'create', { params }, callOf({ livemode })).map(({ path }) => path);
const paths = (changes: Partial<Create>, livemode: boolean | null = false): string[] =>
  pathsOf(createParams(changes), livemode);
const createRequest = (params: CreateParams, idempotencyKey: string | null): WireRequest =>
  requestOf(justifiProvider, 'create', { params }, callOf({ idempotencyKey }));
// Undefined fields are left out of JSON.
const body = (changes: Partial<Create>, key: string | null = 'order-81'): unknown =>
  JSON.parse(JSON.stringify(createRequest(createParams(changes), key).json));

const card = {
  type: 'card',
  number: '4242424242424242',
  expMonth: 3,
  expYear: 2042,
  cvc: '123',
  holderName: 'Ada Test',
  address: {
    line1: 'Main Street 1',
    line2: 'Flat 2',
    city: 'Duluth',
    state: 'MN',
    postalCode: '55555',
    country: 'US',
  },
} as const;
const bankAccount = {
  type: 'bank_account',
  routingNumber: '110000000',
  accountNumber: '000123456789',
  accountType: 'checking',
  ownerType: 'individual',
  holderName: 'Ada Test',
} as const;

describe('the body of a create', () => {
  it('is small for the common case, and carries the key as a stamp', () => {
    expect(createRequest(createParams({}), 'order-81')).toMatchObject({
      method: 'POST',
      route: '/v1/payments',
    });
    expect(body({})).toEqual({
      amount: 2599,
      currency: 'usd',
      capture_strategy: 'automatic',
      payment_method: { token: 'pm_DemoC3' },
      metadata: { unicharge_key: 'order-81' },
    });
  });

  it('carries everything that JustiFi has a place for, and leaves the rest out', () => {
    expect(
      body({
        currency: 'CAD',
        source: { type: 'token', token: 'pm_DemoC3' },
        capture: false,
        description: 'basket 77',
        statementDescriptor: 'ACME_shop-1',
        email: 'ada@example.com',
        metadata: { order: '81', camelKey: 'x', snake_key: 'y' },
        ip: '203.0.113.7',
        returnUrl: 'https://shop.example/back',
        billing: { name: 'Ada' },
        shipping: { name: 'Ada' },
      }),
    ).toEqual({
      amount: 2599,
      currency: 'cad',
      capture_strategy: 'manual',
      payment_method: { token: 'pm_DemoC3' },
      email: 'ada@example.com',
      description: 'basket 77',
      statement_descriptor: 'ACME_shop-1',
      metadata: { order: '81', camelKey: 'x', snake_key: 'y', unicharge_key: 'order-81' },
    });
  });

  it('sends a raw card with text for every field', () => {
    expect(body({ source: card })).toMatchObject({
      payment_method: {
        card: {
          name: 'Ada Test',
          number: '4242424242424242',
          verification: '123',
          month: '3',
          year: '2042',
          address_line1: 'Main Street 1',
          address_line2: 'Flat 2',
          address_city: 'Duluth',
          address_state: 'MN',
          address_postal_code: '55555',
          address_country: 'US',
        },
      },
    });
  });

  it('takes the holder and the address of a raw card from billing where the card has none', () => {
    const { holderName: _, address: __, ...bare } = card;
    const billing = { name: 'Grace Test', address: { postalCode: '10115' } };
    expect(paths({ source: bare, billing })).toEqual([]);
    expect(body({ source: bare, billing })).toMatchObject({
      payment_method: { card: { name: 'Grace Test', address_postal_code: '10115' } },
    });
  });

  it('sends a raw bank account', () => {
    expect(body({ source: bankAccount })).toMatchObject({
      payment_method: {
        bank_account: {
          account_owner_name: 'Ada Test',
          routing_number: '110000000',
          account_number: '000123456789',
          account_type: 'checking',
          account_owner_type: 'individual',
          country: 'US',
          currency: 'usd',
        },
      },
    });
  });

  it('sends what describes a raw payment method, and refuses it beside a token', () => {
    const paymentMethodMetadata = { wallet: 'house' };
    expect(body({ source: card, providerOptions: { paymentMethodMetadata } })).toMatchObject({
      payment_method: { card: { metadata: paymentMethodMetadata } },
    });
    expect(
      body({ source: bankAccount, providerOptions: { paymentMethodMetadata, bankName: 'Wells Fargo' } }),
    ).toMatchObject({
      payment_method: { bank_account: { metadata: paymentMethodMetadata, bank_name: 'Wells Fargo' } },
    });
    expect(paths({ providerOptions: { paymentMethodMetadata, bankName: 'Wells Fargo' } })).toEqual([
      'providerOptions.paymentMethodMetadata',
      'providerOptions.bankName',
    ]);
    expect(paths({ source: card, providerOptions: { bankName: 'Wells Fargo' } })).toEqual([
      'providerOptions.bankName',
    ]);
  });

  it('sends fees, priority and the test scenario from the provider options', () => {
    const fees = [
      { type: 'processing_fee', amount: 80 },
      { type: 'platform_fee', amount: 20 },
    ] as const;
    expect(body({ providerOptions: { fees: [...fees], expedited: true } })).toMatchObject({
      fees,
      expedited: true,
    });
    expect(body({ providerOptions: { applicationFeeAmount: 80 } })).toMatchObject({
      application_fee_amount: 80,
    });
    expect(
      body({ metadata: { order: '81' }, providerOptions: { testScenario: 'do_not_honor' } }),
    ).toMatchObject({
      metadata: { payment_test: { scenario: 'do_not_honor' }, order: '81', unicharge_key: 'order-81' },
    });
  });
});

describe('a create is refused unsent', () => {
  it.each<[string, Partial<Create>, string[]]>([
    ['with a customer', { customer: 'cust_1' }, ['customer']],
    ['with a customer as its source', { source: { type: 'customer', customer: 'cust_1' } }, ['source.type']],
    ['with a wallet', { source: { type: 'redirect', method: 'gcash' } }, ['source.type']],
    ['with an expiry', { expiresAt: '2026-01-01T00:00:00Z' }, ['expiresAt']],
    ['for 50 cents', { amount: 50 }, ['amount']],
    ['for a million', { amount: 100_000_000 }, ['amount']],
    ['in euro', { currency: 'EUR' }, ['currency']],
    ['with a short descriptor', { statementDescriptor: 'ACME' }, ['statementDescriptor']],
    ['with a long descriptor', { statementDescriptor: 'A'.repeat(23) }, ['statementDescriptor']],
    ['with a space in the descriptor', { statementDescriptor: 'ACME shop' }, ['statementDescriptor']],
    [
      'with a bare raw card',
      { source: { type: 'card', number: '4242424242424242', expMonth: 3, expYear: 2042 } },
      ['source.holderName', 'source.address.postalCode'],
    ],
    ['with a bank account, authorized only', { source: bankAccount, capture: false }, ['capture']],
    ['with a bank account in CAD', { source: bankAccount, currency: 'CAD' }, ['currency']],
    [
      'with priority for a card',
      { source: card, providerOptions: { expedited: true } },
      ['providerOptions.expedited'],
    ],
    [
      'with two kinds of fees',
      { providerOptions: { applicationFeeAmount: 1, fees: [{ type: 'platform_fee', amount: 1 }] } },
      ['providerOptions.fees'],
    ],
    [
      'with one kind of fee twice',
      {
        providerOptions: {
          fees: [
            { type: 'platform_fee', amount: 1 },
            { type: 'platform_fee', amount: 2 },
          ],
        },
      },
      ['providerOptions.fees'],
    ],
    [
      'with more fees than money',
      { providerOptions: { fees: [{ type: 'platform_fee', amount: 2600 }] } },
      ['providerOptions.fees'],
    ],
    [
      'with fees in CAD',
      { currency: 'CAD', providerOptions: { fees: [{ type: 'platform_fee', amount: 1 }] } },
      ['providerOptions.fees'],
    ],
    [
      'with an application fee in CAD',
      { currency: 'CAD', providerOptions: { applicationFeeAmount: 1 } },
      ['providerOptions.applicationFeeAmount'],
    ],
    [
      'with two scenarios',
      { metadata: { payment_test: 'x' }, providerOptions: { testScenario: 'do_not_honor' } },
      ['metadata.payment_test'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(paths(changes)).toEqual(expected);
  });

  it('without a source', () => {
    const { source: _, ...unsourced } = base;
    expect(pathsOf(unsourced)).toEqual(['source']);
  });

  it('with a test scenario and a live key', () => {
    const providerOptions = { testScenario: 'do_not_honor' };
    expect(paths({ providerOptions }, true)).toEqual(['providerOptions.testScenario']);
    expect(paths({ providerOptions }, null)).toEqual([]);
  });

  it('and not at the limits themselves', () => {
    expect(paths({ amount: 51 })).toEqual([]);
    expect(paths({ amount: 99_999_999 })).toEqual([]);
    expect(paths({ statementDescriptor: 'ACME1' })).toEqual([]);
    expect(paths({ statementDescriptor: 'A'.repeat(22) })).toEqual([]);
    expect(paths({ providerOptions: { fees: [{ type: 'platform_fee', amount: 2599 }] } })).toEqual([]);
  });

  it('with provider options that do not exist', () => {
    const schema = paramsIn(justifiProvider, 'create');
    expect(schema.safeParse({ ...base, providerOptions: { fee: 1 } }).success).toBe(false);
    expect(schema.safeParse({ ...base, providerOptions: { applicationFeeAmount: 0 } }).success).toBe(false);
  });
});

describe('amounts', () => {
  it('of every currency go out and come back as they are, or are refused', () => {
    const cents = fc.oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.maxSafeInteger().filter((amount) => amount > 0),
    );
    fc.assert(
      fc.property(fc.constantFrom(...money.currencies), cents, (currency, amount) => {
        const params = createParams({ amount, currency });
        if (pathsOf(params).length > 0) {
          expect(currency !== 'USD' && currency !== 'CAD' ? true : amount < 51 || amount > 99_999_999).toBe(
            true,
          );
          return;
        }
        expect(['USD', 'CAD']).toContain(currency);
        const sent = createRequest(params, null).json as { amount: number; currency: string };
        const charge = readPayment(payment({ ...sent, status: 'succeeded' }));
        expect([charge.amount, charge.currency, charge.amountCaptured]).toEqual([amount, currency, amount]);
      }),
    );
  });
});

describe('metadata', () => {
  it('comes back byte for byte, whatever the keys are', () => {
    const text = fc.string({ unit: 'grapheme' });
    const map = fc.dictionary(
      text.filter((key) => key !== '' && key !== 'unicharge_key'),
      text,
    );
    fc.assert(
      fc.property(map, (metadata) => {
        const sent = createRequest({ ...base, metadata }, 'order-81').json as {
          metadata: Record<string, string>;
        };
        const echoed = JSON.parse(JSON.stringify(sent.metadata)) as Record<string, string>;
        const read = readPayment(payment({ metadata: echoed })).metadata;
        expect(Object.entries(read).sort()).toEqual(Object.entries(metadata).sort());
      }),
    );
  });

  it('is merged from the raw map: nested values and the stamp survive, null removes', async () => {
    const merged = async (metadata: object | null, change: NonNullable<UpdateParams['metadata']>) => {
      const { call } = callWith({}, { '/v1/payments/{id}': payment({ metadata }) });
      const input = { id: 'py_DemoA1', params: { metadata: change } };
      const prepared = await rowIn(justifiProvider, 'update').prepare?.(input, call);
      const { json } = requestOf(justifiProvider, 'update', input, { ...call, prepared });
      return (json as { metadata?: unknown }).metadata;
    };
    const current = { unicharge_key: 'order-81', order: '81', old: 'x', payment_test: { scenario: 'y' } };
    expect(await merged(current, { old: null, order: '82', fresh: 'z', unicharge_key: 'other' })).toEqual({
      unicharge_key: 'order-81',
      order: '82',
      fresh: 'z',
      payment_test: { scenario: 'y' },
    });
    expect(await merged({ unicharge_key: 'order-81' }, { unicharge_key: null })).toEqual({
      unicharge_key: 'order-81',
    });
    expect(await merged(null, { a: '1', gone: null })).toEqual({ a: '1' });
  });
});

describe('an update', () => {
  it.each([
    [{ description: 'new' }, []],
    [{ metadata: { a: null } }, []],
    [{ description: '' }, []],
    [{}, ['']],
    [{ email: 'ada@example.com' }, ['email']],
    [{ description: 'new', customer: 'cust_1', shipping: {} }, ['customer', 'shipping']],
  ])('of %j has issues at %j', (params, expected) => {
    const checked = paramsIn(justifiProvider, 'update').parse(params) as UpdateParams;
    const issues = issuesOf(justifiProvider, 'update', { id: 'py_DemoA1', params: checked }, callOf());
    expect(issues.map(({ path }) => path)).toEqual(expected);
  });
});

describe('a refund', () => {
  type Refund = Parameters<JustifiClient['refund']>[1];
  const inputOf = (params: Refund) => ({
    id: 'py_DemoA1',
    params: paramsIn(justifiProvider, 'refund').parse(params) as RefundParams,
  });
  const refundBody = (params: Refund): unknown => {
    const call = callOf({ idempotencyKey: 'refund-81', prepared: { amount: 500, currency: 'usd' } });
    const request = requestOf(justifiProvider, 'refund', inputOf(params), call);
    expect(request).toMatchObject({
      method: 'POST',
      route: '/v1/payments/{id}/refunds',
      ids: { id: 'py_DemoA1' },
    });
    return JSON.parse(JSON.stringify(request.json));
  };

  it('always says how much', () => {
    expect(refundBody({})).toEqual({ amount: 500, metadata: { unicharge_key: 'refund-81' } });
  });

  it('carries reason, metadata, description and fees', () => {
    const fees = [{ type: 'platform_fee' as const, amount: 20 }];
    expect(
      refundBody({
        reason: 'requested_by_customer',
        metadata: { ticket: '9' },
        providerOptions: { description: 'late', fees },
      }),
    ).toEqual({
      amount: 500,
      reason: 'customer_request',
      description: 'late',
      fees,
      metadata: { ticket: '9', unicharge_key: 'refund-81' },
    });
    expect(refundBody({ reason: 'other' })).not.toHaveProperty('reason');
  });

  it('gives each type of fee back once', () => {
    const fee = { type: 'platform_fee' as const, amount: 20 };
    const check = (fees: (typeof fee)[]) =>
      issuesOf(justifiProvider, 'refund', inputOf({ providerOptions: { fees } }), callOf());
    expect(check([fee])).toEqual([]);
    expect(check([fee, fee]).map(({ path }) => path)).toEqual(['providerOptions.fees']);
  });
});

describe('a list', () => {
  type List = Parameters<JustifiClient['list']>[0];
  const listParams = (params: List) => paramsIn(justifiProvider, 'list').parse(params) as ListParams;
  const listRequest = (params: ListParams, cursor: string | null): WireRequest =>
    requestOf(justifiProvider, 'list', { params, cursor }, callOf());

  it('asks for one second more on both sides, because nobody says whether the bounds count', () => {
    const params = listParams({
      limit: 10,
      createdAfter: '2026-02-03T04:05:06.007Z',
      createdBefore: new Date('2026-02-04T00:00:00Z'),
    });
    expect(listRequest(params, 'WzFd')).toEqual({
      method: 'GET',
      route: '/v1/payments',
      query: {
        limit: 10,
        after_cursor: 'WzFd',
        created_after: '2026-02-03T04:05:05.007Z',
        created_before: '2026-02-04T00:00:01.000Z',
        payment_status: undefined,
        payment_method_id: undefined,
        void_id: undefined,
      },
    });
  });

  it('passes the filters of JustiFi through', () => {
    const providerOptions = {
      paymentStatus: 'refunded',
      paymentMethodId: 'pm_DemoC3',
      voidId: 'vo_Demo',
    } as const;
    expect(listRequest(listParams({ providerOptions }), null).query).toMatchObject({
      payment_status: 'refunded',
      payment_method_id: 'pm_DemoC3',
      void_id: 'vo_Demo',
    });
    expect(
      paramsIn(justifiProvider, 'list').safeParse({ providerOptions: { paymentStatus: 'canceled' } }).success,
    ).toBe(false);
  });
});
