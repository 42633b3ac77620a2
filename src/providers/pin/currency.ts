/**
 * The currencies that Pin takes, each with the smallest amount of a charge. Pin counts in the currency's base unit, which
 * is the ISO 4217 minor unit for every one of them (yen have none, rupiah and Taiwan dollars have two decimals), so amounts
 * pass unchanged. Other currencies are refused: their base unit is not known.
 */
export const minimumAmounts: Readonly<Record<string, number>> = {
  AUD: 100,
  USD: 100,
  NZD: 100,
  SGD: 100,
  EUR: 100,
  GBP: 50,
  CAD: 100,
  HKD: 1000,
  JPY: 100,
  MYR: 300,
  THB: 2000,
  PHP: 3000,
  ZAR: 1000,
  IDR: 1_000_000,
  TWD: 2500,
};

/** The currencies of Pin, sorted. */
export const pinCurrencies: readonly string[] = Object.keys(minimumAmounts).sort();

/** Whether the base unit of this currency is known. */
export const isPinCurrency = (currency: string): boolean => Object.hasOwn(minimumAmounts, currency);
