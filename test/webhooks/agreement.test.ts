import { spawnSync } from 'node:child_process';
import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { signingProviders, type SigningProvider } from './deliveries.js';

const seconds = Date.parse('2026-03-01T12:00:00Z') / 1000;
const now = seconds * 1000;
const body = '{"id":"evt_1","object":"event","text":"ราคา 459,00 €"}';

const providerNamed = (name: string): SigningProvider =>
  signingProviders.find((provider) => provider.name === name)!;

/** What openssl, which shares no code with us, signs. */
const openssl = (hexKey: string, text: string): string => {
  const { status, stdout, stderr } = spawnSync(
    'openssl',
    ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hexKey}`],
    { input: text, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl failed: ${stderr}`);
  return /([0-9a-f]{64})\s*$/.exec(stdout)?.[1] ?? '';
};

const hexOf = (text: string, encoding: BufferEncoding): string => Buffer.from(text, encoding).toString('hex');

describe("what Stripe's own SDK signs", () => {
  const stripe = new Stripe('sk_test_123');
  const { secret, verify } = providerNamed('stripe');

  it('is believed', () => {
    const header = stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: seconds });
    const headers = { 'stripe-signature': header };
    expect(verify({ body, headers }, now, secret).payload).toEqual(
      stripe.webhooks.constructEvent(body, header, secret, undefined, undefined, now),
    );
  });

  it('is refused exactly where the SDK refuses it', () => {
    const other = 'whsec_other';
    const header = stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: seconds });
    const doubled = `${header},v1=${'0'.repeat(64)},v0=abc`;
    const late = now + 301_000;
    const cases: [string, string, string, number][] = [
      [body, header, secret, now],
      [body, doubled, secret, now],
      [body, doubled, other, now],
      [body, header, secret, late],
      [`${body} `, header, secret, now],
      [body, header.replace('v1=', 'v2='), secret, now],
      [body, header.slice(0, -1), secret, now],
    ];
    const isAccepted = (check: () => unknown): boolean => {
      try {
        check();
        return true;
      } catch {
        return false;
      }
    };
    const ours = cases.map(([text, given, key, at]) =>
      isAccepted(() => verify({ body: text, headers: { 'stripe-signature': given } }, at, key)),
    );
    const theirs = cases.map(([text, given, key, at]) =>
      isAccepted(() => stripe.webhooks.constructEvent(text, given, key, undefined, undefined, at)),
    );
    expect(ours).toEqual(theirs);
    expect(ours).toEqual([true, true, false, false, false, false, false]);
  });
});

describe('what openssl signs', () => {
  const text = `${String(seconds)}.${body}`;

  it.each([
    [
      'stripe',
      'utf8',
      (signature: string) => ({ 'stripe-signature': `t=${String(seconds)},v1=${signature}` }),
    ],
    [
      'omise',
      'base64',
      (signature: string) => ({
        'omise-signature': signature,
        'omise-signature-timestamp': String(seconds),
      }),
    ],
    [
      'justifi',
      'utf8',
      (signature: string) => ({ 'justifi-signature': signature, 'justifi-timestamp': String(seconds) }),
    ],
    ['pin', 'utf8', (signature: string) => ({ 'pin-signature': `t=${String(seconds)},v1=${signature}` })],
  ] as const)('is believed from %s', (name, encoding, headersFor) => {
    const { secret, otherSecret, verify } = providerNamed(name);
    const headers = headersFor(openssl(hexOf(secret, encoding), text));
    expect(verify({ body, headers }, now, secret).isSigned).toBe(true);
    expect(() => verify({ body, headers }, now, otherSecret)).toThrow('webhookSecret');
  });
});
