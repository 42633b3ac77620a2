import * as z from 'zod';
import { chargeStatusSchema } from './charge.js';
import { addressSchema, paymentSourceSchema } from './payment-source.js';
import { keyInPlace, withoutKey } from './key-in-place.js';
import { isCurrencyCode, isKnownCurrencyCode, upperCaseCode, wrongCurrency } from './currency-code.js';

/*
 * `exactOptional`: a field that decides how much, whose or whether may be left out, but not be undefined. What is there and
 * undefined got lost on its way (`order.refundAmount` of an order that has none), and doing without it would do more than was
 * asked. Fields that only inform are `optional`.
 */

const text = z.string().min(1);
const wrongAmount =
  'must be a safe integer in minor units, such as 4590 for 45.90 (money.fromDecimal converts)';
const amount = z
  .int({ error: ({ input }) => (input === undefined ? 'is required' : wrongAmount) })
  .positive('must be greater than 0');
const id = z.string().min(1);
const customerId = id.regex(withoutKey, keyInPlace);

/** A code of ISO 4217 in any letter case; it is read as upper case, before anything is made of it. */
export const currencyParamSchema = z
  .string()
  .overwrite(upperCaseCode)
  .refine(isCurrencyCode, { error: ({ input }) => wrongCurrency(input) });

/** The same for what is only looked for or compared: older charges may be in a currency that was retired since. */
const knownCurrencySchema = z
  .string()
  .overwrite(upperCaseCode)
  .refine(isKnownCurrencyCode, { error: ({ input }) => wrongCurrency(input) });

const providerOptions = z.record(z.string(), z.unknown());

const momentAdvice = 'must be a Date or ISO 8601 text with a zone';
/** A day begins at another moment in every zone: which one is meant is not guessed. */
const dayAdvice = 'is a day without a zone: name the moment, such as 2026-01-31T00:00:00Z';
const isDay = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}[-/]\d{2}[-/]\d{2}$/.test(value);

/** A moment: a Date, or ISO 8601 text with a zone. */
export const momentSchema = z.union([
  z
    .date({
      error: ({ input }) => (input instanceof Date ? 'is not a valid date' : momentAdvice),
    })
    .min(new Date('0000-01-01T00:00:00Z'), 'must lie in the years 0 to 9999')
    .max(new Date('9999-12-31T23:59:59Z'), 'must lie in the years 0 to 9999'),
  z.iso.datetime({ offset: true, error: ({ input }) => (isDay(input) ? dayAdvice : momentAdvice) }),
]);

const metadata = z.record(z.string().min(1), z.string());
/** In an update, null removes a key. */
const metadataUpdate = z.record(z.string().min(1), z.string().nullable());

/** A part of a path that a missing value left: the payer would come back to nowhere. */
const missingSegment = /^[^?#]*\/(?:undefined|null|NaN)(?:[/?#]|$)/;
const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .refine(
    (address) => !missingSegment.test(address),
    'holds undefined, null or NaN in its path: a value was missing',
  );

const contactSchema = z.strictObject({
  /** The full name. */
  name: text.optional(),
  /** The e-mail address. */
  email: z.email().optional(),
  /** The phone number, as the provider wants it. */
  phone: text.optional(),
  /** The postal address. */
  address: addressSchema.optional(),
});

/** Schema of what `create` takes. */
export const createParamsSchema = z.strictObject({
  /** In ISO 4217 minor units: 4590 is 45.90 EUR, or 4590 JPY. */
  amount,
  /** An ISO 4217 code in any letter case. */
  currency: currencyParamSchema,
  /** What is charged: a token as text, or an object that says what kind of source it is. `capabilities.create.sources` says which. */
  source: paymentSourceSchema.exactOptional(),
  /** False authorizes only; capture within the provider's window. Default true. */
  capture: z.boolean().exactOptional(),
  /** What the merchant wants to read about it later. */
  description: text.optional(),
  /** What the payer reads on the statement. The provider limits its length. */
  statementDescriptor: text.optional(),
  /** Your own pairs of text. One more is added: the stamp of the idempotency key. */
  metadata: metadata.optional(),
  /** The provider's id of a saved customer. */
  customer: customerId.optional(),
  /** The payer's e-mail address. */
  email: z.email().optional(),
  /** The payer's IP address, version 4 or 6. */
  ip: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').optional(),
  /** Where the payer comes back to after 3-D Secure or a wallet page. */
  returnUrl: webAddress.exactOptional(),
  /** Who pays. */
  billing: contactSchema.optional(),
  /** Who receives the goods. */
  shipping: contactSchema.optional(),
  /** When a payment that still waits for the payer lapses. */
  expiresAt: momentSchema.exactOptional(),
  /** Parameters that only this provider has. */
  providerOptions: providerOptions.optional(),
});

/** Schema of what `update` takes. */
export const updateParamsSchema = z.strictObject({
  /** What the merchant wants to read about it later; empty text removes it. */
  description: z.string().optional(),
  /** The payer's e-mail address. */
  email: z.email().optional(),
  /** The provider's id of a saved customer. */
  customer: customerId.optional(),
  /** Who receives the goods. */
  shipping: contactSchema.optional(),
  /** Merged with what is there; null removes a key. */
  metadata: metadataUpdate.optional(),
  /** Parameters that only this provider has. */
  providerOptions: providerOptions.optional(),
});

/** Schema of what `list` takes. */
export const listParamsSchema = z.strictObject({
  /** Items a page. */
  limit: z.int().min(1).max(100).optional(),
  /** Stops the iteration after so many charges. */
  maxItems: z.int().min(1).exactOptional(),
  /** Where the page before ended: its `nextCursor`. */
  cursor: z.string().min(1).optional(),
  /** Inclusive. */
  createdAfter: momentSchema.exactOptional(),
  /** Exclusive; not earlier than `createdAfter`. */
  createdBefore: momentSchema.exactOptional(),
  /** Only charges of this saved customer. */
  customer: customerId.exactOptional(),
  /** Parameters that only this provider has. */
  providerOptions: providerOptions.optional(),
});

/** Schema of what `search` takes. A charge has to fit every filter that is given. */
export const searchParamsSchema = z.strictObject({
  /** The provider's own query text, passed through. */
  query: text.exactOptional(),
  /** Where it stands. */
  status: chargeStatusSchema.exactOptional(),
  /** What create asked, in ISO 4217 minor units. */
  amount: amount.exactOptional(),
  /** An ISO 4217 code in any letter case, also one that was retired. */
  currency: knownCurrencySchema.exactOptional(),
  /** Inclusive. */
  createdAfter: momentSchema.exactOptional(),
  /** Exclusive; not earlier than `createdAfter`. */
  createdBefore: momentSchema.exactOptional(),
  /** Every one of these pairs has to be there. */
  metadata: metadata.exactOptional(),
  /** Only charges of this saved customer. */
  customer: customerId.exactOptional(),
  /** Items a page. */
  limit: z.int().min(1).max(100).optional(),
  /** Stops the iteration after so many charges. */
  maxItems: z.int().min(1).exactOptional(),
  /** Where the page before ended: its `nextCursor`. */
  cursor: z.string().min(1).optional(),
  /** Parameters that only this provider has. */
  providerOptions: providerOptions.optional(),
});

/** Schema of what `capture` takes. */
export const captureParamsSchema = z.strictObject({
  /** In ISO 4217 minor units. Left out: everything that was authorized. */
  amount: amount.exactOptional(),
  /** What the payer reads on the statement. */
  statementDescriptor: text.optional(),
  /** Parameters that only this provider has. */
  providerOptions: providerOptions.optional(),
});

/** What a caller may say about a refund. */
export const refundReasonSchema = z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'other']);

/** Schema of what `refund` takes. */
export const refundParamsSchema = z.strictObject({
  /** In ISO 4217 minor units. Left out: everything that is left. */
  amount: amount.exactOptional(),
  /**
   * What had been refunded of this charge before this refund, by the caller's own books, in minor units of the charge's
   * currency; 0 for the first refund. It is never sent to the provider: it tells a refund of yours whose answer was lost
   * from one that was there before. Keep it with the key, and pass the same number at every repeat: books that are read anew
   * may count this very refund already.
   */
  refundedBefore: z
    .int('must be a safe integer in minor units')
    .min(0, 'must not be negative')
    .exactOptional(),
  /** Why money goes back. */
  reason: refundReasonSchema.optional(),
  /** Your own pairs of text, where the provider keeps them for refunds. */
  metadata: metadata.optional(),
  /** Parameters that only this provider has. */
  providerOptions: providerOptions.optional(),
});

const expectedSchema = z.strictObject({
  /** The charge that the order waits for. */
  chargeId: id.exactOptional(),
  /** What the order costs, in ISO 4217 minor units. */
  amount: amount.exactOptional(),
  /** The currency of the order. */
  currency: knownCurrencySchema.exactOptional(),
});

/** Schema of what `verify3DS` takes: how the payer who came back is recognized. */
export const verify3DSParamsSchema = z.strictObject({
  /** The charge that waits for the payer. */
  chargeId: id.exactOptional(),
  /** What Pin appends to the return address. */
  sessionToken: id.optional(),
  /** A one-time password (Magpie). */
  otp: z.strictObject({ confirmationId: id, code: text }).optional(),
  /** What the order says. An id that came from the browser is not trusted: a mismatch is an IntegrityError. */
  expected: expectedSchema.exactOptional(),
  /** Parameters that only this provider has. */
  providerOptions: providerOptions.optional(),
});

/** What `create` takes. Amounts are integers in ISO 4217 minor units. */
export type CreateParams = z.infer<typeof createParamsSchema>;
/** What `update` takes. Metadata is merged; null removes a key. */
export type UpdateParams = z.infer<typeof updateParamsSchema>;
/** What `list` takes: the page, and what a charge has to fit. */
export type ListParams = z.infer<typeof listParamsSchema>;
/** What `search` takes. A charge has to fit every filter that is given. */
export type SearchParams = z.infer<typeof searchParamsSchema>;
/** What `capture` takes. Without an amount: everything that was authorized. */
export type CaptureParams = z.infer<typeof captureParamsSchema>;
/** What `refund` takes. Without an amount: everything that is left. */
export type RefundParams = z.infer<typeof refundParamsSchema>;
/** Why money goes back. */
export type RefundReason = z.infer<typeof refundReasonSchema>;
/** What `verify3DS` takes: how the payer who came back is recognized, and what the order says. */
export type Verify3DSParams = z.infer<typeof verify3DSParamsSchema>;
/** A person with an address, for billing or shipping. */
export type Contact = z.infer<typeof contactSchema>;
/** A moment: a `Date`, or ISO 8601 text with a zone. */
export type Moment = z.infer<typeof momentSchema>;

/** A moment in milliseconds since 1970. */
export const momentToMilliseconds = (moment: Moment): number => new Date(moment).getTime();
/** A moment in whole seconds since 1970, rounded up, so that an inclusive lower bound never lets an earlier second in. */
export const momentToSeconds = (moment: Moment): number => Math.ceil(momentToMilliseconds(moment) / 1000);
