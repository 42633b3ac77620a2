import * as z from 'zod';

/** A time that a timer can wait. */
export const milliseconds = z.int().min(1).max(2_147_483_647);

/** No provider answers within a few milliseconds: who asks for less means seconds. */
export const attemptMilliseconds = milliseconds.refine(
  (value) => value >= 10,
  'must be at least 10: times are in milliseconds, not in seconds',
);
