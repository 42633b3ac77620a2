/** Behaviour of Pin Payments that its documentation leaves open, or that its test host has and its live host has not. */
export interface PinSwitches {
  /** Whether declined charges stand in lists and search. They can always be read by their token. */
  listsFailedCharges: boolean;
  /** Whether charges whose payer has not come back from 3-D Secure stand in lists and search. */
  listsPendingCharges: boolean;
  /** Whether such a charge can be read by its token. */
  readsPendingCharges: boolean;
  /** How long after its creation a charge is missing from lists, in milliseconds. */
  listDelayMs: number;
  /** The largest `per_page` that is honoured; a larger one is answered with pages of this size. */
  highestPerPage: number;
  /** The direction of a search that names none: the documentation says 1 (oldest first), recordings show -1. */
  searchDirection: 1 | -1;
  /** Whether every card meets a challenge when `three_d_secure` is enabled; else only cards made to ask for it. */
  challengeEveryCard: boolean;
  /** `success` of a charge whose payer has not come back. */
  pendingSuccess: null | false;
  /** How long a payer has for 3-D Secure, in milliseconds; null leaves the charge open for ever. */
  challengeLifetimeMs: number | null;
  /** How long a sale reads as authorised after its 3-D Secure was verified, in milliseconds. */
  captureAfterVerifyMs: number;
  /** What verifying a failed 3-D Secure answers: an error, or the charge with `success: false`. */
  failedVerifyAs: 'error' | 'charge';
  /** What the second verification with a session token answers. */
  repeatedVerifyAs: 'not_found' | 'charge';
  /** How a card or payment source token that was used before is refused. */
  usedTokenAs: 'not_found' | 'token_already_used';
  /** What becomes of the charge behind a 502 `gateway_error`: it may have gone through all the same. */
  gatewayErrorCharge: 'failed' | 'successful';
  /** When a refund settles, in milliseconds after it was made; null leaves it pending for ever, as the test host does. */
  refundSettlesAfterMs: number | null;
  /** How a refund settles. */
  refundOutcome: 'succeeds' | 'fails';
  /** `success` of a settled refund: true, or null beside `status_message: "Success"` as a documented sample shows. */
  settledRefundSuccess: true | null;
  /** Whether `amount_refunded` of a charge counts refunds that are still pending. */
  amountRefundedCountsPending: boolean;
  /** Whether the merchant's balance is too low for any refund (402 `insufficient_pin_balance`). */
  insufficientBalance: boolean;
  /** Whether that error comes inside an array of one, as one version of the documentation shows it. */
  balanceErrorInArray: boolean;
  /** Whether a charge needs `ip_address`: documented as required, yet working clients leave it out. */
  ipAddressRequired: boolean;
}

/** A day, in milliseconds. */
export const day = 86_400_000;

/** What the documentation says, or the more likely reading of it. */
export const pinSwitches: PinSwitches = {
  listsFailedCharges: true,
  listsPendingCharges: true,
  readsPendingCharges: true,
  listDelayMs: 0,
  highestPerPage: 500,
  searchDirection: -1,
  challengeEveryCard: false,
  pendingSuccess: null,
  challengeLifetimeMs: null,
  captureAfterVerifyMs: 0,
  failedVerifyAs: 'error',
  repeatedVerifyAs: 'not_found',
  usedTokenAs: 'not_found',
  gatewayErrorCharge: 'failed',
  refundSettlesAfterMs: day,
  refundOutcome: 'succeeds',
  settledRefundSuccess: true,
  amountRefundedCountsPending: true,
  insufficientBalance: false,
  balanceErrorInArray: false,
  ipAddressRequired: true,
};
