import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire, day, type WireParams } from './stripe-wire.js';

const charge = (params: WireParams = {}): WireParams => ({
  amount: 4590,
  currency: 'eur',
  source: 'tok_visa',
  ...params,
});

describe('create', () => {
  it('takes money from a token, under its own id', async () => {
    const stripe = createStripeWire();
    const { status, body } = await stripe.post('/v1/charges', charge({ metadata: { order: '81' } }));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^ch_/),
      status: 'succeeded',
      captured: true,
      paid: true,
      amount_captured: 4590,
      payment_intent: null,
      payment_method: expect.stringMatching(/^card_/),
      balance_transaction: expect.stringMatching(/^txn_/),
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([
      { id: body.id, state: 'captured', currency: 'EUR' },
    ]);
  });

  it('takes a handed out source once', async () => {
    const stripe = createStripeWire();
    const source = stripe.simulated.source('stripe', 'approved');
    expect((await stripe.post('/v1/charges', charge({ source }))).status).toBe(200);
    expect((await stripe.post('/v1/charges', charge({ source }))).body.error.code).toBe('token_already_used');
    expect(stripe.simulated.ledger.charges()).toHaveLength(1);
  });

  it('keeps a declined charge, which claims to be captured', async () => {
    const stripe = createStripeWire();
    const { status, body } = await stripe.post('/v1/charges', charge({ source: 'tok_chargeDeclined' }));
    expect([status, body.error.code, body.error.decline_code]).toEqual([
      402,
      'card_declined',
      'generic_decline',
    ]);
    const failed = (await stripe.get(`/v1/charges/${body.error.charge}`)).body;
    expect(failed).toMatchObject({
      status: 'failed',
      paid: false,
      captured: true,
      failure_code: 'card_declined',
    });
    expect(failed.amount_captured).toBe(0);
    expect(stripe.simulated.ledger.charges()).toMatchObject([
      { id: failed.id, state: 'failed', amountCaptured: 0 },
    ]);
  });

  it('cannot authenticate the payer', async () => {
    const stripe = createStripeWire();
    const source = stripe.simulated.source('stripe', 'requires_3ds');
    const { status, body } = await stripe.post('/v1/charges', charge({ source }));
    expect([status, body.error.code, body.error.decline_code]).toEqual([
      402,
      'card_declined',
      'authentication_required',
    ]);
  });

  it('has no other sources', async () => {
    const stripe = createStripeWire();
    expect((await stripe.post('/v1/charges', charge({ source: 'tok_nobody' }))).status).toBe(404);
    expect((await stripe.post('/v1/charges', charge({ source: 'pm_card_visa' }))).status).toBe(404);
    expect((await stripe.post('/v1/charges', charge({ card: 'tok_visa' }))).body.error.code).toBe(
      'parameter_unknown',
    );
    expect(() => stripe.simulated.source('stripe', 'redirect')).toThrow(RangeError);
  });
});

describe('customers', () => {
  it('are charged by their default source or a card of theirs', async () => {
    const stripe = createStripeWire();
    const { body: customer } = await stripe.post('/v1/customers', { source: 'tok_mastercard' });
    const byDefault = await stripe.post('/v1/charges', charge({ source: undefined, customer: customer.id }));
    const byCard = await stripe.post(
      '/v1/charges',
      charge({ source: customer.default_source, customer: customer.id }),
    );
    for (const { body } of [byDefault, byCard]) {
      expect(body).toMatchObject({
        customer: customer.id,
        payment_method_details: { card: { brand: 'mastercard' } },
      });
    }
  });

  it('without the card are refused with missing', async () => {
    const stripe = createStripeWire();
    const { body: customer } = await stripe.post('/v1/customers', {});
    for (const source of [undefined, 'card_nobody']) {
      const { status, body } = await stripe.post('/v1/charges', charge({ source, customer: customer.id }));
      expect([status, body.error.code]).toEqual([404, 'missing']);
    }
  });

  it('do not get a card that the issuer refuses, but one that fails later', async () => {
    const stripe = createStripeWire();
    expect((await stripe.post('/v1/customers', { source: 'tok_chargeDeclined' })).status).toBe(402);
    const { body: customer } = await stripe.post('/v1/customers', { source: 'tok_chargeCustomerFail' });
    expect(
      (await stripe.post('/v1/charges', charge({ source: undefined, customer: customer.id }))).status,
    ).toBe(402);
  });

  it('pay intents with an attached payment method', async () => {
    const stripe = createStripeWire();
    const { body: customer } = await stripe.post('/v1/customers', {
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const { body: method } = await stripe.post('/v1/payment_methods/pm_card_amex/attach', {
      customer: customer.id,
    });
    expect(method).toMatchObject({ customer: customer.id, card: { brand: 'amex' } });
    const params = confirmed({ customer: customer.id, payment_method: method.id, off_session: true });
    expect((await stripe.post('/v1/payment_intents', params)).body).toMatchObject({
      status: 'succeeded',
      customer: customer.id,
    });
  });
});

describe('capture', () => {
  const authorize = async (stripe: ReturnType<typeof createStripeWire>) =>
    (await stripe.post('/v1/charges', charge({ capture: false }))).body;

  it('takes all or a part, once', async () => {
    const stripe = createStripeWire();
    const { id } = await authorize(stripe);
    const { body } = await stripe.post(`/v1/charges/${id}/capture`, { amount: 900 });
    expect(body).toMatchObject({ amount: 4590, amount_captured: 900, amount_refunded: 0, captured: true });
    expect((await stripe.post(`/v1/charges/${id}/capture`)).body.error.code).toBe('charge_already_captured');
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ amountCaptured: 900 }]);
  });

  it('refuses more than was authorized, a void charge, a failed one, and one of an intent', async () => {
    const stripe = createStripeWire();
    const { id } = await authorize(stripe);
    expect((await stripe.post(`/v1/charges/${id}/capture`, { amount: 4591 })).body.error.param).toBe(
      'amount',
    );
    await stripe.post('/v1/refunds', { charge: id });
    expect((await stripe.post(`/v1/charges/${id}/capture`)).body.error.code).toBe('charge_already_refunded');
    const failed = await stripe.post('/v1/charges', charge({ source: 'tok_chargeDeclined', capture: false }));
    expect((await stripe.post(`/v1/charges/${failed.body.error.charge}/capture`)).status).toBe(400);
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ capture_method: 'manual' }),
    );
    expect((await stripe.post(`/v1/charges/${intent.latest_charge}/capture`)).status).toBe(400);
    expect(stripe.simulated.ledger.charges().every((each) => each.amountCaptured === 0)).toBe(true);
  });
});

describe('lapse', () => {
  it('ends a bare authorization after seven days with a refund of that reason', async () => {
    const stripe = createStripeWire();
    const { id } = (await stripe.post('/v1/charges', charge({ capture: false }))).body;
    stripe.simulated.clock.advance(7 * day - 1000);
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'authorized' }]);
    stripe.simulated.clock.advance(1000);
    expect(stripe.simulated.ledger.charges()).toMatchObject([
      { state: 'expired', amountRefunded: 0, refunds: [] },
    ]);
    const lapsed = (await stripe.get(`/v1/charges/${id}`, { expand: ['refunds'] })).body;
    expect(lapsed).toMatchObject({ captured: false, refunded: true, amount_refunded: 4590 });
    expect(lapsed.refunds.data).toMatchObject([{ reason: 'expired_uncaptured_charge' }]);
    expect((await stripe.post(`/v1/charges/${id}/capture`)).body.error.code).toBe(
      'charge_expired_for_capture',
    );
  });

  it('cancels an intent with the reason automatic', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ capture_method: 'manual' }),
    );
    stripe.simulated.clock.advance(7 * day);
    const { body } = await stripe.get(`/v1/payment_intents/${intent.id}`);
    expect(body).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
      canceled_at: Number(intent.created) + 7 * 24 * 3600,
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'expired' }]);
  });

  it('comes after four days and eighteen hours for Visa payments off session', async () => {
    const stripe = createStripeWire();
    const { body } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ capture_method: 'manual', off_session: true, expand: ['latest_charge'] }),
    );
    const { capture_before: before } = body.latest_charge.payment_method_details.card;
    expect(before - body.created).toBe((4 * 24 + 18) * 3600);
  });

  it('spares what was captured in time', async () => {
    const stripe = createStripeWire();
    const { id } = (await stripe.post('/v1/charges', charge({ capture: false }))).body;
    await stripe.post(`/v1/charges/${id}/capture`);
    stripe.simulated.clock.advance(30 * day);
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'captured' }]);
  });
});

describe('update', () => {
  it('changes what may change', async () => {
    const stripe = createStripeWire();
    const { id } = (await stripe.post('/v1/charges', charge({ metadata: { a: '1' } }))).body;
    const { body: customer } = await stripe.post('/v1/customers', {});
    const { body } = await stripe.post(`/v1/charges/${id}`, {
      customer: customer.id,
      description: 'Order 81',
      metadata: { b: '2' },
      fraud_details: { user_report: 'safe' },
      transfer_group: 'g1',
    });
    expect(body).toMatchObject({
      customer: customer.id,
      description: 'Order 81',
      metadata: { a: '1', b: '2' },
      fraud_details: { user_report: 'safe' },
      transfer_group: 'g1',
    });
    expect((await stripe.post(`/v1/charges/${id}`, { transfer_group: 'g2' })).status).toBe(400);
    const { body: other } = await stripe.post('/v1/customers', {});
    expect((await stripe.post(`/v1/charges/${id}`, { customer: other.id })).status).toBe(400);
    expect((await stripe.post(`/v1/charges/${id}`, { amount: 1 })).body.error.code).toBe('parameter_unknown');
    expect(stripe.simulated.ledger.charges()[0]?.metadata).toEqual({ a: '1', b: '2' });
  });
});
