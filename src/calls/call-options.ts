import * as z from 'zod';
import { attemptMilliseconds, milliseconds } from '../models/milliseconds.js';
import { wrongKey } from './wrong-key.js';

/** What every call takes beside its params. */
export const callOptionsSchema = z.strictObject({
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal').optional(),
  timeoutMs: attemptMilliseconds.optional(),
  deadlineMs: milliseconds.optional(),
  maxRetries: z.int().min(0).max(20).optional(),
  headers: z
    .record(z.string(), z.string().regex(/^[\x20-\x7e]{1,1000}$/, 'must be visible ASCII'))
    // Undefined is no answer to whose account is meant.
    .exactOptional(),
});

/** What a read of charges takes besides. */
export const readOptionsSchema = callOptionsSchema.extend({
  include: z
    .array(z.enum(['fee']))
    .max(10)
    .exactOptional(),
});

/** What a write takes besides. */
export const writeOptionsSchema = callOptionsSchema.extend({
  idempotencyKey: z
    .string()
    .refine((key) => wrongKey(key) === null, {
      error: ({ input }) => (typeof input === 'string' ? wrongKey(input) : null) ?? 'must be text',
    })
    // A key that got lost protects from nothing: a fresh one in its place would charge again at every repeat.
    .exactOptional(),
});

/** The names of all options, to tell who passes one among the params. */
export const optionNames: ReadonlySet<string> = new Set([
  ...Object.keys(writeOptionsSchema.shape),
  ...Object.keys(readOptionsSchema.shape),
]);
