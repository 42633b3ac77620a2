import * as z from 'zod';
import {
  absent,
  checksOf,
  isSafeInteger,
  kindOf,
  kindsOf,
  type AnyCheck,
  type Definition,
} from './value-kinds.js';
import { memberOf, isObject, isFunction, type Fields } from './objects.js';

/*
 * A quick look before zod: whether a schema surely accepts a value. It is put together from the schema's own definition, once,
 * and knows the common parts only. What it does not know, or does not accept, is asked of zod, whose verdict counts.
 */

type Accepts = (value: unknown) => boolean;

type Compile = (schema: z.core.$ZodType, definition: Definition) => Accepts | null;

const isPlain = (value: unknown): value is Fields =>
  isObject(value) && Object.getPrototypeOf(value) === Object.prototype;

/** Asks zod about a part. */
const asking =
  (schema: z.core.$ZodType): Accepts =>
  (value) =>
    z.safeParse(schema, value).success;

const oneOf: Compile = (schema) => {
  const values: ReadonlySet<unknown> | undefined = schema._zod.values;
  return values === undefined ? null : (value) => values.has(value);
};

const object: Compile = (_, { shape = {}, catchall }) => {
  const names = Object.keys(shape);
  // Such a name is found in every object.
  if (names.some((name) => name in Object.prototype)) return null;
  const fields = Object.entries(shape).map(([name, schema]) => {
    const accepts = compiled(schema);
    const { optin, optout } = schema._zod;
    const mayLack = optin !== undefined && (optout === 'optional' || accepts(undefined));
    // A field that holds undefined is not the same as one that is not there.
    const kinds = mayLack && accepts(undefined) ? kindsOf(schema) : kindsOf(schema) & ~absent;
    return { name, accepts, mayLack, kinds };
  });
  const known = new Set(names);
  const rest = catchall === undefined || catchall._zod.def.type === 'unknown' ? null : compiled(catchall);
  const isStrict = catchall?._zod.def.type === 'never';
  return (value) => {
    if (!isPlain(value)) return false;
    for (const field of fields) {
      const item = value[field.name];
      if ((field.kinds & kindOf(item)) !== 0) continue;
      const isLacking = item === undefined && !Object.hasOwn(value, field.name);
      if (!(isLacking ? field.mayLack : field.accepts(item))) return false;
    }
    if (rest === null) return true;
    for (const name in value) {
      if (known.has(name)) continue;
      if (isStrict || name === '__proto__' || !rest(value[name])) return false;
    }
    return true;
  };
};

const record: Compile = (_, { keyType, valueType }) => {
  if (keyType === undefined || valueType === undefined || keyType._zod.values !== undefined) return null;
  const acceptsKey = compiled(keyType);
  const acceptsItem = compiled(valueType);
  return (value) => {
    if (!isPlain(value) || Object.hasOwn(value, 'constructor')) return false;
    for (const name of Reflect.ownKeys(value)) {
      if (typeof name === 'symbol' || name === '__proto__') return false;
      if (!acceptsKey(name) || !acceptsItem(value[name])) return false;
    }
    return true;
  };
};

const array: Compile = (_, { element }) => {
  if (element === undefined) return null;
  const accepts = compiled(element);
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (let index = 0; index < value.length; index += 1) if (!accepts(value[index])) return false;
    return true;
  };
};

const union: Compile = (_, { options = [], discriminator, inclusive }) => {
  if (discriminator === undefined) {
    // Of these exactly one may fit.
    if (inclusive === false) return null;
    const branches = options.map(compiled);
    return (value) => branches.some((accepts) => accepts(value));
  }
  const byWord = new Map<unknown, Accepts>();
  for (const option of options) {
    const words = option._zod.propValues?.[discriminator];
    if (words === undefined) return null;
    const accepts = compiled(option);
    for (const word of words) {
      if (byWord.has(word)) return null;
      byWord.set(word, accepts);
    }
  }
  return (value) => isPlain(value) && byWord.get(value[discriminator])?.(value) === true;
};

const optional: Compile = (schema, { innerType }) => {
  if (innerType === undefined) return null;
  const accepts = compiled(innerType);
  if (schema._zod.traits.has('$ZodExactOptional')) return accepts;
  const takesUndefined = innerType._zod.optin !== 'defaulted' || accepts(undefined);
  return (value) => (value === undefined ? takesUndefined : accepts(value));
};

const nullable: Compile = (_, { innerType }) => {
  const accepts = innerType === undefined ? null : compiled(innerType);
  return accepts === null ? null : (value) => value === null || accepts(value);
};

const defaulted: Compile = (_, { innerType }) => {
  const accepts = innerType === undefined ? null : compiled(innerType);
  return accepts === null ? null : (value) => value === undefined || accepts(value);
};

const kinds: Readonly<Record<string, Compile>> = {
  string: () => (value) => typeof value === 'string',
  number: () => (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: () => (value) => typeof value === 'boolean',
  null: () => (value) => value === null,
  unknown: () => () => true,
  // Its whole question stands among its checks.
  custom: () => () => true,
  literal: oneOf,
  enum: oneOf,
  object,
  record,
  array,
  union,
  optional,
  nullable,
  default: defaulted,
};

/** A check sees what the schema makes of a value: only where that is the value itself can it be asked here. */
const seesTheValue: ReadonlySet<string> = new Set([
  'string',
  'number',
  'boolean',
  'custom',
  'enum',
  'literal',
]);

/** The question of a refinement, where it is one that is answered at once. */
const questionOf = ({ _zod }: AnyCheck): ((value: unknown) => unknown) | null => {
  const { when, check } = _zod.def;
  const fn = memberOf(_zod.def, 'fn');
  return when === undefined && check === 'custom' && isFunction(fn) ? fn : null;
};

/** Whether a value passes the checks of its schema, asked as zod asks them. */
const checked = (accepts: Accepts, checks: readonly AnyCheck[]): Accepts => {
  const [first] = checks;
  if (first === undefined) return accepts;
  if (checks.length === 1) {
    if (isSafeInteger(first)) return Number.isSafeInteger;
    const question = questionOf(first);
    if (question !== null) return (value) => accepts(value) && question(value) === true;
  }
  return (value) => {
    if (!accepts(value)) return false;
    const payload: { value: unknown; issues: z.core.$ZodRawIssue[] } = { value, issues: [] };
    for (const { _zod } of checks) {
      if (_zod.def.when !== undefined && !_zod.def.when(payload)) continue;
      if (_zod.check(payload) instanceof Promise || payload.issues.length > 0) return false;
    }
    return true;
  };
};

const compile = (schema: z.core.$ZodType): Accepts => {
  const definition: Definition = schema._zod.def;
  const checks = checksOf(schema, definition);
  const isKnown = Object.hasOwn(kinds, definition.type) && definition.coerce !== true;
  if (!isKnown || (checks.length > 0 && !seesTheValue.has(definition.type))) return asking(schema);
  const accepts = kinds[definition.type]?.(schema, definition) ?? null;
  return accepts === null ? asking(schema) : checked(accepts, checks);
};

const known = new WeakMap<z.core.$ZodType, Accepts>();

const compiled = (schema: z.core.$ZodType): Accepts => {
  let accepts = known.get(schema);
  if (accepts === undefined) {
    accepts = compile(schema);
    known.set(schema, accepts);
  }
  return accepts;
};

/** Schemas of another major version are defined otherwise. */
const isOfThisZod = (schema: z.core.$ZodType): boolean =>
  memberOf(memberOf(memberOf(schema, '_zod'), 'version'), 'major') === 4;

/**
 * Whether a schema accepts a value, by a quick look and then, where that does not say yes, by zod. Says nothing of what the
 * schema would make of the value: for schemas that are a check only.
 */
export const accepts = (schema: z.ZodType, value: unknown): boolean =>
  isOfThisZod(schema) && compiled(schema)(value);

/** What zod finds wrong with a value. */
export type Issue = z.core.$ZodIssue;

/**
 * Whether a value fits a schema that is a check only. The value stays as it is: fields beside the schema may be in it. `tell` hears
 * what is wrong.
 */
export const fits = <Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  tell?: (issues: readonly Issue[]) => void,
): value is Output => {
  if (accepts(schema, value)) return true;
  const { success, error } = schema.safeParse(value);
  if (!success) tell?.(error.issues);
  return success;
};
