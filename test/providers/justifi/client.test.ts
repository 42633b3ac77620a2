import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AuthenticationError,
  CardError,
  ConfigurationError,
  ConflictError,
  InvalidRequestError,
  InvalidResponseError,
  NotFoundError,
  UnsupportedOperationError,
} from '../../../src/errors.js';
import type { ChargesClient } from '../../../src/charges-client.js';
import { createJustifi } from '../../../src/providers/justifi/index.js';
import balanceTransactions from '../../fixtures/justifi/balance-transactions.json' with { type: 'json' };
import declined from '../../fixtures/justifi/declined.json' with { type: 'json' };
import { justifiHost, once, settings } from './justifi-server.js';
import { payment, refund } from './wire-samples.js';

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => nock.enableNetConnect());

const stamp = { unicharge_key: 'order-81' };
const key = { idempotencyKey: 'order-81', maxRetries: 0 };
const single = (data: { readonly id: string }) => ({
  body: { id: data.id, type: 'payment', data, page_info: null },
});
const page = (data: readonly object[], end_cursor: string | null = null) => ({
  body: { id: null, type: 'array', data, page_info: { end_cursor, has_next: end_cursor !== null } },
});
const params = { amount: 2599, currency: 'USD', source: 'pm_DemoC3' } as const;

describe('the settings', () => {
  it('come from the argument, else from the environment, else the error names both', () => {
    expect(() => createJustifi({ clientId: 'test_x' })).toThrow(ConfigurationError);
    expect(() => createJustifi({ clientId: 'test_x' })).toThrow(/clientSecret.*JUSTIFI_CLIENT_SECRET/);
    process.env.JUSTIFI_CLIENT_ID = 'test_x';
    process.env.JUSTIFI_CLIENT_SECRET = 'y';
    process.env.JUSTIFI_SUB_ACCOUNT = 'not an account';
    try {
      expect(() => createJustifi()).toThrow(/subAccount/);
      process.env.JUSTIFI_SUB_ACCOUNT = 'acc_DemoB2';
      expect(createJustifi().provider).toBe('justifi');
    } finally {
      delete process.env.JUSTIFI_CLIENT_ID;
      delete process.env.JUSTIFI_CLIENT_SECRET;
      delete process.env.JUSTIFI_SUB_ACCOUNT;
    }
  });

  it('have no key of another provider', () => {
    expect(() => createJustifi({ ...settings, ...{ secretKey: 'x' } })).toThrow(ConfigurationError);
  });
});

describe('the capabilities', () => {
  const { capabilities, supports } = createJustifi(settings);

  it('say what JustiFi can and cannot do', () => {
    expect(capabilities).toMatchObject({
      writeSafety: 'provider-key',
      idempotencyKeyLifetimeMs: 3_600_000,
      create: {
        supported: true,
        sources: ['token', 'card', 'bank_account'],
        refuses: ['customer', 'expiresAt'],
        leavesOut: ['ip', 'billing', 'shipping', 'returnUrl'],
        currencies: ['USD', 'CAD'],
      },
      update: { supported: true, fields: ['description', 'metadata'] },
      list: { supported: true, order: 'newest_first', pushedDown: ['createdAfter', 'createdBefore'] },
      search: {
        supported: true,
        maxPages: 40,
        eventuallyConsistent: false,
        pushedDown: ['createdAfter', 'createdBefore'],
        filteredHere: ['status', 'amount', 'currency', 'metadata', 'customer'],
      },
      capture: { supported: true, partial: false },
      void: { supported: true, windowMs: 25 * 60 * 1000, captured: true },
      expire: { supported: false },
      refund: { supported: true, partial: true, metadata: true },
      verify3DS: { supported: false },
    });
    expect(supports('reverse')).toBe(true);
    expect(supports('expire')).toBe(false);
  });

  it('are known to the compiler', () => {
    const charges = createJustifi(settings);
    const calls = (): unknown[] => [
      // @ts-expect-error JustiFi has no expire
      charges.expire('py_1'),
      // @ts-expect-error JustiFi has no 3-D Secure
      charges.verify3DS({ chargeId: 'py_1' }),
      // @ts-expect-error this option belongs to create
      charges.refund('py_1', { providerOptions: { expedited: true } }),
      // @ts-expect-error JustiFi has no such fee
      charges.create({ ...params, providerOptions: { fees: [{ type: 'tip', amount: 1 }] } }),
      charges.refund('py_1', { providerOptions: { fees: [{ type: 'platform_fee', amount: 1 }] } }),
    ];
    expect(calls).toBeTypeOf('function');
    expect(charges.listBalanceTransactions).toBeTypeOf('function');
  });

  it('are kept: what is missing rejects before a byte is sent', async () => {
    const general: ChargesClient = createJustifi(settings);
    await expect(general.expire('py_1')).rejects.toBeInstanceOf(UnsupportedOperationError);
    await expect(general.verify3DS({ chargeId: 'py_1' })).rejects.toBeInstanceOf(UnsupportedOperationError);
  });
});

describe('create', () => {
  it('fetches a token, then sends exactly these bytes', async () => {
    const { charges, seen } = justifiHost(
      { 'POST /v1/payments': { status: 201, ...single(payment({ metadata: stamp, status: 'succeeded' })) } },
      { subAccount: 'acc_DemoB2' },
    );
    const charge = await charges.create(params, key);
    expect(charge).toMatchObject({ id: 'py_DemoA1', status: 'captured', amountCaptured: 2599, metadata: {} });
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /oauth/token',
      'POST /v1/payments',
    ]);
    const [token, create] = seen;
    expect(token?.body).toEqual({ client_id: 'test_client_Demo', client_secret: 'test_secret_Demo' });
    expect(token?.headers).not.toHaveProperty('authorization');
    expect(token?.headers).not.toHaveProperty('idempotency-key');
    expect(create?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'idempotency-key': 'order-81',
      'sub-account': 'acc_DemoB2',
      'content-type': 'application/json',
    });
    expect(create?.body).toEqual({
      amount: 2599,
      currency: 'usd',
      capture_strategy: 'automatic',
      payment_method: { token: 'pm_DemoC3' },
      metadata: stamp,
    });
  });

  it('sends no Sub-Account where none is set, and the one of the call where it names one', async () => {
    const answers = { 'POST /v1/payments': single(payment({ metadata: stamp, status: 'succeeded' })) };
    const bare = justifiHost(answers);
    await bare.charges.create(params, key);
    expect(bare.seen[1]?.headers).not.toHaveProperty('sub-account');
    expect(bare.seen[1]?.headers['idempotency-key']).toBe('order-81');
    nock.cleanAll();
    const named = justifiHost(answers, { subAccount: 'acc_DemoB2' });
    await named.charges.create(params, { ...key, headers: { 'Sub-Account': 'acc_Other' } });
    expect(named.seen[1]?.headers['sub-account']).toBe('acc_Other');
  });

  it('sends the deprecated Seller-Account of the settings or of the call, and never both names', async () => {
    const answers = { 'POST /v1/payments': single(payment({ metadata: stamp, status: 'succeeded' })) };
    const set = justifiHost(answers, { sellerAccount: 'acc_DemoB2' });
    await set.charges.create(params, key);
    expect(set.seen[1]?.headers).toMatchObject({ 'seller-account': 'acc_DemoB2' });
    expect(set.seen[1]?.headers).not.toHaveProperty('sub-account');
    await set.charges.create(params, { ...key, headers: { 'Seller-Account': 'acc_Other' } });
    expect(set.seen[2]?.headers['seller-account']).toBe('acc_Other');
    nock.cleanAll();

    const named = justifiHost(answers);
    await named.charges.create(params, { ...key, headers: { 'Seller-Account': 'acc_DemoB2' } });
    expect(named.seen[1]?.headers['seller-account']).toBe('acc_DemoB2');
  });

  it.each([
    [{}, { 'Sub-Account': 'acc_One', 'Seller-Account': 'acc_One' }],
    [{ subAccount: 'acc_One' }, { 'Seller-Account': 'acc_Two' }],
    [{ sellerAccount: 'acc_One' }, { 'Sub-Account': 'acc_Two' }],
  ])('refuses unsent what names an account twice: settings %j, headers %j', async (changes, headers) => {
    const { charges, seen } = justifiHost({}, changes);
    const error = await charges.create(params, { ...key, headers }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ outcome: 'not_sent', issues: [{ path: 'headers' }] });
    expect((error as Error).message).not.toContain('acc_');
    expect(seen).toEqual([]);
  });

  it('refuses unsent a header that is not documented for callers, and names those that are', async () => {
    const { charges, seen } = justifiHost({});
    const headers = { 'X-Account': 'acc_One' };
    const error = await charges.create(params, { ...key, headers }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      outcome: 'not_sent',
      issues: [{ path: 'headers', message: expect.stringMatching(/takes .*sub-account, seller-account/) }],
    });
    expect((error as Error).message).not.toContain('acc_');
    expect(seen).toEqual([]);
  });

  it('refuses both names in the settings', () => {
    expect(() => justifiHost({}, { subAccount: 'acc_One', sellerAccount: 'acc_One' })).toThrow(
      /subAccount and sellerAccount exclude each other/,
    );
  });

  it('reports a payment that says to be of another sub account, and keeps it', async () => {
    const onEvent = vi.fn();
    const answers = { 'POST /v1/payments': single(payment({ metadata: stamp, status: 'succeeded' })) };
    const { charges } = justifiHost(answers, { subAccount: 'acc_Other', onEvent });
    await expect(charges.create(params, key)).resolves.toMatchObject({ status: 'captured' });
    expect(onEvent).toHaveBeenCalledWith(
      expect.objectContaining({ type: 'drift', path: 'account_id', kind: 'inconsistent' }),
    );
  });

  it('keeps the keys of two sub accounts apart', async () => {
    const { charges, seen } = justifiHost({
      'POST /v1/payments': single(payment({ metadata: stamp, status: 'succeeded' })),
    });
    await charges.create(params, { ...key, headers: { 'sub-account': 'acc_One' } });
    await charges.create(params, { ...key, headers: { 'sub-account': 'acc_Two' } });
    await charges.create(params, { ...key, headers: { 'sub-account': 'acc_Two' } });
    expect(
      seen.filter(({ path }) => path === '/v1/payments').map(({ headers }) => headers['sub-account']),
    ).toEqual(['acc_One', 'acc_Two']);
  });

  it('sends the longest key as it is', async () => {
    const longest = 'k'.repeat(90);
    const { charges, seen } = justifiHost(
      {
        'POST /v1/payments': single(payment({ metadata: { unicharge_key: longest }, status: 'succeeded' })),
      },
      { subAccount: 'acc_DemoB2' },
    );
    await charges.create(params, { idempotencyKey: longest });
    expect(seen[1]?.headers['idempotency-key']).toBe(longest);
  });

  it('rejects with CardError on 402, naming no charge, for the answer names none', async () => {
    const { charges } = justifiHost({ 'POST /v1/payments': { status: 402, body: declined } });
    const error = await charges.create(params, key).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CardError);
    expect(error).toMatchObject({
      declineCode: 'insufficient_funds',
      advice: 'retry_later',
      networkCode: '116',
      providerCode: 'card_declined',
      outcome: 'rejected',
      chargeId: null,
      idempotencyKey: 'order-81',
    });
  });

  it('rejects with CardError on 201 with a failed payment, too', async () => {
    const failed = payment({ metadata: stamp, status: 'failed', captured: true, error_code: 'lost_card' });
    const { charges } = justifiHost({ 'POST /v1/payments': { status: 201, ...single(failed) } });
    const error = await charges.create(params, key).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CardError);
    expect(error).toMatchObject({
      declineCode: 'lost_or_stolen_card',
      chargeId: 'py_DemoA1',
      outcome: 'rejected',
    });
  });

  it.each(['gateway_error', 'gateway_timeout_error', 'gateway_error_please_retry'])(
    'leaves the outcome open after %s, though the status is 402',
    async (code) => {
      const { charges } = justifiHost({ 'POST /v1/payments': { status: 402, body: { error: { code } } } });
      await expect(charges.create(params, key)).rejects.toMatchObject({
        name: 'ProviderError',
        outcome: 'unknown',
      });
    },
  );

  it('repeats the same bytes with the same key after a broken answer, and gives the first payment', async () => {
    const { charges, seen } = justifiHost({
      'POST /v1/payments': [
        { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } },
        { status: 409, body: { error: { code: 'idempotency_request_in_progress' } } },
        { status: 201, ...single(payment({ metadata: stamp, status: 'succeeded' })) },
      ],
    });
    await charges.create(params, { idempotencyKey: 'order-81', maxRetries: 2 });
    const sent = seen.filter(({ path }) => path === '/v1/payments');
    expect(sent.length).toBe(3);
    expect(new Set(sent.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(new Set(sent.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set(['order-81']));
  });

  it('leaves the outcome open where a damaged answer cannot be read', async () => {
    const { amount: _, ...damaged } = payment({ metadata: stamp });
    const { charges } = justifiHost({ 'POST /v1/payments': { status: 201, ...single(damaged) } });
    const error = await charges.create(params, key).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ outcome: 'unknown', chargeId: 'py_DemoA1' });
  });

  it('reads an answer whose informational fields are damaged, and says so', async () => {
    const drift: string[] = [];
    const wire = { ...payment({ metadata: stamp, status: 'succeeded' }), fee_amount: 'x', created_at: 7 };
    const { charges } = justifiHost(
      { 'POST /v1/payments': { status: 201, ...single(wire) } },
      {
        onEvent: (event) => {
          if (event.type === 'drift') drift.push(event.path);
        },
      },
    );
    expect(await charges.create(params, key)).toMatchObject({
      status: 'captured',
      fee: null,
      createdAt: null,
    });
    expect(drift.sort()).toEqual(['data.created_at', 'data.fee_amount']);
  });

  it('refuses what JustiFi cannot do before a byte is sent', async () => {
    const { charges, seen } = justifiHost({});
    await expect(charges.create({ ...params, currency: 'EUR' })).rejects.toBeInstanceOf(InvalidRequestError);
    await expect(charges.create({ ...params, metadata: { unicharge_key: 'x' } })).rejects.toBeInstanceOf(
      InvalidRequestError,
    );
    expect(seen).toEqual([]);
  });
});

describe('the token', () => {
  it('is fetched once for many calls, and anew after a 401', async () => {
    const { charges, seen } = justifiHost({
      'POST /oauth/token': [{ body: { access_token: 'token-1' } }, { body: { access_token: 'token-2' } }],
      'GET /v1/payments/py_DemoA1': (request) =>
        request.headers.authorization === 'Bearer token-2'
          ? single(payment())
          : { status: 401, body: { error: { code: 'not_authenticated' } } },
    });
    expect((await charges.retrieve('py_DemoA1')).id).toBe('py_DemoA1');
    await Promise.all([charges.retrieve('py_DemoA1'), charges.retrieve('py_DemoA1')]);
    expect(seen.filter(({ path }) => path === '/oauth/token').length).toBe(2);
  });

  it('is not renewed twice for one call', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': { status: 401, body: { error: { code: 'not_authenticated' } } },
    });
    await expect(charges.retrieve('py_DemoA1', once)).rejects.toBeInstanceOf(AuthenticationError);
    expect(seen.map(({ path }) => path)).toEqual([
      '/oauth/token',
      '/v1/payments/py_DemoA1',
      '/oauth/token',
      '/v1/payments/py_DemoA1',
    ]);
  });

  it.each([
    [404, 'resource_not_found'],
    [401, 'not_authorized'],
  ])('refused with %i rejects a write as not sent', async (status, code) => {
    const { charges, seen } = justifiHost({ 'POST /oauth/token': { status, body: { error: { code } } } });
    const error = await charges.create(params, key).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ outcome: 'not_sent', idempotencyKey: 'order-81', operation: 'create' });
    expect(seen.map(({ path }) => path)).toEqual(['/oauth/token']);
  });

  it('that a broken server does not give leaves a write not sent', async () => {
    const { charges } = justifiHost({ 'POST /oauth/token': { status: 503, body: {} } });
    await expect(charges.create(params, key)).rejects.toMatchObject({
      name: 'ProviderError',
      outcome: 'not_sent',
    });
  });
});

describe('retrieve', () => {
  it('reads one payment', async () => {
    const { charges, seen } = justifiHost({ 'GET /v1/payments/py_DemoA1': single(payment()) });
    expect(await charges.retrieve('py_DemoA1')).toMatchObject({ status: 'authorized' });
    expect(seen[1]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('rejects with NotFoundError', async () => {
    const body = { error: { code: 'resource_not_found', message: 'no' } };
    const { charges } = justifiHost({ 'GET /v1/payments/py_x': { status: 404, body } });
    await expect(charges.retrieve('py_x')).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('update', () => {
  const old = { ...stamp, order: '81', old: 'x', payment_test: { scenario: 'y' } };

  it('reads, merges and sends the whole map, for JustiFi replaces it', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment({ metadata: old })),
      'PATCH /v1/payments/py_DemoA1': single(payment({ metadata: { ...stamp, order: '82' } })),
    });
    const charge = await charges.update(
      'py_DemoA1',
      { metadata: { order: '82', old: null } },
      { idempotencyKey: 'u-1' },
    );
    expect(charge.metadata).toEqual({ order: '82' });
    expect(seen[2]).toMatchObject({
      method: 'PATCH',
      body: { metadata: { ...stamp, order: '82', payment_test: { scenario: 'y' } } },
    });
    expect(seen[2]?.headers['idempotency-key']).toBe('u-1');
  });

  it('leaves the metadata alone where only the description changes', async () => {
    const { charges, seen } = justifiHost({
      'PATCH /v1/payments/py_DemoA1': single(payment({ description: 'new' })),
    });
    await charges.update('py_DemoA1', { description: 'new' });
    expect(seen[1]?.body).toEqual({ description: 'new' });
  });

  it('refuses what JustiFi cannot change', async () => {
    const { charges, seen } = justifiHost({});
    await expect(charges.update('py_DemoA1', { email: 'ada@example.com' })).rejects.toBeInstanceOf(
      InvalidRequestError,
    );
    expect(seen).toEqual([]);
  });
});

describe('list', () => {
  const at = (day: number, id: string) =>
    payment({
      id,
      created_at: `2026-02-0${String(day)}T00:00:00Z`,
      updated_at: `2026-02-0${String(day)}T00:00:00Z`,
    });

  it('follows the cursor to the end, and sends no other one with it', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments': [
        page([at(4, 'py_4'), at(3, 'py_3')], 'cursor+/='),
        page([at(2, 'py_2')], 'two'),
        page([]),
      ],
    });
    const ids: string[] = [];
    for await (const { id } of charges.list({ limit: 2 })) ids.push(id);
    expect(ids).toEqual(['py_4', 'py_3', 'py_2']);
    expect(seen.slice(1).map(({ path }) => path)).toEqual([
      '/v1/payments?limit=2',
      '/v1/payments?limit=2&after_cursor=cursor%2B%2F%3D',
      '/v1/payments?limit=2&after_cursor=two',
    ]);
  });

  it('asks for a window and keeps exactly it', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments': page([at(4, 'py_4'), at(3, 'py_3'), at(2, 'py_2')]),
    });
    const window = { createdAfter: '2026-02-03T00:00:00Z', createdBefore: '2026-02-04T00:00:00Z' };
    const { data } = await charges.list(window);
    expect(data.map(({ id }) => id)).toEqual(['py_3']);
    const first = payment({ id: 'py_first', created_at: '2026-02-03T00:00:00.000Z' });
    const last = payment({ id: 'py_last', created_at: '2026-02-03T23:59:59.999Z' });
    const late = payment({ id: 'py_late', created_at: '2026-02-04T00:00:00.000Z' });
    const early = payment({ id: 'py_early', created_at: '2026-02-02T23:59:59.999Z' });
    nock.cleanAll();
    const edges = justifiHost({ 'GET /v1/payments': page([late, last, first, early]) });
    const kept = (await edges.charges.list(window)).data.map(({ id }) => id);
    expect(kept).toEqual(['py_last', 'py_first']);
    expect(seen[1]?.path).toBe(
      '/v1/payments?created_after=2026-02-02T23%3A59%3A59.000Z&created_before=2026-02-04T00%3A00%3A01.000Z',
    );
  });

  it('is no end where a next page is announced without a cursor, or not at all', async () => {
    for (const page_info of [{ has_next: true, end_cursor: null }, {}, 'string', null]) {
      const { charges } = justifiHost({ 'GET /v1/payments': { body: { data: [], page_info } } });
      await expect(charges.list({}, once)).rejects.toBeInstanceOf(InvalidResponseError);
      nock.cleanAll();
    }
  });
});

describe('search', () => {
  const words = ['succeeded', 'authorized', 'canceled', 'failed', 'fully_refunded'];
  const all = words.map((status, index) =>
    payment({ id: `py_${String(index)}`, status, metadata: { order: status } }),
  );

  it('filters the list here, and never asks JustiFi for a status by our words', async () => {
    const { charges, seen } = justifiHost({ 'GET /v1/payments': page(all) });
    for (const [status, ids] of [
      ['captured', ['py_0', 'py_4']],
      ['authorized', ['py_1']],
      ['voided', ['py_2']],
      ['failed', ['py_3']],
      ['expired', []],
    ] as const) {
      const { data } = await charges.search({ status });
      expect(data.map(({ id }) => id)).toEqual(ids);
    }
    expect(new Set(seen.slice(1).map(({ path }) => path))).toEqual(new Set(['/v1/payments?limit=100']));
    const { data } = await charges.search({
      metadata: { order: 'authorized' },
      amount: 2599,
      currency: 'USD',
    });
    expect(data.map(({ id }) => id)).toEqual(['py_1']);
  });

  it('takes the words of JustiFi as its own option', async () => {
    const { charges, seen } = justifiHost({ 'GET /v1/payments': page([]) });
    await charges.search({ status: 'authorized', providerOptions: { paymentStatus: 'authorized' } });
    expect(seen[1]?.path).toBe('/v1/payments?limit=100&payment_status=authorized');
  });

  it('has no query language', async () => {
    const { charges } = justifiHost({});
    await expect(charges.search({ query: 'x' })).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe('capture', () => {
  it('sends no body', async () => {
    const { charges, seen } = justifiHost({
      'POST /v1/payments/py_DemoA1/capture': { status: 201, ...single(payment({ status: 'succeeded' })) },
    });
    expect(await charges.capture('py_DemoA1', undefined, key)).toMatchObject({
      status: 'captured',
      amountCaptured: 2599,
    });
    expect(seen[1]).toMatchObject({ method: 'POST', body: '' });
    expect(seen[1]?.headers['idempotency-key']).toBe('order-81');
  });

  it('takes an amount only where it is the whole one, and never sends it', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment()),
      'POST /v1/payments/py_DemoA1/capture': { status: 201, ...single(payment({ status: 'succeeded' })) },
    });
    expect(await charges.capture('py_DemoA1', { amount: 2599 })).toMatchObject({ amountCaptured: 2599 });
    expect(seen.at(-1)).toMatchObject({ body: '' });
    for (const amount of [2598, 2600]) {
      const error = await charges.capture('py_DemoA1', { amount }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect(error).toMatchObject({
        outcome: 'not_sent',
        issues: [{ path: 'amount' }],
        chargeId: 'py_DemoA1',
      });
    }
    expect(seen.filter(({ path }) => path.endsWith('/capture')).length).toBe(1);
  });

  it.each(['payment_already_captured', 'charge_expired_for_capture'])(
    'rejects %s as a conflict',
    async (code) => {
      const { charges } = justifiHost({
        'POST /v1/payments/py_DemoA1/capture': { status: 422, body: { error: { code } } },
      });
      const error = await charges.capture('py_DemoA1', {}, key).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ConflictError);
      expect(error).toMatchObject({ outcome: 'rejected', providerCode: code });
    },
  );

  it('that shows no effect is not believed', async () => {
    const { charges } = justifiHost({
      'POST /v1/payments/py_DemoA1/capture': single(payment({ captured: true })),
    });
    await expect(charges.capture('py_DemoA1', {}, key)).rejects.toMatchObject({ outcome: 'unknown' });
  });
});

describe('void', () => {
  it('sends no body and reads the payment as voided, whatever else it shows', async () => {
    const voided = payment({ status: 'canceled', captured: true, amount_refundable: 2599 });
    const { charges, seen } = justifiHost({ 'POST /v1/payments/py_DemoA1/void': single(voided) });
    expect(await charges.void('py_DemoA1', key)).toMatchObject({
      status: 'voided',
      amountCaptured: 0,
      amountRefunded: 0,
    });
    expect(seen[1]).toMatchObject({ method: 'POST', path: '/v1/payments/py_DemoA1/void', body: '' });
  });

  it('after 25 minutes is a conflict, and no refund', async () => {
    const body = { error: { code: 'payment_outside_void_window', message: 'late' } };
    const { charges, seen } = justifiHost({ 'POST /v1/payments/py_DemoA1/void': { status: 422, body } });
    await expect(charges.reverse('py_DemoA1', key)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
    expect(seen.map(({ path }) => path)).toEqual(['/oauth/token', '/v1/payments/py_DemoA1/void']);
  });
});

describe('refund', () => {
  const paid = { status: 'succeeded', amount_refunded: 99, amount_refundable: 2500, currency: 'cad' };
  const made = (changes: object = {}) => ({
    status: 201,
    ...single(refund({ metadata: stamp, ...changes })),
  });

  it('of all says how much is left, with the currency of the payment', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment(paid)),
      'POST /v1/payments/py_DemoA1/refunds': made({ amount: 2500 }),
    });
    expect(await charges.refund('py_DemoA1', undefined, key)).toMatchObject({
      id: 're_DemoD4',
      chargeId: 'py_DemoA1',
      amount: 2500,
      currency: 'CAD',
      metadata: {},
    });
    expect(seen[2]?.body).toEqual({ amount: 2500, metadata: stamp });
    expect(seen[2]?.headers['idempotency-key']).toBe('order-81');
  });

  it('of a part sends the part', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment(paid)),
      'POST /v1/payments/py_DemoA1/refunds': made({ amount: 500 }),
    });
    await charges.refund(
      'py_DemoA1',
      { amount: 500, reason: 'requested_by_customer', metadata: { ticket: '9' } },
      key,
    );
    expect(seen[2]?.body).toEqual({
      amount: 500,
      reason: 'customer_request',
      metadata: { ticket: '9', ...stamp },
    });
  });

  it('counts what is left where JustiFi does not say', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment({ ...paid, amount_refundable: null })),
      'POST /v1/payments/py_DemoA1/refunds': made({ amount: 2500 }),
    });
    await charges.refund('py_DemoA1', {}, key);
    expect(seen[2]?.body).toMatchObject({ amount: 2500 });
  });

  it('of nothing asks for everything, so that JustiFi says why it refuses', async () => {
    const refunded = payment({ status: 'fully_refunded', amount_refunded: 2599, amount_refundable: 0 });
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(refunded),
      'POST /v1/payments/py_DemoA1/refunds': {
        status: 422,
        body: { error: { code: 'payment_fully_refunded' } },
      },
    });
    const error = await charges.refund('py_DemoA1', {}, key).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ outcome: 'rejected', providerCode: 'payment_fully_refunded' });
    expect(seen[2]?.body).toMatchObject({ amount: 2599 });
  });

  describe('whose first answer and record are lost', () => {
    const own = (created_at: string) =>
      payment({
        status: 'fully_refunded',
        amount_refunded: 2599,
        amount_refundable: 0,
        refunds: [
          refund({ id: 're_Old', amount: 99 }),
          refund({ amount: 2500, metadata: stamp, created_at }),
        ],
      });

    it.each([
      ['a minute ago', 60_000],
      ['so long ago that the key may be forgotten', 3_700_000],
    ])('is told, and not asked for again: made %s', async (_, age) => {
      const { charges, seen } = justifiHost({
        'GET /v1/payments/py_DemoA1': single(own(new Date(Date.now() - age).toISOString())),
      });
      expect(await charges.refund('py_DemoA1', {}, key)).toMatchObject({ id: 're_DemoD4', amount: 2500 });
      expect(seen.some(({ path }) => path.endsWith('/refunds'))).toBe(false);
    });

    it('is a conflict that names the refund where another amount is asked for', async () => {
      const { charges, seen } = justifiHost({
        'GET /v1/payments/py_DemoA1': single(own(new Date().toISOString())),
      });
      await expect(charges.refund('py_DemoA1', { amount: 500 }, key)).rejects.toMatchObject({
        name: 'IdempotencyConflictError',
        outcome: 'unknown',
        refund: { id: 're_DemoD4' },
      });
      expect(seen.some(({ path }) => path.endsWith('/refunds'))).toBe(false);
    });

    it('is rejected where it failed since', async () => {
      const { charges } = justifiHost({
        'GET /v1/payments/py_DemoA1': single(
          payment({ ...paid, refunds: [refund({ amount: 500, metadata: stamp, status: 'failed' })] }),
        ),
      });
      await expect(charges.refund('py_DemoA1', { amount: 500 }, key)).rejects.toMatchObject({
        code: 'refund_failed',
        outcome: 'rejected',
        refund: { id: 're_DemoD4' },
      });
    });
  });

  it('is no decline, whatever the status', async () => {
    const { charges } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment(paid)),
      'POST /v1/payments/py_DemoA1/refunds': {
        status: 402,
        body: { error: { code: 'refund_exceeds_amount_available' } },
      },
    });
    await expect(charges.refund('py_DemoA1', { amount: 500 }, key)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });

  it('leaves the outcome open after refund_error', async () => {
    const { charges } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment(paid)),
      'POST /v1/payments/py_DemoA1/refunds': { status: 422, body: { error: { code: 'refund_error' } } },
    });
    await expect(charges.refund('py_DemoA1', { amount: 500 }, key)).rejects.toMatchObject({
      outcome: 'unknown',
    });
  });
});

describe('the refunds of a payment', () => {
  it('are those that it carries', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment({ status: 'partially_refunded', refunds: [refund()] })),
    });
    expect((await charges.listRefunds('py_DemoA1')).map(({ id, currency }) => [id, currency])).toEqual([
      ['re_DemoD4', 'USD'],
    ]);
    expect(seen.length).toBe(2);
  });

  it('are picked from all refunds, to the last page, where it carries none', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment({ status: 'partially_refunded', refunds: null })),
      'GET /v1/refunds': [
        page([refund({ id: 're_1', payment_id: 'py_Other' }), refund({ id: 're_2' })], 'one'),
        page([refund({ id: 're_3' })]),
      ],
    });
    expect((await charges.listRefunds('py_DemoA1')).map(({ id }) => id)).toEqual(['re_2', 're_3']);
    expect(seen.slice(2).map(({ path }) => path)).toEqual([
      '/v1/refunds?limit=100',
      '/v1/refunds?limit=100&after_cursor=one',
    ]);
  });

  it('are refused where that list turns in a circle', async () => {
    const { charges } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment({ refunds: undefined })),
      'GET /v1/refunds': page([], 'one'),
    });
    await expect(charges.listRefunds('py_DemoA1')).rejects.toBeInstanceOf(InvalidResponseError);
  });

  it('are none after a void', async () => {
    const { charges } = justifiHost({
      'GET /v1/payments/py_DemoA1': single(payment({ status: 'canceled', refunds: [refund()] })),
    });
    expect(await charges.listRefunds('py_DemoA1')).toEqual([]);
  });

  it('are read one by one with the currency of the payment', async () => {
    const { charges } = justifiHost({
      'GET /v1/refunds/re_DemoD4': single(refund()),
      'GET /v1/payments/py_DemoA1': single(payment({ currency: 'cad' })),
    });
    expect(await charges.retrieveRefund('py_DemoA1', 're_DemoD4')).toMatchObject({
      amount: 500,
      currency: 'CAD',
    });
    await expect(charges.retrieveRefund('py_Other', 're_DemoD4')).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('the ledger of a payment', () => {
  it('is read whole, with signed amounts', async () => {
    const { charges, seen } = justifiHost({
      'GET /v1/payments/py_DemoA1/payment_balance_transactions': { body: balanceTransactions },
    });
    const ledger = await charges.listBalanceTransactions('py_DemoA1');
    expect(ledger.map(({ type, amount, balance, currency }) => [type, amount, balance, currency])).toEqual([
      ['payment', 2599, 2599, 'USD'],
      ['payment_fee', -105, 2494, 'USD'],
    ]);
    expect(JSON.stringify(ledger)).not.toContain('payment_balance_txn_type');
    expect(seen[1]?.path).toBe('/v1/payments/py_DemoA1/payment_balance_transactions?limit=100');
  });

  it('is asked of the sub account that the call names, and needs no idempotency key', async () => {
    const { charges, seen } = justifiHost(
      { 'GET /v1/payments/py_DemoA1/payment_balance_transactions': { body: balanceTransactions } },
      { requireIdempotencyKey: true },
    );
    await charges.listBalanceTransactions('py_DemoA1', { headers: { 'Sub-Account': 'acc_Other' } });
    expect(seen[1]?.headers['sub-account']).toBe('acc_Other');
    expect(seen[1]?.headers['idempotency-key']).toBeUndefined();
  });

  it('of no payment rejects with NotFoundError', async () => {
    const { charges } = justifiHost({
      'GET /v1/payments/py_x/payment_balance_transactions': {
        status: 404,
        body: { error: { code: 'resource_not_found' } },
      },
    });
    await expect(charges.listBalanceTransactions('py_x')).rejects.toBeInstanceOf(NotFoundError);
  });
});
