import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire } from './stripe-wire.js';

const create = async (amount: number, currency: string) => {
  const stripe = createStripeWire();
  const { status, body } = await stripe.post('/v1/charges', { amount, currency, source: 'tok_visa' });
  return { status, code: body.error?.code, ledger: stripe.simulated.ledger.charges()[0] };
};

describe('currencies', () => {
  it.each([
    ['eur', 4590, 4590],
    ['jpy', 500, 500],
    ['ugx', 500_000, 5000],
    ['isk', 50_000, 500],
    ['mga', 5000, 500_000],
    ['kwd', 7320, 7320],
    ['huf', 17_500, 17_500],
  ])('%s %d is %d in ISO minor units', async (currency, amount, iso) => {
    const { status, ledger } = await create(amount, currency);
    expect(status).toBe(200);
    expect(ledger).toMatchObject({ amount: iso, amountCaptured: iso, currency: currency.toUpperCase() });
  });

  it.each([
    ['isk', 50_050, 'invalid_charge_amount_no_decimal_compatible'],
    ['ugx', 50_001, 'invalid_charge_amount_no_decimal_compatible'],
    ['kwd', 7318, undefined],
  ])('%s cannot express %d', async (currency, amount, code) => {
    expect(await create(amount, currency)).toMatchObject({ status: 400, code, ledger: undefined });
  });

  it.each(['xyz', 'iqd', 'clf', 'eu', 'euro'])('%s is none', async (currency) => {
    expect((await create(5000, currency)).status).toBe(400);
  });

  it('hold for captures and refunds as well', async () => {
    const stripe = createStripeWire();
    const params = confirmed({ amount: 50_000, currency: 'isk', capture_method: 'manual' });
    const { body: intent } = await stripe.post('/v1/payment_intents', params);
    const path = `/v1/payment_intents/${intent.id}/capture`;
    expect((await stripe.post(path, { amount_to_capture: 40_050 })).status).toBe(400);
    expect((await stripe.post(path, { amount_to_capture: 40_000 })).status).toBe(200);
    expect((await stripe.post('/v1/refunds', { payment_intent: intent.id, amount: 150 })).status).toBe(400);
    expect((await stripe.post('/v1/refunds', { payment_intent: intent.id, amount: 10_000 })).status).toBe(
      200,
    );
    expect(stripe.simulated.ledger.charges()).toMatchObject([
      { amount: 500, amountCaptured: 400, amountRefunded: 100 },
    ]);
  });
});

describe('limits', () => {
  it.each([
    ['usd', 49, 50],
    ['gbp', 29, 30],
    ['jpy', 49, 50],
    ['huf', 17_499, 17_500],
    ['czk', 1499, 1500],
    ['xof', 0, 1],
  ])('%s: %d is too small, %d is not', async (currency, small, enough) => {
    expect(await create(small, currency)).toMatchObject({ status: 400, code: 'amount_too_small' });
    expect((await create(enough, currency)).status).toBe(200);
  });

  it.each([
    ['eur', 8],
    ['inr', 9],
    ['cop', 10],
    ['idr', 12],
  ])('%s takes %d digits', async (currency, digits) => {
    expect((await create(10 ** digits - 1, currency)).status).toBe(200);
    expect(await create(10 ** digits, currency)).toMatchObject({ status: 400, code: 'amount_too_large' });
  });

  it('are not negative', async () => {
    expect((await create(-500, 'eur')).code).toBe('amount_too_small');
  });
});
