import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/charges-client.js';
import type { ProviderFailure } from '../../../src/provider.js';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import validation from '../../fixtures/magpie/error-validation.json' with { type: 'json' };
import { answerOf, recordedCall } from './call.js';

const { failure } = magpieProvider;
const read = (status: number, body: unknown, operation: Operation = 'create'): ProviderFailure =>
  failure(answerOf(status, body), operation, recordedCall().call);

describe('an answer that is no success', () => {
  it.each<
    [
      status: number,
      kind: ProviderFailure['kind'],
      outcome: ProviderFailure['outcome'],
      advice: ProviderFailure['advice'],
    ]
  >([
    [400, 'invalid_request', 'rejected', 'fix_details'],
    [401, 'authentication', 'rejected', 'contact_support'],
    [403, 'permission', 'rejected', 'contact_support'],
    [404, 'not_found', 'rejected', null],
    [405, 'invalid_request', 'rejected', 'fix_details'],
    [408, 'provider', 'unknown', 'retry_later'],
    [409, 'conflict', 'rejected', null],
    [422, 'invalid_request', 'rejected', 'fix_details'],
    [429, 'rate_limit', 'rejected', 'retry_later'],
    [500, 'provider', 'unknown', 'retry_later'],
    [502, 'provider', 'unknown', 'retry_later'],
    [503, 'provider', 'unknown', 'retry_later'],
    [504, 'provider', 'unknown', 'retry_later'],
    [307, 'provider', 'unknown', 'retry_later'],
  ])('%i with an error text is %s, %s', (status, kind, outcome, advice) => {
    expect(read(status, { detail: 'No.' })).toMatchObject({ kind, outcome, advice, message: 'No.' });
  });

  it.each([400, 402, 403, 404, 409, 422, 429, 500, 502])(
    '%i without a readable body proves nothing',
    (status) => {
      for (const body of [undefined, null, 'text', [], {}, 42]) {
        expect(read(status, body)).toMatchObject({
          kind: status === 429 ? 'rate_limit' : 'provider',
          outcome: 'unknown',
          advice: 'retry_later',
          message: expect.stringContaining(String(status)),
        });
      }
    },
  );

  it('is refused for certain by a 401, whatever stands in it', () => {
    expect(read(401, undefined)).toMatchObject({ kind: 'authentication', outcome: 'rejected' });
  });

  it('never calls a conflict one of idempotency, which the provider does not have', () => {
    expect(read(409, { error: { type: 'idempotency_error', message: 'No.' } })).toMatchObject({
      kind: 'conflict',
      outcome: 'rejected',
    });
  });

  it('says that a redirect is not followed', () => {
    expect(read(307, undefined)).toMatchObject({
      kind: 'provider',
      outcome: 'unknown',
      message: expect.stringContaining('not followed'),
    });
  });
});

describe('the text of an error', () => {
  it('is a list of fields', () => {
    const result = read(422, validation);
    expect(result.issues).toEqual([
      { path: 'amount', message: 'value is not a valid integer' },
      { path: 'source', message: 'field required' },
    ]);
    expect(result.message).toBe('amount: value is not a valid integer; source: field required');
  });

  it('never repeats what was sent', () => {
    const detail = [
      { loc: ['body', 'cvc'], msg: 'is too long', type: 'value_error', input: '4242424242424242' },
    ];
    expect(JSON.stringify(read(422, { detail }))).not.toContain('4242');
  });

  it.each([
    ['a detail text', { detail: 'No such source.' }, 'No such source.'],
    [
      'an error object',
      { error: { message: 'No such source.', type: 'invalid_request_error' } },
      'No such source.',
    ],
    ['a message and a code', { message: 'No such source.', code: 'gone' }, 'No such source.'],
    ['an error text and a code', { error: 'No such source.', code: 'gone' }, 'No such source.'],
    ['several messages', { message: ['No amount.', 'No source.'], code: 'gone' }, 'No amount.; No source.'],
    ['a list of texts', { detail: ['No amount.'] }, 'No amount.'],
    ['an empty list', { detail: [] }, 'answered with HTTP 400 and no readable error'],
    ['a strange list', { detail: [null, { loc: 7 }] }, 'is not accepted; is not accepted'],
  ])('may be %s', (_, body, message) => {
    expect(read(400, body)).toMatchObject({ kind: 'invalid_request', outcome: 'rejected', message });
  });

  it('keeps the code of the provider', () => {
    expect(read(400, { message: 'No.', code: 'gone' }).providerCode).toBe('gone');
    expect(read(400, { error: { message: 'No.', code: 'gone' } }).providerCode).toBe('gone');
    expect(read(400, { error: 'No.', code: 'gone' }).providerCode).toBe('gone');
  });
});

describe('a decline', () => {
  it.each([
    ['402', 402, { detail: 'Declined.' }, 'generic_decline', 'use_other_card'],
    [
      'a decline code',
      400,
      { error: { message: 'No.', code: 'card_declined', decline_code: 'lost_card' } },
      'lost_or_stolen_card',
      'do_not_retry',
    ],
    [
      'an error code',
      400,
      { message: 'No.', code: 'insufficient_funds' },
      'insufficient_funds',
      'retry_later',
    ],
    [
      'the type card_error',
      400,
      { error: { message: 'No.', type: 'card_error', code: 'invalid_characters' } },
      'generic_decline',
      'fix_details',
    ],
    ['a charge', 422, { error: { message: 'No.', charge_id: 'ch_9' } }, 'generic_decline', 'use_other_card'],
  ] as const)('is told by %s', (_, status, body, declineCode, advice) => {
    expect(read(status, body)).toMatchObject({ kind: 'card', outcome: 'rejected', declineCode, advice });
  });

  it('names the charge that it left behind', () => {
    expect(read(402, { error: { message: 'No.', charge_id: 'ch_9' } }).chargeId).toBe('ch_9');
  });

  it('exists on create, capture and verify3DS alone', () => {
    const body = { error: { message: 'No.', code: 'card_declined', decline_code: 'insufficient_funds' } };
    for (const operation of ['create', 'capture', 'verify3DS'] as const) {
      expect(read(402, body, operation).kind).toBe('card');
    }
    for (const operation of ['refund', 'void', 'retrieve', 'list', 'listRefunds'] as const) {
      expect(read(402, body, operation)).toMatchObject({ kind: 'conflict', outcome: 'rejected' });
      expect(read(400, body, operation).kind).not.toBe('card');
    }
  });

  it('is no answer to a wrong key, a missing charge or too many requests', () => {
    const body = {
      error: { message: 'No.', code: 'card_declined', decline_code: 'lost_card', charge_id: 'ch_9' },
    };
    expect(read(401, body).kind).toBe('authentication');
    expect(read(403, body).kind).toBe('permission');
    expect(read(404, body).kind).toBe('not_found');
    expect(read(429, body).kind).toBe('rate_limit');
    expect(read(500, body).kind).toBe('provider');
  });

  it('is not a charge that is captured already', () => {
    expect(read(409, { error: { message: 'Captured.', charge_id: 'ch_9' } }, 'capture').kind).toBe(
      'conflict',
    );
    expect(read(400, { error: { message: 'Captured.', charge_id: 'ch_9' } }, 'capture').kind).toBe(
      'conflict',
    );
  });

  it('is not a text that has wrong characters', () => {
    expect(read(400, { message: 'No.', code: 'invalid_characters' }).kind).toBe('invalid_request');
  });

  it('with a code that nobody knows is drift', () => {
    const { call, drifts } = recordedCall();
    expect(failure(answerOf(402, { message: 'No.', code: 'too_sunny' }), 'create', call)).toMatchObject({
      kind: 'card',
      declineCode: 'generic_decline',
      providerCode: 'too_sunny',
    });
    expect(drifts).toEqual([['error.code', 'unknown_value']]);
  });
});

describe('a refusal that a first success would cause', () => {
  it.each([
    [409, { detail: 'Already captured.' }, true],
    [400, { detail: 'Source already used.' }, true],
    [402, { detail: 'Declined.' }, undefined],
    [422, validation, false],
    [404, { detail: 'Not found.' }, false],
    [429, { detail: 'Slow down.' }, undefined],
  ])('%i %j: %s', (status, body, expected) => {
    expect(read(status, body).mayBeOwnSuccess).toBe(expected);
  });
});

describe('a refusal of a state', () => {
  const body = { error: { message: 'Charge has already been captured', type: 'invalid_request_error' } };

  it('is a conflict, where the request was about a charge that exists', () => {
    for (const operation of ['capture', 'void', 'refund'] as const)
      expect(read(400, body, operation)).toMatchObject({ kind: 'conflict', outcome: 'rejected' });
    expect(read(400, body, 'create').kind).toBe('invalid_request');
  });

  it('is none where fields are wrong', () => {
    const detail = [{ loc: ['body', 'amount'], msg: 'must be positive', type: 'value_error' }];
    expect(read(422, { detail }, 'capture').kind).toBe('invalid_request');
    expect(read(400, { detail }, 'capture').kind).toBe('invalid_request');
  });
});
