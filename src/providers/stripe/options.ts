import * as z from 'zod';
import {
  captureParamsSchema,
  createParamsSchema,
  listParamsSchema,
  momentSchema,
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

/** The payer's consent to a debit, as Stripe wants it told. */
const mandateDataSchema = z.strictObject({
  customerAcceptance: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('online'),
      online: z.strictObject({
        ipAddress: z.union([z.ipv4(), z.ipv6()], 'must be an IP address'),
        userAgent: text,
      }),
      acceptedAt: momentSchema.exactOptional(),
    }),
    z.strictObject({ type: z.literal('offline'), acceptedAt: momentSchema.exactOptional() }),
  ]),
});

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
  /** The payer's consent to a bank debit: what a first debit of an account needs. */
  mandateData: mandateDataSchema.exactOptional(),
  /** An earlier consent to use instead: `mandate_…`. */
  mandate: text.exactOptional(),
});

const updateOptionsSchema = z.strictObject({
  /** Makes Stripe send a receipt to this address, again if it did before. */
  receiptEmail: z.email().optional(),
  /** Connect: only while it is unset. */
  transferGroup: text.optional(),
  /** With `api: 'charges'`: what the merchant knows of the charge, for Stripe's fraud models. Null takes it back. */
  fraudDetails: z.strictObject({ userReport: z.enum(['fraudulent', 'safe']).nullable() }).exactOptional(),
});

const listOptionsSchema = z.strictObject({
  /** With `api: 'charges'`: the attempts of one intent. */
  paymentIntent: text.exactOptional(),
  /** With `api: 'charges'`. Connect: the charges of one group. */
  transferGroup: text.exactOptional(),
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
export const stripeListParamsSchema = listParamsSchema.extend({
  providerOptions: listOptionsSchema.optional(),
});
export const stripeSearchParamsSchema = searchParamsSchema.omit({ providerOptions: true });
export const stripeVerify3DSParamsSchema = verify3DSParamsSchema.omit({ providerOptions: true });

/** `providerOptions` of `create` at Stripe. */
export type StripeCreateOptions = z.input<typeof createOptionsSchema>;
/** `providerOptions` of `update` at Stripe. */
export type StripeUpdateOptions = z.input<typeof updateOptionsSchema>;
/** `providerOptions` of `capture` at Stripe. */
export type StripeCaptureOptions = z.input<typeof captureOptionsSchema>;
/** `providerOptions` of `list` at Stripe. */
export type StripeListOptions = z.input<typeof listOptionsSchema>;
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
export const listOptions = (params: { readonly providerOptions?: unknown }): StripeListOptions =>
  params.providerOptions ?? {};
