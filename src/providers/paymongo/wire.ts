import * as z from 'zod';

/*
 * The answers of PayMongo v1, only the fields that are read. Every object is `{ id, type, attributes }`. No recorded answer was
 * at hand: whatever does not decide about money may be null or missing.
 */

const text = z.string().nullish();
const seconds = z.int().min(0).nullish();
const metadata = z.record(z.string(), z.unknown()).nullish();

/** A refund (`ref_`): alone, or in its payment. It names its payment (`pay_`), not the intent. */
export const refundWire = z.object({
  id: z.string().min(1),
  attributes: z.object({
    amount: z.int().min(0),
    currency: z.string().length(3),
    status: z.string(),
    payment_id: z.string().min(1),
    reason: text,
    metadata,
    created_at: seconds,
  }),
});

/** What was charged: of cards a part of what is printed on them. */
const sourceWire = z.object({ id: text, type: text, brand: text, last4: text, country: text });

/** What intents and payments have in common. */
const common = {
  amount: z.int().min(0),
  currency: z.string().length(3),
  status: z.string(),
  livemode: z.boolean().nullish(),
  description: text,
  statement_descriptor: text,
  metadata,
  created_at: seconds,
  updated_at: seconds,
};

const payment = {
  ...common,
  billing: z.object({ email: text }).nullish(),
  failed_code: text,
  failed_message: text,
  fee: z.int().min(0).nullish(),
  paid_at: seconds,
  /** Null where the payment was made of a source alone; missing where the answer tells less than there is. */
  payment_intent_id: text,
  /** Missing where the answer tells less than there is: then nobody knows what was given back. */
  refunds: z.array(refundWire).nullish(),
  source: sourceWire.nullish(),
};

/** A payment (`pay_`): one attempt to take money. */
export const paymentWire = z.object({ id: z.string().min(1), attributes: z.object(payment) });

/** A payment read for its refunds: missing ones must not pass for none. */
export const paymentWithRefundsWire = paymentWire.extend({
  attributes: z.object({ ...payment, refunds: z.array(refundWire) }),
});

/** A payment intent (`pi_`) with its attempts, or a payment: both are asked for as charges. */
export const chargeWire = z.object({
  id: z.string().min(1),
  attributes: z.object({
    ...payment,
    last_payment_error: z.record(z.string(), z.unknown()).nullish(),
    next_action: z.object({ type: text, redirect: z.object({ url: text }).nullish() }).nullish(),
    payments: z.array(paymentWire).nullish(),
  }),
});

/** An event, in the envelope of every object. Its own `data` is the object that it speaks of. */
export const eventWire = z.object({
  data: z.object({
    id: z.string().min(1),
    attributes: z.object({
      type: z.string().min(1),
      livemode: z.unknown().optional(),
      created_at: z.unknown().optional(),
      data: z.unknown().optional(),
    }),
  }),
});

export type RefundWire = z.infer<typeof refundWire>;
export type PaymentWire = z.infer<typeof paymentWire>;
export type ChargeWire = z.infer<typeof chargeWire>;
