import * as z from 'zod';
import { stampMetadata, stampMetadataKey } from '../../models/attachments.js';
import type { FieldIssue } from '../../models/error-details.js';
import {
  captureParamsSchema,
  createParamsSchema,
  listParamsSchema,
  momentToMilliseconds,
  refundParamsSchema,
  searchParamsSchema,
  updateParamsSchema,
  type CreateParams,
  type ListParams,
  type RefundParams,
  type UpdateParams,
} from '../../models/params.js';
import { sourceObject } from '../../models/payment-source.js';
import type { Call, WireRequest } from '../../provider.js';
import {
  createOptions,
  createOptionsSchema,
  listOptions,
  listOptionsSchema,
  refundOptions,
  refundOptionsSchema,
  type JustifiRefundOptions,
} from './options.js';
import { cardHolder, paymentMethodBody } from './payment-method.js';
import { wireReasons } from './refund.js';

/** Every currency of JustiFi; a sub account has one of them. Both count in cents, so amounts go out as they come in. */
export const currencies = ['USD', 'CAD'] as const;
const smallestAmount = 51;
const largestAmount = 99_999_999;

const noOptions = z.strictObject({}).optional();

export const createSchema = createParamsSchema.extend({ providerOptions: createOptionsSchema.optional() });
export const updateSchema = updateParamsSchema.extend({ providerOptions: noOptions });
export const listSchema = listParamsSchema.extend({ providerOptions: listOptionsSchema.optional() });
// A search reads the list, so it takes the list's filters.
export const searchSchema = searchParamsSchema.extend({ providerOptions: listOptionsSchema.optional() });
export const captureSchema = captureParamsSchema.extend({ providerOptions: noOptions });
export const refundSchema = refundParamsSchema.extend({ providerOptions: refundOptionsSchema.optional() });

const issue = (path: string, message: string): FieldIssue => ({ path, message });
type Issues = readonly (FieldIssue | false | undefined)[];
const found = (issues: Issues): readonly FieldIssue[] =>
  issues.filter((each) => each !== false && each !== undefined);

const doubledType = (fees: JustifiRefundOptions['fees']): boolean =>
  fees !== undefined && new Set(fees.map(({ type }) => type)).size < fees.length;

const sourceIssues = (params: CreateParams): Issues => {
  if (params.source === undefined) return [issue('source', 'is required')];
  const source = sourceObject(params.source);
  switch (source.type) {
    case 'token':
      return [];
    case 'card': {
      const { name, address } = cardHolder(params, source);
      return [
        name === undefined && issue('source.holderName', 'is required with a raw card'),
        address?.postalCode === undefined &&
          issue('source.address.postalCode', 'is required with a raw card'),
        createOptions(params).expedited === true &&
          issue('providerOptions.expedited', 'is for bank accounts only'),
      ];
    }
    case 'bank_account':
      return [
        params.currency !== 'USD' && issue('currency', 'must be USD for a bank account'),
        params.capture === false && issue('capture', 'a bank account cannot be authorized only'),
      ];
    case 'customer':
    case 'redirect':
      return [issue('source.type', 'must be one of token, card, bank_account')];
  }
};

/** What describes a payment method that is made here has no place beside a token, which stands for one that exists. */
const methodIssues = (params: CreateParams): Issues => {
  const { paymentMethodMetadata, bankName } = createOptions(params);
  const type = params.source === undefined ? undefined : sourceObject(params.source).type;
  return [
    paymentMethodMetadata !== undefined &&
      type === 'token' &&
      issue('providerOptions.paymentMethodMetadata', 'is for raw cards and bank accounts only'),
    bankName !== undefined &&
      type !== 'bank_account' &&
      issue('providerOptions.bankName', 'is for bank accounts only'),
  ];
};

const feeIssues = (params: CreateParams): Issues => {
  const { applicationFeeAmount, fees } = createOptions(params);
  const sum = (fees ?? []).reduce((total, { amount }) => total + amount, 0);
  return [
    applicationFeeAmount !== undefined &&
      fees !== undefined &&
      issue('providerOptions.fees', 'excludes applicationFeeAmount'),
    params.currency === 'CAD' &&
      applicationFeeAmount !== undefined &&
      issue('providerOptions.applicationFeeAmount', 'does not exist in CAD'),
    params.currency === 'CAD' && fees !== undefined && issue('providerOptions.fees', 'do not exist in CAD'),
    doubledType(fees) && issue('providerOptions.fees', 'must have at most one fee a type'),
    sum > params.amount && issue('providerOptions.fees', 'must not exceed the amount'),
  ];
};

/** The limits of JustiFi that a create would run into. */
export const checkCreate = ({ params }: { readonly params: CreateParams }, call: Pick<Call, 'livemode'>) => {
  const isKnownCurrency = (currencies as readonly string[]).includes(params.currency);
  const { testScenario } = createOptions(params);
  return found([
    !isKnownCurrency && issue('currency', `must be one of ${currencies.join(', ')}`),
    (params.amount < smallestAmount || params.amount > largestAmount) &&
      issue('amount', `must be from ${String(smallestAmount)} to ${String(largestAmount)}`),
    ...sourceIssues(params),
    ...methodIssues(params),
    params.customer !== undefined && issue('customer', 'cannot be charged here: pass a payment method token'),
    params.expiresAt !== undefined && issue('expiresAt', 'cannot be chosen: JustiFi sets it'),
    params.statementDescriptor !== undefined &&
      !/^[A-Za-z0-9_-]{5,22}$/.test(params.statementDescriptor) &&
      issue('statementDescriptor', 'must be 5 to 22 letters, digits, hyphens and underscores'),
    ...feeIssues(params),
    testScenario !== undefined &&
      call.livemode === true &&
      issue('providerOptions.testScenario', 'works with test keys only'),
    testScenario !== undefined &&
      params.metadata?.payment_test !== undefined &&
      issue('metadata.payment_test', 'is what testScenario sets'),
  ]);
};

export const createRequest = (params: CreateParams, idempotencyKey: string | null): WireRequest => {
  const { applicationFeeAmount, fees, expedited, testScenario } = createOptions(params);
  return {
    method: 'POST',
    route: '/v1/payments',
    json: {
      amount: params.amount,
      currency: params.currency.toLowerCase(),
      capture_strategy: params.capture === false ? 'manual' : 'automatic',
      payment_method: paymentMethodBody(params),
      email: params.email,
      description: params.description,
      statement_descriptor: params.statementDescriptor,
      application_fee_amount: applicationFeeAmount,
      fees,
      expedited,
      metadata: {
        ...(testScenario === undefined ? {} : { payment_test: { scenario: testScenario } }),
        ...stampMetadata(params.metadata, idempotencyKey),
      },
    },
  };
};

/** What an update may change. A field that JustiFi cannot change is refused, never dropped: the answer would look like success. */
export const checkUpdate = ({ params }: { readonly params: UpdateParams }): readonly FieldIssue[] => {
  const fixed = (['email', 'customer', 'shipping'] as const).filter((field) => params[field] !== undefined);
  const isEmpty = params.description === undefined && params.metadata === undefined;
  return found([
    ...fixed.map((field) => issue(field, 'cannot be changed at JustiFi: only description and metadata can')),
    isEmpty && fixed.length === 0 && issue('', 'must change description or metadata'),
  ]);
};

/**
 * The whole map that replaces the old one: JustiFi does not merge. It starts from the untouched wire, so that nested
 * values and our stamp survive; null removes a key.
 */
export const mergeMetadata = (
  current: Readonly<Record<string, unknown>> | null | undefined,
  changes: Readonly<Record<string, string | null>>,
): Record<string, unknown> => {
  const merged = new Map<string, unknown>(Object.entries(current ?? {}));
  for (const [key, value] of Object.entries(changes)) {
    if (key === stampMetadataKey) continue;
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
};

/** Whether the bounds are inclusive is not documented: one second more is asked for, and the answer is filtered exactly. */
const slackMs = 1000;
const bound = (milliseconds: number): string => new Date(milliseconds).toISOString();

export const listRequest = (params: ListParams, cursor: string | null): WireRequest => {
  const { paymentStatus, paymentMethodId, voidId } = listOptions(params);
  const { createdAfter, createdBefore } = params;
  return {
    method: 'GET',
    route: '/v1/payments',
    query: {
      limit: params.limit,
      after_cursor: cursor ?? undefined,
      created_after: createdAfter && bound(momentToMilliseconds(createdAfter) - slackMs),
      created_before: createdBefore && bound(momentToMilliseconds(createdBefore) + slackMs),
      payment_status: paymentStatus,
      payment_method_id: paymentMethodId,
      void_id: voidId,
    },
  };
};

/** Whether a moment lies in the asked window: from `createdAfter`, up to but not at `createdBefore`. Unknown moments stay. */
export const inWindow = (
  createdAt: string | null,
  { createdAfter, createdBefore }: Pick<ListParams, 'createdAfter' | 'createdBefore'>,
): boolean => {
  if (createdAt === null) return true;
  const at = Date.parse(createdAt);
  return (
    (createdAfter === undefined || at >= momentToMilliseconds(createdAfter)) &&
    (createdBefore === undefined || at < momentToMilliseconds(createdBefore))
  );
};

export const checkRefund = ({ params }: { readonly params: RefundParams }): readonly FieldIssue[] =>
  found([
    doubledType(refundOptions(params).fees) &&
      issue('providerOptions.fees', 'must have at most one fee a type'),
  ]);

/** The amount is always sent: what JustiFi refunds without one is not documented. */
export const refundRequest = (
  id: string,
  params: RefundParams,
  amount: number,
  idempotencyKey: string | null,
): WireRequest => {
  const { description, fees } = refundOptions(params);
  return {
    method: 'POST',
    route: '/v1/payments/{id}/refunds',
    ids: { id },
    json: {
      amount,
      reason: params.reason && wireReasons[params.reason],
      description,
      fees,
      metadata: stampMetadata(params.metadata, idempotencyKey),
    },
  };
};
