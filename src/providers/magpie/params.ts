import * as z from 'zod';
import { paging } from '../../adapter/paging.js';
import type { Issues } from '../../adapter/rows.js';
import type { FieldIssue } from '../../models/error-details.js';
import { issueMessage } from '../../models/issue-message.js';
import type { CreateParams, Verify3DSParams } from '../../models/params.js';
import { isConfirmationId, pageWire, safeText, safeTextRule } from './wire.js';

/** 1 to 255 characters. */
export const descriptionSchema = z.string().min(1).max(255);

/** 3 to 15 characters: the provider's pages say 15, 22 and 100, and only 15 is safe at all of them. */
export const statementDescriptorSchema = z
  .string()
  .min(3, 'must have 3 to 15 characters')
  .max(15, 'must have 3 to 15 characters')
  .regex(safeText, safeTextRule);

/** Parameters that only this provider has. */
export const createOptionsSchema = z.strictObject({
  /** The security code of a saved card. */
  cvc: z
    .string()
    .regex(/^\d{3,4}$/, 'must be 3 or 4 digits')
    .optional(),
  /** False skips 3-D Secure; it has no effect on saved cards. Default true. */
  requireAuth: z.boolean().optional(),
});

/** `providerOptions` of create. */
export type MagpieCreateOptions = z.input<typeof createOptionsSchema>;

/** What is wrong with the token of a source. */
export const tokenIssues = ({ token }: { readonly token: string }): Issues =>
  token.startsWith('src_') && token.length <= 255 && safeText.test(token)
    ? []
    : [{ path: 'source', message: 'must be the token of a source (src_…)' }];

const textIssues = (path: string, value: string | undefined, schema: z.ZodType): readonly FieldIssue[] =>
  value === undefined
    ? []
    : (schema.safeParse(value).error?.issues ?? []).map((issue) => ({ path, message: issueMessage(issue) }));

/** Texts that the provider would refuse. */
export const createIssues = ({ description, statementDescriptor, returnUrl }: CreateParams): Issues => [
  ...textIssues('description', description, descriptionSchema),
  ...textIssues('statementDescriptor', statementDescriptor, statementDescriptorSchema),
  (returnUrl?.length ?? 0) > 2083
    ? { path: 'returnUrl', message: 'must have at most 2083 characters' }
    : null,
];

/** A one-time password that the provider would refuse. */
export const otpIssues = ({ otp }: Verify3DSParams): Issues => [
  otp !== undefined && !isConfirmationId(otp.confirmationId)
    ? { path: 'otp.confirmationId', message: `must have 5 to 255 characters, and ${safeTextRule}` }
    : null,
  (otp?.code.length ?? 0) > 10 ? { path: 'otp.code', message: 'must have at most 10 characters' } : null,
];

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
 * Pages go on after a charge: the cursor is its id, and `next` names it. A `next` that cannot be read is more, but not where.
 * There is no page size.
 */
export const pages = paging(pageWire, {
  cutsHere: true,
  isCursor: (cursor) => chargeId.test(cursor),
  query: (cursor) => ({ start_after: cursor ?? undefined }),
  end: ({ next }) => {
    if (next === undefined || next === null || next === '') return { next: null, hasMore: false };
    return { next: typeof next === 'string' ? startAfterOf(next) : null, hasMore: true };
  },
});
