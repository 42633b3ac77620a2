import { describe, expect, it } from 'vitest';
import { IntegrityError, NotFoundError, ProviderError, WebhookSignatureError } from '../../../src/errors.js';
import type { ChargeEventType, ReportedEvent } from '../../../src/models/event.js';
import { magpieProvider } from '../../../src/providers/magpie/index.js';
import { webhookIn } from '../seam.js';
import { recordedCall } from './call.js';
import { wireCharge, type Fields } from './wire-charges.js';

const webhook = webhookIn(magpieProvider);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Nothing but the body is looked at. */
const checkNotification = ({ body }: { readonly body: Uint8Array }): void => {
  webhook.verify({ body, headers: {}, secrets: [], toleranceMs: 0, now: 0 });
};

/** The event of a notification, where the provider has this charge. */
const eventOf = async (notification: unknown, change: Fields = {}) => {
  const { call, sent } = recordedCall({ bodies: [wireCharge(change)] });
  const event: ReportedEvent = await webhook.event(notification, call);
  return { event, sent };
};

const charge = { object: 'charge', id: 'ch_1cc1', status: 'succeeded', captured: true, amount: 1 };

describe('a notification', () => {
  it.each(['{}', '{"id":"ch_1"}', ' {"type":"charge.created"} '])(
    'is accepted without a secret: %s',
    (text) => {
      expect(() => {
        checkNotification({ body: bytes(text) });
      }).not.toThrow();
    },
  );

  it.each(['', 'charge.created', '[]', 'null', '7', '"ch_1"', '{"id":', '{}{}'])(
    'must be one JSON object: %j',
    (text) => {
      expect(() => {
        checkNotification({ body: bytes(text) });
      }).toThrow(
        expect.objectContaining({
          name: 'WebhookSignatureError',
          code: 'webhook_not_json',
          outcome: 'not_sent',
        }),
      );
    },
  );

  it('must be UTF-8, and not larger than any could be', () => {
    const check = (body: Uint8Array) => () => {
      checkNotification({ body });
    };
    expect(check(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow(WebhookSignatureError);
    expect(check(bytes(`{"a":"${'x'.repeat(1_000_000)}"}`))).toThrow(WebhookSignatureError);
  });
});

describe('the event of a notification', () => {
  it('tells the charge as the provider has it, never as the notification does', async () => {
    const { event, sent } = await eventOf({
      id: 'evt_1',
      type: 'charge.failed',
      data: { ...charge, status: 'failed', amount: 999 },
    });
    expect(sent).toEqual([{ method: 'GET', route: '/v2/charges/{id}', ids: { id: 'ch_1cc1' } }]);
    expect(event).toMatchObject({
      provider: 'magpie',
      type: 'charge.captured',
      chargeId: 'ch_1cc1',
      charge: { id: 'ch_1cc1', status: 'captured', amount: 50000 },
      refund: null,
      dispute: null,
      createdAt: '2025-02-05T01:30:02.999Z',
      livemode: false,
    });
  });

  it('keeps the notification beside it, and nothing of the resource on the charge', async () => {
    const notification = { type: 'charge.updated', data: charge };
    const { event } = await eventOf(notification);
    expect(event.raw).toEqual(notification);
    expect(Object.keys(event)).not.toContain('raw');
    expect(event.charge?.raw).toBeUndefined();
  });

  const pending = { status: 'pending', authorized: false, captured: false, refunds: [], amount_refunded: 0 };
  const waiting = { ...pending, action: { url: 'https://wallet.test/pay/1' } };
  it.each<[name: string, change: Fields, type: ChargeEventType]>([
    ['charge.created', pending, 'charge.created'],
    ['charge.updated', pending, 'charge.updated'],
    ['charge.succeeded', pending, 'charge.updated'],
    ['charge.created', waiting, 'charge.requires_action'],
    ['charge.updated', { ...pending, authorized: true }, 'charge.authorized'],
    ['charge.created', {}, 'charge.captured'],
    ['charge.updated', {}, 'charge.captured'],
    ['charge.succeeded', {}, 'charge.captured'],
    ['charge.captured', {}, 'charge.captured'],
    ['charge.failed', { status: 'failed' }, 'charge.failed'],
    ['charge.updated', { status: 'voided' }, 'charge.voided'],
    ['charge.updated', { status: 'expired' }, 'charge.expired'],
    ['charge.captured', { status: 'on_hold' }, 'charge.updated'],
    ['charge.disputed', {}, 'charge.updated'],
    ['refund.created', {}, 'charge.updated'],
    ['refund.updated', { status: 'refunded', amount_refunded: 50000 }, 'charge.updated'],
  ])('%s with the charge %j is %s', async (name, change, type) => {
    const { event } = await eventOf({ type: name, data: { id: 'ch_1cc1' } }, change);
    expect(event).toMatchObject({ type, chargeId: 'ch_1cc1', refund: null });
    expect(event.charge?.refunds).not.toBeNull();
  });

  it.each([
    ['at the top', { id: 'ch_1cc1' }],
    ['in an object', { data: { object: { id: 'ch_1cc1', source: { id: 'src_1' } } } }],
    ['in a refund', { data: { object: 'refund', id: 're_1', charge: 'ch_1cc1' } }],
    ['in a list', { charges: ['ch_1cc1'] }],
    ['above another', { charge: 'ch_1cc1', related: { previous: 'ch_0' } }],
    ['twice', { charge: 'ch_1cc1', id: 'ch_1cc1' }],
  ])('without a name is of the charge that stands %s', async (_, notification) => {
    const { event, sent } = await eventOf(notification);
    expect(sent).toHaveLength(1);
    expect(event).toMatchObject({ type: 'charge.captured', chargeId: 'ch_1cc1' });
  });

  it.each([
    ['that names no charge', { status: 'ok' }],
    ['that names two charges alike', { first: 'ch_1', second: 'ch_2' }],
    ['whose only charge is metadata of the merchant', { metadata: { earlier: 'ch_1cc1' } }],
    ['that is buried too deep', { a: { a: { a: { a: { a: { a: { a: { a: { a: 'ch_1cc1' } } } } } } } } }],
    ['about a customer', { type: 'customer.created', data: { id: 'cus_1', charge: 'ch_1cc1' } }],
    ['about a source', { type: 'source.updated', data: { id: 'src_1', charge: 'ch_1cc1' } }],
    ['about a payment request', { event: 'payment_request.succeeded', charge: 'ch_1cc1' }],
    ['about a checkout', { type: 'checkout_session.completed', charge: 'ch_1cc1' }],
    ['about a payment link', { type: 'payment_link.created', charge: 'ch_1cc1' }],
    ['of a name that nobody lists', { type: 'charge.teleported', charge: 'ch_1cc1' }],
    ['whose charge is no id', { charge: 'ch_1/../../me' }],
  ])('%s is unknown, and nothing is asked', async (_, notification) => {
    const { event, sent } = await eventOf(notification);
    expect(sent).toEqual([]);
    expect(event).toMatchObject({ type: 'unknown', chargeId: null, charge: null });
    expect(event.raw).toEqual(notification);
  });

  it('has the same keys for the same state, whatever it was called', async () => {
    const first = await eventOf({ type: 'charge.succeeded', data: charge });
    const second = await eventOf({ id: 'ch_1cc1' });
    expect(first.event.dedupeKey).toBe('magpie:ch_1cc1:captured:2025-02-05T09:30:02.999999+08:00');
    expect(second.event.dedupeKey).toBe(first.event.dedupeKey);
    expect(second.event.stateKey).toBe(first.event.stateKey);
  });

  it('has other keys for another state', async () => {
    const notification = { id: 'ch_1cc1' };
    const first = await eventOf(notification);
    const later = await eventOf(notification, { updated_at: '2025-02-06T00:00:00+08:00' });
    const refunded = await eventOf(notification, { amount_refunded: 13000 });
    expect(later.event.dedupeKey).not.toBe(first.event.dedupeKey);
    expect(later.event.stateKey).toBe(first.event.stateKey);
    expect(refunded.event.stateKey).not.toBe(first.event.stateKey);
    const [one, same, other] = await Promise.all([{ a: 1 }, { a: 1 }, { a: 2 }].map((each) => eventOf(each)));
    expect(one?.event.dedupeKey).toBe(same?.event.dedupeKey);
    expect(one?.event.dedupeKey).not.toBe(other?.event.dedupeKey);
  });

  it('is refused where the provider does not have the charge', async () => {
    const missing = new NotFoundError({ message: 'no', outcome: 'not_sent' });
    const { call } = recordedCall({ bodies: [missing] });
    await expect(webhook.event({ id: 'ch_9' }, call)).rejects.toMatchObject({
      name: 'WebhookSignatureError',
      code: 'webhook_unknown_charge',
    });
  });

  it('is an error to try again where the charge cannot be read now', async () => {
    const { call } = recordedCall({ bodies: [new ProviderError({ message: 'no', outcome: 'not_sent' })] });
    await expect(webhook.event({ id: 'ch_9' }, call)).rejects.toBeInstanceOf(ProviderError);
  });

  it('is refused where the provider answers with another charge', async () => {
    const { call } = recordedCall({ bodies: [wireCharge()] });
    await expect(webhook.event({ id: 'ch_9' }, call)).rejects.toBeInstanceOf(IntegrityError);
  });
});
