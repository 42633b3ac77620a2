import * as z from 'zod';
import { stampMetadata } from '../../models/attachments.js';
import type { FieldIssue } from '../../models/error-details.js';
import { issueMessage } from '../../models/issue-message.js';
import * as models from '../../models/params.js';
import type { CreateParams, ListParams, RefundParams, Verify3DSParams } from '../../models/params.js';
import { sourceObject, type PaymentSource } from '../../models/payment-source.js';
import type { WireRequest } from '../../provider.js';
import { captureStamp } from './charge.js';
import { isConfirmationId, safeText, safeTextRule } from './safe-text.js';

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

/** No parameters beyond the common ones. */
const noOptions = z.strictObject({}).optional();

/** The params of each operation, with this provider's own in `providerOptions`. */
export const createParamsSchema = models.createParamsSchema.extend({
  providerOptions: createOptionsSchema.optional(),
});
export const listParamsSchema = models.listParamsSchema.extend({ providerOptions: noOptions });
export const searchParamsSchema = models.searchParamsSchema.extend({ providerOptions: noOptions });
export const captureParamsSchema = models.captureParamsSchema.extend({ providerOptions: noOptions });
export const refundParamsSchema = models.refundParamsSchema.extend({ providerOptions: noOptions });
export const verify3DSParamsSchema = models.verify3DSParamsSchema.extend({ providerOptions: noOptions });

/** Texts that create takes where its params have none. */
export interface CreateDefaults {
  readonly description?: string | undefined;
  readonly statementDescriptor?: string | undefined;
}

/** The only currency whose minor units the provider states. */
const currency = 'PHP';

const messagesOf = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value).error?.issues.map(issueMessage) ?? [];

const checkSource = (source: PaymentSource | undefined): FieldIssue[] => {
  if (source === undefined)
    return [{ path: 'source', message: 'is required: the token of a source (src_…)' }];
  const given = sourceObject(source);
  if (given.type !== 'token') {
    return [{ path: 'source.type', message: 'must be token: sources (src_…) are made in the browser' }];
  }
  const isSource = given.token.startsWith('src_') && given.token.length <= 255 && safeText.test(given.token);
  return isSource ? [] : [{ path: 'source', message: 'must be the token of a source (src_…)' }];
};

/** A text that the provider requires: from the params, else from the settings. */
const checkRequired = (path: string, value: string | undefined, schema: z.ZodType): FieldIssue[] =>
  value === undefined
    ? [{ path, message: 'is required: give it here or in the setting `defaults`' }]
    : messagesOf(schema, value).map((message) => ({ path, message }));

const refuse = (path: string, isGiven: boolean, message: string): FieldIssue[] =>
  isGiven ? [{ path, message }] : [];

/** What a create has wrong for this provider. */
export const checkCreate = (params: CreateParams, defaults: CreateDefaults): readonly FieldIssue[] => [
  ...refuse('currency', params.currency !== currency, `must be ${currency}`),
  ...checkSource(params.source),
  ...checkRequired('description', params.description ?? defaults.description, descriptionSchema),
  ...checkRequired(
    'statementDescriptor',
    params.statementDescriptor ?? defaults.statementDescriptor,
    statementDescriptorSchema,
  ),
  ...refuse(
    'customer',
    params.customer !== undefined,
    'cannot be charged: pass a saved source of the customer',
  ),
  ...refuse('expiresAt', params.expiresAt !== undefined, 'cannot be chosen: the provider sets it'),
  ...refuse('returnUrl', (params.returnUrl?.length ?? 0) > 2083, 'must have at most 2083 characters'),
  ...refuse(
    `metadata.${captureStamp.key}`,
    Object.hasOwn(params.metadata ?? {}, captureStamp.key),
    'is reserved',
  ),
];

/** The charge to make. What the provider requires was checked before. */
export const createRequest = (
  params: CreateParams,
  defaults: CreateDefaults,
  idempotencyKey: string | null,
): WireRequest => {
  const options = createOptionsSchema.parse(params.providerOptions ?? {});
  const capture = params.capture ?? true;
  const metadata = capture
    ? params.metadata
    : { ...params.metadata, [captureStamp.key]: captureStamp.manual };
  const source = params.source === undefined ? undefined : sourceObject(params.source);
  return {
    method: 'POST',
    route: '/v2/charges/',
    json: {
      amount: params.amount,
      currency: params.currency,
      source: source?.type === 'token' ? source.token : undefined,
      description: params.description ?? defaults.description,
      statement_descriptor: params.statementDescriptor ?? defaults.statementDescriptor,
      capture,
      cvc: options.cvc,
      require_auth: options.requireAuth,
      redirect_url: params.returnUrl,
      metadata: stampMetadata(metadata, idempotencyKey),
    },
  };
};

/** Reading one charge, alone or before a write. */
export const retrieveRequest = (id: string): WireRequest => ({
  method: 'GET',
  route: '/v2/charges/{id}',
  ids: { id },
});

/** One page. There is no page size and no filter to send. */
export const listRequest = (cursor: string | null): WireRequest => ({
  method: 'GET',
  route: '/v2/charges/',
  query: { start_after: cursor ?? undefined },
});

/** A filter that no charge could pass. */
export const checkList = ({ customer }: ListParams): readonly FieldIssue[] =>
  refuse('customer', customer !== undefined, 'cannot be filtered by: charges of Magpie name no customer');

/** The amount always goes out: the provider requires it. */
export const captureRequest = (id: string, amount: number): WireRequest => ({
  method: 'POST',
  route: '/v2/charges/{id}/capture',
  ids: { id },
  json: { amount },
});

/** Without a body. */
export const voidRequest = (id: string): WireRequest => ({
  method: 'POST',
  route: '/v2/charges/{id}/void',
  ids: { id },
});

/** Refunds carry nothing of the caller's, so what the caller wants to find again is refused. */
export const checkRefund = (params: RefundParams): readonly FieldIssue[] =>
  refuse('metadata', params.metadata !== undefined, 'cannot be kept: refunds of Magpie have no metadata');

/** Everything where `amount` is null; the body stays an object then, because the provider requires one. */
export const refundRequest = (
  id: string,
  amount: number | null,
  reason: RefundParams['reason'],
): WireRequest => ({
  method: 'POST',
  route: '/v2/charges/{id}/refund',
  ids: { id },
  json: { amount: amount ?? undefined, reason },
});

/** What a verification has wrong for this provider. */
export const checkVerification = ({
  chargeId,
  sessionToken,
  otp,
}: Verify3DSParams): readonly FieldIssue[] => [
  ...refuse('chargeId', chargeId === undefined, 'is required'),
  ...refuse(
    'sessionToken',
    sessionToken !== undefined,
    'does not exist at Magpie: the charge is read by chargeId',
  ),
  ...refuse(
    'otp.confirmationId',
    otp !== undefined && !isConfirmationId(otp.confirmationId),
    `must have 5 to 255 characters, and ${safeTextRule}`,
  ),
  ...refuse('otp.code', (otp?.code.length ?? 0) > 10, 'must have at most 10 characters'),
];

/** The one-time password that the payer typed. It finishes the payment. */
export const otpRequest = (id: string, otp: NonNullable<Verify3DSParams['otp']>): WireRequest => ({
  method: 'POST',
  route: '/v2/charges/{id}/verify',
  ids: { id },
  json: { confirmation_id: otp.confirmationId, otp: otp.code },
});
