import { isObject, memberOf } from '../models/objects.js';

const expected =
  'must be an idempotency key, an error of a write, or the toJSON() of one (JSON.parse it first where it is text)';

const has = (input: object, ...names: readonly string[]): boolean =>
  names.every((name) => memberOf(input, name) !== undefined);

/** What is said of something by which no write can be found: neither a key nor an error that holds one. */
export const wrongKeyOrError = (input: unknown): string => {
  try {
    if (!isObject(input)) return expected;
    if (has(input, 'then')) return 'is a promise: await it first';
    // It names no key, and without one two writes cannot be told apart.
    if (has(input, 'scope', 'operation', 'startedAt'))
      return 'is the unresolved of an error alone, which holds no idempotency key: pass the whole error, or its toJSON()';
    if (has(input, 'id', 'amount', 'status'))
      return 'is a charge or a refund, and not the write that made it: pass the idempotency key, or retrieve(charge.id)';
    if (has(input, 'idempotencyKey') && !has(input, 'outcome'))
      return 'is an object that holds a key: pass the key alone, or the error of the write';
  } catch {
    // A getter or a proxy of the caller's threw.
  }
  return expected;
};
