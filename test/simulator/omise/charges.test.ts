import { describe, expect, it } from 'vitest';
import { basic, openAccount } from './account.js';
import { omisePublicKey, omiseSecretKey } from '../../../src/simulator/omise/face.js';

const expectError = (answer: { status: number; body: unknown }, status: number, code: string): void => {
  expect(answer.status).toBe(status);
  expect(Object.keys(answer.body as object)).toEqual(['object', 'location', 'code', 'message']);
  expect(answer.body).toMatchObject({ object: 'error', code });
};

describe('creating a charge', () => {
  it('takes the money of an approved card at once', async () => {
    const { charge, simulator } = openAccount();
    const { status, body } = await charge({ metadata: { order: '77' }, description: 'order 77' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'successful',
      amount: 100_000,
      currency: 'THB',
      authorized: true,
      paid: true,
      capturable: false,
      reversible: false,
      refundable: true,
      fee: 3650,
      fee_vat: 256,
      net: 96_094,
      created_at: '2026-01-05T03:00:00Z',
      expires_at: '2026-01-12T03:00:00Z',
      authorize_uri: null,
      failure_code: null,
      refunds: { object: 'list', data: [], limit: 20, offset: 0, total: 0, from: '1970-01-01T00:00:00Z' },
    });
    expect(simulator.ledger.charges()).toMatchObject([
      { id: body.id, state: 'captured', amountCaptured: 100_000, metadata: { order: '77' } },
    ]);
  });

  it('shows every field that all recorded charges have', async () => {
    const { charge } = openAccount({ newerFields: false });
    const { body } = await charge();
    const names =
      'object id location livemode amount currency funding_amount funding_currency fee fee_vat interest ' +
      'interest_vat net status authorized paid capture capturable reversible refundable disputable reversed ' +
      'voided expired created_at paid_at expired_at reversed_at expires_at refunded_amount refunds transaction ' +
      'customer dispute card source schedule link ip description return_uri authorize_uri failure_code ' +
      'failure_message metadata';
    expect(Object.keys(body)).toEqual(expect.arrayContaining(names.split(' ')));
  });

  it('reads forms and JSON alike', async () => {
    const { call, token } = openAccount();
    const form = `amount=100000&currency=thb&card=${await token()}&capture=false&metadata[order]=77`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { body } = await call('POST', '/charges', form, headers);
    expect(body).toMatchObject({
      amount: 100_000,
      currency: 'THB',
      capture: false,
      metadata: { order: '77' },
    });
  });

  it('settles in baht what was charged in another currency', async () => {
    const { charge } = openAccount();
    const { body } = await charge({ amount: 4000, currency: 'JPY' });
    expect(body).toMatchObject({
      amount: 4000,
      currency: 'JPY',
      funding_amount: 100_000,
      funding_currency: 'THB',
    });
  });

  it.each([
    ['4111111111140011', 'insufficient_fund'],
    ['5555551111100012', 'stolen_or_lost_card'],
    ['3530111111170013', 'failed_processing'],
    ['4111111111110014', 'payment_rejected'],
    ['5555551111160016', 'failed_fraud_check'],
    ['3530111111130017', 'invalid_account_number'],
    ['4111111111160001', 'invalid_security_code'],
    ['5555551111120002', 'payment_rejected'],
    ['6250947000000014', 'insufficient_fund'],
    ['377138160000009', 'failed_processing'],
  ])('answers 200 with a failed charge for the card %s', async (number, code) => {
    const { charge, token, simulator } = openAccount();
    const { status, body } = await charge({ card: await token(number) });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'charge',
      status: 'failed',
      authorized: false,
      paid: false,
      failure_code: code,
      // A trap of the real thing: nothing was captured.
      captured_amount: 100_000,
      card: { security_code_check: code !== 'invalid_security_code' },
    });
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'failed', amountCaptured: 0 }]);
  });

  it.each([
    '4111111111111111',
    '5454545454545454',
    '3566111111111113',
    '378282246310005',
    '6447032400000000001',
  ])('approves the test card %s', async (number) => {
    const { charge, token } = openAccount();
    expect((await charge({ card: await token(number) })).body.status).toBe('successful');
  });

  it('takes a token once', async () => {
    const { charge, token, simulator } = openAccount();
    const card = await token();
    await charge({ card });
    expectError(await charge({ card }), 400, 'used_token');
    expect(simulator.ledger.charges()).toHaveLength(1);
  });

  it('leaves a token unused when the charge is refused', async () => {
    const { charge, token } = openAccount();
    const card = await token();
    expectError(await charge({ card, amount: 100 }), 400, 'invalid_amount');
    expect((await charge({ card })).body.status).toBe('successful');
  });

  it('charges the card of a customer as often as it is asked to', async () => {
    const { call, charge, token } = openAccount();
    const customer = (await call('POST', '/customers', { email: 'a@example.com', card: await token() })).body;
    const first = await charge({ customer: customer.id });
    const second = await charge({ customer: customer.id, card: customer.default_card });
    expect([first.body.status, second.body.status]).toEqual(['successful', 'successful']);
    expect(first.body).toMatchObject({ customer: customer.id, card: { id: customer.default_card } });
    const expanded = await call('GET', `/charges/${first.body.id as string}?expand=true`);
    expect(expanded.body.customer).toMatchObject({ object: 'customer', email: 'a@example.com' });
  });

  it.each([
    [{ amount: 1999 }, 'invalid_amount'],
    [{ amount: 10.5 }, 'invalid_amount'],
    [{ amount: -5 }, 'invalid_amount'],
    [{ amount: undefined }, 'bad_request'],
    [{ currency: undefined }, 'bad_request'],
    [{ currency: 'XXX' }, 'bad_request'],
    [{ authorization_type: 'later' }, 'bad_request'],
    [{ source: { type: 'alipay_cn' } }, 'bad_request'],
    [{ source: { type: 'nothing' }, return_uri: 'https://shop.example' }, 'bad_request'],
    [{ card: 'card_test_1' }, 'bad_request'],
    [{ webhook_endpoints: ['https://a', 'https://b', 'https://c'] }, 'bad_request'],
  ])('refuses %j', async (parameters, code) => {
    const { charge, simulator } = openAccount();
    expectError(await charge(parameters), 400, code);
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it('shows only the fields of 2019 where the newer ones are switched off', async () => {
    const { charge } = openAccount({ newerFields: false });
    const { body } = await charge();
    for (const name of ['captured_amount', 'authorized_amount', 'authorization_type', 'authorized_at']) {
      expect(body).not.toHaveProperty(name);
    }
  });
});

describe('updating a charge', () => {
  it('merges metadata', async () => {
    const { call, charge } = openAccount();
    const { body } = await charge({ metadata: { a: '1', b: '2' } });
    const updated = await call('PATCH', `/charges/${body.id as string}`, { metadata: { b: null, c: '3' } });
    expect(updated.body.metadata).toEqual({ a: '1', c: '3' });
  });

  it('replaces metadata where the switch says so', async () => {
    const { call, charge, simulator } = openAccount({ metadataReplaces: true });
    const { body } = await charge({ metadata: { a: '1', b: '2' } });
    const updated = await call('PATCH', `/charges/${body.id as string}`, { metadata: { c: '3' } });
    expect(updated.body.metadata).toEqual({ c: '3' });
    expect(simulator.ledger.charges()[0]!.metadata).toEqual({ c: '3' });
  });

  it('touches the description alone', async () => {
    const { call, charge } = openAccount({ metadataReplaces: true });
    const { body } = await charge({ metadata: { a: '1' } });
    const updated = await call('PATCH', `/charges/${body.id as string}`, { description: 'new', amount: 1 });
    expect(updated.body).toMatchObject({ description: 'new', metadata: { a: '1' }, amount: 100_000 });
  });
});

describe('the keys', () => {
  it.each([
    ['no key', ''],
    ['an unknown key', basic('skey_test_other')],
    ['the public key', basic(omisePublicKey)],
    ['a bearer', `Bearer ${omiseSecretKey}`],
  ])('refuses %s for charges with 401', async (_, authorization) => {
    const { call } = openAccount();
    expectError(await call('GET', '/charges', undefined, { authorization }), 401, 'authentication_failure');
    expectError(
      await call('GET', '/nowhere', undefined, { authorization: '' }),
      401,
      'authentication_failure',
    );
  });

  it('refuses the secret key at the vault', async () => {
    const { call } = openAccount();
    const authorization = basic(omiseSecretKey);
    expectError(await call('POST', '/tokens', {}, { authorization }), 401, 'authentication_failure');
  });

  it('knows no other endpoints and no other API version', async () => {
    const { call } = openAccount();
    expectError(await call('DELETE', '/charges'), 404, 'not_found');
    const old = { 'omise-version': '2017-11-02' };
    expectError(await call('GET', '/charges', undefined, old), 400, 'bad_request');
    expect((await call('GET', '/account')).body.country).toBe('TH');
    expect((await call('GET', '/capability')).body.limits.charge_amount.min).toBe(2000);
  });
});

describe('trouble', () => {
  it('is a 429 with Retry-After', async () => {
    const { call, simulator } = openAccount();
    simulator.inject({ operation: 'list', fault: { type: 'rate_limited', retryAfterSeconds: 3 } });
    const answer = await call('GET', '/charges');
    expectError(answer, 429, 'too_many_requests');
    expect(answer.headers['retry-after']).toBe('3');
  });

  it('is a 500 in the envelope', async () => {
    const { call, simulator } = openAccount();
    simulator.inject({ operation: 'list', fault: 'server_error' });
    expectError(await call('GET', '/charges'), 500, 'internal_error');
  });

  it.each([
    ['server_error', 0],
    ['server_error_after_commit', 1],
  ] as const)('is a 400 backend_error where switched, %s leaving %i charges', async (fault, count) => {
    const { charge, simulator } = openAccount({ serverErrorAs: 'backend_error' });
    simulator.inject({ operation: 'create', fault });
    expectError(await charge(), 400, 'backend_error');
    expect(simulator.ledger.charges()).toHaveLength(count);
  });
});
