import { createMagpie } from '../../src/providers/magpie/index.js';
import { magpieOtp } from '../../src/simulator/magpie/charge.js';
import { magpiePublicKey } from '../../src/simulator/magpie/face.js';
import samples from '../fixtures/magpie/seed-samples.json' with { type: 'json' };
import {
  automatic,
  field,
  not,
  option,
  param,
  raw,
  rawOnly,
  type Arrived,
  type Ending,
  type Field,
  type Parameter,
  type SeedDocument,
} from './seed-document.js';

/*
 * The document is one page, "List all charges": a schema without a sample. The sample here is composed from it, with a value in
 * every field. The endpoints beside the list are those of the published interface that the page belongs to.
 */

const [paid, open] = samples.list.data;
const basic = 'Basic c2tfdGVzdF9zZWVkOg==';
const authorization: Readonly<Record<string, Parameter>> = { 'header.authorization': automatic(basic) };
const createdAt = '2025-02-03T02:11:12.131Z';
const key = { idempotencyKey: 'order-77' };

/** Every source type that the document lists. */
const sourceTypes = [
  ...['card', 'gcash', 'paymaya', 'wechat', 'alipay', 'unionpay', 'grabpay', 'instapay', 'qrph'],
  ...['bpi', 'unionbank', 'metrobank', 'bdo', 'pnb', 'rcbc'],
];

const person = ['name', 'phone_number', 'email', 'line1', 'line2', 'city', 'state', 'country', 'zip_code'];

const sourceFields: Readonly<Record<string, Field>> = {
  'source.id': field('paymentMethod.id', 'src_0bb1'),
  'source.type': field('paymentMethod.type', 'card'),
  'source.card.name': field('paymentMethod.card.holderName', 'Juan Cruz'),
  'source.card.last4': field('paymentMethod.card.last4', '1112'),
  'source.card.exp_month': field('paymentMethod.card.expMonth', 9),
  'source.card.exp_year': field('paymentMethod.card.expYear', 2029),
  'source.card.brand': field('paymentMethod.card.brand', 'visa'),
  'source.card.country': field('paymentMethod.card.country', 'PH'),
  'source.card.funding': field('paymentMethod.card.funding', 'credit'),
  'source.bank_account.bank_code': field('paymentMethod.bankAccount.bankName', 'bpi'),
  'source.bank_account.account_name': field('paymentMethod.bankAccount.holderName', 'Juan Cruz'),
  'source.bank_account.account_number': field('paymentMethod.bankAccount.last4', '7890'),
  'source.bank_account.account_type': field('paymentMethod.bankAccount.type', 'savings'),
  ...rawOnly(
    // What is null in the one charge stands in the other.
    'source.card',
    'source.bank_account',
    'source.object',
    'source.vaulted',
    'source.used',
    'source.livemode',
    'source.created_at',
    'source.updated_at',
    'source.metadata.cart',
    'source.card.object',
    'source.card.id',
    'source.card.cvc_checked',
    'source.card.issuing_bank',
    ...['line1', 'line2', 'city', 'state', 'country', 'zip'].map((name) => `source.card.address_${name}`),
    'source.bank_account.reference_id',
    'source.bank_account.bank_type',
    'source.bank_account.expires_at',
    'source.bank_account.metadata.branch',
    'source.redirect.success',
    'source.redirect.fail',
    'source.redirect.notify',
    'source.owner.name',
    'source.owner.address_country',
    ...person.flatMap((name) => [`source.owner.billing.${name}`, `source.owner.shipping.${name}`]),
  ),
};

const chargeFields: Readonly<Record<string, Field>> = {
  id: field('id', 'ch_0aa1'),
  amount: field('amount', 12_550),
  amount_refunded: field('amountRefunded', 550),
  authorized: raw,
  captured: field('amountCaptured', 12_550),
  currency: field('currency', 'PHP'),
  statement_descriptor: field('statementDescriptor', 'TINDAHAN'),
  description: field('description', 'Order 77'),
  require_auth: field('threeDS.status', 'unknown'),
  status: field('status', 'captured'),
  livemode: field('livemode', false),
  created_at: field('createdAt', createdAt),
  updated_at: field('updatedAt', createdAt),
  'metadata.order': field('metadata.order', '77'),
  failure_data: field('failure', null),
  action: field('nextAction', null),
  'action.type': field('nextAction.type', 'redirect'),
  'action.url': field('nextAction.url', 'https://bank.test/pay/1'),
  refunds: field('refunds', []),
  'refunds.[].id': field('refunds.0.id', 're_0cc1'),
  'refunds.[].amount': field('refunds.0.amount', 550),
  'refunds.[].currency': field('refunds.0.currency', 'PHP'),
  'refunds.[].reason': field('refunds.0.reason', 'requested_by_customer'),
  'refunds.[].status': field('refunds.0.status', 'succeeded'),
  'refunds.[].created_at': field('refunds.0.createdAt', createdAt),
  ...rawOnly('object', 'owner.name', 'owner.address_country', 'refunds.[].object', 'refunds.[].updated_at'),
  ...sourceFields,
};

const order = {
  amount: 12_550,
  currency: 'PHP',
  source: 'src_0bb1',
  description: 'Order 77',
  statementDescriptor: 'TINDAHAN',
  metadata: { order: '77' },
};

/** A charge that has what was asked of it. */
const answered = ({ body, method, path }: Arrived) => ({
  status: method === 'POST' && path.endsWith('/charges/') ? 201 : 200,
  body: {
    ...paid,
    amount_refunded: 0,
    refunds: [],
    metadata: body['metadata'] ?? paid!.metadata,
    ...(body['capture'] === false ? { authorized: true, captured: false, status: 'pending' } : {}),
  },
});

const pending = { ...open!, action: null };

const word = (name: string, change: object, resolves: Readonly<Record<string, unknown>>): Ending => ({
  name,
  reply: { body: { ...pending, ...change } },
  ask: (client) => client.retrieve('ch_0aa2'),
  resolves,
});

/** "List all charges" of the Zip and Magpie payments API, version 2. */
export const magpieDocument: SeedDocument = {
  provider: 'magpie',
  client: (settings) => createMagpie({ secretKey: 'sk_test_seed', settleMs: 1, abandonedMs: 1, ...settings }),
  endpoints: [
    {
      name: 'GET /v2/charges/',
      reachedBy: 'list',
      route: 'GET /v2/charges/',
      inputs: [{ params: { cursor: 'ch_0aa0' } }],
      answer: () => ({ body: samples.list }),
      parameters: { ...authorization, 'query.start_after': param('cursor', 'ch_0aa0') },
    },
    {
      name: 'POST /v2/charges/',
      reachedBy: 'create',
      route: 'POST /v2/charges/',
      inputs: [
        {
          params: {
            ...order,
            returnUrl: 'https://shop.test/bank',
            providerOptions: { requireAuth: false, cvc: '123', wire: { field_of_tomorrow: 'yes' } },
          },
          options: key,
        },
        { params: { ...order, capture: false }, options: key },
      ],
      answer: (request) =>
        request.method === 'GET' ? { body: { object: 'list', data: [] } } : answered(request),
      parameters: {
        ...authorization,
        'body.amount': param('amount', 12_550),
        'body.currency': param('currency', 'PHP'),
        'body.source': param('source', 'src_0bb1'),
        'body.description': param('description', 'Order 77'),
        'body.statement_descriptor': param('statementDescriptor', 'TINDAHAN'),
        'body.capture': param('capture', false),
        'body.metadata.order': param('metadata.order', '77'),
        'body.redirect_url': param('returnUrl', 'https://shop.test/bank'),
        'body.require_auth': option('requireAuth', false),
        'body.cvc': option('cvc', '123'),
        // Whatever the document does not name yet.
        'body.field_of_tomorrow': option('wire.field_of_tomorrow', 'yes'),
        'body.source.owner': not(
          "an inline `{ type: 'gcash', redirect, owner }` has no place in it. That object is the body of `POST /v2/sources/`",
        ),
        'body.owner': not('The owner given there comes back as `raw.source.owner`.'),
      },
    },
    {
      name: 'GET /v2/charges/{id}',
      reachedBy: 'retrieve',
      route: 'GET /v2/charges/{id}',
      inputs: [{ id: 'ch_0aa1' }],
      answer: answered,
      parameters: authorization,
    },
    {
      name: 'POST /v2/charges/{id}/capture',
      reachedBy: 'capture',
      route: 'POST /v2/charges/{id}/capture',
      inputs: [{ id: 'ch_0aa1', params: { amount: 12_550 }, options: key }],
      answer: ({ method }) => ({
        body: method === 'GET' ? { ...paid, authorized: true, captured: false, status: 'pending' } : paid,
      }),
      parameters: { ...authorization, 'body.amount': param('amount', 12_550) },
    },
    {
      name: 'POST /v2/charges/{id}/void',
      reachedBy: 'void',
      route: 'POST /v2/charges/{id}/void',
      inputs: [{ id: 'ch_0aa1', options: key }],
      answer: ({ method }) => ({
        body:
          method === 'GET'
            ? { ...pending, id: 'ch_0aa1', authorized: true }
            : { ...pending, id: 'ch_0aa1', status: 'voided' },
      }),
      parameters: authorization,
    },
    {
      name: 'POST /v2/charges/{id}/refund',
      reachedBy: 'refund',
      route: 'POST /v2/charges/{id}/refund',
      inputs: [{ id: 'ch_0aa1', params: { amount: 550, reason: 'requested_by_customer' }, options: key }],
      answer: ({ method }) => ({
        body: method === 'GET' ? { ...paid, amount_refunded: 0, refunds: [] } : paid,
      }),
      parameters: {
        ...authorization,
        'body.amount': param('amount', 550),
        'body.reason': param('reason', 'requested_by_customer'),
      },
    },
    {
      name: 'POST /v2/charges/{id}/verify',
      reachedBy: 'verify3DS',
      route: 'POST /v2/charges/{id}/verify',
      inputs: [
        {
          params: { chargeId: 'ch_0aa2', otp: { confirmationId: 'confirmation-1', code: '123456' } },
          options: key,
        },
      ],
      answer: ({ method }) => ({
        body: method === 'GET' ? pending : { ...pending, status: 'succeeded', captured: true },
      }),
      parameters: {
        ...authorization,
        'body.confirmation_id': param('otp.confirmationId', 'confirmation-1'),
        'body.otp': param('otp.code', '123456'),
      },
    },
  ],
  answers: [
    {
      name: 'of a list',
      reply: { body: samples.list },
      ask: (client) => client.list(),
      isList: true,
      resources: samples.list.data,
      fields: chargeFields,
    },
    {
      name: 'of a charge that failed',
      reply: { body: samples.failed },
      ask: (client) => client.retrieve('ch_0aa3'),
      resources: [samples.failed],
      fields: {
        ...Object.fromEntries(
          Object.entries(chargeFields).filter(
            ([path]) =>
              !/^(?:action\.|refunds\.|source\.bank_account\.|source\.card$|failure_data$)/.test(path),
          ),
        ),
        id: field('id', 'ch_0aa3'),
        amount_refunded: field('amountRefunded', 0),
        captured: field('amountCaptured', 0),
        status: field('status', 'failed'),
        require_auth: field('threeDS.status', 'failed'),
        'failure_data.code': field('failure.code', 'authentication_required'),
        'failure_data.reason': field('failure.message', samples.failed.failure_data.reason),
        'failure_data.provider_response.code': field('failure.networkCode', 'authentication_required'),
        ...rawOnly(
          'failure_data.next_steps',
          'failure_data.provider_response.links',
          'failure_data.provider_response.message',
          'failure_data.provider_response.logref',
        ),
      },
    },
  ],
  endings: [
    ...sourceTypes.map((type) =>
      word(
        `the source type ${type}`,
        { source: { ...pending.source, type, bank_account: null } },
        { paymentMethod: { type, id: 'src_0bb1' } },
      ),
    ),
    word(
      'an action that redirects',
      { action: open!.action },
      {
        status: 'requires_action',
        nextAction: { type: 'redirect', url: 'https://bank.test/pay/1' },
      },
    ),
    word(
      'an action with a confirmation id',
      { action: { type: 'otp', confirmation_id: 'confirmation-1' } },
      {
        status: 'requires_action',
        nextAction: { type: 'otp', confirmationId: 'confirmation-1' },
      },
    ),
    word('no action', { action: null }, { status: 'pending', nextAction: null }),
    {
      name: 'an action of another shape',
      settings: { strictResponses: true },
      reply: { body: { ...pending, action: { type: 'bank_instructions', account: '001' } } },
      ask: (client) => client.retrieve('ch_0aa2'),
      // Never a silent `pending`: it is told as drift, which this setting turns into an error.
      rejects: { name: 'InvalidResponseError', code: 'drift' },
      onPage: '`pending`, the action in `raw`, and a `drift` event at `action`',
    },
    word('an authorization', { authorized: true }, { status: 'authorized', amountCaptured: 0 }),
    {
      name: 'a 422 of the provider',
      reply: {
        status: 422,
        body: { detail: [{ loc: ['body', 'otp'], msg: 'Field required', type: 'missing' }] },
      },
      ask: (client) => client.retrieve('ch_0aa2'),
      rejects: { name: 'InvalidRequestError', statusCode: 422, issues: [{ path: 'otp' }] },
    },
    {
      name: 'a password for a charge that is through',
      reply: { body: paid },
      ask: (client) =>
        client.verify3DS(
          { chargeId: 'ch_0aa1', otp: { confirmationId: 'confirmation-1', code: '123456' } },
          key,
        ),
      resolves: { status: 'captured' },
      onPage: 'A one-time password goes out once, and not to a charge that is through already.',
    },
  ],
  notes: [
    {
      says: 'A cursor for use in pagination. start_after is an object ID that defines your place in the list.',
      onPage:
        'A smaller `limit` cuts the page here; the next one starts behind the last charge that was shown',
    },
    {
      says: 'When set to false, attempt to do 3D secure authentication for credit card is bypassed and charge is immediately executed. This has no effect for vaulted cards.',
      onPage: '`false` skips 3-D Secure; no effect on saved cards. Default true',
    },
    {
      says: 'The URL where we will call repeatedly, until a proper response was received.',
      onPage: 'the body sent to `redirect.notify` is documented nowhere',
    },
    {
      says: 'Payment source owner details',
      onPage: 'The owner given there comes back as `raw.source.owner`.',
    },
    {
      says: 'A dictionary that contains error response from the provider.',
      onPage:
        'What the payer can do about a failure, `failure_data.next_steps`, is English text for people and stays in `raw`',
    },
  ],
  simulate: async (client, simulator) => {
    const made = await client.create({
      ...order,
      source: simulator.source('magpie', 'approved'),
      capture: false,
    });
    await client.capture(made.id, { amount: 12_550 });
    await client.refund(made.id, { amount: 550 });
    await client.retrieve(made.id);
    await client.list();
    const voided = await client.create({
      ...order,
      source: simulator.source('magpie', 'approved'),
      capture: false,
    });
    await client.void(voided.id);
    const challenged = await client.create({ ...order, source: simulator.source('magpie', 'requires_3ds') });
    if (challenged.nextAction?.type === 'redirect') await simulator.payer.approve(challenged.nextAction.url);
    await client.verify3DS({ chargeId: challenged.id });

    simulator.switches.magpie.passwordAction = 'confirmation_id';
    const source = await fetch(`${simulator.url('magpie')}/v2/sources/`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${magpiePublicKey}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'unionbank' }),
    });
    const { id } = (await source.json()) as { readonly id: string };
    const asked = await client.create({ ...order, source: id });
    if (asked.nextAction?.type !== 'otp') throw new Error('no password is asked for');
    const { confirmationId } = asked.nextAction;
    await client.verify3DS({ chargeId: asked.id, otp: { confirmationId, code: magpieOtp.code } });
  },
};
