import type { SimulatorRequest } from '../face.js';
import { PaymongoRefusal, wrong } from './errors.js';

/** The attributes of a request, or an object among them. */
export type Attributes = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalidBody = (): PaymongoRefusal =>
  new PaymongoRefusal(400, 'parameter_invalid', 'The request body must be { data: { attributes } }.');

/** `{ data: { attributes } }`. An empty body has none. */
export const attributesOf = (request: SimulatorRequest): Attributes => {
  if (request.body === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    throw invalidBody();
  }
  const data = isMap(body) ? body['data'] : undefined;
  const attributes = isMap(data) ? data['attributes'] : undefined;
  if (!isMap(attributes)) throw invalidBody();
  return attributes;
};

/** An attribute as text, or null. */
export const textIn = (attributes: Attributes, name: string, longest = 65_535): string | null => {
  const value = attributes[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw wrong('parameter_data_type_invalid', name, 'should be a string.');
  if (value.length > longest)
    throw wrong('parameter_above_maximum', name, `should have at most ${longest} characters.`);
  return value;
};

/** An attribute that has to be there, as text. */
export const requiredText = (attributes: Attributes, name: string): string => {
  const value = textIn(attributes, name);
  if (value === null || value === '') throw wrong('parameter_required', name, 'is required.');
  return value;
};

/** An attribute that is one of some words, or the first of them where it is missing. */
export const wordIn = <Word extends string>(
  attributes: Attributes,
  name: string,
  words: readonly [Word, ...Word[]],
): Word => {
  const value = textIn(attributes, name) ?? words[0];
  const word = words.find((each) => each === value);
  if (word === undefined) throw wrong('parameter_invalid', name, `should be one of ${words.join(', ')}.`);
  return word;
};

/** An amount in centavos; null where it is missing. */
export const amountIn = (
  attributes: Attributes,
  { smallest, largest = 999_999_999 }: { smallest: number; largest?: number },
): number | null => {
  const value = attributes['amount'];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw wrong('parameter_data_type_invalid', 'amount', 'should be an integer.');
  if (value < smallest) throw wrong('parameter_below_minimum', 'amount', `cannot be less than ${smallest}.`);
  if (value > largest) throw wrong('parameter_above_maximum', 'amount', `cannot be more than ${largest}.`);
  return value;
};

/** An amount that has to be there. */
export const requiredAmount = (attributes: Attributes, smallest: number): number => {
  const amount = amountIn(attributes, { smallest });
  if (amount === null) throw wrong('parameter_required', 'amount', 'is required.');
  return amount;
};

/** The only currency. */
export const currencyIn = (attributes: Attributes): 'PHP' => {
  if (requiredText(attributes, 'currency') !== 'PHP')
    throw wrong('parameter_invalid', 'currency', 'should be PHP.');
  return 'PHP';
};

/** An attribute as an object, or null. */
export const mapIn = (attributes: Attributes, name: string): Attributes | null => {
  const value = attributes[name];
  if (value === undefined || value === null) return null;
  if (!isMap(value)) throw wrong('parameter_data_type_invalid', name, 'should be an object.');
  return value;
};

/** Metadata: values are text, and nothing else. */
export const metadataIn = (attributes: Attributes): Record<string, string> | null => {
  const given = mapIn(attributes, 'metadata');
  if (given === null) return null;
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string')
      throw wrong('parameter_data_type_invalid', 'metadata', 'accepts strings only.');
    metadata[name] = value;
  }
  return metadata;
};
