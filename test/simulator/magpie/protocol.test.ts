import { describe, expect, it } from 'vitest';
import { magpiePublicKey, magpieSecretKey } from '../../../src/simulator/magpie/face.js';
import { startSimulator } from '../../../src/simulator/simulator.js';
import { type Answer, basic, cardSource, documentedCharge, openAccount, order } from './account.js';

describe('keys', () => {
  it.each([
    ['a wrong one', basic('sk_test_wrong')],
    ['one with a password', `Basic ${Buffer.from(`${magpieSecretKey}:x`).toString('base64')}`],
    ['a bearer token', `Bearer ${magpieSecretKey}`],
  ])('refuses %s with 401', async (_, authorization) => {
    const { call, simulator } = openAccount();
    const { status, headers, body } = await call('POST', '/v2/charges/', order, { authorization });
    expect([status, body, headers['www-authenticate']]).toEqual([
      401,
      { detail: 'Invalid API key' },
      'Basic',
    ]);
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it.each([401, 403] as const)('refuses the wrong kind with %i', async (wrongKeyKindStatus) => {
    const { call } = openAccount({ wrongKeyKindStatus });
    const refusal = { status: wrongKeyKindStatus, body: { detail: "API key doesn't have permissions" } };
    const [isPublic, isSecret] = [magpiePublicKey, magpieSecretKey].map((key) => ({
      authorization: basic(key),
    }));
    expect(await call('GET', '/v2/charges/', undefined, isPublic)).toMatchObject(refusal);
    expect(await call('POST', '/v2/sources/', cardSource(), isSecret)).toMatchObject(refusal);
  });

  it('reads a source with either', async () => {
    const { call, simulator } = openAccount();
    const path = `/v2/sources/${simulator.source('magpie', 'approved')}`;
    for (const key of [magpiePublicKey, magpieSecretKey]) {
      expect((await call('GET', path, undefined, { authorization: basic(key) })).status).toBe(200);
    }
  });
});

describe('paths', () => {
  it('redirects where the trailing slash is missing or too much, and does nothing', async () => {
    const { call, simulator } = openAccount();
    const made = await call('POST', '/v2/charges', order);
    expect([made.status, made.headers['location']]).toEqual([
      307,
      'http://magpie.simulator.test/v2/charges/',
    ]);
    const item = await call('GET', '/v2/charges/ch_1/?expand=x');
    expect(item.headers['location']).toBe('http://magpie.simulator.test/v2/charges/ch_1?expand=x');
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it('may accept a path without the slash', async () => {
    const { call, simulator } = openAccount({ trailingSlash: 'accepted' });
    const source = simulator.source('magpie', 'approved');
    expect((await call('POST', '/v2/charges', { ...order, source })).status).toBe(201);
  });

  it.each([
    ['GET', '/v2/charges/ch_nobody', 404, 'Charge not found'],
    ['POST', '/v2/charges/ch_nobody/void', 404, 'Charge not found'],
    ['GET', '/v1/charges/', 404, 'Not Found'],
    ['GET', '/', 404, 'Not Found'],
    ['PATCH', '/v2/charges/ch_nobody', 405, 'Method Not Allowed'],
    ['GET', '/v2/charges/ch_nobody/refund', 405, 'Method Not Allowed'],
  ])('answers %s %s with %i', async (method, path, status, detail) => {
    expect(await openAccount().call(method, path)).toMatchObject({ status, body: { detail } });
  });

  it('names every operation', async () => {
    const { call, charge, act, simulator } = openAccount();
    const made = await charge({ capture: false });
    await call('GET', '/v2/charges/');
    await call('GET', `/v2/charges/${made.body.id as string}`);
    for (const action of ['capture', 'void', 'refund', 'verify', 'expire']) await act(made, action);
    await call('POST', '/v2/sources/');
    expect(simulator.requests().map(({ operation }) => operation)).toEqual([
      'create',
      'list',
      'retrieve',
      'capture',
      'void',
      'refund',
      'verify',
      'unknown',
      'create_source',
    ]);
  });
});

describe('validation', () => {
  it('names every field that is missing', async () => {
    const { status, body } = await openAccount().call('POST', '/v2/charges/', {});
    expect(status).toBe(422);
    expect(body.detail).toEqual(
      ['amount', 'currency', 'source', 'description', 'statement_descriptor', 'capture'].map((name) => ({
        loc: ['body', name],
        msg: 'Field required',
        type: 'missing',
      })),
    );
  });

  it.each([
    ['amount', 0, 'greater_than'],
    ['amount', 12.5, 'int_type'],
    ['amount', '12550', 'int_type'],
    ['currency', 'PESOS', 'string_too_long'],
    ['description', '', 'string_too_short'],
    ['description', 'x'.repeat(256), 'string_too_long'],
    ['statement_descriptor', 'AB', 'string_too_short'],
    ['statement_descriptor', 'SIXTEEN LETTERS.', 'string_too_long'],
    ['statement_descriptor', 'Peña', 'string_pattern_mismatch'],
    ['statement_descriptor', 'A & B', 'string_pattern_mismatch'],
    ['source', 'src_<script>', 'string_pattern_mismatch'],
    ['capture', 'true', 'bool_type'],
    ['cvc', '12', 'string_too_short'],
    ['redirect_url', 'shop', 'url_parsing'],
    ['metadata', ['a'], 'dict_type'],
  ])('refuses %s %j', async (name, value, type) => {
    const { charge, simulator } = openAccount();
    const { status, body } = await charge({ [name]: value });
    expect(status).toBe(422);
    expect(body.detail).toMatchObject([{ loc: ['body', name], type }]);
    expect(simulator.ledger.charges()).toEqual([]);
  });

  it('takes as long a statement descriptor as the schema says, if it is switched so', async () => {
    const { charge } = openAccount({ statementDescriptorMaximum: 100 });
    expect((await charge({ statement_descriptor: 'S'.repeat(100) })).status).toBe(201);
  });

  it('wants a JSON object, and leaves unknown fields alone', async () => {
    const { call, charge } = openAccount();
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const [body, headers] of [
      ['{"amount":', {}],
      ['[]', {}],
      ['amount=1', form],
    ] as const) {
      expect((await call('POST', '/v2/charges/', body, headers)).status).toBe(422);
    }
    expect((await call('POST', '/v2/charges/', '{')).body.detail).toEqual([
      { loc: ['body', 0], msg: 'JSON decode error', type: 'json_invalid' },
    ]);
    expect((await charge({ customer_id: 'cus_1', receipt_email: 'a@b.c' })).status).toBe(201);
  });
});

describe('errors', () => {
  it.each([
    ['detail', { detail: 'Charge not found' }],
    ['error_object', { error: { message: 'Charge not found', type: 'not_found_error', charge_id: null } }],
    ['error_text', { error: 'Charge not found', code: 'not_found' }],
    ['message', { message: 'Charge not found', code: 'not_found' }],
    ['empty', ''],
  ] as const)('can be worded as %s', async (errorShape, expected) => {
    const { body, status } = await openAccount({ errorShape }).call('GET', '/v2/charges/ch_nobody');
    expect(status).toBe(404);
    if (typeof expected === 'string') expect(body).toBe(expected);
    else expect(body).toMatchObject(expected);
  });

  it('are worded the same when they are injected', async () => {
    const { call, simulator } = openAccount();
    simulator.inject({ fault: { type: 'rate_limited', retryAfterSeconds: 3 } });
    simulator.inject({ fault: 'server_error' });
    const limited = await call('GET', '/v2/charges/');
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '3']);
    expect(limited.body).toEqual({ detail: 'Too Many Requests' });
    expect(await call('GET', '/v2/charges/')).toMatchObject({
      status: 500,
      body: { detail: 'Internal Server Error' },
    });
  });

  it('after the commit leave the charge there', async () => {
    const { charge, simulator } = openAccount();
    simulator.inject({ operation: 'create', fault: 'server_error_after_commit' });
    expect((await charge()).status).toBe(500);
    expect(simulator.ledger.charges()).toMatchObject([{ state: 'captured' }]);
  });
});

describe('what charges show', () => {
  it.each(['pending', 'succeeded', 'authorized', 'requires_capture'] as const)(
    'an authorization may be %s',
    async (authorizedStatus) => {
      const { charge, act } = openAccount({ authorizedStatus, authorizedFlag: 'also_when_captured' });
      const held = await charge({ capture: false });
      expect(held.body).toMatchObject({ status: authorizedStatus, authorized: true, captured: false });
      expect((await act(held, 'capture', { amount: 12_550 })).body).toMatchObject({
        status: 'succeeded',
        authorized: true,
        captured: true,
      });
    },
  );

  it('optional fields without a value may be missing', async () => {
    const { body } = await openAccount({ optionalFields: 'omitted' }).charge();
    for (const name of ['owner', 'action', 'failure_data']) expect(body).not.toHaveProperty(name);
    expect(body.source).not.toHaveProperty('bank_account');
    expect(body.source.redirect).not.toHaveProperty('notify');
    expect(JSON.stringify(body)).not.toContain('null');
  });

  it('required fields may be missing, in sources and refunds too', async () => {
    const { charge, act, source } = openAccount({
      omittedFields: ['authorized', 'source.updated_at', 'refunds.reason'],
    });
    const { body } = await act(await charge(), 'refund', {});
    expect(body).not.toHaveProperty('authorized');
    expect(body.source).not.toHaveProperty('updated_at');
    expect(body).toHaveProperty('updated_at');
    expect(body.refunds[0]).not.toHaveProperty('reason');
    expect((await source()).body).not.toHaveProperty('updated_at');
  });

  it('metadata may not come back, although it is true', async () => {
    const { charge, simulator } = openAccount({ metadataReturned: false });
    expect((await charge()).body.metadata).toEqual({});
    expect(simulator.ledger.charges()[0]!.metadata).toEqual({ order: '77' });
  });

  it.each([
    ['as_sent', 'Php'],
    ['lower', 'php'],
    ['upper', 'PHP'],
  ] as const)('the currency is %s', async (currencyCase, expected) => {
    expect((await openAccount({ currencyCase }).charge({ currency: 'Php' })).body.currency).toBe(expected);
  });
});

describe('over HTTP', () => {
  it('speaks with the settings that it gives', async () => {
    const simulator = await startSimulator({ providers: ['magpie'], seed: 1 });
    try {
      const { secretKey, baseUrl, platform, settleMs, abandonedMs } = simulator.settings('magpie');
      expect([platform, settleMs, abandonedMs]).toEqual(['magpie', 50, 50]);
      const response = await fetch(`${baseUrl}/v2/charges/`, {
        method: 'POST',
        headers: { authorization: basic(secretKey), 'content-type': 'application/json' },
        body: JSON.stringify({ ...order, source: simulator.source('magpie', 'redirect') }),
      });
      expect(response.status).toBe(201);
      expect(response.headers.get('request-id')).toMatch(/^req_/);
      const body = (await response.json()) as Answer['body'];
      expect(documentedCharge.parse(body).action?.url).toContain(baseUrl);
      expect(await simulator.payer.approve(body.action.url as string)).toBe('https://shop.example/success');
      expect(simulator.ledger.charges('magpie')[0]!.state).toBe('captured');
    } finally {
      await simulator.close();
    }
  });
});
