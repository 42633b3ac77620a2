import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/charges-client.js';
import { createAnswerChecks } from '../../src/calls/whole-answers.js';
import type { Call, ProviderFailure, ProviderSpec } from '../../src/provider.js';
import { justifiProvider } from '../../src/providers/justifi/provider.js';
import { magpieProvider } from '../../src/providers/magpie/provider.js';
import { omiseProvider } from '../../src/providers/omise/provider.js';
import { pinProvider } from '../../src/providers/pin/provider.js';
import { stripeProvider } from '../../src/providers/stripe/provider.js';

const specs: Readonly<Record<string, ProviderSpec>> = {
  stripe: stripeProvider,
  omise: omiseProvider,
  magpie: magpieProvider,
  justifi: justifiProvider,
  pin: pinProvider,
};

const call: Call = {
  settings: {},
  livemode: false,
  account: null,
  include: new Set(),
  idempotencyKey: 'order-81:1',
  prepared: null,
  send: () => Promise.reject(new Error('nothing is read')),
  drift: () => undefined,
  ...createAnswerChecks({ provider: 'any' }),
  now: () => 0,
  sleep: () => Promise.resolve(),
};

const failureOf = (
  provider: string,
  status: number,
  body: unknown,
  operation: Operation = 'create',
): ProviderFailure => {
  const spec = specs[provider] as ProviderSpec;
  return spec.failure({ status, headers: {}, body, requestId: null }, operation, call);
};

/** How each provider says no, after its contract. */
const ownForms: Readonly<Record<string, readonly (readonly [status: number, body: unknown])[]>> = {
  stripe: [
    [401, { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } }],
    [403, { error: { type: 'invalid_request_error', message: 'The provided key does not have access' } }],
    [404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such charge' } }],
    [429, { error: { type: 'invalid_request_error', code: 'lock_timeout', message: 'Locked' } }],
    [402, { error: { type: 'card_error', code: 'card_declined', message: 'Declined' } }],
  ],
  omise: [
    [401, { object: 'error', code: 'authentication_failure', message: 'authentication failed' }],
    [403, { object: 'error', code: 'not_authorized', message: 'not authorized' }],
    [404, { object: 'error', code: 'not_found', message: 'charge was not found' }],
    [429, { object: 'error', code: 'too_many_requests', message: 'too many requests' }],
    [400, { object: 'error', code: 'used_token', message: 'token was already used' }],
  ],
  magpie: [
    [401, { detail: 'Not authenticated' }],
    [403, { detail: "API key doesn't have permissions" }],
    [404, { detail: 'Not Found' }],
    [422, { detail: [{ loc: ['body', 'amount'], msg: 'field required', type: 'value_error.missing' }] }],
    [400, { error: { type: 'invalid_request_error', message: 'No.' } }],
  ],
  justifi: [
    [401, { error: { code: 'not_authenticated', message: 'Not Authenticated' } }],
    [403, { error: { code: 'not_authorized', message: 'Not authorized' } }],
    [404, { error: { code: 'resource_not_found', message: 'Resource Not Found' } }],
    [429, { error: { code: 'gateway_rate_limit_error', message: 'Too many' } }],
    [402, { error: { code: 'card_declined', decline_code: 'insufficient_funds', message: 'demo' } }],
  ],
  pin: [
    [401, { error: 'unauthenticated', error_description: 'Not authorised. (Check API Key).' }],
    [403, { error: 'limit_reached', error_description: 'No more.' }],
    [404, { error: 'not_found', error_description: 'The requested resource could not be found.' }],
    [400, { error: 'card_declined', error_description: 'Declined.', charge_token: 'ch_a1B2' }],
    [
      422,
      { error: 'invalid_resource', messages: [{ code: 'amount_invalid', message: 'No.', param: 'amount' }] },
    ],
  ],
};

/** What stands in the way of a provider says no in these ways. */
const gateways: readonly (readonly [name: string, body: unknown])[] = [
  ['no JSON', undefined],
  ['null', null],
  ['an empty object', {}],
  ['an empty list', []],
  ['a text', 'Forbidden'],
  ['a number', 403],
  ['a gateway with a message', { message: 'Forbidden' }],
  ['a gateway with a message and a number', { code: 403, message: 'Forbidden' }],
  ['a gateway with an error', { error: 'Forbidden' }],
  ['a framework', { timestamp: '2026-11-29T06:00:00Z', status: 403, error: 'Forbidden', path: '/v1' }],
  ['another framework', { statusCode: 403, message: 'Forbidden resource', error: 'Forbidden' }],
  ['a cloud', { error: { code: 403, message: 'Denied', status: 'PERMISSION_DENIED' } }],
  ['a list of errors', { errors: [{ message: 'Forbidden' }] }],
  ['a list of texts', { errors: ['Forbidden'] }],
  ['an empty error', { error: {} }],
  ['an error that is no object', { error: ['Forbidden'] }],
];

const statuses = [301, 400, 401, 402, 403, 404, 409, 422, 429, 500, 502, 503];
const providers = Object.keys(specs);
const operations: readonly Operation[] = ['create', 'capture', 'void', 'refund', 'retrieve'];

/** Bodies of other providers that cannot be meant: Magpie's undocumented shapes are those of Stripe. */
const strangers: Readonly<Record<string, readonly string[]>> = {
  stripe: ['omise', 'justifi', 'pin'],
  omise: ['stripe', 'magpie', 'justifi', 'pin'],
  magpie: ['omise', 'pin'],
  justifi: ['omise', 'pin'],
  pin: ['stripe', 'omise', 'magpie', 'justifi'],
};

describe.each(providers)('%s', (provider) => {
  it.each(gateways)('has not spoken where the body is %s, whatever the status', (_, body) => {
    for (const status of statuses) {
      for (const operation of operations) {
        expect(failureOf(provider, status, body, operation).isUnreadable, `${status} ${operation}`).toBe(
          true,
        );
      }
    }
  });

  it.each(strangers[provider] ?? [])('has not spoken where the body is one of %s', (other) => {
    for (const [, body] of ownForms[other] ?? []) {
      for (const status of statuses) {
        expect(failureOf(provider, status, body).isUnreadable, JSON.stringify(body)).toBe(true);
      }
    }
  });

  it('is understood in its own words', () => {
    for (const [status, body] of ownForms[provider] ?? []) {
      for (const operation of operations) {
        expect(failureOf(provider, status, body, operation).isUnreadable ?? false, JSON.stringify(body)).toBe(
          false,
        );
      }
    }
  });
});

describe('a refusal in own words', () => {
  it.each([
    ['stripe', 401, 'authentication'],
    ['stripe', 403, 'permission'],
    ['stripe', 404, 'not_found'],
    ['stripe', 429, 'rate_limit'],
    ['omise', 401, 'authentication'],
    ['omise', 403, 'permission'],
    ['omise', 404, 'not_found'],
    ['omise', 429, 'rate_limit'],
    ['magpie', 401, 'authentication'],
    ['magpie', 403, 'permission'],
    ['magpie', 404, 'not_found'],
    ['justifi', 401, 'authentication'],
    ['justifi', 403, 'permission'],
    ['justifi', 404, 'not_found'],
    ['justifi', 429, 'rate_limit'],
    ['pin', 401, 'authentication'],
    ['pin', 403, 'permission'],
  ])('of %s with %d is %s', (provider, status, kind) => {
    const [, body] = ownForms[provider]?.find(([own]) => own === status) ?? [];
    expect(failureOf(provider, status, body, 'retrieve')).toMatchObject({ kind, outcome: 'rejected' });
  });
});

describe('a key that the provider knows with other parameters', () => {
  it.each([
    [
      'stripe',
      {
        error: {
          type: 'idempotency_error',
          message:
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'order-81:1' if you meant to execute a different request.",
        },
      },
    ],
    [
      'justifi',
      { error: { code: 'idempotency_params_mismatch', message: "Use a key other than 'order-81:1'" } },
    ],
  ])('is told by %s in our words: its own advise another key', (provider, body) => {
    const failure = failureOf(provider, 400, body);
    expect(failure).toMatchObject({
      kind: 'idempotency_conflict',
      message: 'the provider knows this idempotency key with other parameters',
      mayBeOwnSuccess: true,
    });
    expect(JSON.stringify(failure)).not.toContain('order-81');
  });
});
