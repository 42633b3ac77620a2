import { ChargesError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { isIdempotencyKey } from '../transport/idempotency.js';
import { memberOf } from '../models/objects.js';

/** The idempotency key in unchecked options; null if absent or not a valid key. */
export const callerKeyIn = (options: unknown): string | null => {
  try {
    const idempotencyKey = memberOf(options, 'idempotencyKey');
    return isIdempotencyKey(idempotencyKey) ? idempotencyKey : null;
  } catch {
    // A getter or a proxy of the caller's threw.
    return null;
  }
};

/** Runs a write and adds the caller's key to its errors, including refusals made before the options are read. */
export const withCallerKey = async <Output>(
  options: unknown,
  write: () => Output | Promise<Output>,
): Promise<Output> => {
  try {
    return await write();
  } catch (error) {
    throw error instanceof ChargesError
      ? withDetails(error, { idempotencyKey: callerKeyIn(options) })
      : error;
  }
};
