import { describe, expect, it } from 'vitest';
import { openAccount } from './account.js';

const day = 86_400_000;
const returnUri = 'https://shop.example/return?order=77';

describe('3-D Secure', () => {
  it('sends the payer to a page, takes the money there and keeps the address of the page', async () => {
    const { call, charge, simulator } = openAccount({ authenticatedBy: true });
    const card = simulator.source('omise', 'requires_3ds');
    const { body } = await charge({ card, return_uri: returnUri });
    expect(body).toMatchObject({ status: 'pending', authorized: false, paid: false, capturable: false });
    expect(simulator.ledger.charges()[0]!.state).toBe('requires_action');
    expect(simulator.pay(body.authorize_uri as string, 'approve')).toBe(returnUri);
    expect((await call('GET', `/charges/${body.id as string}`)).body).toMatchObject({
      status: 'successful',
      paid: true,
      authorize_uri: body.authorize_uri,
      authenticated_by: '3DS',
    });
  });

  it('only authorizes where nothing was to be captured', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ authentication: '3DS', capture: false, return_uri: returnUri });
    simulator.pay(body.authorize_uri as string, 'approve');
    const { body: back } = await call('GET', `/charges/${body.id as string}`);
    expect(back).toMatchObject({ status: 'pending', authorized: true, capturable: true });
    expect(back).not.toHaveProperty('authenticated_by');
  });

  it.each([
    ['a payer who declines', '4242424242424242', 'decline', 'payment_rejected'],
    ['a card whose validation fails', '4111111111140003', 'approve', 'payment_rejected'],
    ['a card without money', '4111111111140011', 'approve', 'insufficient_fund'],
  ] as const)('fails with %s', async (_, number, decision, code) => {
    const { call, charge, token, simulator } = openAccount({ challengeEveryCard: true });
    const { body } = await charge({ card: await token(number), return_uri: returnUri });
    expect(body.status).toBe('pending');
    simulator.pay(body.authorize_uri as string, decision);
    const path = `/charges/${body.id as string}`;
    expect((await call('GET', path)).body).toMatchObject({
      status: 'failed',
      failure_code: code,
      expired: false,
    });
    simulator.clock.advance(8 * day);
    expect((await call('GET', path)).body).toMatchObject({ status: 'failed', expired: true });
  });

  it.each([
    ['expired', { status: 'expired', expired: true, failure_code: null }],
    ['failed', { status: 'failed', expired: true, failure_code: 'timeout' }],
  ] as const)('ends as %s when the payer never comes back', async (abandonedChallenge, expected) => {
    const { call, charge, simulator } = openAccount({ abandonedChallenge });
    const { body } = await charge({ authentication: '3DS', return_uri: returnUri });
    simulator.clock.advance(7 * day);
    expect((await call('GET', `/charges/${body.id as string}`)).body).toMatchObject(expected);
    expect(simulator.pay(body.authorize_uri as string, 'approve')).toBe(returnUri);
    expect(simulator.ledger.charges()[0]).toMatchObject({ state: abandonedChallenge, amountCaptured: 0 });
  });

  it('needs a return address', async () => {
    const { charge } = openAccount();
    expect((await charge({ authentication: '3DS' })).body.code).toBe('bad_request');
  });
});

describe('a wallet', () => {
  it('is paid on its page', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({
      source: { type: 'truemoney', phone_number: '0800000000' },
      return_uri: returnUri,
    });
    expect(body).toMatchObject({
      status: 'pending',
      card: null,
      source: { type: 'truemoney', flow: 'redirect', amount: 100_000, phone_number: '0800000000' },
    });
    simulator.pay(body.authorize_uri as string, 'approve');
    const paid = await call('GET', `/charges/${body.id as string}`);
    expect(paid.body).toMatchObject({ status: 'successful', source: { charge_status: 'successful' } });
  });

  it('is cancelled by its payer', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ source: { type: 'internet_banking_bay' }, return_uri: returnUri });
    simulator.pay(body.authorize_uri as string, 'decline');
    const failed = await call('GET', `/charges/${body.id as string}`);
    expect(failed.body).toMatchObject({ status: 'failed', failure_code: 'payment_cancelled' });
  });

  it('that was made before has to fit the charge', async () => {
    const { call, charge } = openAccount();
    const source = await call('POST', '/sources', { type: 'alipay_cn', amount: 90_000, currency: 'THB' });
    expect(source.body).toMatchObject({ flow: 'app_redirect', charge_status: 'unknown' });
    const refused = await charge({ source: source.body.id, return_uri: returnUri });
    expect(refused.body.code).toBe('invalid_charge');
    const fits = await charge({ amount: 90_000, source: source.body.id, return_uri: returnUri });
    expect(fits.body).toMatchObject({ status: 'pending', source: { id: source.body.id } });
  });

  it('expires where it can, and can no longer be paid', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ source: { type: 'alipay_cn' }, return_uri: returnUri });
    const expired = await call('POST', `/charges/${body.id as string}/expire`);
    expect(expired.body).toMatchObject({ status: 'expired', expired: true });
    simulator.pay(body.authorize_uri as string, 'approve');
    expect(simulator.ledger.charges()[0]).toMatchObject({ state: 'expired', amountCaptured: 0 });
    expect((await call('POST', `/charges/${body.id as string}/expire`)).body.code).toBe('failed_expire');
  });

  it('refuses to expire elsewhere, unless the switch says otherwise', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ source: { type: 'promptpay' } });
    expect((await call('POST', `/charges/${body.id as string}/expire`)).body.code).toBe('failed_expire');
    simulator.switches.omise.everySourceExpires = true;
    expect((await call('POST', `/charges/${body.id as string}/expire`)).body.status).toBe('expired');
  });

  it('expires by itself at the time that was asked for', async () => {
    const { call, charge, simulator } = openAccount();
    const parameters = { source: { type: 'promptpay' }, expires_at: '2026-01-05T04:00:00Z' };
    const { body } = await charge(parameters);
    expect(body.expires_at).toBe('2026-01-05T04:00:00Z');
    simulator.clock.advance(3_600_000);
    const { body: expired } = await call('GET', `/charges/${body.id as string}`);
    expect(expired).toMatchObject({ status: 'expired', expired_at: '2026-01-05T04:00:00Z' });
  });

  it('takes installments, with the interest on the merchant if he wants', async () => {
    const { charge } = openAccount();
    const source = { type: 'installment_kbank', installment_term: 4, zero_interest_installments: true };
    const { body } = await charge({ amount: 300_000, source, return_uri: returnUri });
    expect(body).toMatchObject({
      zero_interest_installments: true,
      interest: 8880,
      source: { installment_term: 4 },
    });
    const without = await charge({ source: { type: 'installment_kbank' }, return_uri: returnUri });
    expect(without.body.code).toBe('bad_request');
  });
});

describe('an offline code', () => {
  it('shows a QR image, and is paid by mark_as_paid', async () => {
    const { call, charge, simulator } = openAccount();
    const { body } = await charge({ source: { type: 'promptpay' } });
    expect(body).toMatchObject({ status: 'pending', authorize_uri: null, source: { flow: 'offline' } });
    const image = new URL(body.source.scannable_code.image.download_uri as string);
    const drawn = await call('GET', image.pathname, undefined, { authorization: '' });
    expect(drawn.headers['content-type']).toBe('image/svg+xml');

    const paid = await call('POST', `/charges/${body.id as string}/mark_as_paid`);
    expect(paid.body).toMatchObject({ status: 'successful', paid: true, refundable: false });
    expect(simulator.ledger.charges()[0]!.state).toBe('captured');
    expect((await call('POST', `/charges/${body.id as string}/mark_as_failed`)).status).toBe(400);
  });

  it('shows numbers to type, and fails by mark_as_failed', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge({ source: { type: 'bill_payment_tesco_lotus' } });
    expect(body.source.references.reference_number_1).toMatch(/^\d{18}$/);
    const store = await charge({ source: { type: 'econtext' } });
    expect(store.body.source.references.payment_code).toMatch(/^\d{12}$/);
    const failed = await call('POST', `/charges/${body.id as string}/mark_as_failed`);
    expect(failed.body).toMatchObject({ status: 'failed', paid: false });
  });

  it('of a card cannot be marked', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge({ authentication: '3DS', return_uri: returnUri });
    const refused = await call('POST', `/charges/${body.id as string}/mark_as_paid`);
    expect(refused.body.code).toBe('feature_not_supported');
  });
});

describe('the sources that tests ask for', () => {
  it.each([
    ['approved', 'successful', null],
    ['declined', 'failed', 'payment_rejected'],
    ['insufficient_funds', 'failed', 'insufficient_fund'],
  ] as const)('%s: %s', async (kind, status, code) => {
    const { charge, simulator } = openAccount();
    const { body } = await charge({ card: simulator.source('omise', kind) });
    expect(body).toMatchObject({ status, failure_code: code });
  });

  it('redirect: a wallet that can be expired', () => {
    const { simulator } = openAccount();
    expect(simulator.source('omise', 'redirect')).toEqual({ type: 'redirect', method: 'alipay_cn' });
  });
});
