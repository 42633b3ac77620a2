import { describe, expect, it } from 'vitest';
import { confirmed, createStripeWire, redirectable } from './stripe-wire.js';

const start = async (params = {}) => {
  const stripe = createStripeWire();
  const { body: intent } = await stripe.post('/v1/payment_intents', redirectable(params));
  const url: string = intent.next_action.redirect_to_url.url;
  const read = async () =>
    (await stripe.get(`/v1/payment_intents/${intent.id}`, { expand: ['latest_charge'] })).body;
  return { stripe, intent, url, read };
};

describe('a payment that needs the payer', () => {
  it('waits with a redirect and no charge', async () => {
    const { stripe, intent } = await start();
    expect(intent).toMatchObject({
      status: 'requires_action',
      latest_charge: null,
      next_action: {
        type: 'redirect_to_url',
        redirect_to_url: { return_url: 'https://shop.test/return?order=81' },
      },
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([
      { state: 'requires_action', amountCaptured: 0 },
    ]);
  });

  it('succeeds when the payer approves, and sends the payer back with the intent', async () => {
    const { stripe, intent, url, read } = await start();
    const sentTo = new URL(stripe.simulated.pay(url, 'approve'));
    expect(Object.fromEntries(sentTo.searchParams)).toEqual({
      order: '81',
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    });
    expect(await read()).toMatchObject({
      status: 'succeeded',
      next_action: null,
      latest_charge: {
        payment_method_details: {
          card: {
            three_d_secure: { result: 'authenticated', authentication_flow: 'challenge', version: '2.2.0' },
          },
        },
      },
    });
  });

  it('is only authorized when capture is manual', async () => {
    const { stripe, url, read } = await start({ capture_method: 'manual' });
    stripe.simulated.pay(url, 'approve');
    expect((await read()).status).toBe('requires_capture');
  });

  it('fails when the payer declines, without a charge', async () => {
    const { stripe, url, read } = await start();
    const sentTo = new URL(stripe.simulated.pay(url, 'decline'));
    expect(sentTo.searchParams.get('redirect_status')).toBe('failed');
    expect(await read()).toMatchObject({
      status: 'requires_payment_method',
      latest_charge: null,
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'failed' }]);
  });

  it('keeps the first decision', async () => {
    const { stripe, url } = await start();
    const first = stripe.simulated.pay(url, 'approve');
    expect(stripe.simulated.pay(url, 'decline')).toBe(first);
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'captured', amountCaptured: 4590 }]);
  });

  it('is not paid by a payer who comes after the cancellation', async () => {
    const { stripe, intent, url } = await start();
    await stripe.post(`/v1/payment_intents/${intent.id}/cancel`);
    expect(new URL(stripe.simulated.pay(url, 'approve')).searchParams.get('redirect_status')).toBe('failed');
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'voided', amountCaptured: 0 }]);
  });

  it('waits for the server with manual confirmation', async () => {
    const { stripe, intent, url, read } = await start({ confirmation_method: 'manual' });
    stripe.simulated.pay(url, 'approve');
    expect((await read()).status).toBe('requires_confirmation');
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'pending' }]);
    const confirm = await stripe.post(`/v1/payment_intents/${intent.id}/confirm`, {
      return_url: 'https://shop.test/r',
    });
    expect(confirm.body.status).toBe('succeeded');
  });
});

describe('a payment that needs the payer but has no way to ask', () => {
  it('ends in the blob for Stripe.js without return_url', async () => {
    const { body } = await createStripeWire().post(
      '/v1/payment_intents',
      confirmed({ payment_method: 'pm_card_authenticationRequired' }),
    );
    expect(body).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
  });

  it('fails with error_on_requires_action', async () => {
    const stripe = createStripeWire();
    const { status, body } = await stripe.post(
      '/v1/payment_intents',
      redirectable({ error_on_requires_action: true }),
    );
    expect([status, body.error.code]).toEqual([402, 'authentication_required']);
    expect(body.error.payment_intent.status).toBe('requires_payment_method');
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'failed' }]);
  });

  it('is declined off session', async () => {
    const { status, body } = await createStripeWire().post(
      '/v1/payment_intents',
      confirmed({ payment_method: 'pm_card_authenticationRequired', off_session: true }),
    );
    expect(status).toBe(402);
    expect(body.error).toMatchObject({
      decline_code: 'authentication_required',
      charge: expect.stringMatching(/^ch_/),
    });
  });
});

describe('test cards', () => {
  const methodOf = async (stripe: ReturnType<typeof createStripeWire>, number: string) =>
    (
      await stripe.post('/v1/payment_methods', {
        type: 'card',
        card: { number, exp_month: 4, exp_year: 2034, cvc: '123' },
      })
    ).body.id as string;

  it.each([
    ['4000008400001629', 'card_declined', 'generic_decline'],
    ['4000008260003178', 'card_declined', 'insufficient_funds'],
    ['4000008400001280', 'payment_intent_authentication_failure', undefined],
  ])('%s asks the payer and then fails with %s', async (number, code, declineCode) => {
    const stripe = createStripeWire();
    const params = redirectable({ payment_method: await methodOf(stripe, number) });
    const { body: intent } = await stripe.post('/v1/payment_intents', params);
    const sentTo = stripe.simulated.pay(intent.next_action.redirect_to_url.url, 'approve');
    expect(sentTo).toContain('redirect_status=failed');
    const { last_payment_error: error } = (await stripe.get(`/v1/payment_intents/${intent.id}`)).body;
    expect([error.code, error.decline_code]).toEqual([code, declineCode]);
  });

  it('4000000000003055 asks only when it is told to', async () => {
    const stripe = createStripeWire();
    const pay = async (request: string) =>
      stripe.post(
        '/v1/payment_intents',
        redirectable({
          payment_method: await methodOf(stripe, '4000000000003055'),
          payment_method_options: { card: { request_three_d_secure: request } },
        }),
      );
    expect((await pay('automatic')).body.status).toBe('succeeded');
    expect((await pay('any')).body.status).toBe('requires_action');
    expect((await pay('always')).status).toBe(400);
  });

  it('4000002500003155 asks until it is set up for later use', async () => {
    const stripe = createStripeWire();
    const { body: customer } = await stripe.post('/v1/customers', { email: 'sam@shop.test' });
    const payment_method = await methodOf(stripe, '4000002500003155');
    const params = redirectable({ payment_method, customer: customer.id, setup_future_usage: 'off_session' });
    const { body: intent } = await stripe.post('/v1/payment_intents', params);
    stripe.simulated.pay(intent.next_action.redirect_to_url.url, 'approve');
    const again = confirmed({ payment_method, customer: customer.id, off_session: true });
    expect((await stripe.post('/v1/payment_intents', again)).body.status).toBe('succeeded');
    const without = await stripe.post(
      '/v1/payment_intents',
      confirmed({ payment_method, off_session: true }),
    );
    expect([without.status, without.body.error.param]).toEqual([400, 'payment_method']);
  });
});
