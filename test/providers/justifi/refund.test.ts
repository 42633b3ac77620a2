import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { refundSchema } from '../../../src/models/refund.js';
import { justifiProvider } from '../../../src/providers/justifi/index.js';
import { requestOf } from '../seam.js';
import { callWith, readRefund } from './reading.js';
import { driftListener, refund } from './wire-samples.js';

const owner = { id: 'py_DemoA1', currency: 'cad' };

describe('a refund', () => {
  it('takes the currency from its payment, for it has none', () => {
    const read = readRefund(refund({ metadata: { order: '81', unicharge_key: 'refund-81' } }), owner);
    expect(read).toEqual({
      provider: 'justifi',
      id: 're_DemoD4',
      chargeId: 'py_DemoA1',
      amount: 500,
      currency: 'CAD',
      status: 'succeeded',
      reason: 'requested_by_customer',
      providerReason: 'customer_request',
      failure: null,
      createdAt: '2026-02-03T05:05:06.000Z',
      metadata: { order: '81' },
    });
    expect(stampOf(read)).toBe('refund-81');
    expect(refundSchema.parse(JSON.parse(JSON.stringify(read)))).toEqual(read);
  });

  it('belongs to the payment that carries it where it does not say', () => {
    expect(readRefund(refund({ payment_id: null }), owner).chargeId).toBe('py_DemoA1');
  });

  it.each([
    ['pending', 'pending', null],
    ['succeeded', 'succeeded', null],
    ['failed', 'failed', 'generic_decline'],
    ['canceled', 'unknown', null],
    ['constructor', 'unknown', null],
  ])('%s is %s', (word, status, failure) => {
    const drift = driftListener();
    const read = readRefund(refund({ status: word }), owner, drift);
    expect([read.status, read.failure?.code ?? null]).toEqual([status, failure]);
    expect(drift.mock.calls).toEqual(status === 'unknown' ? [['refund.status', 'unknown_value']] : []);
  });

  it.each([
    ['duplicate', 'duplicate', 'duplicate'],
    ['fraudulent', 'fraudulent', 'fraudulent'],
    ['fradulent', 'fraudulent', 'fradulent'],
    ['customer_request', 'requested_by_customer', 'customer_request'],
    ['requested_by_customer', 'requested_by_customer', 'requested_by_customer'],
    ['others', 'other', 'others'],
    ['bad weather', null, 'bad weather'],
    [null, null, null],
    ['', null, null],
  ])('with the reason %j reads as %j', (wire, reason, providerReason) => {
    expect(readRefund(refund({ reason: wire }), owner)).toMatchObject({ reason, providerReason });
  });

  it('sends the reasons in its own words', () => {
    const sent = (['duplicate', 'fraudulent', 'requested_by_customer', 'other'] as const).map((reason) => {
      const { call } = callWith({ prepared: { amount: 500, currency: 'cad' } });
      const { json } = requestOf(justifiProvider, 'refund', { id: 'py_DemoA1', params: { reason } }, call);
      return (json as { reason?: string }).reason;
    });
    expect(sent).toEqual(['duplicate', 'fraudulent', 'customer_request', undefined]);
  });
});

it('a failed refund shares its failure with no other', () => {
  const [first, second] = [1, 2].map(() => readRefund(refund({ status: 'failed' }), owner));
  expect(first?.failure).toEqual(second?.failure);
  expect(first?.failure).not.toBe(second?.failure);
});
