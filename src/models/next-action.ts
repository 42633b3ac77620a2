import * as z from 'zod';
import { timestampSchema } from './refund.js';

/** What the payer has to do next. */
export const nextActionSchema = z.discriminatedUnion('type', [
  /** Send the payer's browser to this address: http or https, without a user. A redirect without such an address is null. */
  z.object({
    /** The payer goes on at a page of the provider, the bank or the wallet. */
    type: z.literal('redirect'),
    /** The address of that page. */
    url: z.string(),
  }),
  /** Show a QR code, barcode or reference number. */
  z.object({
    /** The payer scans or enters a code, or pays by its reference. */
    type: z.literal('display_code'),
    /** An image of the code: http or https. */
    imageUrl: z.string().nullable(),
    /** The number or text that the payer enters or shows. */
    reference: z.string().nullable(),
    /** The provider's own page with the same instructions: http or https, as a redirect. */
    pageUrl: z.string().nullable().default(null),
    /** What the payer needs beside the reference, such as `bankName` and `accountNumber`. The provider's page tells its names. */
    details: z.record(z.string(), z.string()).default({}),
    /** When the code lapses, where the provider tells it. */
    expiresAt: timestampSchema.nullable(),
  }),
  /** Ask the payer for a one-time password and call `verify3DS` with it. */
  z.object({
    /** The payer gets a one-time password and tells it to the merchant. */
    type: z.literal('otp'),
    /** The provider's id of the question: `otp.confirmationId` of `verify3DS`. */
    confirmationId: z.string(),
  }),
]);

/** What the payer has to do next. */
export type NextAction = z.infer<typeof nextActionSchema>;
