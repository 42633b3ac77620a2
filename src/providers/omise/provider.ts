import * as z from 'zod';
import { secretSchema } from '../../models/secret.js';
import { defineProvider } from '../../provider.js';
import { failure } from './errors.js';
import { extras } from './extras.js';
import { list } from './list.js';
import {
  capture,
  create,
  expire,
  listRefunds,
  refund,
  release,
  retrieve,
  retrieveRefund,
  update,
  verify3DS,
} from './operations.js';
import { search } from './search.js';
import { webhook } from './webhook.js';

/** The API version that this adapter was written for, and the newest one. */
export const omiseVersion = '2019-05-29';

/** A public key would be refused by every operation here, and in a browser a secret key would be no secret: say so at once. */
const secretKey = z
  .string('must be text')
  .regex(/^skey_/, 'must be a secret key, which starts with skey_ (a public key, pkey_, only makes tokens)')
  .pipe(secretSchema);

/** Omise (Opn Payments) as data, API version 2019-05-29. */
export const omiseProvider = defineProvider({
  provider: 'omise',
  settings: {
    secretKey,
    apiVersion: z
      .string('must be text')
      .regex(/^\d{4}-\d{2}-\d{2}$/, `must be a version such as ${omiseVersion}`)
      .optional(),
  },
  environment: { secretKey: { variable: 'OMISE_SECRET_KEY', required: true } },
  connect: ({ secretKey: key, apiVersion }) => ({
    origin: 'https://api.omise.co',
    livemode: !key.reveal().startsWith('skey_test_'),
    account: null,
    apiVersion: apiVersion ?? omiseVersion,
    headers: () => ({
      authorization: `Basic ${Buffer.from(`${key.reveal()}:`).toString('base64')}`,
      'omise-version': apiVersion ?? omiseVersion,
    }),
  }),
  ownFields: ['capture', 'capture_amount', 'card', 'customer', 'expand', 'return_uri', 'source'],
  writeSafety: { kind: 'lookup' },
  rateLimitMeansNotExecuted: true,
  operations: {
    create,
    retrieve,
    update,
    list,
    search,
    capture,
    void: release,
    expire,
    refund,
    listRefunds,
    retrieveRefund,
    verify3DS,
  },
  failure,
  extras,
  webhook,
});
