import * as z from 'zod';
import { keyInPlace, withoutKey } from './key-in-place.js';

const name = z.string().min(1).max(255);
const token = z
  .string()
  .min(1)
  .max(5000)
  .regex(/^\S*$/, 'must not contain spaces')
  // A key would be sent as the token of a payer, and quoted in logs. No provider makes tokens that begin like one.
  .regex(withoutKey, keyInPlace)
  // Tokens are recorded and quoted; a card number must never be taken for one.
  .regex(/^(?!\d(?:-?\d){11,18}$)/, 'looks like a card number: pass { type: "card", … }, or a token');

/** A postal address. Every line is optional; the provider decides what it needs. */
export const addressSchema = z.strictObject({
  /** Street and number. */
  line1: z.string().optional(),
  /** Flat, building, or what else belongs to the street. */
  line2: z.string().optional(),
  /** City. */
  city: z.string().optional(),
  /** State, province or region. */
  state: z.string().optional(),
  /** Postal code. */
  postalCode: z.string().optional(),
  /** Two-letter ISO 3166 code. */
  country: z
    .string()
    .regex(/^(?!UK)[A-Z]{2}$/, 'must be a two-letter upper-case ISO 3166 code, such as GB')
    .optional(),
});

const tokenSourceSchema = z.strictObject({
  /** A token, source or payment method that the payer's browser made. */
  type: z.literal('token'),
  /** The provider's id of it. */
  token,
});

const customerSourceSchema = z.strictObject({
  /** A saved customer. */
  type: z.literal('customer'),
  /** The provider's id of the customer. */
  customer: token,
  /** A saved card or payment method of the customer; without it the provider's default one, where it has such a thing. */
  card: token.exactOptional(),
});

const cardSourceSchema = z.strictObject({
  /** A raw card: only for merchants who may handle card numbers. */
  type: z.literal('card'),
  /** 12 to 19 digits. */
  number: z.string().regex(/^\d{12,19}$/, 'must be 12 to 19 digits'),
  /** 1 to 12. */
  expMonth: z.int().min(1).max(12),
  /** Four digits. */
  expYear: z.int().min(2000).max(2100),
  /** The security code: 3 or 4 digits. */
  cvc: z
    .string()
    .regex(/^\d{3,4}$/, 'must be 3 or 4 digits')
    .optional(),
  /** The name on the card. */
  holderName: name.optional(),
  /** Where the card's statements go. */
  address: addressSchema.optional(),
});

const bankAccountSourceSchema = z.strictObject({
  /** A raw bank account. */
  type: z.literal('bank_account'),
  /** Digits, without spaces. */
  routingNumber: z.string().regex(/^\d{4,17}$/, 'must be digits'),
  /** Digits, without spaces. */
  accountNumber: z.string().regex(/^\d{4,19}$/, 'must be digits'),
  /** What kind of account it is. */
  accountType: z.enum(['checking', 'savings']),
  /** Who owns it. */
  ownerType: z.enum(['individual', 'company']),
  /** Whose account it is. */
  holderName: name,
});

/** A detail of a source made inline: a value, or a list or map of details, such as `items` or `billing`. */
export type SourceDetail =
  string | number | boolean | readonly SourceDetail[] | { readonly [name: string]: SourceDetail };

const plainDetail = [z.string(), z.number(), z.boolean()] as const;

const detailOf = (nested: z.ZodType<SourceDetail>): z.ZodType<SourceDetail> =>
  z.union([...plainDetail, z.array(nested).max(1000), z.record(z.string().min(1), nested)]);

/** A list or map of lists or maps of values: as deep as any method of payment asks, and no deeper. */
const sourceDetail = detailOf(detailOf(detailOf(z.union(plainDetail))));

const redirectSourceSchema = z.strictObject({
  /** A wallet, bank or code that the payer confirms on a page or in an app. */
  type: z.literal('redirect'),
  /** The provider's name of the wallet, bank or code: `gcash`, `promptpay`, … */
  method: z.string().min(1).max(100),
  /**
   * What the method asks for besides: a phone number, a bank, the number of installments, the items of a basket. The
   * provider's own names, nested as the provider nests them.
   */
  details: z.record(z.string(), sourceDetail).optional(),
});

/** What is charged: a token as text, or an object that says what kind of source it is. */
export const paymentSourceSchema = z.union([
  token,
  z.discriminatedUnion('type', [
    tokenSourceSchema,
    customerSourceSchema,
    cardSourceSchema,
    bankAccountSourceSchema,
    redirectSourceSchema,
  ]),
]);

/** A postal address. Every line is optional; the provider decides what it needs. */
export type Address = z.infer<typeof addressSchema>;
/** What is charged: a token as text, or an object that says what kind of source it is. */
export type PaymentSource = z.infer<typeof paymentSourceSchema>;
/** A source that says what kind it is. */
export type PaymentSourceObject = Exclude<PaymentSource, string>;
/** The kinds of sources; `capabilities.create.sources` says which a provider takes. */
export type PaymentSourceType = PaymentSourceObject['type'];
/** The raw card of a source. Never part of an error, an event or a record. */
export type CardSource = z.infer<typeof cardSourceSchema>;

/** A source as an object: a plain string is a token. */
export const sourceObject = (source: PaymentSource): PaymentSourceObject =>
  typeof source === 'string' ? { type: 'token', token: source } : source;
