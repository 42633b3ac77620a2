import type { Secret } from '../models/secret.js';

const mask = '[redacted]';

const patterns: readonly RegExp[] = [
  // Keys of the common shapes, also those of other accounts that a provider quotes.
  /\b(?:[sr]k|skey|pkey|whsec)_(?:test_|live_)?[A-Za-z0-9_*]{4,}/g,
  // What a header of authorization holds.
  /\b(?:basic|bearer)\s+[\w.~+/=-]{8,}/gi,
  // The user and the password in an address.
  /(?<=:\/\/)[^\s@]*:[^\s@]*(?=@)/g,
  // Client secrets.
  /\b[a-z]+_[A-Za-z0-9]+_secret_[A-Za-z0-9]+/g,
  // Card numbers, with or without separators.
  /(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g,
];

/** Text of a provider with secrets and card numbers masked, and cut to a length that a log can hold. */
export const redactText = (text: string, secrets: readonly Secret[]): string => {
  let clean = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length < 4) continue;
    // As it is, and as the user name of HTTP Basic; the padding may be lost.
    const encoded = Buffer.from(`${value}:`).toString('base64').replace(/=+$/, '');
    for (const form of [value, encoded]) clean = clean.split(form).join(mask);
  }
  for (const pattern of patterns) clean = clean.replace(pattern, mask);
  return clean.length > 1000 ? `${clean.slice(0, 1000)}…` : clean;
};
