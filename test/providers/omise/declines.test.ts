import { describe, expect, it } from 'vitest';
import type { Advice, DeclineCode } from '../../../src/models/decline.js';
import { failedCharge, paidCharge } from '../../fixtures/omise/charges.js';
import { readCharge } from './read-charge.js';

const table: readonly (readonly [failureCode: string | null, code: DeclineCode, advice: Advice])[] = [
  ['failed_fraud_check', 'suspected_fraud', 'do_not_retry'],
  ['failed_processing', 'processing_error', 'retry_later'],
  ['insufficient_balance', 'insufficient_funds', 'retry_later'],
  ['insufficient_fund', 'insufficient_funds', 'retry_later'],
  ['invalid_account_number', 'invalid_account', 'use_other_card'],
  ['invalid_account', 'invalid_account', 'use_other_card'],
  ['invalid_security_code', 'incorrect_cvc', 'fix_details'],
  ['payment_cancelled', 'payer_canceled', 'use_other_card'],
  ['payment_rejected', 'do_not_honor', 'use_other_card'],
  ['stolen_or_lost_card', 'lost_or_stolen_card', 'do_not_retry'],
  ['timeout', 'payment_expired', 'retry_later'],
  ['confirmed_amount_mismatch', 'invalid_amount', 'contact_support'],
  ['amount_mismatch', 'invalid_amount', 'contact_support'],
  ['duplicate_reference_number', 'duplicate_transaction', 'do_not_retry'],
  ['cannot_connect_to_ibanking', 'issuer_unavailable', 'retry_later'],
  ['service_code_not_activated', 'transaction_not_allowed', 'contact_support'],
  ['service_code_not_certified', 'transaction_not_allowed', 'contact_support'],
  ['account_does_not_exist', 'invalid_account', 'use_other_card'],
  ['invalid_reference', 'processing_error', 'contact_support'],
  ['invalid_parameters', 'processing_error', 'contact_support'],
  ['internal_error', 'processing_error', 'retry_later'],
  ['processing_error', 'processing_error', 'retry_later'],
  ['network_error', 'processing_error', 'retry_later'],
  ['temporarily_unavailable', 'issuer_unavailable', 'retry_later'],
  ['provider_unavailable', 'issuer_unavailable', 'retry_later'],
  ['provider_timeout', 'issuer_unavailable', 'retry_later'],
  ['invalid_barcode', 'generic_decline', 'fix_details'],
  ['undefined', 'generic_decline', 'use_other_card'],
  ['', 'generic_decline', 'use_other_card'],
  [null, 'generic_decline', 'use_other_card'],
  [' Payment_Rejected ', 'do_not_honor', 'use_other_card'],
];

describe('the failure of a failed charge', () => {
  it.each(table)('with the code %j is %s with the advice %s', (failure_code, code, advice) => {
    const { charge, drifts } = readCharge(failedCharge({ failure_code, failure_message: 'a text' }));
    expect(charge.failure).toEqual({
      code,
      advice,
      message: 'a text',
      providerCode: failure_code,
      declineCode: null,
      networkCode: null,
    });
    expect(drifts).toEqual([]);
  });

  it.each(['moon_phase', 'constructor', '__proto__'])(
    'with the unknown code %s is a generic decline, and reported',
    (failure_code) => {
      const { charge, drifts } = readCharge(failedCharge({ failure_code }));
      expect(charge.failure).toMatchObject({
        code: 'generic_decline',
        advice: 'use_other_card',
        providerCode: failure_code,
      });
      expect(drifts).toEqual(['failure_code: unknown_value']);
    },
  );

  it('follows the one advice code that is known', () => {
    const { charge } = readCharge(
      failedCharge({ failure_code: 'insufficient_fund', merchant_advice_code: '9003' }),
    );
    expect(charge.failure).toMatchObject({
      code: 'insufficient_funds',
      advice: 'do_not_retry',
      networkCode: '9003',
    });
  });

  it('keeps other advice codes without obeying them: 03 stands beside texts about authentication', () => {
    const { charge } = readCharge(
      failedCharge({ failure_code: 'payment_rejected', merchant_advice_code: '03' }),
    );
    expect(charge.failure).toMatchObject({ advice: 'use_other_card', networkCode: '03' });
  });

  it('exists on failed charges only', () => {
    expect(readCharge(paidCharge({ failure_code: 'timeout' })).charge.failure).toBeNull();
  });
});
