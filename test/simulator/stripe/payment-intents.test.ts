import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire, day } from './stripe-wire.js';

const ledgerOf = (stripe: ReturnType<typeof createStripeWire>) => stripe.simulated.ledger.charges();

describe('create', () => {
  it('charges at once when it is confirmed', async () => {
    const stripe = createStripeWire();
    const { status, body } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ metadata: { order: '81' }, expand: ['latest_charge'] }),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'succeeded',
      amount_received: 4590,
      amount_capturable: 0,
      last_payment_error: null,
      capture_method: 'automatic_async',
      latest_charge: { captured: true, paid: true, payment_intent: body.id, metadata: { order: '81' } },
    });
    expect(ledgerOf(stripe)).toMatchObject([
      { id: body.id, state: 'captured', amountCaptured: 4590, metadata: { order: '81' } },
    ]);
  });

  it('shows the balance transaction of automatic_async only a moment later', async () => {
    const stripe = createStripeWire();
    const create = (capture_method: string) =>
      stripe.post('/v1/payment_intents', confirmed({ capture_method, expand: ['latest_charge'] }));
    const later = (await create('automatic_async')).body.latest_charge;
    expect(later.balance_transaction).toBeNull();
    expect((await stripe.get(`/v1/charges/${later.id}`)).body.balance_transaction).toMatch(/^txn_/);
    expect((await create('automatic')).body.latest_charge.balance_transaction).toMatch(/^txn_/);
  });

  it('only authorizes with capture_method manual, for seven days', async () => {
    const stripe = createStripeWire();
    const { body } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ capture_method: 'manual', expand: ['latest_charge'] }),
    );
    expect(body).toMatchObject({ status: 'requires_capture', amount_capturable: 4590, amount_received: 0 });
    expect(body.latest_charge).toMatchObject({
      captured: false,
      paid: true,
      status: 'succeeded',
      amount_captured: 0,
    });
    const { capture_before: before } = body.latest_charge.payment_method_details.card;
    expect(before).toBe(Number(body.created) + 7 * 24 * 3600);
    expect(ledgerOf(stripe)).toMatchObject([{ state: 'authorized', amountCaptured: 0 }]);
  });

  it('waits for a payment method, then for confirmation', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post('/v1/payment_intents', { amount: 500, currency: 'EUR' });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: null,
      currency: 'eur',
      latest_charge: null,
    });
    const path = `/v1/payment_intents/${intent.id}`;
    expect((await stripe.post(`${path}/confirm`)).body.error.code).toBe('payment_intent_unexpected_state');
    expect((await stripe.post(path, { payment_method: 'pm_card_visa' })).body.status).toBe(
      'requires_confirmation',
    );
    const confirm = await stripe.post(`${path}/confirm`, { return_url: 'https://shop.test/return' });
    expect(confirm.body.status).toBe('succeeded');
    expect((await stripe.post(`${path}/confirm`)).body.error.code).toBe('payment_intent_unexpected_state');
  });

  it('refuses a possible redirect without return_url and leaves nothing behind', async () => {
    const stripe = createStripeWire();
    for (const automatic of [{ enabled: true }, undefined]) {
      const { status, body } = await stripe.post(
        '/v1/payment_intents',
        confirmed({ automatic_payment_methods: automatic }),
      );
      expect([status, body.error.param]).toEqual([400, 'return_url']);
    }
    expect(ledgerOf(stripe)).toEqual([]);
  });

  it.each(['return_url', 'off_session', 'error_on_requires_action'])(
    'takes %s only with confirm',
    async (name) => {
      const value = name === 'return_url' ? 'https://shop.test' : 'true';
      const { status, body } = await createStripeWire().post('/v1/payment_intents', {
        amount: 500,
        currency: 'eur',
        [name]: value,
      });
      expect([status, body.error.param]).toEqual([400, name]);
    },
  );

  it('refuses statement_descriptor on a card and takes the suffix', async () => {
    const stripe = createStripeWire();
    const refused = await stripe.post('/v1/payment_intents', confirmed({ statement_descriptor: 'SHOP' }));
    expect([refused.status, refused.body.error.param]).toEqual([400, 'statement_descriptor']);
    const taken = await stripe.post(
      '/v1/payment_intents',
      confirmed({ statement_descriptor_suffix: 'order 81', expand: ['latest_charge'] }),
    );
    expect(taken.body.latest_charge.calculated_statement_descriptor).toBe('ORDER 81');
  });

  it('takes a token through payment_method_data, once', async () => {
    const stripe = createStripeWire();
    const source = stripe.simulated.source('stripe', 'approved');
    const params = confirmed({
      payment_method: undefined,
      payment_method_data: { type: 'card', card: { token: source } },
    });
    expect((await stripe.post('/v1/payment_intents', params)).body.status).toBe('succeeded');
    expect((await stripe.post('/v1/payment_intents', params)).body.error.code).toBe('token_already_used');
  });

  it('takes a payment method made from a token, and no bare token in its place', async () => {
    const stripe = createStripeWire();
    const source = stripe.simulated.source('stripe', 'approved');
    expect((await stripe.post('/v1/payment_intents', confirmed({ payment_method: source }))).status).toBe(
      404,
    );
    const method = (await stripe.post('/v1/payment_methods', { type: 'card', card: { token: source } })).body;
    expect(method).toMatchObject({
      id: expect.stringMatching(/^pm_/),
      card: { last4: '4242', brand: 'visa' },
    });
    const { body } = await stripe.post('/v1/payment_intents', confirmed({ payment_method: method.id }));
    expect(body).toMatchObject({ status: 'succeeded', payment_method: method.id });
  });
});

describe('decline', () => {
  it('answers 402 with the failed charge and the whole intent, which can be paid again', async () => {
    const stripe = createStripeWire();
    const { status, body } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ payment_method: 'pm_card_chargeDeclinedInsufficientFunds' }),
    );
    const { error } = body;
    expect(status).toBe(402);
    expect(error).toMatchObject({
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      charge: expect.stringMatching(/^ch_/),
      payment_intent: {
        status: 'requires_payment_method',
        client_secret: expect.stringContaining('_secret_'),
      },
      payment_method: { card: { last4: '9995' } },
    });
    const intent = (
      await stripe.get(`/v1/payment_intents/${error.payment_intent.id}`, { expand: ['latest_charge'] })
    ).body;
    expect(intent).toMatchObject({
      payment_method: null,
      last_payment_error: { code: 'card_declined', charge: error.charge },
    });
    expect(intent.latest_charge).toMatchObject({ status: 'failed', paid: false, captured: false });
    expect(ledgerOf(stripe)).toMatchObject([{ id: intent.id, state: 'failed', amountCaptured: 0 }]);

    const again = await stripe.post(`/v1/payment_intents/${intent.id}/confirm`, {
      payment_method: 'pm_card_visa',
    });
    expect(again.body).toMatchObject({ status: 'succeeded', last_payment_error: null });
    expect(again.body.latest_charge).not.toBe(error.charge);
    expect(ledgerOf(stripe)).toMatchObject([{ id: intent.id, state: 'captured' }]);
  });
});

describe('capture', () => {
  const authorize = async (stripe: ReturnType<typeof createStripeWire>) =>
    (await stripe.post('/v1/payment_intents', confirmed({ capture_method: 'manual' }))).body;

  it('takes a part and releases the rest, once', async () => {
    const stripe = createStripeWire();
    const intent = await authorize(stripe);
    const path = `/v1/payment_intents/${intent.id}/capture`;
    const { body } = await stripe.post(path, {
      amount_to_capture: 4000,
      expand: ['latest_charge.balance_transaction'],
    });
    expect(body).toMatchObject({
      status: 'succeeded',
      amount: 4590,
      amount_received: 4000,
      amount_capturable: 0,
    });
    expect(body.latest_charge).toMatchObject({
      amount: 4590,
      amount_captured: 4000,
      amount_refunded: 0,
      refunded: false,
      captured: true,
      balance_transaction: { amount: 4000, fee: 146, net: 3854 },
    });
    expect(body.latest_charge.payment_method_details.card).not.toHaveProperty('capture_before');
    expect((await stripe.post(path)).body.error).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id: intent.id },
    });
    expect(ledgerOf(stripe)).toMatchObject([{ state: 'captured', amount: 4590, amountCaptured: 4000 }]);
  });

  it('shows the released rest as refunded where the switch says so', async () => {
    const stripe = createStripeWire({ switches: { stripe: { releaseCountsAsRefund: true } } });
    const intent = await authorize(stripe);
    await stripe.post(`/v1/payment_intents/${intent.id}/capture`, { amount_to_capture: 4000 });
    const charge = (await stripe.get(`/v1/charges/${intent.latest_charge}`, { expand: ['refunds'] })).body;
    expect(charge).toMatchObject({ amount_refunded: 590, refunded: false });
    expect(charge.refunds.data).toMatchObject([{ amount: 590, balance_transaction: null, metadata: {} }]);
    await stripe.post('/v1/refunds', { payment_intent: intent.id });
    expect((await stripe.get(`/v1/charges/${intent.latest_charge}`)).body).toMatchObject({
      amount_refunded: 4590,
      refunded: true,
    });
    expect(ledgerOf(stripe)).toMatchObject([{ amountCaptured: 4000, amountRefunded: 4000 }]);
  });

  it('releases nothing when it takes all', async () => {
    const stripe = createStripeWire({ switches: { stripe: { releaseCountsAsRefund: true } } });
    const intent = await authorize(stripe);
    await stripe.post(`/v1/payment_intents/${intent.id}/capture`);
    expect((await stripe.get('/v1/refunds', { payment_intent: intent.id })).body.data).toEqual([]);
  });

  it('refuses more than is held', async () => {
    const stripe = createStripeWire();
    const intent = await authorize(stripe);
    const { status, body } = await stripe.post(`/v1/payment_intents/${intent.id}/capture`, {
      amount_to_capture: 4591,
    });
    expect([status, body.error.param]).toEqual([400, 'amount_to_capture']);
    expect(ledgerOf(stripe)).toMatchObject([{ state: 'authorized' }]);
  });

  it('merges metadata', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ capture_method: 'manual', metadata: { a: '1', b: '2' } }),
    );
    const { body } = await stripe.post(`/v1/payment_intents/${intent.id}/capture`, {
      metadata: { b: '', c: '3' },
    });
    expect(body.metadata).toEqual({ a: '1', c: '3' });
    expect(ledgerOf(stripe)[0]?.metadata).toEqual({ a: '1', c: '3' });
  });
});

describe('cancel', () => {
  it('releases an authorization: the charge shows as refunded, no money went back', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ capture_method: 'manual' }),
    );
    const path = `/v1/payment_intents/${intent.id}/cancel`;
    const { body } = await stripe.post(path, {
      cancellation_reason: 'requested_by_customer',
      expand: ['latest_charge'],
    });
    expect(body).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'requested_by_customer',
      amount_capturable: 0,
    });
    expect(body.latest_charge).toMatchObject({ captured: false, refunded: true, amount_refunded: 4590 });
    expect((await stripe.post(path)).body.error.code).toBe('payment_intent_unexpected_state');
    expect(ledgerOf(stripe)).toMatchObject([{ state: 'voided', amountRefunded: 0, refunds: [] }]);
    stripe.simulated.clock.advance(8 * day);
    expect(ledgerOf(stripe)).toMatchObject([{ state: 'voided' }]);
  });

  it('ends an intent that nobody has paid', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post('/v1/payment_intents', { amount: 500, currency: 'eur' });
    expect((await stripe.post(`/v1/payment_intents/${intent.id}/cancel`)).body.status).toBe('canceled');
    expect(ledgerOf(stripe)).toMatchObject([{ state: 'voided' }]);
  });

  it('refuses a paid one', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post('/v1/payment_intents', confirmed());
    expect((await stripe.post(`/v1/payment_intents/${intent.id}/cancel`)).status).toBe(400);
    expect(ledgerOf(stripe)).toMatchObject([{ state: 'captured' }]);
  });
});

describe('update', () => {
  it('merges metadata, clears with an empty value, and keeps the charge as it was', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      confirmed({ metadata: { a: '1', b: '2' }, description: 'Order 81' }),
    );
    const { body } = await stripe.post(`/v1/payment_intents/${intent.id}`, {
      metadata: { b: '', c: '3' },
      description: '',
      expand: ['latest_charge'],
    });
    expect(body).toMatchObject({ metadata: { a: '1', c: '3' }, description: null });
    expect(body.metadata).not.toHaveProperty('b');
    expect(body.latest_charge.metadata).toEqual({ a: '1', b: '2' });
    expect((await stripe.post(`/v1/payment_intents/${intent.id}`, { metadata: '' })).body.metadata).toEqual(
      {},
    );
  });

  it('changes the amount only while nothing is held', async () => {
    const stripe = createStripeWire();
    const { body: open } = await stripe.post('/v1/payment_intents', { amount: 500, currency: 'eur' });
    expect((await stripe.post(`/v1/payment_intents/${open.id}`, { amount: 700 })).body.amount).toBe(700);
    const { body: paid } = await stripe.post('/v1/payment_intents', confirmed());
    expect((await stripe.post(`/v1/payment_intents/${paid.id}`, { amount: 700 })).status).toBe(400);
    expect(ledgerOf(stripe).map((charge) => charge.amount)).toEqual([700, 4590]);
  });
});
