import { upperCaseCode } from '../../models/currency-code.js';
import type { ReportDrift } from '../../provider.js';

/**
 * The currencies that Omise documents. It counts each of them in ISO 4217 minor units (JPY has no decimals, all others have
 * two), so amounts need no conversion. What it would do with another currency is not known: new charges refuse it.
 */
export const omiseCurrencies = [
  'AUD',
  'CAD',
  'CHF',
  'CNY',
  'DKK',
  'EUR',
  'GBP',
  'HKD',
  'IDR',
  'JPY',
  'MYR',
  'SGD',
  'THB',
  'USD',
] as const;

const known: ReadonlySet<string> = new Set(omiseCurrencies);

/** Whether a new charge can be made in this currency. */
export const isOmiseCurrency = (currency: string): boolean => known.has(currency);

/** The code of an answer in upper case: API versions before 2019 answer in lower case. */
export const readCurrency = (currency: string, path: string, drift: ReportDrift): string => {
  const code = upperCaseCode(currency);
  if (!known.has(code)) drift(path, 'unknown_value');
  return code;
};
