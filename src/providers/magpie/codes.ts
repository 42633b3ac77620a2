import { rowOf } from '../../adapter/fields.js';
import { unknownDecline, type Advice, type DeclineCode, type DeclineRow } from '../../models/decline.js';

const row = (code: DeclineCode, advice: Advice): DeclineRow => ({ code, advice });

/**
 * Names of declines. The provider's samples name one, `authentication_required`, word for word as Stripe does, so the rest
 * of that vocabulary is expected, too. Decline codes and error codes share the table: answers carry both in one field.
 */
export const declines: Readonly<Record<string, DeclineRow>> = {
  approve_with_id: row('do_not_honor', 'retry_later'),
  authentication_failure: row('authentication_failed', 'use_other_card'),
  authentication_not_handled: row('authentication_required', 'fix_details'),
  authentication_required: row('authentication_required', 'fix_details'),
  call_issuer: row('do_not_honor', 'use_other_card'),
  card_decline_rate_limit_exceeded: row('limit_exceeded', 'retry_later'),
  card_declined: row('generic_decline', 'use_other_card'),
  card_not_supported: row('card_not_supported', 'use_other_card'),
  card_velocity_exceeded: row('limit_exceeded', 'retry_later'),
  charge_exceeds_source_limit: row('limit_exceeded', 'contact_support'),
  charge_exceeds_transaction_limit: row('limit_exceeded', 'contact_support'),
  currency_not_supported: row('card_not_supported', 'use_other_card'),
  debit_not_authorized: row('authorization_revoked', 'do_not_retry'),
  do_not_honor: row('do_not_honor', 'use_other_card'),
  do_not_try_again: row('do_not_honor', 'do_not_retry'),
  duplicate_transaction: row('duplicate_transaction', 'do_not_retry'),
  expired_card: row('expired_card', 'use_other_card'),
  expired_payment_method: row('expired_card', 'use_other_card'),
  fraudulent: row('suspected_fraud', 'do_not_retry'),
  generic_decline: row('generic_decline', 'use_other_card'),
  incorrect_address: row('incorrect_address', 'fix_details'),
  incorrect_cvc: row('incorrect_cvc', 'fix_details'),
  incorrect_number: row('incorrect_number', 'fix_details'),
  incorrect_pin: row('incorrect_pin', 'fix_details'),
  incorrect_postal_code: row('incorrect_address', 'fix_details'),
  incorrect_zip: row('incorrect_address', 'fix_details'),
  insufficient_funds: row('insufficient_funds', 'retry_later'),
  invalid_account: row('invalid_account', 'use_other_card'),
  invalid_amount: row('invalid_amount', 'use_other_card'),
  invalid_card_type: row('card_not_supported', 'use_other_card'),
  invalid_characters: row('generic_decline', 'fix_details'),
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
  no_account: row('invalid_account', 'fix_details'),
  no_action_taken: row('generic_decline', 'use_other_card'),
  not_permitted: row('transaction_not_allowed', 'use_other_card'),
  offline_pin_required: row('incorrect_pin', 'use_other_card'),
  online_or_offline_pin_required: row('incorrect_pin', 'use_other_card'),
  payment_intent_action_required: row('authentication_required', 'fix_details'),
  payment_intent_authentication_failure: row('authentication_failed', 'use_other_card'),
  payment_intent_mandate_invalid: row('authorization_revoked', 'fix_details'),
  payment_intent_payment_attempt_expired: row('payment_expired', 'retry_later'),
  payment_intent_payment_attempt_failed: row('generic_decline', 'use_other_card'),
  payment_method_customer_decline: row('payer_canceled', 'use_other_card'),
  payment_method_not_available: row('issuer_unavailable', 'retry_later'),
  payment_method_provider_decline: row('generic_decline', 'use_other_card'),
  payment_method_provider_timeout: row('issuer_unavailable', 'retry_later'),
  payment_method_restricted: row('restricted_card', 'use_other_card'),
  pickup_card: row('lost_or_stolen_card', 'do_not_retry'),
  pin_try_exceeded: row('incorrect_pin', 'use_other_card'),
  processing_error: row('processing_error', 'retry_later'),
  reenter_transaction: row('processing_error', 'retry_later'),
  refer_to_customer: row('authorization_revoked', 'do_not_retry'),
  restricted_card: row('restricted_card', 'use_other_card'),
  revocation_of_all_authorizations: row('authorization_revoked', 'do_not_retry'),
  revocation_of_authorization: row('authorization_revoked', 'do_not_retry'),
  security_violation: row('do_not_honor', 'use_other_card'),
  service_not_allowed: row('transaction_not_allowed', 'use_other_card'),
  stolen_card: row('lost_or_stolen_card', 'do_not_retry'),
  stop_payment_order: row('authorization_revoked', 'do_not_retry'),
  testmode_decline: row('card_not_supported', 'use_other_card'),
  three_d_secure_authentication_not_supported: row('authentication_failed', 'use_other_card'),
  three_d_secure_authentication_upstream_error: row('processing_error', 'retry_later'),
  transaction_not_allowed: row('transaction_not_allowed', 'use_other_card'),
  try_again_later: row('generic_decline', 'retry_later'),
  withdrawal_count_limit_exceeded: row('limit_exceeded', 'retry_later'),
};

/** A code as the table spells it. */
export const codeOf = (code: string | null | undefined): string => (code ?? '').trim().toLowerCase();

/** Whether the table has this code, whatever its letter case. */
export const isDecline = (code: string): boolean => rowOf(declines, codeOf(code)) !== undefined;

/**
 * The row of the first code that the table has, else the generic decline. The most precise code comes first; `onUnknown`
 * hears of it where the table lacks it.
 */
export const declineOf = (
  codes: readonly (string | null | undefined)[],
  onUnknown: () => void,
): DeclineRow => {
  const given = codes.map(codeOf).filter((code) => code !== '');
  if (given[0] !== undefined && !isDecline(given[0])) onUnknown();
  return rowOf(declines, given.find(isDecline)) ?? unknownDecline;
};
