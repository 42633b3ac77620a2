import { describe, expect, it } from 'vitest';
import { readPayment } from './reading.js';
import { driftListener, payment, refund } from './wire-samples.js';

/* JustiFi's schema requires nothing, and its samples hold nulls and gaps: what only informs may be either. */

/** What only informs, as the samples of JustiFi leave it null or out in some answer. */
const nullable = [
  'account_id',
  'amount_disputed',
  'amount_refundable',
  'amount_returned',
  'application_fee',
  'balance',
  'description',
  'disputed',
  'disputes',
  'error_code',
  'error_description',
  'fee_amount',
  'fees',
  'financial_transaction_id',
  'is_test',
  'metadata',
  'payment_intent_id',
  'payment_method',
  'refunds',
  'returned',
  'statement_descriptor',
  'updated_at',
];

const read = (changes: Readonly<Record<string, unknown>>) => {
  const drift = driftListener();
  const charge = readPayment(payment(changes), drift);
  return { charge, drifts: drift.mock.calls };
};

const charges: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  succeeded: { status: 'succeeded', amount_refunded: 0 },
  authorized: { status: 'authorized' },
  pending: { status: 'pending' },
  canceled: { status: 'canceled' },
  'partly refunded': { status: 'partially_refunded', amount_refunded: 500 },
};

describe.each(Object.entries(charges))('a %s payment', (_, changes) => {
  const { charge: whole, drifts: own } = read(changes);

  it.each(nullable)('with %s null, or without it, deviates from nothing', (field) => {
    expect(own).toEqual([]);
    for (const value of [null, undefined]) {
      const { charge, drifts } = read({ ...changes, [field]: value });
      expect(drifts).toEqual([]);
      expect(charge).toMatchObject({
        status: whole.status,
        amount: whole.amount,
        amountCaptured: whole.amountCaptured,
        amountRefunded: whole.amountRefunded,
      });
    }
  });
});

describe('null', () => {
  it.each(['payment_id', 'description', 'reason', 'metadata', 'created_at', 'updated_at'])(
    'as %s of a refund deviates from nothing',
    (field) => {
      const { charge, drifts } = read({
        status: 'partially_refunded',
        amount_refunded: 500,
        refunds: [refund({ amount: 500, [field]: null })],
      });
      expect(drifts).toEqual([]);
      expect(charge.refunds).toMatchObject([{ amount: 500, chargeId: charge.id }]);
    },
  );

  it.each(['gateway_ref_id', 'payment_id', 'reason', 'created_at', 'updated_at', 'amount_cents', 'currency'])(
    'as %s of a dispute deviates from nothing',
    (field) => {
      const dispute = { id: 'dp_1', amount_cents: 500, status: 'open', reason: 'fraudulent', [field]: null };
      const { charge, drifts } = read({ status: 'disputed', amount_refunded: 0, disputes: [dispute] });
      expect(drifts).toEqual([]);
      expect(charge).toMatchObject({ disputed: true, disputes: [{ id: 'dp_1' }] });
    },
  );

  it.each([
    'acct_last_four',
    'brand',
    'digital_wallet',
    'name',
    'token',
    'month',
    'year',
    'metadata',
    'bin_details',
  ])('as %s of a card deviates from nothing', (field) => {
    const { card } = payment()['payment_method'] as { readonly card: object };
    const { charge, drifts } = read({
      status: 'succeeded',
      amount_refunded: 0,
      payment_method: { card: { ...card, [field]: null }, customer_id: null, signature: null },
    });
    expect([charge.status, drifts]).toEqual(['captured', []]);
  });
});
