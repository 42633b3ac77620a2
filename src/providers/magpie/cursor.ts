import type { FieldIssue } from '../../models/error-details.js';
import { foreignCursor } from '../../models/paging.js';

/** Stands in for the host: `next` is a relative path, and whatever host it names is never asked. */
const anyOrigin = 'https://cursor.invalid';

const chargeId = /^ch_[\w-]+$/;

const startAfterOf = (next: string): string | null => {
  if (chargeId.test(next)) return next;
  if (!URL.canParse(next, anyOrigin)) return null;
  const cursor = new URL(next, anyOrigin).searchParams.get('start_after');
  return cursor === null || cursor === '' ? null : cursor;
};

/** Where the list goes on, read from `next`. A `next` that cannot be read is more, but not where. */
export const endOf = (next: unknown): { readonly next: string | null; readonly hasMore: boolean } => {
  if (next === undefined || next === null || next === '') return { next: null, hasMore: false };
  return { next: typeof next === 'string' ? startAfterOf(next) : null, hasMore: true };
};

/** A cursor is the id of the last charge of a page. */
export const cursorIssues = (cursor: string | null): FieldIssue[] =>
  cursor === null || chargeId.test(cursor) ? [] : [{ path: 'cursor', message: foreignCursor }];
