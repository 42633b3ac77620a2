import * as z from 'zod';
import { attemptMilliseconds, milliseconds } from '../models/milliseconds.js';
import { isIdempotencyKey } from '../transport/idempotency.js';

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

/** What `order-${id}` becomes where there is no id. */
const missingValue = /(?:^|[^A-Za-z0-9])(?:undefined|null|NaN)(?:$|[^A-Za-z0-9])/;

/** What a write takes besides. */
export const writeOptionsSchema = callOptionsSchema.extend({
  idempotencyKey: z
    .string()
    .refine(isIdempotencyKey, 'must be 1 to 90 visible ASCII characters without spaces')
    .refine(
      (key) => !missingValue.test(key),
      'holds undefined, null or NaN: a value was missing when the key was made',
    )
    // A key that got lost protects from nothing: a fresh one in its place would charge again at every repeat.
    .exactOptional(),
});

/** The names of all options, to tell who passes one among the params. */
export const optionNames: ReadonlySet<string> = new Set([
  ...Object.keys(writeOptionsSchema.shape),
  ...Object.keys(readOptionsSchema.shape),
]);
