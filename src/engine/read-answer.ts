import type * as z from 'zod';
import { showPath } from '../models/validation.js';
import type { DriftKind, WireAnswer } from '../provider.js';
import { invalidResponse } from './failures.js';
import type { CallRun } from './start-call.js';

/** Rounds of repair: each may lay bare further leaves behind the one that it nulled. */
const maxRounds = 4;

const nullAt = (root: unknown, path: readonly PropertyKey[]): boolean => {
  let parent: unknown = root;
  for (const step of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null) return false;
    parent = (parent as Record<PropertyKey, unknown>)[step];
  }
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null) return false;
  const holder = parent as Record<PropertyKey, unknown>;
  if (holder[last] === null || holder[last] === undefined) return false;
  holder[last] = null;
  return true;
};

const pathText = (path: readonly PropertyKey[]): string =>
  showPath(path.map((step) => (typeof step === 'number' ? '#' : step)));

const isMissing = (root: unknown, path: readonly PropertyKey[]): boolean => {
  let value: unknown = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value === undefined;
};

/** The id of the resource in a body that cannot be read, so that a charge that happened is not lost. */
const idIn = (body: unknown): string | null => {
  const resource = body as {
    id?: unknown;
    token?: unknown;
    response?: { token?: unknown };
    data?: { id?: unknown };
  } | null;
  if (typeof body !== 'object' || resource === null) return null;
  // An envelope's own id is not the resource's.
  const candidates = [resource.data?.id, resource.response?.token, resource.id, resource.token];
  return candidates.find((id): id is string => typeof id === 'string' && id.length <= 255) ?? null;
};

/**
 * Checks a 2xx body. The schema is a check only: the untouched body is what comes back. A wrong value where the schema
 * accepts null is nulled in a copy and reported as drift; where it does not, the answer is refused.
 */
export const readAnswer = <Wire>(
  run: CallRun,
  schema: z.ZodType<Wire>,
  answer: WireAnswer,
  drift: (path: string, kind: DriftKind) => void,
): Wire => {
  let checked = schema.safeParse(answer.body);
  if (checked.success) return answer.body as Wire;
  const repaired = structuredClone(answer.body);
  const wrong: string[] = [];
  for (let round = 0; round < maxRounds && !checked.success; round += 1) {
    let changed = false;
    for (const { path } of checked.error.issues) {
      if (nullAt(repaired, path)) {
        changed = true;
        wrong.push(pathText(path));
      }
    }
    if (!changed) break;
    checked = schema.safeParse(repaired);
  }
  if (!checked.success) {
    const fields = checked.error.issues
      .filter(({ path }) => path.length > 0)
      .map(({ path }) => `${pathText(path)}${isMissing(answer.body, path) ? ' is missing' : ''}`);
    throw invalidResponse(
      run,
      fields.length === 0
        ? 'the answer is not what it should be'
        : `the answer cannot be read: ${[...new Set(fields)].slice(0, 5).join(', ')}`,
      { statusCode: answer.status, requestId: answer.requestId, chargeId: idIn(answer.body) },
    );
  }
  for (const path of wrong) drift(path, 'wrong_type');
  return repaired as Wire;
};
