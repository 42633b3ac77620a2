import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { WebhookSignatureError } from '../../../src/errors.js';
import { justifiProvider } from '../../../src/providers/justifi/index.js';
import { webhookIn } from '../seam.js';

const webhook = webhookIn(justifiProvider);

const secret = 'publisher_secret_Demo';
const now = Date.parse('2026-02-03T04:05:06Z');
const seconds = String(now / 1000);
const hour = 60 * 60 * 1000;
const body = '{"id":"evt_DemoL1","event_name":"payment.succeeded","data":{"description":"\u00e9t\u00e9"}}';

const sign = (timestamp: string, text: string, key = secret): string =>
  createHmac('sha256', key).update(`${timestamp}.${text}`, 'utf8').digest('hex');

const deliver = (
  changes: {
    timestamp?: string;
    signature?: string;
    text?: string;
    secrets?: readonly string[];
    headers?: Record<string, string>;
  } = {},
): void => {
  const { timestamp = seconds, text = body } = changes;
  webhook.verify({
    body: new TextEncoder().encode(text),
    headers: changes.headers ?? {
      'justifi-timestamp': timestamp,
      'justifi-signature': changes.signature ?? sign(timestamp, body),
    },
    secrets: changes.secrets ?? [secret],
    toleranceMs: webhook.toleranceMs,
    now,
  });
};

describe('a webhook signature', () => {
  it('fits a vector that was computed elsewhere', () => {
    // printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
    const signature = '49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686';
    const delivery = {
      body: new TextEncoder().encode('{"a":1}'),
      headers: { 'justifi-timestamp': '1700000000', 'justifi-signature': signature },
      secrets: ['secret'],
      toleranceMs: 0,
      now: 1_700_000_000_000,
    };
    expect(() => webhook.verify(delivery)).not.toThrow();
  });

  it.each([
    ['seconds since 1970', seconds],
    ['milliseconds', String(now)],
    ['ISO 8601', '2026-02-03T04:05:06Z'],
    ['ISO 8601 with milliseconds', '2026-02-03T04:05:06.007Z'],
    ['ISO 8601 with an offset', '2026-02-03T05:05:06+01:00'],
    ['ISO 8601 without a zone, as UTC', '2026-02-03T04:05:06'],
  ])('is accepted with the time as %s', (_, timestamp) => {
    expect(() => deliver({ timestamp, signature: sign(timestamp, body) })).not.toThrow();
  });

  it('is accepted in upper case, too', () => {
    expect(() => deliver({ signature: sign(seconds, body).toUpperCase() })).not.toThrow();
  });

  it('is accepted by any secret while one is being rotated', () => {
    expect(() => deliver({ secrets: ['new_secret_Demo', secret] })).not.toThrow();
    expect(() => deliver({ secrets: ['new_secret_Demo'] })).toThrow(WebhookSignatureError);
  });

  it.each([
    ['of other bytes', { text: `${body} ` }],
    ['of the same JSON, written anew', { text: JSON.stringify(JSON.parse(body), null, 1) }],
    ['of another time', { timestamp: String(now / 1000 + 1), signature: sign(seconds, body) }],
    ['by another secret', { signature: sign(seconds, body, 'other') }],
    ['that is cut', { signature: sign(seconds, body).slice(0, 62) }],
    [
      'that is base64',
      { signature: createHmac('sha256', secret).update(`${seconds}.${body}`).digest('base64') },
    ],
    ['that is empty', { signature: '' }],
    ['without headers', { headers: {} }],
    ['without a time', { headers: { 'justifi-signature': sign('', body) } }],
    ['with a time that is none', { timestamp: 'yesterday', signature: sign('yesterday', body) }],
  ])('is refused %s', (_, changes) => {
    expect(() => deliver(changes)).toThrow(WebhookSignatureError);
  });

  it('needs a secret, and names the setting', () => {
    expect(() => deliver({ secrets: [] })).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: expect.stringContaining('webhookSecret'),
      }),
    );
  });

  it('is accepted up to 25 hours away, for repeats come for 24 hours', () => {
    const at = (milliseconds: number) => {
      const timestamp = String((now + milliseconds) / 1000);
      return () => deliver({ timestamp, signature: sign(timestamp, body) });
    };
    expect(at(-25 * hour)).not.toThrow();
    expect(at(25 * hour)).not.toThrow();
    expect(at(-25 * hour - 1000)).toThrow(/too far from now/);
    expect(at(25 * hour + 1000)).toThrow(/too far from now/);
  });

  it('never shows the secret or the signature', () => {
    const signature = sign(seconds, body, 'other');
    try {
      deliver({ signature });
      expect.unreachable();
    } catch (error) {
      expect(inspect(error)).not.toContain(secret);
      expect(inspect(error)).not.toContain(signature);
      expect(error).toMatchObject({ provider: 'justifi', operation: 'parseWebhook', outcome: 'not_sent' });
    }
  });
});
