import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { chargeSchema, isPaid } from '../../../src/models/charge.js';
import { money } from '../../../src/models/money.js';
import card from '../../fixtures/magpie/charge-card.json' with { type: 'json' };
import failed from '../../fixtures/magpie/charge-failed.json' with { type: 'json' };
import list from '../../fixtures/magpie/list.json' with { type: 'json' };
import { read, readBody, readCaptured, readCreated } from './wire-charges.js';

describe('a captured card charge', () => {
  it('is read whole', () => {
    const { charge, drifts } = read();
    expect(charge).toEqual({
      provider: 'magpie',
      id: 'ch_1cc1',
      status: 'captured',
      providerStatus: 'succeeded',
      amount: 50000,
      amountCaptured: 50000,
      amountRefunded: 12000,
      currency: 'PHP',
      refundStatus: 'partial',
      disputed: false,
      livemode: false,
      description: 'Order 80',
      statementDescriptor: 'TINDAHAN',
      customer: null,
      email: null,
      metadata: { order: '80' },
      paymentMethod: {
        type: 'card',
        id: 'src_1dd1',
        card: {
          brand: 'visa',
          last4: '1112',
          expMonth: 9,
          expYear: 2029,
          funding: 'credit',
          country: 'PH',
          holderName: 'Ana Reyes',
          fingerprint: null,
        },
      },
      nextAction: null,
      threeDS: { status: 'unknown', version: null, eci: null },
      failure: null,
      fee: null,
      refunds: [
        {
          provider: 'magpie',
          id: 're_1ff1',
          chargeId: 'ch_1cc1',
          amount: 12000,
          currency: 'PHP',
          status: 'succeeded',
          reason: 'requested_by_customer',
          providerReason: 'requested_by_customer',
          failure: null,
          createdAt: '2025-02-05T01:30:00.000Z',
          metadata: {},
        },
      ],
      disputes: null,
      createdAt: '2025-02-04T00:00:01.000Z',
      updatedAt: '2025-02-05T01:30:02.999Z',
      capturedAt: null,
      expiresAt: null,
    });
    expect(drifts).toEqual([]);
  });

  it('is plain JSON, and keeps the stamp and the resource out of it', () => {
    const { charge } = read();
    expect(chargeSchema.parse(JSON.parse(JSON.stringify(charge)))).toEqual(charge);
    expect(stampOf(charge)).toBe('order-80');
    expect(charge.raw).toEqual(card);
    expect(Object.keys(charge)).not.toContain('raw');
  });
});

describe('a wallet charge that waits for the payer', () => {
  const { charge } = readBody(list.data[0]);

  it('tells where to send the payer, in upper-case currency and UTC', () => {
    expect(charge).toMatchObject({
      status: 'requires_action',
      currency: 'PHP',
      amount: 12550,
      amountCaptured: 0,
      nextAction: { type: 'redirect', url: 'https://wallet.test/pay/1' },
      paymentMethod: { type: 'gcash', id: 'src_0bb1' },
      threeDS: null,
      createdAt: '2025-02-03T02:11:13.000Z',
      refunds: [],
    });
    expect(chargeSchema.parse(JSON.parse(JSON.stringify(charge)))).toEqual(charge);
  });
});

describe('a charge with half of its fields missing', () => {
  it('is read with what is there', () => {
    const bare = { id: 'ch_1', amount: 100, currency: 'php', status: 'pending' };
    const { charge, drifts } = readBody(bare);
    expect(chargeSchema.parse(charge)).toMatchObject({
      status: 'pending',
      description: null,
      paymentMethod: null,
      livemode: null,
      metadata: {},
      refunds: null,
      createdAt: null,
    });
    expect(drifts).toEqual([]);
  });
});

describe('amounts', () => {
  const manual = { order: '80', unicharge_capture: 'manual', unicharge_key: 'order-80' };

  it('are not known for what was captured of an authorization', () => {
    const { charge } = read({ metadata: manual, amount_refunded: 0, refunds: [] });
    expect(charge).toMatchObject({
      amount: 50000,
      amountCaptured: null,
      amountRefunded: 0,
      refundStatus: 'none',
    });
    expect(isPaid(charge)).toBe(true);
  });

  it('are the sent ones in the answer of our own capture', () => {
    const change = { metadata: manual, amount_refunded: 0, refunds: [] };
    expect(readCaptured(change, 40000).charge.amountCaptured).toBe(40000);
    // Whether the amount shrinks after a partial capture is documented nowhere: both ways are the same capture.
    expect(readCaptured({ ...change, amount: 40000 }, 40000)).toMatchObject({
      charge: { amountCaptured: 40000 },
      drifts: [],
    });
  });

  it('never claim a capture that the answer contradicts', () => {
    const { charge, drifts } = readCaptured({ amount: 30000, amount_refunded: 0, refunds: [] }, 40000);
    expect(charge.amountCaptured).toBe(30000);
    expect(drifts).toEqual([['amount', 'inconsistent']]);
  });

  it('show the mark of an authorization to nobody', () => {
    expect(read({ metadata: manual }).charge.metadata).toEqual({ order: '80' });
  });

  it.each([
    ['none', { amount_refunded: 0, refunds: [] }, 'none'],
    ['a part', { amount_refunded: 49999 }, 'partial'],
    ['all', { amount_refunded: 50000 }, 'full'],
    ['a part of an unknown amount', { amount_refunded: 12000, metadata: manual }, 'partial'],
    ['as much as was authorized', { amount_refunded: 50000, metadata: manual }, 'full'],
    [
      'all of an unknown amount, by the word',
      { status: 'refunded', amount_refunded: 12000, metadata: manual },
      'full',
    ],
    ['all, by the word', { status: 'refunded', amount_refunded: 50000 }, 'full'],
  ] as const)('say how much was refunded: %s', (_, change, expected) => {
    const { charge, drifts } = read(change);
    expect(charge).toMatchObject({ status: 'captured', refundStatus: expected });
    expect(drifts).toEqual([]);
  });

  it('follow the word refunded over a smaller number, and report it', () => {
    const { charge, drifts } = read({ status: 'refunded', amount_refunded: 0, refunds: [] });
    expect(charge).toMatchObject({ status: 'captured', amountRefunded: 0, refundStatus: 'full' });
    expect(isPaid(charge)).toBe(false);
    expect(drifts).toEqual([['amount_refunded', 'inconsistent']]);
  });

  it('report more refunded than was captured', () => {
    const { charge, drifts } = read({ amount_refunded: 60000 });
    expect(charge.amountRefunded).toBe(60000);
    expect(drifts).toEqual([['amount_refunded', 'inconsistent']]);
  });

  it('count the refunds where the total is missing, without failed ones', () => {
    const refund = { id: 're_1', amount: 700, status: 'pending' };
    const refunds = [
      refund,
      { id: 're_2', amount: 300, status: 'failed' },
      { id: 're_3', amount: 50, status: 'succeeded' },
    ];
    const { charge, drifts } = read({ amount_refunded: undefined, refunds });
    expect(charge).toMatchObject({ amountRefunded: 750, refundStatus: 'partial' });
    expect(drifts).toEqual([['amount_refunded', 'missing']]);
  });

  it('are not told where total and refunds are both missing, and then the charge is unknown', () => {
    const untold = { amount_refunded: undefined, refunds: null };
    const { charge, drifts } = read(untold);
    expect(charge).toMatchObject({ status: 'unknown', amountRefunded: null, refundStatus: null });
    expect(charge.amountCaptured).toBe(charge.amount);
    expect(drifts).toEqual([['amount_refunded', 'missing']]);
    // The answer of our own create or capture: nothing can have been refunded before.
    expect(readCreated(untold).charge).toMatchObject({ status: 'captured', amountRefunded: 0 });
    expect(readCaptured(untold, 50000).charge).toMatchObject({ status: 'captured', amountRefunded: 0 });
    expect(read({ ...untold, status: 'refunded' }).charge).toMatchObject({
      status: 'captured',
      amountRefunded: charge.amount,
      refundStatus: 'full',
    });
  });

  it.each(['voided', 'canceled', 'expired', 'failed'])('are no refund when the charge is %s', (status) => {
    const { charge } = read({ status });
    expect(charge).toMatchObject({ amountCaptured: 0, amountRefunded: 0, refundStatus: 'none' });
  });

  it('are the same on both sides, for every currency', () => {
    fc.assert(
      fc.property(fc.constantFrom(...money.currencies), fc.nat(), (currency, amount) => {
        const { charge } = read({
          amount,
          currency: currency.toLowerCase(),
          amount_refunded: 0,
          refunds: [],
        });
        expect(charge).toMatchObject({ amount, amountCaptured: amount, currency });
      }),
    );
  });
});

describe('3-D Secure', () => {
  const pending = {
    status: 'pending',
    authorized: false,
    captured: false,
    action: { type: 'redirect_to_url', url: 'https://api.magpie.im/v2/charges/auth/ra_1' },
  };
  const wallet = { id: 'src_1', type: 'gcash', card: null };

  it.each([
    ['a card that waits for the payer', pending, 'required'],
    ['a card that waits although it was switched off', { ...pending, require_auth: false }, 'required'],
    ['a captured card', {}, 'unknown'],
    ['a captured card, the switch left out', { require_auth: undefined }, 'unknown'],
    ['an authorized card', { status: 'pending', authorized: true, captured: false }, 'unknown'],
    ['a captured card with it switched off', { require_auth: false }, undefined],
    ['a captured wallet', { source: wallet }, undefined],
    ['a wallet that waits for the payer', { ...pending, source: wallet }, undefined],
    ['a card that failed at it', { ...failed }, 'failed'],
    [
      'a card that failed at something else',
      { ...failed, failure_data: { code: 'expired_card' } },
      undefined,
    ],
  ])('of %s', (_, change, expected) => {
    expect(read(change).charge.threeDS?.status).toBe(expected);
  });
});

describe('a failed charge', () => {
  it('says why, in shared words and in the words of the provider', () => {
    const { charge, drifts } = read({ ...failed });
    expect(charge).toMatchObject({ status: 'failed', amountCaptured: 0 });
    expect(charge.failure).toEqual({
      code: 'authentication_required',
      message: 'The card requires authentication.',
      providerCode: 'authentication_required',
      declineCode: null,
      networkCode: 'AUTH01',
      advice: 'fix_details',
    });
    expect(drifts).toEqual([]);
  });

  it.each([
    [{ ...failed, failure_data: null }, []],
    [{ ...failed, failure_data: { code: null, reason: null } }, []],
    [{ ...failed, failure_data: { code: 'too_sunny' } }, [['failure_data.code', 'unknown_value']]],
    [{ ...failed, failure_data: { code: 'constructor' } }, [['failure_data.code', 'unknown_value']]],
  ])('without a known code is a generic decline', (change, expected) => {
    const { charge, drifts } = read(change);
    expect(charge.failure).toMatchObject({ code: 'generic_decline', advice: 'use_other_card' });
    expect(drifts).toEqual(expected);
  });
});

describe('times', () => {
  it.each([
    ['2025-02-03T10:11:12.131415+08:00', '2025-02-03T02:11:12.131Z'],
    ['2025-02-03T10:11:12Z', '2025-02-03T10:11:12.000Z'],
    ['2025-02-03T10:11:12+0800', '2025-02-03T02:11:12.000Z'],
  ])('with a zone are read: %s', (wire, expected) => {
    expect(read({ created_at: wire })).toMatchObject({ charge: { createdAt: expected }, drifts: [] });
  });

  it.each(['2025-02-03T10:11:12', '2025-02-03', 'yesterday', '2025-13-03T10:11:12Z'])(
    'without one are not guessed: %s',
    (wire) => {
      expect(read({ created_at: wire })).toMatchObject({
        charge: { createdAt: null },
        drifts: [['created_at', 'wrong_type']],
      });
    },
  );
});

describe('the card', () => {
  it.each([
    ['PH', 'PH'],
    ['Philippines', 'PH'],
    ['United States of America', 'US'],
    // The engine leaves it out and reports it.
    ['Atlantis', 'Atlantis'],
    [null, null],
  ])('of the country %j is told as of %j', (country, shown) => {
    const { charge } = read({ source: { ...card.source, card: { ...card.source.card, country } } });
    expect(charge.paymentMethod?.card?.country).toBe(shown);
  });

  it('of a bank tells its account without the number', () => {
    const bank_account = {
      reference_id: 'ref-1',
      bank_type: 'retail',
      bank_code: 'bdo',
      account_name: 'Juan D. Cruz',
      account_number: '0012 3456-7890',
      account_type: 'savings',
      expires_at: '2026-12-01T00:00:00+08:00',
      metadata: {},
    };
    const of = (account: object) =>
      read({ source: { object: 'source', id: 'src_1', type: 'bdo', card: null, bank_account: account } })
        .charge;
    expect(of(bank_account).paymentMethod).toEqual({
      type: 'bdo',
      id: 'src_1',
      bankAccount: {
        bankName: 'bdo',
        last4: '7890',
        holderName: 'Juan D. Cruz',
        country: null,
        type: 'savings',
      },
    });
    expect(JSON.stringify(of(bank_account))).not.toContain('3456');
    expect(of({ account_number: '******7890' }).paymentMethod?.bankAccount?.last4).toBe('7890');
    for (const account_number of ['7890', '', null, 'none']) {
      expect(of({ account_number }).paymentMethod?.bankAccount?.last4).toBeNull();
    }
  });

  it('has no expiry where it is no number', () => {
    const source = { id: 'src_1', type: 'card', card: { exp_month: 'XX', exp_year: '29', last4: null } };
    expect(read({ source }).charge.paymentMethod?.card).toMatchObject({
      expMonth: null,
      expYear: null,
      last4: null,
    });
  });
});
