import { InvalidResponseError } from '../../errors.js';

/** Stands in for the host: `next` is a relative path, and whatever host it names is never asked. */
const anyOrigin = 'https://cursor.invalid';

const chargeId = /^ch_[\w-]+$/;

const startAfterOf = (next: string): string | null => {
  if (chargeId.test(next)) return next;
  if (!URL.canParse(next, anyOrigin)) return null;
  const cursor = new URL(next, anyOrigin).searchParams.get('start_after');
  return cursor === null || cursor === '' ? null : cursor;
};

/**
 * The cursor of the next page, read from `next`; null on the last page. A `next` that cannot be read is refused instead of
 * taken for the end: a look-up would conclude from half a list that a charge does not exist.
 */
export const nextCursorOf = (next: unknown): string | null => {
  if (next === undefined || next === null || next === '') return null;
  const cursor = typeof next === 'string' ? startAfterOf(next) : null;
  if (cursor !== null) return cursor;
  throw new InvalidResponseError({
    message: 'the list goes on, but its next page cannot be read from the answer',
    outcome: 'not_sent',
    provider: 'magpie',
    operation: 'list',
  });
};
