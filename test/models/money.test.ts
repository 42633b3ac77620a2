import { expect, it } from 'vitest';
import {
  chargeSchema,
  createParamsSchema,
  money,
  refundSchema,
  searchParamsSchema,
} from '../../src/index.js';
import { currencies, retiredCurrencies, successorOfRetired } from '../../src/models/currencies.js';

it.each([45.9, 4590, 45n, null, undefined, ['45.90'], new String('45.90'), { toString: () => '45.90' }])(
  'fromDecimal refuses what is not text, without its value',
  (value) => {
    expect(() => money.fromDecimal(value as never, 'EUR')).toThrow(
      new RangeError('decimal must be text such as "45.90": a number has lost cents already'),
    );
  },
);

it('fromDecimal reads text', () => {
  expect(money.fromDecimal('45.9', 'EUR')).toBe(4590);
});

it.each([
  ['1.000', 'EUR', 2],
  ['1.500', 'EUR', 2],
  ['-999.000', 'EUR', 2],
  ['1.000', 'JPY', 0],
])('fromDecimal refuses %s %s, which may be thousands', (text, currency, decimals) => {
  expect(() => money.fromDecimal(text, currency)).toThrow(
    new RangeError(
      `decimal has three digits behind its point, which may separate thousands: ${currency} has ${decimals} decimals`,
    ),
  );
});

it.each([
  ['1.000', 'KWD', 1000],
  ['0.900', 'EUR', 90],
  ['1000.000', 'EUR', 100_000],
  ['45.9000', 'EUR', 4590],
  ['1.00', 'JPY', 1],
])('fromDecimal reads %s %s, which cannot be', (text, currency, amount) => {
  expect(money.fromDecimal(text, currency)).toBe(amount);
});

it.each(['eur', 'Eur', 'EUR'])('the helpers take %s', (currency) => {
  expect(money.exponent(currency)).toBe(2);
  expect(money.toDecimal(4590, currency)).toBe('45.90');
  expect(money.fromDecimal('45.90', currency)).toBe(4590);
  expect(() => money.fromDecimal('45.901', currency)).toThrow(new RangeError('EUR has 2 decimals'));
});

it.each([
  ['EURO', 'currency must be an ISO 4217 code; did you mean EUR?'],
  ['DEM', 'currency must be an ISO 4217 code; did you mean EUR?'],
  ['XXX', 'currency must be an ISO 4217 code'],
  ['constructor', 'currency must be an ISO 4217 code'],
  [undefined, 'currency must be an ISO 4217 code'],
])('the helpers refuse %s, and tell a near code', (currency, message) => {
  expect(() => money.toDecimal(1, currency as never)).toThrow(new RangeError(message));
  expect(money.exponent(currency as never)).toBeUndefined();
});

const retired: [code: string, decimals: number][] = [
  ['HRK', 2],
  ['LVL', 2],
  ['LTL', 2],
  ['EEK', 2],
  ['SLL', 2],
  ['MRO', 2],
  ['BYR', 0],
  ['VEF', 2],
  ['ZMK', 2],
  ['BGN', 2],
  ['ANG', 2],
  ['CUC', 2],
  ['STD', 2],
  ['USS', 2],
  ['ZWL', 2],
];

it.each(retired)(
  '%s was retired: it is read and searched for, and nothing new is charged in it',
  (code, decimals) => {
    expect(retiredCurrencies).toContain(code);
    expect(money.currencies).not.toContain(code);
    expect(money.exponent(code.toLowerCase())).toBe(decimals);
    expect(money.toDecimal(4590, code)).toBe(decimals === 0 ? '4590' : '45.90');
    expect(refundSchema.shape.currency.safeParse(code).success).toBe(true);
    expect(chargeSchema.options[0].shape.currency.safeParse(code).success).toBe(true);
    expect(searchParamsSchema.parse({ currency: code.toLowerCase() }).currency).toBe(code);
    const refused = createParamsSchema.safeParse({ amount: 1, currency: code.toLowerCase(), source: 'x' });
    expect(refused.error?.issues).toMatchObject([
      {
        path: ['currency'],
        message: `was retired from ISO 4217: charge in ${successorOfRetired(code) ?? ''}`,
      },
    ]);
  },
);

it('every retired currency has a successor that is none itself, and decimals', () => {
  for (const code of retiredCurrencies) {
    expect(currencies).toContain(successorOfRetired(code));
    expect(currencies).not.toContain(code);
  }
});
