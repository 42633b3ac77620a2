import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/charges-client.js';
import { justifiProvider } from '../../../src/providers/justifi/index.js';
import declined from '../../fixtures/justifi/declined.json' with { type: 'json' };
import { callWith } from './reading.js';
import { driftListener } from './wire-samples.js';

const answered = (status: number, body: unknown, operation: Operation = 'create', drift = driftListener()) =>
  justifiProvider.failure(
    { status, headers: {}, body, requestId: null },
    operation,
    callWith({ drift }).call,
  );
const refused = (status: number, error: Record<string, unknown>, operation?: Operation) =>
  answered(status, { error }, operation);

/** Code, decline code, advice: typed from the published tables. */
const declines = `
generic_decline                  generic_decline          use_other_card
generic_error_change_info        generic_decline          fix_details
generic_error_do_not_retry       generic_decline          do_not_retry
generic_error_please_retry       processing_error         retry_later
do_not_honor                     do_not_honor             use_other_card
do_not_retry                     do_not_honor             do_not_retry
insufficient_funds               insufficient_funds       retry_later
exceeds_card_limit               limit_exceeded           retry_later
card_decline_rate_limit_exceeded limit_exceeded           retry_later
amount_too_large                 invalid_amount           fix_details
amount_too_small                 invalid_amount           fix_details
invalid_charge_amount            invalid_amount           use_other_card
expired_card                     expired_card             use_other_card
invalid_card_number              incorrect_number         fix_details
card_number_invalid              incorrect_number         fix_details
credit_card_number_invalid       incorrect_number         fix_details
invalid_cvc                      incorrect_cvc            fix_details
verification_invalid             incorrect_cvc            fix_details
invalid_expiry_date              invalid_expiry           fix_details
invalid_expiry_month             invalid_expiry           fix_details
invalid_expiry_year              invalid_expiry           fix_details
month_invalid                    invalid_expiry           fix_details
year_invalid                     invalid_expiry           fix_details
invalid_address                  incorrect_address        fix_details
invalid_zip_code                 incorrect_address        fix_details
postal_code_invalid              incorrect_address        fix_details
incorrect_pin                    incorrect_pin            fix_details
pin_required                     incorrect_pin            use_other_card
pin_tries_exceeded               incorrect_pin            use_other_card
lost_card                        lost_or_stolen_card      do_not_retry
stolen_card                      lost_or_stolen_card      do_not_retry
restricted_card                  restricted_card          use_other_card
card_blocked                     restricted_card          use_other_card
account_frozen                   restricted_card          use_other_card
bank_account_restricted          restricted_card          use_other_card
account_closed                   invalid_account          use_other_card
no_account                       invalid_account          fix_details
invalid_account_number           invalid_account          fix_details
new_card_issued                  invalid_account          fix_details
invalid_card_brand               card_not_supported       use_other_card
currency_not_supported           card_not_supported       use_other_card
test_mode_live_card              card_not_supported       contact_support
service_not_allowed              transaction_not_allowed  contact_support
three_d_secure_not_supported     authentication_required  use_other_card
issuer_not_available             issuer_unavailable       retry_later`
  .trim()
  .split('\n')
  .map((line) => line.split(/ +/) as [string, string, string]);

describe('a decline', () => {
  it('reads the documented example', () => {
    expect(answered(402, declined)).toEqual({
      kind: 'card',
      outcome: 'rejected',
      message: 'demo',
      providerCode: 'card_declined',
      networkCode: '116',
      declineCode: 'insufficient_funds',
      advice: 'retry_later',
    });
  });

  it.each(declines)('%s is %s, %s, as a decline code and as the code itself', (name, declineCode, advice) => {
    const expected = { kind: 'card', outcome: 'rejected', declineCode, advice };
    expect(refused(402, { code: 'card_declined', decline_code: name })).toMatchObject(expected);
    expect(refused(402, { code: name })).toMatchObject({ ...expected, providerCode: name });
    expect(refused(422, { code: name })).toMatchObject(expected);
    expect(refused(402, { code: ` ${name.toUpperCase()} ` })).toMatchObject(expected);
    expect(refused(402, { code: 'card_declined', decline_code: name }, 'capture')).toMatchObject(expected);
  });

  it('without a reason is a plain decline', () => {
    const drift = driftListener();
    expect(answered(402, { error: { code: 'card_declined' } }, 'create', drift)).toMatchObject({
      kind: 'card',
      declineCode: 'generic_decline',
      advice: 'use_other_card',
    });
    expect(answered(402, {}, 'create', drift)).toMatchObject({
      kind: 'card',
      declineCode: 'generic_decline',
    });
    expect(answered(402, undefined, 'create', drift)).toMatchObject({ kind: 'card' });
    expect(drift).not.toHaveBeenCalled();
  });

  it('for an unknown reason is a plain decline, and reported', () => {
    const drift = driftListener();
    const error = { code: 'card_declined', decline_code: 'moon_phase', message: 'insufficient funds' };
    expect(answered(402, { error }, 'create', drift)).toMatchObject({
      kind: 'card',
      declineCode: 'generic_decline',
      advice: 'use_other_card',
    });
    expect(drift.mock.calls).toEqual([['error.decline_code', 'unknown_value']]);
  });

  it('blames the account, not the card, where the sub account is refused with 402', () => {
    expect(refused(402, { code: 'invalid_sub_account' })).toMatchObject({
      kind: 'card',
      declineCode: 'transaction_not_allowed',
      advice: 'contact_support',
    });
    expect(refused(400, { code: 'invalid_sub_account' })).toMatchObject({
      kind: 'invalid_request',
      outcome: 'rejected',
      advice: 'contact_support',
    });
  });

  it('beside a 5xx is not believed', () => {
    expect(refused(500, { code: 'card_declined', decline_code: 'lost_card' })).toMatchObject({
      kind: 'provider',
      outcome: 'unknown',
    });
  });

  it('exists on no operation that charges nothing', () => {
    for (const operation of ['refund', 'void', 'update', 'retrieve'] as const) {
      expect(refused(402, { code: 'card_declined', decline_code: 'lost_card' }, operation)).toMatchObject({
        kind: 'conflict',
        outcome: 'rejected',
      });
    }
  });
});

describe('the word of the card network', () => {
  it.each([
    ['VISA', '1', 'do_not_retry'],
    ['VISA', '2', 'retry_later'],
    ['VISA', '3', 'fix_details'],
    ['VISA', 'R00', 'do_not_retry'],
    ['VISA', 'R01', 'do_not_retry'],
    ['MASTERCARD', '01', 'fix_details'],
    ['MASTERCARD', '02', 'retry_later'],
    ['MASTERCARD', '03', 'do_not_retry'],
    ['VISA', '4', 'use_other_card'],
    ['MASTERCARD', '1', 'use_other_card'],
    ['DISCOVER', '1', 'use_other_card'],
    [null, '1', 'use_other_card'],
  ])('%s category %s: %s', (network, network_error_category, advice) => {
    const error = { code: 'card_declined', decline_code: 'do_not_honor', network, network_error_category };
    expect(refused(402, error)).toMatchObject({ declineCode: 'do_not_honor', advice });
  });

  it.each(['R0', 'R1', 'R3'])(
    '%s at any network: the payer stopped this merchant',
    (network_error_category) => {
      for (const network of ['VISA', 'AMEX', null]) {
        expect(
          refused(402, {
            code: 'card_declined',
            decline_code: 'do_not_honor',
            network,
            network_error_category,
          }),
        ).toMatchObject({ declineCode: 'authorization_revoked', advice: 'do_not_retry' });
      }
    },
  );

  const networkCodes = `
  005 do_not_honor use_other_card
  100 do_not_honor use_other_card
  101 expired_card use_other_card
  102 suspected_fraud do_not_retry
  104 restricted_card use_other_card
  106 incorrect_pin use_other_card
  110 invalid_amount fix_details
  116 insufficient_funds retry_later
  134 insufficient_funds retry_later
  117 incorrect_pin fix_details
  119 transaction_not_allowed use_other_card
  121 limit_exceeded retry_later
  122 do_not_honor use_other_card
  123 limit_exceeded retry_later
  152 limit_exceeded retry_later
  154 limit_exceeded retry_later
  317 limit_exceeded retry_later
  528 limit_exceeded retry_later
  124 transaction_not_allowed do_not_retry
  129 suspected_fraud do_not_retry
  131 incorrect_number fix_details
  132 invalid_expiry fix_details
  208 lost_or_stolen_card do_not_retry
  209 lost_or_stolen_card do_not_retry
  213 incorrect_number fix_details
  231 authorization_revoked do_not_retry
  232 invalid_account do_not_retry
  237 invalid_account fix_details
  503 invalid_account fix_details
  302 invalid_account use_other_card
  351 incorrect_pin use_other_card
  500 processing_error retry_later
  902 processing_error retry_later
  504 do_not_honor do_not_retry
  505 processing_error retry_later
  516 processing_error retry_later
  512 transaction_not_allowed contact_support
  517 incorrect_cvc fix_details
  531 authentication_required use_other_card
  907 issuer_unavailable retry_later`
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' ') as [string, string, string]);

  it.each(networkCodes)(
    '%s is %s, %s, where nothing else gives a reason',
    (network_error_code, declineCode, advice) => {
      const expected = { kind: 'card', declineCode, advice, networkCode: network_error_code };
      expect(refused(402, { network_error_code })).toMatchObject(expected);
      expect(
        refused(402, { code: 'card_declined', decline_code: 'moon_phase', network_error_code }),
      ).toMatchObject(expected);
      expect(
        refused(402, { code: 'card_declined', decline_code: 'pin_required', network_error_code }),
      ).toMatchObject({
        declineCode: 'incorrect_pin',
        advice: 'use_other_card',
      });
    },
  );

  it('is read with the zeros that a number has lost', () => {
    expect(refused(402, { network_error_code: 5 })).toMatchObject({
      declineCode: 'do_not_honor',
      networkCode: '005',
    });
  });

  it('102 does not make a fraudster of the holder of a restricted card', () => {
    const error = { code: 'card_declined', decline_code: 'restricted_card', network_error_code: '102' };
    expect(refused(402, error)).toMatchObject({ declineCode: 'restricted_card', advice: 'use_other_card' });
  });

  it('414 is no decline: the time for a void has passed', () => {
    expect(refused(402, { code: 'void_failed', network_error_code: '414' }, 'void')).toMatchObject({
      kind: 'conflict',
      outcome: 'rejected',
      advice: 'do_not_retry',
    });
  });

  it('963 beside a known reason changes nothing', () => {
    const error = { code: 'card_declined', decline_code: 'lost_card', network_error_code: '963' };
    expect(refused(402, error)).toMatchObject({ kind: 'card', declineCode: 'lost_or_stolen_card' });
  });

  it.each(['963', '091', '91'])(
    '%s beside a reason that the code itself names changes nothing',
    (network) => {
      for (const [code, declineCode] of [
        ['insufficient_funds', 'insufficient_funds'],
        ['lost_card', 'lost_or_stolen_card'],
      ] as const) {
        expect(refused(402, { code, network_error_code: network })).toMatchObject({
          kind: 'card',
          outcome: 'rejected',
          declineCode,
        });
      }
    },
  );

  it('963 without a known reason leaves the outcome open', () => {
    expect(refused(402, { code: 'card_declined', network_error_code: '963' })).toMatchObject({
      kind: 'provider',
      outcome: 'unknown',
    });
  });
});

/** Codes, kind, outcome, advice (a dash for none). */
const refusals = `
gateway_error provider unknown retry_later
gateway_error_please_retry provider unknown retry_later
gateway_timeout_error provider unknown retry_later
gateway_timeout provider unknown retry_later
gateway_authentication_error provider unknown contact_support
gateway_idempotency_error in_progress unknown retry_later
idempotency_concurrent_request in_progress unknown retry_later
idempotency_request_in_progress in_progress unknown retry_later
gateway_rate_limit_error rate_limit rejected retry_later
internal_server_error provider unknown retry_later
refund_error provider unknown retry_later
idempotency_params_mismatch idempotency_conflict rejected -
idempotency_key_required invalid_request rejected contact_support
payment_already_captured conflict rejected -
payment_fully_refunded conflict rejected -
charge_expired_for_capture conflict rejected do_not_retry
payment_outside_void_window conflict rejected do_not_retry
payment_outside_refund_window conflict rejected do_not_retry
refund_in_progress in_progress rejected retry_later
refund_exceeds_amount_available conflict rejected retry_later
refund_exceeds_payment_amount invalid_request rejected fix_details
refund_reason_invalid invalid_request rejected fix_details
amount_above_maximum invalid_request rejected fix_details
amount_below_minimum invalid_request rejected fix_details
amount_must_be_an_integer invalid_request rejected fix_details
amount_required invalid_request rejected fix_details
currency_invalid invalid_request rejected fix_details
currency_required invalid_request rejected fix_details
checkout_invalid_currency invalid_request rejected fix_details
capture_strategy_invalid invalid_request rejected fix_details
country_invalid invalid_request rejected fix_details
state_invalid invalid_request rejected fix_details
email_invalid invalid_request rejected fix_details
email_required invalid_request rejected fix_details
invalid_characters invalid_request rejected fix_details
parameter_missing invalid_request rejected fix_details
unexpected_parameter invalid_request rejected fix_details
card_name_required invalid_request rejected fix_details
card_number_required invalid_request rejected fix_details
brand_required invalid_request rejected fix_details
acct_last_four_required invalid_request rejected fix_details
payment_method_required invalid_request rejected fix_details
payment_method_token_required invalid_request rejected fix_details
payment_method_not_found invalid_request rejected fix_details
customer_id_required invalid_request rejected fix_details
customer_max_payment_methods invalid_request rejected fix_details
application_fee_rate_id_required invalid_request rejected contact_support
application_fee_required invalid_request rejected contact_support
gateway_account_id_required invalid_request rejected contact_support
gateway_ref_id_required invalid_request rejected contact_support
transfer_required invalid_request rejected contact_support
fees_invalid invalid_request rejected fix_details
fee_amount_greater_than_zero invalid_request rejected fix_details
multiple_of_same_fee_type invalid_request rejected fix_details
fee_amount_greater_than_payment_amount invalid_request rejected fix_details
fee_and_application_fee_declared invalid_request rejected fix_details
fee_type_must_exist_on_payment_fees invalid_request rejected fix_details
returned_fee_exceeds_remaining_amount invalid_request rejected fix_details
token_already_used invalid_request rejected fix_details
token_in_use in_progress rejected retry_later
payment_intent_cannot_be_captured conflict rejected -
payment_intent_unexpected_state conflict rejected -
payment_intent_not_found not_found rejected -
not_authenticated authentication rejected contact_support
full_pan_not_allowed permission rejected contact_support
sub_account_header_required invalid_request rejected contact_support
resource_not_found not_found rejected -`
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [string, string, string, string]);

describe('a code that is no decline', () => {
  it.each(refusals)('%s is %s, %s, at any status', (code, kind, outcome, advice) => {
    for (const status of [400, 402, 403, 404, 409, 422, 500]) {
      for (const operation of ['create', 'capture', 'void', 'refund'] as const) {
        expect(refused(status, { code, message: 'demo' }, operation)).toMatchObject({
          kind,
          outcome,
          advice: advice === '-' ? null : advice,
          providerCode: code,
          // Its own text may advise another key.
          message:
            kind === 'idempotency_conflict'
              ? 'the provider knows this idempotency key with other parameters'
              : 'demo',
        });
      }
    }
  });

  it.each(['gateway_error', 'gateway_timeout', 'gateway_timeout_error'])(
    '%s leaves the outcome open where it is the decline code, too',
    (decline_code) => {
      expect(refused(402, { code: 'card_declined', decline_code })).toMatchObject({
        kind: 'provider',
        outcome: 'unknown',
      });
    },
  );

  it.each([
    'payment_already_captured',
    'payment_fully_refunded',
    'payment_outside_void_window',
    'refund_exceeds_amount_available',
    'refund_in_progress',
    'token_already_used',
    'token_in_use',
    'idempotency_params_mismatch',
  ])('%s may be what an earlier success of the same write causes', (code) => {
    expect(refused(422, { code }).mayBeOwnSuccess).toBe(true);
  });

  it.each(['amount_required', 'resource_not_found', 'full_pan_not_allowed'])('%s may not', (code) => {
    expect(refused(422, { code })).not.toHaveProperty('mayBeOwnSuccess');
  });

  it('not_authorized is about the token with 401 and about the right with 403', () => {
    expect(refused(401, { code: 'not_authorized' })).toMatchObject({ kind: 'authentication' });
    expect(refused(403, { code: 'not_authorized' })).toMatchObject({ kind: 'permission' });
  });

  it('names the field that was refused, never its value', () => {
    const error = {
      code: 'capture_strategy_invalid',
      message: 'manual123 is invalid',
      param: 'capture_strategy',
    };
    expect(refused(422, error).issues).toEqual([
      { path: 'capture', message: 'refused by JustiFi (capture_strategy_invalid)' },
    ]);
    expect(refused(422, { code: 'email_invalid', param: 'email' }).issues).toEqual([
      { path: 'email', message: 'refused by JustiFi (email_invalid)' },
    ]);
  });
});

describe('the status, where the code says nothing', () => {
  it.each([
    [400, 'invalid_request', 'rejected'],
    [401, 'authentication', 'rejected'],
    [403, 'permission', 'rejected'],
    [404, 'not_found', 'rejected'],
    [408, 'provider', 'unknown'],
    [409, 'in_progress', 'unknown'],
    [418, 'invalid_request', 'rejected'],
    [422, 'invalid_request', 'rejected'],
    [429, 'rate_limit', 'rejected'],
    [500, 'provider', 'unknown'],
    [502, 'provider', 'unknown'],
    [503, 'provider', 'unknown'],
    [504, 'provider', 'unknown'],
    [302, 'provider', 'unknown'],
  ])('%i is %s, %s', (status, kind, outcome) => {
    for (const operation of ['create', 'refund', 'retrieve'] as const) {
      expect(refused(status, { code: 'word_of_tomorrow', message: 'x' }, operation)).toMatchObject({
        kind,
        outcome,
      });
    }
  });

  it('429 is "not executed" only in the words of JustiFi', () => {
    expect(answered(429, undefined)).toMatchObject({ kind: 'rate_limit', outcome: 'unknown' });
    expect(answered(429, {})).toMatchObject({ kind: 'rate_limit', outcome: 'unknown' });
  });

  it('403 may be the duplicate of our own request', () => {
    expect(answered(403, {}).mayBeOwnSuccess).toBe(true);
  });
});

describe('a body', () => {
  it.each([
    ['with an error as plain text', { error: 'no such thing' }, 'no such thing'],
    ['with a message alone', { message: 'no such thing' }, 'no such thing'],
    ['with a list of errors', { errors: ['no such thing', 'second'] }, 'no such thing'],
    ['that is empty JSON', {}, 'JustiFi answered 422'],
    ['with an empty error', { error: {} }, 'JustiFi answered 422'],
    ['with a null error', { error: null }, 'JustiFi answered 422'],
    ['that is null', null, 'JustiFi answered 422'],
    ['that is no JSON', undefined, 'JustiFi answered 422'],
    ['that is a list', [], 'JustiFi answered 422'],
    ['that is a number', 7, 'JustiFi answered 422'],
    ['whose code is no text', { error: { code: { a: 1 }, message: ['x'] } }, 'JustiFi answered 422'],
    ['with a code alone', { error: { code: 'amount_required' } }, 'JustiFi answered 422 (amount_required)'],
  ])('%s is read', (_, body, message) => {
    expect(answered(422, body)).toMatchObject({ kind: 'invalid_request', outcome: 'rejected', message });
  });

  it('with a code from the prototype chain finds no row', () => {
    expect(refused(422, { code: 'constructor', decline_code: 'toString' })).toMatchObject({
      kind: 'invalid_request',
    });
    expect(
      refused(402, { code: 'constructor', network: 'constructor', network_error_code: 'valueOf' }),
    ).toMatchObject({
      kind: 'card',
      declineCode: 'generic_decline',
    });
  });
});
