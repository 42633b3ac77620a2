import { isFunction } from '../models/objects.js';

/** A method of a client, whatever it takes and gives. */
export type Method = (...given: unknown[]) => unknown;

/** The same members, with another function in the place of each method: one that takes and gives what the method does. */
export const withMethods = <Methods extends object>(
  methods: Methods,
  wrap: (name: string, method: Method) => Method,
): Methods => {
  const wrapped = { ...methods };
  const members: [string, unknown][] = Object.entries(methods);
  for (const [name, member] of members)
    if (isFunction(member)) Reflect.set(wrapped, name, wrap(name, member));
  return wrapped;
};
