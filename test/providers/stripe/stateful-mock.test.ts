import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CardError, ChargesError } from '../../../src/index.js';
import { createStripe, type StripeSettings } from '../../../src/providers/stripe/index.js';

/*
 * `stripe-stateful-mock` is an independent server of the Charges API in the shape of 2020-08-27, written by others: what it
 * accepts and answers does not depend on how we read the contract. It runs in a process of its own, because its state lives
 * in its modules.
 */

const program = `
const { createServer } = require('node:http');
const { createExpressApp } = require(process.argv[1]);
const app = createExpressApp();
const server = createServer((request, response) => {
  // It labels a replayed answer as HTML, which Stripe does not: everything that it says is JSON.
  const { setHeader } = response;
  response.setHeader = (name, value) =>
    setHeader.call(response, name, /^content-type$/i.test(name) ? 'application/json' : value);
  app(request, response);
}).listen(0, '127.0.0.1', () => {
  process.stdout.write(String(server.address().port) + '\\n');
});
`;

const require = createRequire(import.meta.url);
let mock: ChildProcess;
let baseUrl: string;

beforeAll(async () => {
  mock = spawn(process.execPath, ['-e', program, require.resolve('stripe-stateful-mock')], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { LOG_LEVEL: 'silent' },
  });
  let said = '';
  for await (const chunk of mock.stdout ?? []) {
    said += String(chunk);
    if (said.includes('\n')) break;
  }
  baseUrl = `http://127.0.0.1:${said.trim()}`;
});

afterAll(async () => {
  const ended = once(mock, 'exit');
  mock.kill();
  await ended;
});

const client = (settings: StripeSettings = {}) =>
  createStripe({ secretKey: 'sk_test_a1', api: 'charges', baseUrl, maxRetries: 0, ...settings });
const visa = { amount: 2000, currency: 'USD', source: 'tok_visa' } as const;
const failureOf = async (work: Promise<unknown>): Promise<ChargesError> =>
  work.then(
    () => expect.fail('it did not reject'),
    (error: unknown) => error as ChargesError,
  );

let made = 0;
/** A key of its own for every write of these tests. */
const fresh = () => ({ idempotencyKey: `mock-${(made += 1)}` });

describe('the Charges engine against a foreign server', () => {
  it('charges, and finds the charge again', async () => {
    const charge = await client().create(
      { ...visa, description: 'Order 81', metadata: { order: '81' } },
      fresh(),
    );
    expect(charge).toMatchObject({
      provider: 'stripe',
      status: 'captured',
      amount: 2000,
      amountCaptured: 2000,
      amountRefunded: 0,
      currency: 'USD',
      livemode: false,
      description: 'Order 81',
      metadata: { order: '81' },
      paymentMethod: { type: 'card', card: { brand: 'visa', last4: '4242' } },
    });
    expect(await client().retrieve(charge.id)).toEqual(charge);
  });

  it('updates without losing the stamp that it will be found by', async () => {
    const charge = await client().create({ ...visa, metadata: { order: '81' } }, fresh());
    const updated = await client().update(charge.id, { description: 'Order 82' }, fresh());
    expect(updated).toMatchObject({ id: charge.id, description: 'Order 82', metadata: { order: '81' } });
    expect(updated.raw).toMatchObject({ metadata: { unicharge_key: `mock-${made - 1}` } });
  });

  it('lists every charge once, page by page', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await client().create(visa, fresh())).id);
    const listed: string[] = [];
    for await (const { id } of client().list({ limit: 2 })) listed.push(id);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(ids));
  });

  it('authorizes, and captures a part: the rest is released, not refunded', async () => {
    const authorized = await client().create({ ...visa, amount: 900, capture: false }, fresh());
    expect(authorized).toMatchObject({ status: 'authorized', amountCaptured: 0 });
    const captured = await client().capture(authorized.id, { amount: 500 }, fresh());
    const expected = {
      status: 'captured',
      amount: 900,
      amountCaptured: 500,
      amountRefunded: 0,
      refundStatus: 'none',
    };
    expect(captured).toMatchObject(expected);
    expect(captured.raw).toMatchObject({ amount_refunded: 400 });
    expect(await client().retrieve(authorized.id)).toMatchObject(expected);
    expect(await client().listRefunds(authorized.id)).toEqual([]);
  });

  it('refunds what was captured of it, and no more', async () => {
    const { id } = await client().create({ ...visa, amount: 900, capture: false }, fresh());
    await client().capture(id, { amount: 500 }, fresh());
    const refund = await client().refund(id, { amount: 200, reason: 'duplicate' }, fresh());
    expect(refund).toMatchObject({ chargeId: id, amount: 200, status: 'succeeded', reason: 'duplicate' });
    expect(await client().retrieve(id)).toMatchObject({
      amountCaptured: 500,
      amountRefunded: 200,
      refundStatus: 'partial',
    });
    await client().refund(id, {}, fresh());
    expect(await client().retrieve(id)).toMatchObject({ amountRefunded: 500, refundStatus: 'full' });
    expect((await client().listRefunds(id)).map(({ amount }) => amount).sort()).toEqual([200, 300]);
    expect(await client().retrieveRefund(id, refund.id)).toEqual(refund);
    expect(await failureOf(client().refund(id, {}, fresh()))).toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });

  it('refuses to give back more than was taken', async () => {
    const { id } = await client().create(visa, fresh());
    const error = await failureOf(client().refund(id, { amount: 2001 }, fresh()));
    expect(error).toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'rejected',
      issues: [{ path: 'amount' }],
    });
  });

  it('captures once', async () => {
    const { id } = await client().create({ ...visa, capture: false }, fresh());
    await client().capture(id, {}, fresh());
    expect(await failureOf(client().capture(id, {}, fresh()))).toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
      providerCode: 'charge_already_captured',
    });
  });

  it('voids an authorization, and only that', async () => {
    const { id } = await client().create({ ...visa, capture: false }, fresh());
    const voided = await client().void(id, fresh());
    expect(voided).toMatchObject({
      id,
      status: 'voided',
      amountCaptured: 0,
      amountRefunded: 0,
      refundStatus: 'none',
    });
    expect(await client().retrieve(id)).toEqual(voided);
    expect(await client().listRefunds(id)).toEqual([]);
    const captured = await client().create(visa, fresh());
    expect(await failureOf(client().void(captured.id, fresh()))).toMatchObject({ name: 'ConflictError' });
    expect((await client().retrieve(captured.id)).refundStatus).toBe('none');
  });

  it.each([
    ['tok_chargeDeclined', 'generic_decline', 'card_declined'],
    ['tok_chargeDeclinedInsufficientFunds', 'insufficient_funds', 'card_declined'],
    ['tok_chargeDeclinedFraudulent', 'suspected_fraud', 'card_declined'],
    ['tok_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['tok_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['tok_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('rejects %s as %s, with the failed charge', async (source, declineCode, providerCode) => {
    const error = (await failureOf(client().create({ ...visa, source }, fresh()))) as CardError;
    expect(error).toMatchObject({
      name: 'CardError',
      outcome: 'rejected',
      declineCode,
      providerCode,
      statusCode: 402,
    });
    expect(error.charge).toMatchObject({ id: error.chargeId, status: 'failed', amountCaptured: 0 });
    expect(await client().retrieve(error.chargeId as string)).toEqual(error.charge);
  });

  it('answers a repeated key with the same charge, from this process and from another', async () => {
    const key = fresh();
    const stripe = client();
    const charge = await stripe.create(visa, key);
    expect(await stripe.create(visa, key)).toEqual(charge);
    expect(await client().create(visa, key)).toEqual(charge);
  });

  it('says that a key was used for another request', async () => {
    const key = fresh();
    await client().create(visa, key);
    const error = await failureOf(client().create({ ...visa, amount: 2001 }, key));
    expect(error.name).toBe('IdempotencyConflictError');
  });

  it('retries a server fault and a rate limit with the same key', async () => {
    for (const source of ['tok_429|tok_visa|retry1', 'tok_429|tok_429|tok_visa|retry2']) {
      const charge = await client({ maxRetries: 2 }).create({ ...visa, source }, fresh());
      expect(charge.status).toBe('captured');
    }
    const error = await failureOf(client().create({ ...visa, source: 'tok_500' }, fresh()));
    expect(error).toMatchObject({ name: 'ProviderError', outcome: 'unknown', statusCode: 500 });
  });

  it('shows a dispute', async () => {
    const { id } = await client().create({ ...visa, source: 'tok_createDispute' }, fresh());
    await expect.poll(async () => (await client().retrieve(id)).disputed).toBe(true);
    expect(await client().retrieve(id)).toMatchObject({ status: 'captured', refundStatus: 'none' });
  });

  it.each([
    ['an amount that is too small', { ...visa, amount: 1 }, 'InvalidRequestError'],
    [
      'a customer that does not exist',
      { ...visa, source: { type: 'customer', customer: 'cus_none' } },
      'NotFoundError',
    ],
  ] as const)('reads the refusal of %s', async (_, params, name) => {
    expect(await failureOf(client().create(params, fresh()))).toMatchObject({ name, outcome: 'rejected' });
  });

  it('reads an answer without an error envelope as a fault, not as success', async () => {
    const error = await failureOf(client().create({ ...visa, source: 'tok_discover' }, fresh()));
    expect(error).toMatchObject({ name: 'ProviderError', outcome: 'unknown' });
  });

  it('says that a charge does not exist, and that a key is wrong', async () => {
    expect(await failureOf(client().retrieve('ch_none'))).toMatchObject({
      name: 'NotFoundError',
      statusCode: 404,
    });
    const wrong = client({ secretKey: 'rk_test_wrong' });
    expect(await failureOf(wrong.retrieve('ch_none'))).toMatchObject({
      name: 'AuthenticationError',
      statusCode: 401,
    });
  });
});
