import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InvalidRequestError, WebhookSignatureError } from '../../../src/errors.js';
import { advanceCharge } from '../../../src/models/charge-progress.js';
import { chargeSchema, isPaid } from '../../../src/models/charge.js';
import type { ReportedEvent } from '../../../src/models/event.js';
import { omiseProvider } from '../../../src/providers/omise/index.js';
import type { WebhookDelivery } from '../../../src/webhook-spec.js';
import {
  authorizedCharge,
  challengedCharge,
  dispute,
  event,
  expiredCharge,
  failedCharge,
  paidCharge,
  refund,
  reversedCharge,
  type WireObject,
} from '../../fixtures/omise/charges.js';
import { webhookIn } from '../seam.js';
import { fakeCall } from './call.js';

const webhook = webhookIn(omiseProvider);
const verifyOmiseSignature = (signed: WebhookDelivery): void => {
  webhook.verify(signed, {});
};

const secret = Buffer.from('omise webhook secret of a test!!').toString('base64');
const otherSecret = Buffer.from('another secret').toString('base64');
const now = Date.parse('2026-03-01T12:00:00Z');
const timestamp = String(now / 1000);
const body = Buffer.from('{"object":"event","text":"ราคา"}');

const sign = (key: string, signedAt = timestamp, bytes: Uint8Array = body): string =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(`${signedAt}.`).update(bytes).digest('hex');

const delivery = (
  changes: Partial<WebhookDelivery> & { signature?: string; signedAt?: string } = {},
): WebhookDelivery => {
  const { signature = sign(secret), signedAt = timestamp, ...rest } = changes;
  return {
    body,
    headers: { 'omise-signature': signature, 'omise-signature-timestamp': signedAt },
    secrets: [secret],
    toleranceMs: 300_000,
    now,
    ...rest,
  };
};

describe('a signature', () => {
  it('fits a value that was computed with another tool', () => {
    // printf '1772366400.{"object":"event"}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102030405060708090a0b0c0d0e0f
    const signed = delivery({
      body: Buffer.from('{"object":"event"}'),
      secrets: [Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex').toString('base64')],
      signature: 'ad72cbbd4e6822176cee66cefd96454e661b360709b0dfd17e5bc91189c2debb',
      signedAt: '1772366400',
    });
    expect(() => verifyOmiseSignature(signed)).not.toThrow();
  });

  it('is believed for exactly the bytes that were signed', () => {
    expect(() => verifyOmiseSignature(delivery())).not.toThrow();
  });

  it.each([
    ['an upper-case signature', delivery({ signature: sign(secret).toUpperCase() })],
    [
      'two signatures while the secret is rotated',
      delivery({ signature: `${sign(otherSecret)},${sign(secret)}` }),
    ],
    ['two signatures with a space', delivery({ signature: `${sign(secret)}, ${sign(otherSecret)}` })],
    ['several secrets of ours', delivery({ secrets: [otherSecret, secret] })],
    ['a secret with a line break behind it', delivery({ secrets: [`${secret}\n`] })],
    ['a time at the edge before', delivery({ now: now + 300_000 })],
    ['a time at the edge after', delivery({ now: now - 300_000 })],
  ])('is believed with %s', (_, signed) => {
    expect(() => verifyOmiseSignature(signed)).not.toThrow();
  });

  const refused: readonly (readonly [string, WebhookDelivery])[] = [
    ['another secret', delivery({ secrets: [otherSecret] })],
    ['a secret that is not base64', delivery({ secrets: ['not base64!'] })],
    ['a changed body', delivery({ body: Buffer.concat([body, Buffer.from(' ')]) })],
    ['a changed time', delivery({ signedAt: String(now / 1000 + 1) })],
    ['no signature', delivery({ headers: { 'omise-signature-timestamp': timestamp } })],
    ['an empty signature', delivery({ signature: '' })],
    ['a signature that is too short', delivery({ signature: sign(secret).slice(0, 62) })],
    ['a signature in base64', delivery({ signature: Buffer.from(sign(secret), 'hex').toString('base64') })],
    ['no time', delivery({ headers: { 'omise-signature': sign(secret) } })],
    ['a time that is no number', delivery({ signedAt: '2026-03-01', signature: sign(secret, '2026-03-01') })],
    ['an old time', delivery({ now: now + 300_001 })],
    ['a time in the future', delivery({ now: now - 300_001 })],
    [
      'the key used as text, not decoded',
      delivery({
        signature: createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex'),
      }),
    ],
  ];

  it.each(refused)('is refused with %s', (_, signed) => {
    expect(() => verifyOmiseSignature(signed)).toThrow(WebhookSignatureError);
  });

  it('needs a secret, and names the setting', () => {
    expect(() => verifyOmiseSignature(delivery({ secrets: [] }))).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: expect.stringContaining('webhookSecret'),
      }),
    );
  });

  it('is refused without a word about the secret', () => {
    for (const [, signed] of refused) {
      try {
        verifyOmiseSignature(signed);
      } catch (error) {
        expect(String(error)).not.toContain(secret);
        expect(String(error)).not.toContain('not base64!');
      }
    }
  });
});

const read = async (wire: WireObject): Promise<ReportedEvent> => webhook.event(wire, fakeCall());

describe('an event', () => {
  const chargeId = 'chrg_test_0aaaaaaaaaaaaaaaaa1';
  const lapsed = { reversed_at: '2026-01-12T03:00:00Z' };

  it.each([
    ['charge.create', paidCharge(), 'charge.captured'],
    ['charge.create', authorizedCharge(), 'charge.authorized'],
    ['charge.create', challengedCharge(), 'charge.requires_action'],
    ['charge.create', challengedCharge({ authorize_uri: null }), 'charge.created'],
    ['charge.create', failedCharge(), 'charge.failed'],
    ['charge.create', paidCharge({ status: 'settled' }), 'charge.updated'],
    ['charge.update', paidCharge(), 'charge.updated'],
    ['charge.update', failedCharge(), 'charge.updated'],
    ['charge.capture', paidCharge(), 'charge.captured'],
    ['charge.capture', failedCharge(), 'charge.failed'],
    ['charge.reverse', reversedCharge(), 'charge.voided'],
    ['charge.reverse', reversedCharge(lapsed), 'charge.expired'],
    ['charge.complete', authorizedCharge(), 'charge.authorized'],
    ['charge.complete', paidCharge(), 'charge.captured'],
    ['charge.complete', failedCharge(), 'charge.failed'],
    ['charge.complete', challengedCharge({ authorize_uri: null }), 'charge.updated'],
    ['charge.expire', expiredCharge(), 'charge.expired'],
  ])('%s is named after the state of its charge', async (key, data, type) => {
    const result = await read(event(key, data));
    expect(result).toMatchObject({ type, chargeId, refund: null, dispute: null });
    expect(result.charge?.id).toBe(chargeId);
    expect(result.charge?.raw).toBeUndefined();
    expect(chargeSchema.safeParse(result.charge).success).toBe(true);
  });

  it.each([
    ['closed', 'refund.succeeded'],
    ['pending', 'refund.created'],
    ['failed', 'refund.failed'],
    ['on_the_moon', 'refund.updated'],
  ])('refund.create with a refund that is %s', async (status, type) => {
    expect(await read(event('refund.create', refund({ status })))).toMatchObject({
      type,
      chargeId,
      charge: null,
      refund: { id: 'rfnd_test_0hhhhhhhhhhhhhhhh1', amount: 900 },
    });
  });

  it.each([
    ['dispute.create', 'dispute.opened'],
    ['dispute.update', 'dispute.updated'],
    ['dispute.close', 'dispute.closed'],
  ])('%s tells of a dispute', async (key, type) => {
    expect(await read(event(key, dispute()))).toMatchObject({
      type,
      chargeId,
      charge: null,
      dispute: {
        id: 'dspt_test_0kkkkkkkkkkkkkkkk1',
        status: 'open',
        amount: 45900,
        currency: 'THB',
        reason: 'goods_or_services_not_provided',
      },
    });
  });

  it('about a dispute that cannot be read still tells that there is one', async () => {
    const call = fakeCall();
    const result = await webhook.event(event('dispute.create', { id: 'dspt_test_1' }), call);
    expect(result).toMatchObject({ type: 'dispute.opened', dispute: null, chargeId: null });
    expect(call.drifts).toEqual(['data: wrong_type']);
  });

  it.each([
    'customer.create',
    'customer.update.card',
    'card.update',
    'card.destroy',
    'recipient.verify',
    'transfer.send',
    'link.create',
    'moon.phase',
    'constructor',
  ])('%s is unknown, and no error', async (key) => {
    expect(await read(event(key, { object: 'thing', id: 'thing_1' }))).toMatchObject({
      type: 'unknown',
      chargeId: null,
      charge: null,
    });
  });

  it('carries its own id, its time and two keys', async () => {
    const wire = event('charge.capture', paidCharge());
    const result = await read(wire);
    expect(result).toMatchObject({
      id: 'evnt_test_0jjjjjjjjjjjjjjjj1',
      provider: 'omise',
      createdAt: '2026-01-05T03:00:02.000Z',
      livemode: false,
      dedupeKey: 'omise:evnt_test_0jjjjjjjjjjjjjjjj1',
      stateKey: `omise:${chargeId}:captured`,
    });
    expect(result.raw).toBe(wire);
    expect(Object.keys(result)).not.toContain('raw');
  });

  it('tells the same state twice under one state key', async () => {
    const first = await read(event('charge.capture', paidCharge(), { id: 'evnt_test_1' }));
    const second = await read(event('charge.complete', paidCharge(), { id: 'evnt_test_2' }));
    expect(first.stateKey).toBe(second.stateKey);
    expect(first.dedupeKey).not.toBe(second.dedupeKey);
  });
});

describe('an event in the account’s older API version', () => {
  it('is read by the old names of 2017', async () => {
    const {
      refunded_amount: _amount,
      created_at: _created,
      refunds: _refunds,
      ...rest
    } = paidCharge({ currency: 'thb' });
    const { created_at: _at, ...envelope } = event('charge.complete', {
      ...rest,
      refunded: 900,
      created: '2026-01-05T03:00:00Z',
    });
    const call = fakeCall();
    const result = await webhook.event({ ...envelope, created: '2026-01-05T03:00:02Z' }, call);
    expect(result).toMatchObject({
      type: 'charge.captured',
      createdAt: '2026-01-05T03:00:02.000Z',
      charge: { currency: 'THB', amountRefunded: 900, createdAt: '2026-01-05T03:00:00.000Z' },
    });
    expect(call.sent).toEqual([]);
  });

  it('of before 2019, with a refund that has no status, leaves a refunded charge refunded', async () => {
    const call = fakeCall();
    const result = await webhook.event(
      {
        object: 'event',
        id: 'evnt_test_1',
        key: 'charge.update',
        livemode: false,
        created: '2026-11-01T00:00:00Z',
        data: {
          object: 'charge',
          id: 'chrg_test_1',
          livemode: false,
          amount: 100000,
          currency: 'thb',
          status: 'successful',
          paid: true,
          authorized: true,
          reversed: false,
          capture: true,
          refunded: 100000,
          refunds: {
            object: 'list',
            total: 1,
            limit: 20,
            offset: 0,
            data: [
              {
                object: 'refund',
                id: 'rfnd_test_1',
                amount: 100000,
                currency: 'thb',
                charge: 'chrg_test_1',
                transaction: 'trxn_test_1',
                created: '2026-10-31T00:00:00Z',
              },
            ],
          },
          card: null,
          customer: null,
          metadata: {},
          created: '2026-10-30T00:00:00+07:00',
        },
      },
      call,
    );
    expect(result.charge).toMatchObject({
      status: 'captured',
      amountRefunded: 100000,
      refundStatus: 'full',
      disputed: false,
      createdAt: '2026-10-29T17:00:00.000Z',
      refunds: [{ id: 'rfnd_test_1', status: 'succeeded', amount: 100000 }],
    });
    const progress = advanceCharge(null, result);
    expect(progress).toMatchObject({ status: 'captured', amountRefunded: 100000, refundStatus: 'full' });
    expect(progress !== null && isPaid(progress)).toBe(false);
    expect(call.sent).toEqual([]);
    expect(call.drifts).toEqual([]);
  });

  it('that tells too little is not guessed at: the charge is fetched', async () => {
    const { paid: _paid, ...old } = paidCharge({ captured: true });
    const call = fakeCall({ answers: [paidCharge()] });
    expect(await webhook.event(event('charge.complete', old), call)).toMatchObject({
      type: 'charge.captured',
      chargeId: 'chrg_test_0aaaaaaaaaaaaaaaaa1',
    });
    expect(call.sent).toEqual([
      { method: 'GET', route: '/charges/{id}', ids: { id: 'chrg_test_0aaaaaaaaaaaaaaaaa1' } },
    ]);
  });

  it('with a refund that has no status yet is read again', async () => {
    const { status: _, ...old } = refund();
    const call = fakeCall({ answers: [refund()] });
    expect(await webhook.event(event('refund.create', old), call)).toMatchObject({
      type: 'refund.succeeded',
    });
    expect(call.sent).toEqual([
      {
        method: 'GET',
        route: '/charges/{id}/refunds/{refundId}',
        ids: { id: 'chrg_test_0aaaaaaaaaaaaaaaaa1', refundId: 'rfnd_test_0hhhhhhhhhhhhhhhh1' },
      },
    ]);
  });

  it('without an object is a hint that names nothing', async () => {
    expect(await read(event('charge.complete', undefined))).toMatchObject({
      type: 'charge.updated',
      chargeId: null,
      charge: null,
    });
    expect(await read(event('refund.create', undefined))).toMatchObject({
      type: 'refund.updated',
      chargeId: null,
      refund: null,
    });
  });
});

describe('a signed payload that is no event', () => {
  it.each([null, 'text', [], {}, paidCharge()])('is refused: %j', async (payload) => {
    await expect(async () => webhook.event(payload, fakeCall())).rejects.toThrow(InvalidRequestError);
  });
});
