import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { refundSchema } from '../../../src/models/refund.js';
import { omiseProvider } from '../../../src/providers/omise/index.js';
import { refund } from '../../fixtures/omise/charges.js';
import { fits } from '../seam.js';
import { readRefund as read } from './read-charge.js';

describe('a refund', () => {
  it('reads every field that Omise has', () => {
    const { refund: result, drifts } = read(refund({ metadata: { ticket: '9', unicharge_key: 'r-1' } }));
    expect(drifts).toEqual([]);
    expect(result).toEqual({
      provider: 'omise',
      id: 'rfnd_test_0hhhhhhhhhhhhhhhh1',
      chargeId: 'chrg_test_0aaaaaaaaaaaaaaaaa1',
      amount: 900,
      currency: 'THB',
      status: 'succeeded',
      reason: null,
      providerReason: null,
      failure: null,
      createdAt: '2026-01-07T03:00:00.000Z',
      metadata: { ticket: '9' },
    });
    expect(stampOf(result)).toBe('r-1');
    expect(refundSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it.each([
    ['closed', 'succeeded', []],
    ['pending', 'pending', []],
    ['failed', 'failed', []],
    ['on_the_moon', 'unknown', ['status: unknown_value']],
    [null, 'unknown', ['status: unknown_value']],
    // Accounts of before 2019 have no such member.
    [undefined, 'succeeded', []],
  ])('that is %j is %s', (wireStatus, status, reported) => {
    const { refund: result, drifts } = read(refund({ status: wireStatus }));
    expect(result.status).toBe(status);
    expect(drifts).toEqual(reported);
  });

  it('that failed says no more than that', () => {
    expect(read(refund({ status: 'failed' })).refund.failure).toMatchObject({
      code: 'generic_decline',
      message: null,
    });
  });

  it.each(['duplicate', 'fraudulent', 'requested_by_customer', 'other'])(
    'of our own shows the reason %s, and not our note of it',
    (reason) => {
      const { refund: result } = read(refund({ metadata: { reason, ticket: '9', unicharge_key: 'r-1' } }));
      expect(result).toMatchObject({ reason, providerReason: reason, metadata: { ticket: '9' } });
      expect(result.metadata).not.toHaveProperty('reason');
    },
  );

  it('of somebody else shows the reason and leaves the metadata alone', () => {
    const { refund: result } = read(refund({ metadata: { reason: 'duplicate' } }));
    expect(result).toMatchObject({ reason: 'duplicate', metadata: { reason: 'duplicate' } });
  });

  it('with a reason in free text keeps it as the provider’s word', () => {
    const { refund: result } = read(refund({ metadata: { reason: 'sent twice', unicharge_key: 'r-1' } }));
    expect(result).toMatchObject({
      reason: null,
      providerReason: 'sent twice',
      metadata: { reason: 'sent twice' },
    });
  });

  it('names its charge also where that was expanded', () => {
    expect(read(refund({ charge: { object: 'charge', id: 'chrg_test_1' } })).refund.chargeId).toBe(
      'chrg_test_1',
    );
  });

  it.each(['id', 'amount', 'currency', 'charge'])('is refused without %s', (field) => {
    const { [field]: _, ...rest } = refund();
    for (const name of ['refund', 'retrieveRefund'] as const) {
      expect(fits(omiseProvider, name, refund())).toBe(true);
      expect(fits(omiseProvider, name, rest)).toBe(false);
    }
  });
});
