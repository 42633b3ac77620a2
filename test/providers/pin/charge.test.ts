import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { chargeSchema, isFinal, isPaid } from '../../../src/models/charge.js';
import { pinProvider } from '../../../src/providers/pin/index.js';
import authorized from '../../fixtures/pin/charge-authorized.json' with { type: 'json' };
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import pending from '../../fixtures/pin/charge-pending-3ds.json' with { type: 'json' };
import { fits } from '../seam.js';
import { recordedCall } from './call.js';
import { readCaptured, readCharge, readCreated, type Wire } from './reading.js';

/** As `retrieve` reads it; with another status or with 3-D Secure as the create reads it. */
const read = (wire: Wire, httpStatus = 200, threeDSAsked = false) => {
  const call = recordedCall({ livemode: false });
  const isRetrieved = httpStatus === 200 && !threeDSAsked;
  const charge = isRetrieved ? readCharge(wire, call) : readCreated(wire, call, httpStatus, threeDSAsked);
  return { charge, drifts: call.drifts };
};

const isAnswer = (body: unknown): boolean => fits(pinProvider, 'retrieve', body);

describe('a captured charge', () => {
  const { charge, drifts } = read(captured.response);

  it('is read whole', () => {
    expect(charge).toEqual({
      provider: 'pin',
      id: 'ch_q0W9e8R7t6Y5u4I3o2P1aS',
      status: 'captured',
      providerStatus: 'success=true captured=true',
      amount: 1250,
      amountCaptured: 1250,
      amountRefunded: 250,
      currency: 'AUD',
      refundStatus: 'partial',
      disputed: false,
      livemode: false,
      description: 'Order 78',
      statementDescriptor: null,
      customer: 'cus_B2n3M4q5W6e7R8t9Y0u1iO',
      email: 'kim@shop.example',
      metadata: { order: '78' },
      paymentMethod: {
        type: 'applepay',
        id: 'card_Z9y8X7w6V5u4T3s2R1q0pA',
        card: {
          // Pin's own word; the engine puts the shared one in its place.
          brand: 'master',
          last4: '4321',
          expMonth: 7,
          expYear: 2031,
          funding: null,
          country: 'AU',
          holderName: 'Kim Lee',
          fingerprint: null,
        },
      },
      nextAction: null,
      threeDS: null,
      failure: null,
      fee: { amount: 52, currency: 'AUD' },
      refunds: null,
      disputes: null,
      createdAt: '2025-02-03T04:05:06.000Z',
      updatedAt: null,
      capturedAt: '2025-02-04T01:02:03.000Z',
      expiresAt: null,
    });
    expect(drifts).toEqual([]);
  });

  it('is a normalized charge, in JSON as well', () => {
    expect(chargeSchema.parse(JSON.parse(JSON.stringify(charge)))).toEqual(charge);
  });

  it('carries the resource without its envelope and the stamp, where neither reaches a log', () => {
    expect(charge.raw).toBe(captured.response);
    expect(stampOf(charge)).toBe('order-78');
    expect(Object.keys(charge)).not.toContain('raw');
  });

  it('is paid and final', () => {
    expect([isPaid(charge), isFinal(charge)]).toEqual([true, true]);
  });

  it.each([
    [0, 'none'],
    [1, 'partial'],
    [1249, 'partial'],
    [1250, 'full'],
  ])('with %i given back is refunded: %s', (amount_refunded, refundStatus) => {
    expect(read({ ...captured.response, amount_refunded }).charge).toMatchObject({
      status: 'captured',
      amountCaptured: 1250,
      amountRefunded: amount_refunded,
      refundStatus,
    });
  });

  it('is unknown where nobody tells how much went back, for it may be everything', () => {
    const { amount_refunded: _, ...without } = captured.response;
    for (const wire of [without, { ...without, amount_refunded: null }]) {
      const { charge, drifts } = read(wire);
      expect(charge).toMatchObject({
        status: 'unknown',
        amountCaptured: 1250,
        amountRefunded: null,
        refundStatus: null,
      });
      expect(isPaid(charge)).toBe(false);
      expect(drifts).toEqual([['amount_refunded', 'missing']]);
    }
  });

  it('has nothing refunded yet in the answer of the create or capture that took it', () => {
    const wire = { ...captured.response, amount_refunded: null };
    for (const readOwn of [readCaptured, readCreated]) {
      const call = recordedCall({ livemode: false });
      expect(readOwn(wire, call)).toMatchObject({ status: 'captured', amountRefunded: 0 });
      expect(call.drifts).toEqual([['amount_refunded', 'missing']]);
    }
  });

  it('reports a refunded total above the charge', () => {
    const above = read({ ...captured.response, amount_refunded: 1251 });
    expect(above.charge.refundStatus).toBe('full');
    expect(above.drifts).toEqual([['amount_refunded', 'inconsistent']]);
  });

  it('is disputed while chargebacks are active, and stays captured', () => {
    expect(read({ ...captured.response, active_chargebacks: true }).charge).toMatchObject({
      status: 'captured',
      disputed: true,
    });
  });

  it('has no fee where the fee or its currency is not told', () => {
    expect(read({ ...captured.response, total_fees: null }).charge.fee).toBeNull();
    expect(read({ ...captured.response, settlement_currency: null }).charge.fee).toBeNull();
    const odd = read({ ...captured.response, settlement_currency: 'zzz' });
    expect(odd.charge.fee).toBeNull();
    expect(odd.drifts).toEqual([['settlement_currency', 'unknown_value']]);
  });
});

describe('an authorized charge', () => {
  it('has taken nothing, cost nothing and has no way of lapsing that Pin tells', () => {
    const { charge, drifts } = read({
      ...authorized.response,
      total_fees: 12,
      captured_at: '2025-02-04T01:02:03Z',
    });
    expect(charge).toMatchObject({
      status: 'authorized',
      amount: 1250,
      amountCaptured: 0,
      amountRefunded: 0,
      refundStatus: 'none',
      fee: null,
      capturedAt: null,
      expiresAt: null,
    });
    expect(drifts).toEqual([]);
    expect([isPaid(charge), isFinal(charge)]).toEqual([false, false]);
  });

  it('released is no refund', () => {
    const released = { ...authorized.response, authorisation_voided: true, amount_refunded: 1250 };
    expect(read(released).charge).toMatchObject({
      status: 'voided',
      amountRefunded: 0,
      refundStatus: 'none',
    });
    const lapsed = { ...authorized.response, authorisation_expired: true, amount_refunded: 1250 };
    expect(read(lapsed).charge).toMatchObject({ status: 'expired', amountRefunded: 0, refundStatus: 'none' });
  });
});

describe('a charge that waits for 3-D Secure', () => {
  it('sends the payer to the address of the answer', () => {
    const { charge } = read(pending.response, 202, true);
    expect(charge).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: 'https://acs.bank.example/challenge?id=77' },
      threeDS: { status: 'required', version: null, eci: null },
      amountCaptured: 0,
    });
  });

  it('found later has no address: the way on cannot be expressed', () => {
    const { redirect_url: _, ...found } = pending.response;
    expect(read(found).charge).toMatchObject({
      status: 'requires_action',
      nextAction: null,
      threeDS: { status: 'required' },
    });
  });
});

describe('3-D Secure', () => {
  it('that may have run is unknown: a fallback may have let the card through', () => {
    expect(read(captured.response, 200, true).charge.threeDS).toEqual({
      status: 'unknown',
      version: null,
      eci: null,
    });
    expect(
      read({ ...captured.response, success: false, captured: false }, 200, true).charge.threeDS?.status,
    ).toBe('unknown');
  });

  it('that was not asked for did not run', () => {
    expect(read(captured.response).charge.threeDS).toBeNull();
  });
});

describe('a failed charge', () => {
  it('keeps the text, and no code, because Pin gives none', () => {
    const failed = {
      ...authorized.response,
      success: false,
      error_message: 'insufficient_funds',
      status_message: 'Declined',
    };
    expect(read(failed).charge).toMatchObject({
      status: 'failed',
      amountCaptured: 0,
      failure: {
        code: 'generic_decline',
        message: 'insufficient_funds',
        providerCode: null,
        declineCode: null,
        networkCode: null,
        advice: 'use_other_card',
      },
    });
    expect(read({ ...failed, error_message: null }).charge.failure?.message).toBe('Declined');
  });
});

describe('metadata', () => {
  it('comes back untouched, without the marks of this library', () => {
    const metadata = {
      'Order No': '7',
      __proto__: 'x',
      nested_key: 'Ä',
      unicharge_key: 'k',
      unicharge_capture: 'manual',
    };
    Object.defineProperty(metadata, '__proto__', { value: 'kept', enumerable: true });
    const { charge } = read({ ...authorized.response, metadata });
    expect(Object.entries(charge.metadata)).toEqual([
      ['Order No', '7'],
      ['nested_key', 'Ä'],
      ['__proto__', 'kept'],
    ]);
    expect(stampOf(charge)).toBe('k');
  });

  it('without a stamp says so', () => {
    expect(stampOf(read(authorized.response).charge)).toBeNull();
  });
});

describe('a charge of another time or place', () => {
  it('reads the shape of 2013: without captured nothing is concluded', () => {
    const old = {
      token: 'ch_o1L2d3S4h5A6p7E8x9Y0zQ',
      success: true,
      amount: 400,
      currency: 'AUD',
      description: 'test charge',
      email: 'kim@shop.example',
      created_at: '2013-02-03T04:05:06Z',
      status_message: 'Success!',
      error_message: null,
      card: { token: 'card_Z9y8X7w6V5u4T3s2R1q0pA', display_number: 'XXXX-XXXX-XXXX-0000', scheme: 'master' },
      transfer: null,
    };
    expect(isAnswer({ response: old })).toBe(true);
    expect(read(old).charge).toMatchObject({
      status: 'unknown',
      amountCaptured: null,
      amountRefunded: null,
      refundStatus: null,
      disputed: false,
      metadata: {},
    });
    expect(isPaid(read(old).charge)).toBe(false);
  });

  it('reads a charge of nothing but a token, an amount and a currency', () => {
    const { charge } = read({ token: 'ch_1', amount: 1, currency: 'aud' });
    expect(chargeSchema.parse(charge)).toMatchObject({
      status: 'unknown',
      currency: 'AUD',
      paymentMethod: null,
    });
  });

  it('reports a currency whose base unit is not known, and a date that is none', () => {
    const { charge, drifts } = read({ ...captured.response, currency: 'KWD', created_at: '03/02/2025' });
    expect(charge).toMatchObject({ currency: 'KWD', createdAt: null });
    expect(drifts).toEqual([
      ['currency', 'unknown_value'],
      ['created_at', 'wrong_type'],
    ]);
  });

  it('turns a date with another zone into UTC', () => {
    expect(read({ ...captured.response, created_at: '2025-02-03T14:05:06+10:00' }).charge.createdAt).toBe(
      '2025-02-03T04:05:06.000Z',
    );
  });
});

describe('the schema of an answer', () => {
  it.each([
    ['no token', { token: '' }],
    ['an amount as text', { amount: '1250' }],
    ['a broken amount', { amount: 12.5 }],
    ['a negative amount', { amount: -1 }],
    ['an amount beyond safe integers', { amount: 2 ** 53 }],
    ['no currency', { currency: null }],
  ])('refuses %s', (_, change) => {
    expect(isAnswer({ response: { ...captured.response, ...change } })).toBe(false);
    expect(isAnswer(captured)).toBe(true);
  });

  it('refuses a charge without its envelope', () => {
    expect(isAnswer(captured.response)).toBe(false);
  });
});

describe('an answer that asks its payer for 3-D Secure', () => {
  it('has the address, or a drift event that says that it is missing', () => {
    expect(read(pending.response, 202).charge.nextAction).toMatchObject({ type: 'redirect' });
    const { redirect_url: _, ...without } = pending.response;
    const { charge, drifts } = read(without, 202);
    expect(charge).toMatchObject({ status: 'requires_action', nextAction: null });
    expect(drifts).toContainEqual(['redirect_url', 'missing']);
  });
});
