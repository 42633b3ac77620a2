import { describe, expect, it } from 'vitest';
import { openAccount, rawCard, start } from './account.js';

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

  it.each([
    ['the minimum of its currency', { amount: 1000, currency: 'HKD' }],
    ['as many metadata as there may be', { metadata: Object.fromEntries([...Array(25).keys()].entries()) }],
    ['the longest metadata', { metadata: { ['k'.repeat(50)]: 'x'.repeat(500) } }],
    ['a card in its last month', { card: { ...rawCard(), expiry_month: 1, expiry_year: 2026 } }],
    ['a number in groups', { card: { ...rawCard(), number: '4200 0000-0000 0000' } }],
    ['flags as a form writes them', { capture: '1' }],
  ])('takes %s', async (_, parameters) => {
    const { charge } = openAccount();
    expect(await charge(parameters)).toMatchObject({ status: 201, body: { response: { captured: true } } });
  });

  it('refuses a card from the first moment after its last month', async () => {
    const { charge, simulator } = openAccount();
    const card = { ...rawCard(), expiry_month: 1, expiry_year: 2026 };
    simulator.clock.advance(Date.parse('2026-02-01T00:00:00Z') - start);
    expect((await charge({ card })).body.messages).toMatchObject([
      { param: 'card.expiry_month' },
      { param: 'card.expiry_year' },
    ]);
  });

  it('charges in Australian dollars unless told, and takes the code in any letter case', async () => {
    const { charge } = openAccount();
    expect((await charge({ currency: null })).body.response.currency).toBe('AUD');
    expect((await charge({ currency: 'nzd' })).body.response.currency).toBe('NZD');
  });

  it('settles in Australian dollars what was charged in another currency', async () => {
    const { charge } = openAccount();
    expect((await charge({ amount: 10_000, currency: 'USD' })).body.response).toMatchObject({
      amount: 10_000,
      currency: 'USD',
      settlement_currency: 'AUD',
      total_fees: 293,
      merchant_entitlement: 14_707,
    });
  });

  it('withholds what the platform asks for', async () => {
    const { charge } = openAccount();
    const platform_adjustment = { amount: 200, currency: 'AUD' };
    expect((await charge({ platform_adjustment })).body.response).toMatchObject({
      platform_adjustment,
      total_fees: 52,
      merchant_entitlement: 998,
    });
    expect((await charge({ platform_adjustment: { amount: -1 } })).body.messages).toMatchObject([
      { param: 'platform_adjustment.amount' },
    ]);
  });

  it('leaves out metadata without a value', async () => {
    const { charge } = openAccount();
    const metadata = { order: '77', paid: true, note: null };
    expect((await charge({ metadata })).body.response.metadata).toEqual({ order: '77', paid: 'true' });
  });

  it.each([
    ['4200000000000000', 'visa'],
    ['5520000000000000', 'master'],
    ['372000000000000', 'american_express'],
  ])('knows the scheme of %s', async (number, scheme) => {
    const { charge } = openAccount();
    expect((await charge({ card: rawCard(number) })).body.response.card).toMatchObject({
      scheme,
      customer_token: null,
      primary: null,
    });
  });

  it('does without ip_address where the switch allows it', async () => {
    const { charge } = openAccount({ ipAddressRequired: false });
    expect((await charge({ ip_address: null })).body.response.ip_address).toBeNull();
  });
});
