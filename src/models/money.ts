import { currencies, currencyExponent } from './currencies.js';
import { upperCaseCode, wrongCurrency } from './currency-code.js';

export { currencies, currencyExponent } from './currencies.js';

/**
 * Moves an integer amount from one number of decimals to another.
 * Returns null where the result would not be a safe integer, so that nothing is ever rounded.
 */
export const rescale = (amount: number, fromExponent: number, toExponent: number): number | null => {
  if (!Number.isSafeInteger(amount)) return null;
  if (toExponent >= fromExponent) {
    const scaled = amount * 10 ** (toExponent - fromExponent);
    return Number.isSafeInteger(scaled) ? scaled : null;
  }
  const divisor = 10 ** (fromExponent - toExponent);
  return amount % divisor === 0 ? amount / divisor : null;
};

/** The number of decimals of a currency in any letter case. */
const exponentOf = (currency: string): number | undefined =>
  typeof currency === 'string' ? currencyExponent(upperCaseCode(currency)) : undefined;

const requireExponent = (currency: string): number => {
  const exponent = exponentOf(currency);
  if (exponent === undefined) throw new RangeError(`currency ${wrongCurrency(currency)}`);
  return exponent;
};

/**
 * An amount in minor units as decimal text in main units: `(4590, 'EUR')` is `'45.90'`, `(4590, 'JPY')` is `'4590'`.
 * @throws RangeError for an unknown currency or an amount that is not a safe integer.
 */
export const minorUnitsToDecimal = (amount: number, currency: string): string => {
  const exponent = requireExponent(currency);
  if (!Number.isSafeInteger(amount)) throw new RangeError('amount must be a safe integer in minor units');
  const sign = amount < 0 ? '-' : '';
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
};

/**
 * Decimal text in main units as minor units: `('45.9', 'EUR')` is `4590`. Text only: a float has lost cents already.
 * @throws RangeError for an unknown currency, for what is no text or no plain decimal, for more decimals than the currency has, and
 * for text such as `1.000` that others read as a thousand.
 */
export const decimalToMinorUnits = (decimal: string, currency: string): number => {
  const exponent = requireExponent(currency);
  if (typeof decimal !== 'string') {
    throw new RangeError('decimal must be text such as "45.90": a number has lost cents already');
  }
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (!match) throw new RangeError('decimal must be digits with at most one point, such as "45.90"');
  const decimals = match[3] ?? '';
  const fraction = decimals.slice(0, exponent);
  // Zeros behind the last decimal say nothing.
  if (/[1-9]/.test(decimals.slice(exponent)))
    throw new RangeError(`${upperCaseCode(currency)} has ${exponent} decimals`);
  // Unless a thousand may be meant: in half of Europe a point separates them, and `1.500` is not 1.50 there.
  if (decimals.length === 3 && exponent < 3 && /^[1-9]\d{0,2}$/.test(match[2] ?? ''))
    throw new RangeError(
      `decimal has three digits behind its point, which may separate thousands: ${upperCaseCode(currency)} has ${exponent} decimals`,
    );
  const amount = Number(`${match[1] ?? ''}${match[2] ?? ''}${fraction.padEnd(exponent, '0')}`);
  if (!Number.isSafeInteger(amount)) throw new RangeError('amount is too large for a safe integer');
  return amount === 0 ? 0 : amount;
};

/**
 * Helpers for amounts: integers in ISO 4217 minor units everywhere in this library, never floats. They take codes in any
 * letter case.
 */
export const money = {
  currencies,
  exponent: exponentOf,
  toDecimal: minorUnitsToDecimal,
  fromDecimal: decimalToMinorUnits,
} as const;
