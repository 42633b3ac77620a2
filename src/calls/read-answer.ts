import type * as z from 'zod';
import { fits, type Issue } from '../models/accepts.js';
import { copyOfJson } from '../models/copy-of-json.js';
import { showPath } from '../models/validation.js';
import type { DriftKind, PageItems, WireAnswer } from '../provider.js';
import { invalidResponse } from './failures.js';
import type { CallContext } from './start-call.js';
import { memberOf, isObject } from '../models/objects.js';

/** Rounds of repair: each may lay bare further leaves behind the one that it nulled. */
const maxRounds = 4;
/** As many wrong fields of one answer or item as an error or its drift events name. */
export const mostFields = 5;

const nullAt = (root: unknown, path: readonly PropertyKey[]): boolean => {
  let parent: unknown = root;
  for (const step of path.slice(0, -1)) {
    if (!isObject(parent)) return false;
    parent = memberOf(parent, step);
  }
  const last = path.at(-1);
  if (last === undefined || !isObject(parent)) return false;
  const told = memberOf(parent, last);
  if (told === null || told === undefined) return false;
  return Reflect.set(parent, last, null);
};

const pathText = (path: readonly PropertyKey[]): string =>
  showPath(path.map((step) => (typeof step === 'number' ? '#' : step)));

const isMissing = (root: unknown, path: readonly PropertyKey[]): boolean => {
  let value: unknown = root;
  for (const step of path) {
    if (!isObject(value)) return false;
    value = memberOf(value, step);
  }
  return value === undefined;
};

/** The id of the resource in a body that cannot be read, so that a charge that happened is not lost. */
const idIn = (body: unknown): string | null => {
  // An envelope's own id is not the resource's.
  const candidates = [
    memberOf(memberOf(body, 'data'), 'id'),
    memberOf(memberOf(body, 'response'), 'token'),
    memberOf(body, 'id'),
    memberOf(body, 'token'),
  ];
  return candidates.find((id): id is string => typeof id === 'string' && id.length <= 255) ?? null;
};

type Checked<Wire> =
  | { readonly isReadable: true; readonly value: Wire; readonly nulled: readonly string[] }
  | { readonly isReadable: false; readonly fields: readonly string[]; readonly reasons: readonly string[] };

/** The untouched value where it fits; else a copy in which what only informs is null; else the fields that are wrong. */
const check = <Wire>(schema: z.ZodType<Wire>, value: unknown): Checked<Wire> => {
  let found: readonly Issue[] = [];
  const isReadable = (given: unknown): given is Wire =>
    fits(schema, given, (issues) => {
      found = issues;
    });
  if (isReadable(value)) return { isReadable: true, value, nulled: [] };
  const repaired = copyOfJson(value);
  const nulled: string[] = [];
  for (let round = 0; round < maxRounds; round += 1) {
    let changed = false;
    for (const { path } of found) {
      if (nullAt(repaired, path)) {
        changed = true;
        nulled.push(pathText(path));
      }
    }
    if (!changed) break;
    if (isReadable(repaired)) return { isReadable: true, value: repaired, nulled };
  }
  const issues = found.filter(({ path }) => path.length > 0);
  const fields = issues.map(({ path }) => pathText(path));
  const reasons = issues.map(({ path }) => `${pathText(path)}${isMissing(value, path) ? ' is missing' : ''}`);
  return {
    isReadable: false,
    fields: [...new Set(fields)].slice(0, mostFields),
    reasons: [...new Set(reasons)].slice(0, mostFields),
  };
};

/**
 * Checks a 2xx body. The schema is a check only: the untouched body is what comes back. A wrong value where the schema
 * accepts null is nulled in a copy and reported as drift; where it does not, the answer is refused.
 */
export const readAnswer = <Wire>(
  run: CallContext,
  schema: z.ZodType<Wire>,
  answer: WireAnswer,
  drift: (path: string, kind: DriftKind) => void,
): Wire => {
  const checked = check(schema, answer.body);
  if (!checked.isReadable) {
    throw invalidResponse(
      run,
      checked.fields.length === 0
        ? 'the answer is not what it should be'
        : `the answer cannot be read: ${checked.reasons.join(', ')}`,
      { statusCode: answer.status, requestId: answer.requestId, chargeId: idIn(answer.body) },
    );
  }
  for (const path of checked.nulled) drift(path, 'wrong_type');
  return checked.value;
};

/** Items that do not fit the schema of their page, with the fields that are wrong. */
const misfits = new WeakMap<object, readonly string[]>();

/** The wrong fields of an item of a page; null for an item that fits. What is no object fits nowhere. */
export const wrongFieldsOf = (item: unknown): readonly string[] | null =>
  typeof item === 'object' && item !== null ? (misfits.get(item) ?? null) : [];

/**
 * Checks a page. Where it is not right as a whole, what is around the items is checked without them, and then each of them for
 * itself: one that does not fit stays in its place as it came, marked, and says nothing against the others.
 */
export const readPageAnswer = <Wire>(
  run: CallContext,
  schema: z.ZodType<Wire>,
  items: PageItems,
  answer: WireAnswer,
  drift: (path: string, kind: DriftKind) => void,
): Wire => {
  if (fits(schema, answer.body)) return answer.body;
  const listed = memberOf(answer.body, items.in);
  if (!isObject(answer.body) || !Array.isArray(listed)) return readAnswer(run, schema, answer, drift);
  const around = { ...answer.body, [items.in]: [] };
  const envelope = readAnswer(run, schema, { ...answer, body: around }, drift);
  const read = listed.map((item: unknown) => {
    const checked = check(items.schema, item);
    if (checked.isReadable) {
      for (const path of checked.nulled) drift(`${items.in}.#.${path}`, 'wrong_type');
      return checked.value;
    }
    if (typeof item === 'object' && item !== null) misfits.set(item, checked.fields);
    return item;
  });
  return { ...envelope, [items.in]: read };
};
