import type { FieldIssue } from '../models/error-details.js';

export { fieldsOf, isObject, itemsOf, memberOf, type Fields } from '../models/objects.js';

/** Reading what nobody has checked yet: the body of an error, the data of an event. */

/** A text as it came, or null where it is none or empty. Ids are read so: a space in an id is part of it. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** A text without the blanks around it, or null where nothing else is there. Codes are read so. */
export const trimmedTextOf = (value: unknown): string | null =>
  typeof value === 'string' ? textOf(value.trim()) : null;

/** A wrong field, where it is one. */
export const wrongIf = (isWrong: boolean, path: string, message: string): FieldIssue | null =>
  isWrong ? { path, message } : null;

/** Rows of a table for several names that mean the same: `'amount_invalid amount_required'`. */
export const rowsNamed = <Row>(names: string, row: Row): Readonly<Record<string, Row>> =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, row]),
  );

/** The row of a table, by a name from outside: `constructor` is found in every object, and is a row of no table. */
export const rowOf = <Row>(
  table: Readonly<Record<string, Row>>,
  name: string | null | undefined,
): Row | undefined => (name != null && Object.hasOwn(table, name) ? table[name] : undefined);
