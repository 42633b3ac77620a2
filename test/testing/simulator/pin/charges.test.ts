import { describe, expect, it } from 'vitest';
import { pinPublishableKey } from '../../../../src/testing/simulator/pin/face.js';
import { basic, openAccount, rawCard } from './account.js';

describe('creating a charge', () => {
  it('takes the money of an approved card at once', async () => {
    const { charge, simulator } = openAccount();
    const { status, headers, body } = await charge({ metadata: { order: '77' } });
    expect(status).toBe(201);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(body.response).toMatchObject({
      success: true,
      amount: 1250,
      currency: 'AUD',
      created_at: '2026-01-05T03:00:00Z',
      status_message: 'Success',
      error_message: null,
      captured: true,
      captured_at: '2026-01-05T03:00:00Z',
      total_fees: 52,
      merchant_entitlement: 1198,
      metadata: { order: '77' },
    });
    expect(body.response.token).toMatch(/^ch_[\w-]{22}$/);
    expect(simulator.ledger.charges()).toMatchObject([
      { id: body.response.token, state: 'captured', amountCaptured: 1250, metadata: { order: '77' } },
    ]);
  });

  it('shows the fields of the recorded charges, in their order, and nothing more', async () => {
    const { charge } = openAccount();
    const { body } = await charge();
    expect(Object.keys(body)).toEqual(['response']);
    expect(Object.keys(body.response)).toEqual(
      (
        'token success amount currency description email ip_address created_at status_message error_message ' +
        'card transfer amount_refunded total_fees merchant_entitlement refund_pending authorisation_token ' +
        'authorisation_expired authorisation_voided captured captured_at settlement_currency ' +
        'active_chargebacks metadata platform_fees platform_adjustment'
      ).split(' '),
    );
    expect(Object.keys(body.response.card)).toEqual(
      (
        'token scheme display_number issuing_country expiry_month expiry_year name address_line1 address_line2 ' +
        'address_city address_postcode address_state address_country customer_token primary network_type ' +
        'network_format'
      ).split(' '),
    );
  });

  it('reads forms and JSON alike, and tolerates nulls', async () => {
    const { call, charge, simulator } = openAccount();
    const form =
      'amount=1250&description=Order&email=kim@shop.example&ip_address=1.2.3.4&capture=false' +
      `&card_token=${simulator.source('pin', 'approved')}&metadata[order]=77`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, body } = await call('POST', '/charges', form, headers);
    expect(status).toBe(201);
    expect(body.response).toMatchObject({ amount: 1250, captured: false, metadata: { order: '77' } });
    const nulls = { customer_token: null, reference: null, three_d_secure: null, metadata: null };
    expect((await charge({ ...nulls, card: rawCard(), amount: '1250' })).status).toBe(201);
  });

  it.each([
    ['4100000000000001', 400, 'card_declined'],
    ['5510000000000002', 400, 'insufficient_funds'],
    ['379000000000003', 400, 'invalid_cvv'],
    ['4800000000000004', 400, 'invalid_card'],
    ['5590000000000005', 400, 'processing_error'],
    ['376000000000006', 400, 'suspected_fraud'],
    ['4300000000000009', 502, 'gateway_error'],
    ['5530000000000099', 400, 'unknown'],
  ])('declines the card %s with %i %s, and keeps the failed charge', async (number, expected, error) => {
    const { call, charge, simulator } = openAccount();
    const { status, body } = await charge({ card: rawCard(number) });
    expect(status).toBe(expected);
    expect(Object.keys(body)).toEqual(['error', 'error_description', 'charge_token']);
    expect(body.error).toBe(error);
    const failed = (await call('GET', `/charges/${body.charge_token as string}`)).body.response;
    expect(failed).toMatchObject({ success: false, captured: false, error_message: body.error_description });
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'failed', amountCaptured: 0 }]);
  });

  it('may have taken the money behind a gateway error', async () => {
    const { charge, call, simulator } = openAccount({ gatewayErrorCharge: 'successful' });
    const { status, body } = await charge({ card: rawCard('4300000000000009') });
    expect(status).toBe(502);
    const found = (await call('GET', `/charges/${body.charge_token as string}`)).body.response;
    expect(found).toMatchObject({ success: true, captured: true });
    expect(simulator.ledger.charges()[0]!.state).toBe('captured');
  });

  it('names everything that is wrong, the fields of a card with dots', async () => {
    const { charge, simulator } = openAccount();
    const card = { ...rawCard('4242424242424242'), expiry_year: 2020, cvc: '' };
    const { status, body } = await charge({ amount: 99, description: '', ip_address: null, card });
    expect(status).toBe(422);
    expect(body.error).toBe('invalid_resource');
    expect(body.messages.map((each: { code: string; param: string }) => [each.param, each.code])).toEqual([
      ['amount', 'amount_invalid'],
      ['description', 'description_invalid'],
      ['ip_address', 'ip_address_invalid'],
      ['card.number', 'card_number_invalid'],
      ['card.expiry_month', 'card_expiry_month_invalid'],
      ['card.expiry_year', 'card_expiry_year_invalid'],
      ['card.cvc', 'card_cvc_invalid'],
    ]);
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it.each([
    ['a currency that Pin lacks', { currency: 'SEK' }, 'currency'],
    ['an amount below the minimum of its currency', { amount: 999, currency: 'HKD' }, 'amount'],
    ['a fraction', { amount: 1250.5 }, 'amount'],
    ['an address that is none', { email: 'kim' }, 'email'],
    ['two sources', { card: rawCard(), card_token: 'card_x' }, 'card_token'],
    ['nested metadata', { metadata: { order: { id: '77' } } }, 'metadata'],
    ['too many metadata', { metadata: Object.fromEntries([...Array(26).keys()].entries()) }, 'metadata'],
    ['a long metadata key', { metadata: { ['k'.repeat(51)]: 'x' } }, 'metadata'],
    ['a long metadata value', { metadata: { order: 'x'.repeat(501) } }, 'metadata'],
    ['3-D Secure without a way back', { three_d_secure: { enabled: true } }, 'three_d_secure.callback_url'],
  ])('refuses %s', async (_, parameters, param) => {
    const { charge } = openAccount();
    const { status, body } = await charge(parameters);
    expect(status).toBe(422);
    expect(body.messages).toMatchObject([{ param }]);
  });

  it('does without ip_address where the switch allows it', async () => {
    const { charge } = openAccount({ ipAddressRequired: false });
    expect((await charge({ ip_address: null })).body.response.ip_address).toBeNull();
  });
});

describe('the sources of a charge', () => {
  it('a card token serves once, also when the card is declined', async () => {
    const { charge, simulator } = openAccount();
    const approved = simulator.source('pin', 'approved');
    expect((await charge({ card_token: approved })).status).toBe(201);
    expect(await charge({ card_token: approved })).toMatchObject({
      status: 404,
      body: { error: 'not_found' },
    });
    const declined = simulator.source('pin', 'declined');
    expect((await charge({ card_token: declined })).body.error).toBe('card_declined');
    simulator.switches.pin.usedTokenAs = 'token_already_used';
    expect(await charge({ card_token: declined })).toMatchObject({
      status: 400,
      body: { error: 'token_already_used' },
    });
  });

  it('a refused request uses nothing up', async () => {
    const { charge, simulator } = openAccount();
    const token = simulator.source('pin', 'approved');
    expect((await charge({ card_token: token, amount: 1 })).status).toBe(422);
    expect((await charge({ card_token: token })).status).toBe(201);
  });

  it('a card token serves for a month', async () => {
    const { charge, simulator } = openAccount();
    const [early, late] = [simulator.source('pin', 'approved'), simulator.source('pin', 'approved')];
    simulator.clock.advance(30 * 86_400_000 - 1);
    expect((await charge({ card_token: early })).status).toBe(201);
    simulator.clock.advance(1);
    expect((await charge({ card_token: late })).status).toBe(404);
  });

  it('a payment source serves once and for a month', async () => {
    const { call, charge, simulator } = openAccount();
    const make = async (): Promise<string> =>
      (await call('POST', '/payment_sources', { type: 'card', source: rawCard() })).body.response
        .token as string;
    const [first, second] = [await make(), await make()];
    expect((await charge({ payment_source_token: first })).status).toBe(201);
    expect((await charge({ payment_source_token: first })).status).toBe(404);
    simulator.clock.advance(30 * 86_400_000);
    expect((await charge({ payment_source_token: second })).status).toBe(404);
  });

  it('a customer can be charged again and again, and his charges listed', async () => {
    const { call, charge, simulator } = openAccount();
    const card = (await call('POST', '/cards', rawCard())).body.response;
    expect(card).toMatchObject({ display_number: 'XXXX-XXXX-XXXX-0000', expiry_year: 2030 });
    const made = await call('POST', '/customers', { email: 'kim@shop.example', card_token: card.token });
    expect(made).toMatchObject({ status: 201, body: { response: { email: 'kim@shop.example' } } });
    const customer = made.body.response.token as string;
    expect((await charge({ card_token: card.token })).status).toBe(404);
    await charge();
    const { body: one } = await charge({ customer_token: customer });
    const { body: two } = await charge({ customer_token: customer });
    expect(two.response.card.customer_token).toBe(customer);
    const { body } = await call('GET', `/customers/${customer}/charges`);
    expect(body.response.map((each: { token: string }) => each.token)).toEqual([
      two.response.token,
      one.response.token,
    ]);
    expect((await call('GET', `/customers/${customer}`)).body.response.token).toBe(customer);
    expect(simulator.ledger.charges()).toHaveLength(3);
  });
});

describe('keys and paths', () => {
  it('refuses a wrong key, and lets the publishable one make cards only', async () => {
    const { call } = openAccount();
    const refused = { status: 401, body: { error: 'unauthenticated' } };
    expect(await call('GET', '/charges', undefined, { authorization: '' })).toMatchObject(refused);
    const publishable = { authorization: basic(pinPublishableKey) };
    expect(await call('GET', '/charges', undefined, publishable)).toMatchObject(refused);
    expect((await call('POST', '/cards', rawCard(), publishable)).status).toBe(201);
  });

  it('answers 404 for what it does not know', async () => {
    const { call } = openAccount();
    const missing = { status: 404, body: { error: 'not_found' } };
    for (const target of [
      '/charges/ch_x',
      '/refunds/rf_x',
      '/customers/cus_x',
      '/balance',
      '/charges/ch_x/refunds',
    ]) {
      expect(await call('GET', target)).toMatchObject(missing);
    }
    expect(await call('GET', '/charges/verify?session_token=se_x')).toMatchObject(missing);
    expect(await call('PUT', '/charges/ch_x/capture')).toMatchObject(missing);
  });

  it('refuses a body that is no object', async () => {
    const { call } = openAccount();
    expect((await call('POST', '/charges', '{')).body.error).toBe('invalid_request');
    expect((await call('POST', '/charges', '[]')).body.error).toBe('invalid_request');
  });
});
