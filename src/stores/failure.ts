import type { Secret } from '../models/secret.js';
import { redactText } from '../transport/redact.js';
import { memberOf } from '../models/objects.js';

/** As much of a driver's message as an error or an event repeats. */
const longestMessage = 200;

/** What the code of a failure says about the remedy. */
const remedies: Readonly<Record<string, string>> = {
  // SQLSTATE "undefined table".
  '42P01':
    'create the tables first: await pool.query(postgresSchema), or with createPostgresSchema where the store has a schema or a tablePrefix',
};

/** SQLite has one code for all errors in a statement: its words tell them apart. */
const missingTable = /^no such table: /;
const missingTableRemedy =
  'create the tables first: database.exec(sqliteSchema), or with createSqliteSchema where the store has a tablePrefix';

const textIn = (error: object, name: 'name' | 'code' | 'message'): string => {
  const value = memberOf(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
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
  const known = Object.hasOwn(remedies, code) ? remedies[code] : undefined;
  const remedy = missingTable.test(message) ? missingTableRemedy : known;
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
