import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/charges-client.js';
import type { Advice, DeclineCode } from '../../../src/models/decline.js';
import type { ProviderFailure } from '../../../src/provider.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import cardDeclined from '../../fixtures/pin/error-card-declined.json' with { type: 'json' };
import invalidResource from '../../fixtures/pin/error-invalid-resource.json' with { type: 'json' };
import overRefund from '../../fixtures/pin/error-over-refund.json' with { type: 'json' };
import { answerOf, recordedCall } from './call.js';

const { failure } = pinProvider;
const chargeId = 'ch_a1B2c3D4e5F6g7H8i9J0kQ';
const read = (status: number, body: unknown, operation: Operation = 'create'): ProviderFailure =>
  failure(answerOf(body, status), operation, recordedCall());
const refusal = (status: number, error: string, operation: Operation = 'create'): ProviderFailure =>
  read(status, { error, error_description: `text of ${error}`, charge_token: chargeId }, operation);

const operations: readonly Operation[] = [
  'create',
  'retrieve',
  'list',
  'search',
  'capture',
  'void',
  'refund',
  'listRefunds',
  'retrieveRefund',
  'verify3DS',
];
const declining: readonly Operation[] = ['create', 'capture', 'verify3DS'];

describe('a decline', () => {
  it.each<[error: string, code: DeclineCode, advice: Advice]>([
    ['card_declined', 'generic_decline', 'use_other_card'],
    ['insufficient_funds', 'insufficient_funds', 'retry_later'],
    ['invalid_cvv', 'incorrect_cvc', 'fix_details'],
    ['invalid_card', 'incorrect_number', 'fix_details'],
    ['expired_card', 'expired_card', 'use_other_card'],
    ['lost_card', 'lost_or_stolen_card', 'do_not_retry'],
    ['stolen_card', 'lost_or_stolen_card', 'do_not_retry'],
    ['processing_error', 'processing_error', 'retry_later'],
    ['suspected_fraud', 'suspected_fraud', 'do_not_retry'],
  ])('%s is %s, advice %s', (error, declineCode, advice) => {
    for (const operation of declining) {
      expect(refusal(400, error, operation)).toEqual({
        kind: 'card',
        outcome: 'rejected',
        message: `text of ${error}`,
        providerCode: error,
        chargeId,
        declineCode,
        advice,
      });
    }
  });

  it.each<[error: string, status: number, code: DeclineCode, advice: Advice]>([
    ['unknown', 400, 'generic_decline', 'use_other_card'],
    ['gateway_error', 502, 'processing_error', 'retry_later'],
    ['gateway_error', 400, 'processing_error', 'retry_later'],
  ])(
    '%s with HTTP %i says nothing about the money: the charge is read',
    (error, status, declineCode, advice) => {
      for (const operation of declining) {
        expect(refusal(status, error, operation)).toMatchObject({
          kind: 'provider',
          outcome: 'unknown',
          chargeId,
          declineCode,
          advice,
        });
      }
    },
  );

  it('names the failed charge', () => {
    expect(read(400, cardDeclined)).toMatchObject({ kind: 'card', outcome: 'rejected', chargeId });
  });

  it('exists only where a card is charged', () => {
    for (const operation of operations.filter((each) => !declining.includes(each))) {
      expect(refusal(400, 'card_declined', operation).kind).not.toBe('card');
      expect(refusal(400, 'insufficient_funds', operation).kind).not.toBe('card');
    }
  });

  it('of a code that no table knows is generic and reported', () => {
    const call = recordedCall();
    const body = { error: 'brand_new_reason', error_description: 'New', charge_token: chargeId };
    expect(failure(answerOf(body, 400), 'create', call)).toMatchObject({
      kind: 'card',
      outcome: 'rejected',
      declineCode: 'generic_decline',
      advice: 'use_other_card',
      providerCode: 'brand_new_reason',
    });
    expect(call.drifts).toEqual([['error', 'unknown_value']]);
    expect(read(402, { error: 'brand_new_reason' }, 'capture')).toMatchObject({ kind: 'card' });
  });

  it('is compared trimmed and in lower case, and its text never', () => {
    expect(read(400, { error: ' Insufficient_Funds ' })).toMatchObject({
      kind: 'card',
      declineCode: 'insufficient_funds',
      providerCode: 'Insufficient_Funds',
    });
    expect(
      read(400, { error: 'invalid_request', error_description: 'card_declined 429 insufficient_funds' }).kind,
    ).toBe('invalid_request');
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'is not found in a table by the name %s',
    (error) => {
      expect(read(400, { error }).kind).toBe('invalid_request');
    },
  );
});

describe('a refusal that is no decline', () => {
  it.each<
    [
      error: string,
      status: number,
      operation: Operation,
      kind: ProviderFailure['kind'],
      advice: Advice | null,
    ]
  >([
    ['invalid_resource', 422, 'create', 'invalid_request', 'fix_details'],
    ['description_invalid', 422, 'create', 'invalid_request', 'fix_details'],
    ['amount_invalid', 422, 'create', 'invalid_request', 'fix_details'],
    ['amount_invalid', 422, 'refund', 'invalid_request', 'fix_details'],
    ['invalid_capture_amount', 400, 'capture', 'invalid_request', 'fix_details'],
    ['authorisation_expired', 400, 'capture', 'conflict', 'do_not_retry'],
    ['already_captured', 400, 'capture', 'conflict', null],
    ['already_captured', 422, 'capture', 'conflict', null],
    ['invalid_state', 400, 'void', 'conflict', null],
    ['invalid_request', 400, 'create', 'invalid_request', 'fix_details'],
    ['cannot_delete_primary_card', 400, 'create', 'invalid_request', 'fix_details'],
    ['token_already_used', 422, 'create', 'invalid_request', 'fix_details'],
    ['token_already_used', 400, 'create', 'invalid_request', 'fix_details'],
    ['not_found', 404, 'create', 'invalid_request', 'fix_details'],
    ['resource_not_found', 404, 'create', 'invalid_request', 'fix_details'],
    ['not_found', 404, 'retrieve', 'not_found', null],
    ['resource_not_found', 404, 'retrieve', 'not_found', null],
    ['not_found', 404, 'capture', 'not_found', null],
    ['not_found', 404, 'void', 'not_found', null],
    ['not_found', 404, 'refund', 'not_found', null],
    ['not_found', 404, 'retrieveRefund', 'not_found', null],
    ['insufficient_pin_balance', 402, 'refund', 'conflict', 'retry_later'],
    ['insufficient_pin_balance', 422, 'refund', 'conflict', 'retry_later'],
    ['unauthenticated', 401, 'create', 'authentication', 'contact_support'],
    ['limit_reached', 403, 'create', 'permission', 'contact_support'],
  ])('%s (%i) on %s is %s', (error, status, operation, kind, advice) => {
    expect(refusal(status, error, operation)).toMatchObject({
      kind,
      outcome: 'rejected',
      advice,
      providerCode: error,
    });
  });

  it('names the fields by our own names, without their values', () => {
    expect(read(422, invalidResource)).toMatchObject({
      kind: 'invalid_request',
      outcome: 'rejected',
      message:
        "One or more parameters were missing or invalid: Description can't be blank; Ip address is not valid",
      issues: [
        { path: 'description', message: "Description can't be blank" },
        { path: 'ip', message: 'Ip address is not valid' },
      ],
    });
  });

  it('says nothing twice, and no more than three messages', () => {
    const message = (body: object) => read(422, { error: 'invalid_resource', ...body }).message;
    const messages = ['a', 'b', 'c', 'd'].map((text) => ({
      code: 'x',
      message: `${text} is wrong`,
      param: text,
    }));
    expect(message({ error_description: 'A is wrong.', messages })).toBe('A is wrong.');
    expect(message({ error_description: 'Refused.', messages })).toBe(
      'Refused: a is wrong; b is wrong; c is wrong',
    );
    expect(message({ messages })).toBe('a is wrong');
    expect(message({ error_description: 'Refused.' })).toBe('Refused.');
  });

  it('of a refund that is larger than what is left speaks of the state of the charge', () => {
    expect(read(422, overRefund, 'refund')).toMatchObject({
      kind: 'conflict',
      outcome: 'rejected',
      mayBeOwnSuccess: true,
    });
  });

  it('of a capture or void, whose requests hold nothing, speaks of the state of the charge', () => {
    for (const operation of ['capture', 'void'] as const) {
      expect(refusal(422, 'invalid_resource', operation)).toMatchObject({
        kind: 'conflict',
        outcome: 'rejected',
      });
      expect(refusal(400, 'invalid_request', operation)).toMatchObject({
        kind: 'conflict',
        outcome: 'rejected',
      });
      expect(read(409, null, operation)).toMatchObject({ kind: 'conflict', outcome: 'rejected' });
    }
    expect(read(400, { error: 'brand_new_state' }, 'void')).toMatchObject({
      kind: 'conflict',
      outcome: 'rejected',
    });
  });

  it('of HTTP 402 on a refund is never a decline', () => {
    for (const body of [
      { error: 'insufficient_pin_balance' },
      [{ error: 'insufficient_pin_balance' }],
      { error: 'new' },
      null,
    ]) {
      expect(read(402, body, 'refund')).toMatchObject({ kind: 'conflict', outcome: 'rejected' });
    }
  });
});

describe('a code that no table knows', () => {
  it('under a capture is about the state of the charge, though it names the charge', () => {
    expect(refusal(400, 'brand_new_state', 'capture')).toMatchObject({
      kind: 'conflict',
      mayBeOwnSuccess: true,
    });
  });

  it('without a charge is a wrong request', () => {
    expect(read(400, { error: 'brand_new_fault' })).toMatchObject({
      kind: 'invalid_request',
      outcome: 'rejected',
    });
  });
});

describe('a refusal of card data', () => {
  const message = (param: string, code = 'x_invalid') => ({ code, message: 'is wrong', param });
  const messagesOf = (...messages: unknown[]) => read(422, { error: 'invalid_resource', messages });

  it.each<[name: string, messages: unknown[], code: DeclineCode]>([
    ['the number', [message('card.number', 'card_number_invalid')], 'incorrect_number'],
    ['the number by its code alone', [message('', 'card_number_invalid')], 'incorrect_number'],
    ['a number without a prefix', [message('number')], 'incorrect_number'],
    ['a number in brackets', [message('card[number]')], 'incorrect_number'],
    ['the month', [message('card.expiry_month')], 'invalid_expiry'],
    ['month and year', [message('card.expiry_month'), message('card.expiry_year')], 'invalid_expiry'],
    ['the code', [message('card.cvc')], 'incorrect_cvc'],
    ['the address', [message('card.address_line1'), message('card.address_city')], 'incorrect_address'],
    ['several of them', [message('card.number'), message('card.cvc')], 'generic_decline'],
    ['the same twice', [message('card.number'), message('card.number')], 'incorrect_number'],
  ])('is a decline: %s', (_, messages, declineCode) => {
    expect(messagesOf(...messages)).toMatchObject({
      kind: 'card',
      outcome: 'rejected',
      declineCode,
      advice: 'fix_details',
      chargeId: null,
    });
  });

  it('is one in the object form, too', () => {
    expect(
      read(422, { error: 'invalid_resource', messages: { 'card.cvc': ["can't be blank"] } }),
    ).toMatchObject({
      kind: 'card',
      declineCode: 'incorrect_cvc',
    });
  });

  it('beside another field, or of the name alone, is a wrong request', () => {
    expect(messagesOf(message('card.number'), message('email'))).toMatchObject({
      kind: 'invalid_request',
      issues: [
        { path: 'source.number', message: 'is wrong' },
        { path: 'email', message: 'is wrong' },
      ],
    });
    expect(messagesOf(message('card.name')).kind).toBe('invalid_request');
    expect(messagesOf(message('card_token')).kind).toBe('invalid_request');
    expect(messagesOf().kind).toBe('invalid_request');
  });
});

describe('an answer that an earlier success may have caused', () => {
  it.each<[status: number, error: string, operation: Operation, mayBe: boolean]>([
    [422, 'token_already_used', 'create', true],
    [404, 'not_found', 'create', true],
    [422, 'invalid_resource', 'create', false],
    [422, 'description_invalid', 'create', false],
    [400, 'invalid_request', 'create', false],
    [401, 'unauthenticated', 'create', false],
    [400, 'already_captured', 'capture', true],
    [400, 'invalid_state', 'capture', true],
    [400, 'invalid_state', 'void', true],
    [422, 'invalid_resource', 'void', true],
    [402, 'insufficient_pin_balance', 'refund', true],
    [404, 'not_found', 'verify3DS', true],
    [400, 'invalid_request', 'verify3DS', true],
    [401, 'unauthenticated', 'refund', false],
    [404, 'not_found', 'retrieve', false],
  ])('%i %s on %s: %s', (status, error, operation, mayBe) => {
    expect(refusal(status, error, operation).mayBeOwnSuccess ?? false).toBe(mayBe);
  });
});

describe('a code of a create that nobody knows', () => {
  it('may say that the token is spent, where it names no failed charge', () => {
    const body = { error: 'moon_phase', error_description: 'a text that may change' };
    expect(read(400, body)).toMatchObject({ kind: 'invalid_request', mayBeOwnSuccess: true });
    expect(read(401, body)).toMatchObject({ kind: 'authentication', mayBeOwnSuccess: false });
  });
});

describe('a refused session token', () => {
  it('leaves the outcome open: an earlier call may have verified it, and nothing records that', () => {
    expect(refusal(404, 'not_found', 'verify3DS')).toMatchObject({ kind: 'not_found', outcome: 'unknown' });
    expect(refusal(422, 'invalid_resource', 'verify3DS')).toMatchObject({
      kind: 'invalid_request',
      outcome: 'unknown',
    });
    expect(refusal(401, 'unauthenticated', 'verify3DS')).toMatchObject({
      kind: 'authentication',
      outcome: 'rejected',
    });
  });
});

describe('a single-use token that is refused among the messages', () => {
  it.each([{ param: 'card_token' }, { param: 'payment_source_token' }, { code: 'token_already_used' }])(
    'may be our own: %j',
    (entry) => {
      const body = { error: 'invalid_resource', messages: [{ message: 'is not valid', ...entry }] };
      expect(read(422, body)).toMatchObject({ kind: 'invalid_request', mayBeOwnSuccess: true });
    },
  );
});

describe('a fault', () => {
  it.each([500, 502, 503, 504, 408, 302])(
    'of HTTP %i leaves the outcome open, whatever the body says',
    (status) => {
      const bodies = [
        cardDeclined,
        { error: 'insufficient_pin_balance' },
        { error: 'gateway_error' },
        '<html>502 Bad Gateway</html>',
        null,
        undefined,
        [],
      ];
      for (const body of bodies) {
        for (const operation of operations) {
          expect(read(status, body, operation)).toMatchObject({ kind: 'provider', outcome: 'unknown' });
        }
      }
    },
  );

  it('of HTTP 429 is a rate limit whose outcome is open: Pin documents none', () => {
    expect(read(429, null)).toMatchObject({ kind: 'rate_limit', outcome: 'unknown', advice: 'retry_later' });
    expect(read(429, '<html>')).toMatchObject({ kind: 'rate_limit', outcome: 'unknown' });
  });
});

describe('an envelope', () => {
  it.each<[name: string, body: unknown]>([
    ['an object', cardDeclined],
    ['an array of one', [cardDeclined]],
  ])('is read as %s', (_, body) => {
    expect(read(400, body)).toMatchObject({ kind: 'card', providerCode: 'card_declined', chargeId });
  });

  it.each<[body: unknown]>([
    [undefined],
    [null],
    ['<html></html>'],
    [[]],
    [[null]],
    [7],
    [{}],
    [{ error: 7 }],
    [{ error: '' }],
    [{ messages: 'x' }],
    [{ messages: [null, 7, {}] }],
    [{ messages: { amount: null } }],
  ])('that is none of Pin (%j) is judged by its status', (body) => {
    expect(read(400, body)).toMatchObject({
      kind: 'invalid_request',
      outcome: 'rejected',
      providerCode: null,
      chargeId: null,
    });
    expect(read(401, body)).toMatchObject({ kind: 'authentication', outcome: 'rejected' });
    expect(read(403, body)).toMatchObject({ kind: 'permission', outcome: 'rejected' });
    expect(read(404, body, 'retrieve')).toMatchObject({ kind: 'not_found', outcome: 'rejected' });
    expect(read(409, body)).toMatchObject({ kind: 'conflict', outcome: 'rejected' });
  });

  it('always has a message', () => {
    expect(read(400, undefined).message).toBe('Pin answered with HTTP 400');
    expect(
      read(422, { error: 'invalid_resource', messages: [{ message: 'Amount is too small' }] }).message,
    ).toBe('Amount is too small');
    expect(read(422, { error: 'invalid_resource', messages: { amount: [''] } }).message).toBe(
      'Pin answered with HTTP 422',
    );
  });
});
