import * as z from 'zod';
import { secretSchema } from '../../models/secret.js';
import type { Call } from '../../provider.js';
import { descriptionSchema, statementDescriptorSchema, type CreateDefaults } from './params.js';

const defaultsSchema = z.strictObject({
  description: descriptionSchema.optional(),
  statementDescriptor: statementDescriptorSchema.optional(),
});

/** Two companies publish this API. There is no default: a wrong one would send the secret key to the other. */
export const platforms = {
  magpie: 'https://api.magpie.im',
  zip: 'https://api.zip.ph',
} as const;

/** The settings that only this provider has. */
export const settingsShape = {
  /** The secret key, `sk_test_…` or `sk_live_…`; `MAGPIE_SECRET_KEY` in the environment. */
  secretKey: secretSchema.refine(
    (key) => key.reveal().startsWith('sk_'),
    'must be a secret key (sk_…): a public key cannot charge',
  ),
  /** Whose API is asked: Magpie's or Zip's. Required unless `baseUrl` is given. */
  platform: z.enum(['magpie', 'zip']).optional(),
  /** What the provider requires of every charge, for calls that do not say it. */
  defaults: defaultsSchema.optional(),
};

const settingsWithDefaults = z.object({ defaults: defaultsSchema.optional() });

/** The defaults among the settings of the client that makes this call. */
export const defaultsOf = (call: Pick<Call, 'settings'>): CreateDefaults =>
  settingsWithDefaults.parse(call.settings).defaults ?? {};
