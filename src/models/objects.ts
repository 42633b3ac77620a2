/** Reading values that nobody has checked yet: what a caller gave, what a provider sent, what was thrown. */

/** The members of an object, by their names. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value has members: an object of any kind, a list too. */
export const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Whether a value may be called. */
export const isFunction = (value: unknown): value is (...given: unknown[]) => unknown =>
  typeof value === 'function';

/** Whether a value can be awaited: of a promise that nobody awaited, every answer would be a wrong one. */
export const isThenable = (value: unknown): boolean => typeof memberOf(value, 'then') === 'function';

/** What an object, a list or a function holds under a name; undefined where it holds nothing. */
export const memberOf = (value: unknown, name: PropertyKey): unknown => {
  const member: unknown =
    isObject(value) || typeof value === 'function' ? Reflect.get(value, name) : undefined;
  return member;
};

/** The items of a list; of anything else none. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The objects of a list, the first of each id. */
export const eachOnce = <Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] => {
  const ids = new Set<string>();
  const isNew = ({ id }: Item): boolean => ids.size < ids.add(id).size;
  return items.filter(isNew);
};

/** Whether an object was written down, or came from JSON: no list, no Map, no Date, no instance of a class. */
export const isPlainObject = (value: unknown): value is Fields => {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** The fields of an object; of anything else, a list too, none. */
export const fieldsOf = (value: unknown): Fields => (isObject(value) && !Array.isArray(value) ? value : {});

/** The same object where nothing in it has to change, as nearly always. */
export const withChanges = <Model extends object>(model: Model, changes: Partial<Model>): Model =>
  Object.entries(changes).every(([name, value]) => memberOf(model, name) === value)
    ? model
    : { ...model, ...changes };

/** An object that has every member of another one, but for its own. Changes of the other one are seen through it. */
export const derivedFrom = <Base extends object>(base: Base, own: Partial<Base>): Base =>
  // `Object.create` gives what it was given to inherit from, and has no type.
  Object.assign(Object.create(base) as Base, own);

/** Throws a `TypeError` for what lacks a member: an answer about a promise, an event or a text would be a wrong one. */
export const requireMembers = (complaint: string, given: unknown, members: readonly string[]): void => {
  if (isObject(given) && members.every((name) => name in given)) return;
  throw new TypeError(isThenable(given) ? `${complaint} but a promise of one: await it first` : complaint);
};
