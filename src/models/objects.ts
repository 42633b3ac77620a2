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

/**
 * Gives the keys of a map or a set from the oldest on, one a call, while they are taken out; undefined where there is none. One
 * iterator serves all calls: each new one would walk again over all that were taken out before.
 */
export const oldestFirst = (kept: { keys(): Iterator<string, undefined> }): (() => string | undefined) => {
  let keys = kept.keys();
  return () => {
    const next = keys.next();
    if (next.done !== true) return next.value;
    keys = kept.keys();
    return keys.next().value;
  };
};

/** Whether an object was written down, or came from JSON: no list, no Map, no Date, no instance of a class. */
export const isPlainObject = (value: unknown): value is Fields => {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** A method is no field; anything else that a class declares may be one. */
const declaresOnlyMethods = (prototype: object): boolean =>
  Object.values(Object.getOwnPropertyDescriptors(prototype)).every(
    ({ value }) => typeof value === 'function',
  );

/**
 * Whether everything that an object says stands in fields of its own. An object made by a class says it elsewhere when its
 * fields are private, or accessors of the class: whoever reads field by field then finds nothing. The same holds for fields
 * under symbols, for hidden ones, and for fields that come from another object.
 */
export const hasOwnFieldsOnly = (value: object): boolean => {
  const names = Object.keys(value);
  if (Reflect.ownKeys(value).length !== names.length) return false;
  let prototype = Reflect.getPrototypeOf(value);
  // The last prototype is `Object.prototype`, of this realm or of another one.
  const isRoot = (each: object): boolean => Object.getPrototypeOf(each) === null;
  if (prototype === null || isRoot(prototype)) return true;
  if (names.length === 0) return false;
  for (; prototype !== null && !isRoot(prototype); prototype = Reflect.getPrototypeOf(prototype))
    if (!declaresOnlyMethods(prototype)) return false;
  return true;
};

/** What an issue says of an object whose fields are not all to be seen. */
export const hiddenFields =
  'must be a plain object: this one has private, inherited or hidden fields, accessors, or fields under symbols';

/**
 * Whether a value can be read field by field: a text would be read letter by letter, a promise or an object with private
 * fields as nothing at all.
 */
export const isRecord = (value: unknown): value is object =>
  isObject(value) && Object.prototype.toString.call(value) === '[object Object]' && hasOwnFieldsOnly(value);

/** The fields of an object; of anything else, a list too, none. */
export const fieldsOf = (value: unknown): Fields => (isObject(value) && !Array.isArray(value) ? value : {});

/** The same object where nothing in it has to change, as nearly always. */
export const withChanges = <Model extends object>(model: Model, changes: Partial<Model>): Model => {
  for (const name in changes) if (changes[name] !== model[name]) return { ...model, ...changes };
  return model;
};

/** An object that has every member of another one, but for its own. Changes of the other one are seen through it. */
export const derivedFrom = <Base extends object>(base: Base, own: Partial<Base>): Base =>
  // `Object.create` gives what it was given to inherit from, and has no type.
  Object.assign(Object.create(base) as Base, own);

/** Throws a `TypeError` for what lacks a member: an answer about a promise, an event or a text would be a wrong one. */
export const requireMembers = (complaint: string, given: unknown, members: readonly string[]): void => {
  if (isObject(given) && members.every((name) => name in given)) return;
  throw new TypeError(isThenable(given) ? `${complaint} but a promise of one: await it first` : complaint);
};
