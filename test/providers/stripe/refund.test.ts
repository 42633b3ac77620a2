import { describe, expect, it } from 'vitest';
import { stampOf } from '../../../src/models/attachments.js';
import { refundSchema } from '../../../src/models/refund.js';
import { stripeProvider } from '../../../src/providers/stripe/index.js';
import { outputOf, rowIn } from '../seam.js';
import { toRefund as read } from './reading.js';
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

const listRefunds = rowIn(stripeProvider, 'listRefunds');

describe('a refund', () => {
  it.each([
    ['pending', 'pending'],
    ['requires_action', 'pending'],
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('that Stripe calls %s is %s', (word, status) => {
    const { refund, drifts } = read({ status: word });
    expect(refund.status).toBe(status);
    expect(drifts).toEqual([]);
  });

  it('of an unknown word is unknown and reported, of none unknown', () => {
    expect(read({ status: null })).toMatchObject({ refund: { status: 'unknown' }, drifts: [] });
    expect(read({ status: 'a_word_of_tomorrow' })).toMatchObject({
      refund: { status: 'unknown' },
      drifts: ['refund.status unknown_value'],
    });
  });

  it.each([
    ['duplicate', 'duplicate'],
    ['fraudulent', 'fraudulent'],
    ['requested_by_customer', 'requested_by_customer'],
    ['expired_uncaptured_charge', null],
    ['a_word_of_tomorrow', null],
    ['', null],
    [null, null],
  ])('with the reason %s has the reason %s', (word, reason) => {
    const { refund } = read({ reason: word });
    expect([refund.reason, refund.providerReason]).toEqual([reason, word]);
  });

  it.each([
    ['lost_or_stolen_card', 'lost_or_stolen_card'],
    ['expired_or_canceled_card', 'expired_card'],
    ['charge_for_pending_refund_disputed', 'transaction_not_allowed'],
    ['insufficient_funds', 'insufficient_funds'],
    ['declined', 'generic_decline'],
    ['merchant_request', 'generic_decline'],
    ['unknown', 'generic_decline'],
    ['a_word_of_tomorrow', 'generic_decline'],
    [null, 'generic_decline'],
  ])('that failed for %s has the failure %s', (word, code) => {
    const { refund } = read({ status: 'failed', failure_reason: word });
    expect(refund.failure).toMatchObject({ code, providerCode: word });
  });

  it('has no failure unless it failed', () => {
    expect(read({ status: 'pending', failure_reason: 'declined' }).refund.failure).toBeNull();
  });

  it('is valid and hides its stamp', () => {
    const { refund } = read({ metadata: { note: 'broken', unicharge_key: 'refund-1' } });
    expect(refundSchema.parse(JSON.parse(JSON.stringify(refund)))).toEqual({ ...refund });
    expect(refund).toMatchObject({ chargeId: 'pi_demoA1', metadata: { note: 'broken' } });
    expect(stampOf(refund)).toBe('refund-1');
  });
});

describe('the refunds of a charge', () => {
  it('are asked for by the intent, under its id', async () => {
    const call = scriptedCall({
      'GET /v1/payment_intents/pi_demoA1': paidIntent({ amount_refunded: 500 }),
      'GET /v1/refunds': wireList([wireRefund()]),
    });
    const refunds = await listRefunds.run({ id: 'pi_demoA1' }, call);
    expect(refunds).toMatchObject([{ id: 're_demoA1', chargeId: 'pi_demoA1', amount: 500, currency: 'EUR' }]);
    expect(call.requests.at(-1)?.query).toMatchObject({ payment_intent: 'pi_demoA1', limit: 100 });
  });

  it('are asked for by the charge where there is no intent', async () => {
    const call = scriptedCall({
      'GET /v1/charges/ch_demoA1': capturedCharge(),
      'GET /v1/refunds': wireList([wireRefund({ payment_intent: null })]),
    });
    expect(await listRefunds.run({ id: 'ch_demoA1' }, call)).toMatchObject([{ chargeId: 'ch_demoA1' }]);
    expect(call.requests.at(-1)?.query).toMatchObject({ charge: 'ch_demoA1' });
  });

  it('are none where nothing was ever captured: what is booked there is a release', async () => {
    const call = scriptedCall({
      'GET /v1/charges/ch_demoA1': wireCharge({ refunded: true, amount_refunded: 4590 }),
      'GET /v1/payment_intents/pi_demoA1': authorizedIntent(),
      'GET /v1/payment_intents/pi_waiting': wireIntent({ id: 'pi_waiting', status: 'requires_action' }),
    });
    expect(await listRefunds.run({ id: 'ch_demoA1' }, call)).toEqual([]);
    expect(await listRefunds.run({ id: 'pi_demoA1' }, call)).toEqual([]);
    expect(await listRefunds.run({ id: 'pi_waiting' }, call)).toEqual([]);
  });

  it('hold no released remainder, and failed ones only for the record', async () => {
    const call = scriptedCall({
      'GET /v1/payment_intents/pi_demoA1': paidIntent({
        amount: 900,
        amount_captured: 500,
        amount_refunded: 400,
      }),
      'GET /v1/refunds': wireList([
        wireRefund({ id: 're_failed', status: 'failed', amount: 100 }),
        wireRefund({ id: 're_release', amount: 400, balance_transaction: null }),
      ]),
    });
    const refunds = await listRefunds.run({ id: 'pi_demoA1' }, call);
    expect(refunds.map(({ id, status }) => [id, status])).toEqual([['re_failed', 'failed']]);
  });
});

describe('one refund', () => {
  const output = (charge: unknown, fields: Record<string, unknown> = {}, script = {}, id = 'pi_demoA1') => {
    const body = { ...wireRefund(fields), charge };
    const input = { id, refundId: 're_demoA1' };
    return outputOf(stripeProvider, 'retrieveRefund', { body }, scriptedCall(script), input);
  };
  const charge = capturedCharge({ payment_intent: 'pi_demoA1', amount_refunded: 500 });

  it('shows the id of the payment, whichever of its ids was asked', async () => {
    expect(await output(charge)).toMatchObject({ id: 're_demoA1', chargeId: 'pi_demoA1' });
    expect(await output(charge, {}, {}, 'ch_demoA1')).toMatchObject({ chargeId: 'pi_demoA1' });
  });

  it('reads the charge where it was not expanded', async () => {
    expect(await output('ch_demoA1', {}, { 'GET /v1/charges/ch_demoA1': charge })).toMatchObject({
      amount: 500,
    });
  });

  it('is found by an earlier attempt of its intent', async () => {
    const script = {
      'GET /v1/charges/ch_failed1': wireCharge({
        id: 'ch_failed1',
        status: 'failed',
        payment_intent: 'pi_demoA1',
      }),
    };
    expect(await output(charge, {}, script, 'ch_failed1')).toMatchObject({ chargeId: 'pi_demoA1' });
  });

  it('of another charge is not found', async () => {
    await expect(output(charge, {}, {}, 'pi_other')).rejects.toMatchObject({
      name: 'NotFoundError',
      chargeId: 'pi_other',
    });
  });

  it('that only released an authorization is not found', async () => {
    const released = wireCharge({ payment_intent: 'pi_demoA1', refunded: true, amount_refunded: 4590 });
    await expect(output(released, { amount: 4590 })).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('that released the rest of a partial capture is not found, its twin is', async () => {
    const partly = capturedCharge({
      payment_intent: 'pi_demoA1',
      amount: 900,
      amount_captured: 500,
      amount_refunded: 800,
    });
    const entry = { amount: 400, balance_transaction: null };
    const twin = wireRefund({ ...entry, id: 're_later' });
    const release = wireRefund(entry);
    const asRelease = { 'GET /v1/refunds': wireList([twin, release]) };
    await expect(output(partly, entry, asRelease)).rejects.toMatchObject({ name: 'NotFoundError' });
    const asTwin = { 'GET /v1/refunds': wireList([release, wireRefund({ ...entry, id: 're_earlier' })]) };
    expect(await output(partly, entry, asTwin)).toMatchObject({ id: 're_demoA1', amount: 400 });
  });
});
