import { describe, expect, it } from 'vitest';
import type { ChargesError } from '../../../src/errors.js';
import authorized from '../../fixtures/pin/charge-authorized.json' with { type: 'json' };
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import cardDeclined from '../../fixtures/pin/error-card-declined.json' with { type: 'json' };
import overRefund from '../../fixtures/pin/error-over-refund.json' with { type: 'json' };
import refund from '../../fixtures/pin/refund-pending.json' with { type: 'json' };
import { client, pageOf, useHost } from './host.js';

const { lines, expectRequest } = useHost();

const id = authorized.response.token;
const params = {
  amount: 1250,
  currency: 'AUD',
  source: { type: 'customer', customer: 'cus_A1' },
  email: 'kim@shop.example',
  description: 'Order 77',
  ip: '198.51.100.7',
} as const;
const key = { idempotencyKey: 'order-77' };
const paid = { ...captured.response, token: id, amount_refunded: 0, metadata: { unicharge_key: 'order-77' } };
const failed = {
  ...authorized.response,
  success: false,
  error_message: 'Declined',
  metadata: { unicharge_key: 'order-77' },
};
const lost = { status: 502, body: '<html>Bad Gateway</html>', headers: { 'Content-Type': 'text/html' } };
const quick = { settleMs: 1, abandonedMs: 1 };
const list = '/1/charges?page=1&per_page=100';
const writes = () => lines().filter((line) => !line.startsWith('GET'));
const rejection = (promise: Promise<unknown>): Promise<ChargesError> =>
  promise.then(
    () => {
      throw new Error('resolved');
    },
    (error: unknown) => error as ChargesError,
  );

describe('a create whose answer is lost', () => {
  it('is unknown, and a repeat finds it by its stamp instead of charging again', async () => {
    const charges = client(quick);
    expectRequest('POST', '/1/charges', lost);
    expect(await rejection(charges.create(params, key))).toMatchObject({
      name: 'ProviderError',
      outcome: 'unknown',
      idempotencyKey: 'order-77',
    });
    expectRequest('GET', list, {
      status: 200,
      body: pageOf([{ ...captured.response, token: 'ch_other' }, paid]),
    });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: paid } });
    expect(await charges.create(params, key)).toMatchObject({ id, status: 'captured' });
    expect(await charges.create(params, key)).toMatchObject({ id });
    expect(writes()).toEqual(['POST /1/charges']);
  });

  it('and found waiting for the payer has lost its address', async () => {
    const charges = client(quick);
    expectRequest('POST', '/1/charges', lost);
    await rejection(charges.create(params, key));
    const waiting = { ...paid, success: null, captured: false, status_message: 'Pending' };
    expectRequest('GET', list, { status: 200, body: pageOf([waiting]) });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: waiting } });
    expect(await charges.create(params, key)).toMatchObject({ status: 'requires_action', nextAction: null });
  });

  it('and absent from the whole list, twice, is sent again with the same stamp', async () => {
    const charges = client(quick);
    expectRequest('POST', '/1/charges', lost);
    await rejection(charges.create(params, key));
    const page = (number: number) => pageOf([{ ...captured.response, token: `ch_p${number}` }], number, 2);
    for (let look = 0; look < 2; look += 1) {
      expectRequest('GET', list, {
        status: 200,
        body: {
          ...page(1),
          response: [{ ...captured.response, token: 'ch_p1', created_at: '2099-01-01T00:00:00Z' }],
        },
      });
      expectRequest('GET', '/1/charges?page=2&per_page=100', { status: 200, body: page(2) });
    }
    expectRequest('POST', '/1/charges', { status: 201, body: { response: paid } });
    expect(await charges.create(params, key)).toMatchObject({ id, status: 'captured' });
    expect(writes()).toHaveLength(2);
  });

  it('is never believed absent by a page that does not say which it is', async () => {
    const charges = client(quick);
    expectRequest('POST', '/1/charges', lost);
    await rejection(charges.create(params, key));
    expectRequest('GET', list, { status: 200, body: { response: [], count: 0 } });
    expect(await rejection(charges.create(params, key))).toMatchObject({ outcome: 'unknown' });
    expect(writes()).toHaveLength(1);
  });
});

describe('a create that meets a rate limit', () => {
  it('is not sent again: Pin documents no 429, so it may have been executed', async () => {
    const envelope = { error: 'rate_limited', error_description: 'Too many requests' };
    expectRequest('POST', '/1/charges', { status: 429, body: envelope, headers: { 'Retry-After': '0' } });
    expect(await rejection(client({ maxRetries: 3 }).create(params, key))).toMatchObject({
      name: 'RateLimitError',
      outcome: 'unknown',
      retryAfterMs: 0,
    });
    expect(writes()).toHaveLength(1);
  });
});

describe('a create that Pin refuses while it names a charge', () => {
  it('as declined is a decline, completed by the failed charge', async () => {
    expectRequest('POST', '/1/charges', {
      status: 400,
      body: cardDeclined,
      headers: { 'X-Request-Id': 'req-1' },
    });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: failed } });
    expect(await rejection(client().create(params, key))).toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      declineCode: 'generic_decline',
      advice: 'use_other_card',
      providerCode: 'card_declined',
      chargeId: id,
      requestId: 'req-1',
      charge: { status: 'failed' },
    });
  });

  it('as declined is a decline, too, where the charge cannot be read', async () => {
    expectRequest('POST', '/1/charges', { status: 400, body: cardDeclined });
    expectRequest('GET', `/1/charges/${id}`, { status: 404, body: { error: 'not_found' } });
    expect(await rejection(client().create(params, key))).toMatchObject({
      name: 'CardError',
      chargeId: id,
      charge: null,
    });
  });

  it.each([
    [502, 'gateway_error'],
    [400, 'unknown'],
  ])('with HTTP %i %s is what the charge says: paid', async (status, error) => {
    expectRequest('POST', '/1/charges', { status, body: { error, charge_token: id } });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: paid } });
    expect(await client().create(params, key)).toMatchObject({ id, status: 'captured' });
  });

  it.each([
    [502, 'gateway_error'],
    [400, 'unknown'],
  ])('with HTTP %i %s is what the charge says: declined', async (status, error) => {
    expectRequest('POST', '/1/charges', { status, body: { error, charge_token: id } });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: failed } });
    expect(await rejection(client().create(params, key))).toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      chargeId: id,
    });
  });

  it('with a gateway error is unknown where the charge cannot be read', async () => {
    expectRequest('POST', '/1/charges', { status: 502, body: { error: 'gateway_error', charge_token: id } });
    expectRequest('GET', `/1/charges/${id}`, lost);
    expect(await rejection(client().create(params, key))).toMatchObject({
      name: 'ProviderError',
      outcome: 'unknown',
      chargeId: id,
    });
  });
});

describe('a create on which the token is spent', () => {
  const spent = {
    status: 422,
    body: { error: 'token_already_used', error_description: 'Token already used' },
  };

  it('is a wrong request the first time', async () => {
    expectRequest('POST', '/1/charges', spent);
    const search = '/1/charges/search?query=order-77&sort=created_at&direction=-1&page=1';
    for (const path of [search, list]) expectRequest('GET', path, { status: 200, body: pageOf([]) });
    expect(await rejection(client().create({ ...params, source: 'card_1' }, key))).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'rejected',
    });
  });

  it.each([
    ['token_already_used', 422],
    ['token_already_used', 400],
    ['not_found', 404],
    ['resource_not_found', 404],
  ])('says what to do, refused as %s with %s', async (error, status) => {
    const body = { error, error_description: 'No resource was found with this token.' };
    expectRequest('POST', '/1/charges', { status, body });
    const search = '/1/charges/search?query=order-77&sort=created_at&direction=-1&page=1';
    for (const path of [search, list]) expectRequest('GET', path, { status: 200, body: pageOf([]) });
    const refused = await rejection(client().create({ ...params, source: 'card_1' }, key));
    expect(refused).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'rejected',
      issues: [{ path: 'source', message: expect.stringContaining('make a new one') as unknown }],
    });
    expect(refused).toHaveProperty('message', expect.stringContaining('good for one charge'));
    expect(refused).toHaveProperty(
      'message',
      expect.stringContaining('No resource was found with this token'),
    );
  });

  it('by our own earlier attempt is found, not refused', async () => {
    const charges = client(quick);
    const single = { ...params, source: 'card_1' };
    expectRequest('POST', '/1/charges', lost);
    await rejection(charges.create(single, key));
    // The list lags behind: both looks miss, and the second attempt meets the token of the first.
    for (let look = 0; look < 2; look += 1) expectRequest('GET', list, { status: 200, body: pageOf([]) });
    expectRequest('POST', '/1/charges', spent);
    expectRequest('GET', list, { status: 200, body: pageOf([paid]) });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: paid } });
    expect(await charges.create(single, key)).toMatchObject({ id, status: 'captured' });
  });
});

describe('an answer that belongs to somebody else', () => {
  it.each([
    ['key', { metadata: { unicharge_key: 'order-78' } }],
    ['amount', { amount: 1251 }],
    ['currency', { currency: 'NZD' }],
  ])('with another %s is an integrity error', async (_, change) => {
    expectRequest('POST', '/1/charges', { status: 201, body: { response: { ...paid, ...change } } });
    expect(await rejection(client().create(params, key))).toMatchObject({
      name: 'IntegrityError',
      outcome: 'unknown',
    });
  });

  it('that cannot be read leaves the outcome open and keeps the charge', async () => {
    expectRequest('POST', '/1/charges', { status: 201, body: { response: { ...paid, amount: '12.50' } } });
    expect(await rejection(client().create(params, key))).toMatchObject({
      name: 'InvalidResponseError',
      outcome: 'unknown',
      chargeId: id,
    });
  });
});

describe('a capture or void whose answer is lost', () => {
  it.each([
    ['capture', { ...paid, captured: true }, 'captured'],
    ['void', { ...paid, captured: false, captured_at: null, authorisation_voided: true }, 'voided'],
  ] as const)('%s is read off the charge by the repeat', async (operation, after, status) => {
    const charges = client(quick);
    const call = () => (operation === 'capture' ? charges.capture(id, {}, key) : charges.void(id, key));
    expectRequest('PUT', `/1/charges/${id}/${operation}`, lost);
    expect(await rejection(call())).toMatchObject({ outcome: 'unknown', chargeId: id });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: after } });
    expect(await call()).toMatchObject({ status });
    expect(writes()).toHaveLength(1);
  });

  it('is a conflict where the state forbids it', async () => {
    expectRequest('PUT', `/1/charges/${id}/capture`, {
      status: 400,
      body: { error: 'already_captured', charge_token: id },
    });
    expect(await rejection(client().capture(id))).toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
    expectRequest('PUT', `/1/charges/${id}/capture`, {
      status: 400,
      body: { error: 'authorisation_expired' },
    });
    expect(await rejection(client().capture(id))).toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
    expectRequest('PUT', `/1/charges/${id}/void`, { status: 422, body: { error: 'invalid_resource' } });
    expect(await rejection(client().void(id))).toMatchObject({ name: 'ConflictError', outcome: 'rejected' });
  });
});

describe('a refund', () => {
  const path = `/1/charges/${id}/refunds`;
  const made = { ...refund.response, charge: id };
  const listRefunds = (...refunds: readonly unknown[]) => {
    expectRequest('GET', `${path}?page=1`, { status: 200, body: pageOf(refunds) });
  };

  it('whose answer is lost is the one that is new in the list', async () => {
    const charges = client(quick);
    listRefunds({ ...made, token: 'rf_before' });
    expectRequest('POST', path, lost);
    expect(await rejection(charges.refund(id, { amount: 250 }, key))).toMatchObject({ outcome: 'unknown' });
    listRefunds(made, { ...made, token: 'rf_before' });
    expect(await charges.refund(id, { amount: 250 }, key)).toMatchObject({
      id: made.token,
      status: 'pending',
    });
    expect(writes()).toHaveLength(1);
  });

  it('that cannot be told from another is unknown, with candidates', async () => {
    const charges = client(quick);
    listRefunds();
    expectRequest('POST', path, lost);
    await rejection(charges.refund(id, { amount: 250 }, key));
    listRefunds(made, { ...made, token: 'rf_by_hand' });
    expect(await rejection(charges.refund(id, { amount: 250 }, key))).toMatchObject({
      name: 'OutcomeUnknownError',
      outcome: 'unknown',
      candidates: [made.token, 'rf_by_hand'],
    });
  });

  it.each([
    ['of more than what is left', { status: 422, body: overRefund }],
    ['without enough balance at Pin', { status: 402, body: { error: 'insufficient_pin_balance' } }],
    [
      'without enough balance, wrapped in an array',
      { status: 402, body: [{ error: 'insufficient_pin_balance' }] },
    ],
  ])('%s is a conflict and no decline', async (_, reply) => {
    listRefunds();
    expectRequest('POST', path, reply);
    // A first copy of the same request would have left its refund here.
    listRefunds();
    expect(await rejection(client().refund(id, { amount: 250 }))).toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });

  it('of another amount than was asked is an integrity error', async () => {
    listRefunds();
    expectRequest('POST', path, { status: 201, body: { response: made } });
    expect(await rejection(client().refund(id, { amount: 251 }))).toMatchObject({
      name: 'IntegrityError',
      outcome: 'unknown',
    });
  });
});

describe('a look before a first attempt with a caller’s key', () => {
  it('asks the search for the stamp, then the list, and sends only what neither has', async () => {
    expectRequest('GET', '/1/charges/search?query=order-77&sort=created_at&direction=-1&page=1', {
      status: 200,
      body: pageOf([paid]),
    });
    expectRequest('GET', `/1/charges/${id}`, { status: 200, body: { response: paid } });
    expect(await client({ lookupFirst: true }).create(params, key)).toMatchObject({ id });
    expect(writes()).toEqual([]);
  });
});

describe('secrets', () => {
  it('reach no error: neither the key nor the card', async () => {
    const card = {
      type: 'card',
      number: '4100000000000001',
      expMonth: 7,
      expYear: 2031,
      cvc: '987',
      holderName: 'Kim Lee',
      address: { line1: '1 Pier Rd', city: 'Perth', country: 'AU' },
    } as const;
    const said = 'card 4100 0000 0000 0001 of pin_secret_1 refused';
    expectRequest('POST', '/1/charges', {
      status: 422,
      body: {
        error: 'invalid_resource',
        error_description: said,
        messages: [{ param: 'email', message: said }],
      },
    });
    const error = await rejection(client().create({ ...params, source: card }, key));
    const shown = JSON.stringify(error) + String(error) + String(error.stack);
    for (const secret of ['4100000000000001', '4100 0000 0000 0001', 'pin_secret_1', '987'])
      expect(shown).not.toContain(secret);
  });
});
