import { describe, expect, it } from 'vitest';
import type { CreateParams } from '../../../src/models/params.js';
import { createPin } from '../../../src/providers/pin/index.js';
import authorized from '../../fixtures/pin/charge-authorized.json' with { type: 'json' };
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import pending from '../../fixtures/pin/charge-pending-3ds.json' with { type: 'json' };
import refund from '../../fixtures/pin/refund-pending.json' with { type: 'json' };
import { client, pageOf, useHost } from './host.js';

const { received, lines, expectRequest } = useHost();

const id = authorized.response.token;
const params = {
  amount: 1250,
  currency: 'AUD',
  source: 'card_Z9y8X7w6V5u4T3s2R1q0pA',
  email: 'kim@shop.example',
  description: 'Order 77',
  ip: '198.51.100.7',
} as const;
const created = (change: object = {}, status = 201) => ({
  status,
  body: {
    response: {
      ...captured.response,
      amount_refunded: 0,
      metadata: { unicharge_key: 'order-77' },
      ...change,
    },
  },
});
const isAuthorized = { ...authorized.response, metadata: { unicharge_key: 'order-77' } };

describe('create', () => {
  const create = (change: Partial<CreateParams>, settings = {}) =>
    client(settings).create({ ...params, ...(change as object) }, { idempotencyKey: 'order-77' });

  it.each<[name: string, change: Partial<CreateParams>, fields: string]>([
    ['a card token', {}, '"card_token":"card_Z9y8X7w6V5u4T3s2R1q0pA"'],
    ['a payment source token', { source: 'ps_A1' }, '"payment_source_token":"ps_A1"'],
    ['a customer', { source: { type: 'customer', customer: 'cus_A1' } }, '"customer_token":"cus_A1"'],
    [
      'a raw card',
      {
        source: {
          type: 'card',
          number: '4200000000000000',
          expMonth: 7,
          expYear: 2031,
          cvc: '123',
          holderName: 'Kim Lee',
          address: { line1: '1 Pier Rd', city: 'Perth', postalCode: '6000', country: 'AU' },
        },
      },
      '"card":{"number":"4200000000000000","expiry_month":7,"expiry_year":2031,"cvc":"123","name":"Kim Lee","address_line1":"1 Pier Rd","address_city":"Perth","address_postcode":"6000","address_country":"AU"}',
    ],
  ])('of %s', async (_, change, fields) => {
    expectRequest('POST', '/1/charges', created());
    await create(change);
    expect(received[0]?.body).toBe(
      `{"email":"kim@shop.example","description":"Order 77","amount":1250,"ip_address":"198.51.100.7","currency":"AUD","capture":true,"metadata":{"unicharge_key":"order-77"},${fields}}`,
    );
  });

  it('authenticates with the key as user name, speaks JSON, and sends no idempotency header, because Pin has none', async () => {
    expectRequest('POST', '/1/charges', created());
    await create({});
    const headers = received[0]?.headers ?? {};
    expect(headers).toMatchObject({
      authorization: `Basic ${Buffer.from('pin_secret_1:').toString('base64')}`,
      'content-type': 'application/json',
      host: 'test-api.pinpayments.com',
    });
    expect(Object.keys(headers).filter((name) => name.includes('idempot'))).toEqual([]);
  });

  it('resolves with the charge, without the stamp', async () => {
    expectRequest('POST', '/1/charges', created({ metadata: { order: '77', unicharge_key: 'order-77' } }));
    const charge = await create({ metadata: { order: '77' } });
    expect(charge).toMatchObject({
      status: 'captured',
      metadata: { order: '77' },
      livemode: false,
      threeDS: null,
    });
    expect(JSON.parse(received[0]?.body ?? '{}')).toMatchObject({
      metadata: { order: '77', unicharge_key: 'order-77' },
    });
  });

  it('that only authorizes', async () => {
    expectRequest('POST', '/1/charges', { status: 201, body: { response: isAuthorized } });
    expect(await create({ capture: false })).toMatchObject({ status: 'authorized', amountCaptured: 0 });
    expect(received[0]?.body).toContain('"capture":false');
  });

  it('with 3-D Secure resolves with where the payer has to go', async () => {
    const waiting = { ...pending.response, amount: 1250, metadata: { unicharge_key: 'order-77' } };
    expectRequest('POST', '/1/charges', { status: 202, body: { response: waiting } });
    const charge = await create({ returnUrl: 'https://shop.example/back?order=77' });
    expect(charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: 'https://acs.bank.example/challenge?id=77' },
      threeDS: { status: 'required' },
    });
    expect(received[0]?.body).toContain(
      '"three_d_secure":{"enabled":true,"callback_url":"https://shop.example/back?order=77"}',
    );
  });

  it('uses the defaults of the settings', async () => {
    expectRequest('POST', '/1/charges', created());
    const defaults = { email: 'shop@shop.example', description: 'Shop', ip: '203.0.113.9' };
    await client({ defaults }).create(
      { amount: 1250, currency: 'AUD', source: 'card_1' },
      { idempotencyKey: 'order-77' },
    );
    expect(received[0]?.body).toMatch(
      /^\{"email":"shop@shop.example","description":"Shop","amount":1250,"ip_address":"203.0.113.9"/,
    );
  });

  it('carries a partner key where the call has one', async () => {
    expectRequest('POST', '/1/charges', created());
    await client().create(params, { idempotencyKey: 'order-77', headers: { 'X-Partner-Key': 'partner-1' } });
    expect(received[0]?.headers).toMatchObject({ 'x-partner-key': 'partner-1' });
  });
});

describe('the host', () => {
  it.each([
    ['live', {}, 'https://api.pinpayments.com', true],
    ['live', { environment: 'live' }, 'https://api.pinpayments.com', true],
    ['test', { environment: 'test' }, 'https://test-api.pinpayments.com', false],
  ] as const)('is %s where the settings say %j', async (_, setting, host, livemode) => {
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: authorized }, host);
    const charge = await createPin({ secretKey: 'k', ...setting }).retrieve(id);
    expect(charge.livemode).toBe(livemode);
  });

  it('keeps the path of a base address', async () => {
    expectRequest('GET', `/pin/1/charges/${id}`, { status: 200, body: authorized }, 'https://proxy.example');
    await client({ baseUrl: 'https://proxy.example/pin/' }).retrieve(id);
    expect(lines()).toEqual([`GET /pin/1/charges/${id}`]);
  });

  it('is not asked without a key: the error names the setting and the variable', () => {
    expect(() => createPin({ secretKey: undefined })).toThrow(/secretKey.*PIN_SECRET_KEY/);
  });

  it.each([
    { environment: 'staging' },
    { enviroment: 'test' },
    { defaults: { mail: 'x' } },
    { webhookHash: 'md5' },
  ])('is not asked with wrong settings: %j', (settings) => {
    expect(() => createPin({ secretKey: 'k', ...(settings as object) })).toThrow(
      expect.objectContaining({ name: 'ConfigurationError' }),
    );
  });
});

describe('reading', () => {
  it('retrieves', async () => {
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: authorized });
    expect(await client().retrieve(id)).toMatchObject({ id, status: 'authorized' });
    expect(received[0]?.body).toBe('');
  });

  it.each(['verify', 'search'])('never takes the word %s for a charge', async (word) => {
    const refused = { name: 'InvalidRequestError', outcome: 'not_sent', issues: [{ path: 'id' }] };
    await expect(client().retrieve(word)).rejects.toMatchObject(refused);
    await expect(client().capture(word)).rejects.toMatchObject(refused);
    await expect(client().void(word)).rejects.toMatchObject(refused);
    await expect(client().refund(word)).rejects.toMatchObject(refused);
    await expect(client().listRefunds(word)).rejects.toMatchObject(refused);
    await expect(client().verify3DS({ chargeId: word })).rejects.toMatchObject({ outcome: 'not_sent' });
  });

  it('lists page after page, newest first, and asks for no page twice', async () => {
    const charge = (token: string) => ({ ...captured.response, token });
    expectRequest('GET', '/1/charges?page=1&per_page=2', {
      status: 200,
      body: pageOf([charge('ch_5'), charge('ch_4')], 1, 3),
    });
    expectRequest('GET', '/1/charges?page=2&per_page=2', {
      status: 200,
      body: pageOf([charge('ch_4'), charge('ch_3')], 2, 3),
    });
    expectRequest('GET', '/1/charges?page=3&per_page=2', {
      status: 200,
      body: pageOf([charge('ch_2')], 3, 3),
    });
    const ids: string[] = [];
    for await (const each of client().list({ limit: 2 })) ids.push(each.id);
    expect(ids).toEqual(['ch_5', 'ch_4', 'ch_3', 'ch_2']);
  });

  it('goes on from a cursor', async () => {
    expectRequest('GET', '/1/charges?page=1', { status: 200, body: pageOf([captured.response], 1, 2) });
    const { nextCursor } = await client().list();
    expectRequest('GET', '/1/charges?page=2', { status: 200, body: pageOf([], 2, 2) });
    expect((await client().list({ cursor: nextCursor ?? '' })).nextCursor).toBeNull();
    await expect(client().list({ cursor: 'page two' })).rejects.toMatchObject({
      issues: [{ path: 'cursor' }],
    });
  });

  it('lists the charges of a customer at their own address', async () => {
    const bare = { ...captured.response, card: { ...captured.response.card, customer_token: null } };
    expectRequest('GET', '/1/customers/cus_A1/charges?page=1', { status: 200, body: pageOf([bare]) });
    const { data } = await client().list({ customer: 'cus_A1' });
    expect(data).toMatchObject([{ customer: 'cus_A1' }]);
  });

  it('filters a customer here where a date bounds the list, and stops at the date', async () => {
    const charge = (token: string, created_at: string, customer_token: string) => ({
      ...captured.response,
      token,
      created_at,
      card: { ...captured.response.card, customer_token },
    });
    expectRequest('GET', '/1/charges?page=1', {
      status: 200,
      body: pageOf(
        [
          charge('ch_3', '2025-02-03T00:00:00Z', 'cus_A1'),
          charge('ch_2', '2025-02-02T00:00:00Z', 'cus_B2'),
          charge('ch_1', '2025-01-31T00:00:00Z', 'cus_A1'),
        ],
        1,
        9,
      ),
    });
    const ids: string[] = [];
    for await (const each of client().list({ customer: 'cus_A1', createdAfter: '2025-02-01T00:00:00Z' }))
      ids.push(each.id);
    expect(ids).toEqual(['ch_3']);
  });

  it('searches with whole days, and the exact moments decide here', async () => {
    const charge = (token: string, created_at: string) => ({ ...captured.response, token, created_at });
    expectRequest(
      'GET',
      '/1/charges/search?query=order-78&start_date=2025%2F02%2F02&end_date=2025%2F02%2F05&sort=created_at&direction=-1&page=1',
      {
        status: 200,
        body: pageOf([
          charge('ch_4', '2025-02-03T12:00:00Z'),
          charge('ch_3', '2025-02-03T11:59:59Z'),
          charge('ch_2', '2025-02-03T06:00:00Z'),
          charge('ch_1', '2025-02-03T05:59:59Z'),
        ]),
      },
    );
    const { data } = await client().search({
      query: 'order-78',
      createdAfter: '2025-02-03T06:00:00Z',
      createdBefore: '2025-02-03T12:00:00Z',
    });
    expect(data.map((each) => each.id)).toEqual(['ch_3', 'ch_2']);
  });

  it('searches for metadata by its text, and compares the key here', async () => {
    expectRequest('GET', '/1/charges/search?query=78&sort=created_at&direction=-1&page=1', {
      status: 200,
      body: pageOf([
        captured.response,
        { ...captured.response, token: 'ch_other', metadata: { invoice: '78' } },
      ]),
    });
    const { data } = await client().search({ metadata: { order: '78' } });
    expect(data.map((each) => each.id)).toEqual([captured.response.token]);
  });
});

describe('capture and void', () => {
  const put = (path: string, body: unknown, status = 201) => {
    expectRequest('PUT', `/1/charges/${id}/${path}`, { status, body });
  };
  const capturedCharge = { response: { ...isAuthorized, captured: true, status_message: 'Success' } };

  it.each([200, 201])('capture sends nothing but the address (HTTP %i)', async (status) => {
    put('capture', capturedCharge, status);
    expect(await client().capture(id)).toMatchObject({ status: 'captured', amountCaptured: 1250 });
    expect(received[0]?.body).toBe('');
  });

  it('capture of the whole amount is compared first, and sent without it', async () => {
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: authorized });
    put('capture', capturedCharge);
    await client().capture(id, { amount: 1250 });
    expect(lines()).toEqual([`GET /1/charges/${id}`, `PUT /1/charges/${id}/capture`]);
    expect(received[1]?.body).toBe('');
  });

  it.each([
    [1249, 'must be the whole amount: Pin captures in full only'],
    [1251, 'is more than was authorized'],
    [1, 'must be the whole amount: Pin captures in full only'],
  ])('capture of %i of 1250 is refused before sending', async (amount, message) => {
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: authorized });
    await expect(client().capture(id, { amount }, { idempotencyKey: 'c-1' })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      idempotencyKey: 'c-1',
      message: `amount ${message}`,
      issues: [{ path: 'amount', message }],
    });
    expect(lines()).toEqual([`GET /1/charges/${id}`]);
  });

  it('void releases', async () => {
    put(
      'void',
      { response: { ...isAuthorized, authorisation_voided: true, status_message: 'Authorisation Voided' } },
      200,
    );
    expect(await client().void(id)).toMatchObject({ status: 'voided', amountCaptured: 0, amountRefunded: 0 });
    expect(received[0]?.body).toBe('');
  });

  it('a success that does not show its effect leaves the outcome open', async () => {
    put('void', { response: isAuthorized }, 200);
    await expect(client().void(id)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
      chargeId: id,
    });
    put('capture', { response: isAuthorized });
    await expect(client().capture(id)).rejects.toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
    });
  });
});

describe('refunds', () => {
  const charge = captured.response.token;
  const path = `/1/charges/${charge}/refunds`;
  const list = (refunds: readonly unknown[]) => {
    expectRequest('GET', `${path}?page=1`, { status: 200, body: pageOf(refunds) });
  };
  const post = (change: object = {}) => {
    expectRequest('POST', path, { status: 201, body: { response: { ...refund.response, ...change } } });
  };
  const bodies = () => received.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body);

  it('a part is sent with its amount', async () => {
    list([]);
    post();
    expect(await client().refund(charge, { amount: 250, reason: 'duplicate' })).toMatchObject({
      id: refund.response.token,
      chargeId: charge,
      amount: 250,
      status: 'pending',
      reason: null,
    });
    expect(bodies()).toEqual(['{"amount":250}']);
  });

  it('everything is sent without an amount', async () => {
    list([]);
    list([]);
    post({ amount: 1250 });
    expect(await client().refund(charge)).toMatchObject({ amount: 1250 });
    expect(bodies()).toEqual(['{}']);
  });

  it('what is left is sent as an amount, by the refund list and not by the total of the charge', async () => {
    const before = [refund.response, { ...refund.response, token: 'rf_2', success: false, amount: 400 }];
    list(before);
    expectRequest('GET', `/1/charges/${charge}`, {
      status: 200,
      body: { response: { ...captured.response, amount_refunded: 0 } },
    });
    list(before);
    post({ token: 'rf_3', amount: 1000 });
    await client().refund(charge);
    expect(bodies()).toEqual(['{"amount":1000}']);
  });

  it.each([
    ['made by the client: nothing happened', {}, 'rejected'],
    // The refund that is there may be the one that this key made in an earlier process.
    ['of the caller: it may have happened', { idempotencyKey: 'r-1' }, 'unknown'],
  ])('nothing left is a conflict, nothing is sent, and with a key %s', async (_, options, outcome) => {
    list([{ ...refund.response, amount: 1250 }]);
    expectRequest('GET', `/1/charges/${charge}`, { status: 200, body: captured });
    if (outcome === 'unknown') {
      list([{ ...refund.response, amount: 1250 }]);
      expectRequest('GET', `/1/charges/${charge}`, { status: 200, body: captured });
    }
    await expect(client().refund(charge, {}, options)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome,
      chargeId: charge,
      ...options,
    });
    expect(bodies()).toEqual([]);
  });

  it('cannot keep metadata, and says so before sending', async () => {
    await expect(client().refund(charge, { amount: 1, metadata: { a: 'b' } })).rejects.toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: 'metadata' }],
    });
  });

  it('are listed from every page, each once', async () => {
    const each = (token: string) => ({ ...refund.response, token });
    expectRequest('GET', `${path}?page=1`, { status: 200, body: pageOf([each('rf_3'), each('rf_2')], 1, 2) });
    expectRequest('GET', `${path}?page=2`, { status: 200, body: pageOf([each('rf_2'), each('rf_1')], 2, 2) });
    expect((await client().listRefunds(charge)).map(({ id: token }) => token)).toEqual([
      'rf_3',
      'rf_2',
      'rf_1',
    ]);
  });

  it('whose list goes in a circle are an error, not a short list', async () => {
    expectRequest('GET', `${path}?page=1`, { status: 200, body: pageOf([refund.response], 1, 2) });
    expectRequest('GET', `${path}?page=2`, { status: 200, body: pageOf([refund.response], 1, 2) });
    await expect(client().listRefunds(charge)).rejects.toMatchObject({ code: 'incomplete_list' });
  });

  it('are read one by one', async () => {
    expectRequest('GET', '/1/refunds/rf_h1J2k3L4z5X6c7V8b9N0mQ', { status: 200, body: refund });
    expect(await client().retrieveRefund(charge, 'rf_h1J2k3L4z5X6c7V8b9N0mQ')).toMatchObject({
      chargeId: charge,
      amount: 250,
    });
  });
});

describe('a refund of another charge', () => {
  it('is not found', async () => {
    expectRequest('GET', '/1/refunds/rf_h1J2k3L4z5X6c7V8b9N0mQ', { status: 200, body: refund });
    await expect(client().retrieveRefund(id, 'rf_h1J2k3L4z5X6c7V8b9N0mQ')).rejects.toMatchObject({
      name: 'NotFoundError',
      chargeId: id,
    });
  });
});

describe('what Pin lacks', () => {
  it('is no method of the client, and behind the general interface is refused before sending', async () => {
    const charges = client();
    expect([charges.supports('update'), charges.supports('expire'), charges.supports('reverse')]).toEqual([
      false,
      false,
      true,
    ]);
    // @ts-expect-error Pin cannot update a charge.
    await expect(charges.update(id, { description: 'x' })).rejects.toMatchObject({
      name: 'UnsupportedOperationError',
      outcome: 'not_sent',
    });
    // @ts-expect-error Pin cannot expire a charge.
    await expect(charges.expire(id)).rejects.toMatchObject({
      name: 'UnsupportedOperationError',
      outcome: 'not_sent',
    });
  });

  it('is refused as params, too', async () => {
    const otp = { confirmationId: 'c', code: '1' };
    // @ts-expect-error Pin knows no one-time passwords.
    await expect(client().verify3DS({ chargeId: id, otp })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
    });
    await expect(client().capture(id, { providerOptions: { x: 1 } } as never)).rejects.toMatchObject({
      outcome: 'not_sent',
    });
  });
});
