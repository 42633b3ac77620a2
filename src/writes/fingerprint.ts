import crypto from 'node:crypto';
import type { Fingerprint } from '../models/operation-store.js';
import { isObject, type Fields } from '../models/objects.js';

/** The format of the hash. Raise it when what goes into the hash changes. */
const version = 1;

/**
 * Text that is the same for two spellings of the same params: fields as pairs in the order of their names, without undefined
 * ones, dates as text. Every record holds a hash of it, so it must never change within a version.
 */
const canonicalText = (value: unknown): string => {
  // As in JSON arrays, values that JSON cannot hold become null.
  if (value == null || typeof value === 'function' || typeof value === 'symbol') return 'null';
  if (!isObject(value)) return JSON.stringify(value);
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  let text = '';
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      text += `${index === 0 ? '' : ','}${canonicalText(value[index])}`;
    return `[${text}]`;
  }
  for (const name of Object.keys(value).sort(byCodeUnits)) {
    const item = value[name];
    if (item !== undefined)
      text += `${text === '' ? '' : ','}[${JSON.stringify(name)},${canonicalText(item)}]`;
  }
  return `[${text}]`;
};

const byCodeUnits = (left: string, right: string): number => (left < right ? -1 : 1);

/** `crypto.hash` (Node 20.12) does it in one call. */
const node: Partial<Pick<typeof crypto, 'hash'>> & Pick<typeof crypto, 'createHash'> = crypto;
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- asked whether it is there
const { createHash, hash } = node;

const sha256 = (text: string): string =>
  hash === undefined ? createHash('sha256').update(text).digest('hex') : hash('sha256', text, 'hex');

const withoutCvc = ({ cvc: _cvc, ...rest }: Fields): Fields => rest;

/**
 * A raw card is represented by its last four digits and expiry, a raw account by its last four digits: neither number nor CVC
 * reaches a hash that is kept.
 * Nor does the CVC of a saved card, which stands among the provider's own options.
 */
const withoutCardData = (params: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { source, providerOptions } = params;
  const kept = isObject(providerOptions)
    ? { ...params, providerOptions: withoutCvc(providerOptions) }
    : { ...params };
  if (!isObject(source)) return kept;
  const { number, accountNumber, ...rest } = withoutCvc(source);
  const lastFour = (text: unknown) => (typeof text === 'string' ? text.slice(-4) : undefined);
  return { ...kept, source: { ...rest, last4: lastFour(number ?? accountNumber) } };
};

/** The fingerprint of one write: the same for the same operation, target and params. */
export const fingerprintOf = (write: {
  readonly operation: string;
  readonly target: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly params: Readonly<Record<string, unknown>>;
}): Fingerprint => {
  const { operation, target, amount, currency } = write;
  return {
    version,
    hash: sha256(canonicalText([operation, target, withoutCardData(write.params)])),
    operation,
    target,
    amount,
    currency,
  };
};

/** Whether two fingerprints mean the same request. Another version is compared by what both surely hold. */
export const sameRequest = (left: Fingerprint, right: Fingerprint): boolean =>
  left.version === right.version
    ? left.hash === right.hash
    : left.operation === right.operation &&
      left.target === right.target &&
      left.amount === right.amount &&
      left.currency === right.currency;
