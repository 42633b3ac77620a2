import * as z from 'zod';
import { stampMetadata } from '../../models/attachments.js';
import type { FieldIssue } from '../../models/error-details.js';
import {
  captureParamsSchema,
  createParamsSchema,
  currencyParamSchema,
  listParamsSchema,
  refundParamsSchema,
  searchParamsSchema,
  verify3DSParamsSchema,
  type CreateParams,
} from '../../models/params.js';
import type { Call, WireRequest } from '../../provider.js';
import { captureMetadataKey } from './charge.js';
import { isPinCurrency, minimumAmounts, pinCurrencies } from './currency.js';
import { defaultsOf } from './settings.js';
import { sourceFields, sourceIssues } from './source.js';

/** 3-D Secure hosted by Pin; it also needs `returnUrl`. */
const hostedThreeDS = z.strictObject({
  /** Lets cards that are not enrolled through without 3-D Secure: nobody but the merchant is liable then. */
  fallbackOk: z.boolean(),
});

/** The result of 3-D Secure done elsewhere, handed through. */
const externalThreeDS = z.strictObject({
  version: z.string().min(1),
  eci: z.string().min(1),
  cavv: z.string().min(1),
  transactionId: z.string().min(1),
});

const createOptionsSchema = z.strictObject({
  threeDSecure: z.union([hostedThreeDS, externalThreeDS]).exactOptional(),
  /** Withheld from the merchant's entitlement. */
  platformAdjustment: z
    .strictObject({ amount: z.int().min(0), currency: currencyParamSchema })
    .exactOptional(),
});

/** `providerOptions` of `create`. */
export type PinCreateOptions = z.infer<typeof createOptionsSchema>;

const noOptions = z.strictObject({}).optional();

export const createParams = createParamsSchema.extend({ providerOptions: createOptionsSchema.optional() });
export const listParams = listParamsSchema.extend({ providerOptions: noOptions });
export const searchParams = searchParamsSchema.extend({ providerOptions: noOptions });
export const captureParams = captureParamsSchema.extend({ providerOptions: noOptions });
export const refundParams = refundParamsSchema.extend({ providerOptions: noOptions });
/** One-time passwords are not among what Pin knows. */
export const verify3DSParams = verify3DSParamsSchema
  .omit({ otp: true })
  .extend({ providerOptions: noOptions });

const optionsOf = (params: CreateParams): PinCreateOptions =>
  createOptionsSchema.parse(params.providerOptions ?? {});

const threeDSFields = (params: CreateParams): Readonly<Record<string, unknown>> | undefined => {
  const asked = optionsOf(params).threeDSecure;
  if (asked !== undefined && 'cavv' in asked) {
    const { version, eci, cavv, transactionId } = asked;
    return { version, eci, cavv, transaction_id: transactionId };
  }
  return params.returnUrl === undefined
    ? undefined
    : { enabled: true, callback_url: params.returnUrl, fallback_ok: asked?.fallbackOk };
};

/** Whether this create asks Pin to run 3-D Secure. */
export const asksThreeDS = (params: CreateParams): boolean => {
  const fields = threeDSFields(params);
  return fields !== undefined && 'callback_url' in fields;
};

const metadataFields = (params: CreateParams, key: string | null): Record<string, string> => {
  const isMarked = params.capture === false && asksThreeDS(params);
  return stampMetadata({ ...params.metadata, ...(isMarked ? { [captureMetadataKey]: 'manual' } : {}) }, key);
};

/** `POST /charges` (https://pinpayments.com/developers/api-reference/charges). */
export const createRequest = (params: CreateParams, call: Call): WireRequest => {
  const defaults = defaultsOf(call);
  return {
    method: 'POST',
    route: '/1/charges',
    json: {
      email: params.email ?? defaults.email,
      description: params.description ?? defaults.description,
      amount: params.amount,
      ip_address: params.ip ?? defaults.ip,
      currency: params.currency,
      capture: params.capture ?? true,
      reference: params.statementDescriptor,
      metadata: metadataFields(params, call.idempotencyKey),
      three_d_secure: threeDSFields(params),
      platform_adjustment: optionsOf(params).platformAdjustment,
      ...sourceFields(params),
    },
  };
};

const longestMetadata = 25;
const longestMetadataKey = 50;
const longestMetadataValue = 500;

const metadataIssues = (params: CreateParams, key: string | null): FieldIssue[] => {
  const issues: FieldIssue[] = [];
  const own = params.metadata ?? {};
  if (Object.hasOwn(own, captureMetadataKey)) {
    issues.push({ path: `metadata.${captureMetadataKey}`, message: 'is reserved for this library' });
  }
  const count = Object.keys(metadataFields(params, key)).length;
  if (count > longestMetadata) {
    const reserved = count - Object.keys(own).length;
    issues.push({
      path: 'metadata',
      message: `must have at most ${longestMetadata - reserved} entries: ${longestMetadata} are kept, and ${reserved === 1 ? '1 holds the idempotency key' : `${reserved} hold what this library adds`}`,
    });
  }
  for (const [name, value] of Object.entries(own)) {
    if (name.length > longestMetadataKey) {
      issues.push({
        path: 'metadata',
        message: `must have names of at most ${longestMetadataKey} characters`,
      });
    }
    if (value.length > longestMetadataValue) {
      issues.push({
        path: name.length > longestMetadataKey ? 'metadata' : `metadata.${name}`,
        message: `must have at most ${longestMetadataValue} characters`,
      });
    }
  }
  return issues;
};

const required = ['email', 'description', 'ip'] as const;

/** What Pin would refuse, or do otherwise than asked. */
export const createIssues = (params: CreateParams, call: Call): FieldIssue[] => {
  const issues: FieldIssue[] = [];
  const defaults = defaultsOf(call);
  for (const field of required) {
    if (params[field] === undefined && defaults[field] === undefined) {
      issues.push({ path: field, message: 'is required: give it here or in the setting `defaults`' });
    }
  }
  if (!isPinCurrency(params.currency)) {
    issues.push({
      path: 'currency',
      message: `must be one of ${pinCurrencies.join(', ')}`,
    });
  } else if (params.amount < (minimumAmounts[params.currency] ?? 0)) {
    issues.push({
      path: 'amount',
      message: `must be at least ${minimumAmounts[params.currency] ?? 0}, the minimum of Pin`,
    });
  }
  if (params.expiresAt !== undefined) {
    issues.push({
      path: 'expiresAt',
      message: 'cannot be chosen: Pin releases an authorization after 7 days',
    });
  }
  const asked = optionsOf(params).threeDSecure;
  if (asked !== undefined && 'fallbackOk' in asked && params.returnUrl === undefined) {
    issues.push({
      path: 'returnUrl',
      message: 'is required with threeDSecure.fallbackOk: the payer comes back there',
    });
  }
  return [...issues, ...sourceIssues(params), ...metadataIssues(params, call.idempotencyKey)];
};
