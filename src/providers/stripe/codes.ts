import type { Advice, DeclineCode, DeclineRow } from '../../models/decline.js';
import type { ProviderFailure } from '../../provider.js';

const row = (code: DeclineCode, advice: Advice): DeclineRow => ({ code, advice });

/** `decline_code` of cards, wallets and bank methods; `outcome.reason` of a failed charge holds the same words. */
export const declineCodes: Readonly<Record<string, DeclineRow>> = {
  approve_with_id: row('do_not_honor', 'retry_later'),
  authentication_not_handled: row('authentication_required', 'fix_details'),
  authentication_required: row('authentication_required', 'fix_details'),
  call_issuer: row('do_not_honor', 'use_other_card'),
  card_not_supported: row('card_not_supported', 'use_other_card'),
  card_velocity_exceeded: row('limit_exceeded', 'retry_later'),
  currency_not_supported: row('card_not_supported', 'use_other_card'),
  do_not_honor: row('do_not_honor', 'use_other_card'),
  do_not_try_again: row('do_not_honor', 'do_not_retry'),
  duplicate_transaction: row('duplicate_transaction', 'do_not_retry'),
  expired_card: row('expired_card', 'use_other_card'),
  fraudulent: row('suspected_fraud', 'do_not_retry'),
  generic_decline: row('generic_decline', 'use_other_card'),
  incorrect_address: row('incorrect_address', 'fix_details'),
  incorrect_cvc: row('incorrect_cvc', 'fix_details'),
  incorrect_number: row('incorrect_number', 'fix_details'),
  incorrect_pin: row('incorrect_pin', 'fix_details'),
  incorrect_zip: row('incorrect_address', 'fix_details'),
  insufficient_funds: row('insufficient_funds', 'retry_later'),
  invalid_account: row('invalid_account', 'use_other_card'),
  invalid_amount: row('invalid_amount', 'use_other_card'),
  invalid_cvc: row('incorrect_cvc', 'fix_details'),
  invalid_expiry_month: row('invalid_expiry', 'fix_details'),
  invalid_expiry_year: row('invalid_expiry', 'fix_details'),
  invalid_number: row('incorrect_number', 'fix_details'),
  invalid_pin: row('incorrect_pin', 'fix_details'),
  issuer_not_available: row('issuer_unavailable', 'retry_later'),
  lost_card: row('lost_or_stolen_card', 'do_not_retry'),
  merchant_blacklist: row('suspected_fraud', 'do_not_retry'),
  mobile_device_authentication_required: row('authentication_required', 'fix_details'),
  new_account_information_available: row('invalid_account', 'fix_details'),
  no_action_taken: row('generic_decline', 'use_other_card'),
  not_permitted: row('transaction_not_allowed', 'use_other_card'),
  offline_pin_required: row('incorrect_pin', 'use_other_card'),
  online_or_offline_pin_required: row('incorrect_pin', 'use_other_card'),
  pickup_card: row('lost_or_stolen_card', 'do_not_retry'),
  pin_try_exceeded: row('incorrect_pin', 'use_other_card'),
  processing_error: row('processing_error', 'retry_later'),
  reenter_transaction: row('processing_error', 'retry_later'),
  restricted_card: row('restricted_card', 'use_other_card'),
  revocation_of_all_authorizations: row('authorization_revoked', 'do_not_retry'),
  revocation_of_authorization: row('authorization_revoked', 'do_not_retry'),
  security_violation: row('do_not_honor', 'use_other_card'),
  service_not_allowed: row('transaction_not_allowed', 'use_other_card'),
  stolen_card: row('lost_or_stolen_card', 'do_not_retry'),
  stop_payment_order: row('authorization_revoked', 'do_not_retry'),
  testmode_decline: row('card_not_supported', 'use_other_card'),
  transaction_not_allowed: row('transaction_not_allowed', 'use_other_card'),
  try_again_later: row('generic_decline', 'retry_later'),
  withdrawal_count_limit_exceeded: row('limit_exceeded', 'retry_later'),
  // Wallets and bank methods.
  partner_generic_decline: row('generic_decline', 'use_other_card'),
  invalid_customer_account: row('invalid_account', 'fix_details'),
  payment_limit_exceeded: row('limit_exceeded', 'retry_later'),
  invalid_billing_agreement: row('authorization_revoked', 'do_not_retry'),
  partner_expired_card: row('expired_card', 'use_other_card'),
  partner_processing_error: row('processing_error', 'retry_later'),
  partner_insufficient_funds: row('insufficient_funds', 'retry_later'),
  partner_invalid_currency: row('card_not_supported', 'use_other_card'),
  partner_invalid_amount: row('invalid_amount', 'use_other_card'),
  invalid_business_account: row('transaction_not_allowed', 'contact_support'),
  partner_high_risk_customer: row('suspected_fraud', 'do_not_retry'),
  compliance_violation: row('transaction_not_allowed', 'do_not_retry'),
  payment_disputed: row('transaction_not_allowed', 'do_not_retry'),
  invalid_authorization: row('authorization_revoked', 'do_not_retry'),
  invalid_payment_information: row('generic_decline', 'fix_details'),
  partner_payment_not_found: row('processing_error', 'contact_support'),
  expired_payment_information: row('expired_card', 'use_other_card'),
  partner_duplicate_transaction: row('duplicate_transaction', 'do_not_retry'),
};

/** `error.code` and `failure_code` that are declines. `card_declined` itself says nothing: its `decline_code` does. */
export const declinedErrorCodes: Readonly<Record<string, DeclineRow>> = {
  expired_card: row('expired_card', 'use_other_card'),
  incorrect_cvc: row('incorrect_cvc', 'fix_details'),
  invalid_cvc: row('incorrect_cvc', 'fix_details'),
  incorrect_number: row('incorrect_number', 'fix_details'),
  invalid_number: row('incorrect_number', 'fix_details'),
  incorrect_zip: row('incorrect_address', 'fix_details'),
  incorrect_postal_code: row('incorrect_address', 'fix_details'),
  incorrect_address: row('incorrect_address', 'fix_details'),
  invalid_expiry_month: row('invalid_expiry', 'fix_details'),
  invalid_expiry_year: row('invalid_expiry', 'fix_details'),
  invalid_characters: row('generic_decline', 'fix_details'),
  processing_error: row('processing_error', 'retry_later'),
  insufficient_funds: row('insufficient_funds', 'retry_later'),
  authentication_required: row('authentication_required', 'fix_details'),
  payment_intent_action_required: row('authentication_required', 'fix_details'),
  payment_intent_authentication_failure: row('authentication_failed', 'use_other_card'),
  authentication_failure: row('authentication_failed', 'use_other_card'),
  three_d_secure_authentication_not_supported: row('authentication_failed', 'use_other_card'),
  three_d_secure_authentication_upstream_error: row('processing_error', 'retry_later'),
  payment_intent_payment_attempt_failed: row('generic_decline', 'use_other_card'),
  payment_intent_payment_attempt_expired: row('payment_expired', 'retry_later'),
  card_decline_rate_limit_exceeded: row('limit_exceeded', 'retry_later'),
  payment_method_customer_decline: row('payer_canceled', 'use_other_card'),
  payment_method_provider_decline: row('generic_decline', 'use_other_card'),
  payment_method_provider_timeout: row('issuer_unavailable', 'retry_later'),
  payment_method_not_available: row('issuer_unavailable', 'retry_later'),
  payment_method_restricted: row('restricted_card', 'use_other_card'),
  expired_payment_method: row('expired_card', 'use_other_card'),
  invalid_card_type: row('card_not_supported', 'use_other_card'),
  charge_exceeds_source_limit: row('limit_exceeded', 'contact_support'),
  charge_exceeds_transaction_limit: row('limit_exceeded', 'contact_support'),
  no_account: row('invalid_account', 'fix_details'),
  debit_not_authorized: row('authorization_revoked', 'do_not_retry'),
  refer_to_customer: row('authorization_revoked', 'do_not_retry'),
  payment_intent_mandate_invalid: row('authorization_revoked', 'fix_details'),
  billing_invalid_mandate: row('authorization_revoked', 'fix_details'),
  setup_intent_mandate_invalid: row('authorization_revoked', 'fix_details'),
  india_recurring_payment_mandate_canceled: row('authorization_revoked', 'do_not_retry'),
  setup_intent_authentication_failure: row('authentication_failed', 'use_other_card'),
  setup_attempt_failed: row('generic_decline', 'use_other_card'),
  setup_intent_setup_attempt_expired: row('payment_expired', 'retry_later'),
  token_card_network_invalid: row('card_not_supported', 'use_other_card'),
  // Bank accounts.
  account_closed: row('invalid_account', 'use_other_card'),
  account_number_invalid: row('invalid_account', 'fix_details'),
  routing_number_invalid: row('invalid_account', 'fix_details'),
  bank_account_declined: row('invalid_account', 'use_other_card'),
  bank_account_restricted: row('restricted_card', 'use_other_card'),
  bank_account_unusable: row('invalid_account', 'use_other_card'),
  bank_account_unverified: row('invalid_account', 'fix_details'),
  bank_account_verification_failed: row('authentication_failed', 'use_other_card'),
  payment_method_bank_account_blocked: row('restricted_card', 'use_other_card'),
  sepa_unsupported_account: row('card_not_supported', 'use_other_card'),
  payment_method_microdeposit_failed: row('invalid_account', 'fix_details'),
  payment_method_microdeposit_processing_error: row('processing_error', 'retry_later'),
  payment_method_microdeposit_verification_amounts_invalid: row('authentication_failed', 'fix_details'),
  payment_method_microdeposit_verification_amounts_mismatch: row('authentication_failed', 'fix_details'),
  payment_method_microdeposit_verification_descriptor_code_mismatch: row(
    'authentication_failed',
    'fix_details',
  ),
  payment_method_microdeposit_verification_attempts_exceeded: row('authentication_failed', 'use_other_card'),
  payment_method_microdeposit_verification_timeout: row('payment_expired', 'retry_later'),
};

/** `outcome.reason` of a failed charge, where it is no decline code. */
export const outcomeReasons: Readonly<Record<string, DeclineRow>> = {
  highest_risk_level: row('suspected_fraud', 'do_not_retry'),
  elevated_risk_level: row('suspected_fraud', 'do_not_retry'),
  rule: row('suspected_fraud', 'do_not_retry'),
  low_probability_of_authorization: row('generic_decline', 'use_other_card'),
};

/** `outcome.type` of a failed charge, where nothing else is known. */
export const outcomeTypes: Readonly<Record<string, DeclineRow>> = {
  blocked: row('suspected_fraud', 'do_not_retry'),
  issuer_declined: row('generic_decline', 'use_other_card'),
  invalid: row('generic_decline', 'use_other_card'),
};

/** Stripe's own advice beats the advice of a code. */
export const adviceCodes: Readonly<Record<string, Advice>> = {
  confirm_card_data: 'fix_details',
  do_not_try_again: 'do_not_retry',
  try_again_later: 'retry_later',
};

/** A refusal that is no decline. */
export interface Refusal {
  readonly kind: ProviderFailure['kind'];
  readonly outcome: ProviderFailure['outcome'];
  readonly advice: Advice | null;
  /** An earlier success of the same write would be answered so, too. */
  readonly mayBeOwnSuccess?: true;
}

const refusals = (names: string, refusal: Refusal): Record<string, Refusal> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, refusal]));

/** `error.code` that is no decline, whatever the HTTP status. */
export const refusalCodes: Readonly<Record<string, Refusal>> = {
  ...refusals(
    'amount_too_small amount_too_large invalid_charge_amount invalid_charge_amount_no_decimal_compatible',
    {
      kind: 'invalid_request',
      outcome: 'rejected',
      advice: 'fix_details',
    },
  ),
  ...refusals('balance_insufficient', { kind: 'conflict', outcome: 'rejected', advice: 'retry_later' }),
  ...refusals(
    'charge_already_captured charge_already_refunded payment_intent_unexpected_state intent_invalid_state ' +
      'status_transition_invalid return_intent_already_processed',
    { kind: 'conflict', outcome: 'rejected', advice: null, mayBeOwnSuccess: true },
  ),
  ...refusals(
    'charge_disputed refund_disputed_payment charge_not_refundable charge_expired_for_capture ' +
      'capture_charge_authorization_expired',
    { kind: 'conflict', outcome: 'rejected', advice: 'do_not_retry' },
  ),
  ...refusals('out_of_inventory', { kind: 'conflict', outcome: 'rejected', advice: 'contact_support' }),
  ...refusals('capture_unauthorized_payment resource_already_exists', {
    kind: 'conflict',
    outcome: 'rejected',
    advice: null,
  }),
  ...refusals(
    'charge_invalid_parameter payment_intent_invalid_parameter payment_method_invalid_parameter ' +
      'payment_method_invalid_parameter_testmode payment_intent_incompatible_payment_method invalid_source_usage ' +
      'parameter_missing parameter_unknown parameter_invalid_empty parameter_invalid_integer ' +
      'parameter_invalid_string_blank parameter_invalid_string_empty parameters_exclusive missing email_invalid ' +
      'url_invalid shipping_address_invalid postal_code_invalid invalid_characters payment_method_unexpected_state ' +
      'payment_method_currency_mismatch payment_method_billing_details_address_missing country_code_invalid ' +
      'country_unsupported state_unsupported payment_intent_konbini_rejected_confirmation_number ' +
      'invalid_mandate_reference_prefix_format intent_verification_method_missing acss_debit_session_incomplete',
    { kind: 'invalid_request', outcome: 'rejected', advice: 'fix_details' },
  ),
  ...refusals(
    'payment_method_types_no_longer_supported payment_method_unactivated payment_method_unsupported_type ' +
      'livemode_mismatch testmode_charges_only payment_method_configuration_failures',
    { kind: 'invalid_request', outcome: 'rejected', advice: 'contact_support' },
  ),
  ...refusals('token_already_used', {
    kind: 'invalid_request',
    outcome: 'rejected',
    advice: 'fix_details',
    mayBeOwnSuccess: true,
  }),
  // An earlier request of the same write may be the one that uses it.
  ...refusals('token_in_use', {
    kind: 'in_progress',
    outcome: 'rejected',
    advice: 'retry_later',
    mayBeOwnSuccess: true,
  }),
  ...refusals('api_key_expired platform_api_key_expired secret_key_required', {
    kind: 'authentication',
    outcome: 'rejected',
    advice: 'contact_support',
  }),
  ...refusals(
    'account_invalid platform_account_required application_fees_not_allowed capability_not_active action_blocked ' +
      'request_blocked approval_required not_allowed_on_standard_account transfers_not_allowed ' +
      'progressive_onboarding_limit_exceeded',
    { kind: 'permission', outcome: 'rejected', advice: 'contact_support' },
  ),
  ...refusals('rate_limit lock_timeout payment_intent_rate_limit_exceeded', {
    kind: 'rate_limit',
    outcome: 'rejected',
    advice: 'retry_later',
  }),
  ...refusals('idempotency_key_in_use', { kind: 'in_progress', outcome: 'unknown', advice: 'retry_later' }),
  ...refusals('tls_version_unsupported', {
    kind: 'connection',
    outcome: 'not_sent',
    advice: 'contact_support',
  }),
};
