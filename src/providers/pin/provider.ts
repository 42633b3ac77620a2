import * as z from 'zod';
import { defineAdapter } from '../../adapter/define-adapter.js';
import { numberedPages } from '../../adapter/paging.js';
import { IntegrityError } from '../../errors.js';
import { verify3DSParamsSchema, type ListParams } from '../../models/params.js';
import { secretKeySchema } from '../../models/secret.js';
import { asksThreeDS, awaitCapture, threeDSFields } from './authorization.js';
import { captureMetadataKey, charges, isMarkedManual, refunds, toCharge } from './charge.js';
import { smallestAmounts } from './currency.js';
import { failure } from './errors.js';
import {
  cardIssues,
  createOptionsSchema,
  customerIssues,
  isCharged,
  searchQuery,
  sourceFields,
  tokenIssues,
} from './params.js';
import { event, toleranceMs, verify } from './webhook.js';
import { paginationWire } from './wire.js';

const defaultsSchema = z.strictObject({
  /** The payer's email address: Pin's `email`. */
  email: z.email().optional(),
  /** What is sold, for the merchant's records: Pin's `description`. */
  description: z.string().min(1).optional(),
  /** The payer's IP address, version 4 or 6: Pin's `ip_address`. */
  ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').optional(),
});

/** Email, description and IP address for calls that do not say them. */
export type ChargeDefaults = z.infer<typeof defaultsSchema>;

const settings = {
  /** The secret key of the account, `PIN_SECRET_KEY` in the environment. The publishable key cannot make charges. */
  secretKey: secretKeySchema('a secret key of Pin Payments'),
  /** Which host is asked and what `livemode` says: Pin's keys do not tell. Default `live`. */
  environment: z.enum(['live', 'test']).optional(),
  /** What Pin requires of every charge, for calls that do not say it. */
  defaults: defaultsSchema.optional(),
  /**
   * The hash of `Pin-Signature`. The sample of Pin's guide is 64 hexadecimal digits long, hence the default `sha256`;
   * the guide's own word for it has not been seen.
   */
  webhookHash: z.enum(['sha256', 'sha384', 'sha512']).optional(),
};

const origins = { live: 'https://api.pinpayments.com', test: 'https://test-api.pinpayments.com' } as const;

/** The charges of a customer have their own address. Its order is not documented, so it is no help where a date bounds the list. */
const isCustomerList = ({ customer, createdAfter, createdBefore }: ListParams): boolean =>
  customer !== undefined && createdAfter === undefined && createdBefore === undefined;

/** Pin Payments as data: no status field, no idempotency keys, amounts in minor units. */
export const pinProvider = defineAdapter({
  provider: 'pin',
  name: 'Pin',
  settings,
  environment: { secretKey: { variable: 'PIN_SECRET_KEY', required: true } },
  connect: ({ secretKey, environment = 'live' }) => ({
    origin: origins[environment],
    livemode: environment === 'live',
    account: null,
    headers: () => ({ authorization: `Basic ${Buffer.from(`${secretKey.reveal()}:`).toString('base64')}` }),
  }),
  callHeaders: { 'x-partner-key': { choosesAccount: false }, 'x-safe-card': { choosesAccount: false } },
  ownFields: ['capture', 'card', 'card_token', 'customer_token', 'payment_source_token'],
  writeSafety: { kind: 'lookup' },
  // Pin documents no rate limit and no 429.
  rateLimitMeansNotExecuted: false,
  requestIdHeaders: ['x-request-id'],
  searchByStamp: (stamp) => ({ query: stamp }),
  options: { create: createOptionsSchema },
  // One-time passwords are not among what Pin knows.
  params: { verify3DS: verify3DSParamsSchema.omit({ otp: true }) },

  charge: charges,
  refund: refunds,
  // An old sample says `next: 1` on page 1, so only a higher number counts.
  paging: numberedPages(
    { pagination: paginationWire },
    {
      names: { page: 'page', size: 'per_page' },
      nextIn: 'pagination.next',
      numbers: ({ pagination: { count, per_page: size, ...numbers } }) => ({
        ...numbers,
        total: count,
        size,
      }),
    },
  ),
  notIds: { words: ['search', 'verify'], message: 'must be a charge token such as ch_…' },

  operations: {
    create: {
      to: 'POST /1/charges',
      sources: { token: tokenIssues, customer: customerIssues, card: cardIssues },
      customerAlone: true,
      requires: ['email', 'description', 'ip'],
      defaults: ({ defaults }) => defaults,
      refuses: {
        customer: (params) =>
          isCharged(params) ? null : 'cannot be set beside another source: Pin takes exactly one of them',
        expiresAt: 'cannot be chosen: Pin releases an authorization after 7 days',
      },
      // Billing fills what a raw card leaves open; beside a token it has no place.
      leavesOut: ['billing', 'shipping'],
      currencies: smallestAmounts,
      metadataLimits: { entries: 25, name: 50, value: 500 },
      ownKeys: [captureMetadataKey],
      ownMetadata: ({ params, options }) =>
        params.capture === false && asksThreeDS({ params, options })
          ? { [captureMetadataKey]: 'manual' }
          : {},
      check: ({ params: { returnUrl }, options: { threeDSecure } }) => [
        threeDSecure !== undefined && 'fallbackOk' in threeDSecure && returnUrl === undefined
          ? {
              path: 'returnUrl',
              message: 'is required with threeDSecure.fallbackOk: the payer comes back there',
            }
          : null,
      ],
      json: ({ params, options, source, metadata }) => ({
        email: params.email,
        description: params.description,
        amount: params.amount,
        ip_address: params.ip,
        currency: params.currency,
        capture: params.capture ?? true,
        reference: params.statementDescriptor,
        metadata,
        three_d_secure: threeDSFields({ params, options }),
        platform_adjustment: options.platformAdjustment,
        ...sourceFields(source, params),
      }),
      output: ({ wire, answer }, call, { params, options }) => {
        const circumstances = {
          httpStatus: answer.status,
          threeDSAsked: asksThreeDS({ params, options }),
          isOwnCapture: true,
        };
        const mayLag = circumstances.threeDSAsked && params.capture !== false;
        return mayLag ? awaitCapture(wire, call, circumstances) : toCharge(wire, call, circumstances);
      },
    },
    retrieve: { to: 'GET /1/charges/{id}', include: ['fee'] },
    list: {
      to: ({ params }) => (isCustomerList(params) ? 'GET /1/customers/{customer}/charges' : 'GET /1/charges'),
      query: ({ page }) => page,
      order: 'newest_first',
      pushedDown: [],
      include: ['fee'],
      readItem: (wire, call, { params }) => {
        const charge = toCharge(wire, call);
        // Here the customer is known, also where the card no longer names it.
        if (isCustomerList(params)) charge.customer ??= params.customer ?? null;
        return charge;
      },
    },
    search: {
      to: 'GET /1/charges/search',
      query: ({ params, page }) => ({ ...searchQuery(params), ...page }),
      pushedDown: ['query', 'createdAfter', 'createdBefore'],
      eventuallyConsistent: true,
      include: ['fee'],
    },
    capture: {
      to: 'PUT /1/charges/{id}/capture',
      partial: false,
      output: ({ wire }, call) => toCharge(wire, call, { isOwnCapture: true }),
    },
    void: { to: 'PUT /1/charges/{id}/void', captured: false },
    refund: {
      to: 'POST /1/charges/{id}/refunds',
      partial: true,
      metadata: false,
      // Without an amount Pin refunds the whole charge, which is what is left only as long as nothing was refunded.
      everything: 'left_out_first',
      // An empty or null amount is refused by Pin: the key itself is left out.
      json: ({ amount }) => (amount === null ? {} : { amount }),
    },
    listRefunds: { to: 'GET /1/charges/{id}/refunds', query: ({ page }) => page },
    // Pin reads a refund by its own token alone.
    retrieveRefund: { to: 'GET /1/refunds/{refundId}' },
    /**
     * A GET that finishes the payment, and so a write: sent once. Without a session token the charge is only read. Afterwards
     * the charge may read authorized for a moment although it will be captured.
     */
    verify3DS: {
      to: ({ params }) =>
        params.sessionToken === undefined ? 'GET /1/charges/{chargeId}' : 'GET /1/charges/verify',
      query: ({ params }) => ({ session_token: params.sessionToken }),
      by: ['sessionToken', 'chargeId'],
      isWrite: true,
      output: ({ wire }, call, { params: { chargeId, sessionToken } }) => {
        if (chargeId !== undefined && sessionToken === undefined) call.checkSame(chargeId, wire.token);
        if (chargeId !== undefined && chargeId !== wire.token) {
          throw new IntegrityError({
            code: 'unexpected_charge',
            message: 'the session token belongs to another charge',
            outcome: 'unknown',
            provider: 'pin',
            operation: 'verify3DS',
            idempotencyKey: call.idempotencyKey,
            chargeId: wire.token,
          });
        }
        return isMarkedManual(wire)
          ? toCharge(wire, call, { threeDSAsked: true })
          : awaitCapture(wire, call, { threeDSAsked: true });
      },
    },
  },
  failure,
  webhook: { toleranceMs, verify, event },
});
