import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/charges-client.js';
import { stripeProvider } from '../../../src/providers/stripe/index.js';
import type { ProviderFailure } from '../../../src/provider.js';
import { declineCodes, errorCodes, refusals } from '../../fixtures/stripe/decline-tables.js';
import { scriptedCall, type StripeApi } from './scripted-call.js';
import { wireCharge, wireIntent } from './wire-objects.js';

const { failure } = stripeProvider;
const answer = (status: number, body: unknown) => ({ status, headers: {}, body, requestId: 'req_1' });
const read = (
  status: number,
  error: object,
  operation: Operation = 'create',
  api: StripeApi = 'payment_intents',
): ProviderFailure => failure(answer(status, { error }), operation, scriptedCall({}, { api }));

const kinds: Readonly<Record<string, ProviderFailure['kind']>> = {
  InvalidRequestError: 'invalid_request',
  ConflictError: 'conflict',
  OperationInProgressError: 'in_progress',
  AuthenticationError: 'authentication',
  PermissionError: 'permission',
  RateLimitError: 'rate_limit',
  ConnectionError: 'connection',
};

describe('an error with a code that is no decline', () => {
  it.each(refusals)('%s is a %s, %s, %s', (code, errorClass, outcome, advice) => {
    for (const status of [400, 402, 409]) {
      expect(read(status, { type: 'invalid_request_error', code, message: 'No.' })).toMatchObject({
        kind: kinds[errorClass],
        outcome,
        advice: advice === '-' ? null : advice,
        providerCode: code,
        message: 'No.',
      });
    }
  });

  it.each([
    'charge_already_captured',
    'charge_already_refunded',
    'payment_intent_unexpected_state',
    'intent_invalid_state',
    'status_transition_invalid',
    'return_intent_already_processed',
    'token_already_used',
  ])('%s may be the echo of our own earlier success', (code) => {
    expect(read(400, { type: 'invalid_request_error', code }).mayBeOwnSuccess).toBe(true);
  });

  it.each(['charge_disputed', 'capture_unauthorized_payment', 'resource_already_exists', 'amount_too_small'])(
    '%s is never such an echo',
    (code) => {
      expect(read(400, { type: 'invalid_request_error', code }).mayBeOwnSuccess).toBe(false);
    },
  );

  it('resource_missing is "not found" at 404 and a wrong parameter at 400', () => {
    const error = { type: 'invalid_request_error', code: 'resource_missing', param: 'payment_method' };
    expect(read(404, error)).toMatchObject({ kind: 'not_found', outcome: 'rejected' });
    expect(read(400, error)).toMatchObject({ kind: 'invalid_request', issues: [{ path: 'source' }] });
  });

  it('invalid_characters is a decline only as a card error', () => {
    expect(read(402, { type: 'card_error', code: 'invalid_characters' })).toMatchObject({
      kind: 'card',
      declineCode: 'generic_decline',
      advice: 'fix_details',
    });
    expect(read(400, { type: 'invalid_request_error', code: 'invalid_characters' }).kind).toBe(
      'invalid_request',
    );
  });
});

describe('a key that was used for another request', () => {
  it('is an idempotency conflict, which our own open write may have caused', () => {
    expect(read(400, { type: 'idempotency_error', message: 'Keys…' })).toMatchObject({
      kind: 'idempotency_conflict',
      outcome: 'rejected',
      mayBeOwnSuccess: true,
    });
  });

  it('is in progress, outcome unknown, while it is in flight', () => {
    expect(read(409, { type: 'invalid_request_error', code: 'idempotency_key_in_use' })).toMatchObject({
      kind: 'in_progress',
      outcome: 'unknown',
    });
    expect(read(409, { type: 'invalid_request_error' })).toMatchObject({
      kind: 'in_progress',
      outcome: 'unknown',
    });
  });
});

describe('a decline', () => {
  const declined = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' };

  it.each(declineCodes)('with decline code %s is %s, %s', (word, code, advice) => {
    expect(read(402, { ...declined, decline_code: word })).toMatchObject({
      kind: 'card',
      outcome: 'rejected',
      declineCode: code,
      advice,
      providerCode: 'card_declined',
    });
  });

  it.each(errorCodes)('with error code %s is %s, %s', (word, code, advice) => {
    expect(read(402, { type: 'card_error', code: word })).toMatchObject({
      kind: 'card',
      declineCode: code,
      advice,
    });
  });

  it('carries the intent as the failed charge, without its resource and its secret', () => {
    const lastError = {
      code: 'card_declined',
      decline_code: 'lost_card',
      message: 'No.',
      payment_method: null,
    };
    const intent = wireIntent({
      status: 'requires_payment_method',
      amount_received: 0,
      latest_charge: 'ch_failed1',
      last_payment_error: lastError,
    });
    const result = read(402, {
      ...declined,
      decline_code: 'lost_card',
      charge: 'ch_failed1',
      payment_intent: intent,
    });
    expect(result).toMatchObject({
      chargeId: 'pi_demoA1',
      declineCode: 'lost_or_stolen_card',
      charge: { id: 'pi_demoA1', status: 'failed', failure: { code: 'lost_or_stolen_card' } },
    });
    expect(result.charge?.raw).toBeUndefined();
    expect(JSON.stringify(result)).not.toContain('secret_never_shown');
  });

  it('in charges mode names the charge', () => {
    const result = read(402, { ...declined, charge: 'ch_failed1' }, 'create', 'charges');
    expect(result).toMatchObject({ kind: 'card', chargeId: 'ch_failed1', charge: null });
  });

  it('shows no charge that did not fail, or that cannot be read', () => {
    expect(read(402, { ...declined, payment_intent: wireIntent() }).charge).toBeNull();
    expect(read(402, { ...declined, payment_intent: { id: 'pi_9', status: 5 } })).toMatchObject({
      chargeId: 'pi_9',
      charge: null,
    });
  });

  it('takes the network and the advice from the error', () => {
    const error = {
      ...declined,
      decline_code: 'do_not_honor',
      advice_code: 'do_not_try_again',
      network_decline_code: '05',
    };
    expect(read(402, error)).toMatchObject({ advice: 'do_not_retry', networkCode: '05' });
  });

  it('is what refused card data is, too', () => {
    for (const param of ['number', 'card[number]', 'exp_month', 'card[cvc]', 'address_zip']) {
      expect(read(400, { type: 'invalid_request_error', param }).kind).toBe('card');
    }
    expect(read(400, { type: 'invalid_request_error', param: 'amount' }).kind).toBe('invalid_request');
  });

  it.each(['refund', 'void', 'update', 'retrieve'] as const)('never happens on %s', (operation) => {
    expect(read(402, declined, operation)).toMatchObject({ kind: 'conflict', outcome: 'rejected' });
  });

  it.each(['capture', 'verify3DS'] as const)('happens on %s', (operation) => {
    expect(read(402, declined, operation).kind).toBe('card');
  });
});

describe('an error without a known code', () => {
  it.each([
    [400, 'invalid_request', 'rejected'],
    [401, 'authentication', 'rejected'],
    [403, 'permission', 'rejected'],
    [404, 'not_found', 'rejected'],
    [405, 'invalid_request', 'rejected'],
    [408, 'provider', 'unknown'],
    [409, 'in_progress', 'unknown'],
    [424, 'provider', 'unknown'],
    [429, 'rate_limit', 'rejected'],
    [500, 'provider', 'unknown'],
    [502, 'provider', 'unknown'],
    [503, 'provider', 'unknown'],
    [504, 'provider', 'unknown'],
    [302, 'provider', 'unknown'],
  ] as const)('and status %i is %s, %s', (status, kind, outcome) => {
    const bodies = [
      undefined,
      null,
      '',
      [],
      {},
      { msg: 'no' },
      { error: 'text' },
      { error: null },
      { error: [] },
      { message: 'x', stack: 'y' },
      { error: { type: 'an_error_of_tomorrow', code: 'a_code_of_tomorrow' } },
    ];
    for (const body of bodies) {
      const result = failure(answer(status, body), 'create', scriptedCall());
      expect(result).toMatchObject({ kind, outcome });
      expect(result.message).not.toBe('');
    }
  });

  it('and status 408 or 3xx leaves the outcome open, whatever stands in the body', () => {
    const error = { type: 'card_error', code: 'card_declined', decline_code: 'lost_card' };
    for (const status of [302, 408]) expect(read(status, error)).toMatchObject({ outcome: 'unknown' });
  });

  it('and status 429 is a refusal, unless its code leaves open what happened', () => {
    const error = { type: 'invalid_request_error', code: 'lock_timeout' };
    expect(read(429, error)).toMatchObject({ kind: 'rate_limit', outcome: 'rejected' });
    expect(read(429, { ...error, code: 'idempotency_key_in_use' })).toMatchObject({
      kind: 'in_progress',
      outcome: 'unknown',
    });
  });

  it('and status 402 is a decline where one is possible, and never money back', () => {
    expect(read(402, { type: 'card_error' })).toMatchObject({ kind: 'card', declineCode: 'generic_decline' });
    expect(failure(answer(402, undefined), 'create', scriptedCall())).toMatchObject({
      kind: 'conflict',
      outcome: 'rejected',
    });
  });

  it('and status 500 leaves the outcome open whatever code came with it, and names what it names', () => {
    const error = { type: 'api_error', code: 'card_declined', decline_code: 'lost_card', charge: 'ch_1' };
    expect(read(500, error, 'create', 'charges')).toMatchObject({
      kind: 'provider',
      outcome: 'unknown',
      chargeId: 'ch_1',
    });
    expect(read(500, { type: 'api_error', code: 'amount_too_small' })).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    ['amount_to_capture', 'amount'],
    ['payment_method', 'source'],
    ['confirmation_token', 'source'],
    ['card[token]', 'source'],
    ['statement_descriptor_suffix', 'statementDescriptor'],
    ['return_url', 'returnUrl'],
    ['application_fee_amount', 'providerOptions.applicationFeeAmount'],
    ['receipt_email', 'providerOptions.receiptEmail'],
    ['intent', 'id'],
    ['currency', 'currency'],
  ])('names %s as our parameter', (param, path) => {
    const error = { type: 'invalid_request_error', param, message: 'Wrong.' };
    expect(read(400, error).issues).toEqual([{ path, message: 'Wrong.' }]);
  });

  it('about the amount of a refund may be the echo of our own earlier refund', () => {
    const error = { type: 'invalid_request_error', param: 'amount', message: 'Too much.' };
    expect(read(400, error, 'refund')).toMatchObject({ kind: 'invalid_request', mayBeOwnSuccess: true });
    expect(read(400, error, 'create').mayBeOwnSuccess).toBe(false);
  });

  it('is judged by its fields, never by its text', () => {
    const error = { type: 'api_error', message: 'card_declined 402 insufficient_funds 429' };
    expect(read(500, error)).toMatchObject({ kind: 'provider', outcome: 'unknown' });
  });

  it('names the charge of an expanded object', () => {
    const intent = wireIntent({ id: undefined, latest_charge: wireCharge() });
    expect(read(400, { type: 'invalid_request_error', payment_intent: intent }).chargeId).toBe('ch_demoA1');
  });
});
