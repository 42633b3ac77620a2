import { describe, expect, it } from 'vitest';
import { createPaymongo } from '../../../src/providers/paymongo/index.js';
import refund from '../../fixtures/paymongo/refund.json' with { type: 'json' };
import { client, intentOf, paymentOf, useHost } from './host.js';

const { received, lines, expectRequest } = useHost();

const id = intentOf().data.id;
const stamped = { metadata: { unicharge_key: 'order-77' } };
const paid = (change: object = {}) =>
  intentOf({
    status: 'succeeded',
    payments: [paymentOf({ amount: 2000, payment_intent_id: id, ...change }).data],
    ...stamped,
  });
const params = { amount: 2000, currency: 'PHP', source: 'pm_1' } as const;
const options = { idempotencyKey: 'order-77' };

describe('create', () => {
  it('of a payment method makes an intent with a key of its own, and attaches without one', async () => {
    expectRequest('POST', '/v1/payment_intents', intentOf(stamped));
    expectRequest('POST', `/v1/payment_intents/${id}/attach`, paid());
    const charge = await client().create(
      {
        ...params,
        description: 'Order 77',
        statementDescriptor: 'SHOP',
        returnUrl: 'https://shop.example/back',
      },
      options,
    );
    expect(received.map(({ body }) => body)).toEqual([
      '{"data":{"attributes":{"amount":2000,"currency":"PHP","payment_method_allowed":["card"],"capture_type":"automatic","description":"Order 77","statement_descriptor":"SHOP","metadata":{"unicharge_key":"order-77"}}}}',
      '{"data":{"attributes":{"payment_method":"pm_1","return_url":"https://shop.example/back"}}}',
    ]);
    expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(['order-77:1', undefined]);
    expect(received[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('sk_test_1:').toString('base64')}`,
    );
    expect(charge).toMatchObject({
      id,
      status: 'captured',
      amount: 2000,
      amountCaptured: 2000,
      amountRefunded: 0,
      fee: { amount: 1850, currency: 'PHP' },
      metadata: {},
      livemode: false,
      capturedAt: '2020-04-05T13:24:13.000Z',
    });
  });

  it('that only authorizes asks for cards, whatever else is allowed', async () => {
    expectRequest('POST', '/v1/payment_intents', intentOf(stamped));
    expectRequest(
      'POST',
      `/v1/payment_intents/${id}/attach`,
      intentOf({ status: 'awaiting_capture', ...stamped }),
    );
    const made = await client({ paymentMethodAllowed: ['card', 'gcash'] }).create(
      { ...params, capture: false, providerOptions: { requestThreeDSecure: 'any' } },
      options,
    );
    expect(made).toMatchObject({ status: 'authorized', amountCaptured: 0 });
    expect(received[0]?.body).toContain(
      '"payment_method_allowed":["card"],"payment_method_options":{"card":{"request_three_d_secure":"any"}},"capture_type":"manual"',
    );
  });

  it('of a source is one payment with the key, without metadata', async () => {
    expectRequest(
      'POST',
      '/v1/payments',
      paymentOf({ amount: 2000, source: { id: 'src_1', type: 'gcash' } }),
    );
    const charge = await client().create({ ...params, source: 'src_1' }, options);
    expect(received[0]).toMatchObject({
      body: '{"data":{"attributes":{"amount":2000,"currency":"PHP","source":{"id":"src_1","type":"source"}}}}',
      headers: { 'idempotency-key': 'order-77' },
    });
    expect(charge).toMatchObject({
      id: paymentOf().data.id,
      status: 'captured',
      paymentMethod: { type: 'gcash' },
    });
  });

  it('of a source that is answered with the payment of another one leaves the outcome open', async () => {
    expectRequest(
      'POST',
      '/v1/payments',
      paymentOf({ amount: 2000, source: { id: 'src_2', type: 'gcash' } }),
    );
    await expect(client().create({ ...params, source: 'src_1' }, options)).rejects.toMatchObject({
      name: 'IntegrityError',
      outcome: 'unknown',
    });
  });

  it('without a source makes an intent that the browser pays', async () => {
    expectRequest('POST', '/v1/payment_intents', intentOf(stamped));
    const charge = await client().create({ amount: 2000, currency: 'PHP' }, options);
    expect(charge).toMatchObject({ id, status: 'pending', providerStatus: 'awaiting_payment_method' });
    expect(received[0]?.headers['idempotency-key']).toBe('order-77');
  });

  it('tells where the payer has to go', async () => {
    const next_action = { type: 'redirect', redirect: { url: 'https://pay.example/3ds', return_url: null } };
    expectRequest('POST', '/v1/payment_intents', intentOf(stamped));
    expectRequest(
      'POST',
      `/v1/payment_intents/${id}/attach`,
      intentOf({ status: 'awaiting_next_action', next_action, ...stamped }),
    );
    expect(await client().create(params, options)).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: 'https://pay.example/3ds' },
      threeDS: { status: 'required' },
    });
  });

  it('that is declined names its intent, and shows it as failed', async () => {
    const errors = [{ code: 'resource_failed_state', sub_code: 'insufficient_funds', detail: 'No funds.' }];
    expectRequest('POST', '/v1/payment_intents', intentOf(stamped));
    expectRequest('POST', `/v1/payment_intents/${id}/attach`, { errors }, 400);
    const last_payment_error = { failed_code: 'insufficient_funds', failed_message: 'No funds.' };
    // Once to see whether the decline is that of a second copy, once to show the charge.
    expectRequest('GET', `/v1/payment_intents/${id}`, intentOf({ last_payment_error, ...stamped }));
    expectRequest('GET', `/v1/payment_intents/${id}`, intentOf({ last_payment_error, ...stamped }));
    await expect(client().create(params, options)).rejects.toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      declineCode: 'insufficient_funds',
      chargeId: id,
      charge: { id, status: 'failed', failure: { code: 'insufficient_funds', message: 'No funds.' } },
    });
  });

  it('of an intent that was paid already is that charge', async () => {
    expectRequest('POST', '/v1/payment_intents', intentOf(stamped));
    const errors = [{ code: 'a_code_of_tomorrow', detail: 'The intent is paid.' }];
    expectRequest('POST', `/v1/payment_intents/${id}/attach`, { errors }, 400);
    expectRequest('GET', `/v1/payment_intents/${id}`, paid());
    expect(await client().create(params, options)).toMatchObject({ id, status: 'captured' });
  });

  it.each([
    ['another token', { source: 'tok_1' }, 'source'],
    ['another currency', { currency: 'USD' }, 'currency'],
    ['too little', { amount: 1999 }, 'amount'],
    ['too much', { amount: 1_000_000_000 }, 'amount'],
    ['a customer', { customer: 'cus_1' }, 'customer'],
    ['metadata with a source', { source: 'src_1', metadata: { order: '77' } }, 'metadata'],
    ['an authorization of a source', { source: 'src_1', capture: false }, 'capture'],
    [
      'an authorization of a wallet',
      { capture: false, providerOptions: { paymentMethodAllowed: ['gcash'] } },
      'capture',
    ],
    [
      'options of an intent with a source',
      { source: 'src_1', providerOptions: { requestThreeDSecure: 'any' } },
      'providerOptions',
    ],
  ])('of %s is refused unsent', async (_, change, path) => {
    await expect(client().create({ ...params, ...(change as object) })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [expect.objectContaining({ path })],
    });
  });
});

describe('capture and void', () => {
  it('send no key, and an amount only when there is one', async () => {
    expectRequest('POST', `/v1/payment_intents/${id}/capture`, paid());
    expectRequest('POST', `/v1/payment_intents/${id}/capture`, paid({ amount: 1500 }));
    expectRequest('POST', `/v1/payment_intents/${id}/cancel`, intentOf({ status: 'cancelled' }));
    await client().capture(id, {}, { idempotencyKey: 'a' });
    expect(await client().capture(id, { amount: 1500 }, { idempotencyKey: 'b' })).toMatchObject({
      amount: 2000,
      amountCaptured: 1500,
    });
    expect(await client().void(id, { idempotencyKey: 'c' })).toMatchObject({ status: 'voided' });
    expect(received.map(({ body, headers }) => [body, headers['idempotency-key']])).toEqual([
      ['{"data":{"attributes":{}}}', undefined],
      ['{"data":{"attributes":{"amount":1500}}}', undefined],
      ['', undefined],
    ]);
  });

  it('are refused unsent for the id of a payment', async () => {
    for (const work of [() => client().capture('pay_1'), () => client().void('pay_1')])
      await expect(work()).rejects.toMatchObject({ name: 'InvalidRequestError', outcome: 'not_sent' });
  });
});

describe('refund', () => {
  const made = (amount: number) => ({
    data: {
      ...refund.data,
      attributes: {
        ...refund.data.attributes,
        amount,
        livemode: false,
        payment_id: paymentOf().data.id,
        metadata: { unicharge_key: 'r-1' },
      },
    },
  });

  it('names the payment, what is left and a reason, under the key', async () => {
    const earlier = { ...made(500).data, id: 'ref_0' };
    expectRequest('GET', `/v1/payment_intents/${id}`, paid({ refunds: [earlier] }));
    expectRequest('POST', '/v1/refunds', made(1500));
    const given = await client()
      .refund(id, {}, { idempotencyKey: 'r-2' })
      .catch((error: unknown) => error);
    expect(received[1]).toMatchObject({
      body: `{"data":{"attributes":{"amount":1500,"payment_id":"${paymentOf().data.id}","reason":"others","metadata":{"unicharge_key":"r-2"}}}}`,
      headers: { 'idempotency-key': 'r-2' },
    });
    // The answer carries another key.
    expect(given).toMatchObject({ name: 'IntegrityError', outcome: 'unknown' });
  });

  it('resolves with the refund of the charge', async () => {
    expectRequest('GET', `/v1/payment_intents/${id}`, paid());
    expectRequest('POST', '/v1/refunds', made(700));
    const given = await client().refund(
      id,
      { amount: 700, reason: 'requested_by_customer', providerOptions: { notes: 'Sent back' } },
      { idempotencyKey: 'r-1' },
    );
    expect(received[1]?.body).toContain('"reason":"requested_by_customer","notes":"Sent back"');
    expect(given).toMatchObject({ chargeId: id, amount: 700, status: 'succeeded', metadata: {} });
  });

  it('of an intent without a paid payment is refused before it is sent', async () => {
    expectRequest('GET', `/v1/payment_intents/${id}`, intentOf({ status: 'awaiting_capture' }));
    await expect(client().refund(id)).rejects.toMatchObject({ name: 'ConflictError', outcome: 'rejected' });
  });

  it('under the minimum is refused unsent', async () => {
    await expect(client().refund(id, { amount: 99 })).rejects.toMatchObject({ outcome: 'not_sent' });
  });

  it('is found in its payment', async () => {
    expectRequest('GET', `/v1/payment_intents/${id}`, paid({ refunds: [made(700).data] }));
    expectRequest('GET', `/v1/payment_intents/${id}`, paid({ refunds: [made(700).data] }));
    expect(await client().listRefunds(id)).toMatchObject([{ chargeId: id, amount: 700 }]);
    expect(await client().retrieveRefund(id, refund.data.id)).toMatchObject({ id: refund.data.id });
  });

  it('that a payment does not tell of must not pass for none', async () => {
    const { refunds: _, ...attributes } = paymentOf().data.attributes;
    const untold = { data: { ...paymentOf().data, attributes } };
    expectRequest('GET', `/v1/payments/${untold.data.id}`, untold);
    expectRequest('GET', `/v1/payments/${untold.data.id}`, untold);
    expectRequest('GET', `/v1/payments/${untold.data.id}`, untold);
    await expect(client().listRefunds(untold.data.id)).rejects.toMatchObject({
      name: 'InvalidResponseError',
    });
  });
});

describe('a payment', () => {
  it('is read as the charge of its intent', async () => {
    const payment = paymentOf({ payment_intent_id: id });
    expectRequest('GET', `/v1/payments/${payment.data.id}`, payment);
    expectRequest('GET', `/v1/payment_intents/${id}`, paid());
    expect(await client().retrieve(payment.data.id)).toMatchObject({ id, status: 'captured', amount: 2000 });
  });

  it('without refunds is read once more, and is unknown where they stay missing', async () => {
    const payment = paymentOf({ refunds: null });
    expectRequest('GET', `/v1/payments/${payment.data.id}`, payment);
    expectRequest('GET', `/v1/payments/${payment.data.id}`, payment);
    expectRequest('GET', `/v1/payments/${payment.data.id}`, payment);
    expect(await client().retrieve(payment.data.id)).toMatchObject({
      status: 'unknown',
      amountCaptured: 10_000,
    });
  });
});

describe('list', () => {
  it('asks for payments page by page, and tells attempts by their intents', async () => {
    const first = paymentOf({ payment_intent_id: 'pi_paid' }, 'pay_1').data;
    const second = paymentOf(
      { payment_intent_id: id, status: 'failed', failed_code: 'do_not_honor' },
      'pay_2',
    ).data;
    expectRequest('GET', '/v1/payments?limit=2', { data: [first, second], has_more: true });
    expectRequest('GET', `/v1/payment_intents/${id}`, intentOf({ last_payment_error: {} }));
    expectRequest('GET', '/v1/payments?limit=2&after=pay_2', { data: [], has_more: false });
    const seen: string[] = [];
    for await (const charge of client().list({ limit: 2 })) seen.push(`${charge.id} ${charge.status}`);
    expect(seen).toEqual(['pi_paid captured', `${id} failed`]);
    expect(lines()).toHaveLength(3);
  });

  it('refuses a cursor that is none', async () => {
    await expect(client().list({ cursor: 'pi_1' })).rejects.toMatchObject({ outcome: 'not_sent' });
  });
});

describe('verify3DS', () => {
  it('reads the intent, and rejects where its payer came to nothing', async () => {
    expectRequest('GET', `/v1/payment_intents/${id}`, paid());
    expectRequest(
      'GET',
      `/v1/payment_intents/${id}`,
      intentOf({ last_payment_error: { failed_code: 'authentication_error' } }),
    );
    expect(await client().verify3DS({ chargeId: id })).toMatchObject({ status: 'captured' });
    await expect(client().verify3DS({ chargeId: id })).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'authentication_failed',
    });
  });
});

describe('the client', () => {
  it('has no search, no update and no expiry, and says so', () => {
    const charges = client();
    expect((['search', 'update', 'expire'] as const).map((name) => charges.supports(name))).toEqual([
      false,
      false,
      false,
    ]);
    expect(charges.capabilities).toMatchObject({
      writeSafety: 'provider-key',
      idempotencyKeyLifetimeMs: 86_400_000,
      list: { covers: 'settled', order: 'unspecified' },
      capture: { partial: true, writeSafety: 'lookup' },
      void: { captured: false, writeSafety: 'lookup' },
    });
  });

  it('refuses a public key', () => {
    expect(() => createPaymongo({ secretKey: 'pk_test_1' })).toThrow('must be a secret key');
  });

  it('refuses live charges of a test key', async () => {
    expectRequest('GET', `/v1/payment_intents/${id}`, intentOf({ livemode: true }));
    await expect(client().retrieve(id)).rejects.toMatchObject({ name: 'IntegrityError' });
  });
});
