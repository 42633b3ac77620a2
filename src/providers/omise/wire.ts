import * as z from 'zod';

/*
 * What we read of Omise's objects, version 2019-05-29. Fields that every recorded answer has and that decide something are
 * required; everything else may be missing or null. Names of version 2017-11-02 (`created`, `refunded`) stand beside the new
 * ones, because webhooks are written in the version of the account, not of the request.
 */

const text = z.string().nullish();
const integer = z.int().nullish();
const amount = z.int().min(0);
const currency = z.string().regex(/^[A-Za-z]{3}$/);

/** A related object: its id, or the object itself where it was expanded. */
const related = z.union([z.string(), z.object({ id: z.string() })]);

/** The id of a related object. */
export const relatedId = (wire: z.infer<typeof related>): string =>
  typeof wire === 'string' ? wire : wire.id;

/** Text, or null where Omise writes an empty string. */
export const filled = (value: string | null | undefined): string | null =>
  value === undefined || value === '' ? null : value;

export const refundWire = z.object({
  object: z.literal('refund'),
  id: z.string().min(1),
  amount,
  currency,
  charge: related,
  status: text,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  created_at: text,
  created: text,
});

const cardWire = z.object({
  id: text,
  brand: text,
  last_digits: text,
  name: text,
  expiration_month: integer,
  expiration_year: integer,
  financing: text,
  country: text,
  fingerprint: text,
  tokenization_method: text,
});

const sourceWire = z.object({
  id: text,
  type: text,
  flow: text,
  email: text,
  bank: text,
  scannable_code: z.object({ image: z.object({ download_uri: text }).nullish() }).nullish(),
  references: z
    .object({
      expires_at: text,
      payment_code: text,
      va_code: text,
      reference_number_1: text,
      reference_number_2: text,
      barcode: text,
      omise_tax_id: text,
      device_id: text,
    })
    .nullish(),
});

export const chargeWire = z.object({
  object: z.literal('charge'),
  id: z.string().min(1),
  livemode: z.boolean().nullish(),
  amount,
  currency,
  status: z.string(),
  authorized: z.boolean(),
  paid: z.boolean(),
  reversed: z.boolean(),
  voided: z.boolean().nullish(),
  captured_amount: amount.nullish(),
  refunded_amount: amount.nullish(),
  refunded: amount.nullish(),
  authorization_type: text,
  authenticated_by: text,
  authorize_uri: text,
  failure_code: text,
  failure_message: text,
  merchant_advice_code: text,
  description: text,
  customer: related.nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  card: cardWire.nullish(),
  source: sourceWire.nullish(),
  /** Whatever stands here is a dispute. */
  dispute: z.unknown().optional(),
  /** Only inform: each is read with its own schema, so that a damaged refund does not hide the charge. */
  refunds: z.object({ data: z.array(z.unknown()).nullish(), total: z.int().min(0).nullish() }).nullish(),
  fee: integer,
  fee_vat: integer,
  funding_currency: currency.nullish(),
  created_at: text,
  created: text,
  paid_at: text,
  reversed_at: text,
  expires_at: text,
});

/** Only the id matters here: the object itself is read with its own schema, whatever version it is written in. */
export const eventWire = z.object({
  object: z.literal('event'),
  id: z.string().min(1),
  key: z.string(),
  livemode: z.boolean().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  created_at: text,
  created: text,
});

export const disputeWire = z.object({
  object: z.literal('dispute'),
  id: z.string().min(1),
  status: z.string(),
  amount: amount.nullish(),
  currency: currency.nullish(),
  reason_code: text,
  charge: related.nullish(),
  created_at: text,
  created: text,
});

/** What a page of a list holds beside its objects. */
export const listWire = { total: z.int().min(0) };

/** What a page of a search holds beside its objects. */
export const searchWire = {
  object: z.literal('search'),
  total_pages: z.int().min(0),
  total: z.int().min(0).nullish(),
};

/** The one envelope of an error. Its `location` and the order of its words change: only `code` is read. */
export const errorWire = z.object({
  object: z.literal('error'),
  code: z.string(),
  message: text,
});

export type ChargeWire = z.infer<typeof chargeWire>;
export type RefundWire = z.infer<typeof refundWire>;
export type DisputeWire = z.infer<typeof disputeWire>;
export type EventWire = z.infer<typeof eventWire>;

/** A moment as Omise writes it: whole seconds, rounded up. */
export const toWireTimestamp = (milliseconds: number): string =>
  new Date(Math.ceil(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
