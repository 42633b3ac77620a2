import { ConfigurationError } from '../errors.js';
import { showName, unknownName } from '../models/nearest-name.js';
import { memberOf, isObject } from '../models/objects.js';

/** Refuses what a store cannot be made with. The message names it and never holds a value. */
export const refuseStore = (store: string, message: string): never => {
  throw new ConfigurationError({ message: `${store}: ${message}`, outcome: 'not_sent' });
};

/** Refuses options that are no object, or that hold a name which the store does not know. */
export const checkStoreOptions = (
  store: string,
  options: unknown,
  known: readonly [string, ...string[]],
): void => {
  if (!isObject(options) || Object.prototype.toString.call(options) !== '[object Object]')
    return refuseStore(store, `options must be an object such as { ${known[0]} }`);
  const unknown = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !known.includes(name),
  );
  if (unknown.length === 0) return;
  refuseStore(
    store,
    unknown.map(([name]) => `${showName(name)} ${unknownName('option', name, known)}`).join('; '),
  );
};

/** Whether a client has a method; a client may be a function, and what is given instead of one may be anything. */
export const hasMethod = (client: unknown, method: string): boolean =>
  typeof memberOf(client, method) === 'function';
