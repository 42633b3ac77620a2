import type * as z from 'zod';
import { memberOf } from './objects.js';

/** A check of any kind of value. */
export interface AnyCheck {
  readonly _zod: Pick<z.core.$ZodCheckInternals<unknown>, 'def'> & {
    check(payload: z.core.ParsePayload): unknown;
  };
}

/** What is read of zod's definitions, which differ from kind to kind. */
export interface Definition {
  readonly type: string;
  readonly coerce?: unknown;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly catchall?: z.core.$ZodType;
  readonly discriminator?: string;
  readonly inclusive?: boolean;
  readonly options?: readonly z.core.$ZodType[];
  readonly element?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
  readonly keyType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly checks?: readonly AnyCheck[];
}

/** Whether a schema is itself a check, as that of a format or of an integer is: zod says so of its own. */
const isCheck = (schema: z.core.$ZodType): schema is z.core.$ZodType & AnyCheck =>
  schema._zod.traits.has('$ZodCheck');

/** The checks of a schema, in the order in which zod asks them. */
export const checksOf = (schema: z.core.$ZodType, { checks = [] }: Definition): readonly AnyCheck[] =>
  isCheck(schema) ? [schema, ...checks] : checks;

export const isSafeInteger = ({ _zod }: AnyCheck): boolean =>
  _zod.def.check === 'number_format' && memberOf(_zod.def, 'format') === 'safeint';

const isNotEmpty = ({ _zod }: AnyCheck): boolean =>
  _zod.def.check === 'min_length' && memberOf(_zod.def, 'minimum') === 1;

/** The kinds of values, as bits: most fields are settled by the kind alone. */
const bits = {
  empty: 1,
  text: 2,
  integer: 4,
  number: 8,
  boolean: 16,
  nothing: 32,
  absent: 64,
  other: 128,
};
/** The kind of a field that holds undefined, or nothing at all. */
export const absent = bits.absent;
const { empty, text, integer, number, boolean, nothing, other } = bits;
const anyKind = 255;

export const kindOf = (value: unknown): number => {
  switch (typeof value) {
    case 'string':
      return value === '' ? empty : text;
    case 'number':
      return Number.isSafeInteger(value) ? integer : Number.isFinite(value) ? number : other;
    case 'boolean':
      return boolean;
    case 'undefined':
      return absent;
    default:
      return value === null ? nothing : other;
  }
};

/** The kinds that a schema surely accepts whatever the value is. */
export const kindsOf = (schema: z.core.$ZodType): number => {
  const definition: Definition = schema._zod.def;
  const { type, innerType, options = [], discriminator, inclusive } = definition;
  if (definition.coerce === true) return 0;
  const checks = checksOf(schema, definition);
  const [check] = checks;
  if (check !== undefined) {
    if (checks.length > 1) return 0;
    if (type === 'number' && isSafeInteger(check)) return integer;
    return type === 'string' && isNotEmpty(check) ? text : 0;
  }
  switch (type) {
    case 'string':
      return empty | text;
    case 'number':
      return integer | number;
    case 'boolean':
      return boolean;
    case 'null':
      return nothing;
    case 'unknown':
      return anyKind;
    case 'nullable':
      return nothing | (innerType === undefined ? 0 : kindsOf(innerType));
    case 'optional': {
      if (innerType === undefined) return 0;
      const takesAbsence =
        innerType._zod.optin !== 'defaulted' && !schema._zod.traits.has('$ZodExactOptional');
      return kindsOf(innerType) | (takesAbsence ? absent : 0);
    }
    case 'union':
      return discriminator !== undefined || inclusive === false
        ? 0
        : options.reduce((kinds, option) => kinds | kindsOf(option), 0);
    default:
      return 0;
  }
};
