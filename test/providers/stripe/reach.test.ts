import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStripe, type StripeSettings } from '../../../src/providers/stripe/index.js';
import { capturedCharge, paidIntent, wireIntent, wireList } from './wire-objects.js';

/* Parameters and filters that only some payments need, as bytes. */

let seen: string[] = [];

const stripe = (settings: Partial<StripeSettings>, ...bodies: unknown[]) => {
  seen = [];
  const left = [...bodies];
  nock.cleanAll();
  for (const method of ['GET', 'POST']) {
    nock('https://api.stripe.com')
      .persist()
      .intercept(/.*/, method)
      .reply((path, body) => {
        seen.push(
          decodeURIComponent(`${method} ${path}${typeof body === 'string' && body !== '' ? ` ${body}` : ''}`),
        );
        return [200, left.shift() as Record<string, unknown>];
      });
  }
  return createStripe({ secretKey: 'sk_test_a1', maxRetries: 0, ...settings });
};

beforeAll(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
});

const order = { amount: 4590, currency: 'EUR', returnUrl: 'https://shop.test/back' } as const;
const stamped = (fields: Readonly<Record<string, unknown>> = {}) =>
  paidIntent({}, { metadata: { unicharge_key: 'order-81' }, ...fields });

describe('create', () => {
  it('charges a confirmation token by its own parameter', async () => {
    const charges = stripe({}, stamped());
    await charges.create({ ...order, source: 'ctoken_1' }, { idempotencyKey: 'order-81' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain('&confirmation_token=ctoken_1&confirm=true&');
    expect(seen[0]).not.toContain('payment_method=');
  });

  it('has no place for a confirmation token in charges mode', async () => {
    const create = stripe({ api: 'charges' }).create({ amount: 1, currency: 'EUR', source: 'ctoken_1' });
    await expect(create).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: 'source', message: expect.stringContaining('confirmation token') as string }],
    });
    expect(seen).toEqual([]);
  });

  it.each([
    [
      {
        type: 'online',
        acceptedAt: '2026-11-20T10:00:00Z',
        online: { ipAddress: '203.0.113.7', userAgent: 'Browser/1' },
      },
      'mandate_data[customer_acceptance][type]=online&mandate_data[customer_acceptance][accepted_at]=1795168800' +
        '&mandate_data[customer_acceptance][online][ip_address]=203.0.113.7' +
        '&mandate_data[customer_acceptance][online][user_agent]=Browser/1',
    ],
    [{ type: 'offline' }, 'mandate_data[customer_acceptance][type]=offline'],
  ] as const)('tells the consent to a debit: %j', async (customerAcceptance, bytes) => {
    const charges = stripe({}, stamped());
    const providerOptions = { mandateData: { customerAcceptance } };
    await charges.create({ ...order, source: 'pm_1', providerOptions }, { idempotencyKey: 'order-81' });
    expect(seen[0]).toContain(`&${bytes}&`);
  });

  it('names an earlier consent', async () => {
    const charges = stripe({}, stamped());
    await charges.create(
      { ...order, source: 'pm_1', providerOptions: { mandate: 'mandate_1' } },
      { idempotencyKey: 'order-81' },
    );
    expect(seen[0]).toContain('&mandate=mandate_1&');
  });

  it('refuses a consent that Stripe would refuse, unsent', async () => {
    const online = { ipAddress: 'somewhere', userAgent: 'Browser/1' };
    const create = stripe({}).create({
      ...order,
      source: 'pm_1',
      providerOptions: { mandateData: { customerAcceptance: { type: 'online', online } } },
    });
    await expect(create).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: 'providerOptions.mandateData.customerAcceptance.online.ipAddress' }],
    });
  });
});

describe('update', () => {
  const charge = capturedCharge();

  it.each([
    ['fraudulent', 'fraud_details[user_report]=fraudulent'],
    ['safe', 'fraud_details[user_report]=safe'],
    [null, 'fraud_details[user_report]='],
  ] as const)('reports a charge as %s', async (userReport, bytes) => {
    const charges = stripe({ api: 'charges' }, charge);
    await charges.update('ch_demoA1', { providerOptions: { fraudDetails: { userReport } } });
    expect(seen).toEqual([`POST /v1/charges/ch_demoA1 ${bytes}`]);
  });

  it('reports no intent', async () => {
    const report = { providerOptions: { fraudDetails: { userReport: 'safe' } } } as const;
    await expect(stripe({}).update('pi_demoA1', report)).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: 'providerOptions.fraudDetails' }],
    });
    expect(seen).toEqual([]);
    // In charges mode an intent stands for its charge, and has none before the first attempt.
    const waiting = wireIntent({ status: 'requires_payment_method', latest_charge: null });
    await expect(stripe({ api: 'charges' }, waiting).update('pi_demoA1', report)).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: 'providerOptions.fraudDetails' }],
    });
    expect(seen).toEqual(['GET /v1/payment_intents/pi_demoA1?expand[0]=latest_charge']);
  });
});

describe('list', () => {
  it('in charges mode filters by intent and by group', async () => {
    const charges = stripe({ api: 'charges' }, wireList([capturedCharge()]));
    await charges.list({ providerOptions: { paymentIntent: 'pi_1', transferGroup: 'order-81' } });
    expect(seen).toEqual(['GET /v1/charges?payment_intent=pi_1&transfer_group=order-81']);
  });

  it.each(['paymentIntent', 'transferGroup'] as const)('of intents has no filter %s', async (name) => {
    const list = stripe({}).list({ providerOptions: { [name]: 'x' } });
    await expect(Promise.resolve(list)).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: `providerOptions.${name}` }],
    });
    expect(seen).toEqual([]);
  });
});

describe('the fee', () => {
  const booking = { id: 'txn_1', object: 'balance_transaction', fee: 163, currency: 'eur' };

  it('is told of an intent on request', async () => {
    const charges = stripe({}, paidIntent({ balance_transaction: booking }), paidIntent());
    expect((await charges.retrieve('pi_demoA1', { include: ['fee'] })).fee).toEqual({
      amount: 163,
      currency: 'EUR',
    });
    expect((await charges.retrieve('pi_demoA1')).fee).toBeNull();
    expect(seen).toEqual([
      'GET /v1/payment_intents/pi_demoA1?expand[0]=latest_charge.balance_transaction',
      'GET /v1/payment_intents/pi_demoA1?expand[0]=latest_charge',
    ]);
  });

  it('is told of a charge on request', async () => {
    const charges = stripe({ api: 'charges' }, capturedCharge({ balance_transaction: booking }));
    expect((await charges.retrieve('ch_demoA1', { include: ['fee'] })).fee).toEqual({
      amount: 163,
      currency: 'EUR',
    });
    expect(seen).toEqual(['GET /v1/charges/ch_demoA1?expand[0]=balance_transaction']);
  });

  it('is told in a list and in a search', async () => {
    const page = wireList([paidIntent({ balance_transaction: booking })]);
    const charges = stripe({}, page, { ...page, object: 'search_result', next_page: null });
    const include = ['fee'] as const;
    expect((await charges.list({}, { include })).data[0]?.fee).toEqual({ amount: 163, currency: 'EUR' });
    expect((await charges.search({ currency: 'EUR' }, { include })).data[0]?.fee?.amount).toBe(163);
    expect(seen.map((line) => line.split(/[?&]/).at(-1))).toEqual([
      'expand[0]=data.latest_charge.balance_transaction',
      'expand[0]=data.latest_charge.balance_transaction',
    ]);
    const bare = stripe({ api: 'charges' }, wireList([capturedCharge({ balance_transaction: booking })]));
    expect((await bare.list({}, { include })).data[0]?.fee?.amount).toBe(163);
    expect(seen).toEqual(['GET /v1/charges?expand[0]=data.balance_transaction']);
  });

  it('is not there before the money is booked', async () => {
    const charges = stripe({}, paidIntent({ balance_transaction: null }));
    expect((await charges.retrieve('pi_demoA1', { include: ['fee'] })).fee).toBeNull();
  });
});
