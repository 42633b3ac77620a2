import * as z from 'zod';

/**
 * The answers of Pin Payments, as far as they are read here (https://pinpayments.com/developers/api-reference/charges).
 * Everything comes inside `response`; lists have `pagination` beside it.
 */

const text = z.string().nullish();
const wholeNumber = z.int().nullish();

/**
 * A field that decides a status. Pin has no status field, so a damaged boolean must not be read as "absent":
 * the mappers look at the value themselves and answer `unknown` to anything but true, false, null and absence.
 */
const deciding = z.unknown().optional();

const cardWire = z.object({
  token: text,
  scheme: text,
  display_number: text,
  issuing_country: text,
  expiry_month: wholeNumber,
  expiry_year: wholeNumber,
  name: text,
  customer_token: text,
  /** `applepay`, `googlepay`, or null for a plain card. */
  network_type: text,
});

export const chargeWire = z.object({
  token: z.string().min(1),
  amount: z.int().min(0),
  currency: z.string().length(3),
  success: deciding,
  captured: deciding,
  authorisation_voided: deciding,
  authorisation_expired: deciding,
  refund_pending: deciding,
  active_chargebacks: z.boolean().nullish(),
  /** Not a field of Pin: the document of a client library shows a word here, where all the booleans are missing. */
  status: deciding,
  status_message: text,
  error_message: text,
  /** Only in a 202: where the payer goes for 3-D Secure. */
  redirect_url: text,
  amount_refunded: z.int().min(0).nullish(),
  description: text,
  email: text,
  created_at: text,
  captured_at: text,
  settlement_currency: text,
  total_fees: wholeNumber,
  card: cardWire.nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

export const refundWire = z.object({
  token: z.string().min(1),
  charge: z.string().min(1),
  amount: z.int().min(0),
  currency: z.string().length(3),
  /** Null while the refund is on its way. */
  success: deciding,
  status_message: text,
  error_message: text,
  created_at: text,
});

/**
 * Which page this is. `current` is required: without it a damaged answer could pass for the last page, and a look-up
 * would take a charge for absent.
 */
export const paginationWire = z.object({
  current: z.int().min(1),
  next: z.unknown().optional(),
  pages: wholeNumber,
  per_page: z.int().min(1).nullish(),
  count: z.int().min(0).nullish(),
});

/** A notification, also what `GET /events` lists. `data` is the whole object. */
export const eventWire = z.object({
  token: z.string().min(1),
  type: z.string().min(1),
  created_at: z.unknown().optional(),
  data: z.unknown().optional(),
});

export type CardWire = z.infer<typeof cardWire>;
export type ChargeWire = z.infer<typeof chargeWire>;
export type RefundWire = z.infer<typeof refundWire>;
