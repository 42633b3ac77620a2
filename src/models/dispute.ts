import * as z from 'zod';
import { amountSchema, currencySchema, timestampSchema } from './refund.js';

/** Schema of a dispute, as far as every provider tells it. */
export const disputeSchema = z.object({
  /** The provider's id of the dispute. */
  id: z.string().min(1),
  /** An open word: the provider's own. */
  status: z.string(),
  /** In ISO 4217 minor units. */
  amount: amountSchema.nullable(),
  /** Upper-case ISO 4217 code. */
  currency: currencySchema.nullable(),
  /** The provider's own word. */
  reason: z.string().nullable(),
  /** When it was opened: ISO 8601 in UTC, null where the provider does not say. */
  createdAt: timestampSchema.nullable(),
});

/** A payment that its payer has contested at the bank, as far as every provider tells it. */
export type Dispute = Readonly<z.infer<typeof disputeSchema>>;
