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
