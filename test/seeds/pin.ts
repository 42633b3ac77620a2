import { expect } from 'vitest';
import { createPin } from '../../src/providers/pin/index.js';
import captured from '../fixtures/pin/charge-captured.json' with { type: 'json' };
import samples from '../fixtures/pin/seed-samples.json' with { type: 'json' };
import {
  automatic,
  field,
  not,
  option,
  param,
  raw,
  setting,
  type Client,
  type Ending,
  type Parameter,
  type Reply,
  type SeedDocument,
} from './seed-document.js';

/*
 * The document describes the methods of a client library, `charges_api.create(…)` and so on, and shows answers that Pin itself
 * does not give: a word `status` instead of booleans, `"status": 200` for the HTTP status, and mostly no currency.
 */

const secret = 'seed-secret-key';
const authorization: Readonly<Record<string, Parameter>> = {
  'header.authorization': automatic(`Basic ${btoa(`${secret}:`)}`),
};
const token = 'charge_token_example';

/** The arguments of the document's create, with the holder and address that Pin requires beside them. */
const create = {
  amount: 1000,
  currency: 'AUD',
  email: 'customer@example.com',
  description: 'Test Charge',
  ip: '192.0.2.1',
  source: {
    type: 'card',
    number: '4200000000000000',
    expMonth: 12,
    expYear: 2035,
    cvc: '123',
    holderName: 'Test Customer',
    address: { line1: '1 Pier Rd', city: 'Perth', country: 'AU' },
  },
};

const charge = (change: object = {}): Reply => ({
  body: {
    response: { ...captured.response, token, amount: 1000, amount_refunded: 0, metadata: {}, ...change },
  },
});
const held = { captured: false, captured_at: null };
const pagination = { current: 1, previous: null, next: null, per_page: 25, pages: 1, count: 0 };

/** A sample that lacks what a charge cannot be without: it is refused, and the error names what is missing. */
const unreadable = (
  name: string,
  body: object,
  ask: (client: Client) => PromiseLike<unknown>,
  missing: string,
): Ending => ({
  name: `the sample answer of ${name}`,
  reply: { body },
  ask,
  rejects: { name: 'InvalidResponseError', message: expect.stringContaining(missing) as unknown },
  onPage: missing.includes('pagination')
    ? 'neither can lists without `pagination`: they do not tell where they end.'
    : 'An answer without its currency is refused with an `InvalidResponseError` that names `response.currency`',
});

const word = (status: string, resolves: Readonly<Record<string, unknown>>): Ending => ({
  name: `the word ${status} with a currency`,
  reply: { body: { response: { ...samples.create.response, status } } },
  ask: (client) => client.retrieve(token),
  resolves,
});

/** The Charges API of a client library for Pin. */
export const pinDocument: SeedDocument = {
  provider: 'pin',
  client: (settings) =>
    createPin({ secretKey: secret, environment: 'test', settleMs: 1, abandonedMs: 1, ...settings }),
  endpoints: [
    {
      name: 'create',
      reachedBy: 'create',
      route: 'POST /1/charges',
      inputs: [
        { params: { ...create, metadata: { order: '81' } } },
        {
          settings: { defaults: { ip: '192.0.2.1' } },
          params: {
            ...create,
            ip: undefined,
            source: 'card_nytGw7koRg23EEp9NTmz9w',
            capture: false,
            statementDescriptor: 'SHOP',
            returnUrl: 'https://shop.test/back',
            providerOptions: {
              threeDSecure: { fallbackOk: true },
              platformAdjustment: { amount: 125, currency: 'AUD' },
              wire: { field_of_tomorrow: 'yes' },
            },
          },
        },
      ],
      answer: ({ method, body }) =>
        method === 'GET'
          ? { body: { response: [], pagination } }
          : {
              ...charge({ metadata: body['metadata'], ...(body['capture'] === false ? held : {}) }),
              status: 201,
            },
      parameters: {
        ...authorization,
        'body.email': param('email', 'customer@example.com'),
        'body.description': param('description', 'Test Charge'),
        'body.amount': param('amount', 1000),
        'body.ip_address': param('ip', '192.0.2.1'),
        'body.currency': param('currency', 'AUD'),
        'body.card.number': param('source.number', '4200000000000000'),
        'body.card.expiry_month': param('source.expMonth'),
        'body.card.expiry_year': param('source.expYear'),
        'body.card.cvc': param('source.cvc', '123'),
        'body.card.name': param('source.holderName', 'Test Customer'),
        'body.card_token': param('source', 'card_nytGw7koRg23EEp9NTmz9w'),
        'body.capture': param('capture', false),
        'body.metadata.order': param('metadata.order', '81'),
        'body.reference': param('statementDescriptor', 'SHOP'),
        'body.three_d_secure.callback_url': param('returnUrl', 'https://shop.test/back'),
        'body.three_d_secure.fallback_ok': option('threeDSecure.fallbackOk', true),
        'body.platform_adjustment.amount': option('platformAdjustment.amount', 125),
        // Whatever the document does not name yet.
        'body.field_of_tomorrow': option('wire.field_of_tomorrow', 'yes'),
        'body.status': not('Pin has no word `status`. The document of a client library shows one'),
      },
    },
    {
      name: 'create with the defaults of the client',
      reachedBy: 'create',
      route: 'POST /1/charges',
      inputs: [
        {
          settings: {
            defaults: { email: 'customer@example.com', description: 'Test Charge', ip: '192.0.2.1' },
          },
          params: { amount: 1000, currency: 'AUD', source: 'card_nytGw7koRg23EEp9NTmz9w' },
        },
      ],
      answer: ({ body }) => ({ ...charge({ metadata: body['metadata'] }), status: 201 }),
      parameters: {
        'body.email': setting('defaults.email', 'customer@example.com'),
        'body.description': setting('defaults.description', 'Test Charge'),
        'body.ip_address': setting('defaults.ip', '192.0.2.1'),
      },
    },
    {
      name: 'void',
      reachedBy: 'void',
      route: 'PUT /1/charges/{token}/void',
      inputs: [{ id: token }],
      answer: ({ method }) => charge({ ...held, authorisation_voided: method === 'PUT' }),
      parameters: authorization,
    },
    {
      name: 'capture',
      reachedBy: 'capture',
      route: 'PUT /1/charges/{token}/capture',
      inputs: [{ id: token }],
      answer: ({ method }) => charge(method === 'GET' ? held : {}),
      parameters: authorization,
    },
    {
      name: 'list',
      reachedBy: 'list',
      route: 'GET /1/charges',
      inputs: [{}],
      answer: () => ({ body: { response: [], pagination } }),
      parameters: { ...authorization, 'query.page': automatic('1') },
    },
    {
      name: 'search',
      reachedBy: 'search',
      route: 'GET /1/charges/search',
      inputs: [
        {
          params: {
            query: 'customer@example.com',
            createdAfter: '2023-01-02T00:00:00Z',
            createdBefore: '2023-12-29T00:00:00Z',
          },
        },
      ],
      answer: () => ({ body: { response: [], pagination } }),
      parameters: {
        ...authorization,
        'query.query': param('query', 'customer@example.com'),
        // Whole days in the spelling of Pin's own reference, widened for every time zone.
        'query.start_date': param('createdAfter', '2023/01/01'),
        'query.end_date': param('createdBefore', '2023/12/31'),
      },
    },
    {
      name: 'charge',
      reachedBy: 'retrieve',
      route: 'GET /1/charges/{token}',
      inputs: [{ id: token }],
      answer: () => charge(),
      parameters: authorization,
    },
    {
      name: 'verify',
      reachedBy: 'verify3DS',
      route: 'GET /1/charges/verify',
      inputs: [{ params: { sessionToken: '3d_secure_session_token_example' } }],
      answer: () => charge(),
      parameters: {
        ...authorization,
        'query.session_token': param('sessionToken', '3d_secure_session_token_example'),
      },
    },
  ],
  answers: [
    {
      name: 'of a create',
      reply: { status: 201, body: samples.create },
      ask: (client) => client.create({ ...create, source: 'card_nytGw7koRg23EEp9NTmz9w' }),
      resources: [samples.create.response],
      fields: {
        token: field('id', token),
        amount: field('amount', 1000),
        currency: field('currency', 'AUD'),
        description: field('description', 'Test Charge'),
        status: field('status', 'captured'),
      },
    },
    {
      name: 'of a retrieve, with the currency that it lacks',
      reply: { body: { response: { ...samples.charge.response, currency: 'AUD' } } },
      ask: (client) => client.retrieve(token),
      resources: [{ ...samples.charge.response, currency: 'AUD' }],
      fields: {
        token: field('id', token),
        amount: field('amount', 1000),
        currency: raw,
        description: field('description', 'Test Charge'),
        status: field('status', 'captured'),
        email: field('email', 'customer@example.com'),
      },
    },
  ],
  endings: [
    unreadable('a void', samples.void, (client) => client.void(token), 'response.amount'),
    unreadable('a capture', samples.capture, (client) => client.capture(token), 'response.currency'),
    unreadable('a list', samples.list, (client) => client.list(), 'pagination'),
    unreadable(
      'a search',
      samples.search,
      (client) => client.search({ query: 'customer@example.com' }),
      'pagination',
    ),
    unreadable('a retrieve', samples.charge, (client) => client.retrieve(token), 'response.currency'),
    unreadable(
      'a verification',
      samples.verify,
      (client) => client.verify3DS({ sessionToken: '3d_secure_session_token_example' }),
      'response.amount',
    ),
    word('captured', { status: 'captured', amountCaptured: 1000 }),
    word('authorized', { status: 'authorized', amountCaptured: 0 }),
    word('voided', { status: 'voided', amountCaptured: 0 }),
    word('verified', { status: 'unknown' }),
    {
      name: 'the card of the document, without a holder and an address,',
      reply: charge(),
      ask: (client) =>
        client.create({
          ...create,
          source: { type: 'card', number: '4200000000000000', expMonth: 12, expYear: 2035, cvc: '123' },
        }),
      rejects: { name: 'InvalidRequestError', outcome: 'not_sent' },
      onPage: 'Pin requires `cvc`, `holderName` and `address` with `line1`, `city` and `country`',
    },
    {
      name: 'the days of the search, which begin at another moment in every zone,',
      reply: charge(),
      ask: (client) => client.search({ query: 'customer@example.com', createdAfter: '2023-01-01' }),
      rejects: { name: 'InvalidRequestError', outcome: 'not_sent', issues: [{ path: 'createdAfter' }] },
      onPage: "A day such as `'2023-01-01'` is refused",
    },
  ],
  notes: [
    {
      says: 'Creates a new payment card charge.',
      onPage: '`POST /charges`. Currencies and smallest amounts: see below',
    },
    {
      says: 'Voids a previously authorized charge.',
      onPage: '`PUT /charges/{token}/void`, before the capture only',
    },
    {
      says: 'Captures a previously authorized charge.',
      onPage: '`PUT /charges/{token}/capture`, everything.',
    },
    { says: 'Retrieves a paginated list of all charges.', onPage: '`GET /charges`, newest first.' },
    {
      says: 'Searches for charges based on the provided criteria.',
      onPage: '`GET /charges/search`. Pin has one text query',
    },
    {
      says: 'Verifies the result of a 3D Secure-enabled charge.',
      onPage: '`GET /charges/verify?session_token=…`',
    },
  ],
  simulate: async (client, simulator) => {
    const order = { ...create, source: simulator.source('pin', 'approved') };
    const made = await client.create({ ...order, capture: false });
    await client.capture(made.id);
    await client.retrieve(made.id);
    await client.list();
    await client.search({ query: 'customer@example.com' });
    const voided = await client.create({
      ...order,
      source: simulator.source('pin', 'approved'),
      capture: false,
    });
    await client.void(voided.id);
    const challenged = await client.create({
      ...order,
      source: simulator.source('pin', 'requires_3ds'),
      returnUrl: 'https://shop.test/back',
    });
    if (challenged.nextAction?.type !== 'redirect') throw new Error('no payer is asked for');
    const back = new URL(await simulator.payer.approve(challenged.nextAction.url));
    await client.verify3DS({ sessionToken: back.searchParams.get('session_token') ?? '' });
  },
};
