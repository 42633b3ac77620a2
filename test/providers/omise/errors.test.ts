import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/charges-client.js';
import type { Advice } from '../../../src/models/decline.js';
import type { ProviderFailure } from '../../../src/provider.js';
import { omiseProvider } from '../../../src/providers/omise/index.js';
import { errorOf } from '../../fixtures/omise/charges.js';
import { fakeCall } from './call.js';

const read = (status: number, body: unknown, operation: Operation = 'create') => {
  const call = fakeCall();
  const result = omiseProvider.failure({ status, headers: {}, body, requestId: null }, operation, call);
  return { ...result, drifts: call.drifts };
};

type Row = readonly [
  status: number,
  code: string,
  kind: ProviderFailure['kind'],
  outcome: ProviderFailure['outcome'],
  advice: Advice | null,
];

const table: readonly Row[] = [
  [400, 'backend_error', 'provider', 'unknown', 'retry_later'],
  [500, 'internal_error', 'provider', 'unknown', 'retry_later'],
  [503, 'search_unavailable', 'provider', 'unknown', 'retry_later'],
  [429, 'too_many_requests', 'rate_limit', 'rejected', 'retry_later'],
  [400, 'failed_fraud_check', 'card', 'rejected', 'do_not_retry'],
  [400, 'brand_not_supported', 'card', 'rejected', 'use_other_card'],
  [400, 'invalid_card', 'card', 'rejected', 'fix_details'],
  [400, 'invalid_card_token', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'invalid_token', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'missing_card', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'used_token', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'bad_request', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'invalid_amount', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'invalid_charge', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'failed_multi_currency', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'feature_not_supported', 'permission', 'rejected', 'contact_support'],
  [400, 'expired_charge', 'conflict', 'rejected', 'do_not_retry'],
  [400, 'failed_capture', 'conflict', 'rejected', null],
  [400, 'failed_reverse', 'conflict', 'rejected', null],
  [400, 'failed_void', 'conflict', 'rejected', null],
  [400, 'failed_expire', 'conflict', 'rejected', null],
  [400, 'failed_refund', 'conflict', 'rejected', null],
  [401, 'authentication_failure', 'authentication', 'rejected', 'contact_support'],
  [401, 'key_expired_error', 'authentication', 'rejected', 'contact_support'],
  [403, 'key_expired_error', 'authentication', 'rejected', 'contact_support'],
  [403, 'locked_account_error', 'permission', 'rejected', 'contact_support'],
  [403, 'locked_out', 'permission', 'rejected', 'contact_support'],
  [403, 'not_authorized', 'permission', 'rejected', 'contact_support'],
  [404, 'not_found', 'not_found', 'rejected', null],
  [404, 'serializer_not_found', 'not_found', 'rejected', null],
  [404, 'service_not_found', 'not_found', 'rejected', null],
  [422, 'invalid_filter', 'invalid_request', 'rejected', 'fix_details'],
  [422, 'invalid_page', 'invalid_request', 'rejected', 'fix_details'],
  [422, 'invalid_per_page', 'invalid_request', 'rejected', 'fix_details'],
  [422, 'invalid_scope', 'invalid_request', 'rejected', 'fix_details'],
  [422, 'failed_deletion', 'invalid_request', 'rejected', 'fix_details'],
  [400, 'documents_locked', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'invalid_bank_account', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'invalid_dispute', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'invalid_domain', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'invalid_file_type', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'invalid_link', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'invalid_recipient', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'invalid_transfer', 'invalid_request', 'rejected', 'contact_support'],
  [400, 'missing_file', 'invalid_request', 'rejected', 'contact_support'],
];

describe('an error answer', () => {
  it.each(table)('of HTTP %i with the code %s is %s, outcome %s', (status, code, kind, outcome, advice) => {
    expect(read(status, errorOf(code))).toMatchObject({
      kind,
      outcome,
      advice,
      providerCode: code,
      message: 'a text that may change',
      drifts: [],
    });
  });

  it.each([
    ['failed_fraud_check', 'suspected_fraud'],
    ['brand_not_supported', 'card_not_supported'],
    ['invalid_card', 'incorrect_number'],
  ])('%s is the decline %s where the issuer is asked', (code, declineCode) => {
    for (const operation of ['create', 'capture', 'verify3DS'] as const) {
      expect(read(400, errorOf(code), operation)).toMatchObject({ kind: 'card', declineCode });
    }
  });

  it.each([
    ['create', 'invalid_amount', 'amount'],
    ['refund', 'invalid_amount', 'amount'],
    ['create', 'failed_multi_currency', 'currency'],
    ['create', 'used_token', 'source'],
    ['create', 'missing_card', 'source'],
  ] as const)('of %s with the code %s names the field', (operation, code, path) => {
    expect(read(400, errorOf(code), operation).issues).toEqual([
      { path, message: `refused by Omise (${code})` },
    ]);
  });

  it.each(['bad_request', 'invalid_card', 'insufficient_fund'])('with the code %s names no field', (code) => {
    expect(read(400, errorOf(code)).issues).toBeUndefined();
  });

  it('is no decline on a refund', () => {
    expect(read(400, errorOf('failed_fraud_check'), 'refund')).toMatchObject({
      kind: 'invalid_request',
      declineCode: null,
    });
  });

  it.each([
    'used_token',
    'failed_capture',
    'failed_reverse',
    'failed_void',
    'failed_expire',
    'failed_refund',
  ])('%s may be the trace of an own earlier success', (code) => {
    expect(read(400, errorOf(code)).mayBeOwnSuccess).toBe(true);
  });

  it.each(['expired_charge', 'invalid_card_token', 'invalid_amount', 'failed_fraud_check', 'not_authorized'])(
    '%s never is',
    (code) => {
      expect(read(400, errorOf(code)).mayBeOwnSuccess).toBeUndefined();
    },
  );

  it.each(['invalid_charge', 'not_found', 'used_source', 'toString'])(
    '%s of a create may say that a source is spent, by an own earlier success',
    (code) => {
      expect(read(400, errorOf(code), 'create').mayBeOwnSuccess).toBe(true);
      expect(read(400, errorOf(code), 'retrieve').mayBeOwnSuccess).toBeUndefined();
      expect(read(401, errorOf('moon_phase'), 'create').mayBeOwnSuccess).toBeUndefined();
    },
  );

  it('is read by its code, not by its status', () => {
    expect(read(422, errorOf('backend_error'))).toMatchObject({ kind: 'provider', outcome: 'unknown' });
    expect(read(400, errorOf('not_found'))).toMatchObject({ kind: 'not_found', outcome: 'rejected' });
  });

  it('is never read by its text', () => {
    expect(read(400, errorOf('bad_request', 'card was declined: too many requests'))).toMatchObject({
      kind: 'invalid_request',
      outcome: 'rejected',
    });
  });

  it('of a server fault leaves the outcome open, whatever its code', () => {
    expect(read(500, errorOf('bad_request')).outcome).toBe('unknown');
    expect(read(502, errorOf('too_many_requests')).outcome).toBe('unknown');
  });

  it.each([
    [400, 'invalid_request', 'rejected'],
    [401, 'authentication', 'rejected'],
    [403, 'permission', 'rejected'],
    [404, 'not_found', 'rejected'],
    [408, 'provider', 'unknown'],
    [409, 'conflict', 'rejected'],
    [422, 'invalid_request', 'rejected'],
    [429, 'rate_limit', 'rejected'],
    [500, 'provider', 'unknown'],
    [503, 'provider', 'unknown'],
  ])('of HTTP %i with a code that nobody knows is %s, outcome %s, and reported', (status, kind, outcome) => {
    for (const code of ['moon_phase', 'toString']) {
      expect(read(status, errorOf(code))).toMatchObject({
        kind,
        outcome,
        providerCode: code,
        drifts: ['code: unknown_value'],
      });
    }
  });

  const bodies: readonly (readonly [string, unknown])[] = [
    ['HTML or nothing', undefined],
    ['null', null],
    ['text', 'Bad Gateway'],
    ['a list', []],
    ['a charge', { object: 'charge', id: 'chrg_test_1' }],
    ['an error without a code', { object: 'error', message: 'x' }],
  ];

  it.each(bodies)('whose body is %s is judged by its status alone', (_, body) => {
    expect(read(400, body)).toMatchObject({ kind: 'invalid_request', outcome: 'rejected' });
    expect(read(401, body)).toMatchObject({ kind: 'authentication', outcome: 'rejected' });
    expect(read(403, body)).toMatchObject({ kind: 'permission', outcome: 'rejected' });
    expect(read(404, body)).toMatchObject({ kind: 'not_found', outcome: 'rejected' });
    for (const status of [301, 408, 500, 502, 503, 504]) {
      expect(read(status, body)).toMatchObject({ kind: 'provider', outcome: 'unknown' });
    }
    expect(read(502, body).message).toBe('Omise answered with HTTP 502 and no readable error');
  });

  it('of HTTP 429 that is not Omise’s own proves nothing', () => {
    expect(read(429, undefined)).toMatchObject({ kind: 'rate_limit', outcome: 'unknown' });
  });

  it('without a text names the code', () => {
    expect(read(400, { object: 'error', code: 'bad_request' }).message).toBe(
      'Omise answered with the code bad_request',
    );
  });
});
