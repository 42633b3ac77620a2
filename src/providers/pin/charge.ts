import { upperCaseCode } from '../../models/currency-code.js';
import { attach, splitMetadata, stampMetadataKey } from '../../models/attachments.js';
import {
  standing,
  noMoney,
  refundTotalOf,
  type Charge,
  type ChargeStatus,
  type Fee,
  type NextAction,
  type PaymentMethod,
  type ThreeDS,
  type ThreeDSStatus,
} from '../../models/charge.js';
import { defaultAdvice } from '../../models/decline.js';
import { momentSchema } from '../../models/params.js';
import { currencySchema, type Failure } from '../../models/refund.js';
import type { Call, ReportDrift } from '../../provider.js';
import { isPinCurrency } from './currency.js';
import { providerStatusOf, statusOf, wordOf } from './status.js';
import type { CardWire, ChargeWire } from './wire.js';

/** What a mapper needs of a call. */
export type Reading = Pick<Call, 'livemode' | 'drift'>;

/** What is known of a charge besides its body. */
export interface Circumstances {
  /** The HTTP status of the answer: 202 means that the payer has to act. */
  readonly httpStatus?: number;
  /** 3-D Secure was asked for, so it may have run. Pin does not say how it ended. */
  readonly threeDSAsked?: boolean;
  /** The answer of the create or capture that took the money: nothing can have been refunded before. */
  readonly isOwnCapture?: boolean;
}

/**
 * Marks a charge that was created with `capture: false` and 3-D Secure. Pin's answer does not tell it from a charge that
 * will be captured in a moment.
 */
export const captureMetadataKey = 'unicharge_capture';
const ownKeys = [stampMetadataKey, captureMetadataKey];

/** Whether the charge was created to be captured later, by its own mark. */
export const isMarkedManual = (wire: ChargeWire): boolean => wire.metadata?.[captureMetadataKey] === 'manual';

/** A date of Pin as ISO 8601 text in UTC, or null. */
export const timestampOf = (value: unknown, path: string, drift: ReportDrift): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && momentSchema.safeParse(value).success)
    return new Date(value).toISOString();
  drift(path, 'wrong_type');
  return null;
};

/** An upper-case currency. One that Pin is not known to have is reported: its base unit is taken for the ISO one. */
export const currencyOf = (wire: { readonly currency: string }, drift: ReportDrift): string => {
  const currency = upperCaseCode(wire.currency);
  if (!isPinCurrency(currency)) drift('currency', 'unknown_value');
  return currency;
};

/**
 * What was taken and given back; null where the refunded total is not told, for such a charge must pass neither for paid nor for
 * refunded. The word of a client library's document comes without any total.
 */
const capturedMoney = (
  wire: ChargeWire,
  isOwnCapture: boolean,
  drift: ReportDrift,
): Parameters<typeof standing>[1] => {
  if (wire.amount_refunded == null) drift('amount_refunded', 'missing');
  const amountRefunded = wire.amount_refunded ?? (isOwnCapture || wordOf(wire) !== null ? 0 : null);
  if (amountRefunded === null) return null;
  if (amountRefunded > wire.amount) drift('amount_refunded', 'inconsistent');
  return {
    amountCaptured: wire.amount,
    amountRefunded,
    refundStatus: refundTotalOf(amountRefunded, wire.amount),
  };
};

/** The address for the payer stands in the answer of the create alone, a 202: there it must not be missing. */
const nextActionOf = (
  wire: ChargeWire,
  httpStatus: number | undefined,
  drift: ReportDrift,
): NextAction | null => {
  if (wire.redirect_url) return { type: 'redirect', url: wire.redirect_url };
  if (httpStatus === 202) drift('redirect_url', 'missing');
  return null;
};

const threeDSOf = (status: ChargeStatus, asked: boolean | undefined): ThreeDS | null => {
  const result = (value: ThreeDSStatus): ThreeDS => ({ status: value, version: null, eci: null });
  if (status === 'requires_action') return result('required');
  return asked === true ? result('unknown') : null;
};

const paymentMethodOf = (card: CardWire | null | undefined): PaymentMethod | null => {
  if (card == null) return null;
  return {
    type: card.network_type ?? 'card',
    id: card.token ?? null,
    card: {
      brand: card.scheme ?? null,
      last4: /\d{4}$/.exec(card.display_number ?? '')?.[0] ?? null,
      expMonth: card.expiry_month ?? null,
      expYear: card.expiry_year ?? null,
      funding: null,
      country: card.issuing_country ?? null,
      holderName: card.name ?? null,
      fingerprint: null,
    },
  };
};

/** A failed charge has a text only: the code of the decline stands in the error answer, not in the charge. */
const failureOf = (wire: ChargeWire): Failure => ({
  code: 'generic_decline',
  message: wire.error_message ?? wire.status_message ?? null,
  providerCode: null,
  declineCode: null,
  networkCode: null,
  advice: defaultAdvice.generic_decline,
});

const feeOf = (wire: ChargeWire, drift: ReportDrift): Fee | null => {
  if (wire.total_fees == null || wire.settlement_currency == null) return null;
  const currency = upperCaseCode(wire.settlement_currency);
  if (currencySchema.safeParse(currency).success) return { amount: wire.total_fees, currency };
  drift('settlement_currency', 'unknown_value');
  return null;
};

/** One charge of Pin as a normalized charge. Everything is derived from booleans: Pin has no status field. */
export const toCharge = (
  wire: ChargeWire,
  { livemode, drift }: Reading,
  { httpStatus, threeDSAsked, isOwnCapture = false }: Circumstances = {},
): Charge => {
  const told = statusOf(wire, httpStatus, drift);
  const money = told === 'captured' ? capturedMoney(wire, isOwnCapture, drift) : noMoney;
  const status = money === null ? 'unknown' : told;
  const isCaptured = status === 'captured';
  const { metadata, stamp } = splitMetadata(wire.metadata, ownKeys);
  return attach<Charge>(
    {
      provider: 'pin',
      id: wire.token,
      ...standing(status, money, {
        captured: told === 'captured' ? wire.amount : null,
        refunded: wire.amount_refunded ?? null,
      }),
      providerStatus: providerStatusOf(wire, httpStatus),
      amount: wire.amount,
      currency: currencyOf(wire, drift),
      disputed: wire.active_chargebacks ?? false,
      livemode,
      description: wire.description ?? null,
      statementDescriptor: null,
      customer: wire.card?.customer_token ?? null,
      email: wire.email ?? null,
      metadata,
      paymentMethod: paymentMethodOf(wire.card),
      nextAction: status === 'requires_action' ? nextActionOf(wire, httpStatus, drift) : null,
      threeDS: threeDSOf(status, threeDSAsked),
      failure: status === 'failed' ? failureOf(wire) : null,
      fee: isCaptured ? feeOf(wire, drift) : null,
      refunds: null,
      disputes: null,
      createdAt: timestampOf(wire.created_at, 'created_at', drift),
      updatedAt: null,
      capturedAt: isCaptured ? timestampOf(wire.captured_at, 'captured_at', drift) : null,
      expiresAt: null,
    },
    { raw: wire, stamp },
  );
};
