import { describe, expect, it } from 'vitest';
import { day, minute, openPlatform, type Platform } from './platform.js';

const key = (value: string | null) => ({ 'idempotency-key': value });

/** Pays with one token, so that repeats have the same parameters. */
const payer = (platform: Platform, token = platform.simulator.source('justifi', 'approved')) => {
  return (idempotencyKey: string | null, parameters: Record<string, unknown> = {}) =>
    platform.pay({ payment_method: { token }, ...parameters }, key(idempotencyKey));
};

describe('access tokens', () => {
  it('come without an envelope, and last a day', async () => {
    const { authenticate, call, simulator } = openPlatform();
    const { status, body } = await authenticate();
    expect([status, Object.keys(body)]).toEqual([200, ['access_token']]);
    const authorization = `Bearer ${body.access_token as string}`;
    simulator.clock.advance(day - 1);
    expect((await call('GET', '/v1/payments', undefined, { authorization })).status).toBe(200);
    simulator.clock.advance(1);
    const late = await call('GET', '/v1/payments', undefined, { authorization });
    expect(late).toMatchObject({ status: 401, body: { error: { code: 'not_authorized' } } });
  });

  it('say how long they last where the switch says so', async () => {
    const { authenticate } = openPlatform({ tokenExpiresIn: true, tokenLifetimeMs: 3_600_000 });
    expect((await authenticate()).body.expires_in).toBe(3600);
  });

  it.each([
    [404, 'resource_not_found'],
    [401, 'not_authenticated'],
  ] as const)('are refused to a stranger with %i', async (badCredentialsStatus, code) => {
    const { authenticate } = openPlatform({ badCredentialsStatus });
    const refused = await authenticate({ client_id: 'test_SimulatorClient', client_secret: 'wrong' });
    expect(refused).toMatchObject({ status: badCredentialsStatus, body: { error: { code } } });
  });

  it.each([null, 'Bearer nonsense', 'Basic abc'])('are needed for everything: %s', async (authorization) => {
    const { call } = openPlatform();
    expect((await call('GET', '/v1/payments', undefined, { authorization })).status).toBe(401);
    expect((await call('GET', '/v1/nothing', undefined, { authorization })).status).toBe(401);
  });
});

describe('an idempotency key', () => {
  it('gives the same answer to the same request, and one payment', async () => {
    const platform = openPlatform();
    const pay = payer(platform);
    const first = await pay('order-77');
    await platform.call('POST', `/v1/payments/${first.body.id as string}/refunds`, { amount: 100 });
    const again = await pay('order-77');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(platform.simulator.ledger.charges()).toHaveLength(1);
  });

  it.each([400, 409, 422] as const)(
    'is refused for another request, with %i',
    async (paramsMismatchStatus) => {
      const platform = openPlatform({ paramsMismatchStatus });
      const pay = payer(platform);
      const { body } = await pay('order-77');
      const code = 'idempotency_params_mismatch';
      expect(await pay('order-77', { amount: 100 })).toMatchObject({
        status: paramsMismatchStatus,
        body: { error: { code } },
      });
      const elsewhere = await platform.call(
        'POST',
        `/v1/payments/${body.id as string}/refunds`,
        {},
        key('order-77'),
      );
      expect(elsewhere.body.error.code).toBe(code);
      expect(platform.simulator.ledger.charges()).toMatchObject([{ amountRefunded: 0 }]);
    },
  );

  it('does not mind the order of the parameters', async () => {
    const platform = openPlatform();
    const token = platform.simulator.source('justifi', 'approved');
    const parameters = {
      amount: 2599,
      currency: 'usd',
      capture_strategy: 'automatic',
      payment_method: { token },
    };
    const first = await platform.call('POST', '/v1/payments', parameters, key('k'));
    const turned = Object.fromEntries(Object.entries(parameters).reverse());
    const again = await platform.call('POST', '/v1/payments', turned, key('k'));
    expect(again.body.id).toBe(first.body.id);
  });

  it('in flight is a 409', async () => {
    const platform = openPlatform();
    const pay = payer(platform);
    await platform.authenticate();
    platform.simulator.inject({ operation: 'create', fault: { type: 'delay', ms: minute } });
    const slow = pay('order-77');
    // The second request reaches the simulator while the first one waits in it.
    await new Promise((resolve) => setImmediate(resolve));
    const second = await pay('order-77');
    expect(second).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_request_in_progress' } },
    });
    platform.wake();
    expect((await slow).status).toBe(201);
    expect(platform.simulator.ledger.charges()).toHaveLength(1);
  });

  it.each([
    ['conflict', 409, 'idempotency_concurrent_request', 1],
    ['repeated', 402, 'card_declined', 1],
    ['resumed', 402, 'card_declined', 2],
  ] as const)('of a decline: %s', async (keyAfterRefusal, status, code, count) => {
    const platform = openPlatform({ keyAfterRefusal });
    const pay = payer(platform, platform.simulator.source('justifi', 'declined'));
    expect((await pay('order-77')).status).toBe(402);
    expect(await pay('order-77')).toMatchObject({ status, body: { error: { code } } });
    expect(platform.simulator.ledger.charges()).toHaveLength(count);
  });

  it.each([
    ['repeated', 500],
    ['conflict', 409],
    ['resumed', 201],
  ] as const)('of a server error after the payment: %s answers %i, and pays once', async (policy, status) => {
    const platform = openPlatform({ keyAfterServerError: policy });
    const pay = payer(platform);
    platform.simulator.inject({ operation: 'create', fault: 'server_error_after_commit' });
    expect((await pay('order-77')).status).toBe(500);
    expect((await pay('order-77')).status).toBe(status);
    expect(platform.simulator.ledger.charges()).toMatchObject([{ state: 'captured' }]);
  });

  it('of a server error in front of the payment is still free', async () => {
    const platform = openPlatform();
    const pay = payer(platform);
    platform.simulator.inject({ operation: 'create', fault: 'server_error' });
    expect((await pay('order-77')).body.error.code).toBe('internal_server_error');
    expect((await pay('order-77')).status).toBe(201);
  });

  it('finds the payment whose answer was lost', async () => {
    const platform = openPlatform();
    const pay = payer(platform);
    platform.simulator.inject({ operation: 'create', fault: 'cut_after_commit' });
    await expect(pay('order-77')).rejects.toThrow('cut');
    expect((await pay('order-77')).status).toBe(201);
    expect(platform.simulator.ledger.charges()).toHaveLength(1);
  });

  it('is forgotten in the end, and then pays again', async () => {
    const platform = openPlatform({ keyLifetimeMs: 60 * minute });
    const pay = payer(platform);
    await pay('order-77');
    platform.simulator.clock.advance(60 * minute - 1);
    await pay('order-77');
    expect(platform.simulator.ledger.charges()).toHaveLength(1);
    platform.simulator.clock.advance(1);
    await pay('order-77');
    expect(platform.simulator.ledger.charges()).toHaveLength(2);
  });

  it('is required, unless the switch says otherwise, and has at most 100 characters', async () => {
    const platform = openPlatform();
    const pay = payer(platform);
    expect(await pay(null)).toMatchObject({
      status: 400,
      body: { error: { code: 'idempotency_key_required' } },
    });
    const long = await pay('k'.repeat(101));
    expect(long.status).toBe(422);
    expect(long.body.error.message).toMatch(/^Validation failed: Idempotency key is too long/);
    expect((await pay('k'.repeat(100))).status).toBe(201);
    platform.simulator.switches.justifi.idempotencyKeyRequired = false;
    expect((await pay(null)).status).toBe(201);
  });
});

describe('a list', () => {
  const ids = (body: { data: { id: string }[] }): string[] => body.data.map((each) => each.id);

  const several = async (platform: Platform, count: number): Promise<string[]> => {
    const made: string[] = [];
    for (let index = 0; index < count; index += 1) {
      made.unshift((await platform.pay()).body.id as string);
      platform.simulator.clock.advance(minute);
    }
    return made;
  };

  it('is newest first, 25 at a time, and goes both ways by cursor', async () => {
    const platform = openPlatform();
    const made = await several(platform, 30);
    const first = (await platform.call('GET', '/v1/payments')).body;
    expect(ids(first)).toEqual(made.slice(0, 25));
    expect(first).toMatchObject({
      id: null,
      type: 'array',
      page_info: { has_next: true, has_previous: false },
    });
    const next = `/v1/payments?after_cursor=${encodeURIComponent(first.page_info.end_cursor as string)}`;
    const second = (await platform.call('GET', next)).body;
    expect(ids(second)).toEqual(made.slice(25));
    expect(second.page_info).toMatchObject({ has_next: false, has_previous: true });
    const start = encodeURIComponent(second.page_info.start_cursor as string);
    const back = (await platform.call('GET', `/v1/payments?limit=10&before_cursor=${start}`)).body;
    expect(ids(back)).toEqual(made.slice(15, 25));
    expect(back.page_info).toMatchObject({ has_next: true, has_previous: true });
    const end = encodeURIComponent(second.page_info.end_cursor as string);
    const beyond = (await platform.call('GET', `/v1/payments?after_cursor=${end}`)).body;
    expect(beyond).toMatchObject({ data: [], page_info: { has_next: false, has_previous: false } });
  });

  it('keeps its place while new payments come in', async () => {
    const platform = openPlatform();
    const made = await several(platform, 4);
    const first = (await platform.call('GET', '/v1/payments?limit=2')).body;
    await platform.pay();
    const cursor = encodeURIComponent(first.page_info.end_cursor as string);
    const second = (await platform.call('GET', `/v1/payments?limit=2&after_cursor=${cursor}`)).body;
    expect(ids(second)).toEqual(made.slice(2));
  });

  it('filters by time, status and payment method', async () => {
    const platform = openPlatform();
    const made = await several(platform, 3);
    const between = 'created_after=2026-01-05T03:00:00Z&created_before=2026-01-05T03:02:00Z';
    expect(ids((await platform.call('GET', `/v1/payments?${between}`)).body)).toEqual([made[1]]);
    expect((await platform.call('GET', '/v1/payments?created_after=2026-01-05')).body.data).toHaveLength(3);
    await platform.call('POST', `/v1/payments/${made[0]!}/refunds`, { amount: 100 });
    await platform.call('POST', `/v1/payments/${made[1]!}/refunds`, {});
    const refunded = await platform.call('GET', '/v1/payments?payment_status=refunded');
    expect(ids(refunded.body)).toEqual(made.slice(0, 2));
    const method = refunded.body.data[0].payment_method.card.id as string;
    const byMethod = await platform.call('GET', `/v1/payments?payment_method_id=${method}`);
    expect(ids(byMethod.body)).toEqual([made[0]]);
    expect((await platform.call('GET', '/v1/refunds')).body.data).toHaveLength(2);
  });

  it.each(['payment_status=canceled', 'after_cursor=nonsense', 'created_after=yesterday'])(
    'refuses %s',
    async (query) => {
      const { call } = openPlatform();
      expect((await call('GET', `/v1/payments?${query}`)).body.error.code).toBe('unexpected_parameter');
    },
  );

  it('takes 25 where the limit is no number, and at most 100', async () => {
    const platform = openPlatform();
    await several(platform, 30);
    expect((await platform.call('GET', '/v1/payments?limit=many')).body.data).toHaveLength(25);
    expect((await platform.call('GET', '/v1/payments?limit=1000')).body.data).toHaveLength(30);
  });

  it('lags where the switch says so', async () => {
    const platform = openPlatform({ listDelayMs: minute });
    await platform.pay();
    expect((await platform.call('GET', '/v1/payments')).body.data).toEqual([]);
    platform.simulator.clock.advance(minute);
    expect((await platform.call('GET', '/v1/payments')).body.data).toHaveLength(1);
  });
});

describe('trouble', () => {
  it('is a 429 in the envelope', async () => {
    const { call, simulator } = openPlatform();
    simulator.inject({ operation: 'list', fault: 'rate_limited' });
    const answer = await call('GET', '/v1/payments');
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 'gateway_rate_limit_error' } } });
    expect(answer.headers['retry-after']).toBe('1');
  });

  it.each([
    ['server_error', 0],
    ['server_error_after_commit', 1],
  ] as const)('can be a gateway timeout with 402: %s leaves %i payments', async (fault, count) => {
    const { pay, simulator } = openPlatform({ serverErrorAs: 'gateway_timeout_error' });
    simulator.inject({ operation: 'create', fault });
    expect(await pay()).toMatchObject({ status: 402, body: { error: { code: 'gateway_timeout_error' } } });
    expect(simulator.ledger.charges()).toHaveLength(count);
  });

  it.each([
    ['text', { error: 'resource not found' }],
    ['list', { errors: ['resource not found'] }],
    ['empty', {}],
  ] as const)('can be worded as %s', async (errorBody, expected) => {
    const { call } = openPlatform({ errorBody });
    const { status, body } = await call('GET', '/v1/payments/py_nothing');
    expect(status).toBe(404);
    expect(JSON.parse(JSON.stringify(body).toLowerCase())).toEqual(expected);
  });

  it('can be an odd envelope', async () => {
    const { call, pay } = openPlatform({ oddEnvelope: true });
    const { body } = await pay();
    expect(body).toMatchObject({ id: 1, page_info: 'string', data: { status: 'succeeded' } });
    expect((await call('GET', '/v1/payments')).body.id).toBe(1);
  });

  it('is a 404 for what JustiFi does not have', async () => {
    const { call } = openPlatform();
    for (const path of ['/v1/charges', '/v1/payments/search/x', '/v2/payments']) {
      expect((await call('GET', path)).body.error.code).toBe('resource_not_found');
    }
    expect((await call('GET', '/v1/refunds/re_nothing')).status).toBe(404);
  });

  it('is a RangeError for sources that JustiFi cannot have', () => {
    const { simulator } = openPlatform();
    expect(() => simulator.source('justifi', 'requires_3ds')).toThrow(RangeError);
    expect(() => simulator.source('justifi', 'redirect')).toThrow(RangeError);
    expect(simulator.source('justifi', 'insufficient_funds')).toMatch(/^pm_/);
  });
});
