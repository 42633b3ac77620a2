import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import paid from '../../fixtures/paymongo/event-payment-paid.json' with { type: 'json' };
import refund from '../../fixtures/paymongo/refund.json' with { type: 'json' };
import { client, intentOf, paymentOf, useHost } from './host.js';

const { expectRequest, lines } = useHost();

const secret = 'whsk_1';
const intentId = intentOf().data.id;

/** An event, signed under one name, the other of which is empty. */
const delivered = (type: string, data: object, scheme: 'te' | 'li' = 'te', livemode = false) => {
  const attributes = { ...paid.data.attributes, type, livemode, data };
  const body = JSON.stringify({ data: { ...paid.data, attributes } });
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  const [te, li] = scheme === 'te' ? [signature, ''] : ['', signature];
  return [body, { 'Paymongo-Signature': `t=${time},te=${te},li=${li}` }] as const;
};
const shop = (secretKey = 'sk_test_1') => client({ webhookSecret: secret, secretKey });

describe('the signature', () => {
  const payment = paymentOf().data;

  it('of test mode is that of a test key, and the one of live mode that of a live key', async () => {
    await expect(shop().parseWebhook(...delivered('payment.paid', payment))).resolves.toMatchObject({
      type: 'charge.captured',
    });
    await expect(shop().parseWebhook(...delivered('payment.paid', payment, 'li'))).rejects.toMatchObject({
      code: 'webhook_header_malformed',
    });
    const live = { ...payment, attributes: { ...payment.attributes, livemode: true } };
    await expect(
      shop('sk_live_1').parseWebhook(...delivered('payment.paid', live, 'li', true)),
    ).resolves.toMatchObject({ type: 'charge.captured', livemode: true });
  });

  it('of a body that was changed fits no more', async () => {
    const [body, headers] = delivered('payment.paid', payment);
    await expect(shop().parseWebhook(body.replace('10000', '10001'), headers)).rejects.toMatchObject({
      code: 'webhook_signature_mismatch',
    });
  });
});

describe('an event', () => {
  it('of a documented payment, which tells less than there is, is read in full', async () => {
    const { data } = paid.data.attributes;
    expectRequest('GET', `/v1/payments/${data.id}`, paymentOf({ payment_intent_id: intentId }, data.id));
    const payments = [paymentOf({ amount: 2000, payment_intent_id: intentId }, data.id).data];
    expectRequest('GET', `/v1/payment_intents/${intentId}`, intentOf({ status: 'succeeded', payments }));
    expect(await shop().parseWebhook(...delivered('payment.paid', data))).toMatchObject({
      id: paid.data.id,
      type: 'charge.captured',
      chargeId: intentId,
      createdAt: '2023-11-14T22:13:20.000Z',
      livemode: false,
    });
    expect(lines()).toHaveLength(2);
  });

  it('is what its object is, whatever its name says', async () => {
    const intent = intentOf({ status: 'awaiting_capture' }).data;
    expect(await shop().parseWebhook(...delivered('payment_intent.of_tomorrow', intent))).toMatchObject({
      type: 'charge.authorized',
      chargeId: intentId,
    });
  });

  it('of a refund names the charge of its payment', async () => {
    const paymentId = refund.data.attributes.payment_id;
    expectRequest('GET', `/v1/payments/${paymentId}`, paymentOf({ payment_intent_id: intentId }, paymentId));
    expect(await shop().parseWebhook(...delivered('payment.refunded', refund.data))).toMatchObject({
      type: 'refund.succeeded',
      chargeId: intentId,
      refund: { id: refund.data.id, amount: 10_000, reason: 'requested_by_customer' },
    });
  });

  it('of a source is unknown: the merchant has to charge it', async () => {
    const source = { id: 'src_1', type: 'source', attributes: {} };
    expect(await shop().parseWebhook(...delivered('source.chargeable', source))).toMatchObject({
      type: 'unknown',
      chargeId: null,
    });
  });
});
