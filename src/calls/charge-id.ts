import type { Secret } from '../models/secret.js';
import { isObject, isThenable } from '../models/objects.js';
import { isPathId } from '../transport/encode.js';
import { holdsSecret } from '../transport/redact.js';

/** What a page in a browser is given to finish a payment: the id, and a secret behind it. */
const isClientSecret = (id: unknown): boolean => typeof id === 'string' && id.includes('_secret_');

/** Whether an argument is a promise that nobody awaited. */
export const isPromise = (given: unknown): boolean => {
  try {
    return isThenable(given);
  } catch {
    // A getter or a proxy of the caller's threw.
    return false;
  }
};

/** What is wrong with an id that stands for a charge or a refund, or null. It never repeats the id. */
export const wrongId = (
  id: unknown,
  secrets: readonly Secret[],
  of: 'charge' | 'refund' = 'charge',
): string | null => {
  if (id === undefined || id === null || id === '') return `is missing: pass the id of the ${of}`;
  if (isPromise(id)) return 'is a promise: await it first';
  if (isObject(id)) return `must be the id alone, such as ${of}.id`;
  if (isClientSecret(id)) return 'is a client secret: pass the id, which is the part before _secret_';
  // A key that landed in the place of an id would stand in an address, and in the logs of whoever passes it on.
  if (isPathId(id) && !holdsSecret(id, secrets)) return null;
  return 'must be an id: letters, digits and _ . : ~ - without spaces';
};
