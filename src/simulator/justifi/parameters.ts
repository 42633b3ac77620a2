import type { SimulatorRequest } from '../face.js';
import { decodeForm } from '../form.js';
import { invalid, JustifiRefusal } from './errors.js';

/** The fields of a JSON body, or of a part of it. */
export type Fields = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body of a request; an empty one is an empty map. */
export const readBody = (request: SimulatorRequest): Fields => {
  if (request.body.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(request.body);
  } catch {
    throw new JustifiRefusal(400, 'parameter_missing', 'The request body is not valid JSON');
  }
  if (!isMap(value)) throw new JustifiRefusal(400, 'parameter_missing', 'The request body must be an object');
  return value;
};

/** The query of a request: plain names only. */
export const readQuery = (request: SimulatorRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(decodeForm(request.query)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

/** A field as text, or null. Numbers count as text, because published examples have both. */
export const readText = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw invalid('unexpected_parameter', name);
};

/** A field that has to be there. */
export const requireText = (fields: Fields, name: string, code: string): string => {
  const value = readText(fields, name);
  if (value === null) throw invalid(code, name);
  return value;
};

/** A field as a map, or null. */
export const readMap = (fields: Fields, name: string): Fields | null => {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (!isMap(value)) throw invalid('unexpected_parameter', name);
  return value;
};

/** Refuses fields that an endpoint does not have. */
export const allowOnly = (fields: Fields, names: readonly string[]): void => {
  const other = Object.keys(fields).find((name) => !names.includes(name));
  if (other !== undefined) throw new JustifiRefusal(400, 'unexpected_parameter', undefined, { param: other });
};

/** An amount in cents, within the documented limits. */
export const readAmount = (fields: Fields, name: string): number => {
  const value = fields[name];
  if (value === undefined || value === null) throw invalid('amount_required', name);
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid('amount_must_be_an_integer', name);
  if (value <= 50) throw invalid('amount_below_minimum', name);
  if (value >= 100_000_000) throw invalid('amount_above_maximum', name);
  return value;
};

/** Metadata as the ledger keeps it: JustiFi takes any JSON, the ledger text. */
export const metadataForLedger = (metadata: Fields | null): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
