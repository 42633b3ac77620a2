import * as z from 'zod';
import { disputeSchema, type Dispute } from './dispute.js';
import { nextActionSchema } from './next-action.js';
import { requireMembers } from './objects.js';
import {
  amountSchema,
  currencySchema,
  failureSchema,
  refundSchema,
  timestampSchema,
  type Refund,
} from './refund.js';

export type { NextAction } from './next-action.js';

/** Schema of where a charge stands. */
export const chargeStatusSchema = z.enum([
  'pending',
  'requires_action',
  'authorized',
  'captured',
  'voided',
  'expired',
  'failed',
  'unknown',
]);

export const refundTotalSchema = z.enum(['none', 'partial', 'full']);

export const threeDSStatusSchema = z.enum([
  'required',
  'authenticated',
  'attempted',
  'exempted',
  'data_only',
  'not_supported',
  'failed',
  'error',
  'unknown',
]);

export const threeDSSchema = z.object({
  /** How it went. */
  status: threeDSStatusSchema,
  /** The version of the protocol, such as `2.2.0`, where the provider tells it. */
  version: z.string().nullable(),
  /** The electronic commerce indicator, two digits, where the provider tells it. */
  eci: z.string().nullable(),
});

export const cardSchema = z.object({
  /** `visa`, `mastercard`, `amex`, `diners`, `discover`, `jcb`, `unionpay`, or another in lower case; the same at every provider. */
  brand: z.string().nullable(),
  /** The last four digits of its number. */
  last4: z.string().nullable(),
  /** The month in which it expires, 1 to 12. */
  expMonth: z.int().nullable(),
  /** The year in which it expires, four digits. */
  expYear: z.int().nullable(),
  /** `credit`, `debit`, `prepaid`, or another word of the provider's. */
  funding: z.string().nullable(),
  /** Where the card was issued: ISO 3166-1 alpha-2, upper case. */
  country: z.string().nullable(),
  /** The name on the card. */
  holderName: z.string().nullable(),
  /** The same for the same card number within one account of the provider. */
  fingerprint: z.string().nullable(),
  /** The wallet that held the card: `apple_pay`, `google_pay`, …. Absent where none is told. */
  wallet: z.string().exactOptional(),
});

export const bankAccountSchema = z.object({
  /** The name of the bank. */
  bankName: z.string().nullable(),
  /** The last four digits of its number. */
  last4: z.string().nullable(),
  /** Whose account it is. */
  holderName: z.string().nullable(),
  /** Where the bank is: ISO 3166-1 alpha-2, upper case. */
  country: z.string().nullable(),
  /** An open word, such as `checking`. */
  type: z.string().nullable(),
});

export const paymentMethodSchema = z.object({
  /** An open word: `card` (also in a wallet, which `card.wallet` tells), `bank_account`, or the provider's own name of a method. */
  type: z.string(),
  /** The provider's id of the saved method, source or token, where it has one. */
  id: z.string().nullable(),
  /** Where it is a card: what is shown of it. */
  card: cardSchema.optional(),
  /** Where it is a bank account: what is shown of it. */
  bankAccount: bankAccountSchema.optional(),
});

export const feeSchema = z.object({
  /** In ISO 4217 minor units of `currency`; negative where the provider gives a fee back. */
  amount: z.int(),
  /** The currency that the fee is taken in, which may differ from the charge's. */
  currency: currencySchema,
});

const factsShape = {
  /** The provider's name, such as `stripe`. */
  provider: z.string().min(1),
  /** The provider's id of the payment: what every later call takes. */
  id: z.string().min(1),
  /** The provider's own word, or the fields that decided, for logs. */
  providerStatus: z.string(),
  /** Taken from the payer, before refunds. Null only where the provider does not say. */
  amountCaptured: amountSchema.nullable(),
  /** Whether the payer has contested it at the bank. */
  disputed: z.boolean(),
  /** Whether real money is meant, null where the provider does not say. */
  livemode: z.boolean().nullable(),
  /** What the merchant wrote about it. */
  description: z.string().nullable(),
  /** What the payer reads on the statement, where the provider tells it. */
  statementDescriptor: z.string().nullable(),
  /** The provider's id of the saved customer. */
  customer: z.string().nullable(),
  /** The payer's address, where the provider keeps it with the payment. */
  email: z.string().nullable(),
  /** The merchant's own pairs. The stamp of the idempotency key is not among them. */
  metadata: z.record(z.string(), z.string()),
  /** What was charged, where the provider tells it. */
  paymentMethod: paymentMethodSchema.nullable(),
  /** What the payer has to do next, while the status is `requires_action`; else null. */
  nextAction: nextActionSchema.nullable(),
  /** What is known of 3-D Secure, where the provider tells it. */
  threeDS: threeDSSchema.nullable(),
  /** Why it failed, or why the last attempt did; else null. */
  failure: failureSchema.nullable(),
  /** What the provider keeps, where it is told: see `include` of `retrieve`. */
  fee: feeSchema.nullable(),
  /** The refunds, where the response carried them, else null: `listRefunds` reads them. */
  refunds: z.array(refundSchema).nullable(),
  /** Every dispute, where the answer carried them, else null. */
  disputes: z.array(disputeSchema).nullable().default(null),
  /** When it was made: ISO 8601 in UTC, null where the provider does not say. */
  createdAt: timestampSchema.nullable(),
  /** When it was changed last, where the provider tells it. */
  updatedAt: timestampSchema.nullable(),
  /** When the money was taken, where the provider tells it. */
  capturedAt: timestampSchema.nullable(),
  /** When an authorization or an open payment lapses, where the provider tells it. */
  expiresAt: timestampSchema.nullable(),
};

/** Schema of a charge whose status is known: nothing of its money is missing. */
export const knownChargeSchema = z.object({
  ...factsShape,
  /** Where it stands. */
  status: chargeStatusSchema.exclude(['unknown']),
  /** What create asked, in ISO 4217 minor units. It never changes. */
  amount: amountSchema,
  /** Given back of what was captured. A released authorization is no refund. */
  amountRefunded: amountSchema,
  /** Upper-case ISO 4217 code. */
  currency: currencySchema,
  /** How much of the captured money went back: `none`, `partial` or `full`. */
  refundStatus: refundTotalSchema,
});

/** Schema of a charge of which nobody knows where it stands: its money as the provider told it, else null. Null is not zero. */
export const unknownChargeSchema = z.object({
  ...factsShape,
  /** The provider told a state that this version does not know. */
  status: z.literal('unknown'),
  /** What create asked, in ISO 4217 minor units, where it was told. */
  amount: amountSchema.nullable(),
  /** Given back of what was captured, where it was told. */
  amountRefunded: amountSchema.nullable(),
  /** Upper-case ISO 4217 code, where it was told. */
  currency: currencySchema.nullable(),
  /** How much of the captured money went back, where both totals were told. */
  refundStatus: refundTotalSchema.nullable(),
});

/** Schema of a normalized charge. `raw` is not part of it. */
export const chargeSchema = z.discriminatedUnion('status', [knownChargeSchema, unknownChargeSchema]);

/** Where a charge stands. Compare with `isPaid` and `isFinal` rather than with words. */
export type ChargeStatus = z.infer<typeof chargeStatusSchema>;
/** How much of the captured money went back. */
export type RefundTotal = z.infer<typeof refundTotalSchema>;
/** What is known of 3-D Secure. */
export type ThreeDS = z.infer<typeof threeDSSchema>;
/** How 3-D Secure went. Only `authenticated` usually moves the liability to the issuer; `unknown` promises nothing. */
export type ThreeDSStatus = z.infer<typeof threeDSStatusSchema>;
/** What was charged: a card, a wallet, a bank account. */
export type PaymentMethod = z.infer<typeof paymentMethodSchema>;
/** What is shown of a bank account: never its number. */
export type BankAccount = z.infer<typeof bankAccountSchema>;
/** What is shown of a card: never its number. */
export type Card = z.infer<typeof cardSchema>;
/** What the provider keeps, in ISO 4217 minor units. */
export type Fee = z.infer<typeof feeSchema>;

type ChargeExtras = {
  /** The refunds, where the answer carried them, else null. */
  refunds: Refund[] | null;
  /** Every dispute, where the answer carried them, else null. */
  disputes: Dispute[] | null;
  /** The provider's own resource, non-enumerable. It may hold secrets: never log it. */
  readonly raw?: unknown;
};

/** A charge whose status is known: its amounts are numbers. */
export type KnownCharge = Omit<z.infer<typeof knownChargeSchema>, 'refunds' | 'disputes'> & ChargeExtras;

/** A charge of which nobody knows where it stands. Its amounts are as the provider told them, else null: null is not zero. */
export type UnknownCharge = Omit<z.infer<typeof unknownChargeSchema>, 'refunds' | 'disputes'> & ChargeExtras;

/**
 * One payment, the same shape at every provider. Plain JSON. `status` tells which of two shapes it has: only while that is
 * `unknown` may `amount`, `currency`, `amountRefunded` and `refundStatus` be null.
 */
export type Charge = KnownCharge | UnknownCharge;

/**
 * Whether money was taken and not fully given back. A dispute does not change it: look at `disputed`.
 * False for `unknown`.
 *
 * @throws TypeError where it is given no charge, such as a promise of one.
 */
export const isPaid = (charge: Pick<Charge, 'status' | 'refundStatus'>): boolean => {
  requireMembers('isPaid: this is no charge', charge, ['status', 'refundStatus']);
  return charge.status === 'captured' && charge.refundStatus !== 'full';
};

const finalStatuses: ReadonlySet<ChargeStatus> = new Set(['captured', 'voided', 'expired', 'failed']);

/**
 * Whether nobody has to act any more. It does not mean that nothing can come: a Stripe intent may still be paid after
 * `failed`, and a bank debit may be returned after `captured`. False for `unknown`.
 *
 * @throws TypeError where it is given no charge, such as a promise of one.
 */
export const isFinal = (charge: Pick<Charge, 'status'>): boolean => {
  // A refund has a status, too.
  const members = 'chargeId' in Object(charge) ? ['status', 'refundStatus'] : ['status'];
  requireMembers('isFinal: this is no charge', charge, members);
  return finalStatuses.has(charge.status);
};

/** `none`, `partial` or `full`, from two totals that were checked. */
export const refundTotal = (amountRefunded: number, amountCaptured: number | null): RefundTotal => {
  if (amountRefunded === 0) return 'none';
  return amountCaptured !== null && amountRefunded >= amountCaptured ? 'full' : 'partial';
};

const isTotal = (total: number): boolean => Number.isSafeInteger(total) && total >= 0;

/**
 * `none`, `partial` or `full`, from the two totals. With an unknown captured total only the provider's word can say full.
 *
 * @throws RangeError where a total is no amount in minor units.
 */
export const refundTotalOf = (amountRefunded: number, amountCaptured: number | null): RefundTotal => {
  if (!isTotal(amountRefunded))
    throw new RangeError('amountRefunded must be a safe integer in minor units, at least 0');
  if (amountCaptured !== null && !isTotal(amountCaptured))
    throw new RangeError('amountCaptured must be a safe integer in minor units, at least 0');
  return refundTotal(amountRefunded, amountCaptured);
};

type KnownMoney = Pick<KnownCharge, 'amountCaptured' | 'amountRefunded' | 'refundStatus'>;
type ToldMoney = Pick<UnknownCharge, 'amountCaptured' | 'amountRefunded' | 'refundStatus'>;

/** What a provider told of the money of a charge of which nobody knows where it stands. Null is not zero. */
export const toldMoney = (amountCaptured: number | null, amountRefunded: number | null): ToldMoney => {
  const isComparable = amountRefunded === 0 || amountCaptured !== null;
  const refundStatus =
    amountRefunded === null || !isComparable ? null : refundTotal(amountRefunded, amountCaptured);
  return { amountCaptured, amountRefunded, refundStatus };
};

/** A status with its money: by the rules of a known one, or, while it is unknown, as it was told. */
export const standing = (
  status: ChargeStatus,
  known: KnownMoney | null,
  told: { readonly captured: number | null; readonly refunded: number | null },
): (KnownMoney & Pick<KnownCharge, 'status'>) | (ToldMoney & Pick<UnknownCharge, 'status'>) =>
  status === 'unknown' || known === null
    ? { status: 'unknown', ...toldMoney(told.captured, told.refunded) }
    : { status, ...known };

/** Nothing was taken, and so nothing given back. */
export const noMoney: KnownMoney = { amountCaptured: 0, amountRefunded: 0, refundStatus: 'none' };
