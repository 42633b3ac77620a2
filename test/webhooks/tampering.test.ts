import { describe, expect, it } from 'vitest';
import { WebhookSignatureError } from '../../src/errors.js';
import { signingProviders, type Signed, type SigningProvider } from './deliveries.js';

/** Enough together with the four providers: ten thousand. */
const tamperingsEach = 2_500;
const seconds = Date.parse('2026-03-01T12:00:00Z') / 1000;

/** A small generator of chance (mulberry32): the seed repeats a run exactly. */
const chance = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

type Below = (below: number) => number;

const bodyOf = (below: Below): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: `evt_${String(below(1e9))}`,
      data: { amount: below(1e6), text: 'ä'.repeat(below(40)) },
    }),
  );

const changeByte = (bytes: Buffer, below: Below): Buffer => {
  const changed = Buffer.from(bytes);
  const at = below(changed.length);
  changed[at] = changed[at]! ^ (1 + below(255));
  return changed;
};

const changeText = (text: string, below: Below): string => {
  const at = below(text.length);
  // Printable ASCII, and never the same letter in the other case: hexadecimal digits mean the same in both.
  const letters = Array.from('0123456789abcdef.=,-zX~').filter(
    (letter) => letter !== text[at]?.toLowerCase(),
  );
  return text.slice(0, at) + (letters[below(letters.length)] ?? '') + text.slice(at + 1);
};

interface Tampered {
  readonly what: string;
  readonly delivery: Signed;
  readonly secret: string;
  readonly now: number;
}

const tamper = (provider: SigningProvider, below: Below): Tampered => {
  const body = bodyOf(below);
  const signed = provider.sign(body, seconds);
  const fair = { delivery: signed, secret: provider.secret, now: seconds * 1000 };
  switch (below(7)) {
    case 0:
      return { ...fair, what: 'a byte of the body', delivery: { ...signed, body: changeByte(body, below) } };
    case 1: {
      const cut = body.subarray(0, below(body.length));
      return { ...fair, what: 'a shorter body', delivery: { ...signed, body: cut } };
    }
    case 2: {
      const longer = Buffer.concat([body, Buffer.from([below(256)])]);
      return { ...fair, what: 'a longer body', delivery: { ...signed, body: longer } };
    }
    case 3: {
      const names = Object.keys(signed.headers);
      const name = names[below(names.length)]!;
      const headers = { ...signed.headers, [name]: changeText(signed.headers[name]!, below) };
      return { ...fair, what: `the header ${name}`, delivery: { ...signed, headers } };
    }
    case 4: {
      const other = provider.sign(body, seconds + 1 + below(200)).headers;
      // The signature of one time under the header of another.
      const headers = Object.fromEntries(
        Object.entries(signed.headers).map(([name, value]) => [
          name,
          value.includes('t=')
            ? `${other[name]!.split(',')[0]!},${value.split(',')[1]!}`
            : name.endsWith('timestamp')
              ? other[name]!
              : value,
        ]),
      );
      return { ...fair, what: 'the signed time', delivery: { ...signed, headers } };
    }
    case 5: {
      const letters = Array.from(provider.secret);
      const at = below(letters.length - 2);
      letters[at] = letters[at] === 'q' ? 'r' : 'q';
      return { ...fair, what: 'the secret', secret: letters.join('') };
    }
    default: {
      const away = (provider.toleranceMs + 1 + below(1e9)) * (below(2) === 0 ? 1 : -1);
      return { ...fair, what: 'the moment', now: seconds * 1000 + away };
    }
  }
};

describe.each(signingProviders)('$name', (provider) => {
  it(`refuses each of ${String(tamperingsEach)} tampered deliveries, and believes the fair ones`, () => {
    const below = chance(20261121);
    const believed: string[] = [];
    const kinds = new Set<string>();
    for (let round = 0; round < tamperingsEach; round += 1) {
      const { what, delivery, secret, now } = tamper(provider, below);
      kinds.add(what);
      try {
        provider.verify(delivery, now, secret);
        believed.push(`${String(round)}: ${what} ${JSON.stringify(delivery.headers)}`);
      } catch (error) {
        if (!(error instanceof WebhookSignatureError)) throw error;
      }
      if (round % 50 === 0) {
        const fair = provider.sign(bodyOf(below), seconds);
        expect(provider.verify(fair, seconds * 1000).isSigned).toBe(true);
      }
    }
    expect(believed).toEqual([]);
    expect(kinds.size).toBeGreaterThanOrEqual(7);
  });
});
