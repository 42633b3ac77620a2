import * as z from 'zod';

/*
 * The answers of JustiFi, only the fields that are read. Its published schema marks next to nothing as nullable and
 * requires nothing, while its samples hold nulls and gaps: whatever does not decide about money accepts both.
 */

const text = z.string().nullish();
/** JustiFi's own samples show numbers where its schema says text. */
const textOrNumber = z.union([z.string(), z.number()]).nullish();
const metadata = z.record(z.string(), z.unknown()).nullish();

/** A refund: inside its payment, alone, or in the list of all refunds. It has no currency. */
export const refundWire = z.object({
  id: z.string().min(1),
  payment_id: text,
  amount: z.int().min(0),
  status: z.string(),
  reason: text,
  metadata,
  created_at: text,
});

const cardSchema = z.object({
  id: text,
  token: text,
  acct_last_four: textOrNumber,
  brand: text,
  name: text,
  month: textOrNumber,
  year: textOrNumber,
  digital_wallet: text,
  bin_details: z.object({ country: text, funding_source: text }).nullish(),
});

/** A bank account has two shapes: that of the examples, and that of the schema. */
const bankAccountSchema = z.object({
  id: text,
  token: text,
  acct_last_four: textOrNumber,
  name: text,
  brand: text,
  account_number_last4: textOrNumber,
  account_owner_name: text,
  bank_name: text,
  account_type: text,
  country: text,
});

/** A dispute inside its payment has `amount_cents`, one of its own `amount`. */
export const disputeWire = z.object({
  id: z.string().min(1),
  status: text,
  amount: z.int().min(0).nullish(),
  amount_cents: z.int().min(0).nullish(),
  currency: text,
  reason: text,
  created_at: text,
});

const cardPresentSchema = z.object({
  id: text,
  brand: text,
  cardholder_name: text,
  last4: textOrNumber,
  /** `MM/YY`. */
  expiry: text,
});

const paymentMethodSchema = z.object({
  card: cardSchema.nullish(),
  bank_account: bankAccountSchema.nullish(),
  card_present: cardPresentSchema.nullish(),
  customer_id: text,
});

/** A payment. */
export const chargeWire = z.object({
  id: z.string().min(1),
  amount: z.int().min(0),
  currency: z.string().min(1),
  status: z.string(),
  // These two decide between paid and failed but are absent from most answers. They accept anything here, so that a
  // wrong type reaches the status table, which answers "unknown", instead of being dropped and read as "not returned".
  returned: z.unknown().optional(),
  amount_returned: z.unknown().optional(),
  amount_refunded: z.int().min(0).nullish(),
  amount_refundable: z.int().min(0).nullish(),
  capture_strategy: text,
  disputed: z.boolean().nullish(),
  /** Only informs: what cannot be read of it is left out, and says nothing against the payment. */
  disputes: z.unknown().optional(),
  refunds: z.array(refundWire).nullish(),
  fee_amount: z.int().nullish(),
  fees: z.array(z.unknown()).nullish(),
  is_test: z.boolean().nullish(),
  account_id: text,
  description: text,
  statement_descriptor: text,
  metadata,
  payment_method: paymentMethodSchema.nullish(),
  error_code: text,
  error_description: text,
  created_at: text,
  updated_at: text,
});

/** An entry of a payment's ledger. Its amount is signed. */
export const balanceTransactionWire = z.object({
  id: z.string().min(1),
  amount: z.int(),
  balance: z.int().nullish(),
  currency: z.string().min(1),
  payment_balance_txn_type: z.string(),
  source_id: text,
  source_type: text,
  financial_transaction_id: text,
  created_at: text,
});

/** A refund in the list of all refunds of an account: its payment is critical, for it is what they are filtered by. */
export const listedRefundWire = refundWire.extend({ payment_id: z.string().min(1) });

/**
 * What a page says of itself. `has_next` is critical: without it nobody could tell the last page from a damaged one, and a
 * look-up would conclude that a payment does not exist.
 */
export const pageInfoWire = z.object({ has_next: z.boolean(), end_cursor: text });

/** An event. `data` is the resource itself, without the envelope of the answers. */
export const eventWire = z.object({
  id: z.string().min(1),
  event_name: z.string().min(1),
  data: z.unknown().optional(),
});

export type ChargeWire = z.infer<typeof chargeWire>;
export type RefundWire = z.infer<typeof refundWire>;
export type DisputeWire = z.infer<typeof disputeWire>;
