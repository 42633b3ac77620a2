import * as z from 'zod';
import {
  captureParamsSchema,
  createParamsSchema,
  listParamsSchema,
  refundParamsSchema,
  searchParamsSchema,
  updateParamsSchema,
  verify3DSParamsSchema,
} from '../../models/params.js';

/*
 * The parameters that only Stripe has. Amounts are ISO 4217 minor units here, too; they are converted like every other.
 * What decides who gets how much, and whether the payer is asked, may not be undefined.
 */

const text = z.string().min(1);
const amount = z.int().min(0);
const descriptor = text.max(22, 'must have at most 22 characters');

const createOptionsSchema = z.strictObject({
  /** Connect: the platform's share, in minor units of the charge's currency. */
  applicationFeeAmount: amount.exactOptional(),
  onBehalfOf: text.exactOptional(),
  transferData: z
    .strictObject({ destination: text, amount: amount.exactOptional(), description: text.optional() })
    .exactOptional(),
  transferGroup: text.optional(),
  radarOptions: z.strictObject({ session: text }).optional(),
  /** Makes Stripe send a receipt to this address (in live mode). */
  receiptEmail: z.email().optional(),
  /** The whole descriptor, for methods other than cards. Cards take `statementDescriptor` of the params as a suffix. */
  statementDescriptor: descriptor.optional(),
  setupFutureUsage: z.enum(['on_session', 'off_session']).optional(),
  offSession: z.union([z.boolean(), z.enum(['one_off', 'recurring'])]).optional(),
  paymentMethodOptions: z
    .strictObject({
      card: z
        .strictObject({ requestThreeDSecure: z.enum(['automatic', 'any', 'challenge']).exactOptional() })
        .exactOptional(),
    })
    .exactOptional(),
  /**
   * Whether a needed challenge is a decline instead of `requires_action`. Default: true without a `returnUrl`, because
   * nobody could take the payer through it; false with one.
   */
  errorOnRequiresAction: z.boolean().optional(),
});

const updateOptionsSchema = z.strictObject({
  /** Makes Stripe send a receipt to this address, again if it did before. */
  receiptEmail: z.email().optional(),
  /** Connect: only while it is unset. */
  transferGroup: text.optional(),
});

const captureOptionsSchema = z.strictObject({
  applicationFeeAmount: amount.exactOptional(),
  transferData: z.strictObject({ amount }).exactOptional(),
});

const refundOptionsSchema = z.strictObject({
  refundApplicationFee: z.boolean().exactOptional(),
  reverseTransfer: z.boolean().exactOptional(),
  /** Makes Stripe send refund instructions to this address, for methods that need them. */
  instructionsEmail: z.email().optional(),
});

export const stripeCreateParamsSchema = createParamsSchema.extend({
  providerOptions: createOptionsSchema.optional(),
});
export const stripeUpdateParamsSchema = updateParamsSchema.extend({
  providerOptions: updateOptionsSchema.optional(),
});
export const stripeCaptureParamsSchema = captureParamsSchema.extend({
  providerOptions: captureOptionsSchema.optional(),
});
export const stripeRefundParamsSchema = refundParamsSchema.extend({
  providerOptions: refundOptionsSchema.optional(),
});
export const stripeListParamsSchema = listParamsSchema.omit({ providerOptions: true });
export const stripeSearchParamsSchema = searchParamsSchema.omit({ providerOptions: true });
export const stripeVerify3DSParamsSchema = verify3DSParamsSchema.omit({ providerOptions: true });

/** `providerOptions` of `create` at Stripe. */
export type StripeCreateOptions = z.input<typeof createOptionsSchema>;
/** `providerOptions` of `update` at Stripe. */
export type StripeUpdateOptions = z.input<typeof updateOptionsSchema>;
/** `providerOptions` of `capture` at Stripe. */
export type StripeCaptureOptions = z.input<typeof captureOptionsSchema>;
/** `providerOptions` of `refund` at Stripe. */
export type StripeRefundOptions = z.input<typeof refundOptionsSchema>;

/** The options of params that one of the schemas above has read. */
export const createOptions = (params: { readonly providerOptions?: unknown }): StripeCreateOptions =>
  params.providerOptions ?? {};
export const updateOptions = (params: { readonly providerOptions?: unknown }): StripeUpdateOptions =>
  params.providerOptions ?? {};
export const captureOptions = (params: { readonly providerOptions?: unknown }): StripeCaptureOptions =>
  params.providerOptions ?? {};
export const refundOptions = (params: { readonly providerOptions?: unknown }): StripeRefundOptions =>
  params.providerOptions ?? {};
