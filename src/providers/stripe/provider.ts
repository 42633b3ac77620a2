import { defineAdapter } from '../../adapter/define-adapter.js';
import { paging } from '../../adapter/paging.js';
import type { RowInput } from '../../adapter/inputs.js';
import type { AdapterRow } from '../../adapter/rows.js';
import { CardError, ChargesError } from '../../errors.js';
import { withDetails } from '../../errors/with-details.js';
import { stampMetadataKey } from '../../models/attachments.js';
import type { Charge } from '../../models/charge.js';
import { isOpaqueCursor } from '../../models/paging.js';
import { momentToSeconds, type ListParams } from '../../models/params.js';
import type { Call, WireValue } from '../../provider.js';
import { capture, release, update } from './changes.js';
import { failure } from './errors.js';
import { options, settings, type StripeTypes } from './options.js';
import {
  billingFields,
  chargeForm,
  chargesOnlyIssues,
  createIssues,
  customerIssues,
  intentForm,
  metadataLimits,
  tokenIssues,
  tokenOf,
} from './params.js';
import {
  apiOf,
  expandedOf,
  isIntentId,
  lastIds,
  pageEnds,
  payments,
  readWire,
  refunds,
  toCharge,
} from './payment.js';
import { readListedRefunds, refund, retrieveRefund } from './refunds.js';
import { buildQuery, searchIssues } from './search.js';
import { webhook } from './webhook.js';
import { createdPaymentMethodSchema, intentSchema, type WirePayment } from './wire.js';

/**
 * The version whose shapes this adapter is tested with. Without one, the account's own default would apply. It is a setting:
 * nothing here depends on what Stripe changed on 2026-09-30, and older shapes are read, too.
 */
export const defaultApiVersion = '2026-08-26.dahlia';

const livemodeOf = (secretKey: string): boolean | null => {
  const mode = /^(?:sk|rk)_(test|live)_/.exec(secretKey)?.[1];
  return mode === undefined ? null : mode === 'live';
};

const hour = 60 * 60 * 1000;

/** What is recorded before a payment is created. */
export interface PreparedCreate {
  readonly paymentMethod: string | null;
}

/** The PaymentMethod of a create that needs no first step. */
const paymentMethodAtOnce = (
  { source }: RowInput<StripeTypes, 'create'>,
  call: Call,
): PreparedCreate | null => {
  const token = tokenOf(source) ?? null;
  if (apiOf(call) === 'charges') return { paymentMethod: null };
  return token?.startsWith('tok_') === true ? null : { paymentMethod: token };
};

const create: AdapterRow<StripeTypes, 'create', PreparedCreate> = {
  to: (_, call) => (apiOf(call) === 'charges' ? 'POST /v1/charges' : 'POST /v1/payment_intents'),
  sources: {
    token: ({ token }, { params }, call) => tokenIssues(token, params.customer, apiOf(call)),
    customer: customerIssues,
  },
  otherSource: 'must be one of token, customer: card data becomes a token in the browser',
  noSource: null,
  refuses: { expiresAt: 'cannot be chosen: Stripe sets it' },
  // Billing and email go into the PaymentMethod that a token becomes; a finished one has its own, a charge has no place.
  leavesOut: ['billing', 'email', 'ip'],
  metadataLimits,
  check: createIssues,
  /** A token becomes a PaymentMethod first: an intent takes no tokens. This step moves no money. */
  prepare: async (input, call) => {
    const known = paymentMethodAtOnce(input, call);
    if (known !== null) return known;
    const { params, source } = input;
    const token = tokenOf(source) ?? null;
    const form = { type: 'card', card: { token }, billing_details: billingFields(params) };
    const request = { method: 'POST', route: '/v1/payment_methods', form } as const;
    return { paymentMethod: (await call.send(request, createdPaymentMethodSchema)).wire.id };
  },
  preparedAtOnce: paymentMethodAtOnce,
  form: (input, call) =>
    apiOf(call) === 'charges' ? chargeForm(input) : intentForm(input, call.prepared.paymentMethod),
  output: ({ wire }, call) => toCharge(wire, call, { refunds: [] }),
};

/** Lists and searches are over the objects that the client charges with, so that one payment shows once. */
const listed = (call: Call): WirePayment['object'] =>
  apiOf(call) === 'charges' ? 'charge' : 'payment_intent';

const expandListed = (call: Call) => expandedOf(listed(call), call).map((path) => `data.${path}`);

const createdFilter = ({ createdAfter, createdBefore }: ListParams): WireValue => {
  const gte = createdAfter && momentToSeconds(createdAfter);
  const lt = createdBefore && momentToSeconds(createdBefore);
  return { gte, lt };
};

/**
 * Several requests: an intent with manual confirmation waits for the server after the payer came back, so it is confirmed.
 * That is safe to repeat: an intent is paid at most once, whoever confirms it how often.
 */
const confirmAndRead = async (id: string, call: Call): Promise<Charge> => {
  const wire = await readWire(id, call);
  if (
    wire.object !== 'payment_intent' ||
    wire.status !== 'requires_confirmation' ||
    wire.confirmation_method !== 'manual'
  ) {
    return toCharge(wire, call);
  }
  const confirm = {
    method: 'POST',
    route: '/v1/payment_intents/{id}/confirm',
    ids: { id: wire.id },
    form: { expand: ['latest_charge'] },
  } as const;
  try {
    const confirmed = (await call.send(confirm, intentSchema)).wire;
    call.checkSame(wire.id, confirmed.id);
    return await toCharge(confirmed, call);
  } catch (error) {
    if (!(error instanceof ChargesError) || error instanceof CardError) throw error;
    // The intent tells whether the confirmation arrived; while it still waits for one, nobody knows.
    const after = await readWire(wire.id, call).catch(() => null);
    if (after === null || after.status === wire.status) throw withDetails(error, { outcome: 'unknown' });
    return toCharge(after, call);
  }
};

/** Stripe as data: https://docs.stripe.com/api. */
export const stripeProvider = defineAdapter({
  provider: 'stripe',
  name: 'Stripe',
  settings,
  environment: { secretKey: { variable: 'STRIPE_SECRET_KEY', required: true } },
  connect: ({ secretKey, apiVersion = defaultApiVersion, account }) => ({
    origin: 'https://api.stripe.com',
    livemode: livemodeOf(secretKey.reveal()),
    account: account ?? null,
    apiVersion,
    headers: () => ({
      authorization: `Bearer ${secretKey.reveal()}`,
      'stripe-version': apiVersion,
      ...(account === undefined ? {} : { 'stripe-account': account }),
    }),
  }),
  callHeaders: { 'stripe-account': { choosesAccount: true } },
  ownFields: [
    'amount_to_capture',
    'capture',
    'capture_method',
    'charge',
    'confirm',
    'confirmation_method',
    'customer',
    'ending_before',
    'expand',
    'payment_intent',
    'payment_method',
    'source',
  ],
  // Stripe keeps keys for 24 hours at least; an hour less leaves room for clocks and slow calls.
  writeSafety: { kind: 'provider-key', header: 'idempotency-key', keyLifetimeMs: 23 * hour },
  rateLimitMeansNotExecuted: true,
  replayHeader: 'idempotent-replayed',
  shouldRetryHeader: 'stripe-should-retry',
  requestIdHeaders: ['request-id'],
  // A payment is an intent, and each attempt of it is a charge of its own: either may be asked for.
  apiSetting: { name: 'api', default: 'payment_intents' },
  interchangeableIds: ['pi_', 'ch_', 'py_'],
  searchByStamp: (stamp) => ({ metadata: { [stampMetadataKey]: stamp } }),
  options,
  charge: payments,
  refund: refunds,
  paging: lastIds,
  operations: {
    create,
    retrieve: {
      to: ({ id }) => (isIntentId(id) ? 'GET /v1/payment_intents/{id}' : 'GET /v1/charges/{id}'),
      query: ({ id }, call) => ({ expand: expandedOf(isIntentId(id) ? 'payment_intent' : 'charge', call) }),
      include: ['fee'],
      output: ({ wire }, call, { id }) => {
        call.checkSame(id, wire.id);
        return toCharge(wire, call);
      },
    },
    update,
    list: {
      to: (_, call) => `GET /v1/${listed(call)}s`,
      order: 'newest_first',
      pushedDown: ['createdAfter', 'createdBefore', 'customer'],
      include: ['fee'],
      check: ({ options: given }, call) => chargesOnlyIssues(given, ['paymentIntent', 'transferGroup'], call),
      query: ({ params, options: { paymentIntent, transferGroup }, page }, call) => ({
        ...page,
        created: createdFilter(params),
        customer: params.customer,
        payment_intent: paymentIntent,
        transfer_group: transferGroup,
        expand: expandListed(call),
      }),
    },
    search: {
      to: (_, call) => `GET /v1/${listed(call)}s/search`,
      pushedDown: ['query', 'currency', 'customer', 'createdAfter', 'createdBefore'],
      // Status, amount and metadata only narrow at Stripe: its status says less, its unit depends on the currency, and its
      // texts match in any letter case. Every result is compared here.
      eventuallyConsistent: true,
      include: ['fee'],
      paging: paging(pageEnds, {
        isCursor: isOpaqueCursor,
        query: (cursor, limit) => ({ limit, page: cursor ?? undefined }),
        end: (page) => ({ next: page.next_page ?? null, hasMore: page.has_more }),
      }),
      check: ({ params }, call) => searchIssues(params, apiOf(call)),
      query: ({ params, page }, call) => ({
        query: buildQuery(params, apiOf(call)),
        ...page,
        expand: expandListed(call),
      }),
    },
    capture,
    void: release,
    refund,
    listRefunds: { run: ({ id }, call) => readListedRefunds(id, call) },
    retrieveRefund,
    verify3DS: { by: ['chargeId'], run: ({ params }, call) => confirmAndRead(params.chargeId ?? '', call) },
  },
  failure,
  webhook,
});
