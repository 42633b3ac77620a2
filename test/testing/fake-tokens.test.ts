import { describe, expect, it } from 'vitest';
import { declineCodes } from '../../src/models/decline.js';
import { createFakeClient } from '../../src/testing/index.js';
import type { PaymentSource } from '../../src/models/payment-source.js';

const charges = createFakeClient();
const create = (source: PaymentSource) => charges.create({ amount: 500, currency: 'EUR', source });
const known = ['approved', 'declined', 'insufficient_funds', 'requires_3ds'];

describe('a token of the fake client that means a decline or an action elsewhere', () => {
  const codes = declineCodes.filter((code) => !known.includes(code));

  it.each([
    ...codes,
    'card_declined',
    'lost_card',
    'stolen_card',
    'fraudulent',
    '3ds',
    'requires_action',
    'requiresAction',
    'fail',
    'failed',
    'pm_card_chargeDeclined',
    'pm_card_visa_chargeDeclined',
    'pm_card_visa_chargeDeclinedInsufficientFunds',
    'tok_chargeDeclined',
    'tok_chargeDeclinedExpiredCard',
    'tok_visa_chargeDeclinedLostCard',
    'pm_card_threeDSecure2Required',
    'tok_threeDSecureRequired',
    'pm_card_authenticationRequired',
    'tok_3ds',
    'tok_fail',
    'always-fails',
    'tok_expired',
    'PAYMENT_REJECTED',
  ])('is refused with those that it knows: %s', async (token) => {
    await expect(create(token)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      outcome: 'not_sent',
      issues: [
        {
          path: 'source',
          message:
            'is a decline or an action elsewhere, and would be approved here; the fake client knows approved, declined, insufficient_funds, requires_3ds',
        },
      ],
    });
    expect(charges.control.charges()).toEqual([]);
  });

  it('is refused as the card of a customer, too', async () => {
    await expect(create({ type: 'customer', customer: 'cus_1', card: 'expired_card' })).rejects.toThrow(
      'would be approved',
    );
    await expect(create({ type: 'customer', customer: 'cus_1', card: 'decline' })).rejects.toThrow(
      'did you mean declined?',
    );
    await expect(create({ type: 'customer', customer: 'card_declined' })).rejects.toThrow(
      'would be approved',
    );
  });
});

describe('an ordinary token of the fake client', () => {
  it.each([
    ...['tok_visa', 'pm_card_visa', 'x', 'tokn_test_5g5mep9yrko3vx2f0hx', 'approved'],
    ...['pm_card_mastercard', 'tok_mastercard_debit', 'pm_1', 'card_x3dsq81', 'tok_1Mz3dsKfail2eZvKYlo2C'],
    ...[
      'src_failsafe9',
      'tok_lostandfound',
      'pm_usBankAccount',
      'pm_usBankAccount_success',
      'token',
      'source-81',
    ],
  ])('is approved: %s', async (token) => {
    await expect(
      createFakeClient().create({ amount: 500, currency: 'EUR', source: token }),
    ).resolves.toMatchObject({ status: 'captured' });
  });

  it('is approved as the card of a customer', async () => {
    const source = { type: 'customer', customer: 'cus_1', card: 'card_1' } as const;
    await expect(createFakeClient().create({ amount: 500, currency: 'EUR', source })).resolves.toMatchObject({
      status: 'captured',
    });
  });
});
