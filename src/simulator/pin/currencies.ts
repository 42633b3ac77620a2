/** The currency in which the simulated account is settled: it is an Australian account. */
export const settlementCurrency = 'AUD';

interface Currency {
  /** The lowest charge, in base units. */
  minimum: number;
  /** Digits after the point; base units are the minor units of ISO 4217 throughout. */
  decimals: 0 | 2;
  /** What one base unit is worth in cents here: round and made up, to tell a fee from an amount. */
  cents: number;
}

const currencies: Readonly<Record<string, Currency>> = {
  AUD: { minimum: 100, decimals: 2, cents: 1 },
  USD: { minimum: 100, decimals: 2, cents: 1.5 },
  NZD: { minimum: 100, decimals: 2, cents: 0.9 },
  SGD: { minimum: 100, decimals: 2, cents: 1.1 },
  EUR: { minimum: 100, decimals: 2, cents: 1.6 },
  GBP: { minimum: 50, decimals: 2, cents: 1.9 },
  CAD: { minimum: 100, decimals: 2, cents: 1.1 },
  HKD: { minimum: 1000, decimals: 2, cents: 0.2 },
  JPY: { minimum: 100, decimals: 0, cents: 1 },
  MYR: { minimum: 300, decimals: 2, cents: 0.3 },
  THB: { minimum: 2000, decimals: 2, cents: 0.04 },
  PHP: { minimum: 3000, decimals: 2, cents: 0.03 },
  ZAR: { minimum: 1000, decimals: 2, cents: 0.08 },
  IDR: { minimum: 1_000_000, decimals: 2, cents: 0.0001 },
  TWD: { minimum: 2500, decimals: 2, cents: 0.05 },
};

/** The lowest charge in a currency (upper case), or null when Pin does not charge in it. */
export const minimumOf = (currency: string): number | null =>
  Object.hasOwn(currencies, currency) ? (currencies[currency]?.minimum ?? null) : null;

/** What Pin keeps of a captured charge and what it pays out, in the settlement currency. */
export const feesOf = (
  amount: number,
  currency: string,
  withheld: number,
): { totalFees: number; merchantEntitlement: number } => {
  const settled = Math.round(amount * (currencies[currency]?.cents ?? 1));
  const totalFees = Math.round(settled * 0.0175) + 30;
  return { totalFees, merchantEntitlement: settled - totalFees - withheld };
};

/** An amount as a payer reads it: `AUD 100.00`. */
export const readableAmount = (amount: number, currency: string): string => {
  const decimals = currencies[currency]?.decimals ?? 2;
  return `${currency} ${(amount / 10 ** decimals).toFixed(decimals)}`;
};
