import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors.js';
import type { Call } from '../../../src/provider.js';
import { justifiProvider } from '../../../src/providers/justifi/index.js';
import eventFixture from '../../fixtures/justifi/event.json' with { type: 'json' };
import { webhookIn } from '../seam.js';
import { callWith } from './reading.js';
import { payment, refund } from './wire-samples.js';

const toEvent = async (payload: unknown, call: Call) => webhookIn(justifiProvider).event(payload, call);
const reading = (answers: Readonly<Record<string, unknown>> = {}, settings: object = {}) =>
  callWith({ settings }, answers);

const event = (event_name: string, data: unknown, changes: object = {}) => ({
  ...eventFixture,
  event_name,
  data,
  ...changes,
});
const read = async (event_name: string, data: unknown, answers?: Readonly<Record<string, unknown>>) =>
  toEvent(event(event_name, data), reading(answers).call);

describe('an event of a payment', () => {
  it.each([
    ['payment.created', { status: 'pending' }, 'charge.created'],
    ['payment.created', { status: 'authorized' }, 'charge.authorized'],
    ['payment.created', { status: 'succeeded' }, 'charge.captured'],
    ['payment.created', { status: 'settling' }, 'charge.updated'],
    ['payment.pending', { status: 'pending' }, 'charge.created'],
    ['payment.authorized', { status: 'authorized' }, 'charge.authorized'],
    ['payment.succeeded', { status: 'succeeded' }, 'charge.captured'],
    ['payment.succeeded', { status: 'pending' }, 'charge.updated'],
    ['payment.captured', { status: 'succeeded' }, 'charge.captured'],
    ['payment.failed', { status: 'failed' }, 'charge.failed'],
    ['payment.failed', { status: 'succeeded', returned: true }, 'charge.failed'],
    ['payment.canceled', { status: 'canceled' }, 'charge.voided'],
    [
      'payment.canceled',
      { status: 'canceled', capture_strategy: 'manual', updated_at: '2026-02-10T04:05:06.007Z' },
      'charge.expired',
    ],
  ])('%s with %j is %s', async (name, wire, type) => {
    const parsed = await read(name, payment(wire));
    expect(parsed).toMatchObject({
      type,
      chargeId: 'py_DemoA1',
      charge: { id: 'py_DemoA1' },
      refund: null,
      dispute: null,
    });
  });

  it('tells the account mode and has keys against doubles', async () => {
    const payload = event('payment.succeeded', payment({ status: 'succeeded' }));
    const { call, asked } = reading();
    const parsed = await toEvent(payload, call);
    expect(parsed).toMatchObject({
      id: 'evt_DemoL1',
      provider: 'justifi',
      livemode: false,
      createdAt: null,
      dedupeKey: 'justifi:evt_DemoL1',
      stateKey: 'justifi:py_DemoA1:captured',
    });
    expect(parsed.raw).toBe(payload);
    expect(JSON.stringify(parsed)).not.toContain('sigDemo');
    expect(asked).toEqual([]);
    expect((await toEvent({ ...payload, account_type: 'live' }, call)).livemode).toBe(true);
    expect((await toEvent({ ...payload, account_type: undefined }, call)).livemode).toBeNull();
  });

  it('gives the twins of one capture the same state and different ids', async () => {
    const wire = payment({ status: 'succeeded' });
    const one = await toEvent(event('payment.succeeded', wire), reading().call);
    const two = await toEvent(event('payment.captured', wire, { id: 'evt_DemoL2' }), reading().call);
    expect(one.stateKey).toBe(two.stateKey);
    expect(one.dedupeKey).not.toBe(two.dedupeKey);
  });

  it('is read at the provider where it cannot be read here', async () => {
    const { call, asked } = reading({ '/v1/payments/{id}': payment({ status: 'succeeded' }) });
    const parsed = await toEvent(event('payment.succeeded', { id: 'py_DemoA1', amount: 'soon' }), call);
    expect(parsed).toMatchObject({ type: 'charge.captured', charge: { amount: 2599 } });
    expect(asked).toMatchObject([{ method: 'GET', route: '/v1/payments/{id}', ids: { id: 'py_DemoA1' } }]);
  });

  it('without a payment is refused', async () => {
    await expect(read('payment.succeeded', null)).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe('an event of a refund', () => {
  const answers = { '/v1/payments/{id}': payment({ status: 'succeeded', currency: 'cad' }) };

  it.each([
    ['payment.refunded', 'pending', 'refund.created'],
    ['payment.refunded', 'succeeded', 'refund.succeeded'],
    ['payment.refunded', 'failed', 'refund.failed'],
    ['payment.refunded', 'settling', 'refund.updated'],
    ['payment.refund.updated', 'pending', 'refund.updated'],
    ['payment.refund.updated', 'succeeded', 'refund.succeeded'],
    ['payment.refund.updated', 'failed', 'refund.failed'],
  ])('%s, %s, is %s, with the currency of its payment', async (name, status, type) => {
    expect(await read(name, refund({ status }), answers)).toMatchObject({
      type,
      chargeId: 'py_DemoA1',
      charge: null,
      refund: { id: 're_DemoD4', amount: 500, currency: 'CAD' },
      stateKey: `justifi:re_DemoD4:${status === 'settling' ? 'unknown' : status}`,
    });
  });

  it('is read at the provider where it cannot be read here', async () => {
    const more = { ...answers, '/v1/refunds/{refundId}': refund() };
    expect(await read('payment.refunded', { id: 're_DemoD4' }, more)).toMatchObject({
      refund: { amount: 500 },
    });
  });

  it('without a payment is refused', async () => {
    await expect(read('payment.refunded', refund({ payment_id: null }), answers)).rejects.toBeInstanceOf(
      InvalidRequestError,
    );
    await expect(read('payment.refunded', 'x', answers)).rejects.toBeInstanceOf(InvalidRequestError);
  });
});

describe('the sub account of a read for an event', () => {
  it.each([
    ['none is set', {}, {}],
    ['it is the same', { subAccount: 'acc_DemoB2' }, {}],
    ['it is another', { subAccount: 'acc_Other' }, { 'sub-account': 'acc_DemoB2' }],
    ['another has the deprecated name', { sellerAccount: 'acc_Other' }, { 'seller-account': 'acc_DemoB2' }],
  ])('is that of the event only where %s', async (_, settings, headers) => {
    const { call, asked } = reading({ '/v1/payments/{id}': payment() }, settings);
    await toEvent(event('payment.refunded', refund()), call);
    expect(asked[0]?.headers ?? {}).toEqual(headers);
  });
});

describe('an event of a dispute', () => {
  const dispute = {
    id: 'dp_DemoM1',
    payment_id: 'py_DemoA1',
    amount: 2599,
    currency: 'usd',
    reason: 'fraudulent',
    status: 'needs_response',
    created_at: '2026-03-01T00:00:00Z',
  };

  it.each([
    ['payment.dispute.created', 'dispute.opened'],
    ['payment.dispute.closed', 'dispute.closed'],
    ['payment.dispute.forfeited', 'dispute.updated'],
    ['payment.dispute.submitted', 'dispute.updated'],
    ['payment.dispute.funds_returned', 'dispute.updated'],
  ])('%s is %s', async (name, type) => {
    expect(await read(name, dispute)).toMatchObject({
      type,
      chargeId: 'py_DemoA1',
      charge: null,
      dispute: {
        id: 'dp_DemoM1',
        status: 'needs_response',
        amount: 2599,
        currency: 'USD',
        reason: 'fraudulent',
        createdAt: '2026-03-01T00:00:00.000Z',
      },
      stateKey: 'justifi:dp_DemoM1:needs_response',
    });
  });

  it('also inside its payment, in the other shape', async () => {
    const { amount: amount_cents, payment_id: _, ...rest } = dispute;
    const data = payment({ status: 'disputed', disputes: [{ ...rest, amount_cents }] });
    expect(await read('payment.dispute.created', data)).toMatchObject({
      chargeId: 'py_DemoA1',
      dispute: { id: 'dp_DemoM1', amount: 2599 },
    });
  });

  it.each(['payment.dispute_evidence.created', 'payment.dispute_evidence.uploaded'])(
    '%s has evidence, no dispute',
    async (name) => {
      expect(await read(name, { id: 'dpe_DemoN1', status: 'uploaded' })).toMatchObject({
        type: 'dispute.updated',
        chargeId: null,
        dispute: null,
        stateKey: 'justifi:evt_DemoL1',
      });
    },
  );
});

describe('any other event', () => {
  it.each([
    'payment_intent.succeeded',
    'checkout.completed',
    'payment_method.created',
    'payout.paid',
    'proceeds.payout.created',
    'sub_account.updated',
    'entity.business.created',
    'terminal_order.created',
    'payment.word_of_tomorrow',
    'constructor',
  ])('%s is unknown, never an error', async (name) => {
    expect(await read(name, { id: 'x' })).toMatchObject({ type: 'unknown', chargeId: null, charge: null });
  });

  it.each([[null], ['text'], [[]], [{}], [{ id: 'evt_1' }], [{ event_name: 'payment.created' }]])(
    'but %j is no event',
    async (payload) => {
      await expect(toEvent(payload, reading().call)).rejects.toBeInstanceOf(InvalidRequestError);
    },
  );
});
