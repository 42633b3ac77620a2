import type { ChargesError } from '../errors.js';
import type { ErrorDetails } from '../models/error-details.js';
import { memberOf } from '../models/objects.js';

/** The same error, with what became known after it was made. Null and undefined change nothing. */
export const withDetails = <Failure extends ChargesError>(
  error: Failure,
  details: Partial<
    Pick<
      ErrorDetails,
      | 'outcome'
      | 'provider'
      | 'operation'
      | 'idempotencyKey'
      | 'chargeId'
      | 'charge'
      | 'unresolved'
      | 'requestId'
      | 'statusCode'
    >
  >,
): Failure => {
  for (const [name, value] of Object.entries(details)) {
    // What the provider's answer named beats what the call knows; the outcome is always the newer judgement.
    const known = memberOf(error, name);
    if (value !== null && value !== undefined && (name === 'outcome' || known === null)) {
      Object.defineProperty(error, name, { value, enumerable: true, configurable: true, writable: true });
    }
  }
  return error;
};
