import { describe, expect, it } from 'vitest';
import {
  ConfigurationError,
  InvalidRequestError,
  WebhookSignatureError,
  type ChargesError,
} from '../../src/errors.js';
import { createJustifi } from '../../src/providers/justifi/index.js';
import { createMagpie } from '../../src/providers/magpie/index.js';
import { createOmise } from '../../src/providers/omise/index.js';
import { createPin } from '../../src/providers/pin/index.js';
import { createStripe } from '../../src/providers/stripe/index.js';
import { signingProviders } from './deliveries.js';
import { verifyMagpieWebhook, verifyPinWebhook, verifyStripeWebhook } from './verifiers.js';

const seconds = Date.parse('2026-03-01T12:00:00Z') / 1000;
const now = seconds * 1000;
const body = Buffer.from('{"id":"evt_1","object":"event","data":{"name":"ราคา & <b>","list":[1,2]}}');

const refusalOf = (verify: () => unknown): ChargesError => {
  try {
    verify();
  } catch (error) {
    return error as ChargesError;
  }
  throw new Error('The delivery was believed.');
};

describe.each(signingProviders)('a webhook of $name', (provider) => {
  const signed = provider.sign(body, seconds);

  it.each([
    ['a Buffer', body],
    ['a Uint8Array', new Uint8Array(body)],
    ['a view into a larger array', new Uint8Array(Buffer.concat([Buffer.from('xx'), body])).subarray(2)],
    ['a string', body.toString('utf8')],
  ])('is believed from %s', (_, raw) => {
    const { isSigned, payload } = provider.verify({ ...signed, body: raw }, now);
    expect(isSigned).toBe(true);
    expect(payload).toEqual(JSON.parse(body.toString('utf8')));
  });

  it.each([
    ['in capitals', (name: string) => name.toUpperCase()],
    ['as its page writes them', (name: string) => name.replace(/(^|-)[a-z]/g, (part) => part.toUpperCase())],
  ])('is believed with header names %s', (_, spell) => {
    const headers = Object.fromEntries(
      Object.entries(signed.headers).map(([name, value]) => [spell(name), value]),
    );
    expect(provider.verify({ body, headers }, now).isSigned).toBe(true);
  });

  it('is believed with either secret while one is being rotated', () => {
    expect(provider.verify(signed, now, [provider.otherSecret, provider.secret]).isSigned).toBe(true);
  });

  it('is refused with a parsed object, and says how to get the raw body', () => {
    const error = refusalOf(() =>
      provider.verify({ ...signed, body: JSON.parse(body.toString('utf8')) as string }, now),
    );
    expect(error).toBeInstanceOf(InvalidRequestError);
    for (const framework of ['express', 'fastify', 'hono', 'Next'])
      expect(error.message).toContain(framework);
  });

  it('names the header that is missing', () => {
    for (const name of provider.signatureHeaders) {
      const { [name]: _left, ...headers } = signed.headers;
      const error = refusalOf(() => provider.verify({ body, headers }, now));
      expect(error).toBeInstanceOf(WebhookSignatureError);
      expect(error.code).toBe('webhook_header_missing');
      expect(error.message.toLowerCase()).toContain(name);
    }
  });

  it('says that the secret is another one', () => {
    const error = refusalOf(() => provider.verify(signed, now, provider.otherSecret));
    expect(error.code).toBe('webhook_signature_mismatch');
    expect(error.message).toContain('webhookSecret');
  });

  it.each([
    [
      'compact',
      (value: unknown) => JSON.stringify(value),
      (value: unknown) => JSON.stringify(value, null, 2),
    ],
    [
      'indented',
      (value: unknown) => JSON.stringify(value, null, 2),
      (value: unknown) => JSON.stringify(value),
    ],
    [
      'escaped for HTML',
      (value: unknown) =>
        JSON.stringify(value)
          .replaceAll('&', '\\u0026')
          .replaceAll('<', '\\u003c')
          .replaceAll('>', '\\u003e'),
      (value: unknown) => JSON.stringify(value),
    ],
    ['with a line end', (value: unknown) => `${JSON.stringify(value)}\n`, (v: unknown) => JSON.stringify(v)],
  ])('says that a body that was sent %s has been written anew', (_, original, rewritten) => {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const sent = provider.sign(Buffer.from(original(value)), seconds);
    const error = refusalOf(() => provider.verify({ ...sent, body: rewritten(value) }, now));
    expect(error.code).toBe('webhook_body_changed');
    expect(error.message).toContain('written anew');
  });

  it('says that something has read the body, or turned it into text', () => {
    expect(refusalOf(() => provider.verify({ ...signed, body: '' }, now)).message).toContain('empty');
    expect(refusalOf(() => provider.verify({ ...signed, body: '[object Object]' }, now)).message).toContain(
      'parsed body was turned into text',
    );
  });

  it('says by how many seconds the clocks differ, both ways, and only of what is signed', () => {
    const off = provider.toleranceMs / 1000 + 42;
    const old = refusalOf(() => provider.verify(signed, now + off * 1000));
    expect(old.code).toBe('webhook_time_out_of_tolerance');
    expect(old.message).toContain(`${String(off)} seconds back`);
    const future = refusalOf(() => provider.verify(signed, now - off * 1000));
    expect(future.message).toContain(`${String(off)} seconds ahead`);
    const forged = refusalOf(() => provider.verify(signed, now + off * 1000, provider.otherSecret));
    expect(forged.code).toBe('webhook_signature_mismatch');
  });

  it('is believed to the last millisecond of the tolerance', () => {
    expect(provider.verify(signed, now + provider.toleranceMs).isSigned).toBe(true);
    expect(provider.verify(signed, now - provider.toleranceMs).isSigned).toBe(true);
    expect(() => provider.verify(signed, now + provider.toleranceMs + 1)).toThrow(WebhookSignatureError);
  });

  it.each([['nothing', []] as const, ['an empty text', ''] as const, ['blanks', '  '] as const])(
    'cannot be verified with %s as the secret: the argument is named',
    (_, secret) => {
      const error = refusalOf(() => provider.verify(signed, now, secret));
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).toContain(': secret is missing or empty');
    },
  );

  it('tells whoever signs what is no JSON', () => {
    const error = refusalOf(() => provider.verify(provider.sign(Buffer.from('hello'), seconds), now));
    expect(error.code).toBe('webhook_not_json');
  });

  it('never names the secret', () => {
    for (const secret of [provider.secret, provider.otherSecret, provider.apiKey ?? 'sk_test_123456789']) {
      const error = refusalOf(() => provider.verify({ ...signed, body: '{}' }, now, secret));
      expect(JSON.stringify(error) + String(error.stack)).not.toContain(secret);
    }
  });
});

describe.each(signingProviders.filter(({ apiKey }) => apiKey !== null))(
  'an API key of $name as the webhook secret',
  (provider) => {
    it('is recognized', () => {
      const error = refusalOf(() =>
        provider.verify(provider.sign(body, seconds), now, provider.apiKey ?? ''),
      );
      expect(error.code).toBe('webhook_secret_is_api_key');
      expect(error.message).toContain('API key');
    });
  },
);

describe('a client', () => {
  const stripeKey = 'sk_test_abcdefghijklmnopqrstuvwx';

  it.each([
    ['justifi', () => createJustifi({ clientId: 'test_client', clientSecret: 'test_secret_of_client' })],
    ['omise', () => createOmise({ secretKey: 'skey_test_123456789012345678' })],
    ['pin', () => createPin({ secretKey: 'pinkeypinkeypinkey' })],
    ['stripe', () => createStripe({ secretKey: stripeKey })],
  ])('of %s without webhookSecret names the setting', async (_, create) => {
    await expect(create().parseWebhook('{}', {})).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('webhookSecret'),
    });
  });

  it('recognizes its own key as the webhook secret where keys have no form of their own', async () => {
    const key = 'uTpw8mSAQTRRNRyzvPnh1A';
    const charges = createPin({ secretKey: key, webhookSecret: key });
    const signed = signingProviders[3]!.sign(body, Math.floor(Date.now() / 1000));
    await expect(charges.parseWebhook(body, signed.headers)).rejects.toMatchObject({
      code: 'webhook_secret_is_api_key',
    });
  });

  it('reads Headers as well as a record', async () => {
    const charges = createStripe({ secretKey: stripeKey, webhookSecret: 'whsec_1' });
    const text = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'payout.paid',
      created: seconds,
      livemode: false,
      data: { object: { id: 'po_1', object: 'payout' } },
    });
    const signed = signingProviders[0]!.sign(Buffer.from(text), Math.floor(Date.now() / 1000), 'whsec_1');
    const event = await charges.parseWebhook(text, new Headers(signed.headers));
    expect(event).toMatchObject({ id: 'evt_1', type: 'unknown' });
  });

  it('of Magpie needs no secret: nothing that is signed there could be checked', async () => {
    const charges = createMagpie({ platform: 'magpie', secretKey: 'sk_test_magpie123456' });
    const event = await charges.parseWebhook('{"type":"customer.created"}', {});
    expect(event.type).toBe('unknown');
  });
});

describe('verifying without a client', () => {
  it('tells that a notification of Magpie is signed by nobody', () => {
    const notification = verifyMagpieWebhook('{"type":"charge.succeeded"}');
    expect(notification).toEqual({ isSigned: false, payload: { type: 'charge.succeeded' } });
    expect(() => verifyMagpieWebhook('[]')).toThrow(WebhookSignatureError);
    expect(() => verifyMagpieWebhook({} as string)).toThrow(InvalidRequestError);
  });

  it('refuses a tolerance that is no number, which would let every time pass', () => {
    expect(() => verifyStripeWebhook(body, {}, { secret: 'whsec_1', toleranceMs: Number.NaN })).toThrow(
      ConfigurationError,
    );
  });

  it('takes another hash of Pin, where the account signs with one', () => {
    const pin = signingProviders[3]!;
    const signed = pin.sign(body, seconds);
    expect(() => verifyPinWebhook(body, signed.headers, { secret: pin.secret, now, hash: 'sha512' })).toThrow(
      WebhookSignatureError,
    );
  });

  it('takes no option that it does not know, and no tolerance without end', () => {
    const stripe = signingProviders[0]!;
    const { headers } = stripe.sign(body, seconds);
    const verify = (more: object) => () =>
      verifyStripeWebhook(body, headers, { secret: stripe.secret, now, ...more });
    expect(verify({ tolerance: 300 })).toThrow('tolerance is not a known option; did you mean toleranceMs?');
    expect(verify({ webhookSecret: 'x' })).toThrow(
      'webhookSecret is not a known option; did you mean secret?',
    );
    expect(verify({ toleranceMs: Infinity })).toThrow('toleranceMs must be a number of milliseconds');
  });

  it('compares with the clock of this machine unless told', () => {
    const stripe = signingProviders[0]!;
    const fresh = stripe.sign(body, Math.floor(Date.now() / 1000));
    expect(verifyStripeWebhook(body, fresh.headers, { secret: stripe.secret }).isSigned).toBe(true);
    const old = stripe.sign(body, seconds - 10_000_000);
    expect(() => verifyStripeWebhook(body, old.headers, { secret: stripe.secret })).toThrow('seconds back');
  });
});
