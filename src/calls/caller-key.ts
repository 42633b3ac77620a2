import { ChargesError } from '../errors.js';
import { withDetails } from '../errors/with-details.js';
import { isIdempotencyKey } from '../transport/idempotency.js';
import { memberOf } from '../models/objects.js';

/** The key in options that nobody has checked yet; null where it could not be one. */
export const callerKeyIn = (options: unknown): string | null => {
  try {
    const idempotencyKey = memberOf(options, 'idempotencyKey');
    return isIdempotencyKey(idempotencyKey) ? idempotencyKey : null;
  } catch {
    // A getter or a proxy of the caller's threw.
    return null;
  }
};

/** Runs a write; whatever it rejects with carries the caller's key, also where the call was refused before its options were read. */
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
