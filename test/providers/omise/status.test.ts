import { describe, expect, it } from 'vitest';
import { isFinal, isPaid, type ChargeStatus } from '../../../src/models/charge.js';
import { omiseProvider } from '../../../src/providers/omise/index.js';
import {
  authorizedCharge,
  billCharge,
  challengedCharge,
  expiredCharge,
  failedCharge,
  paidCharge,
  promptpayCharge,
  reversedCharge,
  voucherCharge,
  walletCharge,
  type WireObject,
} from '../../fixtures/omise/charges.js';
import { fits } from '../seam.js';
import { readCharge } from './read-charge.js';

const table: readonly (readonly [what: string, wire: WireObject, status: ChargeStatus])[] = [
  ['a failed charge', failedCharge(), 'failed'],
  ['a failed charge that is past its expiry, too', failedCharge({ expired: true }), 'failed'],
  ['an expired charge', expiredCharge(), 'expired'],
  ['a reversed authorization', reversedCharge(), 'voided'],
  [
    'an authorization reversed when its life ended',
    reversedCharge({ reversed_at: '2026-01-12T03:00:00Z' }),
    'expired',
  ],
  [
    'an authorization reversed after its life',
    reversedCharge({ reversed_at: '2026-01-12T03:00:07Z' }),
    'expired',
  ],
  ['a reversal without a time', reversedCharge({ reversed_at: null }), 'voided'],
  ['a reversal of a charge without an end', reversedCharge({ expires_at: null }), 'voided'],
  [
    'an old reversal that still reads successful',
    reversedCharge({ status: 'successful', paid: false }),
    'voided',
  ],
  [
    'an old lapse that still reads successful',
    reversedCharge({ status: 'successful', paid: true, reversed_at: '2026-01-13T00:00:00Z' }),
    'expired',
  ],
  ['an authorization', authorizedCharge(), 'authorized'],
  [
    'an authorization whose 3-D Secure address is still there',
    authorizedCharge({ authorize_uri: 'https://api.omise.co/payments/paym_test_1/authorize' }),
    'authorized',
  ],
  ['a card that waits for 3-D Secure', challengedCharge(), 'requires_action'],
  [
    'a card that waits for 3-D Secure before a manual capture',
    challengedCharge({ capture: false }),
    'requires_action',
  ],
  ['a wallet that waits for its payer', walletCharge(), 'requires_action'],
  ['a QR code', promptpayCharge(), 'requires_action'],
  ['a bill', billCharge(), 'requires_action'],
  ['a voucher', voucherCharge(), 'requires_action'],
  ['a pending charge that asks nobody', challengedCharge({ authorize_uri: null }), 'pending'],
  ['a pending charge with an empty address', challengedCharge({ authorize_uri: '' }), 'pending'],
  ['a paid charge', paidCharge(), 'captured'],
  ['a paid charge that is past its expiry', paidCharge({ expired_at: '2026-01-12T03:00:05Z' }), 'captured'],
  ['a charge refunded before settlement', paidCharge({ voided: true, refunded_amount: 45900 }), 'captured'],
  ['a successful charge that nobody paid', paidCharge({ paid: false }), 'unknown'],
  ['a word that nobody knows', paidCharge({ status: 'settled' }), 'unknown'],
];

describe('status', () => {
  it.each(table)('of %s', (_, wire, status) => {
    expect(readCharge(wire).charge.status).toBe(status);
  });

  it('keeps a word that nobody knows, and reports it without repeating it', () => {
    const { charge, drifts } = readCharge(paidCharge({ status: 'settled' }));
    expect(charge.providerStatus).toBe('settled');
    expect(drifts).toEqual(['status: unknown_value']);
    expect([isPaid(charge), isFinal(charge)]).toEqual([false, false]);
  });

  it('shows the flags that decided beside the word', () => {
    expect(readCharge(authorizedCharge()).charge.providerStatus).toBe('pending, authorized');
    expect(readCharge(paidCharge()).charge.providerStatus).toBe('successful');
    expect(readCharge(paidCharge({ voided: true, refunded_amount: 45900 })).charge.providerStatus).toBe(
      'successful, voided',
    );
    expect(readCharge(paidCharge({ paid: false })).charge.providerStatus).toBe('successful, not paid');
  });

  it('is exactly one for every combination of the fields that decide', () => {
    const booleans = [true, false];
    const counted = new Map<ChargeStatus, number>();
    for (const status of ['pending', 'successful', 'failed', 'expired', 'reversed', 'unheard']) {
      for (const authorized of booleans) {
        for (const paid of booleans) {
          for (const reversed of booleans) {
            for (const voided of [true, false, undefined]) {
              for (const expired of booleans) {
                for (const authorize_uri of [null, 'https://pay.example/1']) {
                  for (const base of [challengedCharge, promptpayCharge, voucherCharge]) {
                    for (const reversed_at of [null, '2026-01-06T00:00:00Z', '2026-02-06T00:00:00Z']) {
                      const decides = {
                        status,
                        authorized,
                        paid,
                        reversed,
                        voided,
                        expired,
                        authorize_uri,
                        reversed_at,
                      };
                      const { charge } = readCharge(
                        base({ ...decides, captured_amount: 45900, expired_at: '2026-01-12T03:00:05Z' }),
                      );
                      counted.set(charge.status, (counted.get(charge.status) ?? 0) + 1);
                      const tookMoney = status === 'successful' && paid && !reversed;
                      expect(charge.status === 'captured').toBe(tookMoney);
                      const told = paid ? 45900 : null;
                      const untaken = charge.status === 'unknown' ? told : 0;
                      expect(charge.amountCaptured).toBe(tookMoney ? 45900 : untaken);
                      expect(charge.status === 'failed').toBe(status === 'failed');
                      expect(charge.status === 'unknown').toBe(
                        status === 'unheard' || (status === 'successful' && !paid && !reversed),
                      );
                      expect(charge.status === 'requires_action').toBe(charge.nextAction !== null);
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    expect([...counted.keys()].toSorted()).toEqual(
      [
        'authorized',
        'captured',
        'expired',
        'failed',
        'pending',
        'requires_action',
        'unknown',
        'voided',
      ].toSorted(),
    );
  });
});

describe('an answer that is damaged where the status is decided', () => {
  const critical = ['object', 'id', 'amount', 'currency', 'status', 'authorized', 'paid', 'reversed'];

  it.each(critical)('is refused without %s', (field) => {
    const { [field]: _, ...rest } = paidCharge();
    expect(fits(omiseProvider, 'retrieve', rest)).toBe(false);
  });

  it.each([
    ['paid', 'true'],
    ['paid', 1],
    ['authorized', null],
    ['amount', '45900'],
    ['amount', 459.5],
    ['amount', -1],
    ['amount', 2 ** 53],
    ['currency', 'BAHT'],
    ['status', null],
  ])('is refused with %s as %j', (field, value) => {
    expect(fits(omiseProvider, 'retrieve', paidCharge({ [field]: value }))).toBe(false);
  });
});
