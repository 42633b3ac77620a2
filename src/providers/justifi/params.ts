import * as z from 'zod';
import { wrongIf } from '../../adapter/fields.js';
import { paging } from '../../adapter/paging.js';
import type { Issues } from '../../adapter/rows.js';
import { isOpaqueCursor } from '../../models/paging.js';
import {
  momentToMilliseconds,
  type CreateParams,
  type ListParams,
  type RefundReason,
} from '../../models/params.js';
import type { CardSource, PaymentSourceObject } from '../../models/payment-source.js';
import { pageInfoWire } from './wire.js';

const feeSchema = z.strictObject({
  type: z.enum(['processing_fee', 'platform_fee']),
  amount: z.int().positive('must be greater than 0'),
});
const feesSchema = z.array(feeSchema).min(1).max(2);

/** What `create` takes at JustiFi alone. */
export const createOptionsSchema = z.strictObject({
  /** Taken by the platform, in cents. Not together with `fees`, not in CAD. */
  applicationFeeAmount: z.int().positive('must be greater than 0').exactOptional(),
  /** At most one fee a type. Not in CAD. */
  fees: feesSchema.exactOptional(),
  /** Faster settlement of a bank debit. */
  expedited: z.boolean().optional(),
  /** Metadata of the payment method that a raw card or bank account becomes. */
  paymentMethodMetadata: z.record(z.string().min(1), z.string()).optional(),
  /** The bank of a raw bank account. */
  bankName: z.string().min(1).optional(),
  /** The sandbox's answer, such as `insufficient_funds`: sent as `metadata.payment_test.scenario`. Test keys only. */
  testScenario: z
    .string()
    .regex(/^[a-z0-9_]{1,64}$/, 'must be the name of a scenario')
    .optional(),
});

/** What `refund` takes at JustiFi alone. */
export const refundOptionsSchema = z.strictObject({
  /** What the refund is for: JustiFi's `description`, kept with the refund. */
  description: z.string().min(1).optional(),
  /** Fees that go back to the merchant; left out, none do. */
  fees: feesSchema.exactOptional(),
});

/** What `list` takes at JustiFi alone: its own filters. */
export const listOptionsSchema = z.strictObject({
  /** `refunded` covers partial and full. There is no word for cancelled payments. */
  paymentStatus: z
    .enum(['succeeded', 'failed', 'pending', 'authorized', 'refunded', 'disputed'])
    .exactOptional(),
  /** Only payments of this payment method, `pm_…`: JustiFi's `payment_method_id`. */
  paymentMethodId: z.string().min(1).exactOptional(),
  /** Only the payment that this void released, `vo_…`: JustiFi's `void_id`. */
  voidId: z.string().min(1).exactOptional(),
});

/** `providerOptions` of `create` at JustiFi. */
export type JustifiCreateOptions = z.infer<typeof createOptionsSchema>;
/** `providerOptions` of `refund` at JustiFi. */
export type JustifiRefundOptions = z.infer<typeof refundOptionsSchema>;
/** `providerOptions` of `list` and `search` at JustiFi. */
export type JustifiListOptions = z.infer<typeof listOptionsSchema>;

/** What decides about a create. */
interface Creating {
  readonly params: CreateParams;
  readonly options: Partial<JustifiCreateOptions>;
  readonly source: PaymentSourceObject | null;
}

const amounts = { smallest: 51, largest: 99_999_999 };

/** A raw card lacks these two at most; they may stand in `billing` as well. */
const cardholderOf = (source: CardSource, { billing }: CreateParams) => ({
  name: source.holderName ?? billing?.name,
  address: source.address ?? billing?.address,
});

/** What is wrong with a raw card. */
export const cardIssues = (source: CardSource, { params, options }: Creating): Issues => {
  const { name, address } = cardholderOf(source, params);
  return [
    wrongIf(name === undefined, 'source.holderName', 'is required with a raw card'),
    wrongIf(address?.postalCode === undefined, 'source.address.postalCode', 'is required with a raw card'),
    wrongIf(options.expedited === true, 'providerOptions.expedited', 'is for bank accounts only'),
  ];
};

/** What is wrong with a bank account. */
export const bankAccountIssues = (_: unknown, { params }: Creating): Issues => [
  wrongIf(params.currency !== 'USD', 'currency', 'must be USD for a bank account'),
  wrongIf(params.capture === false, 'capture', 'a bank account cannot be authorized only'),
];

/** What is wrong with fees of any kind. */
export const feesIssue = (fees: JustifiRefundOptions['fees']) =>
  wrongIf(
    fees !== undefined && new Set(fees.map(({ type }) => type)).size < fees.length,
    'providerOptions.fees',
    'must have at most one fee a type',
  );

const feeIssues = ({ params, options: { applicationFeeAmount, fees } }: Creating): Issues => {
  const isCanadian = params.currency === 'CAD';
  const [fee, all] = ['providerOptions.applicationFeeAmount', 'providerOptions.fees'];
  const sum = (fees ?? []).reduce((total, { amount }) => total + amount, 0);
  return [
    wrongIf(applicationFeeAmount !== undefined && fees !== undefined, all, 'excludes applicationFeeAmount'),
    wrongIf(isCanadian && applicationFeeAmount !== undefined, fee, 'does not exist in CAD'),
    wrongIf(isCanadian && fees !== undefined, all, 'do not exist in CAD'),
    feesIssue(fees),
    wrongIf(sum > params.amount, all, 'must not exceed the amount'),
  ];
};

/** What is wrong with a create beside its source. */
export const createIssues = (
  input: Creating,
  { livemode }: { readonly livemode: boolean | null },
): Issues => {
  const { params, source } = input;
  const { amount, statementDescriptor, metadata } = params;
  const { paymentMethodMetadata, bankName, testScenario } = input.options;
  return [
    wrongIf(
      amount < amounts.smallest || amount > amounts.largest,
      'amount',
      `must be from ${amounts.smallest} to ${amounts.largest}`,
    ),
    // What describes a payment method that is made here has no place beside a token, which stands for one that exists.
    wrongIf(
      paymentMethodMetadata !== undefined && source?.type === 'token',
      'providerOptions.paymentMethodMetadata',
      'is for raw cards and bank accounts only',
    ),
    wrongIf(
      bankName !== undefined && source?.type !== 'bank_account',
      'providerOptions.bankName',
      'is for bank accounts only',
    ),
    wrongIf(
      statementDescriptor !== undefined && !/^[A-Za-z0-9_-]{5,22}$/.test(statementDescriptor),
      'statementDescriptor',
      'must be 5 to 22 letters, digits, hyphens and underscores',
    ),
    ...feeIssues(input),
    wrongIf(
      testScenario !== undefined && livemode === true,
      'providerOptions.testScenario',
      'works with test keys only',
    ),
    wrongIf(
      testScenario !== undefined && metadata?.['payment_test'] !== undefined,
      'metadata.payment_test',
      'is what testScenario sets',
    ),
  ];
};

/** `payment_method` of a create: exactly one of a token, a raw card, a raw bank account. */
export const paymentMethodFields = ({ params, options, source }: Creating): object | undefined => {
  const { paymentMethodMetadata: metadata, bankName } = options;
  switch (source?.type) {
    case 'token':
      return { token: source.token };
    case 'card': {
      const { name, address } = cardholderOf(source, params);
      return {
        card: {
          name,
          number: source.number,
          verification: source.cvc,
          month: String(source.expMonth),
          year: String(source.expYear),
          address_line1: address?.line1,
          address_line2: address?.line2,
          address_city: address?.city,
          address_state: address?.state,
          address_postal_code: address?.postalCode,
          address_country: address?.country,
          metadata,
        },
      };
    }
    case 'bank_account':
      return {
        bank_account: {
          account_owner_name: source.holderName,
          routing_number: source.routingNumber,
          account_number: source.accountNumber,
          account_type: source.accountType,
          account_owner_type: source.ownerType,
          // Bank accounts are charged in US dollars on United States platforms only.
          country: 'US',
          currency: params.currency.toLowerCase(),
          bank_name: bankName,
          metadata,
        },
      };
    default:
      return undefined;
  }
};

/** What the caller's reason of a refund is called here. `other` has no word and is left out. */
export const wireReasons: Readonly<Record<RefundReason, string | undefined>> = {
  duplicate: 'duplicate',
  fraudulent: 'fraudulent',
  requested_by_customer: 'customer_request',
  other: undefined,
};

/** The pages of every list. A cursor is base64 that JustiFi alone reads. */
export const pages = paging(
  { page_info: pageInfoWire },
  {
    isCursor: isOpaqueCursor,
    query: (cursor, limit) => ({ limit, after_cursor: cursor ?? undefined }),
    end: ({ page_info }) => ({
      next: page_info.has_next ? page_info.end_cursor || null : null,
      hasMore: page_info.has_next,
    }),
    largest: 100,
  },
);

/** Whether the bounds are inclusive is not documented: one second more is asked for, and the answer is filtered exactly. */
const slackMs = 1000;
const bound = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The filters of a list. */
export const listQuery = (
  { createdAfter, createdBefore }: ListParams,
  { paymentStatus, paymentMethodId, voidId }: Partial<JustifiListOptions>,
) => ({
  created_after: createdAfter && bound(momentToMilliseconds(createdAfter) - slackMs),
  created_before: createdBefore && bound(momentToMilliseconds(createdBefore) + slackMs),
  payment_status: paymentStatus,
  payment_method_id: paymentMethodId,
  void_id: voidId,
});
