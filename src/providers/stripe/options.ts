import * as z from 'zod';
import { momentSchema } from '../../models/params.js';
import { secretKeySchema } from '../../models/secret.js';
import type { WirePayment, WireRefund } from './wire.js';

/*
 * The settings and parameters that only Stripe has. Amounts are ISO 4217 minor units here, too; they are converted like every other.
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
  /** Connect: the account that the charge is made on behalf of, `acct_…` (Stripe's `on_behalf_of`). */
  onBehalfOf: text.exactOptional(),
  /**
   * Connect: the account that gets the money, and how much of it in minor units; all of it without `amount`
   * (`transfer_data`).
   */
  transferData: z
    .strictObject({ destination: text, amount: amount.exactOptional(), description: text.optional() })
    .exactOptional(),
  /**
   * Connect: a text that joins this charge with the transfers that belong to it (Stripe's `transfer_group`).
   */
  transferGroup: text.optional(),
  /** The Radar session of the payer's browser, `rse_…`, for Stripe's fraud models (`radar_options`). */
  radarOptions: z.strictObject({ session: text }).optional(),
  /** Makes Stripe send a receipt to this address (in live mode). */
  receiptEmail: z.email().optional(),
  /** The whole descriptor, for methods other than cards. Cards take `statementDescriptor` of the params as a suffix. */
  statementDescriptor: descriptor.optional(),
  /**
   * Keeps the payment method for later charges, with the payer there or without (Stripe's
   * `setup_future_usage`).
   */
  setupFutureUsage: z.enum(['on_session', 'off_session']).optional(),
  /** Whether the payer is away, so that nobody can confirm a challenge (Stripe's `off_session`). */
  offSession: z.union([z.boolean(), z.enum(['one_off', 'recurring'])]).optional(),
  /**
   * `card.requestThreeDSecure`: when 3-D Secure is asked for
   * (`payment_method_options[card][request_three_d_secure]`).
   */
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
  /**
   * Connect: the platform's share, in minor units of the charge's currency (Stripe's
   * `application_fee_amount`).
   */
  applicationFeeAmount: amount.exactOptional(),
  /**
   * Connect: how much of the capture the connected account gets, in minor units (`transfer_data[amount]`).
   */
  transferData: z.strictObject({ amount }).exactOptional(),
});

const refundOptionsSchema = z.strictObject({
  /** Connect: whether the platform gives back its share of the refund (Stripe's `refund_application_fee`). */
  refundApplicationFee: z.boolean().exactOptional(),
  /** Connect: whether the money is taken back from the connected account (Stripe's `reverse_transfer`). */
  reverseTransfer: z.boolean().exactOptional(),
  /** Makes Stripe send refund instructions to this address, for methods that need them. */
  instructionsEmail: z.email().optional(),
});

/** Schemas of `providerOptions`, by operation. */
export const options = {
  create: createOptionsSchema,
  update: updateOptionsSchema,
  list: listOptionsSchema,
  capture: captureOptionsSchema,
  refund: refundOptionsSchema,
};

export const settings = {
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

/** What the rows of this adapter are made of. */
export interface StripeTypes {
  readonly settings: z.output<z.ZodObject<typeof settings>>;
  readonly options: typeof options;
  readonly charge: WirePayment;
  readonly refund: WireRefund;
}

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
