import { createOmise } from '../../src/providers/omise/index.js';
import sample from '../fixtures/omise/seed-charge.json' with { type: 'json' };
import {
  automatic,
  field,
  option,
  param,
  rawOnly,
  setting,
  type Arrived,
  type Endpoint,
  type Ending,
  type Field,
  type Input,
  type Parameter,
  type Reply,
  type SeedDocument,
} from './seed-document.js';

const secretKey = 'skey_test_4xs8breq3htbkj03d2x';
const authorization: Readonly<Record<string, Parameter>> = {
  'header.authorization': automatic(`Basic ${btoa(`${secretKey}:`)}`),
};
const id = sample.id;
const returnUrl = 'https://www.example.com/example_return_uri';
const paidAt = '2019-12-31T12:59:59.000Z';

const listOf = (...data: readonly unknown[]) => ({
  object: 'list',
  from: '1970-01-01T00:00:00Z',
  to: '2019-12-31T12:59:59Z',
  offset: 0,
  limit: 20,
  total: data.length,
  order: 'chronological',
  location: '/charges',
  data,
});

const fields: Readonly<Record<string, Field>> = {
  id: field('id', id),
  livemode: field('livemode', false),
  created_at: field('createdAt', paidAt),
  amount: field('amount', 12_345),
  currency: field('currency', 'THB'),
  // Both parts together; `interest` and `net` are no fee.
  fee: field('fee.amount', 451 + 32),
  fee_vat: field('fee.amount', 451 + 32),
  funding_currency: field('fee.currency', 'THB'),
  description: field('description', null),
  'metadata.order_id': field('metadata.order_id', 'P26042018-01'),
  'metadata.color': field('metadata.color', 'pink'),
  status: field('status', 'captured'),
  paid: field('amountCaptured', 12_345),
  paid_at: field('capturedAt', paidAt),
  refunded_amount: field('amountRefunded', 0),
  'refunds.data': field('refunds', []),
  failure_code: field('failure', null),
  failure_message: field('failure', null),
  customer: field('customer', null),
  dispute: field('disputes', []),
  // Set for ever, and after the payment it asks for nothing and proves nothing.
  authorize_uri: field('nextAction', null),
  expires_at: field('expiresAt', null),
  'card.id': field('paymentMethod.id', 'card_test_no1t4tnemucod0e51mo'),
  'card.object': field('paymentMethod.type', 'card'),
  'card.brand': field('paymentMethod.card.brand', 'visa'),
  'card.country': field('paymentMethod.card.country', 'TH'),
  'card.last_digits': field('paymentMethod.card.last4', '4242'),
  'card.expiration_month': field('paymentMethod.card.expMonth', 12),
  'card.expiration_year': field('paymentMethod.card.expYear', 2022),
  'card.financing': field('paymentMethod.card.funding', 'credit'),
  'card.fingerprint': field('paymentMethod.card.fingerprint', 'XjOdjaoHRvUGRfmZacMPcJtm0U3SEIIfkA7534dQeVw='),
  'card.name': field('paymentMethod.card.holderName', 'Somchai Prasert'),
  ...rawOnly(
    ...['object', 'location', 'funding_amount', 'interest', 'interest_vat', 'net', 'capture', 'authorized'],
    ...['schedule', 'reversed', 'reversed_at', 'expired', 'expired_at', 'voided', 'transaction', 'link'],
    ...['return_uri', 'ip', 'source', 'disputable', 'capturable', 'reversible', 'refundable'],
    ...['zero_interest_installments', 'platform_fee.percentage', 'platform_fee.fixed', 'platform_fee.amount'],
    ...['object', 'from', 'to', 'offset', 'limit', 'total', 'order', 'location'].map(
      (name) => `refunds.${name}`,
    ),
    ...['livemode', 'location', 'created_at', 'deleted', 'street1', 'street2', 'city', 'state'].map(
      (name) => `card.${name}`,
    ),
    ...['postal_code', 'phone_number', 'bank', 'first_digits', 'security_code_check'].map(
      (name) => `card.${name}`,
    ),
  ),
};

/** A charge with what was asked of it. */
const answer = ({ method, body }: Arrived): Reply =>
  method === 'GET'
    ? { body: listOf() }
    : {
        body: {
          ...sample,
          amount: Number(body['amount'] ?? sample.amount),
          metadata: body['metadata'] ?? {},
          customer: body['customer'] ?? null,
          ...(body['capture'] === false || body['capture'] === 'false'
            ? { status: 'pending', paid: false, paid_at: null, authorize_uri: null }
            : {}),
        },
      };

const create = (
  name: string,
  input: Input['params'],
  parameters: Readonly<Record<string, Parameter>>,
): Endpoint => ({
  name,
  reachedBy: 'create',
  route: 'POST /charges',
  inputs: [{ settings: { secretKey }, params: { amount: 100_000, currency: 'thb', ...input } }],
  answer,
  parameters: {
    ...authorization,
    'body.amount': param('amount', 100_000),
    'body.currency': param('currency', 'THB'),
    ...parameters,
  },
});

const failures = {
  failed_fraud_check: 'suspected_fraud',
  failed_processing: 'processing_error',
  insufficient_balance: 'insufficient_funds',
  insufficient_fund: 'insufficient_funds',
  invalid_account_number: 'invalid_account',
  invalid_account: 'invalid_account',
  invalid_security_code: 'incorrect_cvc',
  payment_cancelled: 'payer_canceled',
  payment_rejected: 'do_not_honor',
  stolen_or_lost_card: 'lost_or_stolen_card',
  timeout: 'payment_expired',
};

const failed = (code: string) => ({
  ...sample,
  status: 'failed',
  paid: false,
  paid_at: null,
  authorized: false,
  failure_code: code,
  failure_message: 'declined',
});

const refusedCapture = (code: string, message: string): Ending => ({
  name: `the error ${code} of a capture`,
  reply: ({ method }) =>
    method === 'POST'
      ? { status: 400, body: { object: 'error', location: 'https://www.omise.co/api-errors', code, message } }
      : { body: { ...sample, status: 'pending', paid: false, paid_at: null, authorize_uri: null } },
  ask: (client) => client.capture(id),
  rejects: { name: 'ConflictError', providerCode: code },
});

const held = { ...sample, status: 'pending', paid: false, paid_at: null, authorize_uri: null };
const window = { createdAfter: '2020-01-01T00:00:00Z', createdBefore: '2020-02-01T00:00:00Z' };

/** The Charge API of Omise. */
export const omiseDocument: SeedDocument = {
  provider: 'omise',
  client: (settings) => createOmise({ secretKey, settleMs: 1, abandonedMs: 1, ...settings }),
  endpoints: [
    create(
      'charge a card using a token',
      {
        source: 'tokn_test_5g5mep9yrko3vx2f0hx',
        description: 'Details about the purchase',
        ip: '203.0.113.1',
        returnUrl,
        capture: false,
        metadata: { order_id: '123' },
        providerOptions: {
          platformFee: { fixed: 100 },
          recurringReason: 'unscheduled',
          zeroInterestInstallments: true,
        },
      },
      {
        'header.authorization': setting('secretKey', `Basic ${btoa(`${secretKey}:`)}`),
        'body.card': param('source', 'tokn_test_5g5mep9yrko3vx2f0hx'),
        'body.description': param('description', 'Details about the purchase'),
        'body.ip': param('ip', '203.0.113.1'),
        'body.return_uri': param('returnUrl', returnUrl),
        'body.capture': param('capture', false),
        'body.metadata.order_id': param('metadata.order_id', '123'),
        'body.platform_fee.fixed': option('platformFee.fixed', 100),
        'body.zero_interest_installments': option('zeroInterestInstallments', true),
        'body.recurring_reason': option('recurringReason', 'unscheduled'),
      },
    ),
    create(
      'charge a card using a customer',
      {
        source: { type: 'customer', customer: 'cust_test_5g0221fe8iwtayocgja' },
        providerOptions: { platformFee: { percentage: 2.5 }, wire: { field_of_tomorrow: 'yes' } },
      },
      {
        'body.customer': param('source.customer', 'cust_test_5g0221fe8iwtayocgja'),
        'body.platform_fee.percentage': option('platformFee.percentage', 2.5),
        // Whatever the document does not name yet.
        'body.field_of_tomorrow': option('wire.field_of_tomorrow', 'yes'),
      },
    ),
    create(
      'charge a card using a customer and a card',
      {
        source: {
          type: 'customer',
          customer: 'cust_test_5g0221fe8iwtayocgja',
          card: 'card_test_5g021zls9ei5suyryss',
        },
      },
      {
        'body.customer': param('source.customer', 'cust_test_5g0221fe8iwtayocgja'),
        'body.card': param('source.card', 'card_test_5g021zls9ei5suyryss'),
      },
    ),
    create(
      'charge a source',
      { source: 'src_test_59wbyjr7jz44d8nzcd6', returnUrl, expiresAt: '2099-12-31T12:59:59Z' },
      {
        'body.source': param('source', 'src_test_59wbyjr7jz44d8nzcd6'),
        'body.return_uri': param('returnUrl', returnUrl),
        'body.expires_at': param('expiresAt'),
      },
    ),
    create(
      'create an installment payment charge',
      {
        source: { type: 'redirect', method: 'installment_kbank', details: { installment_term: 4 } },
        returnUrl,
      },
      {
        'body.source.type': param('source.method', 'installment_kbank'),
        'body.source.installment_term': param('source.details.installment_term', 4),
      },
    ),
    create(
      'create and charge a new source',
      { source: { type: 'redirect', method: 'alipay' }, returnUrl },
      { 'body.source.type': param('source.method', 'alipay') },
    ),
    create(
      'create an internet banking charge, with nested details of the source',
      {
        source: {
          type: 'redirect',
          method: 'internet_banking_scb',
          details: { items: [{ sku: '1', name: 'T-shirt', amount: 100, quantity: 1 }] },
        },
        returnUrl,
      },
      {
        'body.source.type': param('source.method', 'internet_banking_scb'),
        'body.source.items.0.name': param('source.details.items.0.name', 'T-shirt'),
      },
    ),
    {
      name: 'GET /charges/{id}',
      reachedBy: 'retrieve',
      route: 'GET /charges/{id}',
      inputs: [{ id }],
      answer: () => ({ body: sample }),
      parameters: authorization,
    },
    {
      name: 'PATCH /charges/{id}',
      reachedBy: 'update',
      route: 'PATCH /charges/{id}',
      inputs: [
        {
          id,
          params: {
            description: 'Another description',
            metadata: { order_id: 'ORDER-1234', color: 'black' },
          },
        },
      ],
      answer: () => ({ body: sample }),
      parameters: {
        ...authorization,
        'body.description': param('description', 'Another description'),
        'body.metadata.order_id': param('metadata.order_id', 'ORDER-1234'),
        'body.metadata.color': param('metadata.color', 'black'),
      },
    },
    {
      name: 'GET /charges',
      reachedBy: 'list',
      route: 'GET /charges',
      inputs: [{ params: { ...window, limit: 100, providerOptions: { order: 'chronological' } } }],
      answer: () => ({ body: listOf(sample) }),
      parameters: {
        ...authorization,
        'query.from': param('createdAfter'),
        'query.to': param('createdBefore'),
        'query.limit': param('limit', '100'),
        'query.offset': automatic('0'),
        'query.order': option('order', 'chronological'),
      },
    },
    {
      name: 'GET /search with the filters of charges, which the document leaves to the page of searches',
      reachedBy: 'search',
      route: 'GET /search',
      inputs: [
        {
          params: {
            currency: 'thb',
            query: 'Somchai',
            providerOptions: {
              filters: {
                authorized: true,
                capture: true,
                captured: true,
                capturedAt: '2020-01-01..2020-01-31',
                cardLastDigits: '4242',
                customerPresent: true,
                disputed: false,
                failureCode: 'payment_rejected',
                failureMessage: 'rejected',
                refundAmount: 10_050,
                refunded: false,
                reversed: false,
                sourceOfFund: 'card',
                voided: false,
              },
            },
          },
        },
      ],
      answer: () => ({ body: { object: 'search', data: [sample], total_pages: 1, total: 1 } }),
      parameters: {
        ...authorization,
        'query.scope': automatic('charge'),
        'query.query': param('query', 'Somchai'),
        'query.filters.currency': param('currency', 'THB'),
        'query.filters.authorized': option('filters.authorized', 'true'),
        'query.filters.capture': option('filters.capture', 'true'),
        'query.filters.captured': option('filters.captured', 'true'),
        'query.filters.captured_at': option('filters.capturedAt', '2020-01-01..2020-01-31'),
        'query.filters.card_last_digits': option('filters.cardLastDigits', '4242'),
        'query.filters.customer_present': option('filters.customerPresent', 'true'),
        'query.filters.disputed': option('filters.disputed', 'false'),
        'query.filters.failure_code': option('filters.failureCode', 'payment_rejected'),
        'query.filters.failure_message': option('filters.failureMessage', 'rejected'),
        // Searches count in main units.
        'query.filters.refund_amount': option('filters.refundAmount', '100.50'),
        'query.filters.refunded': option('filters.refunded', 'false'),
        'query.filters.reversed': option('filters.reversed', 'false'),
        'query.filters.source_of_fund': option('filters.sourceOfFund', 'card'),
        'query.filters.voided': option('filters.voided', 'false'),
      },
    },
    {
      name: 'POST /charges/{id}/capture',
      reachedBy: 'capture',
      route: 'POST /charges/{id}/capture',
      inputs: [{ id }],
      answer: ({ method }) => ({ body: method === 'GET' ? held : sample }),
      parameters: authorization,
    },
    {
      name: 'POST /charges/{id}/expire',
      reachedBy: 'expire',
      route: 'POST /charges/{id}/expire',
      inputs: [{ id }],
      answer: ({ method }) => ({
        body: { ...held, authorized: false, status: method === 'POST' ? 'expired' : 'pending' },
      }),
      parameters: authorization,
    },
    {
      name: 'GET /charges/{id}/events',
      reachedBy: 'listEvents',
      route: 'GET /charges/{id}/events',
      inputs: [{ id, params: { ...window, order: 'chronological', maxItems: 10 } }],
      answer: () => ({ body: listOf() }),
      parameters: {
        ...authorization,
        'query.from': param('createdAfter'),
        'query.to': param('createdBefore'),
        'query.order': param('order', 'chronological'),
        'query.limit': param('maxItems'),
        'query.offset': automatic('0'),
      },
    },
    ...(['markAsFailed', 'markAsPaid'] as const).map((reachedBy): Endpoint => {
      const path = reachedBy === 'markAsPaid' ? 'mark_as_paid' : 'mark_as_failed';
      return {
        name: `POST /charges/{id}/${path}`,
        reachedBy,
        route: `POST /charges/{id}/${path}`,
        inputs: [{ id }],
        answer: () => ({ body: reachedBy === 'markAsPaid' ? sample : failed('payment_rejected') }),
        parameters: authorization,
      };
    }),
    {
      name: 'POST /charges/{id}/reverse',
      reachedBy: 'reverse',
      route: 'POST /charges/{id}/reverse',
      inputs: [{ id }],
      answer: ({ method }) => ({
        body:
          method === 'GET'
            ? held
            : { ...held, status: 'reversed', reversed: true, reversed_at: '2019-12-31T12:00:00Z' },
      }),
      parameters: authorization,
    },
  ],
  answers: [
    {
      name: 'of a charge',
      reply: { body: sample },
      ask: (client) => client.retrieve(id),
      resources: [sample],
      fields,
    },
  ],
  endings: [
    ...Object.entries(failures).map(([code, normalized]): Ending => ({
      name: `the failure code ${code}`,
      settings: { strictResponses: true },
      reply: { body: failed(code) },
      ask: (client) => client.retrieve(id),
      resolves: { status: 'failed', failure: { code: normalized, providerCode: code } },
    })),
    refusedCapture('expired_charge', 'charge has expired'),
    refusedCapture('failed_capture', 'capture failed'),
    {
      name: 'a token together with a customer',
      reply: { body: sample },
      ask: (client) =>
        client.create({ amount: 100_000, currency: 'THB', source: 'tokn_test_1', customer: 'cust_test_1' }),
      rejects: { name: 'InvalidRequestError', outcome: 'not_sent' },
      onPage: 'a one-time token or a source together with `customer`',
    },
    {
      name: 'how many charges a list has',
      reply: { body: listOf(sample) },
      ask: (client) => client.list(),
      resolves: { total: 1 },
    },
  ],
  notes: [
    {
      says: 'Authorized charges can be deferred for later capture, and uncaptured charges can be reversed.',
      onPage: 'releases an authorization. Captured money is given back with `refund`',
    },
    {
      says: 'Charges are voided if refund is processed before settlement time.',
      onPage: 'A full refund before the settlement (`voided: true`) is a refund',
    },
    {
      says: 'In case the charge fails, this endpoint will either return one of several errors or else a charge with failure_code',
      onPage: 'a declined `create` rejects with `CardError`, although Omise answers HTTP 200',
    },
    {
      says: 'Supported by charges with source[type]=barcode_alipay.',
      onPage: 'Omise documents it for few methods: the others answer with a `ConflictError`',
    },
    {
      says: 'Mark a test charge as paid. Not supported by all payment methods.',
      onPage: 'test mode only: plays the payer',
    },
  ],
  simulate: async (client, simulator) => {
    const order = { amount: 100_000, currency: 'THB', returnUrl } as const;
    const approved = () => simulator.source('omise', 'approved');
    const made = await client.create({ ...order, source: approved(), capture: false });
    await client.capture(made.id);
    await client.update(made.id, { description: 'Another description' });
    await client.retrieve(made.id);
    await client.list();
    await client.search({ currency: 'THB' });
    await client.listEvents!(made.id);
    const released = await client.create({ ...order, source: approved(), capture: false });
    await client.reverse(released.id);
    const wallet = (method: string, details = {}) =>
      client.create({ ...order, source: { type: 'redirect', method, details } });
    await client.expire((await wallet('barcode_alipay', { barcode: '1234567890123456' })).id);
    await client.markAsPaid!((await wallet('alipay')).id);
    await client.markAsFailed!((await wallet('internet_banking_scb')).id);
  },
};
