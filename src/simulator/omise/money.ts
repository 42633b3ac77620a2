/** The currency in which the simulated account is settled: it is a Thai account. */
export const fundingCurrency = 'THB';

/**
 * The currencies that Omise charges in, and what one main unit is worth in baht here. The rates are round and made up:
 * they only keep the funding amount of a foreign charge apart from its amount.
 */
const bahtPerMainUnit: Readonly<Record<string, number>> = {
  THB: 1,
  JPY: 0.25,
  SGD: 26,
  MYR: 8,
  USD: 35,
  EUR: 38,
  GBP: 44,
  AUD: 23,
  CAD: 25,
  CHF: 40,
  CNY: 5,
  DKK: 5,
  HKD: 4.5,
};

/** Whether Omise charges in a currency (upper case). */
export const isCurrency = (currency: string): boolean => Object.hasOwn(bahtPerMainUnit, currency);

/** All currencies of the account. */
export const currencies = Object.keys(bahtPerMainUnit);

/** How many of the smallest units make one main unit. The yen is the only one without a smaller unit. */
export const unitsPerMain = (currency: string): number => (currency === 'JPY' ? 1 : 100);

/** An amount in the settlement currency, in satang. */
export const fundingAmount = (amount: number, currency: string): number =>
  currency === fundingCurrency
    ? amount
    : Math.round((amount / unitsPerMain(currency)) * (bahtPerMainUnit[currency] ?? 1) * 100);

/** Rates as they stand in `transaction_fees`. */
export const transactionFees = { fee_flat: '0.0', fee_rate: '3.65', vat_rate: '7.0' };

/** What Omise keeps of a funding amount. */
export const feesOf = (
  funding: number,
  interestRate: number,
): { fee: number; feeVat: number; interest: number; interestVat: number; net: number } => {
  const fee = Math.round((funding * 3.65) / 100);
  const feeVat = Math.round((fee * 7) / 100);
  const interest = Math.round(funding * interestRate);
  const interestVat = Math.round((interest * 7) / 100);
  return { fee, feeVat, interest, interestVat, net: funding - fee - feeVat - interest - interestVat };
};

/** An amount as a payer reads it: `THB 100.00`. */
export const readableAmount = (amount: number, currency: string): string =>
  `${currency} ${(amount / unitsPerMain(currency)).toFixed(unitsPerMain(currency) === 1 ? 0 : 2)}`;
