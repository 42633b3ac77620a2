import type { Secret } from '../models/secret.js';

const mask = '[redacted]';

/** As much of a foreign text as a log can hold. */
const longestText = 1000;
/** How much of a foreign text is read, so that its length does not decide the cost of masking. */
const longestRead = 4000;
/** What a cut may have split: no key, number or client secret is longer. */
const longestSplit = 512;

/** Shapes of secrets, masked in every text. Each pattern runs in linear time. */
const shapes: readonly RegExp[] = [
  // Keys of the common shapes, also those of other accounts that a provider quotes.
  /(?<![A-Za-z0-9])(?:[sr]k|skey|pkey|whsec)_(?:test_|live_)?[A-Za-z0-9_*]{4,}/g,
  // What a header of authorization holds.
  /\b(?:basic|bearer)\s{1,8}[\w.~+/=-]{8,}/gi,
  // Client secrets.
  /(?<![A-Za-z0-9])[a-z]{1,16}_(?:test_|live_)?[A-Za-z0-9]{1,80}_secret_[A-Za-z0-9]+/g,
  // JSON Web Tokens.
  /(?<![A-Za-z0-9])eyJ[\w.-]{20,}/g,
];

/**
 * A run of at least twelve digits, with or without separators: a number of a card, also one that is mistyped, cut or followed by
 * other digits, so no check digit is asked for. A digest comes first, so that none of its digits are taken for a number.
 */
const digests =
  /(?<![A-Za-z0-9])[0-9a-f]{32,128}(?![A-Za-z0-9])|\d(?:[ \u00a0\u2009\u202f\u2010-\u2013-]{0,3}\d){11,}/gi;

/** The rest of an address after its scheme. */
const afterScheme = /(?<=:\/\/)\S+/g;

const hasHexLetter = /[a-f]/i;

/** An address without its user and password. A password may hold any sign, so the last `@` ends it. */
const withoutUser = (address: string): string => {
  const path = address.search(/[/?#]/);
  const inHost = address.lastIndexOf('@', path === -1 ? undefined : path);
  const end = inHost === -1 ? address.lastIndexOf('@') : inHost;
  return end === -1 || (inHost === -1 && !address.slice(0, end).includes(':'))
    ? address
    : mask + address.slice(end);
};

const knownForms = new WeakMap<Secret, readonly string[]>();

/** A secret as it is, as the user name of HTTP Basic (whose padding may be lost), and as part of an address. */
const formsOf = (secret: Secret): readonly string[] => {
  const known = knownForms.get(secret);
  if (known !== undefined) return known;
  const value = secret.reveal();
  const encoded = Buffer.from(`${value}:`).toString('base64').replaceAll('=', '');
  // Shorter ones are found in ordinary words.
  const forms = value.length < 4 ? [] : [...new Set([value, encoded, encodeURIComponent(value)])];
  knownForms.set(secret, forms);
  return forms;
};

/** The length of the shortest form of these secrets. */
const shortestOf = (secrets: readonly Secret[]): number => {
  let shortest = longestRead;
  for (const secret of secrets)
    for (const { length } of formsOf(secret)) if (length < shortest) shortest = length;
  return shortest;
};

/** A short text without an underscore has none of the shapes. */
const isPlainWord = (text: string): boolean => text.length < 12 && !text.includes('_');

/** What every text has that has one of the shapes: one quick look where nearly every id has none of it. */
const mayHaveShape = /[kyct]_|eyJ|\s/;

const masked = (text: string, secrets: readonly Secret[]): string => {
  if (isPlainWord(text) && text.length < shortestOf(secrets)) return text;
  let clean = text;
  for (const secret of secrets) {
    for (const form of formsOf(secret)) if (clean.includes(form)) clean = clean.replaceAll(form, () => mask);
  }
  if (isPlainWord(clean)) return clean;
  if (mayHaveShape.test(clean)) for (const shape of shapes) clean = clean.replace(shape, mask);
  if (clean.includes('://') && clean.includes('@')) clean = clean.replace(afterScheme, withoutUser);
  return clean.replace(digests, (word) => (hasHexLetter.test(word) ? word : mask));
};

/** The beginning of a text, without half of a character at its end. */
const beginning = (text: string, length: number): string => {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
};

/**
 * A foreign text with secrets and card numbers masked, and cut to a length that a log can hold. It is cut before it is read as
 * well; what that cut may have split is not shown.
 */
export const redactText = (text: string, secrets: readonly Secret[]): string => {
  if (text.length <= longestRead) {
    const clean = masked(text, secrets);
    return clean.length > longestText ? `${beginning(clean, longestText)}…` : clean;
  }
  const split = Math.max(
    longestSplit,
    ...secrets.flatMap((secret) => formsOf(secret).map(({ length }) => length)),
  );
  const clean = masked(text.slice(0, longestRead + split), secrets);
  return `${beginning(clean, Math.max(0, Math.min(longestText, clean.length - split)))}…`;
};

/** Whether a text holds one of the secrets, or something of the shape of one. Card numbers are not looked for. */
export const holdsSecret = (text: string, secrets: readonly Secret[]): boolean =>
  secrets.some((secret) => formsOf(secret).some((form) => text.includes(form))) ||
  (!isPlainWord(text) && mayHaveShape.test(text) && shapes.some((shape) => text.search(shape) !== -1));

/** Whether the check digit of a number is right, as it is of every card number. */
const hasCheckDigit = (digits: string): boolean => {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};

/**
 * Whether an id may stand in an error or an event: it holds no secret and no number of a card. An id may well be a long number
 * of its own, so here the number must be one of a card to its check digit.
 */
export const isShownId = (id: string, secrets: readonly Secret[]): boolean =>
  !holdsSecret(id, secrets) &&
  !(id.match(/\d{13,}/g) ?? []).some((digits) => digits.length <= 19 && hasCheckDigit(digits));
