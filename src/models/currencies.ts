/**
 * Minor units per currency, after ISO 4217 list one of 2026-01-01 (SIX, https://www.six-group.com/en/products-services/financial-information/data-standards.html).
 * Where a provider counts differently, its own folder holds the difference.
 */
const currenciesByExponent: ReadonlyArray<readonly [exponent: number, codes: string]> = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
      'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
      'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO ' +
      'NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS ' +
      'TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

/**
 * Codes that left ISO 4217 since 2010, after its list three (historic denominations, SIX, same address): code, decimals, the month
 * in which they were withdrawn, successor. Older charges in them can still be read, and their refunds made; new ones cannot. No
 * provider here has charges from before 2010.
 */
const retired: ReadonlyArray<
  readonly [code: string, exponent: number, withdrawn: string, successor: string]
> = [
  ['ANG', 2, '2025-03', 'XCG'],
  ['BGN', 2, '2026-01', 'EUR'],
  ['BYR', 0, '2017-01', 'BYN'],
  ['CUC', 2, '2021-06', 'CUP'],
  ['EEK', 2, '2011-01', 'EUR'],
  ['HRK', 2, '2023-01', 'EUR'],
  ['LTL', 2, '2014-12', 'EUR'],
  ['LVL', 2, '2014-01', 'EUR'],
  ['MRO', 2, '2017-12', 'MRU'],
  ['SLL', 2, '2023-12', 'SLE'],
  ['STD', 2, '2017-12', 'STN'],
  ['USS', 2, '2014-03', 'USD'],
  ['VEF', 2, '2018-08', 'VES'],
  ['ZMK', 2, '2012-12', 'ZMW'],
  ['ZWL', 2, '2024-09', 'ZWG'],
];

const currentExponents: ReadonlyMap<string, number> = new Map(
  currenciesByExponent.flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, exponent] as const),
  ),
);
const exponents: ReadonlyMap<string, number> = new Map([
  ...currentExponents,
  ...retired.map(([code, exponent]) => [code, exponent] as const),
]);
const successorsOfRetired: ReadonlyMap<string, string> = new Map(
  retired.map(([code, , , successor]) => [code, successor] as const),
);

/** Every currency code of ISO 4217 that has minor units, upper-case. Retired ones are not among them. */
export const currencies: readonly string[] = [...currentExponents.keys()].sort();

/** The retired codes that can still be read, upper-case. */
export const retiredCurrencies: readonly string[] = [...successorsOfRetired.keys()];

/** What took the place of a retired code that can still be read; undefined for every other text. */
export const successorOfRetired = (code: string): string | undefined => successorsOfRetired.get(code);

/**
 * The number of decimals of a currency (EUR 2, JPY 0, KWD 3), also of one that was retired; undefined for a code that ISO 4217
 * does not list.
 */
export const currencyExponent = (currency: string): number | undefined => exponents.get(currency);
