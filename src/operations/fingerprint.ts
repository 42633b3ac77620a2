import { createHash } from 'node:crypto';
import type { Fingerprint } from '../models/operation-store.js';

/** The format of the hash. Raise it when what goes into the hash changes. */
const version = 1;

/** Sorted, without undefined, dates as text: two spellings of the same params are the same text. */
const canonical = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value as Record<string, unknown>)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, item]) => [name, canonical(item)]);
};

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const withoutCvc = ({ cvc: _cvc, ...rest }: Record<string, unknown>): Record<string, unknown> => rest;

/**
 * A raw card counts by last four and expiry, a raw account by last four: neither number nor CVC reaches a hash that is kept.
 * Nor does the CVC of a saved card, which stands among the provider's own options.
 */
const withoutCardData = (params: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { source, providerOptions } = params;
  const kept = isFields(providerOptions)
    ? { ...params, providerOptions: withoutCvc(providerOptions) }
    : { ...params };
  if (!isFields(source)) return kept;
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
  const text = JSON.stringify(canonical([operation, target, withoutCardData(write.params)]));
  return {
    version,
    hash: createHash('sha256').update(text).digest('hex'),
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
