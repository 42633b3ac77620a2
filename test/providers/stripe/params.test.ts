import { describe, expect, it } from 'vitest';
import type { CreateParams } from '../../../src/models/params.js';
import type { UpdateParams, Verify3DSParams } from '../../../src/models/params.js';
import { stripeProvider } from '../../../src/providers/stripe/index.js';
import { encodeFields } from '../../../src/transport/encode.js';
import { issuesOf, paramsIn, requestOf, rowIn } from '../seam.js';
import { scriptedCall, type StripeApi } from './scripted-call.js';

const base: CreateParams = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' };

const pathsOf = (params: CreateParams, api: StripeApi) =>
  issuesOf(stripeProvider, 'create', { params }, scriptedCall({}, { api })).map(({ path }) => path);
const issues = (params: Partial<CreateParams>, api: StripeApi = 'payment_intents') =>
  pathsOf({ ...base, ...params }, api);
const issuesWithoutSource = (params: Pick<CreateParams, 'customer'>, api: StripeApi = 'payment_intents') =>
  pathsOf({ amount: 4590, currency: 'EUR', ...params }, api);

const form = (params: Partial<CreateParams>, api: StripeApi = 'payment_intents') => {
  const all = { ...base, ...params };
  const token = typeof all.source === 'string' ? all.source : null;
  const call = scriptedCall({}, { api, prepared: { paymentMethod: token } });
  const request = requestOf(stripeProvider, 'create', { params: all }, call);
  return decodeURIComponent(encodeFields(request.form ?? {})).split('&');
};

describe('what create refuses before sending', () => {
  it('is nothing of an ordinary payment', () => {
    expect(issues({})).toEqual([]);
    expect(issues({ source: 'tok_visa' }, 'charges')).toEqual([]);
    expect(issues({ source: { type: 'customer', customer: 'cus_1', card: 'card_1' } })).toEqual([]);
    expect(issues({ source: { type: 'customer', customer: 'cus_1' } }, 'charges')).toEqual([]);
    expect(issuesWithoutSource({ customer: 'cus_1' }, 'charges')).toEqual([]);
  });

  it.each([
    ['no source', {}],
    ['no source, though a customer', { customer: 'cus_1' }],
  ])('%s', (_, more) => {
    expect(issuesWithoutSource(more)).toEqual(['source']);
  });

  it.each([
    ['a customer without a card', { source: { type: 'customer', customer: 'cus_1' } }, ['source.card']],
    [
      'two customers',
      { source: { type: 'customer', customer: 'cus_1', card: 'pm_1' }, customer: 'cus_2' },
      ['customer'],
    ],
    ['a saved card without its customer', { source: 'card_1' }, ['customer']],
    ['a customer written as a token', { source: 'cus_1' }, ['source']],
    ['a customer written as a token and named', { source: 'cus_1', customer: 'cus_1' }, ['source']],
    ['a connected account', { source: { type: 'token', token: 'acct_1' } }, ['source']],
    [
      'a raw card',
      { source: { type: 'card', number: '4242424242424242', expMonth: 4, expYear: 2031, cvc: '123' } },
      ['source.type'],
    ],
    ['a redirect source', { source: { type: 'redirect', method: 'paynow' } }, ['source.type']],
    ['an expiry', { expiresAt: new Date(0) }, ['expiresAt']],
    ['a descriptor of 23 characters', { statementDescriptor: 'x'.repeat(23) }, ['statementDescriptor']],
    ['a description of 40,001 characters', { description: 'x'.repeat(40_001) }, ['description']],
    ['shipping without a name', { shipping: { address: { line1: '1 Main St' } } }, ['shipping.name']],
    ['shipping without an address', { shipping: { name: 'Sam' } }, ['shipping.address']],
    ['an amount with a fraction', { amount: 4555, currency: 'MGA' }, ['amount']],
    ['a currency nobody knows the unit of', { currency: 'IQD' }, ['currency']],
    [
      'a fee that cannot be sent',
      { currency: 'KWD', providerOptions: { applicationFeeAmount: 11 } },
      ['providerOptions.applicationFeeAmount'],
    ],
  ] satisfies [string, Partial<CreateParams>, string[]][])('%s', (_, params, paths) => {
    expect(issues(params)).toEqual(paths);
  });

  it('a PaymentMethod in charges mode, and options that only intents have', () => {
    expect(issues({}, 'charges')).toEqual(['source']);
    expect(issues({ source: 'cus_1' }, 'charges')).toEqual(['source']);
    expect(issues({ source: 'acct_1' }, 'charges')).toEqual(['source']);
    const providerOptions = {
      offSession: true,
      setupFutureUsage: 'off_session',
      errorOnRequiresAction: false,
    };
    expect(issues({ source: 'tok_visa', providerOptions }, 'charges')).toEqual([
      'providerOptions.setupFutureUsage',
      'providerOptions.offSession',
      'providerOptions.errorOnRequiresAction',
    ]);
  });

  it('metadata beyond the limits, which count the stamp', () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
    expect(issues({ metadata: keys(49) })).toEqual([]);
    expect(issues({ metadata: keys(50) })).toEqual(['metadata']);
    expect(issues({ metadata: { ['k'.repeat(41)]: 'v' } })).toHaveLength(1);
    expect(issues({ metadata: { 'a[b]': 'v' } })).toHaveLength(1);
    expect(issues({ metadata: { k: 'v'.repeat(501) } })).toHaveLength(1);
    expect(issues({ metadata: { k: '' } })).toHaveLength(1);
    expect(issues({ metadata: { k: 'v'.repeat(500), ['k'.repeat(40)]: 'v' } })).toEqual([]);
  });

  it('never repeats a card number', () => {
    const source = { type: 'card', number: '4242424242424242', expMonth: 4, expYear: 2031 } as const;
    const told = issuesOf(stripeProvider, 'create', { params: { ...base, source } }, scriptedCall());
    expect(told).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('4242');
  });

  it('options that nobody knows', () => {
    const schema = paramsIn(stripeProvider, 'create');
    const accepts = (providerOptions: object) => schema.safeParse({ ...base, providerOptions }).success;
    expect(accepts({ offSession: true })).toBe(true);
    expect(accepts({ payment_method_types: ['card'] })).toBe(false);
  });
});

describe('what create sends for an intent', () => {
  it('is confirmed at once, with a redirect only where the payer can come back', () => {
    expect(form({})).toEqual([
      'amount=4590',
      'currency=eur',
      'metadata[unicharge_key]=order-81',
      'payment_method=pm_card_visa',
      'confirm=true',
      'automatic_payment_methods[enabled]=true',
      'automatic_payment_methods[allow_redirects]=never',
      'error_on_requires_action=true',
      'expand[0]=latest_charge',
    ]);
    const withReturn = form({ returnUrl: 'https://shop.example/back' });
    expect(withReturn).toContain('return_url=https://shop.example/back');
    expect(withReturn.join('&')).not.toMatch(/allow_redirects|error_on_requires_action/);
  });

  it('follows errorOnRequiresAction both ways', () => {
    expect(form({ providerOptions: { errorOnRequiresAction: false } }).join('&')).not.toContain(
      'error_on_requires_action',
    );
    const eager = {
      returnUrl: 'https://shop.example/back',
      providerOptions: { errorOnRequiresAction: true },
    };
    expect(form(eager)).toContain('error_on_requires_action=true');
  });

  it('never names payment method types, which Stripe refuses since 2026-09-30', () => {
    expect(form({ capture: false }).join('&')).not.toContain('payment_method_types');
  });

  it('only authorizes with capture: false', () => {
    expect(form({ capture: false })).toContain('capture_method=manual');
    expect(form({ capture: true }).join('&')).not.toContain('capture_method');
  });

  it('takes the descriptor as a suffix, and no mail address', () => {
    const fields = form({ statementDescriptor: 'SHOP 81', email: 'sam@shop.test', ip: '203.0.113.9' });
    expect(fields).toContain('statement_descriptor_suffix=SHOP 81');
    expect(fields.join('&')).not.toMatch(/sam@shop|203\.0|statement_descriptor=/);
  });

  it('takes everything that informs, and the metadata with the stamp after it', () => {
    const fields = form({
      customer: 'cus_1',
      description: 'Order 81',
      metadata: { order: '81' },
      shipping: {
        name: 'Sam',
        phone: '1',
        address: { line1: '1 Main St', city: 'Oslo', postalCode: '0150', country: 'NO' },
      },
    });
    expect(fields.slice(2, 11)).toEqual([
      'customer=cus_1',
      'description=Order 81',
      'metadata[order]=81',
      'metadata[unicharge_key]=order-81',
      'shipping[name]=Sam',
      'shipping[phone]=1',
      'shipping[address][line1]=1 Main St',
      'shipping[address][city]=Oslo',
      'shipping[address][postal_code]=0150',
    ]);
  });

  it('translates every option', () => {
    const fields = form({
      currency: 'ISK',
      amount: 500,
      providerOptions: {
        applicationFeeAmount: 5,
        onBehalfOf: 'acct_1',
        transferData: { destination: 'acct_2', amount: 100, description: 'share' },
        transferGroup: 'g1',
        radarOptions: { session: 'rse_1' },
        receiptEmail: 'sam@shop.test',
        statementDescriptor: 'WHOLE',
        setupFutureUsage: 'off_session',
        offSession: 'recurring',
        paymentMethodOptions: { card: { requestThreeDSecure: 'challenge' } },
      },
    });
    for (const field of [
      'amount=50000',
      'application_fee_amount=500',
      'on_behalf_of=acct_1',
      'transfer_data[destination]=acct_2',
      'transfer_data[amount]=10000',
      'transfer_data[description]=share',
      'transfer_group=g1',
      'radar_options[session]=rse_1',
      'receipt_email=sam@shop.test',
      'statement_descriptor=WHOLE',
      'setup_future_usage=off_session',
      'off_session=recurring',
      'payment_method_options[card][request_three_d_secure]=challenge',
    ]) {
      expect(fields).toContain(field);
    }
  });
});

describe('what create sends for a charge', () => {
  it('is the source, and capture only where it is false', () => {
    expect(form({ source: 'tok_visa' }, 'charges')).toEqual([
      'amount=4590',
      'currency=eur',
      'metadata[unicharge_key]=order-81',
      'source=tok_visa',
    ]);
    expect(form({ source: 'tok_visa', capture: false }, 'charges')).toContain('capture=false');
  });

  it('is a customer with a card, or with the default one', () => {
    expect(form({ source: { type: 'customer', customer: 'cus_1', card: 'card_1' } }, 'charges')).toEqual(
      expect.arrayContaining(['customer=cus_1', 'source=card_1']),
    );
    expect(form({ source: { type: 'customer', customer: 'cus_1' } }, 'charges').join('&')).not.toContain(
      'source=',
    );
  });
});

describe('what happens to a token before an intent', () => {
  const prepare = async (params: Partial<CreateParams>) => {
    const call = scriptedCall({ 'POST /v1/payment_methods': { id: 'pm_made', object: 'payment_method' } });
    const input = { params: { ...base, ...params } };
    const prepared = await rowIn(stripeProvider, 'create').prepare?.(input, call);
    return {
      prepared,
      forms: call.requests.map((request) => decodeURIComponent(encodeFields(request.form ?? {}))),
    };
  };

  it('is that it becomes a PaymentMethod, with the mail address that informs', async () => {
    const billing = { name: 'Sam', address: { postalCode: '0150' } };
    expect(await prepare({ source: 'tok_visa', email: 'sam@shop.test', billing })).toEqual({
      prepared: { paymentMethod: 'pm_made' },
      forms: [
        'type=card&card[token]=tok_visa&billing_details[name]=Sam&billing_details[email]=sam@shop.test' +
          '&billing_details[address][postal_code]=0150',
      ],
    });
  });

  it('is that nothing else is sent with it', async () => {
    expect((await prepare({ source: 'tok_visa' })).forms).toEqual(['type=card&card[token]=tok_visa']);
  });

  it('is nothing where it is a PaymentMethod already, or a saved card', async () => {
    expect(await prepare({})).toEqual({ prepared: { paymentMethod: 'pm_card_visa' }, forms: [] });
    const saved = { source: { type: 'customer', customer: 'cus_1', card: 'card_1' } } as const;
    expect(await prepare(saved)).toEqual({ prepared: { paymentMethod: 'card_1' }, forms: [] });
  });
});

describe('what the other writes refuse before sending', () => {
  const updateIssues = (params: UpdateParams) =>
    issuesOf(stripeProvider, 'update', { id: 'pi_1', params }, scriptedCall()).map(({ path }) => path);

  it('is an email in an update, because Stripe would send a receipt', () => {
    expect(updateIssues({ email: 'sam@shop.test' })).toEqual(['email']);
    expect(updateIssues({ description: '', metadata: { gone: null, kept: 'v' } })).toEqual([]);
    expect(updateIssues({ metadata: { k: '' } })).toEqual(['metadata.k']);
  });

  it('is metadata of a refund beyond the limits', () => {
    const input = { id: 'pi_1', params: { metadata: { 'a[b]': 'v' } } };
    expect(issuesOf(stripeProvider, 'refund', input, scriptedCall())).toHaveLength(1);
  });

  it('is whatever Stripe does not know of 3-D Secure', () => {
    const paths = (params: Verify3DSParams) =>
      issuesOf(stripeProvider, 'verify3DS', { params }, scriptedCall()).map(({ path }) => path);
    expect(paths({ chargeId: 'pi_1' })).toEqual([]);
    expect(paths({ sessionToken: 'x' })).toEqual(['chargeId', 'sessionToken']);
    expect(paths({ chargeId: 'pi_1', otp: { confirmationId: 'a', code: 'b' } })).toEqual(['otp']);
  });
});
