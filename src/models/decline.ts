import * as z from 'zod';

/** The decline codes that all providers share. What each means for the payer stands in `docs/decline-codes.md`. */
export const declineCodes = [
  'generic_decline',
  'do_not_honor',
  'insufficient_funds',
  'limit_exceeded',
  'expired_card',
  'incorrect_number',
  'incorrect_cvc',
  'invalid_expiry',
  'incorrect_address',
  'incorrect_pin',
  'lost_or_stolen_card',
  'restricted_card',
  'invalid_account',
  'suspected_fraud',
  'card_not_supported',
  'transaction_not_allowed',
  'invalid_amount',
  'duplicate_transaction',
  'authentication_required',
  'authentication_failed',
  'authorization_revoked',
  'payer_canceled',
  'payment_expired',
  'issuer_unavailable',
  'processing_error',
] as const;

/** What the caller should do after a decline. */
export const adviceValues = [
  'retry_later',
  'fix_details',
  'use_other_card',
  'do_not_retry',
  'contact_support',
] as const;

export const declineCodeSchema = z.enum(declineCodes);
export const adviceSchema = z.enum(adviceValues);

/** One of the 25 decline codes that all providers share. */
export type DeclineCode = z.infer<typeof declineCodeSchema>;
/** What the caller should do after a decline: `retry_later` always means with a new idempotency key. */
export type Advice = z.infer<typeof adviceSchema>;

/** One row of a provider's decline table. */
export interface DeclineRow {
  /** The code that all providers share. */
  readonly code: DeclineCode;
  /** What the caller should do. */
  readonly advice: Advice;
}

/** The advice of a decline code where the provider's own table says nothing more precise. */
export const defaultAdvice: Readonly<Record<DeclineCode, Advice>> = {
  generic_decline: 'use_other_card',
  do_not_honor: 'use_other_card',
  insufficient_funds: 'retry_later',
  limit_exceeded: 'retry_later',
  expired_card: 'use_other_card',
  incorrect_number: 'fix_details',
  incorrect_cvc: 'fix_details',
  invalid_expiry: 'fix_details',
  incorrect_address: 'fix_details',
  incorrect_pin: 'use_other_card',
  lost_or_stolen_card: 'do_not_retry',
  restricted_card: 'use_other_card',
  invalid_account: 'use_other_card',
  suspected_fraud: 'do_not_retry',
  card_not_supported: 'use_other_card',
  transaction_not_allowed: 'use_other_card',
  invalid_amount: 'use_other_card',
  duplicate_transaction: 'do_not_retry',
  authentication_required: 'fix_details',
  authentication_failed: 'use_other_card',
  authorization_revoked: 'do_not_retry',
  payer_canceled: 'use_other_card',
  payment_expired: 'retry_later',
  issuer_unavailable: 'retry_later',
  processing_error: 'retry_later',
};

/** The advice of a failed refund: money goes back to the card that paid, so neither another card nor other details can help. */
export const refundAdvice = (advice: Advice): Advice =>
  advice === 'use_other_card' || advice === 'fix_details' ? 'contact_support' : advice;

/** The decline of a code that no table knows. */
export const unknownDecline: DeclineRow = { code: 'generic_decline', advice: 'use_other_card' };
