import * as z from 'zod';
import { accepts } from '../../models/accepts.js';
import { isObject, memberOf } from '../../adapter/fields.js';
import { copyOfJson } from '../../models/copy-of-json.js';

/*
 * What Stripe answers, as far as it is read here. A field that accepts null or undefined only informs; the others decide
 * about money. Enumerations are open (Stripe adds values to old versions), so every word is a plain string. The types are
 * interfaces, so that declarations name them instead of writing each object out wherever it occurs.
 */

const text = z.string().nullish();
const integer = z.int().nullish();
const metadataSchema = z.record(z.string(), z.unknown()).nullish();
/** A reference: an id, or the object where it was expanded. */
const referenceSchema = z.union([z.string(), z.object({ id: z.string() })]).nullish();

/**
 * An id, or the object where it was expanded. A plain union would answer a wrong leaf with "no branch fits", and the whole
 * object would be lost; this reports the leaf itself.
 */
const expandable = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .custom<string | z.output<Schema>>((value) => typeof value === 'string' || typeof value === 'object')
    .superRefine((value, context) => {
      if (typeof value === 'string' || accepts(schema, value)) return;
      for (const issue of schema.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue });
    })
    .nullish();

const holderOf = (root: unknown, path: readonly PropertyKey[]): object | null => {
  const holder = path.reduce<unknown>(memberOf, root);
  return isObject(holder) ? holder : null;
};

/**
 * What only informs as a whole. A wrong leaf that may be null is reported as itself, so that the rest stays; anything else
 * makes the whole of no use, and the whole is reported: it is nulled, and the answer stays readable.
 */
const informing = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .custom<z.output<Schema> | null | undefined>()
    .superRefine((value, context) => {
      if (value === null || value === undefined || accepts(schema, value)) return;
      const issues = schema.safeParse(value).error?.issues ?? [];
      if (issues.length === 0) return;
      const repaired = copyOfJson(value);
      for (const { path } of issues) {
        const holder = holderOf(repaired, path.slice(0, -1));
        const leaf = path.at(-1);
        if (holder !== null && leaf !== undefined) Reflect.set(holder, leaf, null);
      }
      if (schema.safeParse(repaired).success) for (const issue of issues) context.addIssue({ ...issue });
      else context.addIssue({ code: 'custom', path: [] });
    })
    .nullish();

const balanceTransactionSchema = z
  .union([z.string(), z.object({ id: z.string(), fee: integer, currency: text })])
  .nullish();

const outcomeSchema = z
  .object({
    type: text,
    reason: text,
    advice_code: text,
    network_advice_code: text,
    network_decline_code: text,
  })
  .nullish();

const cardSchema = z
  .object({
    brand: text,
    last4: text,
    exp_month: integer,
    exp_year: integer,
    funding: text,
    country: text,
    fingerprint: text,
    capture_before: integer,
    wallet: z.object({ type: text }).nullish(),
    three_d_secure: z.object({ result: text, version: text, electronic_commerce_indicator: text }).nullish(),
  })
  .nullish();

const billingDetailsSchema = z.object({ email: text, name: text }).nullish();

const releaseOrRefundShape = {
  object: z.literal('refund'),
  id: z.string().min(1),
  amount: z.int(),
  currency: z.string(),
  /** Null in some old answers: the refund's status is then unknown. */
  status: text,
  reason: text,
  failure_reason: text,
  created: integer,
  metadata: metadataSchema,
  payment_intent: referenceSchema,
  balance_transaction: balanceTransactionSchema,
};

/** A refund as a list or a charge embeds it. */
const plainRefund = z.object({ ...releaseOrRefundShape, charge: referenceSchema });
export interface WireRefund extends z.infer<typeof plainRefund> {}
export const refundSchema: z.ZodType<WireRefund> = plainRefund;

/** Refunds inside a charge: the last ten, in API versions before 2022-11-15 or where they were expanded. */
const embeddedRefundsSchema = informing(
  z.object({ data: z.array(refundSchema), has_more: z.boolean().nullish() }),
);

const plainCharge = z.object({
  object: z.literal('charge'),
  id: z.string().min(1),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  captured: z.boolean(),
  refunded: z.boolean(),
  amount_refunded: z.int(),
  /** Absent in the shapes before 2020. */
  amount_captured: integer,
  payment_intent: referenceSchema,
  disputed: z.boolean().nullish(),
  livemode: z.boolean().nullish(),
  created: integer,
  customer: referenceSchema,
  description: text,
  metadata: metadataSchema,
  receipt_email: text,
  billing_details: billingDetailsSchema,
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  failure_code: text,
  failure_message: text,
  outcome: outcomeSchema,
  payment_method: referenceSchema,
  payment_method_details: z.object({ type: text, card: cardSchema }).catchall(z.unknown()).nullish(),
  /** Only in shapes before 2023: an id, or the object where it was expanded. */
  dispute: z.unknown().optional(),
  balance_transaction: balanceTransactionSchema,
  refunds: embeddedRefundsSchema,
});
export interface WireCharge extends z.infer<typeof plainCharge> {}
export const chargeSchema: z.ZodType<WireCharge> = plainCharge;

const paymentMethodSchema = z
  .union([
    z.string(),
    z
      .object({
        id: z.string().nullish(),
        type: text,
        billing_details: billingDetailsSchema,
        card: cardSchema,
      })
      .catchall(z.unknown()),
  ])
  .nullish();

const lastPaymentErrorSchema = z
  .object({
    code: text,
    decline_code: text,
    message: text,
    advice_code: text,
    network_advice_code: text,
    network_decline_code: text,
    payment_method: paymentMethodSchema,
  })
  .nullish();

/** What the payer has to do; the member of the same name as `type` holds the details and differs by payment method. */
const nextActionSchema = z.object({ type: text }).catchall(z.unknown()).nullish();

const plainIntent = z.object({
  object: z.literal('payment_intent'),
  id: z.string().min(1),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  amount_received: integer,
  latest_charge: expandable(chargeSchema),
  cancellation_reason: text,
  confirmation_method: text,
  last_payment_error: lastPaymentErrorSchema,
  next_action: nextActionSchema,
  livemode: z.boolean().nullish(),
  created: integer,
  customer: referenceSchema,
  description: text,
  metadata: metadataSchema,
  receipt_email: text,
  statement_descriptor: text,
  statement_descriptor_suffix: text,
  payment_method: paymentMethodSchema,
  payment_method_types: informing(z.array(z.string())),
});
export interface WireIntent extends z.infer<typeof plainIntent> {}
export const intentSchema: z.ZodType<WireIntent> = plainIntent;

/** What the single-object calls answer: an intent, or a charge that was made without one. */
export type WirePayment = WireIntent | WireCharge;
export const paymentSchema: z.ZodType<WirePayment> = z.discriminatedUnion('object', [
  plainIntent,
  plainCharge,
]);

/** The answer of a refund whose charge was asked to be expanded. */
const refundWithCharge = z.object({ ...releaseOrRefundShape, charge: expandable(chargeSchema) });
export interface WireRefundWithCharge extends z.infer<typeof refundWithCharge> {}
export const refundWithChargeSchema: z.ZodType<WireRefundWithCharge> = refundWithCharge;

/** What a void answers: the cancelled intent, or the refund that releases a charge without an intent. */
export const voidAnswerSchema: z.ZodType<WireIntent | WireRefundWithCharge> = z.discriminatedUnion('object', [
  plainIntent,
  refundWithCharge,
]);

/** What refers to a payment, by its intent or its charge. */
export const relatedSchema = z.object({
  id: z.string(),
  charge: referenceSchema,
  payment_intent: referenceSchema,
});
export type WireRelated = Pick<z.infer<typeof relatedSchema>, 'charge' | 'payment_intent'>;
/** A PaymentMethod made from a token: only its id is needed. The record keeps it, so nothing else may pass for one. */
export const createdPaymentMethodSchema = z.object({
  id: z.string().min(1),
  object: z.literal('payment_method'),
});

export type WireOutcome = z.infer<typeof outcomeSchema>;
export type WireCard = z.infer<typeof cardSchema>;
export type WirePaymentMethod = z.infer<typeof paymentMethodSchema>;

/** The id of a reference that may be expanded, or null. */
export const idOf = (reference: z.infer<typeof referenceSchema>): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null);

/** Seconds since 1970 as ISO 8601 text, or null. */
export const isoTime = (seconds: number | null | undefined): string | null => {
  if (typeof seconds !== 'number') return null;
  if (seconds !== lastTime.seconds) lastTime = { seconds, text: new Date(seconds * 1000).toISOString() };
  return lastTime.text;
};

/** What was created in one second is read in one go, mostly. */
let lastTime = { seconds: 0, text: '1970-01-01T00:00:00.000Z' };
