import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChargesError } from '../../src/errors.js';
import { signingProviders } from './deliveries.js';

/** What was done: bytes hashed, and characters read and written as JSON. The time that it takes is in `npm run bench:untrusted`. */
const work = vi.hoisted(() => ({ hashed: 0, keys: 0 }));

vi.mock(import('node:crypto'), async (original) => {
  const crypto = await original();
  return {
    ...crypto,
    createHmac: (...given: Parameters<typeof crypto.createHmac>) => {
      const hmac = crypto.createHmac(...given);
      work.keys += 1;
      const update = hmac.update.bind(hmac) as (data: string | Uint8Array) => unknown;
      hmac.update = (data: string | Uint8Array) => {
        work.hashed += data.length;
        update(data);
        return hmac;
      };
      return hmac;
    },
  };
});

const seconds = Date.parse('2026-03-01T12:00:00Z') / 1000;
const now = seconds * 1000;
const kilobyte = 1_024;

interface Done {
  readonly error: ChargesError;
  readonly hashed: number;
  readonly keys: number;
  readonly parsed: number;
  readonly written: number;
}

const measured = (verify: () => unknown): Done => {
  work.hashed = 0;
  work.keys = 0;
  let parsed = 0;
  let written = 0;
  const { parse, stringify } = JSON;
  vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
    parsed += text.length;
    return parse(text, reviver) as unknown;
  });
  vi.spyOn(JSON, 'stringify').mockImplementation(((value: unknown, _: null, space?: number) => {
    const text = stringify(value, null, space);
    written += text.length;
    return text;
  }) as typeof JSON.stringify);
  try {
    verify();
  } catch (error) {
    return { error: error as ChargesError, ...work, parsed, written };
  } finally {
    vi.restoreAllMocks();
  }
  throw new Error('The delivery was believed.');
};

afterEach(() => {
  vi.restoreAllMocks();
});

/** Bodies that cost much where they are parsed, written anew, or searched. */
const hostile = (size: number): Readonly<Record<string, string>> => {
  const nested = (levels: number): string => {
    const inside = '0,'.repeat(Math.max(0, Math.floor((size - 2 * levels - 1) / 2)));
    return `${'['.repeat(levels)}${inside}0${']'.repeat(levels)}`;
  };
  const filled = (text: string): string =>
    JSON.stringify({ a: text.repeat(Math.floor((size - 8) / text.length)) });
  return {
    'nested 500 deep': nested(500),
    'nested as deep as it is long': `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`,
    'objects in objects': `${'{"a":'.repeat(size / 6)}0${'}'.repeat(size / 6)}`,
    'many small lists': `[${'[0],'.repeat(size / 4 - 1)}0]`,
    'signs that HTML escapes': filled('<'),
    slashes: filled('/'),
    blanks: ' '.repeat(size),
    'no JSON': 'x'.repeat(size),
    'an unfinished text': `"${'x'.repeat(size - 1)}`,
    'brackets alone': '['.repeat(size),
  };
};

describe.each(signingProviders)('a delivery to $name that nobody signed', (provider) => {
  const forged = (body: string) => {
    const { headers } = provider.sign(Buffer.from('another'), seconds);
    return measured(() => provider.verify({ body, headers }, now));
  };

  it.each(Object.entries(hostile(256 * kilobyte)))('costs one HMAC of its bytes: %s', (_, body) => {
    const done = forged(body);
    expect(done.error.code).toBe('webhook_signature_mismatch');
    expect(done.hashed).toBeLessThan(body.length + 32);
    expect(done).toMatchObject({ parsed: 0, written: 0 });
  });

  it.each(Object.entries(hostile(8 * kilobyte)))(
    'costs no more than a large one where it is small enough to be explained: %s',
    (_, body) => {
      const done = forged(body);
      expect(done.error.code).toBe('webhook_signature_mismatch');
      expect(done.hashed).toBeLessThan(160 * kilobyte);
      expect(done.parsed).toBeLessThanOrEqual(8 * kilobyte);
      expect(done.written).toBeLessThan(64 * kilobyte);
    },
  );

  it('is refused unread where a header is too long to be one', () => {
    const { headers } = provider.sign(Buffer.from('{}'), seconds);
    for (const name of provider.signatureHeaders) {
      for (const filler of [',', `,v1=${'0'.repeat(64)}`, '0', 'v1=', '=', ',t=1', ' ']) {
        const long = `${headers[name] ?? ''}${filler.repeat(1_000_000 / filler.length)}`;
        const done = measured(() =>
          provider.verify({ body: '{}', headers: { ...headers, [name]: long } }, now),
        );
        expect(done.error.code).toBe('webhook_header_malformed');
        expect(done.error.message.toLowerCase()).toContain(name);
        expect(done.keys).toBe(0);
      }
    }
  });

  it('is compared with as many signatures as a header holds, by one HMAC', () => {
    if (provider.name === 'justifi') return;
    const { headers } = provider.sign(Buffer.from('another'), seconds);
    const [name = ''] = provider.signatureHeaders;
    const one = provider.name === 'omise' ? `,${'0'.repeat(64)}` : `,v1=${'0'.repeat(64)}`;
    const many = `${headers[name] ?? ''}${one.repeat(50)}`;
    const done = measured(() =>
      provider.verify({ body: 'no JSON', headers: { ...headers, [name]: many } }, now),
    );
    expect(done.error.code).toBe('webhook_signature_mismatch');
    // One for the body, one that asks whether the secret can be a key.
    expect(done.keys).toBe(2);
  });
});

describe.each(signingProviders)('a delivery of $name that is signed', (provider) => {
  it('is believed however deep its body is nested', () => {
    for (const body of [
      hostile(64 * kilobyte)['nested 500 deep'] ?? '',
      hostile(8 * kilobyte)['slashes'] ?? '',
    ]) {
      const signed = provider.sign(Buffer.from(body), seconds);
      expect(provider.verify(signed, now).isSigned).toBe(true);
    }
  });

  it('is explained where it was written anew and is as large as events are', () => {
    const item = { id: 'ch_1', amount: 4590, lines: [{ sku: 'a/b', left: null }], paid: true };
    const event = { id: 'evt_1', data: Array.from({ length: 85 }, () => item) };
    const signed = provider.sign(Buffer.from(JSON.stringify(event, null, 2)), seconds);
    const compact = JSON.stringify(event);
    expect(compact.length).toBeGreaterThan(6_000);
    const done = measured(() => provider.verify({ ...signed, body: compact }, now));
    expect(done.error.code).toBe('webhook_body_changed');
  });
});
