import * as z from 'zod';
import { disputeSchema, type Dispute } from './dispute.js';
import {
  amountSchema,
  currencySchema,
  failureSchema,
  refundSchema,
  timestampSchema,
  type Refund,
} from './refund.js';

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

/** What the payer has to do next. */
export const nextActionSchema = z.discriminatedUnion('type', [
  /** Send the payer's browser to this address: http or https, without a user. A redirect without such an address is null. */
  z.object({ type: z.literal('redirect'), url: z.string() }),
  /** Show a QR code, barcode or reference number. */
  z.object({
    type: z.literal('display_code'),
    imageUrl: z.string().nullable(),
    reference: z.string().nullable(),
    /** The provider's own page with the same instructions: http or https, as a redirect. */
    pageUrl: z.string().nullable().default(null),
    /** What the payer needs beside the reference, such as `bankName` and `accountNumber`. The provider's page tells its names. */
    details: z.record(z.string(), z.string()).default({}),
    expiresAt: timestampSchema.nullable(),
  }),
  /** Ask the payer for a one-time password and call `verify3DS` with it. */
  z.object({ type: z.literal('otp'), confirmationId: z.string() }),
]);

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
  status: threeDSStatusSchema,
  version: z.string().nullable(),
  eci: z.string().nullable(),
});

export const cardSchema = z.object({
  /** `visa`, `mastercard`, `amex`, `diners`, `discover`, `jcb`, `unionpay`, or another in lower case; the same at every provider. */
  brand: z.string().nullable(),
  last4: z.string().nullable(),
  expMonth: z.int().nullable(),
  expYear: z.int().nullable(),
  funding: z.string().nullable(),
  /** Where the card was issued: ISO 3166-1 alpha-2, upper case. */
  country: z.string().nullable(),
  holderName: z.string().nullable(),
  fingerprint: z.string().nullable(),
  /** The wallet that held the card: `apple_pay`, `google_pay`, …. Absent where none is told. */
  wallet: z.string().exactOptional(),
});

export const bankAccountSchema = z.object({
  bankName: z.string().nullable(),
  last4: z.string().nullable(),
  holderName: z.string().nullable(),
  country: z.string().nullable(),
  /** An open word, such as `checking`. */
  type: z.string().nullable(),
});

export const paymentMethodSchema = z.object({
  /** An open word: `card` (also in a wallet, which `card.wallet` tells), `bank_account`, or the provider's own name of a method. */
  type: z.string(),
  id: z.string().nullable(),
  card: cardSchema.optional(),
  bankAccount: bankAccountSchema.optional(),
});

export const feeSchema = z.object({ amount: z.int(), currency: currencySchema });

const factsShape = {
  provider: z.string().min(1),
  id: z.string().min(1),
  /** The provider's own word, or the fields that decided, for logs. */
  providerStatus: z.string(),
  /** Taken from the payer, before refunds. Null only where the provider does not say. */
  amountCaptured: amountSchema.nullable(),
  disputed: z.boolean(),
  livemode: z.boolean().nullable(),
  description: z.string().nullable(),
  statementDescriptor: z.string().nullable(),
  customer: z.string().nullable(),
  email: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  paymentMethod: paymentMethodSchema.nullable(),
  nextAction: nextActionSchema.nullable(),
  threeDS: threeDSSchema.nullable(),
  failure: failureSchema.nullable(),
  fee: feeSchema.nullable(),
  refunds: z.array(refundSchema).nullable(),
  /** Every dispute, where the answer carried them, else null. */
  disputes: z.array(disputeSchema).nullable().default(null),
  createdAt: timestampSchema.nullable(),
  updatedAt: timestampSchema.nullable(),
  capturedAt: timestampSchema.nullable(),
  expiresAt: timestampSchema.nullable(),
};

/** Schema of a charge whose status is known: nothing of its money is missing. */
export const knownChargeSchema = z.object({
  ...factsShape,
  status: chargeStatusSchema.exclude(['unknown']),
  /** What create asked, in ISO 4217 minor units. It never changes. */
  amount: amountSchema,
  /** Given back of what was captured. A released authorization is no refund. */
  amountRefunded: amountSchema,
  currency: currencySchema,
  refundStatus: refundTotalSchema,
});

/** Schema of a charge of which nobody knows where it stands: its money as the provider told it, else null. Null is not zero. */
export const unknownChargeSchema = z.object({
  ...factsShape,
  status: z.literal('unknown'),
  amount: amountSchema.nullable(),
  amountRefunded: amountSchema.nullable(),
  currency: currencySchema.nullable(),
  refundStatus: refundTotalSchema.nullable(),
});

/** Schema of a normalized charge. `raw` is not part of it. */
export const chargeSchema = z.discriminatedUnion('status', [knownChargeSchema, unknownChargeSchema]);

/** Where a charge stands. Compare with `isPaid` and `isFinal` rather than with words. */
export type ChargeStatus = z.infer<typeof chargeStatusSchema>;
/** How much of the captured money went back. */
export type RefundTotal = z.infer<typeof refundTotalSchema>;
/** What the payer has to do next. */
export type NextAction = z.infer<typeof nextActionSchema>;
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
 */
export const isPaid = (charge: Pick<Charge, 'status' | 'refundStatus'>): boolean =>
  charge.status === 'captured' && charge.refundStatus !== 'full';

const finalStatuses: ReadonlySet<ChargeStatus> = new Set(['captured', 'voided', 'expired', 'failed']);

/**
 * Whether nobody has to act any more. It does not mean that nothing can come: a Stripe intent may still be paid after
 * `failed`, and a bank debit may be returned after `captured`. False for `unknown`.
 */
export const isFinal = (charge: Pick<Charge, 'status'>): boolean => finalStatuses.has(charge.status);

/** `none`, `partial` or `full`, from the two totals. With an unknown captured total only the provider's word can say full. */
export const refundTotalOf = (amountRefunded: number, amountCaptured: number | null): RefundTotal => {
  if (amountRefunded === 0) return 'none';
  return amountCaptured !== null && amountRefunded >= amountCaptured ? 'full' : 'partial';
};

type KnownMoney = Pick<KnownCharge, 'amountCaptured' | 'amountRefunded' | 'refundStatus'>;
type ToldMoney = Pick<UnknownCharge, 'amountCaptured' | 'amountRefunded' | 'refundStatus'>;

/** What a provider told of the money of a charge of which nobody knows where it stands. Null is not zero. */
export const toldMoney = (amountCaptured: number | null, amountRefunded: number | null): ToldMoney => {
  const isComparable = amountRefunded === 0 || amountCaptured !== null;
  const refundStatus =
    amountRefunded === null || !isComparable ? null : refundTotalOf(amountRefunded, amountCaptured);
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
