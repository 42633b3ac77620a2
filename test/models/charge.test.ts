import { describe, expect, expectTypeOf, it } from 'vitest';
import { redactChargeInPlace } from '../../src/calls/shown.js';
import {
  chargeSchema,
  chargeStatusSchema,
  disputeSchema,
  isFinal,
  isPaid,
  refundTotalOf,
  type Charge,
  type KnownCharge,
  type NextAction,
} from '../../src/index.js';
import { Secret } from '../../src/models/secret.js';

const charge = (changes: Partial<Record<keyof Charge, unknown>> = {}): Charge =>
  ({
    provider: 'acme',
    id: 'ch_1',
    status: 'captured',
    providerStatus: 'done',
    amount: 4590,
    amountCaptured: 4590,
    amountRefunded: 0,
    currency: 'EUR',
    refundStatus: 'none',
    disputed: false,
    livemode: false,
    description: null,
    statementDescriptor: null,
    customer: null,
    email: null,
    metadata: {},
    paymentMethod: null,
    nextAction: null,
    threeDS: null,
    failure: null,
    fee: null,
    refunds: null,
    disputes: null,
    createdAt: null,
    updatedAt: null,
    capturedAt: null,
    expiresAt: null,
    ...changes,
  }) as Charge;

const displayed = (changes: Partial<Extract<NextAction, { type: 'display_code' }>> = {}): Charge =>
  charge({
    status: 'requires_action',
    amountCaptured: 0,
    nextAction: {
      type: 'display_code',
      imageUrl: null,
      reference: '123 456 789',
      pageUrl: 'https://pay.provider.example/voucher/1',
      details: { entity: '21567' },
      expiresAt: null,
      ...changes,
    },
  });

const dispute = {
  id: 'dp_1',
  status: 'needs_response',
  amount: 4590,
  currency: 'EUR',
  reason: 'fraudulent',
  createdAt: '2026-03-01T12:00:00.000Z',
};

describe('a charge', () => {
  it('has amounts, a currency and a refund status wherever its status is known', () => {
    for (const status of chargeStatusSchema.options.filter((word) => word !== 'unknown')) {
      expect(chargeSchema.safeParse(charge({ status })).success).toBe(true);
      for (const field of ['amount', 'amountRefunded', 'currency', 'refundStatus'] as const)
        expect(chargeSchema.safeParse(charge({ status, [field]: null })).success, `${status} ${field}`).toBe(
          false,
        );
    }
  });

  it('may lack them where nobody knows where it stands', () => {
    const unknown = {
      status: 'unknown',
      amount: null,
      amountCaptured: null,
      amountRefunded: null,
      currency: null,
      refundStatus: null,
    };
    expect(chargeSchema.parse(charge(unknown))).toMatchObject(unknown);
    expect(chargeSchema.safeParse(charge({ ...unknown, amount: 45.9 })).success).toBe(false);
  });

  it('says in its type that only an unknown status leaves amounts open', () => {
    const some: Charge = charge();
    if (some.status === 'captured') {
      expectTypeOf(some.amount).toEqualTypeOf<number>();
      expectTypeOf(some.amountRefunded).toEqualTypeOf<number>();
      expectTypeOf(some.currency).toEqualTypeOf<string>();
    }
    expectTypeOf<Charge['amount']>().toEqualTypeOf<number | null>();
    expectTypeOf<KnownCharge['refundStatus']>().toEqualTypeOf<'none' | 'partial' | 'full'>();
  });

  it('carries disputes of one shape with those of events', () => {
    expect(chargeSchema.parse(charge({ disputed: true, disputes: [dispute] })).disputes).toEqual([dispute]);
    const nothingTold = { ...dispute, amount: null, currency: null, reason: null, createdAt: null };
    expect(disputeSchema.parse(nothingTold)).toEqual(nothingTold);
  });

  it('shows of a bank account what a payer recognises', () => {
    const bankAccount = {
      bankName: 'A Bank',
      last4: '6789',
      holderName: 'K. Lee',
      country: 'US',
      type: 'checking',
    };
    const paymentMethod = { type: 'bank_account', id: 'ba_1', bankAccount };
    expect(chargeSchema.parse(charge({ paymentMethod })).paymentMethod).toEqual(paymentMethod);
  });

  it('of an earlier version is read, without what that did not know', () => {
    const { disputes: _, ...earlier } = displayed();
    const nextAction = { type: 'display_code', imageUrl: null, reference: '1', expiresAt: null };
    expect(chargeSchema.parse({ ...earlier, nextAction })).toMatchObject({
      disputes: null,
      nextAction: { pageUrl: null, details: {} },
    });
  });
});

describe('what is shown of it', () => {
  const secrets = [new Secret('sk_live_canary')];
  const show = (shown: Charge) => {
    const drifts: string[] = [];
    redactChargeInPlace(shown, secrets, (path, kind) => drifts.push(`${path} ${kind}`));
    return drifts;
  };

  it('keeps a page of instructions and the details as they are', () => {
    const shown = displayed();
    const before = shown.nextAction;
    expect(show(shown)).toEqual([]);
    expect(shown.nextAction).toBe(before);
  });

  it('leaves out a page that no browser may be sent to, and says so', () => {
    for (const pageUrl of ['javascript:alert(1)', '/voucher/1', 'https://user:word@pay.example/1']) {
      const shown = displayed({ pageUrl });
      expect(show(shown)).toEqual(['nextAction.pageUrl unknown_value']);
      expect(shown.nextAction).toMatchObject({ pageUrl: null, reference: '123 456 789' });
    }
  });

  it('masks secrets in details, bank accounts and disputes', () => {
    const shown = charge({
      nextAction: displayed({ details: { bankName: 'sk_live_canary', entity: '1' } }).nextAction,
      paymentMethod: {
        type: 'bank_account',
        id: null,
        bankAccount: {
          bankName: 'sk_live_canary',
          last4: '6789',
          holderName: '4242424242424242',
          country: null,
          type: null,
        },
      },
      disputes: [{ ...dispute, reason: 'sk_live_canary' }, dispute],
    });
    show(shown);
    expect(JSON.stringify(shown)).not.toContain('canary');
    expect(JSON.stringify(shown)).not.toContain('4242424242424242');
    expect(JSON.stringify(shown)).toContain('needs_response');
  });
});

describe('what is no charge', () => {
  const charge = { status: 'captured', refundStatus: 'none' } as const;

  it.each([
    [isPaid, 'isPaid: this is no charge'],
    [isFinal, 'isFinal: this is no charge'],
  ])('is refused, for it would look unpaid', (ask, complaint) => {
    const refund = { chargeId: 'ch_1', id: 're_1', status: 'failed', amount: 4590 };
    for (const given of [
      undefined,
      null,
      'captured',
      {},
      [charge],
      { type: 'charge.succeeded', charge },
      refund,
    ])
      expect(() => ask(given as never)).toThrow(new TypeError(complaint));
    expect(() => ask(Promise.resolve(charge) as never)).toThrow(
      new TypeError(`${complaint} but a promise of one: await it first`),
    );
    expect(ask(charge)).toBe(true);
  });
});

describe('refundTotalOf', () => {
  it.each([
    [0, 4590, 'none'],
    [0, null, 'none'],
    [90, 4590, 'partial'],
    [4590, null, 'partial'],
    [4590, 4590, 'full'],
  ] as const)('of %s from %s is %s', (refunded, captured, total) => {
    expect(refundTotalOf(refunded, captured)).toBe(total);
  });

  it.each([NaN, Infinity, -1, 45.9, '4590', true, {}, null, undefined])(
    'refuses %s as what was refunded',
    (refunded) => {
      expect(() => refundTotalOf(refunded as never, 4590)).toThrow(
        new RangeError('amountRefunded must be a safe integer in minor units, at least 0'),
      );
    },
  );

  it.each([NaN, Infinity, -1, 45.9, '4590', true, {}, undefined])(
    'refuses %s as what was captured',
    (captured) => {
      expect(() => refundTotalOf(0, captured as never)).toThrow(
        new RangeError('amountCaptured must be a safe integer in minor units, at least 0'),
      );
    },
  );
});
