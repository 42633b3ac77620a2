import type { SimulatorRequest } from '../face.js';
import { decodeForm } from '../form.js';
import { PinRefusal } from './errors.js';

/** The parameters of a request, from form or JSON alike. Forms know only text, so every reader takes text too. */
export type Parameters = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Parameters =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the body: JSON if it says so, else a form. */
export const readBody = (request: SimulatorRequest): Parameters => {
  const body = request.body.trim();
  if (body === '') return {};
  if (!(request.headers['content-type'] ?? '').includes('json')) return decodeForm(body);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new PinRefusal('invalid_request', { description: 'The request body is not valid JSON.' });
  }
  if (!isMap(value)) {
    throw new PinRefusal('invalid_request', { description: 'The request body must be an object.' });
  }
  return value;
};

/** Reads the query. */
export const readQuery = (request: SimulatorRequest): Parameters => decodeForm(request.query);

/** A parameter as text; null when it is missing, null, empty, or no text. */
export const readText = (parameters: Parameters, name: string): string | null => {
  const value = parameters[name];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
};

/** A parameter as a whole number, also from digits as text; null when it is anything else. */
export const readInteger = (parameters: Parameters, name: string): number | null => {
  const text = readText(parameters, name);
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
};

/** A parameter as a boolean, also as text. */
export const readFlag = (parameters: Parameters, name: string, otherwise: boolean): boolean => {
  const text = readText(parameters, name);
  if (text === null) return otherwise;
  return text === 'true' || text === '1';
};

/** A parameter as a map, or null when it is none. */
export const readMap = (parameters: Parameters, name: string): Parameters | null => {
  const value = parameters[name];
  return isMap(value) ? value : null;
};
