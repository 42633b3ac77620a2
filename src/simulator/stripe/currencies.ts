import { invalidParameter, Refusal } from './errors.js';

const zeroDecimal = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const threeDecimal = new Set('bhd jod kwd omr tnd'.split(' '));
/** Without decimals in ISO 4217, but sent to Stripe with two that have to be 00. */
const wholeWithTwoDecimals = new Set('isk ugx'.split(' '));

const twoDecimal = new Set(
  (
    'aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk ' +
    'dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd kzt lak ' +
    'lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln ' +
    'qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd ' +
    'yer zar zmw'
  ).split(' '),
);

/** The smallest charge in main units, for the currencies whose minimum is published. */
const minimum: Record<string, number> = {
  ...Object.fromEntries(
    'usd aud cad eur chf nzd sgd brl inr php ars cop idr ils rub zar'.split(' ').map((code) => [code, 0.5]),
  ),
  gbp: 0.3,
  aed: 2,
  pln: 2,
  ron: 2,
  myr: 2,
  dkk: 2.5,
  nok: 3,
  sek: 3,
  hkd: 4,
  mxn: 10,
  thb: 10,
  czk: 15,
  jpy: 50,
  krw: 50,
  huf: 175,
};

/** Digits of the largest amount; eight elsewhere. */
const longestAmount: Record<string, number> = { idr: 12, cop: 10, inr: 9 };

const decimalsOf = (currency: string): number =>
  zeroDecimal.has(currency) ? 0 : threeDecimal.has(currency) ? 3 : 2;

/** Refuses a currency that Stripe does not charge in, and upper case. */
export const checkCurrency = (currency: string): void => {
  const known = [zeroDecimal, threeDecimal, wholeWithTwoDecimals, twoDecimal].some((set) =>
    set.has(currency),
  );
  if (!known) {
    throw invalidParameter('currency', `Invalid currency: ${currency}.`);
  }
};

/** Refuses an amount that is too small, too large, or that the currency cannot express. */
export const checkAmount = (amount: number, currency: string): void => {
  const largest = 10 ** (longestAmount[currency] ?? 8) - 1;
  if (amount > largest) {
    throw amountRefusal('amount_too_large', `Amount must be no more than ${largest} in ${currency}.`);
  }
  if (amount < Math.max(1, Math.round((minimum[currency] ?? 0) * 10 ** decimalsOf(currency)))) {
    throw amountRefusal(
      'amount_too_small',
      `Amount must be at least ${minimum[currency] ?? 'one unit'} ${currency}.`,
    );
  }
  checkDigits(amount, currency);
};

/** Refuses what a currency cannot express, for captures and refunds as well. */
export const checkDigits = (amount: number, currency: string, param = 'amount'): void => {
  if (wholeWithTwoDecimals.has(currency) && amount % 100 !== 0) {
    throw amountRefusal(
      'invalid_charge_amount_no_decimal_compatible',
      `${currency} amounts have no decimals: the amount must be a multiple of 100.`,
      param,
    );
  }
  if (threeDecimal.has(currency) && amount % 10 !== 0) {
    throw amountRefusal(undefined, `Invalid ${currency} amount: the last digit must be 0.`, param);
  }
};

const amountRefusal = (code: string | undefined, message: string, param = 'amount'): Refusal =>
  new Refusal(400, 'invalid_request_error', { code, message, param });

/** Stripe's amount in ISO 4217 minor units: the two differ for ISK and UGX (100 : 1) and for MGA (1 : 100). */
export const toIsoMinorUnits = (amount: number, currency: string): number => {
  if (wholeWithTwoDecimals.has(currency)) return amount / 100;
  if (currency === 'mga') return amount * 100;
  return amount;
};

/** An amount for people: `EUR 45.90`. */
export const displayAmount = (amount: number, currency: string): string => {
  const decimals = decimalsOf(currency);
  return `${currency.toUpperCase()} ${(amount / 10 ** decimals).toFixed(decimals)}`;
};
