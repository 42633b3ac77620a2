import type { Advice } from '../../models/decline.js';
import type { ProviderFailure } from '../../provider.js';

/** What a code that is no decline means. */
export interface RefusalRow {
  readonly kind: ProviderFailure['kind'];
  readonly outcome: ProviderFailure['outcome'];
  readonly advice: Advice | null;
  /** An earlier success of the same write would be answered so, too. */
  readonly mayBeOwnSuccess?: true;
}

const refused = (
  kind: ProviderFailure['kind'],
  advice: Advice | null,
  mayBeOwnSuccess?: true,
): RefusalRow => ({ kind, outcome: 'rejected', advice, ...(mayBeOwnSuccess ? { mayBeOwnSuccess } : {}) });

const open = (kind: ProviderFailure['kind'], advice: Advice): RefusalRow => ({
  kind,
  outcome: 'unknown',
  advice,
});

const rowsOf = (names: string, row: RefusalRow): Readonly<Record<string, RefusalRow>> =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, row]),
  );

/** Codes of error answers that are no declines. They beat the HTTP status, which JustiFi documents for few of them. */
export const refusalRows: Readonly<Record<string, RefusalRow>> = {
  // The gateway behind JustiFi did not say how it ended. Money may have moved even where the status is 402.
  ...rowsOf(
    'gateway_error gateway_error_please_retry gateway_timeout_error gateway_timeout',
    open('provider', 'retry_later'),
  ),
  // The gateway refused JustiFi, not the payer.
  gateway_authentication_error: open('provider', 'contact_support'),
  ...rowsOf('internal_server_error refund_error', open('provider', 'retry_later')),
  // 409 may also mean that the first request with the key failed.
  ...rowsOf(
    'gateway_idempotency_error idempotency_concurrent_request idempotency_request_in_progress',
    open('in_progress', 'retry_later'),
  ),
  gateway_rate_limit_error: refused('rate_limit', 'retry_later'),
  idempotency_params_mismatch: refused('idempotency_conflict', null, true),
  idempotency_key_required: refused('invalid_request', 'contact_support'),

  ...rowsOf('payment_already_captured payment_fully_refunded', refused('conflict', null, true)),
  ...rowsOf(
    'charge_expired_for_capture payment_outside_void_window payment_outside_refund_window',
    refused('conflict', 'do_not_retry', true),
  ),
  ...rowsOf(
    'payment_intent_cannot_be_captured payment_intent_unexpected_state',
    refused('conflict', null, true),
  ),
  refund_exceeds_amount_available: refused('conflict', 'retry_later', true),
  ...rowsOf('refund_in_progress token_in_use', refused('in_progress', 'retry_later', true)),

  // An earlier refund with this key may be what leaves too little for this one.
  refund_exceeds_payment_amount: refused('invalid_request', 'fix_details', true),
  token_already_used: refused('invalid_request', 'fix_details', true),
  ...rowsOf(
    `refund_reason_invalid amount_above_maximum amount_below_minimum amount_must_be_an_integer amount_required
     currency_invalid currency_required checkout_invalid_currency capture_strategy_invalid country_invalid state_invalid
     email_invalid email_required invalid_characters parameter_missing unexpected_parameter
     card_name_required card_number_required brand_required acct_last_four_required payment_method_required
     payment_method_token_required payment_method_not_found customer_id_required customer_max_payment_methods
     fees_invalid fee_amount_greater_than_zero multiple_of_same_fee_type fee_amount_greater_than_payment_amount
     fee_and_application_fee_declared fee_type_must_exist_on_payment_fees returned_fee_exceeds_remaining_amount`,
    refused('invalid_request', 'fix_details'),
  ),
  ...rowsOf(
    `application_fee_rate_id_required application_fee_required gateway_account_id_required gateway_ref_id_required
     transfer_required sub_account_header_required`,
    refused('invalid_request', 'contact_support'),
  ),

  not_authenticated: refused('authentication', 'contact_support'),
  full_pan_not_allowed: refused('permission', 'contact_support'),
  ...rowsOf('resource_not_found payment_intent_not_found', refused('not_found', null)),
};

/** Names that leave the outcome open wherever they stand, also as a `decline_code`. */
export const leavesOutcomeOpen = (name: string | null): boolean =>
  name !== null && Object.hasOwn(refusalRows, name) && refusalRows[name]?.outcome === 'unknown';
