import { describe, expect, it } from 'vitest';
import type { ChargeStatus } from '../../../src/models/charge.js';
import { recordedCall } from './call.js';
import { readCharge, readCreated, type Wire } from './reading.js';

interface Deciding {
  readonly success?: unknown;
  readonly captured?: unknown;
  readonly authorisation_voided?: unknown;
  readonly authorisation_expired?: unknown;
  readonly status_message?: string | null;
  readonly redirect_url?: string | null;
}

const wireOf = (fields: Deciding): Wire => ({
  token: 'ch_a1B2c3D4e5F6g7H8i9J0kQ',
  amount: 1250,
  currency: 'AUD',
  amount_refunded: 0,
  ...fields,
});

const statusOf = (fields: Deciding, httpStatus = 200): ChargeStatus =>
  readCreated(wireOf(fields), recordedCall(), httpStatus).status;

describe('the status of a charge', () => {
  it.each<[name: string, fields: Deciding, httpStatus: number, status: ChargeStatus]>([
    ['HTTP 202', { captured: false }, 202, 'requires_action'],
    ['HTTP 202 with success', { captured: false, success: true }, 202, 'requires_action'],
    [
      'a redirect address',
      { captured: false, success: null, redirect_url: 'https://acs.example/' },
      200,
      'requires_action',
    ],
    [
      'no success and Pending',
      { captured: false, success: null, status_message: 'Pending' },
      200,
      'requires_action',
    ],
    [
      'success false and Pending',
      { captured: false, success: false, status_message: 'Pending' },
      200,
      'requires_action',
    ],
    ['Pending without captured', { status_message: 'Pending' }, 200, 'requires_action'],
    [
      'a voided authorization',
      { success: true, captured: false, authorisation_voided: true, status_message: 'Authorisation Voided' },
      200,
      'voided',
    ],
    [
      'voided before expired',
      { success: true, captured: false, authorisation_voided: true, authorisation_expired: true },
      200,
      'voided',
    ],
    [
      'an expired authorization',
      {
        success: true,
        captured: false,
        authorisation_expired: true,
        status_message: 'Successful Authorisation',
      },
      200,
      'expired',
    ],
    ['no success', { success: false, captured: false, status_message: 'Declined' }, 200, 'failed'],
    ['no success and no captured', { success: false }, 200, 'failed'],
    [
      'an authorization',
      { success: true, captured: false, status_message: 'Successful Authorisation' },
      200,
      'authorized',
    ],
    [
      'success true and Pending is no pending charge',
      { success: true, captured: false, status_message: 'Pending' },
      200,
      'authorized',
    ],
    ['a capture', { success: true, captured: true, status_message: 'Success' }, 201, 'captured'],
    [
      'a capture with a flag of an old lapse',
      { success: true, captured: true, authorisation_expired: true },
      200,
      'captured',
    ],
    ['a capture of a 202', { success: true, captured: true }, 202, 'captured'],
    [
      'the shape of 2020 without authorisation_voided',
      { success: true, captured: true, authorisation_expired: false },
      200,
      'captured',
    ],
    ['captured absent', { success: true, status_message: 'Success!' }, 200, 'unknown'],
    ['captured null', { success: true, captured: null }, 200, 'unknown'],
    ['success absent', { captured: true }, 200, 'unknown'],
    [
      'success null and not Pending',
      { success: null, captured: false, status_message: 'Success' },
      200,
      'unknown',
    ],
    ['nothing at all', {}, 200, 'unknown'],
  ])('%s', (_, fields, httpStatus, status) => {
    expect(statusOf(fields, httpStatus)).toBe(status);
  });

  it.each<[field: string, fields: Deciding]>([
    ['captured', { success: true, captured: 'true' }],
    ['captured', { success: true, captured: 1 }],
    ['success', { success: 'yes', captured: true }],
    ['authorisation_voided', { success: true, captured: true, authorisation_voided: 'true' }],
    ['authorisation_expired', { success: true, captured: false, authorisation_expired: 1 }],
  ])('is unknown where %s is no boolean, never a guess', (field, fields) => {
    const call = recordedCall();
    expect(readCharge(wireOf(fields), call).status).toBe('unknown');
    expect(call.drifts).toContainEqual([field, 'wrong_type']);
    expect(call.drifts).toContainEqual(['status', 'unknown_value']);
  });

  it('maps every combination of the deciding fields, and says captured only where money was taken', () => {
    const flags = [true, false, null, undefined];
    const taken = new Set<string>();
    let combinations = 0;
    for (const success of flags)
      for (const captured of flags)
        for (const authorisation_voided of flags)
          for (const authorisation_expired of flags)
            for (const status_message of [
              'Success',
              'Pending',
              'Authorisation Voided',
              'Something New',
              null,
            ])
              for (const redirect_url of ['https://acs.example/', '', undefined])
                for (const httpStatus of [200, 201, 202]) {
                  combinations += 1;
                  const charge = readCreated(
                    wireOf({
                      success,
                      captured,
                      authorisation_voided,
                      authorisation_expired,
                      status_message,
                      ...(redirect_url === undefined ? {} : { redirect_url }),
                    }),
                    recordedCall(),
                    httpStatus,
                  );
                  if (charge.status === 'captured')
                    taken.add(`${success} ${captured} ${authorisation_voided === true}`);
                  const untaken = charge.status === 'unknown' ? null : 0;
                  expect(charge.amountCaptured).toBe(charge.status === 'captured' ? 1250 : untaken);
                }
    expect(combinations).toBe(4 ** 4 * 5 * 3 * 3);
    expect([...taken]).toEqual(['true true false']);
  });

  it('reports a charge that contradicts itself', () => {
    const voided = recordedCall();
    expect(
      readCharge(wireOf({ success: true, captured: true, authorisation_voided: true }), voided).status,
    ).toBe('voided');
    expect(voided.drifts).toEqual([['captured', 'inconsistent']]);
    const failed = recordedCall();
    expect(readCharge(wireOf({ success: false, captured: true }), failed).status).toBe('failed');
    expect(failed.drifts).toEqual([['captured', 'inconsistent']]);
  });

  it('keeps the fields that decided as the status of the provider', () => {
    const read = (fields: Deciding, httpStatus = 200) =>
      readCreated(wireOf(fields), recordedCall(), httpStatus).providerStatus;
    expect(read({ success: true, captured: true, authorisation_voided: false })).toBe(
      'success=true captured=true',
    );
    expect(read({ success: true, captured: false, authorisation_voided: true })).toBe(
      'success=true captured=false authorisation_voided=true',
    );
    expect(
      read({ success: null, status_message: 'Pending', redirect_url: 'https://acs.example/' }, 202),
    ).toBe('success=none captured=none status_message=Pending redirect_url http=202');
  });
});
