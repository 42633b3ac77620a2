import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/models/secret.js';
import { holdsSecret, isShownId, redactText } from '../../src/transport/redact.js';

const mask = '[redacted]';

const withCheckDigit = (digits: readonly number[]): string => {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits.join('')}${String((10 - (sum % 10)) % 10)}`;
};

/** Numbers of 13 to 19 digits with a right check digit. */
const cardNumbers = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 })
  .map(withCheckDigit);

const separators = fc.constantFrom('', ' ', '-', '\u00a0', '\u2011', '  ', ' - ');

const separated = fc
  .tuple(cardNumbers, separators, fc.integer({ min: 1, max: 6 }))
  .map(([number, separator, size]) => ({
    number,
    text: (number.match(new RegExp(`.{1,${String(size)}}`, 'g')) ?? []).join(separator),
  }));

const neighbours = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('abcxyzABCXYZ_')), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...Array.from('.,;:!?()[]{}<>"\'=/#&@|\n\t ')), maxLength: 12 }),
);

describe('a number of a card', () => {
  it('is masked with any separators, next to letters and punctuation', () => {
    fc.assert(
      fc.property(separated, neighbours, neighbours, ({ number, text }, before, after) => {
        const clean = redactText(`${before}${text}${after}`, []);
        expect(clean).toContain(mask);
        expect(clean.replaceAll(/\D/g, '')).not.toContain(number.slice(0, 7));
        expect(clean).not.toContain(text);
      }),
    );
  });

  it.each([
    ['with a wrong digit, as a form refuses it', '4242424242424241'],
    ['with its security code behind it', '4242424242424242737'],
    ['with its date and code behind it', '4242 4242 4242 4242 12 30 737'],
    ['with other numbers before it', '81 4242424242424242'],
    ['of twelve digits', '501234567890'],
    ['without its last digit', '424242424242424'],
    ['twice', '42424242424242424242424242424242'],
  ])('is masked %s', (_, text) => {
    expect(redactText(`card ${text}!`, [])).toBe(`card ${mask}!`);
    expect(redactText(text, [])).toBe(mask);
  });

  it.each([
    '5c361234567890123f1e5a7790aab1c0ffee15f1',
    'd41d8cd98f00b204e9800998ecf8427e',
    'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855',
    'error at 2026-11-29T08:00:00.123Z in req_8GkU1234567',
    'order 20261129-81 of 45.90 EUR',
  ])('is not seen in %s', (text) => {
    expect(redactText(`script: ${text} failed`, [])).toBe(`script: ${text} failed`);
  });
});

describe('an address', () => {
  it.each([
    ['postgres://shop:pass/word@db:5432/x', `postgres://${mask}@db:5432/x`],
    ['redis://:hunter2@cache', `redis://${mask}@cache`],
    ['redis://:p@ss@cache', `redis://${mask}@cache`],
    ['https://token@host/path', `https://${mask}@host/path`],
    ['https://shop.test/users/@sam', 'https://shop.test/users/@sam'],
    ['https://shop.test/orders/81', 'https://shop.test/orders/81'],
  ])('%s is told as %s', (address, told) => {
    expect(redactText(`no answer of ${address}`, [])).toBe(`no answer of ${told}`);
  });
});

describe('a secret', () => {
  const secrets = [new Secret('canary+of/the=client'), new Secret('tiny')];

  it.each([
    'canary+of/the=client',
    encodeURIComponent('canary+of/the=client'),
    Buffer.from('canary+of/the=client:').toString('base64'),
    'sk_live_Foreign123',
    'rk_test_Foreign123',
    'whsec_Foreign123',
    'skey_test_5xuy4w91xqz7d1w9u0t',
    'Basic Zm9vOmJhcmJhcg==',
    'bearer   eyJhbGciOi.x.y',
    'pi_3Canary_secret_Canary9Zq',
    'cs_test_a1B2c3_secret_Canary9Zq',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  ])('%s is masked, and no id holds it', (secret) => {
    const clean = redactText(`refused: ${secret}, sorry`, secrets);
    expect(clean).not.toContain(secret);
    expect(clean).toMatch(/^refused: .*\[redacted\].*, sorry$/);
    expect(holdsSecret(`id-${secret}`, secrets)).toBe(true);
    expect(isShownId(`id-${secret}`, secrets)).toBe(false);
    // Without a blank around it, as an id has none.
    expect(redactText(`id-${secret}`, secrets)).not.toContain(secret);
    expect(redactText(secret, secrets)).toContain(mask);
  });

  it('of a few letters is masked in a short word, too', () => {
    expect(redactText('tiny', secrets)).toBe(mask);
    expect(redactText('atinyb', secrets)).toBe(`a${mask}b`);
    expect(holdsSecret('atinyb', secrets)).toBe(true);
    expect(redactText('tin', secrets)).toBe('tin');
  });

  it('of a replacement pattern is masked as it is written', () => {
    expect(redactText('say $&$1 twice', [new Secret('$&$1')])).toBe(`say ${mask} twice`);
  });

  it('never survives a cut, wherever the text is cut', () => {
    const long = 'k'.repeat(300);
    const own = new Secret(`own-${long}-canary`);
    for (const secret of [
      own.reveal(),
      'sk_live_4242canary',
      '4242 4242 4242 4242',
      'pi_3Canary_secret_Zq9',
    ]) {
      for (let before = 900; before < 6_000; before += 7) {
        // Words that shrink when they are masked bring what lies behind the cut near.
        for (const filler of ['x', `${own.reveal()} `]) {
          const start = filler.repeat(Math.ceil(before / filler.length)).slice(-before);
          const clean = redactText(`${start} ${secret}`, [own]);
          expect(clean.length).toBeLessThanOrEqual(1_001);
          for (const part of [secret.slice(0, 8), secret.slice(-8)]) {
            // The filler's own beginning was cut by this test.
            if (!(filler.includes(part) && filler !== 'x')) expect(clean).not.toContain(part);
          }
        }
      }
    }
  });

  it('leaves a text that is cut without half of a character', () => {
    for (const length of [999, 1_000, 5_000])
      expect(redactText(`${'x'.repeat(length)}${'😀'.repeat(9_000)}`, [])).not.toMatch(/\p{Surrogate}/u);
  });
});

describe('an id', () => {
  it.each([
    'ch_3MtwBwLkdIwHu7ix28a3tqPa',
    'chrg_test_5fzbq8qvxvcxq0r5vsm',
    'py_2aBBouk',
    '1234567890123456',
    '0b9f5d1e-7c3a-4f6e-9d2b-123456789012',
  ])('%s is shown', (id) => {
    expect(isShownId(id, [new Secret('canary-of-the-client')])).toBe(true);
  });

  it('that is a number of a card is not shown', () => {
    for (const id of ['4242424242424242', 'ch_4242424242424242', 'ch_378282246310005'])
      expect(isShownId(id, [])).toBe(false);
  });
});
