import { defineProvider } from '../../provider.js';
import * as charges from './charge-rows.js';
import { failure } from './errors.js';
import * as refunds from './refund-rows.js';
import { settingsShape } from './settings.js';
import { pinWebhook } from './webhook.js';

const origins = { live: 'https://api.pinpayments.com', test: 'https://test-api.pinpayments.com' } as const;

/** Pin Payments as data: no status field, no idempotency keys, amounts in minor units. */
export const pinProvider = defineProvider({
  provider: 'pin',
  settings: settingsShape,
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
  operations: {
    create: charges.create,
    retrieve: charges.retrieve,
    list: charges.list,
    search: charges.search,
    capture: charges.capture,
    void: charges.void,
    refund: refunds.refund,
    listRefunds: refunds.listRefunds,
    retrieveRefund: refunds.retrieveRefund,
    verify3DS: charges.verify3DS,
  },
  failure,
  webhook: pinWebhook('sha256'),
});
