import { createJustifi } from '../../src/providers/justifi/index.js';
import samples from '../fixtures/justifi/seed-samples.json' with { type: 'json' };
import {
  automatic,
  field,
  header,
  not,
  option,
  param,
  raw,
  rawOnly,
  setting,
  type Field,
  type Input,
  type Parameter,
  type SeedDocument,
} from './seed-document.js';

const credentials = { clientId: 'test_client', clientSecret: 'test_secret' };
const key = { idempotencyKey: 'my-request-123abc' };
const subAccount = 'acc_2IdMEOjIG6lJAncakgdBF2';
const id = 'py_123xyz';

/** The card of the document's create. */
const card = {
  type: 'card',
  number: '4111111111111111',
  expMonth: 3,
  expYear: 2040,
  cvc: '123',
  holderName: 'Sylvia Fowles',
  address: { postalCode: '55555' },
};

const create = {
  amount: 1000,
  currency: 'usd',
  source: card,
  email: 'example@test.com',
  description: 'Charging $10 to the test card',
};

/** The headers of a write. */
const writeHeaders: Readonly<Record<string, Parameter>> = {
  'header.idempotency-key': automatic('my-request-123abc'),
  'header.authorization': automatic('Bearer token-of-the-stub'),
};

const accountHeaders: Readonly<Record<string, Parameter>> = {
  'header.sub-account': setting('subAccount', subAccount),
  'header.seller-account': header('Seller-Account', subAccount),
};

/** One call with the account of the settings, one with the deprecated header. */
const withAccounts = (input: Input): readonly Input[] => [
  { ...input, settings: { ...credentials, subAccount } },
  {
    ...input,
    settings: credentials,
    options: { ...input.options, headers: { 'Seller-Account': subAccount } },
  },
];

const created = '2021-01-01T12:00:00.000Z';

const cardFields: Readonly<Record<string, Field>> = {
  'payment_method.card.id': field('paymentMethod.id', 'pm_123xyz'),
  'payment_method.card.brand': field('paymentMethod.card.brand', 'visa'),
  ...rawOnly(
    'payment_method.card.token',
    'payment_method.card.metadata',
    'payment_method.card.created_at',
    'payment_method.card.updated_at',
    'payment_method.signature',
  ),
};

const applicationFee = rawOnly(
  'application_fee.id',
  'application_fee.amount',
  'application_fee.currency',
  'application_fee.created_at',
  'application_fee.updated_at',
);

const paymentFields = (described: string): Readonly<Record<string, Field>> => ({
  id: field('id', id),
  amount: field('amount', 10_000),
  amount_refunded: field('amountRefunded', 0),
  captured: field('amountCaptured', 10_000),
  created_at: field('createdAt', created),
  updated_at: field('updatedAt', created),
  currency: field('currency', 'USD'),
  description: field('description', described),
  disputed: field('disputed', false),
  disputes: field('disputes', []),
  refunds: field('refunds', []),
  error_code: field('failure', null),
  error_description: field('failure', null),
  fee_amount: field('fee.amount', 150),
  is_test: field('livemode', false),
  metadata: field('metadata', {}),
  refunded: field('refundStatus', 'none'),
  status: field('status', 'captured'),
  ...rawOnly(
    'account_id',
    'amount_disputed',
    'amount_returned',
    'amount_refundable',
    'application_fee_rate_id',
    'balance',
    'capture_strategy',
    'financial_transaction_id',
    'payment_intent_id',
    'returned',
  ),
  ...cardFields,
  'payment_method.card.acct_last_four': field('paymentMethod.card.last4', '4242'),
  'payment_method.card.name': field('paymentMethod.card.holderName', 'Sylvia Fowles'),
  // The text "null" of the first sample and the null of the others.
  'payment_method.customer_id': field('customer', null),
  ...applicationFee,
});

const listFields: Readonly<Record<string, Field>> = {
  id: field('id', 'py_xyz'),
  amount: field('amount', 10_000),
  amount_refunded: field('amountRefunded', 0),
  created_at: field('createdAt', created),
  updated_at: field('updatedAt', created),
  currency: field('currency', 'USD'),
  description: field('description', 'my_order_xyz'),
  disputed: field('disputed', false),
  disputes: field('disputes', []),
  is_test: field('livemode', false),
  metadata: field('metadata', {}),
  refunded: field('refundStatus', 'none'),
  // A pending payment has taken nothing, whatever `captured` says, and has not failed.
  captured: field('amountCaptured', 0),
  status: field('status', 'pending'),
  fee_amount: field('fee', null),
  ...rawOnly(
    'account_id',
    'amount_disputed',
    'amount_refundable',
    'balance',
    'capture_strategy',
    'error_code',
    'error_description',
    'financial_transaction_id',
    'payment_intent_id',
    'payment_method.account_id',
    'payment_method.card.address_line1_check',
    'payment_method.card.address_postal_code_check',
    'payment_method.bank_account.token',
    'payment_method.bank_account.metadata',
    'payment_method.bank_account.created_at',
    'payment_method.bank_account.updated_at',
  ),
  ...cardFields,
  'payment_method.customer_id': field('customer', 'cust_xyz'),
  'payment_method.card.acct_last_four': field('paymentMethod.card.last4', '4242'),
  'payment_method.card.name': field('paymentMethod.card.holderName', 'Amanda Kessel'),
  'payment_method.card.month': field('paymentMethod.card.expMonth', 5),
  'payment_method.card.year': field('paymentMethod.card.expYear', 2042),
  'payment_method.bank_account.id': field('paymentMethod.id', 'pm_123xyz'),
  'payment_method.bank_account.acct_last_four': field('paymentMethod.bankAccount.last4', '1111'),
  'payment_method.bank_account.brand': field('paymentMethod.bankAccount.bankName', 'Wells Fargo'),
  'payment_method.bank_account.name': field('paymentMethod.bankAccount.holderName', 'Phil Kessel'),
  ...applicationFee,
};

const payment = samples.created.data;
const answerPayment = () => ({ body: samples.created });

const error = (code: string, message: string) => ({ error: { code, message } });

/** "Payments with idempotency" of JustiFi. */
export const justifiDocument: SeedDocument = {
  provider: 'justifi',
  client: (settings) => createJustifi({ ...credentials, ...settings }),
  beside: ({ path }) => (path === '/oauth/token' ? { body: { access_token: 'token-of-the-stub' } } : null),
  endpoints: [
    {
      name: 'create a payment',
      reachedBy: 'create',
      route: 'POST /v1/payments',
      inputs: withAccounts({ params: create, options: key }),
      answer: () => ({ status: 201, body: { ...samples.created, data: { ...payment, amount: 1000 } } }),
      parameters: {
        ...writeHeaders,
        ...accountHeaders,
        'body.amount': param('amount', samples.create.amount),
        'body.currency': param('currency', samples.create.currency),
        'body.capture_strategy': automatic(samples.create.capture_strategy),
        'body.email': param('email', samples.create.email),
        'body.description': param('description', samples.create.description),
        'body.payment_method.card.name': param('source.holderName', samples.create.payment_method.card.name),
        'body.payment_method.card.number': param('source.number', samples.create.payment_method.card.number),
        'body.payment_method.card.verification': param(
          'source.cvc',
          samples.create.payment_method.card.verification,
        ),
        'body.payment_method.card.month': param('source.expMonth', samples.create.payment_method.card.month),
        'body.payment_method.card.year': param('source.expYear', samples.create.payment_method.card.year),
        'body.payment_method.card.address_postal_code': param(
          'source.address.postalCode',
          samples.create.payment_method.card.address_postal_code,
        ),
        'body.application_fee_rate_id': not(
          'a fee rate: `application_fee_rate_id` is what JustiFi chose, and stands in `raw`.',
        ),
        'body.payment_intent_id': not(
          'a payment intent: JustiFi advises checkouts in its place. A payment that came of one names it as `raw.payment_intent_id`.',
        ),
      },
    },
    {
      name: 'create a payment by token, to be captured later',
      reachedBy: 'create',
      route: 'POST /v1/payments',
      inputs: [
        {
          params: {
            amount: 1000,
            currency: 'USD',
            source: 'pm_123xyz',
            capture: false,
            metadata: { order: '81' },
            providerOptions: { applicationFeeAmount: 150, wire: { field_of_tomorrow: 'yes' } },
          },
          options: key,
        },
      ],
      answer: () => ({ status: 201, body: { ...samples.created, data: { ...payment, amount: 1000 } } }),
      parameters: {
        'body.payment_method.token': param('source', 'pm_123xyz'),
        // Whatever the document does not name yet.
        'body.field_of_tomorrow': option('wire.field_of_tomorrow', 'yes'),
        'body.capture_strategy': param('capture', 'manual'),
        'body.metadata.order': param('metadata.order', '81'),
        'body.application_fee_amount': option('applicationFeeAmount', 150),
      },
    },
    {
      name: 'list payments',
      reachedBy: 'list',
      route: 'GET /v1/payments',
      inputs: withAccounts({ params: { limit: 25, cursor: samples.list.page_info.end_cursor } }),
      answer: () => ({ body: samples.list }),
      parameters: {
        'header.authorization': automatic('Bearer token-of-the-stub'),
        ...accountHeaders,
        'query.limit': param('limit', '25'),
        'query.after_cursor': param('cursor', samples.list.page_info.end_cursor),
      },
    },
    {
      name: 'get a payment',
      reachedBy: 'retrieve',
      route: 'GET /v1/payments/{id}',
      inputs: [{ id }],
      answer: () => ({ body: samples.retrieved }),
      parameters: { 'header.authorization': automatic('Bearer token-of-the-stub') },
    },
    {
      name: 'change a payment',
      reachedBy: 'update',
      route: 'PATCH /v1/payments/{id}',
      inputs: [
        { id, params: { description: samples.update.description, metadata: { order: '81' } }, options: key },
      ],
      answer: () => ({ body: samples.updated }),
      parameters: {
        ...writeHeaders,
        'body.description': param('description', samples.update.description),
        'body.metadata.order': param('metadata.order', '81'),
      },
    },
    {
      name: 'capture a payment',
      reachedBy: 'capture',
      route: 'POST /v1/payments/{id}/capture',
      inputs: [{ id, options: key }],
      answer: () => ({ status: 201, body: samples.captured }),
      parameters: writeHeaders,
    },
    {
      name: 'refund a payment',
      reachedBy: 'refund',
      route: 'POST /v1/payments/{id}/refunds',
      inputs: [
        {
          id,
          params: {
            amount: 10_000,
            reason: 'duplicate',
            metadata: { order: '81' },
            providerOptions: { description: 'string' },
          },
          options: key,
        },
      ],
      answer: ({ method }) =>
        method === 'GET'
          ? answerPayment()
          : {
              status: 201,
              body: {
                ...samples.refunded,
                data: { ...samples.refunded.data, payment_id: id, amount: 10_000 },
              },
            },
      parameters: {
        ...writeHeaders,
        'body.amount': param('amount', samples.refund.amount),
        'body.description': option('description', samples.refund.description),
        'body.reason': param('reason', samples.refund.reason),
        'body.metadata.order': param('metadata.order', '81'),
      },
    },
    {
      name: 'get the balance transactions of a payment',
      reachedBy: 'listBalanceTransactions',
      route: 'GET /v1/payments/{id}/payment_balance_transactions',
      inputs: [{ id }],
      answer: () => ({ body: samples.balanceTransactions }),
      parameters: { 'header.authorization': automatic('Bearer token-of-the-stub') },
    },
  ],
  answers: [
    {
      name: 'of a create',
      reply: { status: 201, body: samples.created },
      ask: (client) => client.create({ ...create, amount: 10_000 } as never, key),
      resources: [samples.created.data],
      fields: paymentFields('my order xyz'),
    },
    {
      name: 'of a list',
      reply: { body: samples.list },
      ask: (client) => client.list(),
      isList: true,
      resources: samples.list.data,
      fields: listFields,
    },
    {
      name: 'of a get',
      reply: { body: samples.retrieved },
      ask: (client) => client.retrieve(id),
      resources: [samples.retrieved.data],
      fields: paymentFields('my order xyz'),
    },
    {
      name: 'of a change',
      reply: { body: samples.updated },
      ask: (client) => client.update(id, { description: samples.update.description }, key),
      resources: [samples.updated.data],
      fields: paymentFields('order xyz new description'),
    },
    {
      name: 'of a capture',
      reply: { status: 201, body: samples.captured },
      ask: (client) => client.capture(id, {}, key),
      resources: [samples.captured.data],
      fields: paymentFields('order xyz'),
    },
    {
      name: 'of a refund',
      reply: ({ path }) =>
        path.startsWith('/v1/refunds/')
          ? { body: samples.refunded }
          : { body: { ...samples.retrieved, data: { ...samples.retrieved.data, id: 'py_xyz' } } },
      ask: (client) => client.retrieveRefund('py_xyz', 're_xyz'),
      resources: [samples.refunded.data],
      fields: {
        id: field('id', 're_xyz'),
        payment_id: field('chargeId', 'py_xyz'),
        amount: field('amount', 100),
        reason: field('reason', 'duplicate'),
        status: field('status', 'succeeded'),
        metadata: field('metadata', {}),
        created_at: field('createdAt', created),
        description: raw,
        updated_at: raw,
      },
    },
    {
      name: 'of the balance transactions',
      reply: { body: samples.balanceTransactions },
      ask: (client) => client.listBalanceTransactions!('py_2644edn'),
      isList: true,
      resources: samples.balanceTransactions.data,
      fields: {
        id: field('id', 'pbt_123xyz'),
        amount: field('amount', 40_145),
        balance: field('balance', 53_550),
        currency: field('currency', 'USD'),
        financial_transaction_id: field('financialTransactionId', 'py_2644edn'),
        payment_balance_txn_type: field('type', 'fee_refund'),
        source_id: field('sourceId', 'fee_6Vt2jlZZVh'),
        source_type: field('sourceType', 'ApplicationFee'),
        created_at: field('createdAt', created),
        payment_id: raw,
        updated_at: raw,
      },
    },
  ],
  endings: [
    {
      name: 'the pair of the document, 1000 asked and 10000 answered,',
      reply: { status: 201, body: samples.created },
      ask: (client) => client.create(create as never, key),
      rejects: { name: 'IntegrityError', outcome: 'unknown' },
    },
    {
      name: 'payment_already_captured',
      reply: { status: 400, body: error('payment_already_captured', 'already captured') },
      ask: (client) => client.capture(id, {}, key),
      rejects: { name: 'ConflictError', outcome: 'rejected', providerCode: 'payment_already_captured' },
    },
    ...(['create', 'capture', 'refund'] as const).map((method) => ({
      name: `a sub account that is not enabled, on ${method},`,
      reply: { status: 400, body: error('invalid_sub_account', 'Sub Account is not enabled') },
      ask: (client: Parameters<SeedDocument['endings'][number]['ask']>[0]) =>
        method === 'create'
          ? client.create(create as never, key)
          : method === 'capture'
            ? client.capture(id, {}, key)
            : client.refund(id, { amount: 10_000 }, key),
      rejects: { name: 'InvalidRequestError', statusCode: 400 },
    })),
    {
      name: 'an error code of a failed payment',
      reply: {
        body: {
          ...samples.created,
          data: {
            ...payment,
            status: 'failed',
            error_code: 'credit_card_number_invalid',
            error_description: 'Credit Card Number Invalid (Failed LUHN checksum)',
          },
        },
      },
      ask: (client) => client.retrieve(id),
      resolves: {
        status: 'failed',
        failure: {
          code: 'incorrect_number',
          providerCode: 'credit_card_number_invalid',
          message: 'Credit Card Number Invalid (Failed LUHN checksum)',
        },
      },
    },
  ],
  notes: [
    {
      says: 'You can choose whether to charge a payment method that is already tokenized or tokenize a new one when you create the payment.',
      onPage: "`{ type: 'card', number, expMonth, expYear, cvc, holderName, address: { postalCode, … } }`",
    },
    {
      says: 'If a payment fails, the status will reflect it and an error code will be returned.',
      onPage: 'or the `error_code` of a failed payment',
    },
    {
      says: 'Seller-Account: Deprecated for platforms',
      onPage: 'the same under its deprecated name, sent as `Seller-Account`',
    },
    {
      says: '"id": "py_123xyz", "type": "payment", … "page_info": null',
      onPage: '`raw` of a charge is the payment, without the envelope around it',
    },
    {
      says: 'This endpoint supports pagination.',
      onPage: '`GET /v1/payments`, newest first',
    },
    {
      says: 'When refunding a portion, multiple refunds are supported up until the full payment amount has been refunded.',
      onPage: '`POST /v1/payments/{id}/refunds`, full or partial',
    },
    {
      says: 'a string to identify your request (we recommend using a generated uuid)',
      onPage: 'JustiFi has idempotency keys, and every write is sent with one.',
    },
  ],
  simulate: async (client, simulator) => {
    const made = await client.create({
      amount: 10_000,
      currency: 'USD',
      source: simulator.source('justifi', 'approved'),
      capture: false,
    });
    await client.capture(made.id);
    await client.update(made.id, { description: 'order_xyz new description' });
    await client.refund(made.id, { amount: 100, reason: 'duplicate' });
    await client.retrieve(made.id);
    await client.list();
    await client.listBalanceTransactions!(made.id);
  },
};
