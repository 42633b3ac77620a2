import { expect, it } from 'vitest';
import { money } from '../../src/index.js';

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

it.each(['eur', 'Eur', 'EUR'])('the helpers take %s', (currency) => {
  expect(money.exponent(currency)).toBe(2);
  expect(money.toDecimal(4590, currency)).toBe('45.90');
  expect(money.fromDecimal('45.90', currency)).toBe(4590);
  expect(() => money.fromDecimal('45.901', currency)).toThrow(new RangeError('EUR has 2 decimals'));
});

it.each([
  ['EURO', 'currency must be an ISO 4217 code; did you mean EUR?'],
  ['hrk', 'currency must be an ISO 4217 code; did you mean EUR?'],
  ['SLL', 'currency must be an ISO 4217 code; did you mean SLE?'],
  ['XXX', 'currency must be an ISO 4217 code'],
  ['constructor', 'currency must be an ISO 4217 code'],
  [undefined, 'currency must be an ISO 4217 code'],
])('the helpers refuse %s, and tell a near code', (currency, message) => {
  expect(() => money.toDecimal(1, currency as never)).toThrow(new RangeError(message));
  expect(money.exponent(currency as never)).toBeUndefined();
});
