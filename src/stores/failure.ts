import type { Secret } from '../models/secret.js';
import { redactText } from '../transport/redact.js';
import { isObject, memberOf } from '../models/objects.js';

/** As much of a driver's message as an error or an event repeats. */
const longestMessage = 200;

const textIn = (error: object, name: 'name' | 'code' | 'message'): string => {
  const value = memberOf(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** What has to be done first where the tables of the store are not there; undefined for every other failure. */
export const remedyOf = (error: object): string | undefined => {
  // SQLSTATE "undefined table".
  if (textIn(error, 'code') === '42P01')
    return 'create the tables first: await pool.query(postgresSchema), or with createPostgresSchema where the store has a schema or a tablePrefix';
  // SQLite has one code for all errors in a statement: its words tell them apart.
  return textIn(error, 'message').startsWith('no such table: ')
    ? 'create the tables first: database.exec(sqliteSchema), or with createSqliteSchema where the store has a tablePrefix'
    : undefined;
};

/** Whether a store failed because its tables are not there: the same call again would meet the same. */
export const lacksTables = (error: unknown): boolean => {
  try {
    return isObject(error) && remedyOf(error) !== undefined;
  } catch {
    return false;
  }
};

const describe = (error: object, secrets: readonly Secret[]): string => {
  const clean = (text: string): string => {
    const redacted = redactText(text, secrets);
    return redacted.length > longestMessage ? `${redacted.slice(0, longestMessage)}…` : redacted;
  };
  const code = clean(textIn(error, 'code'));
  const heading = [clean(textIn(error, 'name')), code].filter((text) => text !== '').join(' ');
  const message = clean(textIn(error, 'message'));
  const said = [heading, message].filter((text) => text !== '').join(': ');
  const remedy = remedyOf(error);
  return `${said === '' ? 'unknown failure' : said}${remedy === undefined ? '' : `; ${remedy}`}`;
};

/**
 * Why a store failed: the name, the code (an SQLSTATE, or a word such as `ECONNREFUSED`) and the message of what it threw,
 * masked and cut. What a driver attaches beside those, such as the values of a statement, is not read.
 */
export const storeFailureReason = (error: unknown, secrets: readonly Secret[]): string => {
  try {
    if (typeof error === 'string') return describe({ message: error }, secrets);
    return typeof error === 'object' && error !== null ? describe(error, secrets) : 'unknown failure';
  } catch {
    // It is somebody else's object: even reading it may fail.
    return 'unknown failure';
  }
};
