import { describe, expect, it } from 'vitest';
import {
  authorizedCharge,
  billCharge,
  challengedCharge,
  dispute,
  failedCharge,
  paidCharge,
  promptpayCharge,
  refund,
  type WireObject,
} from '../../fixtures/omise/charges.js';
import { readCharge } from './read-charge.js';

/** Fields that Omise was seen to leave null, or to leave out, on a charge of any status. */
const nullable = [
  'authorized_at',
  'expired_at',
  'reversed_at',
  'transaction',
  'customer',
  'dispute',
  'schedule',
  'link',
  'ip',
  'description',
  'return_uri',
  'failure_code',
  'failure_message',
  'authorization_type',
  'authenticated_by',
  'merchant_advice',
  'merchant_advice_code',
  'acquirer_reference_number',
  'approval_code',
  'linked_account',
  'branch',
  'terminal',
  'device',
  'platform_fee',
];

const charges: Readonly<Record<string, WireObject>> = {
  paid: paidCharge(),
  authorized: authorizedCharge(),
  challenged: challengedCharge(),
  failed: failedCharge(),
  promptpay: promptpayCharge(),
  bill: billCharge(),
};

describe.each(Object.entries(charges))('a %s charge', (_, wire) => {
  const { charge: whole } = readCharge(wire);

  it.each(nullable)('with %s null, or without it, deviates from nothing', (field) => {
    const { [field]: _left, ...without } = wire;
    for (const changed of [{ ...wire, [field]: null }, without]) {
      const { charge, drifts } = readCharge(changed);
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
  it.each([
    'location',
    'first_digits',
    'name',
    'expiration_month',
    'expiration_year',
    'financing',
    'bank',
    'country',
  ])('as %s of a card deviates from nothing', (field) => {
    const card = { ...(paidCharge()['card'] as WireObject), [field]: null };
    const { charge, drifts } = readCharge(paidCharge({ card }));
    expect(drifts).toEqual([]);
    expect(charge.paymentMethod?.card?.last4).toBe('4242');
  });

  it('in every field of a deleted card but its id deviates from nothing', () => {
    const card = { object: 'card', id: 'card_test_1', livemode: false, deleted: true };
    const { charge, drifts } = readCharge(paidCharge({ card }));
    expect(drifts).toEqual([]);
    expect(charge.paymentMethod).toMatchObject({ type: 'card', id: 'card_test_1' });
  });

  it.each(['expires_at', 'device_id', 'omise_tax_id', 'barcode', 'payment_code', 'va_code'])(
    'as %s of the references deviates from nothing',
    (field) => {
      const { references, ...source } = billCharge()['source'] as WireObject;
      const wire = billCharge({
        source: { ...source, references: { ...(references as WireObject), [field]: null } },
      });
      const { charge, drifts } = readCharge(wire);
      expect(drifts).toEqual([]);
      expect(charge.status).toBe('requires_action');
    },
  );

  it.each(['reason_code', 'amount', 'currency', 'charge', 'created_at'])(
    'as %s of a dispute deviates from nothing',
    (field) => {
      const { charge, drifts } = readCharge(paidCharge({ dispute: dispute({ [field]: null }) }));
      expect(drifts).toEqual([]);
      expect(charge.disputes).toHaveLength(1);
    },
  );

  it.each(['metadata', 'acquirer_reference_number', 'approval_code', 'capture', 'terminal', 'transaction'])(
    'as %s of a refund deviates from nothing',
    (field) => {
      const refunds = { data: [refund({ [field]: null })], total: 1 };
      const { charge, drifts } = readCharge(paidCharge({ refunded_amount: 900, refunds }));
      expect(drifts).toEqual([]);
      expect(charge.refunds).toMatchObject([{ status: 'succeeded', amount: 900 }]);
    },
  );

  it('of a wallet that holds the card is no wallet, and its name is told', () => {
    const card = paidCharge()['card'] as WireObject;
    const by = (tokenization_method: unknown) =>
      readCharge(paidCharge({ card: { ...card, tokenization_method } })).charge.paymentMethod?.card;
    expect(by(null)).not.toHaveProperty('wallet');
    expect(by('applepay')).toMatchObject({ wallet: 'applepay', last4: '4242' });
  });
});
