import type { FormMap, FormValue } from '../form.js';
import { invalidParameter } from './errors.js';

/** How one parameter is read. `anything` is accepted and left alone: documented, without effect here. */
export type Kind =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'metadata'
  | 'texts'
  | 'range'
  | 'anything'
  | readonly string[]
  | { of: Shape };

/** The parameters that a call takes. All others are refused. */
export interface Shape {
  readonly [name: string]: Kind;
}

/** A filter such as `created[gte]=…`; a plain number is both ends. */
export interface Range {
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
}

type Read<K extends Kind> = K extends 'text'
  ? string
  : K extends 'integer'
    ? number
    : K extends 'boolean'
      ? boolean
      : K extends 'metadata'
        ? Record<string, string> | ''
        : K extends 'texts'
          ? string[]
          : K extends 'range'
            ? Range
            : K extends readonly (infer Word)[]
              ? Word
              : K extends { of: infer Inner extends Shape }
                ? Params<Inner>
                : unknown;

/** Parameters as read. An empty string is kept: it clears a field. */
export type Params<S extends Shape> = { [Name in keyof S]?: Read<S[Name]> };

const isMap = (value: FormValue): value is FormMap => typeof value === 'object' && !Array.isArray(value);

/** Keys such as `metadata[0]` look like a list on the wire. */
const asMap = (value: FormValue, param: string): FormMap => {
  if (Array.isArray(value)) return Object.fromEntries(value.map((each, index) => [String(index), each]));
  if (isMap(value)) return value;
  throw invalidParameter(param, `Invalid object: ${param} must be a hash.`);
};

const asText = (value: FormValue, param: string): string => {
  if (typeof value === 'string') return value;
  throw invalidParameter(param, `Invalid string: ${param} must be a string.`);
};

const asInteger = (value: FormValue, param: string): number => {
  const text = asText(value, param);
  if (text === '')
    throw invalidParameter(param, `You passed an empty string for '${param}'.`, 'parameter_invalid_empty');
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw invalidParameter(param, `Invalid integer: ${text}`, 'parameter_invalid_integer');
  }
  return number;
};

const asBoolean = (value: FormValue, param: string): boolean => {
  const text = asText(value, param);
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalidParameter(param, `Invalid boolean: ${text}`);
};

const asWord = (value: FormValue, words: readonly string[], param: string): string => {
  const text = asText(value, param);
  if (words.includes(text)) return text;
  throw invalidParameter(param, `Invalid ${param}: must be one of ${words.join(', ')}`);
};

const asMetadata = (value: FormValue, param: string): Record<string, string> | '' => {
  if (value === '') return '';
  const entries = Object.entries(asMap(value, param)).map(([key, each]): [string, string] => {
    const text = asText(each, `${param}[${key}]`);
    if (/[[\]]/.test(key)) throw invalidParameter(param, 'Metadata keys cannot contain square brackets.');
    if (key.length > 40) throw invalidParameter(param, 'Metadata keys can have up to 40 characters.');
    if (text.length > 500) {
      throw invalidParameter(`${param}[${key}]`, 'Metadata values can have up to 500 characters.');
    }
    return [key, text];
  });
  return Object.fromEntries(entries);
};

const asRange = (value: FormValue, param: string): Range => {
  if (typeof value === 'string') {
    const exactly = asInteger(value, param);
    return { gte: exactly, lte: exactly };
  }
  const bounds = { gt: 'integer', gte: 'integer', lt: 'integer', lte: 'integer' } as const;
  return readMap(asMap(value, param), bounds, param);
};

const read = (value: FormValue, kind: Kind, param: string): unknown => {
  if (Array.isArray(kind)) return asWord(value, kind as readonly string[], param);
  switch (kind) {
    case 'text':
      return asText(value, param);
    case 'integer':
      return asInteger(value, param);
    case 'boolean':
      return asBoolean(value, param);
    case 'metadata':
      return asMetadata(value, param);
    case 'texts':
      return Object.values(asMap(value, param)).map((each) => asText(each, param));
    case 'range':
      return asRange(value, param);
    case 'anything':
      return value;
    default:
      // An empty string unsets a hash; every hash that has a shape here may be left out.
      return value === '' ? undefined : readMap(asMap(value, param), (kind as { of: Shape }).of, param);
  }
};

const readMap = <S extends Shape>(map: FormMap, shape: S, parent: string | null): Params<S> => {
  const params: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(map)) {
    const param = parent === null ? name : `${parent}[${name}]`;
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (kind === undefined) {
      throw invalidParameter(param, `Received unknown parameter: ${param}`, 'parameter_unknown');
    }
    const result = read(value, kind, param);
    if (result !== undefined) params[name] = result;
  }
  return params as Params<S>;
};

/** Reads decoded parameters by a shape; refuses what is unknown, damaged, or missing. */
export const readParams = <S extends Shape>(
  form: FormMap,
  shape: S,
  required: readonly (keyof S & string)[],
): Params<S> => {
  const params = readMap(form, shape, null);
  for (const name of required) {
    if (form[name] === undefined || form[name] === '') {
      throw invalidParameter(name, `Missing required param: ${name}.`, 'parameter_missing');
    }
  }
  return params;
};

/** Metadata after an update: merged; an empty value removes a key, an empty map removes all. */
export const mergeMetadata = (
  known: Readonly<Record<string, string>>,
  update: Record<string, string> | '' | undefined,
): Record<string, string> => {
  if (update === '') return {};
  const merged = Object.entries({ ...known, ...update }).filter(([, value]) => value !== '');
  if (merged.length > 50) throw invalidParameter('metadata', 'Metadata can have up to 50 keys.');
  return Object.fromEntries(merged);
};
