/**
 * The currencies that Pin takes, each with the smallest amount of a charge. Pin counts in the currency's base unit, which
 * is the ISO 4217 minor unit for every one of them (yen have none, rupiah and Taiwan dollars have two decimals), so amounts
 * pass unchanged. Other currencies are refused: their base unit is not known.
 */
export const smallestAmounts: Readonly<Record<string, number>> = {
  AUD: 100,
  CAD: 100,
  EUR: 100,
  GBP: 50,
  HKD: 1000,
  IDR: 1_000_000,
  JPY: 100,
  MYR: 300,
  NZD: 100,
  PHP: 3000,
  SGD: 100,
  THB: 2000,
  TWD: 2500,
  USD: 100,
  ZAR: 1000,
};
