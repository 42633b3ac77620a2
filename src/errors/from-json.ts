import * as z from 'zod';
import * as errors from '../errors.js';
import { chargeSchema, type Charge } from '../models/charge.js';
import { adviceSchema, declineCodeSchema } from '../models/decline.js';
import type { ErrorDetails, UnresolvedWrite } from '../models/error-details.js';
import { refundSchema, type Refund } from '../models/refund.js';

const chargeOfJSON: z.ZodType<Charge> = chargeSchema;
const refundOfJSON: z.ZodType<Refund> = refundSchema;
const text = z.string().nullable().catch(null);

const unresolvedSchema: z.ZodType<UnresolvedWrite> = z.object({
  scope: z.string(),
  operation: z.string(),
  target: z.string().nullable(),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  startedAt: z.number(),
  sentAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  fingerprint: z.string().nullable(),
  // Errors of earlier versions lack these.
  api: z.string().nullable().default(null),
  sendUntil: z.number().nullable().default(null),
  preparedAt: z.number().nullable().default(null),
  capturedBefore: z.number().nullable().default(null),
  clockOffsetMs: z.number().nullable().default(null),
  refundIdsBefore: z.array(z.string()).nullable(),
});

const errorSchema = z.object({
  name: z.string(),
  message: z.string().catch(''),
  code: z.string().catch('charges_error'),
  provider: text,
  operation: text,
  outcome: z.enum(['not_sent', 'rejected', 'unknown']),
  statusCode: z.number().nullable().catch(null),
  providerCode: text,
  requestId: text,
  idempotencyKey: text,
  isRetryable: z.boolean().catch(false),
  chargeId: text,
  unresolved: unresolvedSchema.nullable().catch(null),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).catch([]),
  declineCode: declineCodeSchema.nullable().catch(null),
  networkCode: text,
  advice: adviceSchema.nullable().catch(null),
  charge: chargeOfJSON.nullable().catch(null),
  refund: refundOfJSON.nullable().catch(null),
  retryAfterMs: z.number().nullable().catch(null),
  candidates: z.array(z.string()).catch([]),
});

const classes = new Map<string, new (details: ErrorDetails) => errors.ChargesError>(
  [
    errors.ConfigurationError,
    errors.UnsupportedOperationError,
    errors.InvalidRequestError,
    errors.AuthenticationError,
    errors.PermissionError,
    errors.NotFoundError,
    errors.CardError,
    errors.ConflictError,
    errors.IdempotencyConflictError,
    errors.OperationInProgressError,
    errors.RateLimitError,
    errors.ProviderError,
    errors.ConnectionError,
    errors.TimeoutError,
    errors.AbortError,
    errors.InvalidResponseError,
    errors.IntegrityError,
    errors.OutcomeUnknownError,
    errors.WebhookSignatureError,
  ].map((constructor) => [constructor.errorName, constructor]),
);

/** An error from its `toJSON()`: the same class, the same fields. Null for what is no such JSON. */
export const readErrorJSON = (json: unknown): errors.ChargesError | null => {
  const parsed = errorSchema.safeParse(json);
  if (!parsed.success) return null;
  const constructor = classes.get(parsed.data.name) ?? errors.ChargesError;
  return new constructor(parsed.data);
};

/** The same for a record of our own; what cannot be read any more is still an error. */
export const errorFromJSON = (json: unknown): errors.ChargesError =>
  readErrorJSON(json) ??
  new errors.ChargesError({
    message: 'the recorded error of this write cannot be read',
    outcome: 'rejected',
  });

/** An error as its own JSON says it, whichever copy of the package made it; null for what is none or cannot be read. */
export const readAnyError = (input: unknown): errors.ChargesError | null => {
  try {
    return readErrorJSON(input instanceof errors.ChargesError ? input.toJSON() : input);
  } catch {
    return null;
  }
};
