import * as z from 'zod';
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
    subAccount: z
      .string()
      .regex(/^acc_[A-Za-z0-9_-]+$/, 'must be an account id, acc_…')
      .optional(),
  },
  environment: {
    clientId: { variable: 'JUSTIFI_CLIENT_ID', required: true },
    clientSecret: { variable: 'JUSTIFI_CLIENT_SECRET', required: true },
    subAccount: { variable: 'JUSTIFI_SUB_ACCOUNT', required: false },
  },
  connect: ({ clientId, clientSecret, subAccount }) => {
    const authorization = authorize({ clientId, clientSecret });
    return {
      origin: 'https://api.justifi.ai',
      livemode: livemodeOf(clientId),
      account: subAccount ?? null,
      headers: async (tools) => ({
        ...(await authorization.headers(tools)),
        ...(subAccount === undefined ? {} : { 'sub-account': subAccount }),
      }),
      renewsAuthorization: true,
      secrets: authorization.secrets,
    };
  },
  callHeaders: { 'sub-account': { choosesAccount: true } },
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
