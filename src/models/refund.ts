import * as z from 'zod';
import { adviceSchema, declineCodeSchema } from './decline.js';
import { isKnownCurrencyCode } from './currency-code.js';

/** An upper-case ISO 4217 code, also one that was retired since: older charges are still read in it. */
export const currencySchema = z.string().refine(isKnownCurrencyCode, 'must be an upper-case ISO 4217 code');

/** An amount in ISO 4217 minor units that may be zero. */
export const amountSchema = z.int().min(0);

/** A moment as ISO 8601 text in UTC. */
export const timestampSchema = z.iso.datetime();

/** Why a charge or a refund failed, in words shared by all providers, with the provider's own beside them. */
export const failureSchema = z.object({
  /** The normalized decline code. */
  code: declineCodeSchema,
  /** The provider's text, for the merchant. Never match on it. */
  message: z.string().nullable(),
  /** The provider's error or failure code. */
  providerCode: z.string().nullable(),
  /** The provider's own decline code. */
  declineCode: z.string().nullable(),
  /** The card network's code, where the provider hands it on. */
  networkCode: z.string().nullable(),
  /** What the caller should do. */
  advice: adviceSchema,
});

/** Schema of where a refund stands. */
export const refundStatusSchema = z.enum(['pending', 'succeeded', 'failed', 'canceled', 'unknown']);

/** Schema of a normalized refund. `raw` is not part of it. */
export const refundSchema = z.object({
  /** The provider's name, such as `stripe`. */
  provider: z.string().min(1),
  /** The provider's id of the refund. */
  id: z.string().min(1),
  /** The id of the charge that it gives back of. */
  chargeId: z.string().min(1),
  /** In ISO 4217 minor units. */
  amount: amountSchema,
  /** Upper-case ISO 4217 code. */
  currency: currencySchema,
  /** Where it stands. */
  status: refundStatusSchema,
  /** Why, in words shared by all providers, where the provider keeps one. */
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'other']).nullable(),
  /** Why, in the provider's own word. */
  providerReason: z.string().nullable(),
  /** Why it failed; else null. */
  failure: failureSchema.nullable(),
  /** When it was made: ISO 8601 in UTC, null where the provider does not say. */
  createdAt: timestampSchema.nullable(),
  /** The merchant's own pairs; empty where the provider keeps none for refunds. */
  metadata: z.record(z.string(), z.string()),
});

/** Why a charge or a refund failed, in words shared by all providers, with the provider's own beside them. */
export type Failure = z.infer<typeof failureSchema>;
/** Where a refund stands. Many stay `pending` for days. */
export type RefundStatus = z.infer<typeof refundStatusSchema>;
/** Money on its way back to the payer. `succeeded` and `pending` refunds count, `failed` and `canceled` ones do not. */
export type Refund = z.infer<typeof refundSchema> & {
  /** The provider's own resource, non-enumerable. It may hold secrets: never log it. */
  readonly raw?: unknown;
};
