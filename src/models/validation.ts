import * as z from 'zod';
import type { FieldIssue } from './error-details.js';
import { showName, unknownName } from './nearest-name.js';
import { isMessageOfZod, issueMessage, expectedTypeOf } from './issue-message.js';
import { memberOf, fieldsOf } from './objects.js';

/** As many issues as anybody reads: a body that was passed on as it came may have any number. */
export const mostIssues = 50;

/** A path as text, without what looks like data or a secret. */
export const showPath = (path: readonly PropertyKey[]): string => path.map(showName).join('.');

const mayBeAbsent = (schema: unknown): schema is z.ZodOptional | z.ZodExactOptional | z.ZodNullable =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable;

/** The names that a schema knows at a path. */
const namesAt = (schema: unknown, path: readonly PropertyKey[]): string[] => {
  if (mayBeAbsent(schema)) return namesAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => namesAt(option, path));
  if (schema instanceof z.ZodRecord && path.length > 0) return namesAt(schema.valueType, path.slice(1));
  if (schema instanceof z.ZodArray && path.length > 0) return namesAt(schema.element, path.slice(1));
  if (!(schema instanceof z.ZodObject)) return [];
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(schema.shape);
  return namesAt(memberOf(schema.shape, first), rest);
};

/** How far off a branch is that refused the value itself: another type is furthest, and a wrong member is nearer than both. */
const distanceAtRoot = (issue: z.core.$ZodIssue): number => {
  if (issue.path.length > 0 || issue.code === 'unrecognized_keys') return 0;
  return issue.code === 'invalid_type' ? 1_000_000 : 1_000;
};

/** Of a union's branches, the one that came nearest: not refused at its root, fewest issues. */
const nearestBranch = (branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] => {
  const rank = (issues: readonly z.core.$ZodIssue[]): number =>
    issues.length + Math.max(0, ...issues.map(distanceAtRoot));
  return [...branches].sort((left, right) => rank(left) - rank(right))[0] ?? [];
};

/** Where every branch of a union wants another kind of value: which kinds those are. */
const wantedKinds = (branches: readonly (readonly z.core.$ZodIssue[])[]): string | null => {
  const kinds = branches.map(([first]) =>
    first === undefined || first.path.length > 0 || !isMessageOfZod(first)
      ? undefined
      : expectedTypeOf(first),
  );
  return kinds.includes(undefined) ? null : `must be ${[...new Set(kinds)].join(' or ')}`;
};

const readIssue = (
  schema: unknown,
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
): FieldIssue[] => {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = namesAt(schema, path);
    return issue.keys.slice(0, mostIssues).map((key) => ({
      path: showPath([...path, key]),
      message: unknownName('field', key, known),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && isMessageOfZod(issue)) {
    const wanted = wantedKinds(issue.errors);
    if (wanted !== null) return [{ path: showPath(path), message: wanted }];
    return nearestBranch(issue.errors).flatMap((inner) => readIssue(schema, inner, path));
  }
  return [{ path: showPath(path), message: issueMessage(issue) }];
};

/** What is wrong with an input, field by field, without ever repeating a value. Beyond the first fifty nothing is told. */
export const fieldIssues = (schema: unknown, error: z.core.$ZodError): FieldIssue[] => {
  const shown: FieldIssue[] = [];
  for (const issue of error.issues) {
    if (shown.length >= mostIssues) break;
    shown.push(...readIssue(schema, issue, []));
  }
  return shown.slice(0, mostIssues);
};

/**
 * The fields that are there and hold undefined, where a schema takes a value or no field: a value of the caller's got lost
 * on its way, and doing without it would do more than was asked.
 */
export const lostFields = (
  schema: unknown,
  value: unknown,
  path: readonly PropertyKey[] = [],
): FieldIssue[] => {
  if (mayBeAbsent(schema)) return lostFields(schema.unwrap(), value, path);
  if (typeof value !== 'object' || value === null) return [];
  if (schema instanceof z.ZodUnion) {
    return (
      schema.options.map((option) => lostFields(option, value, path)).find(({ length }) => length > 0) ?? []
    );
  }
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((item, index) => lostFields(schema.element, item, [...path, index]));
  const isRecord = schema instanceof z.ZodRecord;
  if (!isRecord && !(schema instanceof z.ZodObject)) return [];
  const fields = isRecord ? {} : fieldsOf(schema.shape);
  return Object.entries(value).flatMap(([name, given]: [string, unknown]) => {
    const field = isRecord ? schema.valueType : Object.hasOwn(fields, name) ? fields[name] : undefined;
    const isLost = given === undefined && (isRecord || field instanceof z.ZodExactOptional);
    return isLost
      ? [{ path: showPath([...path, name]), message: 'is undefined: leave it out, or give a value' }]
      : lostFields(field, given, [...path, name]);
  });
};

/** Issues as one line of text. */
export const describeIssues = (issues: readonly FieldIssue[]): string =>
  issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
