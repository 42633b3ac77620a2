import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../attacks/attacked-world.js';
import { createStripeWire, redirectable, type WireParams } from './stripe-wire.js';

const types = readFileSync(
  new URL('../../../node_modules/stripe/esm/resources/PaymentIntents.d.ts', import.meta.url),
  'utf8',
);
const body = /\n {4}interface NextAction \{[\s\S]*?\n {4}\}/.exec(types)?.[0] ?? '';
const official = [...body.matchAll(/^ {8}(\w+)\?: NextAction/gm)].map(([, name]) => name ?? '');

const client = (name: string): WireParams => ({ payment_method_options: { wechat_pay: { client: name } } });

/** What asks for each action. */
const askedBy: Readonly<Record<string, WireParams>> = {
  alipay_handle_redirect: { payment_method: 'pm_alipay' },
  blik_authorize: { payment_method: 'pm_blik' },
  boleto_display_details: { payment_method: 'pm_boleto' },
  card_await_notification: { payment_method: 'pm_card_awaitNotification' },
  cashapp_handle_redirect_or_display_qr_code: { payment_method: 'pm_cashapp' },
  display_bank_transfer_instructions: { payment_method: 'pm_customer_balance' },
  klarna_display_qr_code: { payment_method: 'pm_klarna' },
  konbini_display_details: { payment_method: 'pm_konbini' },
  multibanco_display_details: { payment_method: 'pm_multibanco' },
  oxxo_display_details: { payment_method: 'pm_oxxo' },
  paynow_display_qr_code: { payment_method: 'pm_paynow' },
  pix_display_qr_code: { payment_method: 'pm_pix' },
  promptpay_display_qr_code: { payment_method: 'pm_promptpay' },
  redirect_to_url: { payment_method: 'pm_ideal' },
  swish_handle_redirect_or_display_qr_code: { payment_method: 'pm_swish' },
  upi_handle_redirect_or_display_qr_code: { payment_method: 'pm_upi' },
  use_stripe_sdk: { payment_method: 'pm_card_authenticationRequired', use_stripe_sdk: true },
  verify_with_microdeposits: { payment_method: 'pm_us_bank_account' },
  wechat_pay_display_qr_code: { payment_method: 'pm_wechat_pay' },
  wechat_pay_redirect_to_android_app: { payment_method: 'pm_wechat_pay', ...client('android') },
  wechat_pay_redirect_to_ios_app: { payment_method: 'pm_wechat_pay', ...client('ios') },
};

describe("every action of the official SDK's types", () => {
  it('is made by something', () => {
    expect(Object.keys(askedBy).toSorted()).toEqual(official.toSorted());
  });

  it.each(official)('%s has all members that are declared as always present', async (type) => {
    const stripe = createStripeWire();
    const { status, body: intent } = await stripe.post('/v1/payment_intents', redirectable(askedBy[type]));
    expect([status, intent.status, intent.next_action.type]).toEqual([200, 'requires_action', type]);
    const name = type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const declared = new RegExp(`\\n {8}interface ${name} \\{[\\s\\S]*?\\n {8}\\}`).exec(types)?.[0] ?? '';
    const required = [...declared.matchAll(/^ {12}(\w+): /gm)].map(([, member]) => member ?? '');
    expect(Object.keys(intent.next_action[type] as object)).toEqual(expect.arrayContaining(required));
    expect(intent.latest_charge).toBeNull();
  });
});

const local = Object.entries(askedBy).filter(([type]) => type !== 'use_stripe_sdk');

describe('a payer', () => {
  const pageIn = (details: Record<string, unknown>): string | undefined =>
    ['url', 'hosted_instructions_url', 'hosted_voucher_url', 'hosted_verification_url']
      .map((name) => details[name])
      .find((value): value is string => typeof value === 'string');

  it.each(local)('pays or declines on the page of %s', async (type, params) => {
    const stripe = createStripeWire();
    const outcomes: Record<string, string> = {};
    for (const decision of ['approve', 'decline'] as const) {
      const { body: intent } = await stripe.post('/v1/payment_intents', redirectable(params));
      const page = pageIn(intent.next_action[type] as Record<string, unknown>);
      if (page === undefined) return;
      stripe.simulated.pay(page, decision);
      const read = await stripe.get(`/v1/payment_intents/${intent.id}`, { expand: ['latest_charge'] });
      outcomes[decision] = read.body.status;
      if (decision === 'decline') {
        expect(read.body.last_payment_error).toMatchObject({ code: 'payment_method_customer_decline' });
      } else {
        const method = read.body.latest_charge.payment_method_details;
        expect([method.type, Object.hasOwn(method, method.type)]).toEqual([method.type, true]);
        expect(read.body.latest_charge.id).toMatch(method.type === 'card' ? /^ch_/ : /^py_/);
      }
    }
    expect(outcomes).toEqual({ approve: 'succeeded', decline: 'requires_payment_method' });
  });

  it.each(['pm_blik', 'pm_card_awaitNotification'])(
    'of %s confirms in the app of the bank',
    async (payment_method) => {
      const stripe = createStripeWire();
      const { body: intent } = await stripe.post('/v1/payment_intents', redirectable({ payment_method }));
      stripe.simulated.clock.advance(2 * 24 * 3600_000);
      expect((await stripe.get(`/v1/payment_intents/${intent.id}`)).body.status).toBe('succeeded');
    },
  );

  it('who lets a voucher lapse has not paid, and cannot pay it any more', async () => {
    const stripe = createStripeWire();
    const { body: intent } = await stripe.post(
      '/v1/payment_intents',
      redirectable({ payment_method: 'pm_konbini' }),
    );
    stripe.simulated.clock.advance(4 * 24 * 3600_000);
    stripe.simulated.pay(intent.next_action.konbini_display_details.hosted_voucher_url as string, 'approve');
    expect((await stripe.get(`/v1/payment_intents/${intent.id}`)).body).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_payment_attempt_expired' },
    });
    expect(stripe.simulated.ledger.charges()).toMatchObject([{ state: 'failed', amountCaptured: 0 }]);
  });
});

describe('a method that is no card', () => {
  it('can be described in the call, or made before it', async () => {
    const stripe = createStripeWire();
    const described = redirectable({
      payment_method_data: { type: 'konbini', billing_details: { name: 'Kim' } },
    });
    const { payment_method: _, ...params } = described;
    expect((await stripe.post('/v1/payment_intents', params)).body.next_action.type).toBe(
      'konbini_display_details',
    );
    const { body: made } = await stripe.post('/v1/payment_methods', {
      type: 'us_bank_account',
      us_bank_account: { account_number: '000123456789' },
    });
    expect(made).toMatchObject({ type: 'us_bank_account', us_bank_account: { last4: '6789' } });
    expect(
      (await stripe.post('/v1/payment_intents', redirectable({ payment_method: made.id }))).body.next_action
        .type,
    ).toBe('verify_with_microdeposits');
  });

  it('is not captured later, and is not known by any other name', async () => {
    const stripe = createStripeWire();
    const held = await stripe.post(
      '/v1/payment_intents',
      redirectable({ payment_method: 'pm_konbini', capture_method: 'manual' }),
    );
    expect([held.status, held.body.error.param]).toEqual([400, 'capture_method']);
    expect((await stripe.post('/v1/payment_methods', { type: 'barter' })).status).toBe(400);
    expect(
      (await stripe.post('/v1/payment_intents', redirectable({ payment_method: 'pm_constructor' }))).status,
    ).toBe(404);
    expect(stripe.simulated.ledger.charges()).toEqual([]);
  });
});

describe('a client', () => {
  it.each(local.filter(([type]) => !type.startsWith('wechat_pay_redirect')))(
    'shows its payer %s, and the money comes',
    async (type, { payment_method }) => {
      const world = createWorld();
      const charges = world.client('stripe', { strictResponses: true });
      const source = payment_method as string;
      const waiting = await charges.create(
        world.params('stripe', { source, returnUrl: 'https://shop.test/back' }),
      );
      expect(waiting).toMatchObject({ status: 'requires_action', amountCaptured: 0 });
      const action = waiting.nextAction;
      const page =
        action?.type === 'redirect' ? action.url : action?.type === 'display_code' ? action.pageUrl : null;
      if (page === null || page === undefined) {
        expect(['blik_authorize', 'card_await_notification', 'klarna_display_qr_code']).toContain(type);
        return;
      }
      world.providers.pay(page, 'approve');
      expect(await charges.verify3DS({ chargeId: waiting.id })).toMatchObject({
        id: waiting.id,
        status: 'captured',
        amountCaptured: 4590,
        nextAction: null,
      });
    },
  );

  it('sees the bank account that was debited', async () => {
    const world = createWorld();
    const charges = world.client('stripe', { strictResponses: true });
    const params = world.params('stripe', {
      source: 'pm_us_bank_account',
      returnUrl: 'https://shop.test/back',
    });
    const { id, nextAction } = await charges.create(params);
    if (nextAction?.type !== 'redirect') throw new Error('no page');
    world.providers.pay(nextAction.url, 'approve');
    expect((await charges.retrieve(id)).paymentMethod).toMatchObject({
      type: 'us_bank_account',
      bankAccount: { bankName: 'STRIPE TEST BANK', last4: '6789', type: 'checking' },
    });
  });
});

describe('a parameter that Stripe does not have', () => {
  it.each([
    ['radar_options[session_id]', { radar_options: { session_id: 'x' } }],
    ['transfer_data[fee]', { transfer_data: { destination: 'acct_1', fee: 1 } }],
    [
      'mandate_data[customer_acceptance][ip]',
      { mandate_data: { customer_acceptance: { type: 'offline', ip: 'x' } } },
    ],
    ['level3', { level3: { merchant_reference: 'x' } }],
    ['source', { source: 'tok_visa' }],
  ])('is refused: %s', async (param, params) => {
    const stripe = createStripeWire();
    const { status, body: answer } = await stripe.post('/v1/payment_intents', redirectable(params));
    expect([status, answer.error.code, answer.error.param]).toEqual([400, 'parameter_unknown', param]);
    expect(stripe.simulated.ledger.charges()).toEqual([]);
  });

  it('is refused in a list, too', async () => {
    const stripe = createStripeWire();
    const { status, body: answer } = await stripe.get('/v1/payment_intents', { transfer_group: 'order-81' });
    expect([status, answer.error.code, answer.error.param]).toEqual([
      400,
      'parameter_unknown',
      'transfer_group',
    ]);
  });
});
