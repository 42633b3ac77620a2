import { describe, expect, it } from 'vitest';
import { InvalidRequestError, InvalidResponseError, UnsupportedOperationError } from '../../../src/errors.js';
import {
  authorizedCharge,
  challengedCharge,
  event,
  expiredCharge,
  failedCharge,
  listOf,
  paidCharge,
  promptpayCharge,
  refund,
  reversedCharge,
  searchOf,
} from '../../fixtures/omise/charges.js';
import { answering, secretKey, testClient, useNock, type Received } from './client.js';

useNock();

const id = 'chrg_test_0aaaaaaaaaaaaaaaaa1';
const stamped = (key: string) => ({ metadata: { order: '77', unicharge_key: key } });
const line = ({ method, path }: Received): string => `${method} ${path}`;

describe('every request', () => {
  it('authenticates with the secret key as the user name, names the version, and has no idempotency header', async () => {
    const [received] = [answering([200, paidCharge(stamped('key-1'))])];
    await testClient().create(
      { amount: 45900, currency: 'THB', source: 'tokn_test_1' },
      { idempotencyKey: 'key-1' },
    );
    const { headers } = received[0]!;
    expect(headers['authorization']).toBe(`Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`);
    expect(headers['omise-version']).toBe('2019-05-29');
    expect(headers['content-type']).toBe('application/json');
    expect(headers['idempotency-key']).toBeUndefined();
  });

  it('names another version where the settings ask for it', async () => {
    const received = answering([200, paidCharge()]);
    await testClient({ apiVersion: '2017-11-02' }).retrieve(id);
    expect(received[0]!.headers['omise-version']).toBe('2017-11-02');
  });
});

describe('create', () => {
  it.each([
    ['a card token', 'tokn_test_1', '"card":"tokn_test_1"', paidCharge],
    ['a source', 'src_test_1', '"source":"src_test_1"', promptpayCharge],
    [
      'a saved card',
      { type: 'customer', customer: 'cust_test_1', card: 'card_test_1' },
      '"customer":"cust_test_1","card":"card_test_1"',
      paidCharge,
    ],
    ['a customer', { type: 'customer', customer: 'cust_test_1' }, '"customer":"cust_test_1"', paidCharge],
    [
      'a QR code',
      { type: 'redirect', method: 'promptpay' },
      '"source":{"type":"promptpay"}',
      promptpayCharge,
    ],
    [
      'installments',
      { type: 'redirect', method: 'installment_kbank', details: { installment_term: 4 } },
      '"source":{"installment_term":4,"type":"installment_kbank"}',
      challengedCharge,
    ],
  ] as const)('charges %s', async (_, source, sent, answer) => {
    const received = answering([200, answer(stamped('key-1'))]);
    const charge = await testClient().create(
      { amount: 45900, currency: 'THB', source, metadata: { order: '77' } },
      { idempotencyKey: 'key-1' },
    );
    expect(charge.id).toBe(id);
    expect(charge.metadata).toEqual({ order: '77' });
    expect(received.map(line)).toEqual(['POST /charges']);
    expect(received[0]!.body).toBe(
      `{"amount":45900,"currency":"THB",${sent},"capture":true,"metadata":{"order":"77","unicharge_key":"key-1"}}`,
    );
  });

  it('authorizes only, with one partial capture to come', async () => {
    const received = answering([200, authorizedCharge(stamped('key-1'))]);
    const charge = await testClient().create(
      {
        amount: 45900,
        currency: 'THB',
        source: 'tokn_test_1',
        capture: false,
        providerOptions: { authorizationType: 'pre_auth' },
      },
      { idempotencyKey: 'key-1' },
    );
    expect(charge).toMatchObject({ status: 'authorized', amountCaptured: 0 });
    expect(received[0]!.body).toBe(
      '{"amount":45900,"currency":"THB","card":"tokn_test_1","capture":false,"metadata":{"unicharge_key":"key-1"},"authorization_type":"pre_auth"}',
    );
  });

  it('sends nothing that Omise could not do as asked', async () => {
    const received = answering();
    const client = testClient();
    for (const params of [
      { amount: 45900, currency: 'KWD', source: 'tokn_test_1' },
      { amount: 45900, currency: 'THB' },
      { amount: 45900, currency: 'THB', source: 'card_test_1' },
      { amount: 0, currency: 'THB', source: 'tokn_test_1' },
    ]) {
      await expect(client.create(params)).rejects.toMatchObject({
        name: 'InvalidRequestError',
        outcome: 'not_sent',
      });
    }
    expect(received).toEqual([]);
  });
});

describe('update', () => {
  it('sends only the description where nothing else changes', async () => {
    const received = answering([200, paidCharge({ description: 'order 78' })]);
    const charge = await testClient().update(id, { description: 'order 78' });
    expect(charge.description).toBe('order 78');
    expect(received.map(line)).toEqual([`PATCH /charges/${id}`]);
    expect(received[0]!.body).toBe('{"description":"order 78"}');
  });

  it('reads the metadata, merges into it and sends the whole map with the stamp', async () => {
    const before = { order: '77', note: 'x', unicharge_key: 'key-1' };
    const received = answering(
      [200, paidCharge({ metadata: before })],
      [200, paidCharge({ metadata: { order: '78', unicharge_key: 'key-1', by: 'us' } })],
    );
    const charge = await testClient().update(id, { metadata: { order: '78', note: null, by: 'us' } });
    expect(charge.metadata).toEqual({ order: '78', by: 'us' });
    expect(received.map(line)).toEqual([`GET /charges/${id}`, `PATCH /charges/${id}`]);
    expect(received[1]!.body).toBe(
      '{"metadata":{"order":"78","note":null,"unicharge_key":"key-1","by":"us"}}',
    );
  });

  it.each([null, 'text'])('never merges into metadata that it cannot read: %j', async (metadata) => {
    const received = answering([200, paidCharge({ metadata })]);
    await expect(testClient().update(id, { metadata: { order: '78' } })).rejects.toThrow(
      InvalidResponseError,
    );
    expect(received.map(line)).toEqual([`GET /charges/${id}`]);
  });

  it('refuses what Omise cannot change', async () => {
    const received = answering();
    await expect(testClient().update(id, { email: 'payer@example.com' })).rejects.toThrow(
      InvalidRequestError,
    );
    expect(received).toEqual([]);
  });
});

describe('capture', () => {
  it('takes everything without a body', async () => {
    const received = answering([200, paidCharge({ capture: false })]);
    const charge = await testClient().capture(id);
    expect(charge).toMatchObject({ status: 'captured', amountCaptured: 45900 });
    expect(received.map(line)).toEqual([`POST /charges/${id}/capture`]);
    expect(received[0]!.body).toBe('');
  });

  it('sends no amount where everything is asked for by its amount', async () => {
    const received = answering([200, authorizedCharge()], [200, paidCharge()]);
    await testClient().capture(id, { amount: 45900 });
    expect(received.map(line)).toEqual([`GET /charges/${id}`, `POST /charges/${id}/capture`]);
    expect(received[1]!.body).toBe('');
  });

  it('takes a part of a charge that was made for it', async () => {
    const preAuth = { authorization_type: 'pre_auth' };
    const received = answering(
      [200, authorizedCharge(preAuth)],
      [200, paidCharge({ ...preAuth, captured_amount: 40000 })],
    );
    const charge = await testClient().capture(id, { amount: 40000 });
    expect(charge).toMatchObject({ amount: 45900, amountCaptured: 40000, amountRefunded: 0 });
    expect(received[1]!.body).toBe('{"capture_amount":40000}');
  });

  it.each([
    ['a part of an ordinary authorization', {}, 40000],
    ['a part of a final authorization', { authorization_type: 'final_auth' }, 40000],
    ['more than was authorized', { authorization_type: 'pre_auth' }, 46000],
  ])('never sends %s', async (_, changes, amount) => {
    const received = answering([200, authorizedCharge(changes)]);
    await expect(testClient().capture(id, { amount })).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      chargeId: id,
      issues: [{ path: 'amount' }],
    });
    expect(received.map(line)).toEqual([`GET /charges/${id}`]);
  });

  it('does not believe a partial capture that took everything', async () => {
    const preAuth = { authorization_type: 'pre_auth' };
    answering([200, authorizedCharge(preAuth)], [200, paidCharge({ ...preAuth, captured_amount: 45900 })]);
    await expect(testClient().capture(id, { amount: 40000 })).rejects.toMatchObject({
      outcome: 'unknown',
      chargeId: id,
    });
  });
});

describe('void and expire', () => {
  it('releases an authorization by reversing it', async () => {
    const received = answering([200, reversedCharge()]);
    expect(await testClient().void(id)).toMatchObject({
      status: 'voided',
      amountCaptured: 0,
      amountRefunded: 0,
    });
    expect(received.map(line)).toEqual([`POST /charges/${id}/reverse`]);
    expect(received[0]!.body).toBe('');
  });

  it('does so under its other name, too', async () => {
    const received = answering([200, reversedCharge()]);
    expect((await testClient().reverse(id)).status).toBe('voided');
    expect(received.map(line)).toEqual([`POST /charges/${id}/reverse`]);
  });

  it('ends a payment that nobody made', async () => {
    const received = answering([200, expiredCharge()]);
    expect((await testClient().expire(id)).status).toBe('expired');
    expect(received.map(line)).toEqual([`POST /charges/${id}/expire`]);
    expect(received[0]!.body).toBe('');
  });
});

describe('refund', () => {
  const answer = (amount: number, metadata = {}) =>
    refund({ amount, metadata: { ...metadata, unicharge_key: 'r-1' } });

  it('gives back a part', async () => {
    const received = answering([200, answer(900, { reason: 'duplicate', ticket: '9' })]);
    const result = await testClient().refund(
      id,
      { amount: 900, reason: 'duplicate', metadata: { ticket: '9' } },
      { idempotencyKey: 'r-1' },
    );
    expect(result).toMatchObject({
      amount: 900,
      status: 'succeeded',
      reason: 'duplicate',
      metadata: { ticket: '9' },
    });
    expect(received.map(line)).toEqual([`POST /charges/${id}/refunds`]);
    expect(received[0]!.body).toBe(
      '{"amount":900,"metadata":{"reason":"duplicate","ticket":"9","unicharge_key":"r-1"}}',
    );
  });

  it('gives back what is left of what was captured', async () => {
    const charge = paidCharge({ captured_amount: 40000, refunded_amount: 900, refunds: null });
    const received = answering([200, charge], [200, answer(39100)]);
    expect((await testClient().refund(id, {}, { idempotencyKey: 'r-1' })).amount).toBe(39100);
    expect(received.map(line)).toEqual([`GET /charges/${id}`, `POST /charges/${id}/refunds`]);
    expect(received[1]!.body).toBe('{"amount":39100,"metadata":{"unicharge_key":"r-1"}}');
  });

  it('asks for a void where the caller insists', async () => {
    const received = answering([200, answer(900)]);
    await testClient().refund(
      id,
      { amount: 900, providerOptions: { void: true } },
      { idempotencyKey: 'r-1' },
    );
    expect(received[0]!.body).toBe('{"amount":900,"metadata":{"unicharge_key":"r-1"},"void":true}');
  });

  it.each([
    ['an authorization', authorizedCharge()],
    ['a failed charge', failedCharge()],
    [
      'a charge that does not say what was captured',
      paidCharge({ authorization_type: 'pre_auth', captured_amount: null }),
    ],
    [
      'a charge of which nothing is left',
      paidCharge({ refunded_amount: 45900, voided: true, refunds: null }),
    ],
  ])('of %s is a conflict, and nothing is sent', async (_, charge) => {
    const received = answering([200, charge]);
    await expect(testClient().refund(id)).rejects.toMatchObject({ name: 'ConflictError', chargeId: id });
    expect(received.map(line)).toEqual([`GET /charges/${id}`]);
  });
});

describe('reading refunds', () => {
  it('reads every page, newest first, each refund once', async () => {
    const numbered = (number: number) => refund({ id: `rfnd_test_${number}` });
    const received = answering(
      [200, listOf([numbered(3), numbered(2)], { total: 4 })],
      [200, listOf([numbered(2), numbered(1)], { offset: 2, total: 4 })],
    );
    const refunds = await testClient().listRefunds(id);
    expect(refunds.map((each) => each.id)).toEqual(['rfnd_test_3', 'rfnd_test_2', 'rfnd_test_1']);
    expect(received.map(line)).toEqual([
      `GET /charges/${id}/refunds?limit=100&offset=0&order=reverse_chronological`,
      `GET /charges/${id}/refunds?limit=100&offset=2&order=reverse_chronological`,
    ]);
  });

  it('reads one', async () => {
    const received = answering([200, refund()]);
    const result = await testClient().retrieveRefund(id, 'rfnd_test_0hhhhhhhhhhhhhhhh1');
    expect(result.chargeId).toBe(id);
    expect(received.map(line)).toEqual([`GET /charges/${id}/refunds/rfnd_test_0hhhhhhhhhhhhhhhh1`]);
  });
});

describe('list', () => {
  const numbered = (number: number) =>
    paidCharge({ id: `chrg_test_${number}`, created_at: `2026-01-0${number}T03:00:00Z` });

  it('asks for the newest first and goes on to the end; what shifted is not repeated', async () => {
    const received = answering(
      [200, listOf([numbered(4), numbered(3)], { total: 4 })],
      [200, listOf([numbered(3), numbered(2)], { offset: 2, total: 5 })],
      [200, listOf([numbered(1)], { offset: 4, total: 5 })],
    );
    const ids: string[] = [];
    for await (const charge of testClient().list({ limit: 2 })) ids.push(charge.id);
    expect(ids).toEqual(['chrg_test_4', 'chrg_test_3', 'chrg_test_2', 'chrg_test_1']);
    expect(received.map(line)).toEqual([
      'GET /charges?limit=2&offset=0&order=reverse_chronological',
      'GET /charges?limit=2&offset=2&order=reverse_chronological',
      'GET /charges?limit=2&offset=4&order=reverse_chronological',
    ]);
  });

  it('sends the window to Omise in whole seconds and cuts its open end here', async () => {
    const received = answering([200, listOf([numbered(3), numbered(2)])]);
    const page = await testClient().list({
      createdAfter: '2026-01-01T00:00:00+07:00',
      createdBefore: new Date('2026-01-03T03:00:00Z'),
    });
    expect(page.data.map((charge) => charge.id)).toEqual(['chrg_test_2']);
    expect(received.map(line)).toEqual([
      'GET /charges?offset=0&order=reverse_chronological&from=2025-12-31T17%3A00%3A00Z&to=2026-01-03T03%3A00%3A00Z',
    ]);
  });

  it('goes on from a cursor', async () => {
    const received = answering([200, listOf([numbered(2)], { offset: 2, total: 4 })]);
    const page = await testClient().list({ cursor: '2' });
    expect(page.nextCursor).toBe('3');
    expect(received.map(line)).toEqual(['GET /charges?offset=2&order=reverse_chronological']);
  });

  it('does not take an empty page for the end while there is more', async () => {
    answering([200, listOf([], { offset: 0, total: 3 })]);
    await expect(testClient().list()).rejects.toMatchObject({
      name: 'InvalidResponseError',
      code: 'incomplete_list',
      outcome: 'not_sent',
    });
  });

  it('refuses a cursor that is none', async () => {
    const received = answering();
    await expect(testClient().list({ cursor: 'next' })).rejects.toThrow(InvalidRequestError);
    expect(received).toEqual([]);
  });
});

describe('search', () => {
  it('asks in main units, filters again here, and goes on by pages', async () => {
    const received = answering(
      [
        200,
        searchOf([paidCharge({ id: 'chrg_test_1' }), paidCharge({ id: 'chrg_test_2', amount: 459 })], {
          total_pages: 2,
        }),
      ],
      [200, searchOf([reversedCharge({ id: 'chrg_test_3' })], { page: 2, total_pages: 2 })],
    );
    const ids: string[] = [];
    for await (const charge of testClient().search({
      amount: 45900,
      currency: 'THB',
      status: 'captured',
      query: 'a tester',
    })) {
      ids.push(charge.id);
    }
    expect(ids).toEqual(['chrg_test_1']);
    const query =
      'scope=charge&query=a%20tester&filters[status]=successful&filters[amount]=459.00&filters[currency]=THB';
    expect(received.map(line)).toEqual([
      `GET /search?${query}&page=1&order=reverse_chronological`,
      `GET /search?${query}&page=2&order=reverse_chronological`,
    ]);
  });

  it('finds metadata only among what Omise returns', async () => {
    answering([200, searchOf([paidCharge(), paidCharge({ id: 'chrg_test_2', metadata: { order: '78' } })])]);
    const page = await testClient().search({ metadata: { order: '77' } });
    expect(page.data.map((charge) => charge.id)).toEqual([id]);
  });

  it('ends where nothing was found, or beyond the last page', async () => {
    answering(
      [200, searchOf([], { total: 0, total_pages: 0 })],
      [200, searchOf([], { page: 9, total_pages: 2 })],
    );
    expect(await testClient().search({ query: 'x' })).toMatchObject({ data: [], nextCursor: null });
    expect(await testClient().search({ query: 'x', cursor: '9' })).toMatchObject({
      data: [],
      nextCursor: null,
    });
  });
});

describe('what only Omise has', () => {
  it('lists the events of a charge, also those without their object', async () => {
    const received = answering([
      200,
      listOf([
        event('charge.complete', paidCharge(), { id: 'evnt_test_2' }),
        event('charge.create', undefined, { id: 'evnt_test_1' }),
      ]),
    ]);
    const events = await testClient().listEvents(id);
    expect(events.map(({ type }) => type)).toEqual(['charge.captured', 'charge.updated']);
    expect(events.map(({ chargeId }) => chargeId)).toEqual([id, id]);
    expect(events[0]?.charge).toMatchObject({ id, status: 'captured' });
    expect(received.map(line)).toEqual([
      `GET /charges/${id}/events?limit=100&offset=0&order=reverse_chronological`,
    ]);
  });

  it('marks a test charge as paid or failed, and answers with it', async () => {
    const received = answering([200, paidCharge()], [200, failedCharge()]);
    const client = testClient();
    expect((await client.markAsPaid(id)).status).toBe('captured');
    expect((await client.markAsFailed(id)).status).toBe('failed');
    expect(received.map(line)).toEqual([
      `POST /charges/${id}/mark_as_paid`,
      `POST /charges/${id}/mark_as_failed`,
    ]);
  });

  it('marks nothing with a live key', async () => {
    const received = answering();
    const client = testClient({ secretKey: 'skey_0123456789abcdef' });
    await expect(client.markAsPaid(id)).rejects.toThrow(UnsupportedOperationError);
    await expect(client.markAsFailed(id)).rejects.toMatchObject({ outcome: 'not_sent' });
    expect(received).toEqual([]);
  });

  it('refuses an id that would be another address', async () => {
    const received = answering();
    await expect(testClient().listEvents('../customers?x=')).rejects.toThrow(InvalidRequestError);
    expect(received).toEqual([]);
  });
});
