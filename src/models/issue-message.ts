import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

/** How zod's own texts begin. A message of the schema's own is never rewritten. */
const ofZod = /^(?:Invalid|Too (?:small|big):)/;

/** Whether a schema left the message to zod. */
export const isMessageOfZod = ({ message }: Pick<Issue, 'message'>): boolean => ofZod.test(message);

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  date: 'a Date',
};

const formats: Readonly<Record<string, string>> = {
  email: 'an email address',
  url: 'a web address',
};

const counted: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

const own = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** The expected type in words; undefined for types that params and settings do not have. */
export const expectedTypeOf = (issue: Issue): string | undefined =>
  issue.code === 'invalid_type' ? own(kinds, issue.expected) : undefined;

const oneOf = (values: readonly unknown[]): string => {
  const words = values.map((value) => (value === '' ? '""' : String(value)));
  return words.length === 1 ? `must be ${words.join('')}` : `must be one of ${words.join(', ')}`;
};

const tooSmall = ({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string => {
  const unit = own(counted, origin);
  if (unit === undefined) return `must be ${inclusive === false ? 'greater than' : 'at least'} ${minimum}`;
  return Number(minimum) === 1 ? 'must not be empty' : `must have at least ${minimum} ${unit}`;
};

const tooBig = ({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): string => {
  const unit = own(counted, origin);
  if (unit === undefined) return `must be ${inclusive === false ? 'less than' : 'at most'} ${maximum}`;
  return `must have at most ${maximum} ${unit}`;
};

/** What is wrong, in the words of the hand-written messages: "must …" or "is …", and never the value. */
export const issueMessage = (issue: Issue): string => {
  if (!isMessageOfZod(issue)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'is required';
      return `must be ${expectedTypeOf(issue) ?? issue.expected}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_format':
      return `must be ${own(formats, issue.format) ?? 'in the expected form'}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(issue.options)
        : 'is not of an expected kind';
    case 'invalid_key':
      return 'must have a name';
    default:
      return issue.message;
  }
};
