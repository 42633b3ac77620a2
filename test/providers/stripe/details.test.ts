import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { chargeSchema } from '../../../src/models/charge.js';
import { toCharge } from './reading.js';
import { scriptedCall } from './scripted-call.js';
import { paidIntent, wireCharge, wireIntent } from './wire-objects.js';

const waiting = (nextAction: unknown, fields: Record<string, unknown> = {}) =>
  wireIntent({ status: 'requires_action', amount_received: 0, next_action: nextAction, ...fields });
const redirect = {
  type: 'redirect_to_url',
  redirect_to_url: { url: 'https://hooks.stripe.test/3ds', return_url: null },
};

describe('the next action', () => {
  it('is the address to send the payer to', async () => {
    const charge = await toCharge(waiting(redirect), scriptedCall());
    expect(charge.nextAction).toEqual({ type: 'redirect', url: 'https://hooks.stripe.test/3ds' });
  });

  it.each([
    ['what Stripe.js alone can do', { type: 'use_stripe_sdk', use_stripe_sdk: { stripe_js: 'x' } }],
    ['an address that is missing', { type: 'redirect_to_url', redirect_to_url: { url: null } }],
    ['a word of tomorrow', { type: 'do_something_new' }],
    ['nothing', null],
  ])('cannot be expressed for %s', async (_, action) => {
    const charge = await toCharge(waiting(action), scriptedCall());
    expect([charge.status, charge.nextAction]).toEqual(['requires_action', null]);
  });

  it('is a code to show, with its image', async () => {
    const action = {
      type: 'paynow_display_qr_code',
      paynow_display_qr_code: {
        data: 'x',
        image_url_png: 'https://q.stripe.test/1.png',
        image_url_svg: 'https://q.stripe.test/1.svg',
      },
    };
    expect((await toCharge(waiting(action), scriptedCall())).nextAction).toEqual({
      type: 'display_code',
      imageUrl: 'https://q.stripe.test/1.png',
      reference: null,
      pageUrl: null,
      details: { qrCodeData: 'x' },
      expiresAt: null,
    });
  });

  it('is a code that lapses, one level deeper', async () => {
    const action = {
      type: 'cashapp_handle_redirect_or_display_qr_code',
      cashapp_handle_redirect_or_display_qr_code: {
        qr_code: { expires_at: 1795000600, image_url_png: 'https://q.stripe.test/2.png', image_url_svg: '' },
      },
    };
    expect((await toCharge(waiting(action), scriptedCall())).nextAction).toEqual({
      type: 'display_code',
      imageUrl: 'https://q.stripe.test/2.png',
      reference: null,
      pageUrl: null,
      details: {},
      expiresAt: new Date(1795000600_000).toISOString(),
    });
  });

  it('is a voucher with its number', async () => {
    const action = {
      type: 'oxxo_display_details',
      oxxo_display_details: { number: '1234567', expires_after: 1795000600 },
    };
    expect((await toCharge(waiting(action), scriptedCall())).nextAction).toEqual({
      type: 'display_code',
      imageUrl: null,
      reference: '1234567',
      pageUrl: null,
      details: {},
      expiresAt: new Date(1795000600_000).toISOString(),
    });
  });

  it('is gone once the payer has acted', async () => {
    expect((await toCharge(paidIntent({}, { next_action: redirect }), scriptedCall())).nextAction).toBeNull();
  });
});

describe('3-D Secure', () => {
  it('is required while an intent waits for the payer', async () => {
    const charge = await toCharge(waiting(redirect), scriptedCall());
    expect(charge.threeDS).toEqual({ status: 'required', version: null, eci: null });
  });

  it('is not what a code to scan asks for', async () => {
    const action = {
      type: 'paynow_display_qr_code',
      paynow_display_qr_code: { image_url_png: 'https://q.stripe.test/1.png' },
    };
    expect((await toCharge(waiting(action), scriptedCall())).threeDS).toBeNull();
  });

  const ended = (result: unknown) =>
    paidIntent({
      payment_method_details: {
        type: 'card',
        card: { three_d_secure: { result, version: '2.2.0', electronic_commerce_indicator: '05' } },
      },
    });

  it.each([
    ['authenticated', 'authenticated'],
    ['attempt_acknowledged', 'attempted'],
    ['exempted', 'exempted'],
    ['data_share_only', 'data_only'],
    ['not_supported', 'not_supported'],
    ['failed', 'failed'],
    ['processing_error', 'error'],
  ])('%s is %s', async (result, status) => {
    const call = scriptedCall();
    expect((await toCharge(ended(result), call)).threeDS).toEqual({ status, version: '2.2.0', eci: '05' });
    expect(call.drifts).toEqual([]);
  });

  it.each([
    ['a_word_of_tomorrow', [['threeDS.status', 'unknown_value']]],
    [null, []],
  ])('%s is unknown', async (result, drifts) => {
    const call = scriptedCall();
    expect((await toCharge(ended(result), call)).threeDS?.status).toBe('unknown');
    expect(call.drifts).toEqual(drifts);
  });

  it('did not run where the block is null or absent', async () => {
    const without = (card: unknown) => paidIntent({ payment_method_details: { type: 'card', card } });
    expect((await toCharge(without({ three_d_secure: null }), scriptedCall())).threeDS).toBeNull();
    expect((await toCharge(without({}), scriptedCall())).threeDS).toBeNull();
  });

  it('failed where the payer did not pass', async () => {
    const wire = wireIntent({
      status: 'requires_payment_method',
      last_payment_error: {
        code: 'payment_intent_authentication_failure',
        message: 'Authentication failed.',
      },
    });
    expect(await toCharge(wire, scriptedCall())).toMatchObject({
      status: 'failed',
      threeDS: { status: 'failed' },
      failure: { code: 'authentication_failed', providerCode: 'payment_intent_authentication_failure' },
    });
  });
});

describe('the payment method', () => {
  it('is that of the latest charge', async () => {
    expect((await toCharge(paidIntent(), scriptedCall())).paymentMethod).toEqual({
      type: 'card',
      id: 'pm_demoA1',
      card: {
        brand: 'visa',
        last4: '3220',
        expMonth: 4,
        expYear: 2031,
        funding: 'credit',
        country: 'FR',
        holderName: 'Sam Shopper',
        fingerprint: 'fp_demoA1',
      },
    });
  });

  it('tells the wallet that held the card', async () => {
    const card = { brand: 'visa', last4: '4242', wallet: { type: 'apple_pay', dynamic_last4: '0010' } };
    const charge = await toCharge(
      paidIntent({ payment_method_details: { type: 'card', card } }),
      scriptedCall(),
    );
    expect(charge.paymentMethod).toMatchObject({ type: 'card', card: { wallet: 'apple_pay' } });
  });

  it('keeps the name of a wallet or bank as Stripe gives it', async () => {
    const charge = await toCharge(
      paidIntent({ payment_method_details: { type: 'paynow', paynow: {} } }),
      scriptedCall(),
    );
    expect(charge.paymentMethod).toEqual({ type: 'paynow', id: 'pm_demoA1' });
  });

  it('is that of the last error where no charge was made', async () => {
    const method = {
      id: 'pm_2',
      type: 'card',
      card: { brand: 'visa', last4: '0002' },
      billing_details: { name: 'Kim' },
    };
    const wire = wireIntent({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code: 'card_declined', payment_method: method },
    });
    expect((await toCharge(wire, scriptedCall())).paymentMethod).toMatchObject({
      type: 'card',
      id: 'pm_2',
      card: { last4: '0002', holderName: 'Kim', expMonth: null },
    });
  });

  it('is named where an intent allows a single type, and not guessed where it allows several', async () => {
    const single = waiting(redirect, { payment_method_types: ['card'] });
    expect((await toCharge(single, scriptedCall())).paymentMethod).toEqual({ type: 'card', id: 'pm_demoA1' });
    expect((await toCharge(waiting(redirect), scriptedCall())).paymentMethod).toBeNull();
  });
});

describe('a charge', () => {
  it('is valid, plain, and loses the secret of its resource on the way to a log', async () => {
    const charge = await toCharge(paidIntent(), scriptedCall());
    expect(chargeSchema.parse(JSON.parse(JSON.stringify(charge)))).toEqual({ ...charge });
    expect(JSON.stringify(charge) + inspect(charge)).not.toContain('secret_never_shown');
    expect(charge.raw).toMatchObject({ client_secret: 'pi_demoA1_secret_never_shown' });
  });

  it('shows the metadata of the caller and hides the stamp', async () => {
    const metadata = { order: '81', unicharge_key: 'order-81', Camel_case: 'kept' };
    const charge = await toCharge(paidIntent({}, { metadata }), scriptedCall());
    expect(charge.metadata).toEqual({ order: '81', Camel_case: 'kept' });
    expect(stampOf(charge)).toBe('order-81');
  });

  it('carries what informs', async () => {
    expect(await toCharge(paidIntent(), scriptedCall())).toMatchObject({
      provider: 'stripe',
      currency: 'EUR',
      livemode: false,
      description: 'Order 81',
      statementDescriptor: 'SHOP 81',
      customer: 'cus_demoA1',
      email: 'sam@shop.test',
      createdAt: new Date(1795000000_000).toISOString(),
      updatedAt: null,
      capturedAt: null,
    });
  });

  it('reads a customer that was expanded, and one that was deleted', async () => {
    const read = async (customer: unknown) =>
      (await toCharge(wireCharge({ customer }), scriptedCall())).customer;
    expect(await read({ id: 'cus_2', object: 'customer', deleted: true })).toBe('cus_2');
    expect(await read(null)).toBeNull();
  });

  it('says which words decided', async () => {
    expect((await toCharge(wireCharge(), scriptedCall())).providerStatus).toBe(
      'succeeded, captured: false, refunded: false',
    );
    const canceled = wireIntent({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect((await toCharge(canceled, scriptedCall())).providerStatus).toBe('canceled: abandoned');
  });
});
