import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire } from './stripe-wire.js';

const good = [
  'visa',
  'visa_debit',
  'mastercard',
  'amex',
  'discover',
  'diners',
  'jcb',
  'unionpay',
  'riskLevelElevated',
  'cvcCheckFail',
];

const bad: [name: string, code: string, declineCode: string | undefined][] = [
  ['chargeDeclined', 'card_declined', 'generic_decline'],
  ['visa_chargeDeclined', 'card_declined', 'generic_decline'],
  ['chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
  ['visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
  ['visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
  ['visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
  ['chargeDeclinedExpiredCard', 'expired_card', undefined],
  ['chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
  ['chargeDeclinedProcessingError', 'processing_error', undefined],
  ['visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded'],
  ['radarBlock', 'card_declined', 'fraudulent'],
  ['chargeCustomerFail', 'card_declined', 'generic_decline'],
];

describe('test names', () => {
  it.each(good)('%s pays in both modes', async (name) => {
    const stripe = createStripeWire();
    expect(
      (await stripe.post('/v1/charges', { amount: 500, currency: 'usd', source: `tok_${name}` })).status,
    ).toBe(200);
    const { body } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ payment_method: `pm_card_${name}` }),
    );
    expect(body.status).toBe('succeeded');
  });

  it.each(bad)('%s is declined in both modes', async (name, code, declineCode) => {
    const stripe = createStripeWire();
    const bare = await stripe.post('/v1/charges', { amount: 500, currency: 'usd', source: `tok_${name}` });
    const intent = await stripe.post('/v1/payment_intents', confirmed({ payment_method: `pm_card_${name}` }));
    for (const { status, body } of [bare, intent]) {
      expect([status, body.error.code, body.error.decline_code]).toEqual([402, code, declineCode]);
    }
  });

  it('of objects are no names', async () => {
    const stripe = createStripeWire();
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(
        (await stripe.post('/v1/charges', { amount: 500, currency: 'usd', source: `tok_${name}` })).status,
      ).toBe(404);
    }
  });
});

describe('risk and checks', () => {
  const outcomeOf = async (name: string) => {
    const stripe = createStripeWire();
    const { body } = await stripe.post('/v1/charges', {
      amount: 500,
      currency: 'usd',
      source: `tok_${name}`,
    });
    const id = body.id ?? body.error.charge;
    return (await stripe.get(`/v1/charges/${id}`)).body;
  };

  it('show in the outcome', async () => {
    expect((await outcomeOf('visa')).outcome).toMatchObject({ type: 'authorized', risk_level: 'normal' });
    expect((await outcomeOf('riskLevelElevated')).outcome).toMatchObject({
      type: 'manual_review',
      risk_level: 'elevated',
    });
    expect((await outcomeOf('radarBlock')).outcome).toMatchObject({
      type: 'blocked',
      network_status: 'not_sent_to_network',
    });
    expect((await outcomeOf('chargeDeclined')).outcome).toMatchObject({ type: 'issuer_declined' });
    expect((await outcomeOf('cvcCheckFail')).payment_method_details.card.checks.cvc_check).toBe('fail');
  });
});

describe('card numbers', () => {
  it('make payment methods and tokens; unknown numbers are refused', async () => {
    const stripe = createStripeWire();
    const card = { number: '4242 4242 4242 4242', exp_month: 4, exp_year: 2034, cvc: '123' };
    const { body: method } = await stripe.post('/v1/payment_methods', { type: 'card', card });
    expect(method.card).toMatchObject({ last4: '4242', exp_month: 4, exp_year: 2034 });
    const { body: token } = await stripe.post('/v1/tokens', { card });
    expect(
      (await stripe.post('/v1/charges', { amount: 500, currency: 'usd', source: token.id })).status,
    ).toBe(200);
    expect(JSON.stringify([method, token])).not.toContain('424242');
    const unknown = await stripe.post('/v1/payment_methods', {
      type: 'card',
      card: { number: '4111111111111111' },
    });
    expect([unknown.status, unknown.body.error.code]).toEqual([402, 'incorrect_number']);
  });
});

describe('sources that the simulator hands out', () => {
  it.each([
    ['approved', 200, undefined],
    ['declined', 402, 'generic_decline'],
    ['insufficient_funds', 402, 'insufficient_funds'],
  ] as const)('%s works in both modes', async (kind, status, declineCode) => {
    const stripe = createStripeWire();
    const source = () => stripe.simulated.source('stripe', kind);
    const bare = await stripe.post('/v1/charges', { amount: 500, currency: 'usd', source: source() });
    const data = { type: 'card', card: { token: source() } };
    const intent = await stripe.post(
      '/v1/payment_intents',
      confirmed({ payment_method: undefined, payment_method_data: data }),
    );
    for (const answer of [bare, intent]) {
      expect([answer.status, answer.body.error?.decline_code]).toEqual([status, declineCode]);
    }
  });

  it('are good in a connected account', async () => {
    const stripe = createStripeWire();
    const source = stripe.simulated.source('stripe', 'approved');
    const charge = { amount: 500, currency: 'usd', source };
    expect((await stripe.post('/v1/charges', charge, { 'stripe-account': 'acct_1' })).status).toBe(200);
  });
});
