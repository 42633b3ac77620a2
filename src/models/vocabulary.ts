import type { Card, PaymentMethod } from './charge.js';
import { withChanges } from './objects.js';

/*
 * The words of informational fields, one for each thing at every provider. What is in no table stays the provider's own word,
 * in lower case with underscores: the words are open, and a brand that is new today must not be lost.
 */

/** A word without letter case, blanks and signs, as the tables below hold it. */
const bare = (word: string): string =>
  /^[a-z]+$/.test(word) ? word : word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** Longer than any brand or method is called. */
const longestWord = 60;

const openWord = (word: string): string =>
  /^[a-z]+$/.test(word)
    ? word
    : word
        .trim()
        .toLowerCase()
        .replace(/[\s_-]+/g, '_');

const lookUp = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const brandNames: Readonly<Record<string, string>> = {
  visa: 'visa',
  visacredit: 'visa',
  visadebit: 'visa',
  visaelectron: 'visa',
  mastercard: 'mastercard',
  master: 'mastercard',
  mc: 'mastercard',
  mastercardcredit: 'mastercard',
  mastercarddebit: 'mastercard',
  amex: 'amex',
  americanexpress: 'amex',
  diners: 'diners',
  dinersclub: 'diners',
  dinersclubinternational: 'diners',
  discover: 'discover',
  jcb: 'jcb',
  unionpay: 'unionpay',
  chinaunionpay: 'unionpay',
  cup: 'unionpay',
};

/** Words with which providers say that they do not know. */
const notKnown: ReadonlySet<string> = new Set(['', 'unknown', 'other', 'none', 'null', 'na']);

/**
 * A card brand in the one word for it: `visa`, `mastercard`, `amex`, `diners`, `discover`, `jcb`, `unionpay`; any other in lower
 * case with underscores, such as `cartes_bancaires`; null where the provider does not know it.
 */
export const cardBrandOf = (word: string | null | undefined): string | null => {
  if (word === null || word === undefined || word.length > longestWord) return null;
  const name = bare(word);
  return notKnown.has(name) ? null : (lookUp(brandNames, name) ?? openWord(word));
};

/** Codes that ISO 3166 leaves to its users, which name no country. */
const noCountry: ReadonlySet<string> = new Set(['XX', 'ZZ']);

/** A country as its ISO 3166-1 alpha-2 code in upper case, from such a code in any letter case; null for anything else. */
export const countryCodeOf = (word: string | null | undefined): string | null => {
  const code = word?.trim().toUpperCase() ?? '';
  if (!/^[A-Z]{2}$/.test(code) || noCountry.has(code)) return null;
  return code === 'UK' ? 'GB' : code;
};

const walletNames: Readonly<Record<string, string>> = {
  applepay: 'apple_pay',
  googlepay: 'google_pay',
  androidpay: 'google_pay',
  samsungpay: 'samsung_pay',
  amexexpresscheckout: 'amex_express_checkout',
  clicktopay: 'click_to_pay',
  garminpay: 'garmin_pay',
  fitbitpay: 'fitbit_pay',
  masterpass: 'masterpass',
  visacheckout: 'visa_checkout',
  link: 'link',
};

/** A wallet that holds cards, in the one word for it: `apple_pay`, `google_pay`, `samsung_pay`, …; null for what is none. */
export const walletOf = (word: string | null | undefined): string | null =>
  word === null || word === undefined || word.length > longestWord
    ? null
    : (lookUp(walletNames, bare(word)) ?? null);

/**
 * A payment method in the shared words. A card that came in a wallet is a `card`, and the wallet is told in `card.wallet`. A
 * country that is no code is null, and `drift` is told so.
 */
export const inSharedWords = (method: PaymentMethod, drift: (path: string) => void): PaymentMethod => {
  const countryOf = (place: 'card' | 'bankAccount', word: string | null): string | null => {
    const country = countryCodeOf(word);
    if (country === null && word !== null && word !== '') drift(`paymentMethod.${place}.country`);
    return country;
  };
  const { card, bankAccount } = method;
  const wallet = walletOf(method.type);
  const account =
    bankAccount === undefined
      ? {}
      : { bankAccount: withChanges(bankAccount, { country: countryOf('bankAccount', bankAccount.country) }) };
  if (card === undefined) return withChanges(method, { ...account, type: wallet ?? method.type });
  const held = card.wallet === undefined ? wallet : (walletOf(card.wallet) ?? openWord(card.wallet));
  const words: Partial<Card> = {
    brand: cardBrandOf(card.brand),
    country: countryOf('card', card.country),
    ...(held === null ? {} : { wallet: held }),
  };
  // Link is a payment method of its own, and only a wallet where the card says so.
  const isWalletCard = wallet !== null && wallet !== 'link';
  return withChanges(method, {
    ...account,
    card: withChanges(card, words),
    ...(isWalletCard ? { type: 'card' } : {}),
  });
};
