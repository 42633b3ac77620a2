import { describe, expect, it } from 'vitest';
import { InvalidResponseError } from '../../../src/errors.js';
import { isPaid, type ChargeStatus } from '../../../src/models/charge.js';
import type { ClientEvent } from '../../../src/models/client-event.js';
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import { recordedCall } from './call.js';
import { client, useHost } from './host.js';
import { readCharge, readCreated, type Wire } from './reading.js';

/*
 * The document of a client library for Pin shows answers that Pin itself never gives: a word `status`, no booleans, and mostly
 * no currency. What can be read in them is read; a real charge never is by that word.
 */

const { expectRequest } = useHost();

const params = {
  amount: 1000,
  currency: 'AUD',
  source: 'card_Z9y8X7w6V5u4T3s2R1q0pA',
  email: 'customer@example.com',
  description: 'Test Charge',
  ip: '192.0.2.1',
} as const;

const sample = (changes: object = {}): Wire => ({
  token: 'charge_token_example',
  amount: 1000,
  currency: 'AUD',
  description: 'Test Charge',
  ...changes,
});

const statusOf = (wire: Wire, httpStatus = 200): ChargeStatus =>
  readCreated(wire, recordedCall(), httpStatus).status;

describe('a charge with a status word and none of the booleans', () => {
  it.each<[word: unknown, status: ChargeStatus]>([
    ['captured', 'captured'],
    ['authorized', 'authorized'],
    ['voided', 'voided'],
    ['failed', 'failed'],
    ['verified', 'unknown'],
    ['Captured', 'unknown'],
    ['constructor', 'unknown'],
    [7, 'unknown'],
    [null, 'unknown'],
  ])('that says %j is %s', (status, expected) => {
    expect(statusOf(sample({ status }))).toBe(expected);
  });

  it('has taken its amount only where it is captured, and reports what it does not tell', () => {
    const call = recordedCall();
    const charge = readCharge(sample({ status: 'captured' }), call);
    expect(charge).toMatchObject({
      amount: 1000,
      amountCaptured: 1000,
      amountRefunded: 0,
      providerStatus: 'success=none captured=none status=captured',
    });
    expect(call.drifts).toEqual([
      ['captured', 'missing'],
      ['amount_refunded', 'missing'],
    ]);
    expect(readCharge(sample({ status: 'authorized' }), recordedCall())).toMatchObject({ amountCaptured: 0 });
  });

  it('still asks its payer to act', () => {
    const redirect_url = 'https://acs.example/1';
    expect(statusOf(sample({ status: 'captured', redirect_url }))).toBe('requires_action');
    expect(statusOf(sample({ status: 'captured' }), 202)).toBe('requires_action');
  });
});

describe('a charge with a single boolean of Pin', () => {
  const booleans = [
    'success',
    'captured',
    'authorisation_voided',
    'authorisation_expired',
    'refund_pending',
    'active_chargebacks',
  ];

  it.each(booleans.flatMap((field) => [true, false, null].map((value) => [field, value] as const)))(
    '%s: %s is not read by its word',
    (field, value) => {
      const by = (status: string) => statusOf(sample({ [field]: value, status }));
      const withoutWord = statusOf(sample({ [field]: value }));
      for (const word of ['captured', 'authorized', 'voided', 'failed']) expect(by(word)).toBe(withoutWord);
      expect(withoutWord).not.toBe('captured');
    },
  );

  it('as Pin writes it is what its booleans say, whatever word stands beside them', () => {
    for (const status of ['authorized', 'voided', 'failed', 'captured']) {
      const call = recordedCall();
      expect(readCharge({ ...captured.response, status }, call).status).toBe('captured');
      expect(call.drifts).toEqual([]);
    }
  });
});

describe('the answers of the document', () => {
  it('create: the charge is captured and paid', async () => {
    const events: ClientEvent[] = [];
    expectRequest('POST', '/1/charges', {
      status: 201,
      body: { response: sample({ status: 'captured' }), status: 201 },
    });
    const charge = await client({ onEvent: (event) => events.push(event) }).create(params);
    expect(charge).toMatchObject({ id: 'charge_token_example', status: 'captured', currency: 'AUD' });
    expect(isPaid(charge)).toBe(true);
    expect(events).toContainEqual(expect.objectContaining({ type: 'drift', path: 'captured' }));
  });

  it.each<[operation: string, method: string, path: string, response: object, missing: readonly string[]]>([
    [
      'void',
      'PUT',
      '/1/charges/charge_token_example/void',
      { token: 'charge_token_example', status: 'voided' },
      ['amount', 'currency'],
    ],
    [
      'capture',
      'PUT',
      '/1/charges/charge_token_example/capture',
      { token: 'charge_token_example', status: 'captured', amount: 1000 },
      ['currency'],
    ],
    [
      'retrieve',
      'GET',
      '/1/charges/charge_token_example',
      {
        token: 'charge_token_example',
        amount: 1000,
        description: 'Test Charge',
        status: 'captured',
        email: 'customer@example.com',
      },
      ['currency'],
    ],
    [
      'verify3DS',
      'GET',
      '/1/charges/verify?session_token=se_1',
      { token: '3d_secure_charge_token_example', status: 'verified' },
      ['amount', 'currency'],
    ],
  ])(
    '%s: a missing currency is refused in a sentence that says so',
    async (name, method, path, response, missing) => {
      expectRequest(method, path, { status: 200, body: { response, status: 200 } });
      const pin = client();
      const call = {
        void: () => pin.void('charge_token_example'),
        capture: () => pin.capture('charge_token_example'),
        retrieve: () => pin.retrieve('charge_token_example'),
        verify3DS: () => pin.verify3DS({ sessionToken: 'se_1' }),
      }[name];
      const error: unknown = await call?.().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InvalidResponseError);
      const words = missing.map((field) => `response.${field} is missing`).join(', ');
      expect((error as Error).message).toContain(`the answer cannot be read: ${words}`);
    },
  );
});
