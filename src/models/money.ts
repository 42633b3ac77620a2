/**
 * Minor units per currency, after ISO 4217 list one of 2026-01-01 (SIX, https://www.six-group.com/en/products-services/financial-information/data-standards.html).
 * BGN and ANG left the list in 2025 and 2026; they stay here so that older charges can still be read.
 * Where a provider counts differently, its own folder holds the difference.
 */
const currenciesByExponent: ReadonlyArray<readonly [exponent: number, codes: string]> = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
      'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
      'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO ' +
      'NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS ' +
      'TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const exponents: ReadonlyMap<string, number> = new Map(
  currenciesByExponent.flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, exponent] as const),
  ),
);

/** Every currency code of ISO 4217 that has minor units, upper-case. */
export const currencies: readonly string[] = [...exponents.keys()].sort();

/** The number of decimals of a currency (EUR 2, JPY 0, KWD 3), or undefined for a code that ISO 4217 does not list. */
export const currencyExponent = (currency: string): number | undefined => exponents.get(currency);

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

const requireExponent = (currency: string): number => {
  const exponent = currencyExponent(currency);
  if (exponent === undefined) throw new RangeError('currency must be an upper-case ISO 4217 code');
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
 * @throws RangeError for an unknown currency, for what is no text or no plain decimal, and for more decimals than the currency has.
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
  if (/[1-9]/.test(decimals.slice(exponent))) throw new RangeError(`${currency} has ${exponent} decimals`);
  const amount = Number(`${match[1] ?? ''}${match[2] ?? ''}${fraction.padEnd(exponent, '0')}`);
  if (!Number.isSafeInteger(amount)) throw new RangeError('amount is too large for a safe integer');
  return amount === 0 ? 0 : amount;
};

/** Helpers for amounts: integers in ISO 4217 minor units everywhere in this library, never floats. */
export const money = {
  currencies,
  exponent: currencyExponent,
  toDecimal: minorUnitsToDecimal,
  fromDecimal: decimalToMinorUnits,
} as const;
