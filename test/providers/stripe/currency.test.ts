import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencies, currencyExponent } from '../../../src/models/money.js';
import { amountIssues, sentAmount, shownAmount } from './reading.js';

const anyAmount = fc.oneof(
  fc.integer({ min: 1, max: 10_000_000 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

/** Stripe's own lists: https://docs.stripe.com/currencies. */
const withoutDecimals = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const withThreeDecimals = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];
const decimalsOf = (currency: string): number => {
  if (withoutDecimals.includes(currency)) return 0;
  return withThreeDecimals.includes(currency) ? 3 : 2;
};

const refusedFields = (amount: number, currency: string): string[] =>
  amountIssues(amount, currency).map(({ path }) => path);

describe('amounts at Stripe', () => {
  it('come back as they went out, or are refused with a reason, in every currency', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...currencies), anyAmount, async (currency, amount) => {
        const [problem] = amountIssues(amount, currency);
        if (problem !== undefined) {
          expect(problem.message).not.toContain(String(amount));
          return;
        }
        const wire = sentAmount(amount, currency);
        expect(Number.isSafeInteger(wire)).toBe(true);
        expect(await shownAmount(wire, currency)).toBe(amount);
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
          if (amountIssues(amount, currency).length > 0) return;
          const inMainUnits = amount / 10 ** (currencyExponent(currency) ?? Number.NaN);
          expect(sentAmount(amount, currency) / 10 ** decimalsOf(currency)).toBeCloseTo(inMainUnits, 6);
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
    expect(refusedFields(amount, currency)).toEqual([]);
    expect(sentAmount(amount, currency)).toBe(wire);
  });

  it.each(['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'])(
    'of %s have no decimals',
    (currency) => {
      expect(refusedFields(700, currency)).toEqual([]);
      expect(sentAmount(700, currency)).toBe(700);
    },
  );

  it.each(withThreeDecimals)('of %s are refused unless the last digit is 0', (currency) => {
    expect(refusedFields(7318, currency)).toEqual(['amount']);
    expect(refusedFields(7310, currency)).toEqual([]);
    expect(sentAmount(7310, currency)).toBe(7310);
  });

  it.each(['IQD', 'LYD', 'CLF', 'UYW'])(
    'of %s are refused: nobody says how Stripe counts it',
    async (currency) => {
      expect(refusedFields(1000, currency)).toEqual(['currency']);
      expect(await shownAmount(1000, currency)).toBeNaN();
    },
  );

  it('of MGA are refused with a fraction of an ariary', () => {
    expect(refusedFields(4550, 'MGA')).toEqual(['amount']);
  });

  it('of ISK and UGX with a fraction cannot be expressed, and are never rounded', async () => {
    expect(await shownAmount(550, 'ISK')).toBeNaN();
    expect(await shownAmount(101, 'UGX')).toBeNaN();
  });

  it('that grow beyond a safe integer are refused', () => {
    expect(refusedFields(Number.MAX_SAFE_INTEGER, 'ISK')).toEqual(['amount']);
  });
});
