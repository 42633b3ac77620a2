import * as z from 'zod';
import type { CreateParams, ListParams, RefundParams } from '../../models/params.js';

const feeSchema = z.strictObject({
  type: z.enum(['processing_fee', 'platform_fee']),
  amount: z.int().positive('must be greater than 0'),
});
const feesSchema = z.array(feeSchema).min(1).max(2);

/** What `create` takes at JustiFi alone. */
export const createOptionsSchema = z.strictObject({
  /** Taken by the platform, in cents. Not together with `fees`, not in CAD. */
  applicationFeeAmount: z.int().positive('must be greater than 0').exactOptional(),
  /** At most one fee a type. Not in CAD. */
  fees: feesSchema.exactOptional(),
  /** Faster settlement of a bank debit. */
  expedited: z.boolean().optional(),
  /** Metadata of the payment method that a raw card or bank account becomes. */
  paymentMethodMetadata: z.record(z.string().min(1), z.string()).optional(),
  /** The bank of a raw bank account. */
  bankName: z.string().min(1).optional(),
  /** The sandbox's answer, such as `insufficient_funds`: sent as `metadata.payment_test.scenario`. Test keys only. */
  testScenario: z
    .string()
    .regex(/^[a-z0-9_]{1,64}$/, 'must be the name of a scenario')
    .optional(),
});

/** What `refund` takes at JustiFi alone. */
export const refundOptionsSchema = z.strictObject({
  description: z.string().min(1).optional(),
  /** Fees that go back to the merchant; left out, none do. */
  fees: feesSchema.exactOptional(),
});

/** What `list` takes at JustiFi alone: its own filters. */
export const listOptionsSchema = z.strictObject({
  /** `refunded` covers partial and full. There is no word for cancelled payments. */
  paymentStatus: z
    .enum(['succeeded', 'failed', 'pending', 'authorized', 'refunded', 'disputed'])
    .exactOptional(),
  paymentMethodId: z.string().min(1).exactOptional(),
  voidId: z.string().min(1).exactOptional(),
});

/** `providerOptions` of `create` at JustiFi. */
export type JustifiCreateOptions = z.infer<typeof createOptionsSchema>;
/** `providerOptions` of `refund` at JustiFi. */
export type JustifiRefundOptions = z.infer<typeof refundOptionsSchema>;
/** `providerOptions` of `list` and `search` at JustiFi. */
export type JustifiListOptions = z.infer<typeof listOptionsSchema>;

// The row's own schema has checked `providerOptions` before; the common params do not know its type.

/** The options of a create. */
export const createOptions = (params: CreateParams): JustifiCreateOptions => params.providerOptions ?? {};
/** The options of a refund. */
export const refundOptions = (params: RefundParams): JustifiRefundOptions => params.providerOptions ?? {};
/** The options of a list or search. */
export const listOptions = (params: ListParams): JustifiListOptions => params.providerOptions ?? {};
