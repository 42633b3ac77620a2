import { lacksValue } from '../models/missing-value.js';
import { isIdempotencyKey } from '../transport/idempotency.js';

/**
 * `order-${id}` between plain quotes, `{{id}}` of a template, and `%s` of a format behind a separator, as they stand: every
 * order would have the same key. Only whole placeholders: a random key may hold any two of these characters.
 */
const unfilled = /\$\{[\w.]{1,40}\}|\{\{[\w.]{1,40}\}\}|[-_:/.#]%[sdi]$/;

/** What is wrong with an idempotency key, or null. It never repeats the key. */
export const wrongKey = (key: string): string | null => {
  if (key.startsWith('[object') || key.includes('[object '))
    return 'holds an object where text was meant: await it, or name its field';
  if (!isIdempotencyKey(key)) return 'must be 1 to 90 visible ASCII characters without spaces';
  if (unfilled.test(key))
    return 'holds a placeholder that was not filled in: every call would have the same key';
  if (lacksValue(key))
    return 'holds undefined, null, NaN or Infinity: a value was missing when the key was made';
  return null;
};
