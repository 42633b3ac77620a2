import { rowOf, rowsNamed } from '../../adapter/fields.js';
import { failureWith } from '../../adapter/charge.js';
import type { Refusal } from '../../adapter/failure.js';
import { unknownDecline, type Advice, type DeclineCode, type DeclineRow } from '../../models/decline.js';
import type { Failure } from '../../models/refund.js';
import type { ReportDrift } from '../../provider.js';
import type { WireOutcome } from './wire.js';

const declined = (code: DeclineCode, advice: Advice, names: string) => rowsNamed(names, { code, advice });

/** `decline_code` of cards, wallets and bank methods; `outcome.reason` of a failed charge holds the same words. */
export const declineCodes: Readonly<Record<string, DeclineRow>> = {
  ...declined('generic_decline', 'retry_later', 'try_again_later'),
  ...declined('generic_decline', 'fix_details', 'invalid_payment_information'),
  ...declined('generic_decline', 'use_other_card', 'generic_decline no_action_taken partner_generic_decline'),
  ...declined('do_not_honor', 'retry_later', 'approve_with_id'),
  ...declined('do_not_honor', 'use_other_card', 'call_issuer do_not_honor security_violation'),
  ...declined('do_not_honor', 'do_not_retry', 'do_not_try_again'),
  ...declined('insufficient_funds', 'retry_later', 'insufficient_funds partner_insufficient_funds'),
  ...declined('limit_exceeded', 'retry_later', 'card_velocity_exceeded withdrawal_count_limit_exceeded'),
  ...declined('limit_exceeded', 'retry_later', 'payment_limit_exceeded'),
  ...declined('expired_card', 'use_other_card', 'expired_card partner_expired_card'),
  ...declined('expired_card', 'use_other_card', 'expired_payment_information'),
  ...declined('incorrect_number', 'fix_details', 'incorrect_number invalid_number'),
  ...declined('incorrect_cvc', 'fix_details', 'incorrect_cvc invalid_cvc'),
  ...declined('invalid_expiry', 'fix_details', 'invalid_expiry_month invalid_expiry_year'),
  ...declined('incorrect_address', 'fix_details', 'incorrect_address incorrect_zip'),
  ...declined('incorrect_pin', 'fix_details', 'incorrect_pin invalid_pin'),
  ...declined('incorrect_pin', 'use_other_card', 'offline_pin_required online_or_offline_pin_required'),
  ...declined('incorrect_pin', 'use_other_card', 'pin_try_exceeded'),
  ...declined('lost_or_stolen_card', 'do_not_retry', 'lost_card pickup_card stolen_card'),
  ...declined('restricted_card', 'use_other_card', 'restricted_card'),
  ...declined('invalid_account', 'fix_details', 'new_account_information_available invalid_customer_account'),
  ...declined('invalid_account', 'use_other_card', 'invalid_account'),
  ...declined('suspected_fraud', 'do_not_retry', 'fraudulent merchant_blacklist partner_high_risk_customer'),
  ...declined('card_not_supported', 'use_other_card', 'card_not_supported currency_not_supported'),
  ...declined('card_not_supported', 'use_other_card', 'testmode_decline partner_invalid_currency'),
  ...declined('transaction_not_allowed', 'use_other_card', 'not_permitted service_not_allowed'),
  ...declined('transaction_not_allowed', 'use_other_card', 'transaction_not_allowed'),
  ...declined('transaction_not_allowed', 'do_not_retry', 'compliance_violation payment_disputed'),
  ...declined('transaction_not_allowed', 'contact_support', 'invalid_business_account'),
  ...declined('invalid_amount', 'use_other_card', 'invalid_amount partner_invalid_amount'),
  ...declined('duplicate_transaction', 'do_not_retry', 'duplicate_transaction partner_duplicate_transaction'),
  ...declined('authentication_required', 'fix_details', 'authentication_not_handled authentication_required'),
  ...declined('authentication_required', 'fix_details', 'mobile_device_authentication_required'),
  ...declined('authorization_revoked', 'do_not_retry', 'revocation_of_all_authorizations'),
  ...declined('authorization_revoked', 'do_not_retry', 'revocation_of_authorization stop_payment_order'),
  ...declined('authorization_revoked', 'do_not_retry', 'invalid_billing_agreement invalid_authorization'),
  ...declined('issuer_unavailable', 'retry_later', 'issuer_not_available'),
  ...declined('processing_error', 'retry_later', 'processing_error reenter_transaction'),
  ...declined('processing_error', 'retry_later', 'partner_processing_error'),
  ...declined('processing_error', 'contact_support', 'partner_payment_not_found'),
};

/** `error.code` and `failure_code` that are declines. `card_declined` itself says nothing: its `decline_code` does. */
export const declinedErrorCodes: Readonly<Record<string, DeclineRow>> = {
  ...declined('generic_decline', 'fix_details', 'invalid_characters'),
  ...declined('generic_decline', 'use_other_card', 'payment_intent_payment_attempt_failed'),
  ...declined('generic_decline', 'use_other_card', 'payment_method_provider_decline setup_attempt_failed'),
  ...declined('insufficient_funds', 'retry_later', 'insufficient_funds'),
  ...declined('limit_exceeded', 'retry_later', 'card_decline_rate_limit_exceeded'),
  ...declined('limit_exceeded', 'contact_support', 'charge_exceeds_source_limit'),
  ...declined('limit_exceeded', 'contact_support', 'charge_exceeds_transaction_limit'),
  ...declined('expired_card', 'use_other_card', 'expired_card expired_payment_method'),
  ...declined('incorrect_number', 'fix_details', 'incorrect_number invalid_number'),
  ...declined('incorrect_cvc', 'fix_details', 'incorrect_cvc invalid_cvc'),
  ...declined('invalid_expiry', 'fix_details', 'invalid_expiry_month invalid_expiry_year'),
  ...declined('incorrect_address', 'fix_details', 'incorrect_zip incorrect_postal_code incorrect_address'),
  ...declined('restricted_card', 'use_other_card', 'payment_method_restricted bank_account_restricted'),
  ...declined('restricted_card', 'use_other_card', 'payment_method_bank_account_blocked'),
  ...declined('invalid_account', 'fix_details', 'no_account account_number_invalid routing_number_invalid'),
  ...declined('invalid_account', 'fix_details', 'bank_account_unverified payment_method_microdeposit_failed'),
  ...declined('invalid_account', 'use_other_card', 'account_closed bank_account_declined'),
  ...declined('invalid_account', 'use_other_card', 'bank_account_unusable'),
  ...declined('card_not_supported', 'use_other_card', 'invalid_card_type token_card_network_invalid'),
  ...declined('card_not_supported', 'use_other_card', 'sepa_unsupported_account'),
  ...declined('authentication_required', 'fix_details', 'authentication_required'),
  ...declined('authentication_required', 'fix_details', 'payment_intent_action_required'),
  ...declined(
    'authentication_failed',
    'fix_details',
    'payment_method_microdeposit_verification_amounts_invalid',
  ),
  ...declined(
    'authentication_failed',
    'fix_details',
    'payment_method_microdeposit_verification_amounts_mismatch',
  ),
  ...declined(
    'authentication_failed',
    'fix_details',
    'payment_method_microdeposit_verification_descriptor_code_mismatch',
  ),
  ...declined('authentication_failed', 'use_other_card', 'payment_intent_authentication_failure'),
  ...declined('authentication_failed', 'use_other_card', 'authentication_failure'),
  ...declined('authentication_failed', 'use_other_card', 'three_d_secure_authentication_not_supported'),
  ...declined('authentication_failed', 'use_other_card', 'setup_intent_authentication_failure'),
  ...declined('authentication_failed', 'use_other_card', 'bank_account_verification_failed'),
  ...declined(
    'authentication_failed',
    'use_other_card',
    'payment_method_microdeposit_verification_attempts_exceeded',
  ),
  ...declined('authorization_revoked', 'fix_details', 'payment_intent_mandate_invalid'),
  ...declined('authorization_revoked', 'fix_details', 'billing_invalid_mandate setup_intent_mandate_invalid'),
  ...declined('authorization_revoked', 'do_not_retry', 'debit_not_authorized refer_to_customer'),
  ...declined('authorization_revoked', 'do_not_retry', 'india_recurring_payment_mandate_canceled'),
  ...declined('payer_canceled', 'use_other_card', 'payment_method_customer_decline'),
  ...declined('payment_expired', 'retry_later', 'payment_intent_payment_attempt_expired'),
  ...declined('payment_expired', 'retry_later', 'setup_intent_setup_attempt_expired'),
  ...declined('payment_expired', 'retry_later', 'payment_method_microdeposit_verification_timeout'),
  ...declined('issuer_unavailable', 'retry_later', 'payment_method_provider_timeout'),
  ...declined('issuer_unavailable', 'retry_later', 'payment_method_not_available'),
  ...declined('processing_error', 'retry_later', 'processing_error'),
  ...declined('processing_error', 'retry_later', 'three_d_secure_authentication_upstream_error'),
  ...declined('processing_error', 'retry_later', 'payment_method_microdeposit_processing_error'),
};

/** `outcome.reason` of a failed charge, where it is no decline code. */
export const outcomeReasons: Readonly<Record<string, DeclineRow>> = {
  ...declined('generic_decline', 'use_other_card', 'low_probability_of_authorization'),
  ...declined('suspected_fraud', 'do_not_retry', 'highest_risk_level elevated_risk_level rule'),
};

/** `outcome.type` of a failed charge, where nothing else is known. */
export const outcomeTypes: Readonly<Record<string, DeclineRow>> = {
  ...declined('generic_decline', 'use_other_card', 'issuer_declined invalid'),
  ...declined('suspected_fraud', 'do_not_retry', 'blocked'),
};

/** Stripe's own advice beats the advice of a code. */
export const adviceCodes: Readonly<Record<string, Advice>> = {
  confirm_card_data: 'fix_details',
  do_not_try_again: 'do_not_retry',
  try_again_later: 'retry_later',
};

const refused = (
  kind: Refusal['kind'],
  advice: Advice | null,
  names: string,
  more: Pick<Refusal, 'outcome' | 'mayBeOwnSuccess'> = {},
) => rowsNamed<Refusal>(names, { kind, advice, ...more });

const echo = { mayBeOwnSuccess: true } as const;

/** `error.code` that is no decline, whatever the HTTP status. */
export const refusalCodes: Readonly<Record<string, Refusal>> = {
  ...refused(
    'invalid_request',
    'fix_details',
    `amount_too_small amount_too_large invalid_charge_amount invalid_charge_amount_no_decimal_compatible
    charge_invalid_parameter payment_intent_invalid_parameter payment_method_invalid_parameter
    payment_method_invalid_parameter_testmode payment_intent_incompatible_payment_method invalid_source_usage
    parameter_missing parameter_unknown parameter_invalid_empty parameter_invalid_integer
    parameter_invalid_string_blank parameter_invalid_string_empty parameters_exclusive missing email_invalid
    url_invalid shipping_address_invalid postal_code_invalid invalid_characters payment_method_unexpected_state
    payment_method_currency_mismatch payment_method_billing_details_address_missing country_code_invalid
    country_unsupported state_unsupported payment_intent_konbini_rejected_confirmation_number
    invalid_mandate_reference_prefix_format intent_verification_method_missing acss_debit_session_incomplete`,
  ),
  ...refused(
    'invalid_request',
    'contact_support',
    `payment_method_types_no_longer_supported payment_method_unactivated payment_method_unsupported_type
    livemode_mismatch testmode_charges_only payment_method_configuration_failures`,
  ),
  ...refused('invalid_request', 'fix_details', 'token_already_used', echo),
  ...refused('conflict', 'retry_later', 'balance_insufficient'),
  ...refused('conflict', null, 'charge_already_captured charge_already_refunded', echo),
  ...refused('conflict', null, 'payment_intent_unexpected_state intent_invalid_state', echo),
  ...refused('conflict', null, 'status_transition_invalid return_intent_already_processed', echo),
  ...refused('conflict', 'do_not_retry', 'charge_disputed refund_disputed_payment charge_not_refundable'),
  ...refused('conflict', 'do_not_retry', 'charge_expired_for_capture capture_charge_authorization_expired'),
  ...refused('conflict', 'contact_support', 'out_of_inventory'),
  ...refused('conflict', null, 'capture_unauthorized_payment resource_already_exists'),
  // An earlier request of the same write may be the one that uses it.
  ...refused('in_progress', 'retry_later', 'token_in_use', echo),
  ...refused('in_progress', 'retry_later', 'idempotency_key_in_use', { outcome: 'unknown' }),
  // No code, but a type of error: the key was used for another request, which our own open write may have caused.
  ...refused('idempotency_conflict', null, 'idempotency_error', echo),
  ...refused('authentication', 'contact_support', 'api_key_expired platform_api_key_expired'),
  ...refused('authentication', 'contact_support', 'secret_key_required'),
  ...refused(
    'permission',
    'contact_support',
    `account_invalid platform_account_required application_fees_not_allowed capability_not_active action_blocked
    request_blocked approval_required not_allowed_on_standard_account transfers_not_allowed
    progressive_onboarding_limit_exceeded`,
  ),
  ...refused('rate_limit', 'retry_later', 'rate_limit lock_timeout payment_intent_rate_limit_exceeded'),
  ...refused('connection', 'contact_support', 'tls_version_unsupported', { outcome: 'not_sent' }),
};

type Word = string | null | undefined;

/** What Stripe says about a decline: on an error, on an intent's last error, or on a failed charge. */
export interface DeclineWords {
  readonly code?: Word;
  readonly decline_code?: Word;
  readonly message?: Word;
  readonly advice_code?: Word;
  readonly network_advice_code?: Word;
  readonly network_decline_code?: Word;
  readonly outcome?: WireOutcome;
}

/** A word as Stripe may write it: any letter case, spaces around it. */
export const plainWord = (word: Word): string | undefined => word?.trim().toLowerCase();

/** The row of a word, however Stripe writes it. */
export const rowOfWord = <Row>(table: Readonly<Record<string, Row>>, word: Word): Row | undefined =>
  rowOf(table, plainWord(word));

const isGiven = (word: Word): word is string => word != null && word.trim() !== '';

const reportUnknown = (
  { code, decline_code: word }: DeclineWords,
  row: DeclineRow | undefined,
  drift: ReportDrift,
): void => {
  if (isGiven(word) && rowOfWord(declineCodes, word) === undefined) {
    drift('failure.declineCode', 'unknown_value');
  } else if (row === undefined && isGiven(code) && code.trim().toLowerCase() !== 'card_declined') {
    drift('failure.providerCode', 'unknown_value');
  }
};

/** A decline in the words shared by all providers, with Stripe's own beside them. */
export const readDecline = (words: DeclineWords, drift: ReportDrift): Failure => {
  const { outcome } = words;
  // A failed charge has no decline code of its own: its outcome's reason holds it.
  const hidden = rowOfWord(declineCodes, outcome?.reason) === undefined ? null : (outcome?.reason ?? null);
  const declineCode = isGiven(words.decline_code) ? words.decline_code : hidden;
  const row =
    rowOfWord(declineCodes, words.decline_code) ??
    rowOfWord(declinedErrorCodes, words.code) ??
    rowOfWord(outcomeReasons, outcome?.reason) ??
    rowOfWord(declineCodes, declineCode) ??
    rowOfWord(outcomeTypes, outcome?.type);
  reportUnknown(words, row, drift);
  const { code, advice } = row ?? unknownDecline;
  return {
    code,
    message: words.message ?? null,
    providerCode: words.code ?? null,
    declineCode,
    networkCode:
      words.network_decline_code ??
      outcome?.network_decline_code ??
      words.network_advice_code ??
      outcome?.network_advice_code ??
      null,
    advice:
      rowOfWord(adviceCodes, words.advice_code) ?? rowOfWord(adviceCodes, outcome?.advice_code) ?? advice,
  };
};

/** `failure_reason` of a refund, where it is none that stands for itself. */
const refundFailures: Readonly<Record<string, DeclineCode>> = {
  lost_or_stolen_card: 'lost_or_stolen_card',
  expired_or_canceled_card: 'expired_card',
  charge_for_pending_refund_disputed: 'transaction_not_allowed',
  insufficient_funds: 'insufficient_funds',
};

/** Why a refund did not reach the payer. */
export const readRefundFailure = (reason: Word): Failure =>
  failureWith(rowOfWord(refundFailures, reason) ?? 'generic_decline', { providerCode: reason ?? null });
