import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { chargeSchema, isPaid, type ThreeDS } from '../../../src/models/charge.js';
import {
  authorizedCharge,
  billCharge,
  challengedCharge,
  dispute,
  expiredCharge,
  failedCharge,
  paidCharge,
  promptpayCharge,
  refund,
  reversedCharge,
  voucherCharge,
  walletCharge,
  type WireObject,
} from '../../fixtures/omise/charges.js';
import { readCharge } from './read-charge.js';

const documented = 'AUD CAD CHF CNY DKK EUR GBP HKD IDR JPY MYR SGD THB USD'.split(' ');

describe('a charge', () => {
  it('reads every field that Omise has', () => {
    const { charge, drifts } = readCharge(paidCharge({ customer: 'cust_test_1' }));
    expect(drifts).toEqual([]);
    expect(charge).toEqual({
      provider: 'omise',
      id: 'chrg_test_0aaaaaaaaaaaaaaaaa1',
      status: 'captured',
      providerStatus: 'successful',
      amount: 45900,
      amountCaptured: 45900,
      amountRefunded: 0,
      currency: 'THB',
      refundStatus: 'none',
      disputed: false,
      livemode: false,
      description: 'order 77',
      statementDescriptor: null,
      customer: 'cust_test_1',
      email: null,
      metadata: { order: '77' },
      paymentMethod: {
        type: 'card',
        id: 'card_test_0bbbbbbbbbbbbbbbbb1',
        card: {
          brand: 'Visa',
          last4: '4242',
          expMonth: 8,
          expYear: 2030,
          funding: 'credit',
          country: 'TH',
          holderName: 'A TESTER',
          fingerprint: 'ZmFrZQ==',
        },
      },
      nextAction: null,
      threeDS: null,
      failure: null,
      fee: { amount: 1792, currency: 'THB' },
      refunds: [],
      disputes: [],
      createdAt: '2026-01-05T03:00:00.000Z',
      updatedAt: null,
      capturedAt: '2026-01-05T03:00:01.000Z',
      expiresAt: null,
    });
  });

  const everyShape: WireObject[] = [
    authorizedCharge(),
    billCharge(),
    challengedCharge(),
    expiredCharge(),
    failedCharge(),
    paidCharge(),
    promptpayCharge(),
    reversedCharge(),
    voucherCharge(),
    walletCharge(),
  ];

  it.each(everyShape)('is plain JSON that the schema accepts: $status', (wire) => {
    const { charge } = readCharge(wire);
    expect(chargeSchema.parse(JSON.parse(JSON.stringify(charge)))).toEqual(charge);
  });

  it('carries the resource and the stamp where no log finds them', () => {
    const wire = paidCharge({ metadata: { order: '77', unicharge_key: 'order-77' } });
    const { charge } = readCharge(wire);
    expect(charge.metadata).toEqual({ order: '77' });
    expect(stampOf(charge)).toBe('order-77');
    expect(charge.raw).toBe(wire);
    expect(JSON.stringify(charge)).not.toContain('order-77');
  });

  it('reads the customer also where it was expanded', () => {
    expect(
      readCharge(paidCharge({ customer: { object: 'customer', id: 'cust_test_1' } })).charge.customer,
    ).toBe('cust_test_1');
  });

  it('reads the old names of version 2017-11-02', () => {
    const { refunded_amount: _amount, created_at: _created, ...old } = paidCharge({ currency: 'thb' });
    const { charge, drifts } = readCharge({
      ...old,
      refunded: 900,
      created: '2026-01-05T03:00:00Z',
      refunds: undefined,
    });
    expect(drifts).toEqual([]);
    expect(charge).toMatchObject({
      currency: 'THB',
      amountRefunded: 900,
      createdAt: '2026-01-05T03:00:00.000Z',
    });
  });

  it('shows little of a card that was deleted', () => {
    const deleted = { object: 'card', id: 'card_test_1', livemode: false, deleted: true };
    const { charge } = readCharge(paidCharge({ card: deleted }));
    expect(charge.paymentMethod).toEqual({
      type: 'card',
      id: 'card_test_1',
      card: {
        brand: null,
        last4: null,
        expMonth: null,
        expYear: null,
        funding: null,
        country: null,
        holderName: null,
        fingerprint: null,
      },
    });
  });

  it('names a source by its own word', () => {
    const { charge } = readCharge(walletCharge());
    expect(charge.paymentMethod).toEqual({ type: 'truemoney', id: 'src_test_0eeeeeeeeeeeeeeee1' });
    expect(charge.email).toBe('payer@example.com');
  });

  it.each([
    ['a time that is none', 'yesterday'],
    ['a time without a zone', '2026-01-05T03:00:00'],
  ])('reports %s', (_, created_at) => {
    const { charge, drifts } = readCharge(paidCharge({ created_at }));
    expect(charge.createdAt).toBeNull();
    expect(drifts).toEqual(['created_at: wrong_type']);
  });
});

describe('amounts', () => {
  it.each([
    ['failed', failedCharge()],
    ['expired', expiredCharge()],
    ['reversed', reversedCharge({ captured_amount: 45900 })],
    ['authorized', authorizedCharge({ captured_amount: 45900 })],
  ])('captured is 0 on a charge that is %s, whatever captured_amount says', (_, wire) => {
    expect(readCharge(wire).charge).toMatchObject({
      amount: 45900,
      amountCaptured: 0,
      amountRefunded: 0,
      fee: null,
    });
  });

  it('captured is less than the amount after a partial capture, and the rest is no refund', () => {
    const wire = paidCharge({
      authorization_type: 'pre_auth',
      captured_amount: 40000,
      funding_amount: 40000,
    });
    expect(readCharge(wire).charge).toMatchObject({
      amount: 45900,
      amountCaptured: 40000,
      amountRefunded: 0,
      refundStatus: 'none',
    });
  });

  it('captured is the amount where an old answer does not say', () => {
    const { captured_amount: _, ...old } = paidCharge();
    expect(readCharge(old).charge.amountCaptured).toBe(45900);
  });

  it('captured is not guessed where a charge that allows a partial capture does not say', () => {
    const { charge } = readCharge(paidCharge({ authorization_type: 'pre_auth', captured_amount: null }));
    expect(charge.amountCaptured).toBeNull();
  });

  it.each([
    [0, 'none'],
    [900, 'partial'],
    [39999, 'partial'],
    [40000, 'full'],
  ])('refunded %i of 40000 captured is %s', (refunded_amount, refundStatus) => {
    const wire = paidCharge({ captured_amount: 40000, refunded_amount, refunds: undefined });
    expect(readCharge(wire).charge).toMatchObject({
      status: 'captured',
      amountRefunded: refunded_amount,
      refundStatus,
    });
  });

  it('refunded in full is judged by the charge, never by the payout in another currency', () => {
    const wire = paidCharge({
      currency: 'USD',
      funding_currency: 'THB',
      funding_amount: 1600000,
      refunded_amount: 45900,
      refunds: undefined,
    });
    expect(readCharge(wire).charge.refundStatus).toBe('full');
  });

  it('a full refund before settlement is a refund, not a void', () => {
    const whole = refund({ amount: 45900, voided: true });
    const { charge, drifts } = readCharge(
      paidCharge({ voided: true, refunded_amount: 45900, refunds: { data: [whole], total: 1 } }),
    );
    expect(charge).toMatchObject({
      status: 'captured',
      amountCaptured: 45900,
      amountRefunded: 45900,
      refundStatus: 'full',
    });
    expect(charge.refunds).toHaveLength(1);
    expect(isPaid(charge)).toBe(false);
    expect(drifts).toEqual([]);
  });

  it('are summed from the refunds where the total is missing', () => {
    const refunds = { data: [refund(), refund({ id: 'rfnd_test_2', amount: 100 })], total: 2 };
    const { charge, drifts } = readCharge(paidCharge({ refunded_amount: null, refunds }));
    expect(charge.amountRefunded).toBe(1000);
    expect(drifts).toEqual(['refunded_amount: missing']);
  });

  it('that cannot be read at all make the charge unknown, never paid', () => {
    const { charge } = readCharge(paidCharge({ refunded_amount: null, refunds: null }));
    expect(charge.status).toBe('unknown');
    expect(isPaid(charge)).toBe(false);
  });

  it.each([
    [
      'more refunded than captured',
      { refunded_amount: 50000, refunds: null },
      'refunded_amount: inconsistent',
    ],
    ['more captured than asked', { captured_amount: 50000 }, 'captured_amount: inconsistent'],
  ])('report %s', (_, changes, drift) => {
    expect(readCharge(paidCharge(changes)).drifts).toEqual([drift]);
  });

  it('are not listed as refunds where not all of them fit', () => {
    const refunds = { data: [refund()], total: 2 };
    expect(readCharge(paidCharge({ refunded_amount: 1800, refunds })).charge.refunds).toBeNull();
  });

  it('survive a refund that cannot be read: the refunds are left out, and that is reported', () => {
    const refunds = { data: [refund({ amount: '900' })], total: 1 };
    const { charge, drifts } = readCharge(paidCharge({ refunded_amount: 900, refunds }));
    expect(charge).toMatchObject({ amountRefunded: 900, refundStatus: 'partial', refunds: null });
    expect(drifts).toEqual(['refunds.data: wrong_type']);
  });

  it('pass through unchanged in every documented currency, also in lower case', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...documented),
        fc.nat(2 ** 40),
        fc.boolean(),
        (currency, amount, lower) => {
          const wire = paidCharge({
            amount,
            captured_amount: amount,
            currency: lower ? currency.toLowerCase() : currency,
          });
          const { charge, drifts } = readCharge(wire);
          expect([charge.amount, charge.amountCaptured, charge.currency]).toEqual([amount, amount, currency]);
          expect(drifts).toEqual([]);
        },
      ),
    );
  });

  it('in a currency that is not documented are read, and reported', () => {
    expect(readCharge(paidCharge({ currency: 'KWD' })).drifts).toEqual(['currency: unknown_value']);
  });
});

describe('fee', () => {
  it('is the fee with its tax, in the currency of the payout', () => {
    const wire = paidCharge({
      currency: 'USD',
      funding_currency: 'THB',
      fee: 5000,
      fee_vat: 350,
      interest: 900,
    });
    expect(readCharge(wire).charge.fee).toEqual({ amount: 5350, currency: 'THB' });
  });

  it.each(['fee', 'fee_vat', 'funding_currency'])('is not claimed without %s', (field) => {
    expect(readCharge(paidCharge({ [field]: null })).charge.fee).toBeNull();
  });
});

describe('times', () => {
  it.each([
    ['an authorization', authorizedCharge(), '2026-01-12T03:00:00.000Z'],
    ['a payment that waits', challengedCharge(), '2026-01-12T03:00:00.000Z'],
    ['a paid charge', paidCharge(), null],
    ['a failed charge', failedCharge(), null],
    ['an expired charge', expiredCharge(), null],
    ['a reversed charge', reversedCharge(), null],
  ])('say when %s lapses', (_, wire, expiresAt) => {
    expect(readCharge(wire).charge.expiresAt).toBe(expiresAt);
  });
});

describe('next action', () => {
  it('sends the payer to the authorization page', () => {
    expect(readCharge(challengedCharge()).charge.nextAction).toEqual({
      type: 'redirect',
      url: 'https://api.omise.co/payments/paym_test_0ddddddddddddddd1/authorize',
    });
  });

  it('shows a QR code', () => {
    expect(readCharge(promptpayCharge()).charge.nextAction).toEqual({
      type: 'display_code',
      imageUrl:
        'https://api.omise.co/charges/chrg_test_0aaaaaaaaaaaaaaaaa1/documents/docu_test_0fffffffffffffff1/downloads/0123456789ABCDEF',
      reference: null,
      pageUrl: null,
      details: {},
      expiresAt: '2026-01-12T03:00:00.000Z',
    });
  });

  it('shows the picture and the numbers of a bill', () => {
    expect(readCharge(billCharge()).charge.nextAction).toMatchObject({
      type: 'display_code',
      imageUrl: expect.stringContaining('/downloads/ABCDEF0123456789'),
      reference: '068263727885787840 821096282175265091',
    });
  });

  it.each([
    [{ payment_code: '90133' }, '90133'],
    [{ va_code: '7788' }, '7788'],
    [{ barcode: '0120000001' }, '0120000001'],
    [{ reference_number_1: '11' }, '11'],
  ])('shows the reference of %j', (references, reference) => {
    const wire = voucherCharge({ source: { type: 'econtext', flow: 'offline', references } });
    expect(readCharge(wire).charge.nextAction).toMatchObject({
      type: 'display_code',
      imageUrl: null,
      reference,
    });
  });

  it.each(['https://pay.example/1.png', 'HTTPS://pay.example/1.png'])(
    'shows the barcode at %s as a picture',
    (barcode) => {
      const references = { barcode, payment_code: '90133' };
      const wire = voucherCharge({ source: { type: 'econtext', flow: 'offline', references } });
      const { nextAction } = readCharge(wire).charge;
      expect(nextAction).toMatchObject({ imageUrl: barcode, details: { paymentCode: '90133' } });
      expect(nextAction).not.toHaveProperty('details.barcode');
    },
  );

  it.each([
    ['paid', paidCharge({ authorize_uri: 'https://pay.example/1' })],
    ['authorized', authorizedCharge({ authorize_uri: 'https://pay.example/1' })],
    ['failed', failedCharge({ authorize_uri: 'https://pay.example/1' })],
    ['expired', promptpayCharge({ status: 'expired' })],
  ])('is nothing once the charge is %s, though the address stays', (_, wire) => {
    expect(readCharge(wire).charge.nextAction).toBeNull();
  });
});

describe('3-D Secure', () => {
  const uri = 'https://api.omise.co/payments/paym_test_1/authorize';
  const table: readonly (readonly [what: string, wire: WireObject, status: ThreeDS['status'] | null])[] = [
    ['is required while the payer has not been there', challengedCharge(), 'required'],
    ['is authenticated by 3DS', paidCharge({ authenticated_by: '3DS', authorize_uri: uri }), 'authenticated'],
    [
      'is authenticated by a passkey',
      authorizedCharge({ authenticated_by: 'PASSKEY', authorize_uri: uri }),
      'authenticated',
    ],
    ['is unknown after a payment that only kept the address', paidCharge({ authorize_uri: uri }), 'unknown'],
    [
      'is unknown after an authorization that only kept the address',
      authorizedCharge({ authorize_uri: uri }),
      'unknown',
    ],
    ['is unknown after a failure', failedCharge({ authorize_uri: uri }), 'unknown'],
    [
      'is unknown after a failure that names a way',
      failedCharge({ authorize_uri: uri, authenticated_by: '3DS' }),
      'unknown',
    ],
    ['is null without an address', paidCharge(), null],
    ['is null for a failure without an address', failedCharge(), null],
    ['is null for a wallet', walletCharge(), null],
    [
      'is null for a wallet that was paid',
      walletCharge({ status: 'successful', authorized: true, paid: true }),
      null,
    ],
  ];

  it.each(table)('%s', (_, wire, status) => {
    expect(readCharge(wire).charge.threeDS).toEqual(
      status === null ? null : { status, version: null, eci: null },
    );
  });

  it('reports a way that nobody knows', () => {
    const { charge, drifts } = readCharge(paidCharge({ authenticated_by: 'RETINA', authorize_uri: uri }));
    expect(charge.threeDS?.status).toBe('unknown');
    expect(drifts).toEqual(['authenticated_by: unknown_value']);
  });
});

describe('disputes', () => {
  it('are those that the charge carries', () => {
    const wire = dispute({ amount: 40000, currency: 'thb' });
    const { charge, drifts } = readCharge(paidCharge({ dispute: wire }));
    expect(charge.disputes).toEqual([
      {
        id: 'dspt_test_0kkkkkkkkkkkkkkkk1',
        status: 'open',
        amount: 40000,
        currency: 'THB',
        reason: 'goods_or_services_not_provided',
        createdAt: '2026-02-01T03:00:00.000Z',
      },
    ]);
    expect(charge).toMatchObject({ disputed: true, status: 'captured', amountCaptured: 45900 });
    expect(drifts).toEqual([]);
  });

  it('are none where Omise says so, and not told where the member is missing', () => {
    expect(readCharge(paidCharge()).charge.disputes).toEqual([]);
    const { dispute: _, ...without } = paidCharge();
    const { charge, drifts } = readCharge(without);
    expect(charge).toMatchObject({ disputes: null, disputed: false, status: 'captured' });
    expect(drifts).toEqual([]);
  });

  it('that cannot be read are left out, and that is reported', () => {
    const { charge, drifts } = readCharge(paidCharge({ dispute: 'dspt_test_1' }));
    expect(charge).toMatchObject({ disputes: null, disputed: true });
    expect(drifts).toEqual(['dispute: wrong_type']);
  });

  it('in a currency that nobody knows do not hide the charge', () => {
    const { charge } = readCharge(paidCharge({ dispute: dispute({ currency: 'QQQ' }) }));
    expect(charge.disputes).toMatchObject([{ currency: null, amount: 45900 }]);
    expect(chargeSchema.safeParse(charge).success).toBe(true);
  });
});

describe('a dispute', () => {
  it.each([
    ['open', true],
    ['pending', true],
    ['lost', true],
    ['won', false],
    ['closed', false],
  ])('that is %s makes the charge disputed: %s', (status, disputed) => {
    const { charge } = readCharge(paidCharge({ dispute: { object: 'dispute', id: 'dspt_test_1', status } }));
    expect(charge).toMatchObject({ status: 'captured', disputed });
  });

  it.each(['dspt_test_1', {}, { status: 7 }])('that says no status counts: %j', (dispute) => {
    expect(readCharge(paidCharge({ dispute })).charge.disputed).toBe(true);
  });
});
