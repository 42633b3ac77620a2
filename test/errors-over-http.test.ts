import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AbortError,
  AuthenticationError,
  CardError,
  ChargesError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  IdempotencyConflictError,
  IntegrityError,
  InvalidRequestError,
  InvalidResponseError,
  NotFoundError,
  OperationInProgressError,
  OutcomeUnknownError,
  PermissionError,
  ProviderError,
  RateLimitError,
  TimeoutError,
  UnsupportedOperationError,
  WebhookSignatureError,
  type ChargesClient,
} from '../src/index.js';
import { createOmise } from '../src/providers/omise/index.js';
import { createStripe } from '../src/providers/stripe/index.js';
import { startSimulator, type Simulator } from '../src/testing/index.js';
import { closedPort } from './transport/a-server.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ providers: ['stripe', 'omise'] });
});
afterAll(() => simulator.close());

const settings = () => simulator.settings('stripe');
const params = (kind: 'approved' | 'declined' = 'approved') => ({
  amount: 4590,
  currency: 'EUR',
  source: simulator.source('stripe', kind),
});

let keys = 0;
const freshKey = (): string => `order-${(keys += 1)}`;

/** Runs a write that must fail, and gives its error. */
const failureOf = async (work: Promise<unknown>): Promise<ChargesError> => {
  const error: unknown = await work.then(
    () => {
      throw new Error('it resolved');
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChargesError);
  return error as ChargesError;
};

/** A server that answers every request in one way. */
const answering = async (
  answer: (response: ServerResponse) => void,
): Promise<{ url: string; close: () => void }> => {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

const stripeAt = (baseUrl: string, more: object = {}) =>
  createStripe({ ...settings(), baseUrl, maxRetries: 0, api: 'charges', ...more });

describe('each error class, over real HTTP', () => {
  it('ConfigurationError: a setting that nobody knows', () => {
    expect(() => createStripe({ ...settings(), maxRetrys: 3 } as never)).toThrow(ConfigurationError);
    expect(() => createStripe({ ...settings(), maxRetrys: 3 } as never)).toThrow(/did you mean maxRetries/);
  });

  it('UnsupportedOperationError: before any byte', async () => {
    const client: ChargesClient = createStripe(settings());
    const seen = simulator.requests().length;
    const error = await failureOf(client.expire('pi_1', { idempotencyKey: freshKey() }));
    expect(error).toBeInstanceOf(UnsupportedOperationError);
    expect(error).toMatchObject({ outcome: 'not_sent', code: 'unsupported_operation', operation: 'expire' });
    expect(simulator.requests().length).toBe(seen);
  });

  it('InvalidRequestError: found here, not sent', async () => {
    const seen = simulator.requests().length;
    const work = createStripe(settings()).create(
      { ...params(), amount: 45.9 },
      { idempotencyKey: freshKey() },
    );
    const error = await failureOf(work);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ outcome: 'not_sent', code: 'invalid_request' });
    expect(error.issues.map(({ path }) => path)).toEqual(['amount']);
    expect(simulator.requests().length).toBe(seen);
  });

  it('InvalidRequestError: found by the provider, rejected', async () => {
    const key = freshKey();
    const error = await failureOf(
      createStripe(settings()).create({ ...params(), amount: 1 }, { idempotencyKey: key }),
    );
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      outcome: 'rejected',
      providerCode: 'amount_too_small',
      idempotencyKey: key,
    });
  });

  it('AuthenticationError', async () => {
    const key = freshKey();
    const client = createStripe({ ...settings(), secretKey: 'sk_test_wrong' });
    const error = await failureOf(client.create(params(), { idempotencyKey: key }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({
      outcome: expect.stringMatching(/rejected|not_sent/) as string,
      statusCode: 401,
      idempotencyKey: key,
    });
  });

  it('PermissionError', async () => {
    const server = await answering((response) =>
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"error":{"type":"invalid_request_error","message":"no"}}'),
    );
    const key = freshKey();
    const error = await failureOf(stripeAt(server.url).create(params(), { idempotencyKey: key }));
    expect(error).toBeInstanceOf(PermissionError);
    expect(error).toMatchObject({ outcome: 'rejected', code: 'permission_denied', idempotencyKey: key });
    server.close();
  });

  it('NotFoundError', async () => {
    const error = await failureOf(createStripe(settings()).retrieve('pi_missing'));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({
      outcome: 'not_sent',
      statusCode: 404,
      chargeId: 'pi_missing',
      idempotencyKey: null,
    });
  });

  it('CardError', async () => {
    const key = freshKey();
    const error = await failureOf(
      createStripe(settings()).create(params('declined'), { idempotencyKey: key }),
    );
    expect(error).toBeInstanceOf(CardError);
    expect(error).toMatchObject({
      outcome: 'rejected',
      code: 'card_declined',
      declineCode: 'generic_decline',
      advice: 'use_other_card',
      idempotencyKey: key,
      charge: { status: 'failed' },
    });
  });

  it('ConflictError: captured already', async () => {
    const client = createStripe(settings());
    const charge = await client.create(params());
    const key = freshKey();
    const error = await failureOf(client.capture(charge.id, {}, { idempotencyKey: key }));
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({
      outcome: 'rejected',
      code: 'conflict',
      idempotencyKey: key,
      chargeId: charge.id,
    });
  });

  it('IdempotencyConflictError: the key of another request, in this process and from another one', async () => {
    const key = freshKey();
    const first = createStripe(settings());
    await first.create(params(), { idempotencyKey: key });
    for (const client of [first, createStripe(settings())]) {
      const error = await failureOf(client.create({ ...params(), amount: 999 }, { idempotencyKey: key }));
      expect(error).toBeInstanceOf(IdempotencyConflictError);
      expect(error).toMatchObject({ code: 'idempotency_conflict', idempotencyKey: key });
    }
  });

  it('OperationInProgressError: the same write at the same moment', async () => {
    const client = createStripe(settings());
    const key = freshKey();
    const same = params();
    const first = client.create(same, { idempotencyKey: key });
    const error = await failureOf(client.create(same, { idempotencyKey: key }));
    expect(error).toBeInstanceOf(OperationInProgressError);
    expect(error).toMatchObject({ outcome: 'unknown', isRetryable: true, idempotencyKey: key });
    await expect(first).resolves.toMatchObject({ status: 'captured' });
  });

  it('RateLimitError, with how long to wait', async () => {
    simulator.inject({
      provider: 'stripe',
      operation: 'create',
      fault: { type: 'rate_limited', retryAfterSeconds: 7 },
    });
    const key = freshKey();
    const error = await failureOf(
      createStripe({ ...settings(), maxRetries: 0 }).create(params(), { idempotencyKey: key }),
    );
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({
      outcome: 'rejected',
      retryAfterMs: 7_000,
      isRetryable: true,
      idempotencyKey: key,
    });
  });

  it('ProviderError: a fault of the provider leaves the outcome open', async () => {
    simulator.inject({ provider: 'stripe', operation: 'create', fault: 'server_error_after_commit' });
    const key = freshKey();
    const error = await failureOf(
      createStripe({ ...settings(), maxRetries: 0 }).create(params(), { idempotencyKey: key }),
    );
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      outcome: 'unknown',
      statusCode: 500,
      isRetryable: true,
      idempotencyKey: key,
    });
  });

  it('ConnectionError: not sent where nobody listens, unknown where the answer was lost', async () => {
    const key = freshKey();
    const refused = await failureOf(stripeAt(await closedPort()).create(params(), { idempotencyKey: key }));
    expect(refused).toBeInstanceOf(ConnectionError);
    expect(refused).toMatchObject({ outcome: 'not_sent', code: 'connection_failed', idempotencyKey: key });

    simulator.inject({ provider: 'stripe', operation: 'create', fault: 'cut_after_commit' });
    const second = freshKey();
    const lost = await failureOf(
      createStripe({ ...settings(), maxRetries: 0 }).create(params(), { idempotencyKey: second }),
    );
    expect(lost).toBeInstanceOf(ConnectionError);
    expect(lost).toMatchObject({ outcome: 'unknown', code: 'connection_failed', idempotencyKey: second });
    expect(lost.unresolved).toMatchObject({ operation: 'create', amount: 4590, currency: 'EUR' });
  });

  it('TimeoutError', async () => {
    const server = await answering(() => undefined);
    const key = freshKey();
    const error = await failureOf(
      stripeAt(server.url, { timeoutMs: 500 }).create(params(), { idempotencyKey: key }),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      outcome: 'unknown',
      code: 'timeout',
      isRetryable: true,
      idempotencyKey: key,
    });
    server.close();
  });

  it('AbortError: not sent before, unknown afterwards', async () => {
    const server = await answering(() => undefined);
    const key = freshKey();
    const before = await failureOf(
      stripeAt(server.url).create(params(), { idempotencyKey: key, signal: AbortSignal.abort() }),
    );
    expect(before).toBeInstanceOf(AbortError);
    expect(before).toMatchObject({ outcome: 'not_sent', code: 'aborted', idempotencyKey: key });

    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 50);
    const after = await failureOf(
      stripeAt(server.url).create(params(), { idempotencyKey: freshKey(), signal: controller.signal }),
    );
    expect(after).toBeInstanceOf(AbortError);
    expect(after.outcome).toBe('unknown');
    server.close();
  });

  it.each([
    ['malformed JSON', '{"id":"ch_1","amount":45'],
    ['an empty body', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a banana', '{"id":"ch_5","object":"banana"}'],
  ])('InvalidResponseError: a 200 with %s', async (_, body) => {
    const server = await answering((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(body),
    );
    const key = freshKey();
    const error = await failureOf(stripeAt(server.url).create(params(), { idempotencyKey: key }));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ outcome: 'unknown', code: 'invalid_response', idempotencyKey: key });
    if (body.includes('ch_5')) expect(error.chargeId).toBe('ch_5');
    server.close();
  });

  it('IntegrityError: the charge of the answer is not the expected one', async () => {
    const client = createStripe(settings());
    const charge = await client.create(params());
    const error = await failureOf(client.verify3DS({ chargeId: charge.id, expected: { amount: 9_999 } }));
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({ code: 'unexpected_charge', chargeId: charge.id });
  });

  it('OutcomeUnknownError: a look that settles nothing yet', async () => {
    const client = createOmise({
      ...simulator.settings('omise'),
      settleMs: 60_000,
      maxRetries: 0,
      deadlineMs: 2_000,
    });
    const key = freshKey();
    const thai = { amount: 459_000, currency: 'THB', source: simulator.source('omise', 'approved') };
    simulator.inject({ provider: 'omise', operation: 'create', fault: 'cut_before_commit' });
    const first = await failureOf(client.create(thai, { idempotencyKey: key }));
    expect(first).toMatchObject({ name: 'ConnectionError', outcome: 'unknown' });
    const error = await failureOf(client.create(thai, { idempotencyKey: key }));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ outcome: 'unknown', code: 'outcome_unknown', idempotencyKey: key });
    expect((error as OutcomeUnknownError).retryAfterMs).toBeGreaterThan(0);
    expect(error.cause).toBeInstanceOf(ConnectionError);
  });

  it('WebhookSignatureError', async () => {
    const client = createStripe({ ...settings(), webhookSecret: 'whsec_test' });
    const error = await failureOf(client.parseWebhook('{}', { 'stripe-signature': 't=1,v1=00' }));
    expect(error).toBeInstanceOf(WebhookSignatureError);
    expect(error).toMatchObject({ outcome: 'not_sent', operation: 'parseWebhook' });
  });
});

describe('every error', () => {
  it('travels as JSON, keeps its name across minifiers and copies, and holds no secret', async () => {
    const client = createStripe({ ...settings(), maxRetries: 0 });
    simulator.inject({ provider: 'stripe', operation: 'create', fault: 'cut_after_commit' });
    const error = await failureOf(client.create(params(), { idempotencyKey: freshKey() }));
    const json = JSON.stringify(error);
    expect(JSON.parse(json)).toMatchObject({ name: 'ConnectionError', outcome: 'unknown' });
    const { inspect } = await import('node:util');
    const text = json + inspect(error, { depth: 10, showHidden: true }) + String(error.stack);
    expect(text).not.toContain(settings().secretKey);
    expect(text).not.toContain('authorization');
  });
});
