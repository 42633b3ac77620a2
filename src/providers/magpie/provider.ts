import { defineProvider } from '../../provider.js';
import { failure } from './errors.js';
import { capture, create, list, retrieve, search, verify3DS, voidCharge } from './operations.js';
import { listRefunds, refund, retrieveRefund } from './refund-rows.js';
import { platforms, settingsShape } from './settings.js';
import { webhook } from './webhook.js';

/** Test or live, by the prefix of the key. */
const livemodeOf = (secretKey: string): boolean | null => {
  if (secretKey.startsWith('sk_test_')) return false;
  return secretKey.startsWith('sk_live_') ? true : null;
};

/** Magpie and Zip: the "v2 source charges" API, which both publish. */
export const magpieProvider = defineProvider({
  provider: 'magpie',
  settings: settingsShape,
  environment: { secretKey: { variable: 'MAGPIE_SECRET_KEY', required: true } },
  connect: ({ secretKey, platform }) => {
    const key = secretKey.reveal();
    // Basic authentication: the key as the user name, and no password.
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    return {
      origin: platform === undefined ? null : platforms[platform],
      originFrom: "platform to 'magpie' or 'zip'",
      livemode: livemodeOf(key),
      // Accounts of the two companies may share a store: their keys must not.
      account: platform ?? null,
      headers: () => ({ authorization }),
    };
  },
  ownFields: ['capture', 'reason', 'source'],
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: false,
  requestIdHeaders: ['request-id', 'x-request-id'],
  operations: {
    create,
    retrieve,
    list,
    search,
    capture,
    void: voidCharge,
    refund,
    listRefunds,
    retrieveRefund,
    verify3DS,
  },
  failure,
  webhook,
});
