import { describe, expect, it } from 'vitest';
import { scriptReplies } from '../../scripted-replies.js';
import type { ClientEvent } from '../../../src/index.js';
import { stripeProvider } from '../../../src/providers/stripe/provider.js';
import { capturedCharge, paidIntent, wireIntent, wireList, wireRefund } from './wire-objects.js';

/* A field that only informs never makes an answer unreadable: it is null, and the drift is told. */

const scene = (...bodies: unknown[]) => {
  const script = scriptReplies(...bodies.map((body) => ({ body })));
  const drifts: string[] = [];
  const client = script.client(stripeProvider, {
    secretKey: 'sk_test_a1',
    onEvent: (event: ClientEvent) => {
      if (event.type === 'drift') drifts.push(`${event.path} ${event.kind}`);
    },
  });
  return { script, drifts, client };
};

const read = async (intent: unknown) => {
  const { client, drifts } = scene(intent);
  return { charge: await client.retrieve('pi_demoA1'), drifts };
};

const damagedRefunds: readonly (readonly [string, unknown, string])[] = [
  ['an empty object', {}, 'latest_charge.refunds'],
  ['a list without data', { object: 'list', has_more: false, url: '/x' }, 'latest_charge.refunds'],
  ['data that is null', { data: null, has_more: false }, 'latest_charge.refunds'],
  ['ids instead of objects', { data: ['re_1', 're_2'], has_more: false }, 'latest_charge.refunds'],
  ['an entry that is null', { data: [null], has_more: false }, 'latest_charge.refunds'],
  ['an entry without an amount', { data: [{ object: 'refund', id: 're_1' }] }, 'latest_charge.refunds'],
  ['text', 'none', 'latest_charge.refunds'],
  ['a number', 0, 'latest_charge.refunds'],
];

describe('refunds inside a charge', () => {
  it.each(damagedRefunds)('that are %s are not known', async (_, refunds, path) => {
    const { charge, drifts } = await read(paidIntent({ refunds }));
    expect(charge).toMatchObject({
      status: 'captured',
      amountCaptured: 4590,
      amountRefunded: 0,
      refunds: null,
    });
    expect(drifts).toEqual([`${path} wrong_type`]);
  });

  it('lose only the leaf that is damaged where the rest can be read', async () => {
    const refund = wireRefund({ created: 'yesterday' });
    const { charge, drifts } = await read(
      paidIntent({ refunds: { data: [refund], has_more: false }, amount_refunded: refund.amount }),
    );
    expect(charge.refunds).toMatchObject([{ id: 're_demoA1', createdAt: null }]);
    expect(drifts).toEqual(['latest_charge.refunds.data.#.created wrong_type']);
  });

  it('are read besides where the oldest shapes cannot do without them', async () => {
    const { amount_captured: _, ...old } = capturedCharge({ refunds: {}, amount_refunded: 590 }) as object & {
      amount_captured?: unknown;
    };
    const { client, script } = scene(old, wireList([wireRefund({ amount: 590, charge: 'ch_demoA1' })]));
    expect(await client.retrieve('ch_demoA1')).toMatchObject({ amountCaptured: 4590, amountRefunded: 590 });
    expect(script.lines).toEqual(['GET /v1/charges/ch_demoA1', 'GET /v1/refunds']);
  });
});

describe('an intent', () => {
  it.each([
    ['payment_method_types', [null]],
    ['payment_method_types', [7]],
    ['payment_method_types', {}],
    ['next_action', 'redirect'],
    ['payment_method', 7],
    ['metadata', 'none'],
    ['customer', 7],
    ['last_payment_error', 'none'],
  ])('whose %s is %j is read all the same', async (field, value) => {
    const { charge, drifts } = await read(paidIntent({}, { [field]: value }));
    expect(charge).toMatchObject({ status: 'captured', amountCaptured: 4590 });
    expect(drifts).toEqual([`${field} wrong_type`]);
  });

  it.each([
    ['payment_method_details', 'card'],
    ['payment_method_details', { type: 'card', card: 'visa' }],
    ['payment_method_details', { type: 'card', card: { wallet: 'apple_pay' } }],
    ['billing_details', []],
    ['outcome', 'authorized'],
    ['balance_transaction', { fee: 'none' }],
  ])('whose latest charge has %s of %j is read all the same', async (field, value) => {
    const { charge, drifts } = await read(paidIntent({ [field]: value }));
    expect(charge).toMatchObject({ status: 'captured', amountCaptured: 4590 });
    expect(drifts).toHaveLength(1);
  });
});

describe('a write', () => {
  it('is not left unknown by what only informs', async () => {
    const intent = paidIntent(
      { refunds: {} },
      { payment_method_types: [null], metadata: { unicharge_key: 'order-81' } },
    );
    const { client, drifts } = scene(intent);
    const params = { amount: 4590, currency: 'EUR', source: 'pm_card_visa' };
    expect(await client.create(params, { idempotencyKey: 'order-81' })).toMatchObject({ status: 'captured' });
    expect(drifts.toSorted()).toEqual([
      'latest_charge.refunds wrong_type',
      'payment_method_types wrong_type',
    ]);
  });
});

describe('a paid intent that does not name its charge', () => {
  const lost = wireIntent({ latest_charge: null });
  const refund = wireRefund({ amount: 590, charge: 'ch_demoA1', payment_intent: 'pi_demoA1' });

  it('still lists its refunds', async () => {
    const charge = capturedCharge({ payment_intent: 'pi_demoA1' });
    const { client, script } = scene(lost, wireList([refund]), charge);
    expect(await client.listRefunds('pi_demoA1')).toMatchObject([{ id: 're_demoA1', amount: 590 }]);
    expect(script.lines).toEqual([
      'GET /v1/payment_intents/pi_demoA1',
      'GET /v1/refunds',
      'GET /v1/charges/ch_demoA1',
    ]);
  });

  it('lists none where there are none', async () => {
    const { client, script } = scene(lost, wireList([]));
    expect(await client.listRefunds('pi_demoA1')).toEqual([]);
    expect(script.lines).toHaveLength(2);
  });

  it('does not pass for one of which nothing was given back', async () => {
    const { client, drifts } = scene(lost, wireList([refund]));
    expect(await client.retrieve('pi_demoA1')).toMatchObject({
      status: 'captured',
      amountCaptured: 4590,
      amountRefunded: 590,
      refundStatus: 'partial',
    });
    expect(drifts).toEqual(['latest_charge missing']);
  });
});
