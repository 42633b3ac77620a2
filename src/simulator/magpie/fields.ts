import type { SimulatorRequest } from '../face.js';
import { MagpieValidationRefusal, type ValidationProblem } from './errors.js';

/** A JSON object of a request. */
export type JsonMap = Readonly<Record<string, unknown>>;

/** What a text has to fulfil. */
export interface TextRules {
  required?: boolean;
  min?: number;
  max?: number;
  /** Only letters, digits, whitespace and `' # _ . - ,`. */
  safe?: boolean;
}

/** Reads the fields of an object and collects everything that is wrong with them. */
export interface FieldReader {
  text(name: string, rules?: TextRules): string | null;
  /** One of a list of words. */
  word(name: string, words: readonly string[]): string | null;
  /** A positive whole number. */
  amount(name: string, required: boolean): number | null;
  flag(name: string, required: boolean): boolean | null;
  uri(name: string, required?: boolean): string | null;
  map(name: string): JsonMap | null;
  /** An object with fields of its own. */
  child(name: string, required?: boolean): FieldReader | null;
}

const safeText = /^[A-Za-z0-9\s'#_.\-,]+$/;
const longestUri = 2083;

const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const createReader = (
  map: JsonMap,
  location: readonly string[],
  problems: ValidationProblem[],
): FieldReader => {
  const complain = (name: string, msg: string, type: string): null => {
    problems.push({ loc: [...location, name], msg, type });
    return null;
  };
  const given = (name: string, required: boolean): unknown => {
    const value = map[name] ?? undefined;
    if (value === undefined && required) complain(name, 'Field required', 'missing');
    return value;
  };

  const reader: FieldReader = {
    text: (name, { required = false, min = 0, max = Infinity, safe = false } = {}) => {
      const value = given(name, required);
      if (value === undefined) return null;
      if (typeof value !== 'string') return complain(name, 'Input should be a valid string', 'string_type');
      if (value.length < min) {
        return complain(name, `String should have at least ${min} characters`, 'string_too_short');
      }
      if (value.length > max) {
        return complain(name, `String should have at most ${max} characters`, 'string_too_long');
      }
      if (safe && !safeText.test(value)) {
        return complain(name, `String should match pattern '${safeText.source}'`, 'string_pattern_mismatch');
      }
      return value;
    },
    word: (name, words) => {
      const value = reader.text(name, { required: true });
      if (value === null || words.includes(value)) return value;
      return complain(name, `Input should be one of ${words.join(', ')}`, 'enum');
    },
    amount: (name, required) => {
      const value = given(name, required);
      if (value === undefined) return null;
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
        return complain(name, 'Input should be a valid integer', 'int_type');
      }
      return value > 0 ? value : complain(name, 'Input should be greater than 0', 'greater_than');
    },
    flag: (name, required) => {
      const value = given(name, required);
      if (value === undefined) return null;
      return typeof value === 'boolean'
        ? value
        : complain(name, 'Input should be a valid boolean', 'bool_type');
    },
    uri: (name, required = false) => {
      const value = reader.text(name, { required, min: 1, max: longestUri });
      if (value === null || URL.canParse(value)) return value;
      return complain(name, 'Input should be a valid URL', 'url_parsing');
    },
    map: (name) => {
      const value = given(name, false);
      if (value === undefined) return null;
      return isMap(value) ? value : complain(name, 'Input should be a valid dictionary', 'dict_type');
    },
    child: (name, required = false) => {
      const value = given(name, required);
      if (value === undefined) return null;
      if (!isMap(value)) return complain(name, 'Input should be a valid dictionary', 'dict_type');
      return createReader(value, [...location, name], problems);
    },
  };
  return reader;
};

const bodyOf = (request: SimulatorRequest): JsonMap => {
  const refuse = (msg: string, type: string, ...loc: (string | number)[]): never => {
    throw new MagpieValidationRefusal([{ loc: ['body', ...loc], msg, type }]);
  };
  if (request.body.trim() === '') return refuse('Field required', 'missing');
  if (!(request.headers['content-type'] ?? '').includes('json')) {
    return refuse('Input should be a valid dictionary', 'model_attributes_type');
  }
  let value: unknown;
  try {
    value = JSON.parse(request.body);
  } catch {
    return refuse('JSON decode error', 'json_invalid', 0);
  }
  return isMap(value) ? value : refuse('Input should be a valid dictionary', 'model_attributes_type');
};

/** Reads the body of a request, or refuses with everything that is wrong with it. Unknown fields are left alone. */
export const readBody = <Value>(request: SimulatorRequest, read: (fields: FieldReader) => Value): Value => {
  const problems: ValidationProblem[] = [];
  const value = read(createReader(bodyOf(request), ['body'], problems));
  if (problems.length > 0) throw new MagpieValidationRefusal(problems);
  return value;
};
