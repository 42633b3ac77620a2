import { describe, expect, it } from 'vitest';
import { isFinal, isPaid, type ChargeStatus } from '../../../src/models/charge.js';
import { toCharge } from './reading.js';
import { scriptedCall } from './scripted-call.js';
import {
  authorizedIntent,
  capturedCharge,
  paidIntent,
  wireCharge,
  wireIntent,
  wireList,
  wireRefund,
} from './wire-objects.js';

const capturedByIntent = capturedCharge({ payment_intent: 'pi_demoA1' });

/** The status of an intent whose charge came along, so that nothing has to be read besides. */
const intentStatus = async (fields: Readonly<Record<string, unknown>>): Promise<ChargeStatus> => {
  const wire = wireIntent({ latest_charge: capturedByIntent, ...fields });
  return (await toCharge(wire, scriptedCall())).status;
};

/** The status of a charge whose release, where it had one, was a lapse or not. */
const chargeStatus = async (
  fields: Readonly<Record<string, unknown>>,
  hasLapsed: boolean,
): Promise<ChargeStatus> => {
  const refund = wireRefund({
    amount: 4590,
    payment_intent: null,
    reason: hasLapsed ? 'expired_uncaptured_charge' : null,
  });
  const call = scriptedCall({ 'GET /v1/refunds': wireList([refund]) });
  return (await toCharge(wireCharge(fields), call)).status;
};

const declined = {
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  message: 'Your card was declined.',
};

describe('the status of an intent', () => {
  const table: readonly (readonly [row: string, fields: Record<string, unknown>, status: ChargeStatus])[] = [
    ['1: cancelled by Stripe', { status: 'canceled', cancellation_reason: 'automatic' }, 'expired'],
    ['1: lapsed', { status: 'canceled', cancellation_reason: 'expired' }, 'expired'],
    [
      '2: cancelled by the caller',
      { status: 'canceled', cancellation_reason: 'requested_by_customer' },
      'voided',
    ],
    [
      '2: cancelled with a reason of tomorrow',
      { status: 'canceled', cancellation_reason: 'new_word' },
      'voided',
    ],
    ['2: cancelled without a reason', { status: 'canceled', cancellation_reason: null }, 'voided'],
    ['3: one of several captures', { status: 'requires_capture', amount_received: 100 }, 'captured'],
    ['4: authorized', { status: 'requires_capture', amount_received: 0 }, 'authorized'],
    ['5: paid', { status: 'succeeded' }, 'captured'],
    ['6: the payer has to act', { status: 'requires_action' }, 'requires_action'],
    ['6: in the words of 2018', { status: 'requires_source_action' }, 'requires_action'],
    ['7: on its way', { status: 'processing' }, 'pending'],
    ['8: unconfirmed', { status: 'requires_confirmation' }, 'pending'],
    ['9: declined', { status: 'requires_payment_method', last_payment_error: declined }, 'failed'],
    [
      '9: declined, in the words of 2018',
      { status: 'requires_source', last_payment_error: declined },
      'failed',
    ],
    ['10: nothing attempted', { status: 'requires_payment_method', last_payment_error: null }, 'pending'],
    ['10: nothing attempted, in the words of 2018', { status: 'requires_source' }, 'pending'],
    ['no row', { status: 'a_word_of_tomorrow' }, 'unknown'],
  ];

  it.each(table)('row %s', async (_, fields, status) => {
    expect(await intentStatus(fields)).toBe(status);
  });

  it('is captured only where money was received, in every combination of the deciding fields', async () => {
    const words = [
      'canceled',
      'requires_capture',
      'succeeded',
      'requires_action',
      'requires_source_action',
      'processing',
      'requires_confirmation',
      'requires_payment_method',
      'requires_source',
      'a_word_of_tomorrow',
    ];
    for (const status of words) {
      for (const reason of [null, undefined, 'automatic', 'expired', 'abandoned']) {
        for (const received of [0, 1, 4590, null]) {
          for (const error of [null, declined]) {
            const read = await intentStatus({
              status,
              cancellation_reason: reason,
              amount_received: received,
              last_payment_error: error,
            });
            const isTaken = status === 'succeeded' || (status === 'requires_capture' && (received ?? 0) > 0);
            expect(read === 'captured').toBe(isTaken);
          }
        }
      }
    }
  });

  it('keeps an unknown word and reports it', async () => {
    const call = scriptedCall();
    const charge = await toCharge(wireIntent({ status: 'a_word_of_tomorrow' }), call);
    expect(charge).toMatchObject({
      status: 'unknown',
      providerStatus: 'a_word_of_tomorrow',
      // As Stripe told it: `amount_received`.
      amountCaptured: 4590,
    });
    expect(call.drifts).toEqual([['status', 'unknown_value']]);
    expect([isPaid(charge), isFinal(charge)]).toEqual([false, false]);
  });

  it('shows a lapsed authorization as expired with nothing refunded, whatever the charge counts', async () => {
    const released = wireCharge({ refunded: true, amount_refunded: 4590, payment_intent: 'pi_demoA1' });
    const wire = wireIntent({
      status: 'canceled',
      cancellation_reason: 'automatic',
      amount_received: 0,
      latest_charge: released,
    });
    expect(await toCharge(wire, scriptedCall())).toMatchObject({
      status: 'expired',
      amountCaptured: 0,
      amountRefunded: 0,
      refundStatus: 'none',
      expiresAt: null,
    });
  });

  it('keeps a failure only while the intent has failed', async () => {
    const failed = wireIntent({ status: 'requires_payment_method', last_payment_error: declined });
    expect((await toCharge(failed, scriptedCall())).failure).toMatchObject({ code: 'insufficient_funds' });
    const paidLater = paidIntent({}, { last_payment_error: declined });
    expect((await toCharge(paidLater, scriptedCall())).failure).toBeNull();
  });

  it('says until when an authorization can be captured', async () => {
    const charge = await toCharge(authorizedIntent(), scriptedCall());
    expect(charge).toMatchObject({ status: 'authorized', expiresAt: new Date(1795604800_000).toISOString() });
  });
});

describe('the status of a charge without an intent', () => {
  const table: readonly (readonly [row: string, fields: Record<string, unknown>, status: ChargeStatus])[] = [
    ['1: failed', { status: 'failed', paid: false }, 'failed'],
    ['1: failed, though captured is true', { status: 'failed', captured: true }, 'failed'],
    ['2: pending', { status: 'pending' }, 'pending'],
    ['2: pending, though captured is true', { status: 'pending', captured: true }, 'pending'],
    ['4: released', { captured: false, refunded: true, amount_refunded: 4590 }, 'voided'],
    ['5: authorized', { captured: false, refunded: false }, 'authorized'],
    ['6: paid', { captured: true, amount_captured: 4590 }, 'captured'],
    ['6: paid and given back', { captured: true, refunded: true, amount_refunded: 4590 }, 'captured'],
    ['no row', { status: 'a_word_of_tomorrow', captured: true }, 'unknown'],
  ];

  it.each(table)('row %s', async (_, fields, status) => {
    expect(await chargeStatus(fields, false)).toBe(status);
  });

  it('is captured only where it succeeded and was captured, in every combination of the deciding fields', async () => {
    for (const status of ['succeeded', 'pending', 'failed', 'a_word_of_tomorrow']) {
      for (const captured of [true, false]) {
        for (const refunded of [true, false]) {
          for (const paid of [true, false]) {
            for (const lapsed of [true, false]) {
              const amount_captured = captured ? 4590 : 0;
              const fields = { status, captured, amount_captured, refunded, paid };
              const read = await chargeStatus(fields, lapsed);
              expect(read === 'captured').toBe(status === 'succeeded' && captured);
            }
          }
        }
      }
    }
  });

  it('row 3: is expired where a refund says that the time had passed', async () => {
    const wire = wireCharge({ refunded: true, amount_refunded: 4590 });
    const lapse = wireRefund({ amount: 4590, reason: 'expired_uncaptured_charge', payment_intent: null });
    const call = scriptedCall({ 'GET /v1/refunds': wireList([lapse]) });
    expect(await toCharge(wire, call)).toMatchObject({
      status: 'expired',
      amountRefunded: 0,
      refundStatus: 'none',
    });
  });

  it('row 4: is voided where the release was asked for', async () => {
    const wire = wireCharge({ refunded: true, amount_refunded: 4590 });
    const release = wireRefund({ amount: 4590, reason: null, payment_intent: null });
    const call = scriptedCall({ 'GET /v1/refunds': wireList([release]) });
    expect(await toCharge(wire, call)).toMatchObject({
      status: 'voided',
      amountCaptured: 0,
      amountRefunded: 0,
    });
    expect(call.requests[0]?.query).toMatchObject({ charge: 'ch_demoA1', limit: 100 });
  });

  it('asks nothing further where the refunds are inside', async () => {
    const lapse = wireRefund({ amount: 4590, reason: 'expired_uncaptured_charge' });
    const wire = wireCharge({ refunded: true, amount_refunded: 4590, refunds: wireList([lapse]) });
    const charge = await toCharge(wire, scriptedCall());
    expect(charge).toMatchObject({ status: 'expired', refunds: [] });
  });
});

describe('one payment', () => {
  const attempt = capturedCharge({ id: 'ch_attempt1', payment_intent: 'pi_demoA1' });

  it('is its intent in intents mode, whichever charge was read', async () => {
    const call = scriptedCall({ 'GET /v1/payment_intents/pi_demoA1': paidIntent() });
    expect((await toCharge(attempt, call)).id).toBe('pi_demoA1');
  });

  it('is its charge in charges mode', async () => {
    expect((await toCharge(attempt, scriptedCall({}, { api: 'charges' }))).id).toBe('ch_attempt1');
    expect((await toCharge(paidIntent(), scriptedCall({}, { api: 'charges' }))).id).toBe('ch_demoA1');
  });

  it('is the intent in charges mode, too, while there is no charge', async () => {
    const waiting = wireIntent({ status: 'requires_action', amount_received: 0 });
    expect((await toCharge(waiting, scriptedCall({}, { api: 'charges' }))).id).toBe('pi_demoA1');
  });

  it('in charges mode learns from the intent whether a release was a lapse', async () => {
    const released = wireCharge({ refunded: true, amount_refunded: 4590, payment_intent: 'pi_demoA1' });
    const read = async (reason: string) =>
      toCharge(
        released,
        scriptedCall(
          {
            'GET /v1/payment_intents/pi_demoA1': wireIntent({
              status: 'canceled',
              cancellation_reason: reason,
            }),
          },
          { api: 'charges' },
        ),
      );
    expect((await read('automatic')).status).toBe('expired');
    expect((await read('abandoned')).status).toBe('voided');
  });

  it('is read again where only the id of its charge came', async () => {
    const call = scriptedCall({
      'GET /v1/charges/ch_demoA1': capturedCharge({ disputed: true, amount_refunded: 100 }),
    });
    const charge = await toCharge(wireIntent({ latest_charge: 'ch_demoA1' }), call);
    expect(charge).toMatchObject({
      status: 'captured',
      disputed: true,
      amountRefunded: 100,
      refundStatus: 'partial',
    });
  });

  it('shows what was received, and reports it, where the charge contradicts', async () => {
    const call = scriptedCall();
    const wire = wireIntent({ latest_charge: wireCharge({ payment_intent: 'pi_demoA1' }) });
    expect(await toCharge(wire, call)).toMatchObject({
      status: 'captured',
      amountCaptured: 4590,
      amountRefunded: 0,
    });
    expect(call.drifts).toEqual([['latest_charge', 'inconsistent']]);
  });
});
