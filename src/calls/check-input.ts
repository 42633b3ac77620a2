import type * as z from 'zod';
import { InvalidRequestError } from '../errors.js';
import type { FieldIssue } from '../models/error-details.js';
import { hasLoneSurrogate, loneSurrogate } from '../models/lone-surrogate.js';
import type { Secret } from '../models/secret.js';
import { describeIssues, fieldIssues, lostFields, mostIssues, showPath } from '../models/validation.js';
import { redactText } from '../transport/redact.js';
import { optionNames } from './call-options.js';
import { hasOwnFieldsOnly, hiddenFields, memberOf } from '../models/objects.js';
import { adviceForTag } from './tagged-values.js';

/** Who refuses an input: the provider named in errors, and the secrets to redact from them. */
export interface Refuser {
  readonly spec: { readonly provider: string };
  readonly secrets: readonly Secret[];
}

/** What only asks, or reads what was given: nobody expects it to send anything. */
const onlyAsks = /^(?:retrieve|list|search|reconcile|parse|supports|explain)/;

/** That a call ended before it began: a write was not sent, and anything else was not run. */
export const notBegun = (operation: string): string =>
  `${operation} was not ${onlyAsks.test(operation) ? 'run' : 'sent'}`;

/** A refusal before a byte was sent: it names the fields, never their values. */
export const refuseInput = (
  context: Refuser,
  operation: string,
  issues: readonly FieldIssue[],
  facts: { readonly idempotencyKey?: string | null; readonly chargeId?: string | null } = {},
): InvalidRequestError => {
  // A field name may be an API key by mistake: redact the paths, too.
  const shown = issues
    .slice(0, mostIssues)
    .map(({ path, message }) => ({ path: redactText(path, context.secrets), message }));
  return new InvalidRequestError({
    ...facts,
    message: `${notBegun(operation)}: ${describeIssues(shown)}`,
    provider: context.spec.provider,
    operation,
    outcome: 'not_sent',
    issues: shown,
  });
};

/** Deeper than any field of ours lies; it also ends a value that contains itself. */
const deepestLevel = 6;

/**
 * Issues for values that a schema would silently misread: to it a promise, a Map or an object with private fields is an
 * empty object, and a refund without its amount is a full refund. It would also drop a field named `__proto__`.
 */
const misreadableInput = (value: unknown, path: readonly string[] = []): FieldIssue[] => {
  const refused = (message: string): FieldIssue[] => [{ path: showPath(path), message }];
  if (typeof value === 'string') return hasLoneSurrogate(value) ? refused(loneSurrogate) : [];
  if (typeof value !== 'object' || value === null || path.length > deepestLevel) return [];
  try {
    const tag = Object.prototype.toString.call(value);
    const advice = adviceForTag(tag);
    if (advice !== null) return refused(advice);
    if (tag !== '[object Object]' && tag !== '[object Array]') {
      // A Date or an AbortSignal is checked by the schema; as the whole of the params nothing but an object will do.
      const isLeaf = path.length > 0 && (tag === '[object Date]' || tag === '[object AbortSignal]');
      return isLeaf ? [] : refused('must be a plain object');
    }
    if (!Array.isArray(value) && !hasOwnFieldsOnly(value)) return refused(hiddenFields);
    return Object.keys(value).flatMap((name) =>
      name === '__proto__' || hasLoneSurrogate(name)
        ? [{ path: showPath([...path, name]), message: 'cannot be the name of a field' }]
        : misreadableInput(memberOf(value, name), [...path, name]),
    );
  } catch {
    // A getter or proxy of the caller's threw: its message may hold anything, so it is not repeated.
    return refused('cannot be read');
  }
};

/** Fast path without field paths. False only means: run the full check. */
const isPlainData = (value: unknown, depth: number): boolean => {
  if (typeof value === 'string') return !hasLoneSurrogate(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > deepestLevel || Symbol.toStringTag in value) return false;
  if (Array.isArray(value))
    return Object.keys(value).length === value.length && value.every((item) => isPlainData(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const names = Object.keys(value);
  if (Reflect.ownKeys(value).length !== names.length) return false;
  return names.every(
    (name) =>
      name !== '__proto__' && !hasLoneSurrogate(name) && isPlainData(memberOf(value, name), depth + 1),
  );
};

const isSafelyPlain = (value: unknown): boolean => {
  try {
    return !Array.isArray(value) && isPlainData(value, 0);
  } catch {
    // A getter or proxy of the caller's threw: the full check reports it with its path.
    return false;
  }
};

/** What the params of an operation look like at the least. */
const paramsExamples: Readonly<Record<string, string>> = {
  create: '{ amount, currency, source }',
  explain: '{ amount, currency, source }',
  update: '{ metadata }',
  list: '{ limit }',
  search: '{ metadata }',
  capture: '{ amount }',
  refund: '{ amount }',
  verify3DS: '{ chargeId }',
};

/** An issue of the whole argument says which one it is, and what belongs there. */
const aboutArgument = (operation: string, takesKey: boolean | null, issue: FieldIssue): FieldIssue => {
  if (issue.path !== '') return issue;
  const isParams = takesKey === null;
  const example = isParams ? paramsExamples[operation] : takesKey ? '{ idempotencyKey }' : '{ timeoutMs }';
  const saysEnough =
    issue.message === hiddenFields || !/^(?:expected|is required|must be)/.test(issue.message);
  return {
    path: isParams ? 'params' : 'options',
    message:
      saysEnough || example === undefined ? issue.message : `must be a plain object such as ${example}`,
  };
};

/** Checks an argument against a strict schema: the params, or the options of a call that takes a key or none. */
export const checkInput = <Value>(
  context: Refuser,
  operation: string,
  schema: z.ZodType<Value>,
  value: unknown,
  options: { readonly takesKey: boolean } | null = null,
): Value => {
  let issues: FieldIssue[];
  try {
    issues = isSafelyPlain(value) ? [] : misreadableInput(value);
    const parsed = schema.safeParse(value);
    if (parsed.success && issues.length === 0) return parsed.data;
    if (!parsed.success && issues.length === 0) {
      const lost = lostFields(schema, value);
      const isLost = ({ path }: FieldIssue) => lost.some((each) => each.path === path);
      issues = [...lost, ...fieldIssues(schema, parsed.error).filter((issue) => !isLost(issue))];
    }
  } catch {
    // It could be read once, but not twice.
    issues = [{ path: '', message: 'cannot be read' }];
  }
  throw refuseInput(
    context,
    operation,
    issues.map((issue) => {
      const isUnknown = issue.message.startsWith('is not a known field');
      if (isUnknown && options === null && optionNames.has(issue.path))
        return { path: issue.path, message: 'is an option: pass it in the last argument' };
      if (isUnknown && options?.takesKey === false && issue.path === 'idempotencyKey')
        return { path: issue.path, message: 'has no use where nothing is written: leave it out' };
      return aboutArgument(operation, options?.takesKey ?? null, issue);
    }),
  );
};
