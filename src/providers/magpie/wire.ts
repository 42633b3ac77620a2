import * as z from 'zod';

/** What only informs: absent, null, or the value. */
const text = z.string().nullish();

/** A refund as it lies in a charge. Whatever it is missing besides its id and amount says nothing about money. */
export const refundWire = z.object({
  id: z.string().min(1),
  amount: z.int().min(0),
  currency: text,
  reason: text,
  status: text,
  created_at: text,
});

const cardWire = z.object({
  name: text,
  last4: text,
  brand: text,
  country: text,
  funding: text,
  exp_month: text,
  exp_year: text,
});

/** An account of a bank. Its number is shown by its last digits only. */
const bankAccountWire = z.object({
  bank_code: text,
  account_name: text,
  account_number: text,
  account_type: text,
});

/**
 * A charge. The provider's own samples leave out fields that its schema requires, and send null for absent objects, so
 * only what decides about money is critical. `authorized` and `captured` may be missing: then they never say yes.
 */
export const chargeWire = z.object({
  id: z.string().min(1),
  amount: z.int().min(0),
  currency: z.string().min(1),
  status: z.string(),
  authorized: z.boolean().nullish(),
  captured: z.boolean().nullish(),
  amount_refunded: z.int().min(0).nullish(),
  statement_descriptor: text,
  description: text,
  source: z
    .object({ id: text, type: text, card: cardWire.nullish(), bank_account: bankAccountWire.nullish() })
    .nullish(),
  require_auth: z.boolean().nullish(),
  /** Documented with `url` alone; a `confirmation_id` would be the one that `verify` asks for. Other shapes stay unread. */
  action: z.object({ type: text, url: text, confirmation_id: text }).nullish(),
  refunds: z.array(refundWire).nullish(),
  livemode: z.boolean().nullish(),
  created_at: text,
  updated_at: text,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  failure_data: z
    .object({ code: text, reason: text, provider_response: z.object({ code: text }).nullish() })
    .nullish(),
});

/**
 * A charge that has to show its refunds. Without the list, only a charge that was never refunded is readable: anything
 * else could hide the refund that a look-up asks for.
 */
export const chargeWithRefundsWire = chargeWire.refine(
  (charge) => charge.refunds != null || charge.amount_refunded === 0,
  { path: ['refunds'], error: 'is missing' },
);

/**
 * What a page holds beside its charges. `next` is deliberately not described here: a wrong `next` read as absent would end the
 * list early, and a look-up would conclude from a part of it.
 */
export const pageWire = { next: z.unknown().optional() };

/** What the provider accepts in most of its texts: no accented letters, no ampersand. */
export const safeText = /^[A-Za-z0-9\s'#_.\-,]+$/;
/** The rule in words. */
export const safeTextRule = "must have only letters without accents, digits, spaces and ' # _ . - ,";

/** Whether `verify` takes it as a confirmation id: 5 to 255 characters of the safe ones. */
export const isConfirmationId = (value: string | null | undefined): value is string =>
  value != null && value.length >= 5 && value.length <= 255 && safeText.test(value);

export type RefundWire = z.infer<typeof refundWire>;
export type ChargeWire = z.infer<typeof chargeWire>;
export type SourceWire = NonNullable<ChargeWire['source']>;
