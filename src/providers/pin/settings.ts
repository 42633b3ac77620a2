import * as z from 'zod';
import { secretSchema } from '../../models/secret.js';
import type { Call } from '../../provider.js';

const defaultsSchema = z.strictObject({
  email: z.email().optional(),
  description: z.string().min(1).optional(),
  ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').optional(),
});

/** The hash of the webhook signature. */
export const webhookHashSchema = z.enum(['sha256', 'sha384', 'sha512']);
/** The hash of a webhook signature. */
export type WebhookHash = z.infer<typeof webhookHashSchema>;

/** The settings that only Pin has. */
export const settingsShape = {
  /** The secret key of the account, `PIN_SECRET_KEY` in the environment. The publishable key cannot make charges. */
  secretKey: secretSchema,
  /** Which host is asked and what `livemode` says: Pin's keys do not tell. Default `live`. */
  environment: z.enum(['live', 'test']).optional(),
  /** What Pin requires of every charge, for calls that do not say it. */
  defaults: defaultsSchema.optional(),
  /**
   * The hash of `Pin-Signature`. The sample of Pin's guide is 64 hexadecimal digits long, hence the default `sha256`;
   * the guide's own word for it has not been seen.
   */
  webhookHash: webhookHashSchema.optional(),
};

/** Email, description and IP address for calls that do not say them. */
export type ChargeDefaults = z.infer<typeof defaultsSchema>;

const settingsWithDefaults = z.object({ defaults: defaultsSchema.optional() });

/** The defaults among the settings of the client that makes this call. */
export const defaultsOf = (call: Pick<Call, 'settings'>): ChargeDefaults =>
  settingsWithDefaults.parse(call.settings).defaults ?? {};
