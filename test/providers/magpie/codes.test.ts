import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Advice, DeclineCode } from '../../../src/models/decline.js';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import { answerOf, recordedCall } from './call.js';

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

/** What a create is told that was declined with these codes, and what of it was reported. */
const declined = (
  codes: { decline_code?: string | null | undefined; code?: string | null },
  status = 402,
) => {
  const { call, drifts } = recordedCall();
  const body = { error: { message: 'No.', type: 'error', ...codes } };
  return { failure: magpieProvider.failure(answerOf(status, body), 'create', call), drifts };
};

const reported = [['error.code', 'unknown_value']];

describe('a decline code', () => {
  it.each(table)('%s is %s, %s', (code, declineCode, advice) => {
    for (const each of [code, ` ${code.toUpperCase()} `]) {
      const { failure, drifts } = declined({ decline_code: each });
      expect(failure).toMatchObject({ kind: 'card', declineCode, advice });
      expect(drifts).toEqual([]);
      // A code of an error that is a decline needs no 402 beside it. Wrong characters may stand in any field.
      const kind = code === 'invalid_characters' ? 'invalid_request' : 'card';
      expect(declined({ code: each }, 400).failure.kind).toBe(kind);
    }
  });

  it('has a row in the document, and every row is there', () => {
    const page = readFileSync(new URL('../../../docs/decline-codes.md', import.meta.url), 'utf8');
    const section = /^## Magpie and Zip\n(.*?)(?=^## )/ms.exec(page)?.[1] ?? '';
    const codes = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split('|')[3] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]));
    expect(codes.toSorted()).toEqual(table.map(([code]) => code).toSorted());
  });

  it.each(['42900', 'too_sunny', 'toString', '__proto__'])(
    'that nobody knows is generic and heard of: %s',
    (code) => {
      const { failure, drifts } = declined({ decline_code: code });
      expect(failure).toMatchObject({ declineCode: 'generic_decline', advice: 'use_other_card' });
      expect(drifts).toEqual(reported);
      expect(declined({ code }, 400).failure.kind).toBe('invalid_request');
    },
  );

  it.each([[{}], [{ code: null }], [{ decline_code: undefined, code: '' }]])(
    'that was not given is generic in silence: %j',
    (codes) => {
      const { failure, drifts } = declined(codes);
      expect(failure).toMatchObject({ declineCode: 'generic_decline', advice: 'use_other_card' });
      expect(drifts).toEqual([]);
    },
  );

  it('is read before the error code, which counts where it is unknown', () => {
    const known = declined({ decline_code: 'lost_card', code: 'card_declined' });
    expect(known.failure.declineCode).toBe('lost_or_stolen_card');
    expect(known.drifts).toEqual([]);
    const unknown = declined({ decline_code: 'too_sunny', code: 'expired_card' });
    expect(unknown.failure.declineCode).toBe('expired_card');
    expect(unknown.drifts).toEqual(reported);
  });
});
