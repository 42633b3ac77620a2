import { createHash } from 'node:crypto';

/** 1 to 90 visible ASCII characters without spaces: every provider's header and metadata can hold it. */
const keyPattern = /^[\x21-\x7e]{1,90}$/;

/** Whether a text can be an idempotency key. */
export const isIdempotencyKey = (key: unknown): key is string =>
  typeof key === 'string' && keyPattern.test(key);

/** The key of the n-th further step of a write. The step that moves money keeps the plain key. */
export const stepKey = (key: string, step: number): string => `${key}:${step}`;

/** How much of the caller's key stays readable, for whoever looks for it in the provider's logs. */
const readableLength = 40;

/**
 * The key of one account, where the provider may keep the keys of all accounts in one place: there two operations that we
 * know apart would be one. Made of key and account alone, so that every process sends the same; 84 characters at most.
 */
export const accountKey = (key: string, account: string): string => {
  const hash = createHash('sha256')
    .update(JSON.stringify([account, key]))
    .digest('base64url');
  return `${key.slice(0, readableLength)}.${hash}`;
};
