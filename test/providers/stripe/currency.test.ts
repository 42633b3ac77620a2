import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencies, currencyExponent } from '../../../src/models/money.js';
import { fromWireAmount, stripeExponent, toWireAmount } from '../../../src/providers/stripe/currency.js';

const anyAmount = fc.oneof(
  fc.integer({ min: 1, max: 10_000_000 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

describe('amounts at Stripe', () => {
  it('come back as they went out, or are refused with a reason, in every currency', () => {
    fc.assert(
      fc.property(fc.constantFrom(...currencies), anyAmount, (currency, amount) => {
        const wire = toWireAmount(amount, currency);
        if ('problem' in wire) expect(wire.problem.message).not.toContain(String(amount));
        else {
          expect(Number.isSafeInteger(wire.amount)).toBe(true);
          expect(fromWireAmount(wire.amount, currency)).toBe(amount);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are worth the same on the wire, in main units', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.integer({ min: 1, max: 1_000_000 }),
        (currency, amount) => {
          const wire = toWireAmount(amount, currency);
          if ('problem' in wire) return;
          const inMainUnits = amount / 10 ** (currencyExponent(currency) ?? Number.NaN);
          expect(wire.amount / 10 ** (stripeExponent(currency) ?? Number.NaN)).toBeCloseTo(inMainUnits, 6);
        },
      ),
    );
  });

  it.each([
    ['EUR', 4590, 4590],
    ['HUF', 4590, 4590],
    ['TWD', 4590, 4590],
    ['JPY', 4590, 4590],
    ['ISK', 5, 500],
    ['UGX', 12, 1200],
    ['MGA', 4500, 45],
    ['KWD', 7320, 7320],
  ])('of %s: %i is %i on the wire', (currency, amount, wire) => {
    expect(toWireAmount(amount, currency)).toEqual({ amount: wire });
  });

  it.each(['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'])(
    'of %s have no decimals',
    (currency) => {
      expect(toWireAmount(700, currency)).toEqual({ amount: 700 });
    },
  );

  it.each(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])('of %s are refused unless the last digit is 0', (currency) => {
    expect(toWireAmount(7318, currency)).toMatchObject({ problem: { field: 'amount' } });
    expect(toWireAmount(7310, currency)).toEqual({ amount: 7310 });
  });

  it.each(['IQD', 'LYD', 'CLF', 'UYW'])('of %s are refused: nobody says how Stripe counts it', (currency) => {
    expect(toWireAmount(1000, currency)).toMatchObject({ problem: { field: 'currency' } });
    expect(fromWireAmount(1000, currency)).toBeNaN();
  });

  it('of MGA are refused with a fraction of an ariary', () => {
    expect(toWireAmount(4550, 'MGA')).toMatchObject({ problem: { field: 'amount' } });
  });

  it('of ISK and UGX with a fraction cannot be expressed, and are never rounded', () => {
    expect(fromWireAmount(550, 'ISK')).toBeNaN();
    expect(fromWireAmount(101, 'UGX')).toBeNaN();
  });

  it('that grow beyond a safe integer are refused', () => {
    expect(toWireAmount(Number.MAX_SAFE_INTEGER, 'ISK')).toMatchObject({ problem: { field: 'amount' } });
  });
});
