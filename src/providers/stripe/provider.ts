import * as z from 'zod';
import { stampMetadataKey } from '../../models/attachments.js';
import { secretKeySchema } from '../../models/secret.js';
import { defineProvider, type Connection } from '../../provider.js';
import { capture, update, voidRow } from './changes.js';
import { create } from './create.js';
import { failure } from './errors.js';
import { list, retrieve, search, verify3DS } from './reads.js';
import { listRefunds, refund, retrieveRefund } from './refunds.js';
import { webhook } from './webhook.js';

/**
 * The version whose shapes this adapter is tested with. Without one, the account's own default would apply. It is a setting:
 * nothing here depends on what Stripe changed on 2026-09-30, and older shapes are read, too.
 */
export const defaultApiVersion = '2026-08-26.dahlia';

const settings = {
  /** `sk_test_…`, `sk_live_…`, or a restricted key (`rk_…`). */
  secretKey: secretKeySchema('a secret or restricted key of Stripe'),
  /** How to charge: with PaymentIntents (default), or with the Charges API where the account still has it. */
  api: z.enum(['payment_intents', 'charges']).optional(),
  /** `Stripe-Version` of every request. */
  apiVersion: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(?:\.[a-z]+)?$/, 'must be a Stripe API version such as 2026-08-26.dahlia')
    .optional(),
  /** The connected account (`acct_…`) that every call is made for; the header `Stripe-Account` says it for one call. */
  account: z
    .string()
    .regex(/^acct_\w+$/, 'must be the id of a connected account')
    .optional(),
};

const livemodeOf = (secretKey: string): boolean | null => {
  const mode = /^(?:sk|rk)_(test|live)_/.exec(secretKey)?.[1];
  return mode === undefined ? null : mode === 'live';
};

const hour = 60 * 60 * 1000;

/** Stripe as data: https://docs.stripe.com/api. */
export const stripeProvider = defineProvider({
  provider: 'stripe',
  settings,
  environment: { secretKey: { variable: 'STRIPE_SECRET_KEY', required: true } },
  connect: ({ secretKey, apiVersion, account }): Connection => ({
    origin: 'https://api.stripe.com',
    livemode: livemodeOf(secretKey.reveal()),
    account: account ?? null,
    apiVersion: apiVersion ?? defaultApiVersion,
    headers: () => ({
      authorization: `Bearer ${secretKey.reveal()}`,
      'stripe-version': apiVersion ?? defaultApiVersion,
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
  shouldRetryHeader: 'stripe-should-retry',
  requestIdHeaders: ['request-id'],
  // A payment is an intent, and each attempt of it is a charge of its own: either may be asked for.
  interchangeableIds: ['pi_', 'ch_', 'py_'],
  searchByStamp: (stamp) => ({ metadata: { [stampMetadataKey]: stamp } }),
  operations: {
    create,
    retrieve,
    update,
    list,
    search,
    capture,
    void: voidRow,
    refund,
    listRefunds,
    retrieveRefund,
    verify3DS,
  },
  failure,
  webhook,
});
