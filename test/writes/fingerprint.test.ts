import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, sameRequest } from '../../src/writes/fingerprint.js';

const write = (params: Record<string, unknown>, more: object = {}) =>
  fingerprintOf({ operation: 'create', target: null, amount: 4590, currency: 'EUR', params, ...more });

const card = { type: 'card', number: '4242424242424242', expMonth: 12, expYear: 2030, cvc: '123' };

describe('a fingerprint', () => {
  it('is the same whatever the order of the params, and with undefined ones left out', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (params) => {
        const reversed = Object.fromEntries(Object.entries(params).reverse());
        expect(sameRequest(write(params), write({ ...reversed, nothing: undefined }))).toBe(true);
      }),
    );
  });

  it('differs when a param, the operation or the target differs', () => {
    const first = write({ amount: 4590 });
    expect(sameRequest(first, write({ amount: 4591 }))).toBe(false);
    expect(sameRequest(first, write({ amount: 4590 }, { operation: 'capture' }))).toBe(false);
    expect(sameRequest(first, write({ amount: 4590 }, { target: 'ch_1' }))).toBe(false);
  });

  it('tells a moment from another, as text or as a Date', () => {
    const at = (expiresAt: unknown) => write({ expiresAt });
    expect(sameRequest(at(new Date('2026-01-01T00:00:00Z')), at('2026-01-01T00:00:00.000Z'))).toBe(true);
    expect(sameRequest(at(new Date('2026-01-01T00:00:00Z')), at(new Date('2026-01-01T00:00:01Z')))).toBe(
      false,
    );
  });

  it('counts a raw card by last four and expiry, and its security code not at all', () => {
    const first = write({ source: card });
    expect(sameRequest(first, write({ source: { ...card, cvc: '999' } }))).toBe(true);
    expect(sameRequest(first, write({ source: { ...card, number: '4000056655664242' } }))).toBe(true);
    expect(sameRequest(first, write({ source: { ...card, number: '4000056655665556' } }))).toBe(false);
    expect(sameRequest(first, write({ source: { ...card, expMonth: 11 } }))).toBe(false);
  });
});

/** What version 1 hashes, as it was written first: records with such hashes lie in the stores of merchants. */
const firstForm = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(firstForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, item]) => [name, firstForm(item)]);
};

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.date({ noInvalidDate: true }),
    fc.constantFrom(() => 1, Symbol('a')),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 5 }),
  ),
})).value;

describe('a fingerprint of version 1', () => {
  it('never changes', () => {
    expect(write({ amount: 4590, currency: 'EUR', metadata: { order: '81', b: 'é' } })).toMatchObject({
      version: 1,
      hash: '75d46e83d834af2837c8292b3ca24241f26566d04bf10a87068e4e53a7882aa7',
    });
    fc.assert(
      fc.property(anything, (value) => {
        const text = JSON.stringify(firstForm(['create', null, { value }]));
        expect(write({ value }).hash).toBe(createHash('sha256').update(text).digest('hex'));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('versioned fingerprint', () => {
  it('of another version is compared by operation, target, amount and currency alone', () => {
    const newer = { ...write({ amount: 4590, description: 'a' }), version: 999, hash: 'of another format' };
    expect(sameRequest(newer, write({ amount: 4590, description: 'b' }))).toBe(true);
    expect(sameRequest(newer, write({}, { amount: 1 }))).toBe(false);
    expect(sameRequest(newer, write({}, { currency: 'USD' }))).toBe(false);
    expect(sameRequest(newer, write({}, { operation: 'refund' }))).toBe(false);
    expect(sameRequest(newer, write({}, { target: 'ch_2' }))).toBe(false);
  });
});
