import { lacksValue } from '../models/missing-value.js';
import { isIdempotencyKey } from '../transport/idempotency.js';

/**
 * `order-${id}` between plain quotes, `{{id}}` of a template and `%s` of a format, as they stand: every order would have the
 * same key. `%d1` is text that was encoded for an address.
 */
const unfilled = /\$\{|\{\{|%[sijoO](?![A-Za-z0-9])|%d(?![0-9A-Fa-f])/;

/**
 * Words with a separator behind each: `order-` of an empty id. Nothing else is refused for its end: a random key, such as one
 * of nanoid, may end with a hyphen.
 */
const endsEmpty = /^(?:[a-z]{2,16}[-_:/.#])+$/;

/** What is wrong with an idempotency key, or null. It never repeats the key. */
export const wrongKey = (key: string): string | null => {
  if (key.startsWith('[object') || key.includes('[object '))
    return 'holds an object where text was meant: await it, or name its field';
  if (!isIdempotencyKey(key)) return 'must be 1 to 90 visible ASCII characters without spaces';
  if (unfilled.test(key))
    return 'holds a placeholder that was not filled in: every call would have the same key';
  if (lacksValue(key))
    return 'holds undefined, null, NaN or Infinity: a value was missing when the key was made';
  if (endsEmpty.test(key)) return 'ends with a separator: a value was empty when the key was made';
  return null;
};
