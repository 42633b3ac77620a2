import { describe, expect, it } from 'vitest';
import { justifiSubAccounts } from '../../../src/simulator/justifi/accounts.js';
import { openPlatform } from './platform.js';

describe('creating a payment', () => {
  it('takes the money of an approved card at once, and answers 201 in the envelope', async () => {
    const { pay, simulator } = openPlatform();
    const { status, body, headers } = await pay({ metadata: { order: '77' }, description: 'basket 77' });
    expect(status).toBe(201);
    expect(headers['request-id']).toMatch(/^req_/);
    expect(body).toMatchObject({
      id: body.data.id,
      type: 'payment',
      page_info: null,
      data: {
        account_id: justifiSubAccounts.shop,
        status: 'succeeded',
        captured: true,
        amount: 2599,
        amount_refundable: 2599,
        amount_refunded: 0,
        currency: 'usd',
        description: 'basket 77',
        metadata: { order: '77' },
        payment_mode: 'ecom',
        is_test: true,
        created_at: '2026-01-05T03:00:00.000Z',
      },
    });
    expect(simulator.ledger.charges()).toMatchObject([
      {
        id: body.data.id,
        account: justifiSubAccounts.shop,
        currency: 'USD',
        state: 'captured',
        amountCaptured: 2599,
        metadata: { order: '77' },
      },
    ]);
  });

  it('only authorizes with the manual strategy', async () => {
    const { pay, simulator } = openPlatform();
    const { status, body } = await pay({ capture_strategy: 'manual' });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({ status: 'authorized', captured: false, amount_refundable: 2599 });
    expect(simulator.ledger.charges()[0]!.state).toBe('authorized');
  });

  it('says captured where nothing is, if the switch wants it', async () => {
    const { pay } = openPlatform({ capturedLies: true });
    const { body } = await pay({ capture_strategy: 'manual' });
    expect(body.data).toMatchObject({ status: 'authorized', captured: true });
  });

  it('books its fees a moment later', async () => {
    const { call, pay, simulator } = openPlatform();
    const { body } = await pay();
    expect(body.data).toMatchObject({ fees: [], fee_amount: 0 });
    simulator.clock.advance(1000);
    const { body: later } = await call('GET', `/v1/payments/${body.id as string}`);
    expect(later.data).toMatchObject({ fee_amount: 105, fees: [{ type: 'processing_fee', amount: 105 }] });
  });

  it.each([
    [{ amount: undefined }, 422, 'amount_required'],
    [{ amount: 10.5 }, 422, 'amount_must_be_an_integer'],
    [{ amount: '2599' }, 422, 'amount_must_be_an_integer'],
    [{ amount: 50 }, 422, 'amount_below_minimum'],
    [{ amount: 100_000_000 }, 422, 'amount_above_maximum'],
    [{ currency: undefined }, 422, 'currency_required'],
    [{ currency: 'USD' }, 422, 'currency_invalid'],
    [{ currency: 'cad' }, 422, 'currency_invalid'],
    [{ capture_strategy: 'later' }, 422, 'capture_strategy_invalid'],
    [{ payment_method: undefined }, 422, 'payment_method_required'],
    [{ payment_method: {} }, 422, 'payment_method_token_required'],
    [{ payment_method: { token: 'pm_nothing' } }, 422, 'payment_method_not_found'],
    [{ payment_method: { card: { number: '4242424242424242' } } }, 400, 'full_pan_not_allowed'],
    [{ statement_descriptor: 'no' }, 422, 'invalid_characters'],
    [{ email: 'nobody' }, 422, 'email_invalid'],
    [{ return_url: 'https://shop.example' }, 400, 'unexpected_parameter'],
    [{ fees: [{ type: 'tip', amount: 5 }] }, 422, 'fees_invalid'],
    [{ fees: [{ type: 'platform_fee', amount: 0 }] }, 422, 'fee_amount_greater_than_zero'],
    [{ fees: [{ type: 'platform_fee', amount: 2600 }] }, 422, 'fee_amount_greater_than_payment_amount'],
    [{ application_fee_amount: 5, fees: [] }, 422, 'fee_and_application_fee_declared'],
    [{ metadata: { payment_test: { scenario: 'rain' } } }, 422, 'unexpected_parameter'],
  ])('refuses %j', async (parameters, status, code) => {
    const { pay, simulator } = openPlatform();
    const answer = await pay(parameters);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it('takes a raw card where the account is approved', async () => {
    const { pay } = openPlatform({ rawCardsAllowed: true });
    const card = {
      name: 'Ada',
      number: '4111111111111111',
      month: '5',
      year: '2042',
      address_postal_code: '5',
    };
    const { status, body } = await pay({ payment_method: { card } });
    expect(status).toBe(201);
    expect(body.data.payment_method.card).toMatchObject({ acct_last_four: '1111', brand: 'visa' });
    expect(JSON.stringify(body)).not.toContain('4111111111111111');
  });
});

describe('a decline', () => {
  it.each([
    ['4000000000000002', { code: 'card_declined' }, 'card_declined'],
    ['4000000000000341', { code: 'card_declined' }, 'card_declined'],
    ['4000000000009995', { code: 'card_declined', decline_code: 'insufficient_funds' }, 'insufficient_funds'],
    ['4000000000009987', { code: 'card_declined', decline_code: 'lost_card' }, 'lost_card'],
    ['4000000000009979', { code: 'card_declined', decline_code: 'stolen_card' }, 'stolen_card'],
    ['4000000000000101', { code: 'card_declined', decline_code: 'invalid_cvc' }, 'invalid_cvc'],
    ['4000000000000069', { code: 'expired_card' }, 'expired_card'],
    ['4000000000000127', { code: 'invalid_cvc' }, 'invalid_cvc'],
    ['4000000000000119', { code: 'gateway_error' }, 'gateway_error'],
  ])('by the card %s is a 402 without a payment in it', async (number, error, errorCode) => {
    const { call, card, pay, simulator } = openPlatform();
    const token = (await card(number)).body.data.id as string;
    const answer = await pay({ payment_method: { token } });
    expect(answer).toMatchObject({ status: 402, body: { error } });
    expect(answer.body).not.toHaveProperty('data');
    expect(answer.body.error).toHaveProperty('message');
    const { body } = await call('GET', '/v1/payments?payment_status=failed');
    expect(body.data).toMatchObject([{ status: 'failed', captured: false, error_code: errorCode }]);
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'failed' }]);
  });

  it('of a security code needs one', async () => {
    const { card, pay } = openPlatform();
    const token = (await card('4000000000000101', { verification: undefined })).body.data.id as string;
    expect((await pay({ payment_method: { token } })).status).toBe(201);
  });

  it.each([
    ['insufficient_funds', '116'],
    ['do_not_honor', '005'],
    ['restricted_card', '102'],
    ['three_d_secure_not_supported', '531'],
    ['card_blocked', null],
  ])('can be asked for with the scenario %s', async (scenario, networkCode) => {
    const { pay } = openPlatform();
    const answer = await pay({ metadata: { payment_test: { scenario } } });
    expect(answer).toMatchObject({
      status: 402,
      body: { error: { code: 'card_declined', decline_code: scenario, network_error_code: networkCode } },
    });
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('by a gateway timeout may have taken the money (%s)', async (gatewayTimeoutCommits, count) => {
    const { pay, simulator } = openPlatform({ gatewayTimeoutCommits });
    const answer = await pay({ metadata: { payment_test: { scenario: 'gateway_timeout' } } });
    expect(answer).toMatchObject({ status: 402, body: { error: { code: 'gateway_timeout_error' } } });
    expect(simulator.ledger.charges().filter((charge) => charge.state === 'captured')).toHaveLength(count);
  });

  it.each([
    [{ number: '4242424242424241' }, 'card_number_invalid'],
    [{ month: '13' }, 'month_invalid'],
    [{ year: '2025' }, 'invalid_expiry_date'],
    [{ name: '' }, 'card_name_required'],
  ])('can come from tokenization: %j', async (details, code) => {
    const { card } = openPlatform();
    const answer = await card('4242424242424242', details);
    expect(answer.body).toMatchObject({ error: { code } });
    expect([402, 422]).toContain(answer.status);
  });
});

describe('a bank debit', () => {
  it('is pending in the answer and settles at once', async () => {
    const { call, bankAccount, pay, simulator } = openPlatform();
    const token = (await bankAccount()).body.data.id as string;
    const { status, body } = await pay({ payment_method: { token }, expedited: true });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      status: 'pending',
      captured: false,
      payment_mode: 'ach',
      expedited: true,
      payment_method: { bank_account: { acct_last_four: '6789', name: 'Ada Test' } },
    });
    expect((await call('GET', `/v1/payments/${body.id as string}`)).body.data.status).toBe('succeeded');
    expect(simulator.ledger.charges()[0]!.state).toBe('captured');
  });

  it('can stay pending for days', async () => {
    const { call, bankAccount, pay, simulator } = openPlatform({ debitSettlesAfterMs: 86_400_000 });
    const { body } = await pay({ payment_method: { token: (await bankAccount()).body.data.id } });
    expect((await call('GET', '/v1/payments?payment_status=pending')).body.data).toHaveLength(1);
    simulator.clock.advance(86_400_000);
    const later = await call('GET', `/v1/payments/${body.id as string}`);
    expect(later.body.data.status).toBe('succeeded');
  });

  it.each([
    ['000222222227', 'insufficient_funds'],
    ['000111111113', 'account_closed'],
    ['000111111116', 'no_account'],
    ['000333333335', 'bank_account_restricted'],
  ])('of the account %s is accepted and fails later', async (number, code) => {
    const { call, bankAccount, pay, simulator } = openPlatform();
    const { status, body } = await pay({
      payment_method: { token: (await bankAccount(number)).body.data.id },
    });
    expect([status, body.data.status]).toEqual([201, 'pending']);
    const { body: later } = await call('GET', `/v1/payments/${body.id as string}`);
    expect(later.data).toMatchObject({ status: 'failed', error_code: code });
    expect(simulator.ledger.charges()[0]!.state).toBe('failed');
  });

  it.each([
    ['success', 'succeeded'],
    ['succeeded', 'succeeded'],
    ['account_frozen', 'failed'],
  ])('follows the scenario %s', async (scenario, status) => {
    const { call, bankAccount, pay } = openPlatform();
    const { body } = await pay({
      payment_method: { token: (await bankAccount()).body.data.id },
      metadata: { payment_test: { scenario } },
    });
    expect((await call('GET', `/v1/payments/${body.id as string}`)).body.data.status).toBe(status);
  });

  it.each(['failed', 'succeeded'] as const)(
    'that comes back is returned, and reads %s',
    async (returnedDebitStatus) => {
      const { call, bankAccount, pay, simulator } = openPlatform({
        debitsReturn: true,
        debitReturnsAfterMs: 3_600_000,
        returnedDebitStatus,
      });
      const { body } = await pay({ payment_method: { token: (await bankAccount()).body.data.id } });
      simulator.clock.advance(3_600_000);
      const { body: later } = await call('GET', `/v1/payments/${body.id as string}`);
      expect(later.data).toMatchObject({
        status: returnedDebitStatus,
        returned: true,
        amount_returned: 2599,
      });
      expect(simulator.ledger.charges()[0]).toMatchObject({ state: 'failed', amountCaptured: 0 });
    },
  );

  it('that came back can be neither voided nor refunded', async () => {
    const { call, bankAccount, pay, simulator } = openPlatform({
      debitsReturn: true,
      debitReturnsAfterMs: 60_000,
      returnedDebitStatus: 'succeeded',
    });
    const { body } = await pay({ payment_method: { token: (await bankAccount()).body.data.id } });
    simulator.clock.advance(60_000);
    const voided = await call('POST', `/v1/payments/${body.id as string}/void`);
    expect(voided.body.error.code).toBe('payment_outside_void_window');
    const refunded = await call('POST', `/v1/payments/${body.id as string}/refunds`, { amount: 100 });
    expect(refunded.body.error.code).toBe('refund_exceeds_amount_available');
  });

  it('cannot be authorized only', async () => {
    const { bankAccount, pay } = openPlatform();
    const answer = await pay({
      payment_method: { token: (await bankAccount()).body.data.id },
      capture_strategy: 'manual',
    });
    expect(answer.body.error.code).toBe('capture_strategy_invalid');
  });

  it('shows its account as in the schema where the switch says so', async () => {
    const { bankAccount } = openPlatform({ bankAccountAsInSchema: true });
    expect((await bankAccount()).body.data.bank_account).toMatchObject({
      account_owner_name: 'Ada Test',
      account_number_last4: '6789',
    });
  });
});
