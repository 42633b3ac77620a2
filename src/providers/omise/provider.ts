import * as z from 'zod';
import { textOf } from '../../adapter/fields.js';
import { defineAdapter } from '../../adapter/define-adapter.js';
import type { AdapterRow } from '../../adapter/rows.js';
import { InvalidRequestError } from '../../errors.js';
import { secretSchema } from '../../models/secret.js';
import { charges, reasonMetadataKey, refunds } from './charge.js';
import { omiseCurrencies } from './currency.js';
import { failure } from './errors.js';
import { extras } from './extras.js';
import {
  chargedFields,
  createOptionsSchema,
  customerIssues,
  listOptionsSchema,
  newestFirst,
  optionFields,
  pages,
  redirectIssues,
  refundOptionsSchema,
  tokenIssues,
  wireMoment,
} from './params.js';
import { searchIssues, searchOptionsSchema, searchPages, searchQuery } from './search.js';
import { event, livemode, toleranceMs, verify } from './webhook.js';
import type { ChargeWire, RefundWire } from './wire.js';

/** The API version that this adapter was written for, and the newest one. */
const omiseVersion = '2019-05-29';

/** Where a list of refunds says whose they are: `/charges/chrg_…/refunds`. */
const refundsOfCharge = /^\/charges\/(\w{1,100})\/refunds/;

const settings = {
  /** The secret key of the account, `skey_…`, `OMISE_SECRET_KEY` in the environment. */
  // A public key would be refused by every operation here, and in a browser a secret key would be no secret: say so at once.
  secretKey: secretSchema.refine(
    (key) => key.reveal().startsWith('skey_'),
    'must be a secret key, which starts with skey_ (a public key, pkey_, only makes tokens)',
  ),
  /** `Omise-Version` of every request. Default `2019-05-29`. */
  apiVersion: z
    .string('must be text')
    .regex(/^\d{4}-\d{2}-\d{2}$/, `must be a version such as ${omiseVersion}`)
    .optional(),
};

const options = {
  create: createOptionsSchema,
  list: listOptionsSchema,
  search: searchOptionsSchema,
  refund: refundOptionsSchema,
};

interface Omise {
  readonly settings: z.output<z.ZodObject<typeof settings>>;
  readonly options: typeof options;
  readonly charge: ChargeWire;
  readonly refund: RefundWire;
}

const refuseCapture = (id: string, message: string): never => {
  throw new InvalidRequestError({
    message: `amount ${message}`,
    provider: 'omise',
    operation: 'capture',
    outcome: 'not_sent',
    chargeId: id,
    issues: [{ path: 'amount', message }],
  });
};

/** What Omise does with a partial amount on an ordinary authorization is not known: it might take everything. */
const capture: AdapterRow<Omise, 'capture', { readonly amount: number | null }> = {
  to: 'POST /charges/{id}/capture',
  partial: 'some',
  prepared: z.object({ amount: z.int().nullable() }),
  prepare: async ({ id, params }, call) => {
    if (params.amount === undefined) return { amount: null };
    const wire = await charges.fetch(id, call);
    if (params.amount === wire.amount) return { amount: null };
    if (params.amount > wire.amount) return refuseCapture(id, 'is more than was authorized');
    if (wire.authorization_type === 'pre_auth') return { amount: params.amount };
    return refuseCapture(
      id,
      'must be the whole amount: only charges created with authorizationType "pre_auth" are captured in part',
    );
  },
  json: (_, { prepared: { amount } }) => (amount === null ? undefined : { capture_amount: amount }),
};

/** Omise (Opn Payments) as data, API version 2019-05-29. */
export const omiseProvider = defineAdapter({
  provider: 'omise',
  name: 'Omise',
  settings,
  environment: { secretKey: { variable: 'OMISE_SECRET_KEY', required: true } },
  connect: ({ secretKey: key, apiVersion = omiseVersion }) => ({
    origin: 'https://api.omise.co',
    livemode: !key.reveal().startsWith('skey_test_'),
    account: null,
    apiVersion,
    headers: () => ({
      authorization: `Basic ${Buffer.from(`${key.reveal()}:`).toString('base64')}`,
      'omise-version': apiVersion,
    }),
  }),
  ownFields: ['capture', 'capture_amount', 'card', 'customer', 'expand', 'return_uri', 'source'],
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: true,
  options,

  charge: charges,
  refund: refunds,
  paging: pages,

  operations: {
    create: {
      to: 'POST /charges',
      sources: { token: tokenIssues, customer: customerIssues, redirect: redirectIssues },
      otherSource: 'must be one of token, customer, redirect: card data goes to the vault from the browser',
      customerAlone: true,
      noSource: 'is required, unless a customer is charged',
      leavesOut: ['statementDescriptor', 'email', 'billing', 'shipping'],
      currencies: omiseCurrencies,
      json: ({ params, options: given, source, metadata }) => ({
        amount: params.amount,
        currency: params.currency,
        ...chargedFields(source, params),
        capture: params.capture ?? true,
        return_uri: params.returnUrl,
        description: params.description,
        ip: params.ip,
        expires_at: wireMoment(params.expiresAt),
        metadata,
        ...optionFields(given),
      }),
    },
    retrieve: { to: 'GET /charges/{id}', include: ['fee'] },
    // Whether Omise merges or replaces metadata is not documented. The whole map, our stamp included, is right both ways.
    update: {
      to: 'PATCH /charges/{id}',
      fields: ['description', 'metadata'],
      metadata: 'either',
      prepared: z.object({ metadata: z.record(z.string(), z.unknown()).nullable() }),
      json: ({ params, metadata }) => ({ description: params.description, metadata }),
    },
    // The order is always sent. Whether `to` is inclusive is not documented; ours is exclusive, and the engine cuts the edge.
    list: {
      to: 'GET /charges',
      query: ({ params, page, options: { order = newestFirst } }) => ({
        ...page,
        order,
        from: wireMoment(params.createdAfter),
        to: wireMoment(params.createdBefore),
      }),
      order: 'newest_first',
      pushedDown: ['createdAfter', 'createdBefore'],
      include: ['fee'],
    },
    search: {
      to: 'GET /search',
      query: (input, call) => searchQuery(input, call.now()),
      paging: searchPages,
      check: searchIssues,
      pushedDown: ['query', 'status', 'amount', 'currency', 'createdAfter', 'createdBefore'],
      eventuallyConsistent: true,
      include: ['fee'],
    },
    capture,
    // An authorization is released with `reverse`. Captured money is never touched by it.
    void: { to: 'POST /charges/{id}/reverse', captured: false },
    // Which sources can be expired is documented for one of them only: Omise decides.
    expire: { to: 'POST /charges/{id}/expire' },
    refund: {
      to: 'POST /charges/{id}/refunds',
      partial: true,
      metadata: true,
      // A refund always names its amount.
      everything: 'named',
      prepared: z.object({ amount: z.int().positive() }),
      // The reason rides in the metadata; a `reason` of the caller's own wins.
      json: ({ amount, params: { reason }, options: given, metadata }) => ({
        amount,
        metadata: reason === undefined ? metadata : { [reasonMetadataKey]: reason, ...metadata },
        void: given.void,
      }),
    },
    // A charge may have more refunds than one page holds, and a look-up must see them all.
    listRefunds: {
      to: 'GET /charges/{id}/refunds',
      query: ({ page }) => ({ ...page, order: newestFirst }),
      chargeIdIn: ({ location }) => refundsOfCharge.exec(textOf(location) ?? '')?.[1] ?? null,
    },
    retrieveRefund: { to: 'GET /charges/{id}/refunds/{refundId}' },
    // There is nothing to verify: after the payer came back, the charge itself says how it ended.
    verify3DS: {
      to: 'GET /charges/{id}',
      ids: ({ params: { chargeId = '' } }) => ({ id: chargeId }),
      by: ['chargeId'],
    },
  },
  failure,
  extras,
  webhook: { toleranceMs, verify, livemode, event },
});
