import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire } from './stripe-wire.js';

const paidCharge = async (stripe: ReturnType<typeof createStripeWire>, source = 'tok_visa') =>
  (await stripe.post('/v1/charges', { amount: 4590, currency: 'eur', source })).body;

const methodOf = async (stripe: ReturnType<typeof createStripeWire>, number: string) =>
  (await stripe.post('/v1/payment_methods', { type: 'card', card: { number } })).body.id as string;

const hour = 3600 * 1000;

describe('refund', () => {
  it('gives back parts until nothing is left', async () => {
    const stripe = createStripeWire();
    const { id } = await paidCharge(stripe);
    const refund = (amount?: number) =>
      stripe.post('/v1/refunds', { charge: id, amount, metadata: { a: 'b' } });
    const first = await refund(500);
    expect(first.body).toMatchObject({
      object: 'refund',
      amount: 500,
      charge: id,
      status: 'succeeded',
      metadata: { a: 'b' },
      destination_details: { card: { type: 'refund' } },
    });
    expect((await stripe.get(`/v1/charges/${id}`)).body).toMatchObject({
      amount_refunded: 500,
      refunded: false,
    });
    const tooMuch = await refund(4091);
    expect([tooMuch.status, tooMuch.body.error.param, tooMuch.body.error.code]).toEqual([
      400,
      'amount',
      undefined,
    ]);
    expect((await refund()).body.amount).toBe(4090);
    expect((await refund()).body.error.code).toBe('charge_already_refunded');
    expect((await stripe.get(`/v1/charges/${id}`)).body).toMatchObject({
      amount_refunded: 4590,
      refunded: true,
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'captured', amountRefunded: 4590 }]);
  });

  it('finds the charge of an intent', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed());
    const { body } = await stripe.post('/v1/refunds', {
      payment_intent: intent.id,
      expand: ['charge', 'payment_intent'],
    });
    expect(body).toMatchObject({
      charge: { id: intent.latest_charge, refunded: true },
      payment_intent: { id: intent.id },
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ id: intent.id, amountRefunded: 4590 }]);
  });

  it('refuses without a target, without money, and without a positive amount', async () => {
    const stripe = createStripeWire();
    expect((await stripe.post('/v1/refunds', {})).body.error.code).toBe('parameter_missing');
    const { body: open } = await stripe.post('/v1/payment_intents', { amount: 500, currency: 'eur' });
    expect((await stripe.post('/v1/refunds', { payment_intent: open.id })).status).toBe(400);
    const declined = await stripe.post('/v1/charges', {
      amount: 500,
      currency: 'eur',
      source: 'tok_chargeDeclined',
    });
    const failed = await stripe.post('/v1/refunds', { charge: declined.body.error.charge });
    expect(failed.body.error.code).toBe('charge_not_refundable');
    const { id } = await paidCharge(stripe);
    for (const amount of [0, -5])
      expect((await stripe.post('/v1/refunds', { charge: id, amount })).status).toBe(400);
  });

  it('is the way to void a bare charge, only as a whole', async () => {
    const stripe = createStripeWire();
    const { id } = (
      await stripe.post('/v1/charges', { amount: 4590, currency: 'eur', source: 'tok_visa', capture: false })
    ).body;
    expect((await stripe.post('/v1/refunds', { charge: id, amount: 100 })).status).toBe(400);
    const { body } = await stripe.post('/v1/refunds', { charge: id });
    expect(body).toMatchObject({
      amount: 4590,
      balance_transaction: null,
      destination_details: { card: { type: 'reversal' } },
    });
    expect((await stripe.get(`/v1/charges/${id}`)).body).toMatchObject({
      captured: false,
      refunded: true,
      status: 'succeeded',
    });
    expect((await stripe.post('/v1/refunds', { charge: id })).body.error.code).toBe(
      'charge_already_refunded',
    );
    expect(stripe.simulated.ledger.charges()).toMatchObject([
      { state: 'voided', amountRefunded: 0, refunds: [] },
    ]);
    expect(stripe.simulated.requests().map((request) => request.operation)).toEqual([
      'create',
      'void',
      'void',
      'retrieve',
      'void',
    ]);
  });

  it('does not void an intent', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ capture_method: 'manual' }),
    );
    expect((await stripe.post('/v1/refunds', { payment_intent: intent.id })).status).toBe(400);
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'authorized' }]);
  });

  it('of the legacy kind answers with the charge', async () => {
    const stripe = createStripeWire();
    const { id } = await paidCharge(stripe);
    const { body } = await stripe.post(`/v1/charges/${id}/refund`, { amount: 500 });
    expect(body).toMatchObject({ id, object: 'charge', amount_refunded: 500 });
  });

  it('is refused while a dispute is open, but not for an inquiry', async () => {
    const stripe = createStripeWire();
    const disputed = await paidCharge(stripe, 'tok_createDispute');
    expect(disputed.disputed).toBe(false);
    expect((await stripe.get(`/v1/charges/${disputed.id}`)).body.disputed).toBe(true);
    expect((await stripe.post('/v1/refunds', { charge: disputed.id })).body.error.code).toBe(
      'charge_disputed',
    );
    const asked = await paidCharge(stripe, 'tok_createDisputeInquiry');
    expect((await stripe.post('/v1/refunds', { charge: asked.id })).status).toBe(200);
  });
});

describe('refunds that take their time', () => {
  it('stay pending and succeed later', async () => {
    const stripe = createStripeWire();
    const payment_method = await methodOf(stripe, '4000000000007726');
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed({ payment_method }));
    const { body: refund } = await stripe.post('/v1/refunds', { payment_intent: intent.id });
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect(stripe.simulated.ledger.charges()[0]?.refunds).toMatchObject([
      { id: refund.id, status: 'pending' },
    ]);
    stripe.simulated.clock.advance(hour);
    expect((await stripe.get(`/v1/refunds/${refund.id}`)).body).toMatchObject({ status: 'succeeded' });
    expect(stripe.simulated.ledger.charges()[0]?.refunds).toMatchObject([{ status: 'succeeded' }]);
  });

  it('succeed and fail later: the money can be refunded again', async () => {
    const stripe = createStripeWire();
    const payment_method = await methodOf(stripe, '4000000000005126');
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed({ payment_method }));
    const { body: refund } = await stripe.post('/v1/refunds', { payment_intent: intent.id });
    expect(refund.status).toBe('succeeded');
    stripe.simulated.clock.advance(hour);
    expect((await stripe.get(`/v1/refunds/${refund.id}`)).body).toMatchObject({
      status: 'failed',
      failure_reason: 'declined',
      failure_balance_transaction: expect.stringMatching(/^txn_/),
    });
    expect((await stripe.get(`/v1/charges/${intent.latest_charge}`)).body).toMatchObject({
      amount_refunded: 0,
      refunded: false,
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ amountRefunded: 0 }]);
    expect((await stripe.post('/v1/refunds', { payment_intent: intent.id })).status).toBe(200);
  });
});

describe('reading refunds', () => {
  it('lists by charge, by intent and below the charge, newest first', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed());
    const other = await paidCharge(stripe);
    for (const amount of [100, 200]) await stripe.post('/v1/refunds', { payment_intent: intent.id, amount });
    await stripe.post('/v1/refunds', { charge: other.id });
    const amounts = async (path: string, params = {}) =>
      (await stripe.get(path, params)).body.data.map((refund: { amount: number }) => refund.amount);
    expect(await amounts('/v1/refunds')).toEqual([4590, 200, 100]);
    expect(await amounts('/v1/refunds', { payment_intent: intent.id })).toEqual([200, 100]);
    expect(await amounts('/v1/refunds', { charge: intent.latest_charge, limit: 1 })).toEqual([200]);
    expect(await amounts(`/v1/charges/${intent.latest_charge}/refunds`)).toEqual([200, 100]);
  });

  it('updates metadata only, and cancels nothing that has succeeded', async () => {
    const stripe = createStripeWire();
    const { id } = await paidCharge(stripe);
    const { body: refund } = await stripe.post('/v1/refunds', { charge: id, metadata: { a: '1' } });
    const { body } = await stripe.post(`/v1/refunds/${refund.id}`, { metadata: { b: '2' } });
    expect(body.metadata).toEqual({ a: '1', b: '2' });
    expect(stripe.simulated.ledger.charges()[0]?.refunds[0]?.metadata).toEqual({ a: '1', b: '2' });
    expect((await stripe.post(`/v1/refunds/${refund.id}`, { amount: 1 })).status).toBe(400);
    expect((await stripe.post(`/v1/refunds/${refund.id}/cancel`)).status).toBe(400);
  });
});
