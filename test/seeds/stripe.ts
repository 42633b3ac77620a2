import { createStripe } from '../../src/providers/stripe/index.js';
import sample from '../fixtures/stripe/seed-charge.json' with { type: 'json' };
import intent from '../fixtures/stripe/payment-intent.json' with { type: 'json' };
import {
  automatic,
  callOption,
  field,
  option,
  param,
  rawOnly,
  setting,
  type Field,
  type Parameter,
  type SeedDocument,
} from './seed-document.js';

const secretKey = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
const key = { idempotencyKey: 'order-81' };
const id = sample.id;

const authorization: Readonly<Record<string, Parameter>> = {
  'header.authorization': setting('secretKey', `Bearer ${secretKey}`),
};
const settings = { secretKey, api: 'charges' };

/** The request of the document. */
const create = {
  amount: 2000,
  currency: 'usd',
  source: 'tok_1234567890abcdef',
  description: 'Charge for test@example.com',
};

const fields: Readonly<Record<string, Field>> = {
  id: field('id', id),
  amount: field('amount', 2000),
  amount_refunded: field('amountRefunded', 0),
  captured: field('amountCaptured', 2000),
  created: field('createdAt', '2020-10-14T14:59:36.000Z'),
  currency: field('currency', 'USD'),
  customer: field('customer', null),
  description: field('description', 'Charge for test@example.com'),
  disputed: field('disputed', false),
  failure_code: field('failure', null),
  failure_message: field('failure', null),
  livemode: field('livemode', false),
  metadata: field('metadata', {}),
  refunded: field('refundStatus', 'none'),
  status: field('status', 'captured'),
  payment_method: field('paymentMethod.id', 'card_1Hh1ZQCm4uUe0pYs3LHbUYAk'),
  'payment_method_details.type': field('paymentMethod.type', 'card'),
  'payment_method_details.card.brand': field('paymentMethod.card.brand', 'visa'),
  'payment_method_details.card.country': field('paymentMethod.card.country', 'US'),
  'payment_method_details.card.exp_month': field('paymentMethod.card.expMonth', 8),
  'payment_method_details.card.exp_year': field('paymentMethod.card.expYear', 2021),
  'payment_method_details.card.fingerprint': field('paymentMethod.card.fingerprint', 'Xt5EWLLDS7FJjR1c'),
  'payment_method_details.card.funding': field('paymentMethod.card.funding', 'credit'),
  'payment_method_details.card.last4': field('paymentMethod.card.last4', '4242'),
  'payment_method_details.card.three_d_secure': field('threeDS', null),
  // The document writes `{...}` for this list and for `source`.
  'refunds.data': field('refunds', []),
  statement_descriptor: field('statementDescriptor', null),
  receipt_email: field('email', null),
  ...rawOnly(
    'object',
    'application',
    'application_fee',
    'balance_transaction',
    'destination',
    'dispute',
    'fraud_details',
    'invoice',
    'on_behalf_of',
    'order',
    'outcome',
    'paid',
    'payment_intent',
    'payment_method_details.card.checks.address_line1_check',
    'payment_method_details.card.checks.address_postal_code_check',
    'payment_method_details.card.checks.cvc_check',
    'payment_method_details.card.installments',
    'payment_method_details.card.network',
    'payment_method_details.card.wallet',
    'receipt_number',
    'receipt_url',
    'refunds.object',
    'refunds.has_more',
    'refunds.url',
    'source',
    'review',
    'shipping',
    'source_transfer',
    'statement_descriptor_suffix',
    'transfer_data',
    'transfer_group',
  ),
};

const list = { object: 'list', data: [], has_more: false, url: '/v1/charges' };

/** "Charges: creating and managing charges" of Stripe. */
export const stripeDocument: SeedDocument = {
  provider: 'stripe',
  client: (given) => createStripe({ secretKey, api: 'charges', ...given }),
  endpoints: [
    {
      name: 'POST /v1/charges',
      reachedBy: 'create',
      route: 'POST /v1/charges',
      inputs: [
        { settings, params: create, options: key },
        {
          settings,
          params: {
            ...create,
            capture: false,
            customer: 'cus_1',
            source: 'card_1',
            statementDescriptor: 'SHOP',
            metadata: { order: '81' },
            shipping: { name: 'Ada Test', address: { line1: 'Main Street 1' } },
            providerOptions: {
              applicationFeeAmount: 123,
              onBehalfOf: 'acct_1',
              transferData: { destination: 'acct_1' },
              transferGroup: 'group-1',
              receiptEmail: 'test@example.com',
              radarOptions: { session: 'rse_1' },
              // Level 3 data, and whatever the document does not name yet.
              wire: { level3: { merchant_reference: 'order-81' }, field_of_tomorrow: 'yes' },
            },
          },
          options: key,
        },
      ],
      answer: ({ body }) => ({
        body: {
          ...sample,
          metadata: body['metadata'] ?? {},
          ...(body['capture'] === 'false' ? { captured: false } : {}),
          ...(body['customer'] === undefined ? {} : { customer: body['customer'] }),
        },
      }),
      parameters: {
        ...authorization,
        'header.idempotency-key': automatic('order-81'),
        'body.amount': param('amount', '2000'),
        'body.currency': param('currency', 'usd'),
        'body.source': param('source', 'tok_1234567890abcdef'),
        'body.description': param('description', 'Charge for test@example.com'),
        'body.capture': param('capture', 'false'),
        'body.customer': param('customer', 'cus_1'),
        'body.statement_descriptor_suffix': param('statementDescriptor', 'SHOP'),
        'body.metadata.order': param('metadata.order', '81'),
        'body.shipping.name': param('shipping.name', 'Ada Test'),
        'body.application_fee_amount': option('applicationFeeAmount', '123'),
        'body.on_behalf_of': option('onBehalfOf', 'acct_1'),
        'body.transfer_data.destination': option('transferData.destination', 'acct_1'),
        'body.transfer_group': option('transferGroup', 'group-1'),
        'body.receipt_email': option('receiptEmail', 'test@example.com'),
        'body.radar_options.session': option('radarOptions.session', 'rse_1'),
        'body.level3.merchant_reference': option('wire.level3.merchant_reference', 'order-81'),
        'body.field_of_tomorrow': option('wire.field_of_tomorrow', 'yes'),
      },
    },
    {
      name: 'retrieve a charge',
      reachedBy: 'retrieve',
      route: 'GET /v1/charges/{id}',
      inputs: [
        { settings, id },
        { settings, id, options: { include: ['fee'] } },
      ],
      answer: () => ({ body: sample }),
      parameters: { ...authorization, 'query.expand.0': callOption('include.0', 'balance_transaction') },
    },
    {
      name: 'update a charge',
      reachedBy: 'update',
      route: 'POST /v1/charges/{id}',
      inputs: [
        { settings, id, params: { providerOptions: { fraudDetails: { userReport: 'safe' } } }, options: key },
      ],
      answer: () => ({ body: { ...sample, fraud_details: { user_report: 'safe' } } }),
      parameters: {
        ...authorization,
        'body.fraud_details.user_report': option('fraudDetails.userReport', 'safe'),
      },
    },
    {
      name: 'refund a charge',
      reachedBy: 'refund',
      route: 'POST /v1/refunds',
      inputs: [
        {
          settings,
          id,
          params: {
            amount: 500,
            reason: 'requested_by_customer',
            providerOptions: { refundApplicationFee: true, reverseTransfer: true },
          },
          options: key,
        },
      ],
      answer: ({ method, body }) =>
        method === 'GET'
          ? { body: sample }
          : {
              body: {
                object: 'refund',
                id: 're_1',
                amount: 500,
                charge: id,
                currency: 'usd',
                status: 'succeeded',
                reason: 'requested_by_customer',
                metadata: body['metadata'] ?? {},
                created: 1_602_687_577,
              },
            },
      parameters: {
        ...authorization,
        'header.idempotency-key': automatic('order-81'),
        'body.charge': param('id', id),
        'body.amount': param('amount', '500'),
        'body.reason': param('reason', 'requested_by_customer'),
        'body.refund_application_fee': option('refundApplicationFee', 'true'),
        'body.reverse_transfer': option('reverseTransfer', 'true'),
      },
    },
    {
      name: 'list all charges',
      reachedBy: 'list',
      route: 'GET /v1/charges',
      inputs: [
        { settings, params: { limit: 10, customer: 'cus_1', createdAfter: '2020-10-14T00:00:00Z' } },
        { settings, params: { providerOptions: { paymentIntent: 'pi_1', transferGroup: 'group-1' } } },
        { settings, options: { include: ['fee'] } },
      ],
      answer: () => ({ body: list }),
      parameters: {
        ...authorization,
        'query.limit': param('limit', '10'),
        'query.customer': param('customer', 'cus_1'),
        'query.created': param('createdAfter'),
        'query.payment_intent': option('paymentIntent', 'pi_1'),
        'query.transfer_group': option('transferGroup', 'group-1'),
        'query.expand.0': callOption('include.0', 'data.balance_transaction'),
      },
    },
    {
      name: 'the same charge by intents',
      reachedBy: 'create',
      route: 'POST /v1/payment_intents',
      inputs: [
        {
          settings: { secretKey, api: 'payment_intents' },
          params: { ...create, source: 'pm_card_visa' },
          options: key,
        },
        {
          settings: { secretKey, api: 'payment_intents' },
          params: { ...create, source: 'ctoken_1', returnUrl: 'https://shop.test/back' },
          options: key,
        },
      ],
      answer: ({ body }) => ({
        body: { ...intent, amount: 2000, currency: 'usd', metadata: body['metadata'] ?? {} },
      }),
      parameters: {
        ...authorization,
        'body.amount': param('amount', '2000'),
        'body.currency': param('currency', 'usd'),
        'body.payment_method': param('source', 'pm_card_visa'),
        'body.confirmation_token': param('source', 'ctoken_1'),
        'body.description': param('description', 'Charge for test@example.com'),
      },
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
    {
      name: 'the fee, which the booking of the charge has,',
      reply: {
        body: {
          ...sample,
          balance_transaction: { id: 'txn_1', object: 'balance_transaction', fee: 88, currency: 'usd' },
        },
      },
      ask: (client) => client.retrieve(id, { include: ['fee'] }),
      resolves: { id, fee: { amount: 88, currency: 'USD' } },
    },
    {
      name: 'the create of the document',
      reply: { body: sample },
      ask: (client) => client.create(create, key),
      resolves: { id, status: 'captured', amountCaptured: 2000, currency: 'USD' },
    },
  ],
  notes: [
    { says: 'Charges are identified by a unique, random ID.', onPage: 'One payment has one id, everywhere' },
    {
      says: 'A positive integer representing how much to charge in the smallest currency unit',
      onPage: 'Amounts are ISO 4217 minor units here and are converted where Stripe counts differently.',
    },
    {
      says: 'You can retrieve and refund individual charges as well as list all charges.',
      onPage: '`GET /v1/charges/{id}`',
    },
  ],
  simulate: async (client, simulator) => {
    const made = await client.create({
      amount: 2000,
      currency: 'USD',
      source: simulator.source('stripe', 'approved'),
      description: 'Charge for test@example.com',
    });
    await client.retrieve(made.id);
    await client.update(made.id, { description: 'Another description' });
    await client.refund(made.id, { amount: 500 });
    await client.list();
    const intents = createStripe({ ...simulator.settings('stripe'), api: 'payment_intents' });
    await intents.create({ amount: 2000, currency: 'USD', source: simulator.source('stripe', 'approved') });
  },
};
