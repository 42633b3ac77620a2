/** 1 to 90 visible ASCII characters without spaces: every provider's header and metadata can hold it. */
const keyPattern = /^[\x21-\x7e]{1,90}$/;

/** Whether a text can be an idempotency key. */
export const isIdempotencyKey = (key: unknown): key is string =>
  typeof key === 'string' && keyPattern.test(key);

/** The key of the n-th further step of a write. The step that moves money keeps the plain key. */
export const stepKey = (key: string, step: number): string => `${key}:${step}`;
