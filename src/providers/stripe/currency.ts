import { upperCaseCode } from '../../models/currency-code.js';
import { currencyExponent, rescale } from '../../models/money.js';

/*
 * How Stripe counts amounts. ISO 4217 is wrong for it in three ways: ISK and UGX have no decimals in ISO but two here, MGA
 * has two in ISO but none here, and the last digit of three-decimal currencies must be 0.
 */

const zeroDecimal = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const twoDecimalWithoutFraction = new Set(['ISK', 'UGX']);
const threeDecimal = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** The number of decimals that Stripe counts in, or undefined for a currency whose unit at Stripe is not documented. */
const stripeExponent = (currency: string): number | undefined => {
  if (zeroDecimal.has(currency)) return 0;
  if (twoDecimalWithoutFraction.has(currency)) return 2;
  if (threeDecimal.has(currency)) return 3;
  return currencyExponent(currency) === 2 ? 2 : undefined;
};

/** An amount in ISO 4217 minor units as Stripe wants it, or why it cannot be said. */
export type WireAmount =
  | { readonly amount: number }
  | { readonly problem: { readonly field: 'amount' | 'currency'; readonly message: string } };

export const toWireAmount = (amount: number, currency: string): WireAmount => {
  const isoExponent = currencyExponent(currency);
  const exponent = stripeExponent(currency);
  if (isoExponent === undefined || exponent === undefined) {
    return { problem: { field: 'currency', message: 'has no unit that Stripe documents' } };
  }
  const wire = rescale(amount, isoExponent, exponent);
  if (wire === null) {
    const message =
      exponent < isoExponent
        ? 'must be whole main units: Stripe takes no fraction of this currency'
        : 'is too large for the unit in which Stripe counts this currency';
    return { problem: { field: 'amount', message } };
  }
  if (exponent === 3 && wire % 10 !== 0) {
    return {
      problem: { field: 'amount', message: 'must end in 0: Stripe takes no thousandths of this currency' },
    };
  }
  return { amount: wire };
};

/**
 * An amount of an answer in ISO 4217 minor units. NaN where it cannot be expressed (a fraction of an ISK): the check of the
 * finished charge then refuses it, instead of a rounded amount passing for the truth.
 */
export const fromWireAmount = (amount: number, currency: string): number => {
  const isoExponent = currencyExponent(currency);
  const exponent = stripeExponent(currency);
  if (isoExponent === undefined || exponent === undefined) return Number.NaN;
  return rescale(amount, exponent, isoExponent) ?? Number.NaN;
};

/** The same for an amount that only informs: null where it is missing or cannot be expressed. */
export const safeAmount = (amount: number | null | undefined, currency: string): number | null => {
  const iso = typeof amount === 'number' ? fromWireAmount(amount, currency) : null;
  return Number.isSafeInteger(iso) ? iso : null;
};

/** Lower-case on the wire, upper-case everywhere else. */
export const fromWireCurrency = (currency: string): string => upperCaseCode(currency);
export const toWireCurrency = (currency: string): string => currency.toLowerCase();
