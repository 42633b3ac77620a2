import type { SimulatorRequest } from '../face.js';
import { decodeForm } from '../form.js';
import { OmiseRefusal } from './errors.js';

/** The parameters of a request, from query, form or JSON alike. Forms know only text, so every reader takes text too. */
export type Parameters = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bodyOf = (request: SimulatorRequest): Parameters => {
  const body = request.body.trim();
  if (body === '') return {};
  if (!(request.headers['content-type'] ?? '').includes('json')) return decodeForm(body);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new OmiseRefusal('bad_request', 'request body is not valid JSON');
  }
  // The callback form of an official client sends the literal `null` where it has nothing to say.
  if (value === null) return {};
  if (!isMap(value)) throw new OmiseRefusal('bad_request', 'request body must be an object');
  return value;
};

/** Reads query and body. One official client sends the parameters of a GET as a body, which Omise accepts. */
export const readParameters = (request: SimulatorRequest): Parameters => ({
  ...decodeForm(request.query),
  ...bodyOf(request),
});

/** A parameter that is there and not empty. */
const given = (parameters: Parameters, name: string): unknown => {
  const value = parameters[name];
  return value === null || value === '' ? undefined : value;
};

/** Whether a parameter was sent with a value. */
export const has = (parameters: Parameters, name: string): boolean => given(parameters, name) !== undefined;

/** A parameter as text, or null. */
export const readText = (parameters: Parameters, name: string): string | null => {
  const value = given(parameters, name);
  if (value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new OmiseRefusal('bad_request', `${name} must be a string`);
};

/** A parameter as a whole number, null when it is missing, NaN when it is something else. */
export const readInteger = (parameters: Parameters, name: string): number | null => {
  const value = given(parameters, name);
  if (value === undefined) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : Number.NaN;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
};

/** A parameter as a boolean. */
export const readFlag = (parameters: Parameters, name: string, otherwise: boolean): boolean => {
  const value = given(parameters, name);
  if (value === undefined) return otherwise;
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  throw new OmiseRefusal('bad_request', `${name} must be true or false`);
};

/** A parameter as a map, or null when it is missing. An empty form field is an empty map. */
export const readMap = (parameters: Parameters, name: string): Parameters | null => {
  const value = parameters[name];
  if (value === undefined || value === null) return null;
  if (value === '') return {};
  if (isMap(value)) return value;
  throw new OmiseRefusal('bad_request', `${name} must be an object`);
};

/** A parameter as a list; empty when it is missing. */
export const readList = (parameters: Parameters, name: string): readonly unknown[] => {
  const value = given(parameters, name);
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw new OmiseRefusal('bad_request', `${name} must be a list`);
};

/** A parameter as a point in time in milliseconds, or null when it is missing. */
export const readTime = (parameters: Parameters, name: string): number | null => {
  const value = readText(parameters, name);
  if (value === null) return null;
  const time = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new OmiseRefusal('bad_request', `${name} must be an ISO 8601 time`);
  return time;
};
