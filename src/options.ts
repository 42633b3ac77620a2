import { ConfigurationError } from './errors.js';
import { showName, unknownName } from './models/nearest-name.js';
import { isRecord, memberOf } from './models/objects.js';

/** Refuses what something cannot be made with. The message names it and never holds a value. `owner` is the function that was called. */
export const refuseOptions = (owner: string, message: string): never => {
  throw new ConfigurationError({ message: `${owner}: ${message}`, outcome: 'not_sent' });
};

/** Refuses options that are no object, or that hold a name which nobody reads. */
export const checkOptions = (
  owner: string,
  options: unknown,
  known: readonly [string, ...string[]] | readonly [...string[], string],
): void => {
  if (!isRecord(options))
    return refuseOptions(owner, `options must be a plain object such as { ${known[0]} }`);
  const unknown = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !known.includes(name),
  );
  if (unknown.length === 0) return;
  refuseOptions(
    owner,
    unknown.map(([name]) => `${showName(name)} ${unknownName('option', name, known)}`).join('; '),
  );
};

/** Whether a client has a method; a client may be a function, and what is given instead of one may be anything. */
export const hasMethod = (client: unknown, method: string): boolean =>
  typeof memberOf(client, method) === 'function';
