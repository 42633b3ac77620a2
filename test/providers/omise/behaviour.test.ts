import { describe, expect, it } from 'vitest';
import { CardError, ConfigurationError, IntegrityError, ProviderError } from '../../../src/errors.js';
import { createOmise } from '../../../src/providers/omise/index.js';
import {
  authorizedCharge,
  challengedCharge,
  errorOf,
  failedCharge,
  listOf,
  paidCharge,
  refund,
} from '../../fixtures/omise/charges.js';
import { answering, secretKey, testClient, useNock, type Received } from './client.js';

useNock();

const id = 'chrg_test_0aaaaaaaaaaaaaaaaa1';
const params = { amount: 45900, currency: 'THB', source: 'tokn_test_1' } as const;
const stamped = { metadata: { unicharge_key: 'key-1' } };
const line = ({ method, path }: Received): string => `${method} ${path.replace(/\?.*/, '')}`;
const caught = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe('settings', () => {
  it.each([
    ['a public key', 'pkey_test_0123456789abcdef', /secretKey: must be a secret key/],
    ['something else', 'sk_test_0123456789abcdef', /secretKey: must be a secret key/],
    ['a key with a space', 'skey_test_01234 56789', /secretKey: must be visible ASCII/],
  ])('refuse %s, without repeating it', (_, key, message) => {
    expect(() => createOmise({ secretKey: key })).toThrow(ConfigurationError);
    expect(() => createOmise({ secretKey: key })).toThrow(message);
    expect(() => createOmise({ secretKey: key })).not.toThrow(new RegExp(key));
  });

  it('refuse a version that is none', () => {
    expect(() => createOmise({ secretKey, apiVersion: 'latest' })).toThrow(/apiVersion: must be a version/);
  });

  it('take the key from the environment, or say both names', async () => {
    const before = process.env['OMISE_SECRET_KEY'];
    try {
      process.env['OMISE_SECRET_KEY'] = secretKey;
      const received = answering([200, paidCharge()]);
      await createOmise().retrieve(id);
      expect(received[0]!.headers['authorization']).toBe(
        `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
      );
      delete process.env['OMISE_SECRET_KEY'];
      expect(() => createOmise()).toThrow(/secretKey.*OMISE_SECRET_KEY/);
    } finally {
      if (before === undefined) delete process.env['OMISE_SECRET_KEY'];
      else process.env['OMISE_SECRET_KEY'] = before;
    }
  });
});

describe('capabilities', () => {
  it('derive from the adapter', () => {
    const { capabilities, supports } = testClient();
    expect(capabilities).toMatchObject({
      writeSafety: 'lookup',
      create: { supported: true, sources: ['token', 'customer', 'redirect'] },
      update: { supported: true, fields: ['description', 'metadata'] },
      list: { order: 'newest_first', pushedDown: ['createdAfter', 'createdBefore'] },
      search: { supported: true, eventuallyConsistent: true },
      capture: { partial: 'some' },
      void: { supported: true, captured: false },
      expire: { supported: true },
      refund: { partial: true, metadata: true },
      verify3DS: { by: ['chargeId'] },
    });
    for (const operation of ['reverse', 'expire', 'search', 'verify3DS'] as const)
      expect(supports(operation)).toBe(true);
  });
});

describe('a declined create', () => {
  it('rejects with the decline, though Omise answers 200', async () => {
    const declined = failedCharge({ ...stamped, failure_code: 'stolen_or_lost_card' });
    // A decline may be that of a second copy of the request: one look tells.
    const received = answering([200, declined], [200, listOf([declined])]);
    const error = await caught(testClient().create(params, { idempotencyKey: 'key-1' }));
    expect(received.map(line)).toEqual(['POST /charges', 'GET /charges']);
    expect(error).toBeInstanceOf(CardError);
    expect(error).toMatchObject({
      declineCode: 'lost_or_stolen_card',
      advice: 'do_not_retry',
      providerCode: 'stolen_or_lost_card',
      outcome: 'rejected',
      chargeId: id,
      charge: { id, status: 'failed', amountCaptured: 0 },
      idempotencyKey: 'key-1',
    });
  });

  it('rejects also where no charge was made', async () => {
    answering([400, errorOf('failed_fraud_check')], [200, listOf([])]);
    await expect(testClient().create(params)).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'suspected_fraud',
      outcome: 'rejected',
      statusCode: 400,
      charge: null,
    });
  });

  it('is shown as failed by retrieve', async () => {
    answering([200, failedCharge()]);
    expect(await testClient().retrieve(id)).toMatchObject({
      status: 'failed',
      failure: { code: 'insufficient_funds' },
    });
  });
});

describe('an answer that leaves the outcome open', () => {
  it('is backend_error, although its status is 400: the charge is found by its stamp and not made again', async () => {
    const client = testClient();
    const received = answering(
      [400, errorOf('backend_error')],
      [200, listOf([paidCharge({ id: 'chrg_test_9' }), paidCharge(stamped)])],
      [200, paidCharge(stamped)],
    );
    const error = await caught(client.create(params, { idempotencyKey: 'key-1' }));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      outcome: 'unknown',
      providerCode: 'backend_error',
      idempotencyKey: 'key-1',
    });
    expect(await client.create(params, { idempotencyKey: 'key-1' })).toMatchObject({
      id,
      status: 'captured',
    });
    expect(received.map(line)).toEqual(['POST /charges', 'GET /charges', `GET /charges/${id}`]);
  });

  it.each([
    ['a fault in JSON', 500, errorOf('internal_error')],
    ['a gateway in HTML', 502, '<html>Bad Gateway</html>'],
    ['nothing', 503, ''],
    ['a 200 that is no charge', 200, { object: 'card', id: 'card_test_1' }],
    ['a 200 with an error in it', 200, errorOf('bad_request')],
    ['a 200 that is HTML', 200, '<html>Welcome</html>'],
  ])('is %s', async (_, status, body) => {
    const received = answering([status, body]);
    await expect(testClient().create(params)).rejects.toMatchObject({
      outcome: 'unknown',
      statusCode: status,
    });
    expect(received.map(line)).toEqual(['POST /charges']);
  });

  it('is a capture that does not show that it captured', async () => {
    answering([200, authorizedCharge()]);
    await expect(testClient().capture(id)).rejects.toMatchObject({ outcome: 'unknown', chargeId: id });
  });

  it('is a void that does not show that it released', async () => {
    answering([200, authorizedCharge()]);
    await expect(testClient().void(id)).rejects.toMatchObject({ outcome: 'unknown', chargeId: id });
  });

  it.each([
    ['another amount', { ...stamped, amount: 45901 }, id],
    ['another currency', { ...stamped, currency: 'JPY' }, id],
    ['the other mode', { ...stamped, livemode: true }, id],
    // Somebody else's charge: its id must not be taken for that of this one.
    ['another key', { metadata: { unicharge_key: 'key-2' } }, null],
  ])('is a charge with %s', async (_, changes, chargeId) => {
    answering([200, paidCharge(changes)]);
    const error = await caught(testClient().create(params, { idempotencyKey: 'key-1' }));
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toMatchObject({ outcome: 'unknown', chargeId });
  });
});

describe('an answer that was not executed', () => {
  it('is 429: the create is sent again in the same call', async () => {
    const received = answering([429, errorOf('too_many_requests')], [200, paidCharge(stamped)]);
    const client = testClient({ maxRetries: 1 });
    expect((await client.create(params, { idempotencyKey: 'key-1' })).id).toBe(id);
    expect(received.map(({ body }) => body)).toEqual([received[0]!.body, received[0]!.body]);
  });

  it('is not an HTML 429 from something in front of Omise', async () => {
    const received = answering([429, '<html>Slow down</html>']);
    const client = testClient({ maxRetries: 1 });
    await expect(client.create(params)).rejects.toMatchObject({ name: 'RateLimitError', outcome: 'unknown' });
    expect(received).toHaveLength(1);
  });
});

describe('a refusal that an own earlier success would cause', () => {
  it('is not believed on a repeat: the token was used by the first attempt', async () => {
    const client = testClient();
    const received = answering(
      [500, errorOf('internal_error')],
      [200, listOf([paidCharge(stamped)])],
      [200, paidCharge(stamped)],
    );
    await caught(client.create(params, { idempotencyKey: 'key-1' }));
    expect((await client.create(params, { idempotencyKey: 'key-1' })).id).toBe(id);
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('is a conflict on the first attempt', async () => {
    answering([400, errorOf('failed_capture')]);
    await expect(testClient().capture(id)).rejects.toMatchObject({
      name: 'ConflictError',
      outcome: 'rejected',
    });
  });

  it('finds a refund whose answer was lost by its stamp', async () => {
    const client = testClient();
    const own = refund({ metadata: { unicharge_key: 'r-1' } });
    const received = answering(
      [500, errorOf('internal_error')],
      [200, listOf([refund({ id: 'rfnd_test_other' }), own])],
    );
    const again = { idempotencyKey: 'r-1' };
    await expect(client.refund(id, { amount: 900 }, again)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await client.refund(id, { amount: 900 }, again)).toMatchObject({
      id: 'rfnd_test_0hhhhhhhhhhhhhhhh1',
    });
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('verify3DS', () => {
  it('reads the charge after the payer came back', async () => {
    const received = answering([200, paidCharge({ authenticated_by: '3DS' })]);
    const charge = await testClient().verify3DS({
      chargeId: id,
      expected: { amount: 45900, currency: 'THB' },
    });
    expect(charge).toMatchObject({ status: 'captured', threeDS: { status: 'authenticated' } });
    expect(received.map(line)).toEqual([`GET /charges/${id}`]);
  });

  it('resolves while the payer has not finished', async () => {
    answering([200, challengedCharge()]);
    expect(await testClient().verify3DS({ chargeId: id })).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect' },
    });
  });

  it('rejects with the decline', async () => {
    answering([200, failedCharge({ failure_code: 'payment_rejected' })]);
    await expect(testClient().verify3DS({ chargeId: id })).rejects.toMatchObject({
      name: 'CardError',
      declineCode: 'do_not_honor',
      chargeId: id,
    });
  });

  it('rejects a charge that is not the one of the order', async () => {
    answering([200, paidCharge()]);
    await expect(testClient().verify3DS({ chargeId: id, expected: { amount: 100 } })).rejects.toThrow(
      IntegrityError,
    );
  });

  it.each([{}, { sessionToken: 'se_1' }, { chargeId: id, otp: { confirmationId: 'c', code: '1' } }])(
    'sends nothing for %j',
    async (wrong) => {
      const received = answering();
      await expect(testClient().verify3DS(wrong)).rejects.toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
      });
      expect(received).toEqual([]);
    },
  );
});

describe('drift', () => {
  it('is an error where the settings ask for it', async () => {
    answering([200, paidCharge({ status: 'settled' })], [200, paidCharge({ fee: 'much' })]);
    const client = testClient({ strictResponses: true });
    await expect(client.retrieve(id)).rejects.toMatchObject({ name: 'InvalidResponseError', code: 'drift' });
    await expect(client.retrieve(id)).rejects.toMatchObject({ name: 'InvalidResponseError', code: 'drift' });
  });

  it('costs only the field that is wrong, and is told', async () => {
    const told: unknown[] = [];
    answering([200, paidCharge({ fee: 'much', card: 'card_test_1' })]);
    const client = testClient({ onEvent: (each) => (each.type === 'drift' ? told.push(each) : undefined) });
    expect(await client.retrieve(id)).toMatchObject({ status: 'captured', fee: null, paymentMethod: null });
    expect(told).toMatchObject([
      { path: 'card', kind: 'wrong_type' },
      { path: 'fee', kind: 'wrong_type' },
    ]);
  });
});
