import { describe, expect, it } from 'vitest';
import { refundSchema, type RefundStatus } from '../../../src/models/refund.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import pending from '../../fixtures/pin/refund-pending.json' with { type: 'json' };
import { fits } from '../seam.js';
import { recordedCall } from './call.js';
import { readRefund } from './reading.js';

const read = (change: Readonly<Record<string, unknown>> = {}) => {
  const call = recordedCall();
  return { refund: readRefund({ ...pending.response, ...change }, call), drifts: call.drifts };
};

describe('a refund', () => {
  it('is read whole', () => {
    const { refund, drifts } = read();
    expect(refund).toEqual({
      provider: 'pin',
      id: 'rf_h1J2k3L4z5X6c7V8b9N0mQ',
      chargeId: 'ch_q0W9e8R7t6Y5u4I3o2P1aS',
      amount: 250,
      currency: 'AUD',
      status: 'pending',
      reason: null,
      providerReason: null,
      failure: null,
      createdAt: '2025-02-05T06:07:08.000Z',
      metadata: {},
    });
    expect(refundSchema.parse(JSON.parse(JSON.stringify(refund)))).toEqual(refund);
    expect(refund.raw).toEqual(pending.response);
    expect(drifts).toEqual([]);
  });

  it.each<[name: string, change: Readonly<Record<string, unknown>>, status: RefundStatus]>([
    ['on its way', { success: null, status_message: 'Pending' }, 'pending'],
    ['without a text', { success: null, status_message: null }, 'pending'],
    ['without success at all', { success: undefined }, 'pending'],
    ['settled', { success: true, status_message: 'Success' }, 'succeeded'],
    [
      'with the text of the documentation and success null',
      { success: null, status_message: 'Success' },
      'succeeded',
    ],
    ['with nearly that text', { success: null, status_message: 'success' }, 'pending'],
    ['with nearly that text', { success: null, status_message: 'Success!' }, 'pending'],
    [
      'with that text and an error',
      { success: null, status_message: 'Success', error_message: 'Refused' },
      'failed',
    ],
    ['refused', { success: false, error_message: 'Refused' }, 'failed'],
    ['refused without a text', { success: false }, 'failed'],
    ['with an error alone', { success: null, error_message: 'Refused' }, 'failed'],
    ['with an empty error', { success: null, error_message: '' }, 'pending'],
    ['with a success that is no boolean', { success: 'true' }, 'unknown'],
  ])('%s', (_, change, status) => {
    expect(read(change).refund.status).toBe(status);
  });

  it('that failed says why in words only', () => {
    expect(read({ success: false, error_message: 'Card closed' }).refund.failure).toEqual({
      code: 'generic_decline',
      message: 'Card closed',
      providerCode: null,
      declineCode: null,
      networkCode: null,
      advice: 'use_other_card',
    });
  });

  it('reports what contradicts itself or cannot be read', () => {
    expect(read({ success: true, error_message: 'Refused' })).toMatchObject({
      refund: { status: 'succeeded' },
      drifts: [['error_message', 'inconsistent']],
    });
    expect(read({ success: 1 }).drifts).toEqual([['success', 'wrong_type']]);
  });

  it('without a charge or with an amount as text is refused', () => {
    expect(fits(pinProvider, 'refund', pending)).toBe(true);
    for (const change of [{ charge: null }, { amount: '250' }, { token: '' }, { currency: null }]) {
      expect(fits(pinProvider, 'refund', { response: { ...pending.response, ...change } })).toBe(false);
    }
  });
});
