import { describe, expect, it, vi } from 'vitest';
import type { Advice, DeclineCode } from '../../../src/models/decline.js';
import { declineOf, declines, isDecline } from '../../../src/providers/magpie/codes.js';

const table: readonly [code: string, normalized: DeclineCode, advice: Advice][] = [
  ['approve_with_id', 'do_not_honor', 'retry_later'],
  ['authentication_not_handled', 'authentication_required', 'fix_details'],
  ['authentication_required', 'authentication_required', 'fix_details'],
  ['call_issuer', 'do_not_honor', 'use_other_card'],
  ['card_not_supported', 'card_not_supported', 'use_other_card'],
  ['card_velocity_exceeded', 'limit_exceeded', 'retry_later'],
  ['currency_not_supported', 'card_not_supported', 'use_other_card'],
  ['do_not_honor', 'do_not_honor', 'use_other_card'],
  ['do_not_try_again', 'do_not_honor', 'do_not_retry'],
  ['duplicate_transaction', 'duplicate_transaction', 'do_not_retry'],
  ['expired_card', 'expired_card', 'use_other_card'],
  ['fraudulent', 'suspected_fraud', 'do_not_retry'],
  ['generic_decline', 'generic_decline', 'use_other_card'],
  ['incorrect_address', 'incorrect_address', 'fix_details'],
  ['incorrect_cvc', 'incorrect_cvc', 'fix_details'],
  ['incorrect_number', 'incorrect_number', 'fix_details'],
  ['incorrect_pin', 'incorrect_pin', 'fix_details'],
  ['incorrect_zip', 'incorrect_address', 'fix_details'],
  ['insufficient_funds', 'insufficient_funds', 'retry_later'],
  ['invalid_account', 'invalid_account', 'use_other_card'],
  ['invalid_amount', 'invalid_amount', 'use_other_card'],
  ['invalid_cvc', 'incorrect_cvc', 'fix_details'],
  ['invalid_expiry_month', 'invalid_expiry', 'fix_details'],
  ['invalid_expiry_year', 'invalid_expiry', 'fix_details'],
  ['invalid_number', 'incorrect_number', 'fix_details'],
  ['invalid_pin', 'incorrect_pin', 'fix_details'],
  ['issuer_not_available', 'issuer_unavailable', 'retry_later'],
  ['lost_card', 'lost_or_stolen_card', 'do_not_retry'],
  ['merchant_blacklist', 'suspected_fraud', 'do_not_retry'],
  ['mobile_device_authentication_required', 'authentication_required', 'fix_details'],
  ['new_account_information_available', 'invalid_account', 'fix_details'],
  ['no_action_taken', 'generic_decline', 'use_other_card'],
  ['not_permitted', 'transaction_not_allowed', 'use_other_card'],
  ['offline_pin_required', 'incorrect_pin', 'use_other_card'],
  ['online_or_offline_pin_required', 'incorrect_pin', 'use_other_card'],
  ['pickup_card', 'lost_or_stolen_card', 'do_not_retry'],
  ['pin_try_exceeded', 'incorrect_pin', 'use_other_card'],
  ['processing_error', 'processing_error', 'retry_later'],
  ['reenter_transaction', 'processing_error', 'retry_later'],
  ['restricted_card', 'restricted_card', 'use_other_card'],
  ['revocation_of_all_authorizations', 'authorization_revoked', 'do_not_retry'],
  ['revocation_of_authorization', 'authorization_revoked', 'do_not_retry'],
  ['security_violation', 'do_not_honor', 'use_other_card'],
  ['service_not_allowed', 'transaction_not_allowed', 'use_other_card'],
  ['stolen_card', 'lost_or_stolen_card', 'do_not_retry'],
  ['stop_payment_order', 'authorization_revoked', 'do_not_retry'],
  ['testmode_decline', 'card_not_supported', 'use_other_card'],
  ['transaction_not_allowed', 'transaction_not_allowed', 'use_other_card'],
  ['try_again_later', 'generic_decline', 'retry_later'],
  ['withdrawal_count_limit_exceeded', 'limit_exceeded', 'retry_later'],
  ['card_declined', 'generic_decline', 'use_other_card'],
  ['incorrect_postal_code', 'incorrect_address', 'fix_details'],
  ['invalid_characters', 'generic_decline', 'fix_details'],
  ['payment_intent_action_required', 'authentication_required', 'fix_details'],
  ['payment_intent_authentication_failure', 'authentication_failed', 'use_other_card'],
  ['authentication_failure', 'authentication_failed', 'use_other_card'],
  ['three_d_secure_authentication_not_supported', 'authentication_failed', 'use_other_card'],
  ['three_d_secure_authentication_upstream_error', 'processing_error', 'retry_later'],
  ['payment_intent_payment_attempt_failed', 'generic_decline', 'use_other_card'],
  ['payment_intent_payment_attempt_expired', 'payment_expired', 'retry_later'],
  ['card_decline_rate_limit_exceeded', 'limit_exceeded', 'retry_later'],
  ['payment_method_customer_decline', 'payer_canceled', 'use_other_card'],
  ['payment_method_provider_decline', 'generic_decline', 'use_other_card'],
  ['payment_method_provider_timeout', 'issuer_unavailable', 'retry_later'],
  ['payment_method_not_available', 'issuer_unavailable', 'retry_later'],
  ['payment_method_restricted', 'restricted_card', 'use_other_card'],
  ['expired_payment_method', 'expired_card', 'use_other_card'],
  ['invalid_card_type', 'card_not_supported', 'use_other_card'],
  ['charge_exceeds_source_limit', 'limit_exceeded', 'contact_support'],
  ['charge_exceeds_transaction_limit', 'limit_exceeded', 'contact_support'],
  ['no_account', 'invalid_account', 'fix_details'],
  ['debit_not_authorized', 'authorization_revoked', 'do_not_retry'],
  ['refer_to_customer', 'authorization_revoked', 'do_not_retry'],
  ['payment_intent_mandate_invalid', 'authorization_revoked', 'fix_details'],
];

describe('a decline code', () => {
  it.each(table)('%s is %s, %s', (code, normalized, advice) => {
    const onUnknown = vi.fn();
    expect(declineOf([code], onUnknown)).toEqual({ code: normalized, advice });
    expect(declineOf([` ${code.toUpperCase()} `], onUnknown)).toEqual({ code: normalized, advice });
    expect(onUnknown).not.toHaveBeenCalled();
  });

  it('has a row in the document, and every row is there', () => {
    expect(Object.keys(declines).toSorted()).toEqual(table.map(([code]) => code).toSorted());
  });

  it.each(['42900', 'too_sunny', 'toString', '__proto__'])(
    'that nobody knows is generic and heard of: %s',
    (code) => {
      const onUnknown = vi.fn();
      expect(declineOf([code], onUnknown)).toEqual({ code: 'generic_decline', advice: 'use_other_card' });
      expect(onUnknown).toHaveBeenCalledOnce();
      expect(isDecline(code)).toBe(false);
    },
  );

  it.each([[[]], [[null]], [[undefined, '']]])('that was not given is generic in silence: %j', (codes) => {
    const onUnknown = vi.fn();
    expect(declineOf(codes, onUnknown)).toEqual({ code: 'generic_decline', advice: 'use_other_card' });
    expect(onUnknown).not.toHaveBeenCalled();
  });

  it('is read before the error code, which counts where it is unknown', () => {
    const onUnknown = vi.fn();
    expect(declineOf(['lost_card', 'card_declined'], onUnknown).code).toBe('lost_or_stolen_card');
    expect(onUnknown).not.toHaveBeenCalled();
    expect(declineOf(['too_sunny', 'expired_card'], onUnknown).code).toBe('expired_card');
    expect(onUnknown).toHaveBeenCalledOnce();
  });
});
