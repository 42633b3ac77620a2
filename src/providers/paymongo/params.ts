import * as z from 'zod';
import { wrongIf } from '../../adapter/fields.js';
import { paging } from '../../adapter/paging.js';
import type { Issues } from '../../adapter/rows.js';
import { lastIdOf } from '../../models/paging.js';
import type { CreateParams, RefundReason } from '../../models/params.js';
import { sourceObject } from '../../models/payment-source.js';

/** The kinds of payment methods that an intent may be paid with, by PayMongo's names. */
export const methodsSchema = z.array(z.string().min(1)).min(1);

/** Parameters of a create that only PayMongo has. */
export const createOptionsSchema = z.strictObject({
  /** What the intent may be paid with: `card`, `gcash`, `grab_pay`, `paymaya`, … Default: the setting of this name. */
  paymentMethodAllowed: methodsSchema.optional(),
  /** `any` asks for 3-D Secure wherever the card has it, `automatic` where PayMongo requires it. */
  requestThreeDSecure: z.enum(['any', 'automatic']).optional(),
});
/** `providerOptions` of create. */
export type PaymongoCreateOptions = z.input<typeof createOptionsSchema>;

/** Parameters of a refund that only PayMongo has. */
export const refundOptionsSchema = z.strictObject({
  /** A remark that PayMongo keeps with the refund. */
  notes: z.string().min(1).max(255).optional(),
});
/** `providerOptions` of refund. */
export type PaymongoRefundOptions = z.input<typeof refundOptionsSchema>;

/** PayMongo requires a reason. */
export const wireReasons: Readonly<Record<RefundReason, string>> = {
  duplicate: 'duplicate',
  fraudulent: 'fraudulent',
  requested_by_customer: 'requested_by_customer',
  other: 'others',
};

/** The token of a create, by its kind; null where there is no source. */
export const tokenOf = ({ source }: Pick<CreateParams, 'source'>) => {
  if (source === undefined) return null;
  const object = sourceObject(source);
  return object.type === 'token' ? object.token : null;
};

/** A payment method is attached to an intent. */
export const isMethod = (token: string | null): boolean => token?.startsWith('pm_') === true;
/** A wallet that the payer has approved is charged at once, without an intent. */
export const isWallet = (token: string | null): boolean => token?.startsWith('src_') === true;

/** What is wrong with a token. */
export const tokenIssues = ({ token }: { readonly token: string }): Issues => [
  wrongIf(
    !isMethod(token) && !isWallet(token),
    'source',
    'must be a payment method (pm_…) or a chargeable source (src_…)',
  ),
];

const largestAmount = 999_999_999;

/** What is wrong with a create, by what is charged. */
export const createIssues = (
  params: CreateParams,
  { paymentMethodAllowed, requestThreeDSecure }: PaymongoCreateOptions,
  allowed: readonly string[],
): Issues => {
  const wallet = isWallet(tokenOf(params));
  return [
    wrongIf(params.amount > largestAmount, 'amount', `must be at most ${largestAmount}`),
    wrongIf(
      params.capture === false && (wallet || !allowed.includes('card')),
      'capture',
      'cannot be false: only cards can be authorized first',
    ),
    wrongIf(
      wallet && params.metadata !== undefined,
      'metadata',
      'is not kept with a payment of a source (src_…): pass a payment method (pm_…)',
    ),
    wrongIf(
      wallet && (paymentMethodAllowed !== undefined || requestThreeDSecure !== undefined),
      'providerOptions',
      'belongs to payment intents: a source (src_…) is charged as it is',
    ),
  ];
};

/** Pages of payments, by the id of the last one. */
export const pages = paging(
  { has_more: z.boolean() },
  {
    isCursor: (cursor) => cursor.startsWith('pay_'),
    query: (cursor, limit) => ({ limit, after: cursor ?? undefined }),
    end: ({ has_more: hasMore }, { items }) => ({ hasMore, next: hasMore ? lastIdOf(items) : null }),
    largest: 100,
  },
);
