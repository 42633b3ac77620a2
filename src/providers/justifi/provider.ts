import * as z from 'zod';
import { ConfigurationError } from '../../errors.js';
import { secretSchema, type Secret } from '../../models/secret.js';
import { defineProvider } from '../../provider.js';
import { authorize } from './authorization.js';
import { extras } from './balance-transactions.js';
import { capture, create, list, retrieve, search, update, voidPayment } from './charge-rows.js';
import { failure } from './errors.js';
import { keyLifetimeMs } from './idempotency.js';
import { listRefunds, refund, retrieveRefund } from './refund-rows.js';
import { webhook } from './webhook.js';

/** The prefix of the client id tells test from live: both share one host. */
const livemodeOf = (clientId: Secret): boolean | null => {
  const value = clientId.reveal();
  if (value.startsWith('test_')) return false;
  return value.startsWith('live_') ? true : null;
};

const accountSchema = z.string().regex(/^acc_[A-Za-z0-9_-]+$/, 'must be an account id, acc_…');

/** The account that requests are for, and the header that names it. */
const accountOf = ({
  subAccount,
  sellerAccount,
}: {
  readonly subAccount?: string | undefined;
  readonly sellerAccount?: string | undefined;
}) => {
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

/**
 * JustiFi payments with idempotency keys, after https://docs.justifi.tech. Writes repeat with the key for one hour only:
 * how long JustiFi remembers a key is documented nowhere. After that the payment is looked up by its stamp.
 */
export const justifiProvider = defineProvider({
  provider: 'justifi',
  settings: {
    clientId: secretSchema,
    clientSecret: secretSchema,
    /** The account that is charged for, `acc_…`; sent as `Sub-Account` with every request. */
    subAccount: accountSchema.optional(),
    /**
     * The same under its deprecated name, sent as `Seller-Account`; not together with `subAccount`. JustiFi's documentation
     * of today has `Sub-Account` only.
     */
    sellerAccount: accountSchema.optional(),
  },
  environment: {
    clientId: { variable: 'JUSTIFI_CLIENT_ID', required: true },
    clientSecret: { variable: 'JUSTIFI_CLIENT_SECRET', required: true },
    subAccount: { variable: 'JUSTIFI_SUB_ACCOUNT', required: false },
  },
  connect: ({ clientId, clientSecret, subAccount, sellerAccount }) => {
    const { header, account } = accountOf({ subAccount, sellerAccount });
    const authorization = authorize({ clientId, clientSecret });
    return {
      origin: 'https://api.justifi.ai',
      livemode: livemodeOf(clientId),
      account,
      accountHeader: header,
      headers: async (tools) => ({
        ...(await authorization.headers(tools)),
        ...(account === null ? {} : { [header]: account }),
      }),
      renewsAuthorization: true,
      secrets: authorization.secrets,
    };
  },
  callHeaders: { 'sub-account': { choosesAccount: true }, 'seller-account': { choosesAccount: true } },
  ownFields: ['capture_strategy', 'payment_method'],
  writeSafety: { kind: 'provider-key', header: 'Idempotency-Key', keyLifetimeMs },
  rateLimitMeansNotExecuted: false,
  requestIdHeaders: ['request-id'],
  operations: {
    create,
    retrieve,
    update,
    list,
    search,
    capture,
    void: voidPayment,
    refund,
    listRefunds,
    retrieveRefund,
  },
  failure,
  extras,
  webhook,
});
