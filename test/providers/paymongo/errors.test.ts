import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/charges-client.js';
import type { Advice, DeclineCode } from '../../../src/models/decline.js';
import type { ProviderFailure } from '../../../src/provider.js';
import { paymongoProvider } from '../../../src/providers/paymongo/index.js';
import { answerOf, recordedCall } from '../pin/call.js';

const { failure } = paymongoProvider;
const prepared = { intent: 'pi_1' };
const read = (status: number, body: unknown, operation: Operation = 'create'): ProviderFailure =>
  failure(answerOf(body, status), operation, recordedCall({ prepared }));
const refusal = (error: object, operation?: Operation, status = 400): ProviderFailure =>
  read(status, { errors: [{ detail: 'What PayMongo says.', ...error }] }, operation);

describe('a sub_code', () => {
  it.each<[subCode: string, code: DeclineCode, advice: Advice]>([
    ['generic_decline', 'generic_decline', 'use_other_card'],
    ['call_card_issuer', 'do_not_honor', 'use_other_card'],
    ['insufficient_funds', 'insufficient_funds', 'retry_later'],
    ['credit_limit_exceeded', 'limit_exceeded', 'retry_later'],
    ['card_type_mismatch', 'card_not_supported', 'use_other_card'],
    ['issuer_not_available', 'issuer_unavailable', 'retry_later'],
    ['highest_risk_level', 'suspected_fraud', 'do_not_retry'],
    ['pickup_card', 'lost_or_stolen_card', 'do_not_retry'],
    ['restricted_card', 'restricted_card', 'use_other_card'],
    ['avs_failed', 'incorrect_address', 'fix_details'],
    ['authentication_error', 'authentication_failed', 'use_other_card'],
    ['config_invalid_or_missing', 'transaction_not_allowed', 'contact_support'],
    ['system_error', 'processing_error', 'retry_later'],
    ['card_number_invalid', 'incorrect_number', 'fix_details'],
    ['cvc_incorrect', 'incorrect_cvc', 'fix_details'],
    ['a_code_of_tomorrow', 'generic_decline', 'use_other_card'],
    ['constructor', 'generic_decline', 'use_other_card'],
  ])('%s is %s, advice %s, and names the intent', (sub_code, declineCode, advice) => {
    expect(refusal({ code: 'resource_failed_state', sub_code })).toMatchObject({
      kind: 'card',
      outcome: 'rejected',
      declineCode,
      advice,
      providerCode: sub_code,
      chargeId: 'pi_1',
    });
  });

  it.each(['processor_timeout', 'server_timeout', 'service_timeout'])(
    '%s leaves the outcome open',
    (sub_code) => {
      expect(refusal({ code: 'resource_failed_state', sub_code })).toMatchObject({
        kind: 'provider',
        outcome: 'unknown',
      });
    },
  );

  it('of a refund is no decline', () => {
    expect(refusal({ code: 'refund_not_allowed', sub_code: 'generic_decline' }, 'refund').kind).not.toBe(
      'card',
    );
  });
});

describe('a code', () => {
  it.each<[code: string, kind: ProviderFailure['kind']]>([
    ['parameter_required', 'invalid_request'],
    ['livemode_mismatched', 'invalid_request'],
    ['resource_not_found', 'not_found'],
    ['resource_processing_state', 'conflict'],
    ['refund_not_allowed', 'conflict'],
    ['allowed_amount_exceeded', 'conflict'],
    ['available_balance_insufficient', 'conflict'],
    ['organization_not_allowed', 'permission'],
  ])('%s is %s', (code, kind) => {
    expect(refusal({ code }, 'refund')).toMatchObject({ kind, outcome: 'rejected', providerCode: code });
  });

  it('of a processing error leaves the outcome open', () => {
    expect(refusal({ code: 'provider_processing_error' })).toMatchObject({ outcome: 'unknown' });
  });

  it.each<[operation: Operation, kind: ProviderFailure['kind']]>([
    ['create', 'invalid_request'],
    ['capture', 'conflict'],
    ['void', 'conflict'],
    ['refund', 'conflict'],
  ])('that nobody knows may be the echo of a success of %s', (operation, kind) => {
    expect(refusal({ code: 'a_code_of_tomorrow' }, operation)).toMatchObject({ kind, mayBeOwnSuccess: true });
  });

  it('of a wrong parameter is no echo, and names our field', () => {
    const source = { pointer: 'data.attributes.payment_method', attribute: 'payment_method' };
    expect(refusal({ code: 'parameter_invalid', source })).toMatchObject({
      mayBeOwnSuccess: false,
      issues: [{ path: 'source', message: 'was refused by PayMongo (parameter_invalid)' }],
    });
  });

  it('of a missing return_url may be that of a call without one', () => {
    const source = { pointer: 'data.attributes.return_url', attribute: 'return_url' };
    expect(refusal({ code: 'parameter_required', source })).toMatchObject({ mayLackReturnUrl: true });
  });
});

describe('an answer that is not in the words of PayMongo', () => {
  it.each([
    undefined,
    null,
    '',
    '<html></html>',
    {},
    { errors: 'x' },
    { errors: [] },
    { errors: [{ code: 7 }] },
  ])('is told as one, and names no intent: %j', (body) => {
    expect(read(400, body)).toMatchObject({ isUnreadable: true, chargeId: null });
  });

  it.each([500, 502, 503])('of %i leaves the outcome open, and names no intent', (status) => {
    expect(refusal({ code: 'internal_error' }, 'create', status)).toMatchObject({
      kind: 'provider',
      outcome: 'unknown',
      chargeId: null,
    });
  });
});
