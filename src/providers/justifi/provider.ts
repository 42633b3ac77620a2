import * as z from 'zod';
import { accessTokens } from '../../adapter/access-token.js';
import { defineAdapter } from '../../adapter/define-adapter.js';
import type { TypesOf } from '../../adapter/definition.js';
import { wrongIf } from '../../adapter/fields.js';
import type { AdapterRow } from '../../adapter/rows.js';
import { ConfigurationError, ConflictError } from '../../errors.js';
import { stampMetadataKey } from '../../models/attachments.js';
import { secretSchema, type Secret } from '../../models/secret.js';
import { charges, refunds, refundsOf, toCharge, toRefund } from './charge.js';
import { failure } from './errors.js';
import { extras } from './extras.js';
import {
  bankAccountIssues,
  cardIssues,
  createIssues,
  createOptionsSchema,
  feesIssue,
  listOptionsSchema,
  listQuery,
  pages,
  paymentMethodFields,
  refundOptionsSchema,
  wireReasons,
} from './params.js';
import { event, livemode, toleranceMs, verify } from './webhook.js';
import type { ChargeWire, RefundWire } from './wire.js';

const accountSchema = z.string().regex(/^acc_[A-Za-z0-9_-]+$/, 'must be an account id, acc_…');

const settings = {
  /** The client id of the API key: JustiFi's `client_id`, `JUSTIFI_CLIENT_ID` in the environment. */
  clientId: secretSchema,
  /**
   * The client secret of the API key: JustiFi's `client_secret`, `JUSTIFI_CLIENT_SECRET` in the environment.
   */
  clientSecret: secretSchema,
  /** The account that is charged for, `acc_…`; sent as `Sub-Account` with every request. */
  subAccount: accountSchema.optional(),
  /**
   * The same under its deprecated name, sent as `Seller-Account`; not together with `subAccount`. JustiFi's documentation
   * of today has `Sub-Account` only.
   */
  sellerAccount: accountSchema.optional(),
};

const options = {
  create: createOptionsSchema,
  refund: refundOptionsSchema,
  list: listOptionsSchema,
  // A search reads the list, so it takes the list's filters.
  search: listOptionsSchema,
};

type Justifi = TypesOf<typeof settings, typeof options, ChargeWire, RefundWire>;

/** How long a key is trusted to give the first answer again: JustiFi documents no lifetime, so it is kept short. */
const keyLifetimeMs = 60 * 60 * 1000;
/** Documented as 24 hours; an answer may say otherwise. */
const tokenLifetimeMs = 24 * 60 * 60 * 1000;
/** A payment can be voided so long, captured or not. Then a captured one can be refunded, an authorization only lapses. */
const voidWindowMs = 25 * 60 * 1000;

/** The prefix of the client id tells test from live: both share one host. */
const livemodeOf = (clientId: Secret): boolean | null => {
  const value = clientId.reveal();
  if (value.startsWith('test_')) return false;
  return value.startsWith('live_') ? true : null;
};

/** The account that requests are for, and the header that names it. */
const accountOf = ({
  subAccount,
  sellerAccount,
}: Pick<Justifi['settings'], 'subAccount' | 'sellerAccount'>) => {
  if (subAccount !== undefined && sellerAccount !== undefined) {
    throw new ConfigurationError({
      message:
        'justifi: subAccount and sellerAccount exclude each other: sellerAccount is its deprecated name',
      provider: 'justifi',
      outcome: 'not_sent',
    });
  }
  return sellerAccount === undefined
    ? ({ header: 'sub-account', account: subAccount ?? null } as const)
    : ({ header: 'seller-account', account: sellerAccount } as const);
};

/** What a refund needs to know of its payment: the amount stays the same on every repeat, the refund has no currency. */
interface PreparedRefund {
  readonly amount: number;
  readonly currency: string;
}

const refund: AdapterRow<Justifi, 'refund', PreparedRefund> = {
  to: 'POST /v1/payments/{id}/refunds',
  partial: true,
  metadata: true,
  check: ({ options: { fees } }) => [feesIssue(fees)],
  prepare: async ({ id, params }, call) => {
    const wire = await charges.fetch(id, call);
    // An earlier attempt whose answer and record are lost. How long JustiFi answers the same bytes with the same refund nobody
    // knows, nor by which clock: it is told, not asked for again.
    const own = (await refundsOf(wire, call)).find(
      ({ metadata }) => call.idempotencyKey !== null && metadata?.[stampMetadataKey] === call.idempotencyKey,
    );
    if (own !== undefined) {
      throw new ConflictError({
        code: 'already_refunded',
        message: `This refund was made already: ${own.id}`,
        outcome: 'rejected',
        provider: 'justifi',
        operation: 'refund',
        chargeId: id,
      });
    }
    const left = wire.amount_refundable ?? wire.amount - (wire.amount_refunded ?? 0);
    // With nothing left the whole amount is asked for: JustiFi refuses it, and says whether it was refunded, disputed or late.
    const amount = params.amount ?? (left > 0 ? left : wire.amount);
    return { amount, currency: wire.currency };
  },
  // The amount is always sent: what JustiFi refunds without one is not documented.
  json: ({ params, options: { description, fees }, metadata }, call) => ({
    amount: call.prepared.amount,
    reason: params.reason && wireReasons[params.reason],
    description,
    fees,
    metadata,
  }),
  output: ({ wire }, call, { id }) => toRefund(wire, { id, currency: call.prepared.currency }, call.drift),
};

/**
 * JustiFi payments with idempotency keys, after https://docs.justifi.tech. Writes repeat with the key for one hour only:
 * how long JustiFi remembers a key is documented nowhere. After that the payment is looked up by its stamp.
 */
export const justifiProvider = defineAdapter({
  provider: 'justifi',
  name: 'JustiFi',
  settings,
  environment: {
    clientId: { variable: 'JUSTIFI_CLIENT_ID', required: true },
    clientSecret: { variable: 'JUSTIFI_CLIENT_SECRET', required: true },
    subAccount: { variable: 'JUSTIFI_SUB_ACCOUNT', required: false },
  },
  connect: ({ clientId, clientSecret, ...accounts }) => {
    const { header, account } = accountOf(accounts);
    const tokens = accessTokens({
      provider: 'justifi',
      name: 'JustiFi',
      request: () => ({
        method: 'POST',
        // Outside of /v1, and without a grant type.
        route: '/oauth/token',
        json: { client_id: clientId.reveal(), client_secret: clientSecret.reveal() },
      }),
      lifetimeMs: tokenLifetimeMs,
      // Clients have seen 404 `resource_not_found` as well as 401.
      blaming: [400, 401, 403, 404, 422],
    });
    return {
      origin: 'https://api.justifi.ai',
      livemode: livemodeOf(clientId),
      account,
      accountHeader: header,
      ...tokens,
      headers: async (tools) => ({
        ...(await tokens.headers(tools)),
        ...(account === null ? {} : { [header]: account }),
      }),
    };
  },
  callHeaders: { 'sub-account': { choosesAccount: true }, 'seller-account': { choosesAccount: true } },
  ownFields: ['capture_strategy', 'payment_method'],
  writeSafety: { kind: 'provider-key', header: 'Idempotency-Key', keyLifetimeMs },
  rateLimitMeansNotExecuted: false,
  requestIdHeaders: ['request-id'],
  options,

  charge: charges,
  refund: refunds,
  paging: pages,

  operations: {
    create: {
      to: 'POST /v1/payments',
      sources: { token: true, card: cardIssues, bank_account: bankAccountIssues },
      refuses: {
        customer: 'cannot be charged here: pass a payment method token',
        expiresAt: 'cannot be chosen: JustiFi sets it',
      },
      // Billing fills what a raw card leaves open; beside a token it has no place.
      leavesOut: ['ip', 'billing', 'shipping', 'returnUrl'],
      // A sub account has one of them. Both count in cents, so amounts go out as they come in.
      currencies: ['USD', 'CAD'],
      check: createIssues,
      json: ({ params, options: { testScenario, ...options }, source, metadata }) => ({
        amount: params.amount,
        currency: params.currency.toLowerCase(),
        capture_strategy: params.capture === false ? 'manual' : 'automatic',
        payment_method: paymentMethodFields({ params, options, source }),
        email: params.email,
        description: params.description,
        statement_descriptor: params.statementDescriptor,
        application_fee_amount: options.applicationFeeAmount,
        fees: options.fees,
        expedited: options.expedited,
        metadata: {
          ...(testScenario === undefined ? {} : { payment_test: { scenario: testScenario } }),
          ...metadata,
        },
      }),
      output: ({ wire }, call) => {
        // Whether a key belongs to a sub account or to the whole platform is not documented. In the second case a key that two
        // sub accounts use is answered with the payment of the first. No proof of it: what `account_id` names is not
        // documented either.
        if (typeof wire.account_id === 'string' && call.account !== null && wire.account_id !== call.account)
          call.drift('account_id', 'inconsistent');
        return toCharge(wire, call.drift);
      },
    },
    retrieve: { to: 'GET /v1/payments/{id}', include: ['fee'] },
    update: {
      to: 'PATCH /v1/payments/{id}',
      fields: ['description', 'metadata'],
      metadata: 'replaced',
      check: ({ params }) => [
        wrongIf(
          Object.values(params).every((value) => value === undefined),
          '',
          'must change description or metadata',
        ),
      ],
      json: ({ params, metadata }) => ({ description: params.description, metadata }),
    },
    list: {
      to: 'GET /v1/payments',
      query: ({ params, options: filters, page }) => ({ ...page, ...listQuery(params, filters) }),
      order: 'newest_first',
      pushedDown: ['createdAfter', 'createdBefore'],
      include: ['fee'],
    },
    // `status` is not pushed down: its words cover captured, voided and expired payments badly; a caller who knows one passes it
    // as `providerOptions.paymentStatus`.
    search: { overList: { maxPages: 40 }, eventuallyConsistent: false },
    // The server's treatment of an amount is not documented and might be to take everything: it is compared, never sent.
    capture: { to: 'POST /v1/payments/{id}/capture', partial: false },
    void: { to: 'POST /v1/payments/{id}/void', windowMs: voidWindowMs, captured: true },
    refund,
    listRefunds: {
      // A payment carries its refunds; where an answer does not, a second list is read.
      run: async ({ id }, call) => {
        const wire = await charges.fetch(id, call);
        const { status } = toCharge(wire, call.drift);
        // What a void or a lapse gives back is no refund.
        if (status === 'voided' || status === 'expired') return [];
        return (await refundsOf(wire, call)).map((each) => toRefund(each, wire, call.drift));
      },
    },
    retrieveRefund: {
      to: 'GET /v1/refunds/{refundId}',
      // The refund has no currency: the payment is read for it.
      output: async ({ wire }, call, { id }) => toRefund(wire, await charges.fetch(id, call), call.drift),
    },
  },
  failure,
  extras,
  webhook: { toleranceMs, verify, livemode, event },
});
