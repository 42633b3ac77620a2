import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.js';
import type { CallOptions } from '../../../src/charges-client.js';
import { event, listOf, paidCharge, searchOf, walletCharge } from '../../fixtures/omise/charges.js';
import { answering, testClient, useNock, type Received } from './client.js';

useNock();

const id = 'chrg_test_0aaaaaaaaaaaaaaaaa1';
const line = ({ method, path }: Received): string => `${method} ${path}`;
const numbered = (number: number) =>
  paidCharge({ id: `chrg_test_${number}`, created_at: `2026-01-0${number}T03:00:00Z` });

/** The issues with which a call is refused before anything is sent. */
const issuesOf = async (call: () => PromiseLike<unknown>): Promise<unknown> => {
  const received = answering();
  const error: unknown = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error).toMatchObject({ outcome: 'not_sent', provider: 'omise' });
  expect(received).toEqual([]);
  return (error as InvalidRequestError).issues;
};

describe('a source made inline', () => {
  it('keeps its nested details as they are', async () => {
    const received = answering([200, walletCharge()]);
    const details = {
      phone_number: '0811111111',
      zero_interest_installments: true,
      items: [
        { sku: '3427842', category: 'Shoes', name: 'Sneakers', quantity: 2, amount: 18000 },
        { sku: '3427843', name: 'Socks', quantity: 1, amount: 9900 },
      ],
      shipping: { country: 'TH', city: 'Bangkok', postal_code: '10320', street1: 'Sukhumvit' },
      billing: { country: 'TH', city: 'Bangkok', postal_code: '10320', street1: 'Sukhumvit' },
    };
    await testClient().create(
      {
        amount: 45900,
        currency: 'THB',
        source: { type: 'redirect', method: 'atome', details },
        returnUrl: 'https://shop.example/orders/77',
      },
      { idempotencyKey: 'key-1' },
    );
    expect(JSON.parse(received[0]!.body)).toMatchObject({ source: { ...details, type: 'atome' } });
  });

  it.each([
    ['null', { email: null }, 'source.details.email'],
    ['a date', { birth: new Date(0) }, 'source.details.birth'],
    ['undefined within', { items: [{ name: undefined }] }, 'source.details.items.0.name'],
    ['what lies too deep', { a: { b: { c: { d: { e: 'f' } } } } }, 'source.details.a.b.c.d'],
  ])('is refused with %s among its details, by its path', async (_, details, path) => {
    const source = { type: 'redirect', method: 'atome', details: details as never } as const;
    const issues = await issuesOf(() => testClient().create({ amount: 45900, currency: 'THB', source }));
    expect(issues).toEqual([expect.objectContaining({ path })]);
  });
});

describe('list', () => {
  it('asks for the oldest first where the caller wants them, and pages on in that order', async () => {
    const received = answering(
      [200, listOf([numbered(1), numbered(2)], { total: 3 })],
      [200, listOf([numbered(3)], { offset: 2, total: 3 })],
    );
    const ids: string[] = [];
    const params = {
      limit: 2,
      createdAfter: '2026-01-01T00:00:00Z',
      providerOptions: { order: 'chronological' },
    } as const;
    for await (const charge of testClient().list(params)) ids.push(charge.id);
    expect(ids).toEqual(['chrg_test_1', 'chrg_test_2', 'chrg_test_3']);
    expect(received.map(line)).toEqual([
      'GET /charges?limit=2&offset=0&order=chronological&from=2026-01-01T00%3A00%3A00Z',
      'GET /charges?limit=2&offset=2&order=chronological&from=2026-01-01T00%3A00%3A00Z',
    ]);
  });

  it('keeps the newest first for the look before a repeated write', async () => {
    const received = answering(
      [200, listOf([])],
      [200, paidCharge({ metadata: { unicharge_key: 'key-1' } })],
    );
    await testClient({ lookupFirst: true }).create(
      { amount: 45900, currency: 'THB', source: 'tokn_test_1' },
      { idempotencyKey: 'key-1' },
    );
    expect(received[0]!.path).toContain('order=reverse_chronological');
  });

  it('refuses an order that Omise does not have', async () => {
    const params = { providerOptions: { order: 'newest' as never } };
    expect(await issuesOf(() => testClient().list(params))).toEqual([
      {
        path: 'providerOptions.order',
        message: 'must be one of chronological, reverse_chronological',
      },
    ]);
  });
});

describe('search', () => {
  it('sends each filter that only Omise has under its own name, amounts in main units', async () => {
    const received = answering([200, searchOf([])]);
    await testClient().search({
      currency: 'THB',
      providerOptions: {
        order: 'chronological',
        filters: {
          authorized: true,
          capture: false,
          captured: true,
          capturedAt: '2026-01-01..2026-01-31',
          cardLastDigits: '4242',
          customerPresent: true,
          disputed: false,
          failureCode: 'insufficient_fund',
          failureMessage: 'insufficient funds',
          refundAmount: 409669,
          refunded: true,
          reversed: false,
          sourceOfFund: 'card',
          voided: false,
        },
      },
    });
    expect(received.map(line)).toEqual([
      'GET /search?scope=charge' +
        '&filters[authorized]=true&filters[capture]=false&filters[captured]=true' +
        '&filters[captured_at]=2026-01-01..2026-01-31&filters[card_last_digits]=4242' +
        '&filters[customer_present]=true&filters[disputed]=false&filters[failure_code]=insufficient_fund' +
        '&filters[failure_message]=insufficient%20funds&filters[refund_amount]=4096.69' +
        '&filters[refunded]=true&filters[reversed]=false&filters[source_of_fund]=card&filters[voided]=false' +
        '&filters[currency]=THB&page=1&order=chronological',
    ]);
  });

  it.each([
    ['an unknown filter', { filters: { color: 'red' } }, {}, 'providerOptions.filters.color'],
    [
      'too many digits',
      { filters: { cardLastDigits: '42424' } },
      {},
      'providerOptions.filters.cardLastDigits',
    ],
    ['a day that is none', { filters: { capturedAt: 'today' } }, {}, 'providerOptions.filters.capturedAt'],
    ['an amount without its currency', { filters: { refundAmount: 100 } }, {}, 'currency'],
    [
      'a filter that the status decides',
      { filters: { authorized: false } },
      { status: 'authorized' },
      'providerOptions.filters.authorized',
    ],
  ])('is refused with %s', async (_, providerOptions, params, path) => {
    const search = () => testClient().search({ ...params, providerOptions } as never);
    expect(await issuesOf(search)).toEqual([expect.objectContaining({ path })]);
  });
});

describe('the events of a charge', () => {
  const at = (number: number) =>
    event('charge.update', paidCharge(), {
      id: `evnt_test_${number}`,
      created_at: `2026-01-0${number}T03:00:00Z`,
    });

  it('are read in the asked window and order, with the edges cut here', async () => {
    const received = answering([200, listOf([at(1), at(2), at(3)])]);
    const events = await testClient().listEvents(id, {
      createdAfter: '2026-01-02T00:00:00Z',
      createdBefore: new Date('2026-01-03T03:00:00Z'),
      order: 'chronological',
      timeoutMs: 5000,
    });
    expect(events.map((each) => each.id)).toEqual(['evnt_test_2']);
    expect(received.map(line)).toEqual([
      `GET /charges/${id}/events?limit=100&offset=0&order=chronological&from=2026-01-02T00%3A00%3A00Z&to=2026-01-03T03%3A00%3A00Z`,
    ]);
  });

  it('are no more than asked, and no more are fetched', async () => {
    const received = answering([200, listOf([at(3), at(2)], { total: 3 })]);
    const events = await testClient().listEvents(id, { maxItems: 2 });
    expect(events.map((each) => each.id)).toEqual(['evnt_test_3', 'evnt_test_2']);
    expect(received.map(line)).toEqual([
      `GET /charges/${id}/events?limit=2&offset=0&order=reverse_chronological`,
    ]);
  });

  it('are no fewer than asked because one at the edge was cut', async () => {
    answering([200, listOf([at(4), at(3), at(2)])]);
    const part = { createdBefore: '2026-01-04T03:00:00Z', maxItems: 2 };
    const events = await testClient().listEvents(id, part);
    expect(events.map((each) => each.id)).toEqual(['evnt_test_3', 'evnt_test_2']);
  });

  it.each([
    ['a day without a zone', { createdAfter: '2026-01-01' }, 'createdAfter'],
    ['an order that Omise does not have', { order: 'newest' }, 'order'],
    ['a bound that got lost', { createdBefore: undefined }, 'createdBefore'],
    ['no events at all', { maxItems: 0 }, 'maxItems'],
    ['an option that nobody knows', { maxItems: 1, form: 3 }, 'form'],
  ])('are refused with %s', async (_, options, path) => {
    const issues = await issuesOf(() => testClient().listEvents(id, options as never));
    expect(issues).toEqual([expect.objectContaining({ path })]);
  });

  it.each([[7], [Promise.resolve({ maxItems: 1 })]])('refuse %j as options', async (options) => {
    await issuesOf(() => testClient().listEvents(id, options as unknown as CallOptions));
  });
});
