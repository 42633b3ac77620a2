import { invalidParameter } from './errors.js';
import type { SearchDocument, SearchField } from './search-documents.js';

/** How a field may be asked: `number` fields compare, `token` fields are equal or not. */
export type FieldType = 'number' | 'token';

type Operator = ':' | '~' | '<' | '>' | '<=' | '>=';

interface Clause {
  negated: boolean;
  /** A field, or a metadata key. */
  field: string;
  isMetadata: boolean;
  operator: Operator;
  /** null stands for the word null: the field is absent. */
  value: string | null;
}

/** A query that is ready to be asked of documents. */
export type Query = (document: SearchDocument) => boolean;

const refusal = (message: string) =>
  invalidParameter('query', `We were unable to parse your search query: ${message}`);

const fieldPattern = /[A-Za-z_][A-Za-z0-9_.]*/y;
const operatorPattern = /<=|>=|[:~<>]/y;
const barePattern = /[^\s"']+/y;
const joinPattern = /\s+(AND|OR)(?=\s)/iy;

class Scanner {
  private position = 0;

  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Skips white space; tells whether there was any. */
  skipSpace(): boolean {
    const start = this.position;
    while (/\s/.test(this.text.charAt(this.position))) this.position += 1;
    return this.position > start;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.position = pattern.lastIndex;
    return match[1] ?? match[0];
  }

  takeText(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** A quoted string; a backslash takes the next character as it is. */
  takeQuoted(): string | undefined {
    const quote = this.text.charAt(this.position);
    if (quote !== '"' && quote !== "'") return undefined;
    let value = '';
    for (let index = this.position + 1; index < this.text.length; index += 1) {
      const character = this.text.charAt(index);
      if (character === quote) {
        this.position = index + 1;
        return value;
      }
      if (character === '\\') index += 1;
      value += this.text.charAt(index);
    }
    throw refusal('a quote is not closed.');
  }
}

const readClause = (scanner: Scanner): Clause => {
  const negated = scanner.takeText('-');
  const name = scanner.take(fieldPattern);
  if (name === undefined) throw refusal('a field is missing.');
  let field = name;
  const isMetadata = name === 'metadata';
  if (isMetadata) {
    const key = scanner.takeText('[') ? scanner.takeQuoted() : undefined;
    if (key === undefined || !scanner.takeText(']')) throw refusal('metadata is asked as metadata["key"].');
    field = key;
  }
  const operator = scanner.take(operatorPattern) as Operator | undefined;
  if (operator === undefined) throw refusal(`an operator is missing after ${name}.`);
  const quoted = scanner.takeQuoted();
  if (quoted !== undefined) return { negated, field, isMetadata, operator, value: quoted };
  const bare = scanner.take(barePattern);
  if (bare === 'null') return { negated, field, isMetadata, operator, value: null };
  if (bare === undefined || !/^-?\d+(\.\d+)?$/.test(bare))
    throw refusal(`the value of ${name} needs quotes.`);
  return { negated, field, isMetadata, operator, value: bare };
};

const checkClause = (clause: Clause, fields: ReadonlyMap<string, FieldType>): void => {
  const type = clause.isMetadata ? 'token' : fields.get(clause.field);
  if (type === undefined) throw refusal(`${clause.field} is not a searchable field.`);
  if (clause.operator === '~') throw refusal(`${clause.field} does not support substring matches.`);
  if (clause.operator !== ':' && type !== 'number')
    throw refusal(`${clause.field} does not support comparisons.`);
  if (clause.value === null && clause.operator !== ':') throw refusal('null can only be matched exactly.');
  if (type === 'number' && clause.value !== null && !Number.isFinite(Number(clause.value))) {
    throw refusal(`${clause.field} needs a number.`);
  }
};

const matches = (clause: Clause, actual: SearchField | undefined): boolean => {
  const { operator, value } = clause;
  if (value === null) return actual === null || actual === undefined;
  if (actual === null || actual === undefined) return false;
  switch (operator) {
    case '<':
      return Number(actual) < Number(value);
    case '>':
      return Number(actual) > Number(value);
    case '<=':
      return Number(actual) <= Number(value);
    case '>=':
      return Number(actual) >= Number(value);
    default:
      return typeof actual === 'number'
        ? actual === Number(value)
        : actual.toLowerCase() === value.toLowerCase();
  }
};

const fieldOf = (document: SearchDocument, clause: Clause): SearchField | undefined => {
  if (!clause.isMetadata) return document.fields[clause.field];
  return Object.hasOwn(document.metadata, clause.field) ? document.metadata[clause.field] : undefined;
};

/** Reads a query of Stripe's search language; refuses what the language does not have. */
export const parseQuery = (text: string, fields: ReadonlyMap<string, FieldType>): Query => {
  if (text.length > 5000) throw refusal('it is longer than 5000 characters.');
  const scanner = new Scanner(text.trim());
  const clauses: Clause[] = [];
  const joins = new Set<string>();
  if (scanner.isAtEnd()) throw refusal('it is empty.');
  for (;;) {
    clauses.push(readClause(scanner));
    if (scanner.isAtEnd()) break;
    const join = scanner.take(joinPattern);
    joins.add(join?.toUpperCase() ?? 'AND');
    if (!scanner.skipSpace()) throw refusal('clauses need a space between them.');
    if (scanner.isAtEnd()) throw refusal('a clause is missing at the end.');
  }
  if (joins.size > 1) throw refusal('AND and OR cannot be combined in one query.');
  for (const clause of clauses) checkClause(clause, fields);
  const test = (document: SearchDocument) => (clause: Clause) =>
    matches(clause, fieldOf(document, clause)) !== clause.negated;
  return joins.has('OR')
    ? (document) => clauses.some(test(document))
    : (document) => clauses.every(test(document));
};
