import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStripe, type StripeSettings } from '../../../src/providers/stripe/index.js';
import {
  authorizedIntent,
  capturedCharge,
  paidIntent,
  wireCharge,
  wireIntent,
  wireList,
  wireRefund,
} from './wire-objects.js';

const secret = 'whsec_test_a1';
const seconds = () => Math.floor(Date.now() / 1000);

const signatureOf = (time: number | string, body: string, key = secret): string =>
  createHmac('sha256', key).update(`${time}.${body}`).digest('hex');

const eventBody = (type: string, object: unknown, fields: Record<string, unknown> = {}): string =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type,
    api_version: '2026-08-26.dahlia',
    created: 1795000000,
    livemode: false,
    pending_webhooks: 1,
    data: { object },
    request: { id: 'req_1', idempotency_key: 'order-81' },
    ...fields,
  });

const client = (settings: StripeSettings = {}) =>
  createStripe({ secretKey: 'sk_test_a1', webhookSecret: secret, maxRetries: 0, ...settings });

const deliver = (body: string, settings: StripeSettings = {}) => {
  const time = seconds();
  return client(settings).parseWebhook(body, {
    'Stripe-Signature': `t=${time},v1=${signatureOf(time, body)}`,
  });
};
const parse = (type: string, object: unknown, settings: StripeSettings = {}) =>
  deliver(eventBody(type, object), settings);

/** What the client reads besides the event. */
const answers = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  nock('https://api.stripe.com', { reqheaders: headers })
    .get((address) => address.startsWith(path))
    .reply(200, body as nock.Body);

beforeAll(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.enableNetConnect();
});

describe('the signature', () => {
  const body = eventBody('customer.created', { id: 'cus_1' });
  const verify = (header: string, settings: StripeSettings = {}, payload: string | Uint8Array = body) =>
    client(settings).parseWebhook(payload, { 'stripe-signature': header });
  const refused = { name: 'WebhookSignatureError', outcome: 'not_sent' };

  it('is accepted as Stripe makes it, over text and over bytes', async () => {
    const time = seconds();
    const header = `t=${time},v1=${signatureOf(time, body)}`;
    expect((await verify(header)).id).toBe('evt_1');
    expect((await verify(header, {}, Buffer.from(body))).id).toBe('evt_1');
    expect((await client().parseWebhook(body, new Headers({ 'Stripe-Signature': header }))).id).toBe('evt_1');
  });

  it('is the same that the official SDK makes', async () => {
    const program =
      "import Stripe from 'stripe'; process.stdout.write(Stripe.webhooks.generateTestHeaderString(JSON.parse(process.argv[1])))";
    const spoken = eventBody('customer.created', { id: 'cus_1', name: 'Zoë “Q” 東京' });
    const header = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', program, JSON.stringify({ payload: spoken, secret })],
      { encoding: 'utf8', env: {} },
    );
    expect((await verify(header, {}, spoken)).id).toBe('evt_1');
  });

  it('is accepted beside others while a secret is rotated, on either side', async () => {
    const time = seconds();
    const [old, fresh] = [signatureOf(time, body, 'whsec_old'), signatureOf(time, body)];
    expect((await verify(`t=${time},v1=${old},v1=${fresh}`)).id).toBe('evt_1');
    expect((await verify(`t=${time},v1=${old}`, { webhookSecret: [secret, 'whsec_old'] })).id).toBe('evt_1');
  });

  it.each([
    ['no header', ''],
    ['no time', `v1=${'a'.repeat(64)}`],
    ['no signature of version 1', `t=${seconds()},v0=${'a'.repeat(64)}`],
    ['a time that is none', `t=soon,v1=${'a'.repeat(64)}`],
    ['a foreign signature', `t=${seconds()},v1=${signatureOf(seconds(), body, 'whsec_other')}`],
    ['a short signature', `t=${seconds()},v1=abcd`],
    ['a signature that is no hex', `t=${seconds()},v1=${'z'.repeat(64)}`],
  ])('is refused with %s', async (_, header) => {
    await expect(verify(header)).rejects.toMatchObject(refused);
  });

  it('is refused over other bytes, or over another time', async () => {
    const time = seconds();
    const header = `t=${time},v1=${signatureOf(time, body)}`;
    await expect(verify(header, {}, body.replace('evt_1', 'evt_2'))).rejects.toMatchObject(refused);
    await expect(verify(header, {}, JSON.stringify(JSON.parse(body), null, 1))).rejects.toMatchObject(
      refused,
    );
    await expect(verify(header.replace(`t=${time}`, `t=${time + 1}`))).rejects.toMatchObject(refused);
  });

  it('is refused without a secret, with the setting that is missing', async () => {
    const time = seconds();
    const bare = createStripe({ secretKey: 'sk_test_a1' });
    const header = `t=${time},v1=${signatureOf(time, body)}`;
    await expect(bare.parseWebhook(body, { 'stripe-signature': header })).rejects.toThrow(/webhookSecret/);
  });

  it.each([-301, 301])('is refused %i seconds away, whoever signed it', async (offset) => {
    const time = seconds() + offset;
    await expect(verify(`t=${time},v1=${signatureOf(time, body)}`)).rejects.toMatchObject(refused);
  });

  it.each([-290, 290])('is accepted %i seconds away, and the tolerance can be smaller', async (offset) => {
    const time = seconds() + offset;
    const header = `t=${time},v1=${signatureOf(time, body)}`;
    expect((await verify(header)).id).toBe('evt_1');
    await expect(verify(header, { webhookToleranceMs: 60_000 })).rejects.toMatchObject(refused);
  });
});

describe('a payload', () => {
  it('that is a thin event is refused: it carries no object', async () => {
    const thin = JSON.stringify({ id: 'evt_2', object: 'v2.core.event', type: 'v1.billing.meter.error' });
    await expect(deliver(thin)).rejects.toMatchObject({ name: 'InvalidRequestError' });
  });

  it.each(['[]', 'null', '{}', '{"object":"event"}', '5'])('%s is refused', async (body) => {
    await expect(deliver(body)).rejects.toMatchObject({ name: 'InvalidRequestError', outcome: 'not_sent' });
  });

  it('that is no JSON is refused, though it is signed', async () => {
    await expect(deliver('{"object":')).rejects.toMatchObject({ name: 'WebhookSignatureError' });
  });

  it.each(['customer.created', 'three_d_secure.authentication.succeeded', 'payout.paid', 'constructor'])(
    'of type %s is unknown, never an error',
    async (type) => {
      expect(await parse(type, { id: 'x_1' })).toMatchObject({
        type: 'unknown',
        chargeId: null,
        charge: null,
      });
    },
  );

  it('is one event, delivered once or twice, and hides its resource', async () => {
    const event = await parse('payment_intent.processing', wireIntent({ status: 'processing' }));
    expect(event).toMatchObject({
      id: 'evt_1',
      provider: 'stripe',
      createdAt: new Date(1795000000_000).toISOString(),
      livemode: false,
      dedupeKey: 'stripe:evt_1',
      stateKey: 'stripe:evt_1',
    });
    expect(JSON.stringify(event)).not.toContain('secret_never_shown');
    expect(event.charge?.raw).toBeUndefined();
    expect(event.raw).toMatchObject({ object: 'event' });
  });
});

describe('an event of an intent', () => {
  const declined = { code: 'card_declined', decline_code: 'lost_card', message: 'No.' };
  it.each([
    ['created', { status: 'requires_payment_method' }, 'charge.created', 'pending'],
    ['requires_action', { status: 'requires_action' }, 'charge.requires_action', 'requires_action'],
    ['processing', { status: 'processing' }, 'charge.updated', 'pending'],
    [
      'amount_capturable_updated',
      { status: 'requires_capture', amount_received: 0 },
      'charge.authorized',
      'authorized',
    ],
    ['amount_capturable_updated', { status: 'processing' }, 'charge.updated', 'pending'],
    [
      'payment_failed',
      { status: 'requires_payment_method', last_payment_error: declined },
      'charge.failed',
      'failed',
    ],
    ['canceled', { status: 'canceled', cancellation_reason: 'abandoned' }, 'charge.voided', 'voided'],
    ['canceled', { status: 'canceled', cancellation_reason: 'automatic' }, 'charge.expired', 'expired'],
    ['canceled', { status: 'canceled', cancellation_reason: 'expired' }, 'charge.expired', 'expired'],
    ['partially_funded', { status: 'requires_action' }, 'charge.updated', 'requires_action'],
  ])('payment_intent.%s with %o is %s', async (name, fields, type, status) => {
    const event = await parse(
      `payment_intent.${name}`,
      wireIntent({ latest_charge: 'ch_demoA1', ...fields }),
    );
    expect(event).toMatchObject({ type, chargeId: 'pi_demoA1', charge: { id: 'pi_demoA1', status } });
  });

  it('payment_intent.succeeded reads the intent: the event does not say what was refunded or disputed', async () => {
    answers('/v1/payment_intents/pi_demoA1', paidIntent({ disputed: true }));
    const event = await parse('payment_intent.succeeded', wireIntent({ latest_charge: 'ch_demoA1' }));
    expect(event).toMatchObject({
      type: 'charge.captured',
      charge: { status: 'captured', disputed: true, paymentMethod: { card: { last4: '3220' } } },
      stateKey: 'stripe:pi_demoA1:charge.captured',
    });
  });

  it('of a connected account is read there', async () => {
    answers('/v1/payment_intents/pi_demoA1', paidIntent(), { 'stripe-account': 'acct_9' });
    const body = eventBody('payment_intent.succeeded', wireIntent({ latest_charge: 'ch_1' }), {
      account: 'acct_9',
    });
    expect((await deliver(body, { account: 'acct_1' })).type).toBe('charge.captured');
  });

  it('in an old shape is read in ours', async () => {
    answers('/v1/payment_intents/pi_demoA1', wireIntent({ status: 'processing' }));
    const old = wireIntent({ status: 'processing', currency: 5, charges: { data: [] } });
    expect(await parse('payment_intent.processing', old)).toMatchObject({
      chargeId: 'pi_demoA1',
      charge: { status: 'pending' },
    });
  });

  it('that is no intent is unknown', async () => {
    expect((await parse('payment_intent.succeeded', { id: 5 })).type).toBe('unknown');
  });

  it('in charges mode is about its charge', async () => {
    answers('/v1/payment_intents/pi_demoA1', paidIntent());
    const event = await parse('payment_intent.succeeded', wireIntent({ latest_charge: 'ch_demoA1' }), {
      api: 'charges',
    });
    expect(event).toMatchObject({
      type: 'charge.captured',
      chargeId: 'ch_demoA1',
      charge: { id: 'ch_demoA1' },
    });
  });
});

describe('an event of a charge', () => {
  it.each(['succeeded', 'pending', 'failed', 'captured', 'expired', 'updated', 'refunded'])(
    'charge.%s of an intent is only a hint: the intent has events of its own',
    async (name) => {
      const wire = wireCharge({ payment_intent: 'pi_demoA1', refunded: true, amount_refunded: 4590 });
      expect(await parse(`charge.${name}`, wire)).toMatchObject({
        type: 'charge.updated',
        chargeId: 'pi_demoA1',
        charge: null,
        refund: null,
      });
    },
  );

  it.each([
    ['succeeded', capturedCharge(), 'charge.captured', 'captured'],
    ['succeeded', wireCharge(), 'charge.authorized', 'authorized'],
    ['pending', wireCharge({ status: 'pending' }), 'charge.created', 'pending'],
    ['failed', wireCharge({ status: 'failed', failure_code: 'card_declined' }), 'charge.failed', 'failed'],
    ['captured', capturedCharge(), 'charge.captured', 'captured'],
    ['expired', wireCharge({ refunded: true, amount_refunded: 4590 }), 'charge.expired', 'expired'],
    ['refunded', wireCharge({ refunded: true, refunds: wireList([]) }), 'charge.voided', 'voided'],
    ['refunded', capturedCharge({ refunded: true, amount_refunded: 4590 }), 'charge.updated', 'captured'],
    ['updated', capturedCharge(), 'charge.updated', 'captured'],
  ])('charge.%s without an intent is told by the charge', async (name, wire, type, status) => {
    for (const api of ['charges', 'payment_intents'] as const) {
      expect(await parse(`charge.${name}`, wire, { api })).toMatchObject({
        type,
        chargeId: 'ch_demoA1',
        charge: {
          id: 'ch_demoA1',
          status,
          amountRefunded: type === 'charge.updated' && wire.refunded ? 4590 : 0,
        },
      });
    }
  });

  it('charge.refunded of a lapsed authorization says so', async () => {
    const lapse = wireRefund({ amount: 4590, reason: 'expired_uncaptured_charge' });
    const wire = wireCharge({ refunded: true, amount_refunded: 4590, refunds: wireList([lapse]) });
    expect((await parse('charge.refunded', wire, { api: 'charges' })).type).toBe('charge.expired');
  });
});

describe('an event of a refund', () => {
  const paid = paidIntent({ amount_refunded: 500 });

  it.each([
    ['refund.created', 'pending', 'refund.created'],
    ['refund.created', 'succeeded', 'refund.succeeded'],
    ['refund.updated', 'pending', 'refund.updated'],
    ['refund.updated', 'succeeded', 'refund.succeeded'],
    ['refund.updated', 'requires_action', 'refund.updated'],
    ['refund.updated', 'canceled', 'refund.updated'],
    ['refund.failed', 'failed', 'refund.failed'],
    ['charge.refund.updated', 'failed', 'refund.failed'],
  ])('%s that is %s is %s', async (name, status, type) => {
    answers('/v1/payment_intents/pi_demoA1', paid);
    expect(await parse(name, wireRefund({ status }))).toMatchObject({
      type,
      chargeId: 'pi_demoA1',
      refund: { id: 're_demoA1', chargeId: 'pi_demoA1', amount: 500 },
      charge: { id: 'pi_demoA1', amountRefunded: 500 },
    });
  });

  it('and its twin tell the same state', async () => {
    const keys: string[] = [];
    for (const name of ['refund.updated', 'charge.refund.updated']) {
      answers('/v1/payment_intents/pi_demoA1', paid);
      keys.push((await parse(name, wireRefund())).stateKey);
    }
    expect(keys).toEqual(['stripe:re_demoA1:succeeded', 'stripe:re_demoA1:succeeded']);
  });

  it('that released an authorization is no refund', async () => {
    const released = wireCharge({ payment_intent: 'pi_demoA1', refunded: true, amount_refunded: 4590 });
    answers(
      '/v1/payment_intents/pi_demoA1',
      authorizedIntent({ status: 'canceled', latest_charge: released }),
    );
    expect(await parse('refund.created', wireRefund({ amount: 4590 }))).toMatchObject({
      type: 'charge.updated',
      refund: null,
      charge: { status: 'voided', amountRefunded: 0 },
    });
  });

  it('that released the rest of a partial capture is no refund', async () => {
    const entry = wireRefund({ id: 're_release', amount: 590, balance_transaction: null });
    answers('/v1/payment_intents/pi_demoA1', paidIntent({ amount_captured: 4000, amount_refunded: 590 }));
    answers('/v1/refunds', wireList([entry]));
    answers('/v1/refunds', wireList([entry]));
    expect(await parse('refund.created', entry)).toMatchObject({
      type: 'charge.updated',
      refund: null,
      charge: { amountRefunded: 0 },
    });
  });

  it('without an intent is about its charge', async () => {
    answers('/v1/charges/ch_demoA1', capturedCharge({ amount_refunded: 500 }));
    const wire = wireRefund({ payment_intent: null });
    expect(await parse('refund.updated', wire)).toMatchObject({
      type: 'refund.succeeded',
      chargeId: 'ch_demoA1',
    });
  });

  it('that names no charge is unknown', async () => {
    expect((await parse('refund.created', wireRefund({ charge: null, payment_intent: null }))).type).toBe(
      'unknown',
    );
  });
});

describe('an event of a dispute', () => {
  const dispute = {
    id: 'dp_1',
    object: 'dispute',
    charge: 'ch_demoA1',
    payment_intent: 'pi_demoA1',
    status: 'needs_response',
    amount: 500,
    currency: 'isk',
    reason: 'fraudulent',
  };

  it.each([
    ['created', 'dispute.opened'],
    ['updated', 'dispute.updated'],
    ['funds_withdrawn', 'dispute.updated'],
    ['funds_reinstated', 'dispute.updated'],
    ['closed', 'dispute.closed'],
  ])('charge.dispute.%s is %s', async (name, type) => {
    expect(await parse(`charge.dispute.${name}`, dispute)).toMatchObject({
      type,
      chargeId: 'pi_demoA1',
      charge: null,
      dispute: { id: 'dp_1', status: 'needs_response', amount: 5, currency: 'ISK', reason: 'fraudulent' },
    });
  });

  it('in charges mode is about its charge', async () => {
    expect((await parse('charge.dispute.created', dispute, { api: 'charges' })).chargeId).toBe('ch_demoA1');
  });

  it.each([
    'review.opened',
    'review.closed',
    'radar.early_fraud_warning.created',
    'radar.early_fraud_warning.updated',
  ])('%s is a hint to look', async (type) => {
    const object = { id: 'prv_1', charge: 'ch_demoA1', payment_intent: 'pi_demoA1' };
    expect(await parse(type, object)).toMatchObject({
      type: 'charge.updated',
      chargeId: 'pi_demoA1',
      charge: null,
    });
  });
});
