import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChargeEventType } from '../../../src/models/event.js';
import { createPin, pinProvider, type PinSettings } from '../../../src/providers/pin/index.js';
import authorized from '../../fixtures/pin/charge-authorized.json' with { type: 'json' };
import captured from '../../fixtures/pin/charge-captured.json' with { type: 'json' };
import refund from '../../fixtures/pin/refund-pending.json' with { type: 'json' };
import { webhookIn } from '../seam.js';
import { recordedCall } from './call.js';
import { client, useHost } from './host.js';

const { expectRequest, lines } = useHost();

const endpointKey = 'whkey_A1b2C3';
const nowSeconds = () => Math.floor(Date.now() / 1000);
const signatureOf = (body: string | Uint8Array, time: number, key = endpointKey, hash = 'sha256') =>
  createHmac(hash, key).update(`${time}.`).update(body).digest('hex');
const signed = (body: string | Uint8Array, time = nowSeconds(), key = endpointKey) => ({
  'Pin-Signature': `t=${time},v1=${signatureOf(body, time, key)}`,
});
const eventOf = (type: string, data: unknown) => ({
  token: 'evt_1',
  type,
  data,
  created_at: '2025-02-06T07:08:09Z',
});
const read = (type: string, data: unknown, call = recordedCall({ livemode: false })) =>
  webhookIn(pinProvider).event(eventOf(type, data), call);
const pin = (settings: PinSettings = {}) => client({ webhookSecret: endpointKey, ...settings });

describe('a signed webhook', () => {
  const body = JSON.stringify(eventOf('charge.captured', captured.response));

  it('is read as an event', async () => {
    const event = await pin().parseWebhook(body, signed(body));
    expect(event).toMatchObject({
      id: 'evt_1',
      provider: 'pin',
      type: 'charge.captured',
      chargeId: captured.response.token,
      charge: { status: 'captured', amount: 1250, amountRefunded: 250, metadata: { order: '78' } },
      refund: null,
      dispute: null,
      createdAt: '2025-02-06T07:08:09.000Z',
      livemode: false,
      dedupeKey: 'pin:evt_1',
      stateKey: `pin:${captured.response.token}:captured`,
    });
    expect(event.charge?.raw).toBeUndefined();
    expect((event.raw as { token: string }).token).toBe('evt_1');
  });

  it('is accepted as bytes and under any spelling of the header', async () => {
    const bytes = Buffer.from(body.replace('Kim Lee', 'Kím Łee'));
    const { 'Pin-Signature': signature } = signed(bytes);
    await pin().parseWebhook(bytes, { 'PIN-SIGNATURE': signature });
    await pin().parseWebhook(bytes, new Headers({ 'pin-signature': signature }));
  });

  it('is accepted with one of several keys, and with one of several signatures', async () => {
    const time = nowSeconds();
    const old = signatureOf(body, time, 'old');
    await pin({ webhookSecret: ['new', 'old'] }).parseWebhook(body, {
      'pin-signature': `t=${time}, v1=${old}`,
    });
    const both = `t=${time},v1=${'0'.repeat(64)},v0=x,v1=${signatureOf(body, time).toUpperCase()}`;
    await pin().parseWebhook(body, { 'pin-signature': both });
  });

  it.each<[name: string, headers: () => Record<string, string>]>([
    ['no header', () => ({})],
    ['an empty header', () => ({ 'pin-signature': '' })],
    ['another key', () => signed(body, nowSeconds(), 'other')],
    [
      'a signature of the bare body',
      () => ({
        'pin-signature': `t=${nowSeconds()},v1=${createHmac('sha256', endpointKey).update(body).digest('hex')}`,
      }),
    ],
    [
      'a signature of another time',
      () => ({ 'pin-signature': `t=${nowSeconds() + 1},v1=${signatureOf(body, nowSeconds())}` }),
    ],
    ['a signature that is cut', () => ({ 'pin-signature': signed(body)['Pin-Signature'].slice(0, -2) })],
    ['no time', () => ({ 'pin-signature': `v1=${signatureOf(body, nowSeconds())}` })],
    ['a time that is no number', () => ({ 'pin-signature': `t=now,v1=${signatureOf(body, nowSeconds())}` })],
    ['no v1', () => ({ 'pin-signature': `t=${nowSeconds()},v2=${signatureOf(body, nowSeconds())}` })],
    ['a signature that is no hexadecimal text', () => ({ 'pin-signature': `t=${nowSeconds()},v1=zz` })],
    ['a time of 301 seconds ago', () => signed(body, nowSeconds() - 302)],
    ['a time to come', () => signed(body, nowSeconds() + 302)],
  ])('is refused with %s', async (_, headers) => {
    await expect(pin().parseWebhook(body, headers())).rejects.toMatchObject({
      name: 'WebhookSignatureError',
      operation: 'parseWebhook',
    });
  });

  it('is refused when a byte of the body has changed', async () => {
    await expect(pin().parseWebhook(`${body} `, signed(body))).rejects.toMatchObject({
      name: 'WebhookSignatureError',
    });
  });

  it('is refused without a key', async () => {
    await expect(client().parseWebhook(body, signed(body))).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('webhookSecret'),
    });
  });

  it('is accepted within the tolerance of the settings', async () => {
    const headers = signed(body, nowSeconds() - 3000);
    await expect(pin().parseWebhook(body, headers)).rejects.toMatchObject({ name: 'WebhookSignatureError' });
    await pin({ webhookToleranceMs: 3_600_000 }).parseWebhook(body, headers);
  });

  it('is checked with the hash of the settings, because Pin’s word for it was not seen', async () => {
    const time = nowSeconds();
    const headers = { 'pin-signature': `t=${time},v1=${signatureOf(body, time, endpointKey, 'sha512')}` };
    await expect(pin().parseWebhook(body, headers)).rejects.toMatchObject({ name: 'WebhookSignatureError' });
    await pin({ webhookHash: 'sha512' }).parseWebhook(body, headers);
    const delivery = {
      body: Buffer.from(body),
      headers,
      secrets: [endpointKey],
      toleranceMs: 1000,
      now: time * 1000,
    };
    const { verify } = webhookIn(pinProvider);
    expect(() => verify(delivery, {})).toThrow('no signature fits');
    expect(() => verify(delivery, { webhookHash: 'sha512' })).not.toThrow();
  });

  it('says nothing of the key in its errors', async () => {
    const error: unknown = await createPin({ secretKey: 'k', webhookSecret: endpointKey })
      .parseWebhook(body, signed(body, nowSeconds(), 'other'))
      .catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain(endpointKey);
  });

  it.each(['[]', '{}', '7', 'null', '{"token":"evt_1"}', '{"type":"charge.captured"}'])(
    'that is no event is refused: %s',
    async (text) => {
      await expect(pin().parseWebhook(text, signed(text))).rejects.toMatchObject({
        name: 'InvalidRequestError',
      });
    },
  );
});

describe('the type of an event', () => {
  const voided = { ...authorized.response, authorisation_voided: true };
  const failed = { ...authorized.response, success: false };
  const dispute = { token: 'dis_1', charge: 'ch_1' };

  it.each<[type: string, data: unknown, normalized: ChargeEventType]>([
    ['charge.authorised', authorized.response, 'charge.authorized'],
    ['charge.captured', captured.response, 'charge.captured'],
    ['charge.voided', voided, 'charge.voided'],
    ['charge.failed', failed, 'charge.failed'],
    ['refund.created', refund.response, 'refund.created'],
    ['refund.created', { ...refund.response, success: true }, 'refund.succeeded'],
    ['refund.created', { ...refund.response, success: false }, 'refund.failed'],
    ['refund.succeeded', { ...refund.response, success: true }, 'refund.succeeded'],
    ['refund.failed', { ...refund.response, success: false }, 'refund.failed'],
    ['dispute.evidence_required', dispute, 'dispute.opened'],
    ['dispute.evidence_under_review', dispute, 'dispute.updated'],
    ['dispute.arbitration_under_review', dispute, 'dispute.updated'],
    ['dispute.resolved', dispute, 'dispute.closed'],
    ['dispute.cancelled', dispute, 'dispute.closed'],
    ['dispute.lost', dispute, 'dispute.closed'],
    ['dispute.won', dispute, 'dispute.closed'],
    ['dispute.expired', dispute, 'dispute.closed'],
    ['dispute.accepted', dispute, 'dispute.closed'],
    ['dispute.arbitration_won', dispute, 'dispute.closed'],
    ['dispute.arbitration_lost', dispute, 'dispute.closed'],
    ['customer.created', { token: 'cus_1' }, 'unknown'],
    ['recipient.updated', {}, 'unknown'],
    ['transfer.failed', {}, 'unknown'],
    ['deposit.created', {}, 'unknown'],
    ['plan.created', {}, 'unknown'],
    ['subscription.renewed', {}, 'unknown'],
    ['sub_merchant_application.activated', {}, 'unknown'],
    ['charge.brand_new', captured.response, 'unknown'],
    ['constructor', captured.response, 'unknown'],
  ])('of %s with %j is %s', async (type, data, normalized) => {
    expect((await read(type, data)).type).toBe(normalized);
  });

  it('is the state that the object has, not the word of the event', async () => {
    expect((await read('charge.authorised', captured.response)).type).toBe('charge.captured');
    expect((await read('charge.captured', authorized.response)).type).toBe('charge.authorized');
    const { captured: _, ...unclear } = captured.response;
    expect(await read('charge.captured', unclear)).toMatchObject({
      type: 'charge.updated',
      charge: { status: 'unknown' },
    });
  });
});

describe('an event of a refund', () => {
  it.each([
    ['refund.succeeded', { success: null }, 'succeeded'],
    ['refund.failed', { success: null }, 'failed'],
    ['refund.failed', { success: null, status_message: 'Success' }, 'failed'],
  ])('%s settles what the refund %j leaves open', async (type, change, status) => {
    expect(await read(type, { ...refund.response, ...change })).toMatchObject({
      type,
      chargeId: refund.response.charge,
      charge: null,
      refund: { id: refund.response.token, status },
      stateKey: `pin:${refund.response.token}:${status}`,
    });
  });

  it.each([
    ['refund.succeeded', { success: false }],
    ['refund.failed', { success: true }],
  ])('%s against %j settles nothing and is reported', async (type, change) => {
    const call = recordedCall();
    expect(await read(type, { ...refund.response, ...change }, call)).toMatchObject({
      type: 'refund.updated',
      refund: { status: 'unknown' },
    });
    expect(call.drifts).toContainEqual(['success', 'inconsistent']);
  });

  it('is no news of the charge itself', async () => {
    expect((await read('refund.created', refund.response)).charge).toBeNull();
  });
});

describe('an event of a dispute', () => {
  it('names the dispute, its state and its charge', async () => {
    expect(
      await read('dispute.evidence_required', { token: 'dis_1', charge: 'ch_1', amount: 1250 }),
    ).toMatchObject({
      chargeId: 'ch_1',
      charge: null,
      dispute: { id: 'dis_1', status: 'evidence_required', amount: null, currency: null, reason: null },
      stateKey: 'pin:dis_1:evidence_required',
    });
  });

  it.each([null, undefined, {}, { token: 7 }, 'x'])(
    'without a token still says what happened: %j',
    async (data) => {
      expect(await read('dispute.lost', data)).toMatchObject({
        type: 'dispute.closed',
        chargeId: null,
        dispute: null,
        stateKey: 'pin:evt_1',
      });
    },
  );

  it('names no charge that it does not know', async () => {
    expect((await read('dispute.lost', { token: 'dis_1', charge: { token: 'ch_1' } })).chargeId).toBeNull();
  });
});

describe('an event whose object cannot be read', () => {
  it('has a charge that is fetched', async () => {
    const body = JSON.stringify(
      eventOf('charge.captured', { token: captured.response.token, amount: '12.50' }),
    );
    expectRequest('GET', `/1/charges/${captured.response.token}`, { status: 200, body: captured });
    expect(await pin().parseWebhook(body, signed(body))).toMatchObject({
      type: 'charge.captured',
      charge: { amount: 1250 },
    });
    expect(lines()).toHaveLength(1);
  });

  it('has a refund that is fetched', async () => {
    const call = recordedCall({ answers: [refund] });
    expect(await read('refund.created', { token: 'rf_h1J2k3L4z5X6c7V8b9N0mQ' }, call)).toMatchObject({
      type: 'refund.created',
      refund: { amount: 250 },
    });
    expect(call.sent).toEqual([
      { method: 'GET', route: '/1/refunds/{id}', ids: { id: 'rf_h1J2k3L4z5X6c7V8b9N0mQ' } },
    ]);
  });

  it.each([
    ['charge.captured', 'charge.updated'],
    ['refund.created', 'refund.updated'],
  ])('%s without a token is reported and claims nothing', async (type, normalized) => {
    const call = recordedCall();
    expect(await read(type, { amount: 1250 }, call)).toMatchObject({
      type: normalized,
      chargeId: null,
      charge: null,
      refund: null,
    });
    expect(call.drifts).toEqual([['data', 'wrong_type']]);
  });
});
