import { money } from 'unicharge';

const isNumber = (text: string): text is `${number}` => /^-?\d+(?:\.\d+)?$/.test(text);

/** An amount in minor units as people read it: 4590 is `€45.90`, and `¥4,590`. */
export const amountText = (amount: number, currency: string): string => {
  const digits = money.exponent(currency);
  const decimal = money.toDecimal(amount, currency);
  // Given as text, so that no amount is rounded to a float; with the decimals of ISO 4217, which are not always those of the locale.
  return isNumber(decimal) && digits !== undefined
    ? new Intl.NumberFormat('en', {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(decimal)
    : `${currency} ${decimal}`;
};

/** What somebody typed, such as `45.90`, in minor units; null where it is no such amount. */
export const readAmount = (text: string, currency: string): number | null => {
  try {
    const amount = money.fromDecimal(text.trim(), currency);
    return amount > 0 ? amount : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};
