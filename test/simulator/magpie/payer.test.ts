import { describe, expect, it } from 'vitest';
import { magpieOtp } from '../../../src/simulator/magpie/charge.js';
import { cardSource, documentedCharge, documentedSource, openAccount, redirect } from './account.js';

const day = 86_400_000;

describe('3-D Secure', () => {
  it('sends the payer to a page and back to the bare address of the source', async () => {
    const { charge, again, simulator } = openAccount();
    const returnUrl = 'https://shop.test/back?order=77';
    const made = await charge({ source: simulator.source('magpie', 'requires_3ds', { returnUrl }) });
    expect(documentedCharge.parse(made.body)).toMatchObject({
      status: 'pending',
      authorized: false,
      captured: false,
      action: { type: 'redirect_to_url' },
    });
    expect(simulator.ledger.charges()[0]!.state).toBe('requires_action');
    const page = made.body.action.url as string;
    expect(simulator.pay(page, 'approve')).toBe(returnUrl);
    expect((await again(made)).body).toMatchObject({ status: 'succeeded', captured: true, action: null });
    expect(simulator.pay(page, 'decline')).toBe(returnUrl);
    expect(simulator.ledger.charges()[0]!.state).toBe('captured');
  });

  it.each([
    ['4242424242424242', 'decline', 'authentication_required'],
    ['4000000000009995', 'approve', 'insufficient_funds'],
  ] as const)('fails with card %s when the payer says %s', async (number, decision, code) => {
    const { charge, again, source, simulator } = openAccount({
      challengeEveryCard: true,
      actionAfterPayer: 'kept',
    });
    const made = await charge({ source: (await source(cardSource(number))).body.id });
    expect(simulator.pay(made.body.action.url as string, decision)).toBe(redirect.fail);
    expect((await again(made)).body).toMatchObject({
      status: 'failed',
      action: made.body.action,
      failure_data: { code },
    });
  });

  it('only holds the money where nothing was to be captured', async () => {
    const { charge, again, simulator } = openAccount();
    const made = await charge({ source: simulator.source('magpie', 'requires_3ds'), capture: false });
    simulator.pay(made.body.action.url as string, 'approve');
    expect((await again(made)).body).toMatchObject({ status: 'pending', authorized: true });
  });

  it('is skipped without require_auth, and for vaulted cards', async () => {
    const { charge, simulator } = openAccount({ challengeEveryCard: true });
    expect((await charge({ require_auth: false })).body).toMatchObject({
      status: 'succeeded',
      require_auth: false,
    });
    expect((await charge()).body.status).toBe('pending');
    simulator.switches.magpie.vaultedSources = true;
    expect((await charge()).body.status).toBe('succeeded');
  });
});

describe('a wallet', () => {
  it.each(['gcash', 'paymaya', 'grabpay', 'qrph'])('of type %s is paid on its page', async (type) => {
    const { charge, again, source, simulator } = openAccount();
    const made = await charge({ source: (await source({ type, redirect })).body.id });
    expect(documentedCharge.parse(made.body)).toMatchObject({
      status: 'pending',
      captured: false,
      source: { type, card: null, used: true, redirect: { ...redirect, notify: null } },
    });
    expect(simulator.pay(made.body.action.url as string, 'approve')).toBe(redirect.success);
    expect((await again(made)).body).toMatchObject({ status: 'succeeded', captured: true });
  });

  it('fails when the payer declines, and stays closed when the payer comes too late', async () => {
    const { charge, again, simulator } = openAccount();
    const [declined, late] = [
      await charge({ source: simulator.source('magpie', 'redirect') }),
      await charge({ source: simulator.source('magpie', 'redirect') }),
    ];
    expect(simulator.pay(declined.body.action.url as string, 'decline')).toBe('https://shop.example/fail');
    expect((await again(declined)).body.failure_data.code).toBe('generic_decline');
    simulator.clock.advance(day);
    expect(simulator.pay(late.body.action.url as string, 'approve')).toBe('https://shop.example/fail');
    expect((await again(late)).body.status).toBe('expired');
    expect(simulator.ledger.charges().map(({ amountCaptured }) => amountCaptured)).toEqual([0, 0]);
  });
});

describe('a bank account', () => {
  const right = { confirmation_id: magpieOtp.confirmationId, otp: magpieOtp.code };

  it('is charged with a one-time password', async () => {
    const { charge, act, source, simulator } = openAccount();
    const made = await charge({ source: (await source({ type: 'unionbank' })).body.id });
    expect(documentedCharge.parse(made.body)).toMatchObject({ status: 'pending', action: null });
    expect(made.body.source.bank_account.bank_code).toBe('unionbank');
    const wrong = await act(made, 'verify', { ...right, otp: '000000' });
    expect(wrong).toMatchObject({ status: 400, body: { detail: 'Invalid OTP' } });
    expect((await act(made, 'verify', { ...right, confirmation_id: 'another' })).status).toBe(400);
    expect(simulator.ledger.charges()[0]!.amountCaptured).toBe(0);
    const { status, body } = await act(made, 'verify', right);
    expect(status).toBe(200);
    expect(documentedCharge.parse(body)).toMatchObject({ status: 'succeeded', captured: true });
    expect((await act(made, 'verify', right)).status).toBe(400);
    expect(simulator.ledger.charges()[0]!.amountCaptured).toBe(12_550);
  });

  it('announces the password in its action where the switch says so, and no longer afterwards', async () => {
    const { charge, act, again, source, simulator } = openAccount({ passwordAction: 'confirmation_id' });
    const made = await charge({ source: (await source({ type: 'unionbank' })).body.id });
    expect(made.body.action).toEqual({ type: 'otp', confirmation_id: magpieOtp.confirmationId });
    expect((await act(made, 'verify', right)).body).toMatchObject({ status: 'succeeded', action: null });
    simulator.switches.magpie.passwordAction = 'instructions';
    const other = await charge({ source: (await source({ type: 'bdo' })).body.id });
    expect((await again(other)).body.action).toMatchObject({ type: 'bank_instructions' });
  });

  it('may fail with the first wrong password', async () => {
    const { charge, act, source } = openAccount({ wrongOtp: 'fails_charge' });
    const made = await charge({ source: (await source({ type: 'bpi' })).body.id });
    expect((await act(made, 'verify', { ...right, otp: '1' })).body).toMatchObject({
      status: 'failed',
      failure_data: { code: 'authentication_required' },
    });
    expect((await act(made, 'verify', right)).status).toBe(400);
  });

  it('checks what it is given', async () => {
    const { charge, act } = openAccount();
    const { status, body } = await act(await charge(), 'verify', { confirmation_id: 'abc', otp: 123456 });
    expect(status).toBe(422);
    expect(body.detail).toMatchObject([
      { loc: ['body', 'confirmation_id'], type: 'string_too_short' },
      { loc: ['body', 'otp'], type: 'string_type' },
    ]);
    expect((await act(await charge(), 'verify', right)).status).toBe(400);
  });

  it('with a redirect_url is paid on a page instead', async () => {
    const { charge, source, simulator } = openAccount();
    const made = await charge({
      source: (await source({ type: 'bdo' })).body.id,
      redirect_url: 'https://shop.test/bank',
    });
    expect(simulator.pay(made.body.action.url as string, 'approve')).toBe('https://shop.test/bank');
    expect(simulator.ledger.charges()[0]!.state).toBe('captured');
  });
});

describe('sources', () => {
  it('are made with the public key, answered with 200, and keep no card number', async () => {
    const { call, source } = openAccount();
    const { status, body } = await source({
      ...cardSource('4000 0000 0000 0002'),
      owner: { name: 'Juan', address_country: 'PH', billing: { name: 'Juan', line1: '1 Rizal St.' } },
      metadata: { cart: '9' },
    });
    expect(status).toBe(200);
    expect(documentedSource.parse(body)).toMatchObject({
      card: { last4: '0002', brand: 'visa', exp_month: '12', cvc_checked: '' },
      used: false,
      vaulted: false,
      metadata: { cart: '9' },
    });
    expect(JSON.stringify(body)).not.toContain('400000');
    expect((await call('GET', `/v2/sources/${body.id as string}`)).body).toEqual(body);
    expect((await call('GET', '/v2/sources/src_nobody')).status).toBe(404);
  });

  it.each([
    [{ type: 'paypal' }, ['body', 'type']],
    [{ type: 'card' }, ['body', 'card']],
    [
      { type: 'gcash', redirect: { success: 'nowhere', fail: 'https://shop.test' } },
      ['body', 'redirect', 'success'],
    ],
    [{ type: 'gcash', owner: { billing: { name: 'Peña' } } }, ['body', 'owner', 'billing', 'name']],
  ])('refuse %j with a 422', async (parameters, loc) => {
    const { status, body } = await openAccount().source(parameters);
    expect(status).toBe(422);
    expect(body.detail).toMatchObject([{ loc }]);
  });

  it.each([
    ['4242424242424241', '12', '2030', 'Invalid card number'],
    ['4242424242424242', '13', '2030', 'Invalid card expiry'],
    ['4242424242424242', '12', '2025', 'Card has expired'],
  ])('refuse card %s of %s/%s', async (number, exp_month, exp_year, detail) => {
    const card = { name: 'A TESTER', number, exp_month, exp_year, cvc: '123' };
    expect(await openAccount().source({ type: 'card', card })).toMatchObject({
      status: 400,
      body: { detail },
    });
  });
});
